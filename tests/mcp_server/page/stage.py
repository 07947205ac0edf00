"""A host with the page in it, in a real browser: what a test sees of it, and what it does to it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler
from mcp.shared.exceptions import MCPError
from mcp.types import TextResourceContents
from playwright.async_api import Browser, FrameLocator, Page, ViewportSize

from mcp_server.page import PAGE_URI
from tests.mcp_server.conftest import Agent

HOST = Path(__file__).with_name("host.html")
PATHS = {"/", "/view", "/scene", "/call"}
"""All that a stage ever asks for."""


class Stage:
    """What people see (`view`), and what went between host, page and server."""

    def __init__(self, page: Page, agent: Agent) -> None:
        self.page = page
        self.view: FrameLocator = page.frame_locator("#view")
        self.agent = agent
        self.calls: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self.received: list[str] = []
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        # A breach of the policy is among them.
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    async def names(self) -> list[str]:
        """The names in the table, from top to bottom."""
        return await self.view.locator("#rows .open").all_inner_texts()

    async def column(self, key: str) -> list[str]:
        return await self.view.locator(f"#rows td.{key}").all_inner_texts()

    async def text(self) -> str:
        """All that can be read in the page now."""
        return await self.view.locator("main").inner_text()

    async def tell(self, method: str, **params: Any) -> None:
        """Let the host send a notification."""
        await self.page.evaluate("message => tell(message)", {"method": method, "params": params})

    async def heard(self, method: str) -> list[dict[str, Any]]:
        """The params of what the page sent by that method."""
        heard = await self.page.evaluate("method => heard.filter(message => message.method === method)", method)
        return [message["params"] for message in heard]

    async def call(self, params: dict[str, Any]) -> dict[str, Any]:
        """Relay a call to the server."""
        self.calls.append(params)
        try:
            result = await self.agent.client.call_tool(params["name"], params["arguments"])
        except MCPError as error:
            return {"error": {"code": error.error.code, "message": error.error.message}}
        return {"result": result.model_dump(mode="json", by_alias=True, exclude_none=True)}


def policy(meta: Mapping[str, Any]) -> str:
    """The Content-Security-Policy that a host makes of a resource's `_meta.ui.csp`, as the specification says."""
    domains = {name: " ".join(origins) for name, origins in meta["ui"]["csp"].items()}
    resources = domains["resourceDomains"]
    directives = {
        "default-src": "'none'",
        "script-src": f"'self' 'unsafe-inline' {resources}",
        "style-src": f"'self' 'unsafe-inline' {resources}",
        "connect-src": f"'self' {domains['connectDomains']}",
        "img-src": f"'self' data: {resources}",
        "font-src": f"'self' {resources}",
        "media-src": f"'self' data: {resources}",
        "frame-src": domains["frameDomains"] or "'none'",
        "object-src": "'none'",
        "base-uri": domains["baseUriDomains"] or "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


@asynccontextmanager
async def staged(
    browser: Browser,
    agent: Agent,
    tool: str = "list_outbound_assistants",
    arguments: Mapping[str, Any] | None = None,
    *,
    result: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    capabilities: Mapping[str, Any] | None = None,
    refusal: str = "",
    way: Literal["address", "srcdoc", "write"] = "address",
    width: int = 1000,
) -> AsyncIterator[Stage]:
    """A stage on which that tool was called: for real, or with this `result` for an answer.

    When it ends, nothing must have been asked for but the stage's own pages, and nobody must have complained.
    """
    (content,) = (await agent.client.read_resource(PAGE_URI)).contents
    assert isinstance(content, TextResourceContents)
    assert content.meta is not None
    headers = {"Content-Security-Policy": policy(content.meta)}
    looks = {"theme": "light", "locale": "en-GB", "timeZone": "Europe/Berlin"}
    async with await browser.new_context(viewport=ViewportSize(width=width, height=900), locale="en-US") as window:
        stage = Stage(await window.new_page(), agent)
        if result is None:
            result = (await stage.call({"name": tool, "arguments": arguments or {}}))["result"]
            stage.calls.clear()
        scene = {
            "refusal": refusal,
            "way": way,
            "hostCapabilities": {"serverTools": {}} if capabilities is None else capabilities,
            "hostContext": {**looks, **(context or {})},
            "messages": [
                {"method": "ui/notifications/tool-input", "params": {"arguments": arguments or {}}},
                {"method": "ui/notifications/tool-result", "params": result},
            ],
        }
        async with _served(stage, scene, content.text, headers) as address:
            await stage.page.goto(address)
            # What is not there yet counts as hidden.
            for state in ("attached", "hidden"):
                await stage.view.locator("#waiting").wait_for(state=state)
            yield stage
    assert {url.removeprefix(address) for url in stage.requested} <= PATHS, stage.requested
    assert set(stage.received) <= PATHS
    assert stage.complaints == []


@asynccontextmanager
async def _served(stage: Stage, scene: Mapping[str, Any], html: str, headers: Mapping[str, str]) -> AsyncIterator[str]:
    async def show_host(_request: web.Request) -> web.Response:
        return web.Response(text=HOST.read_text(encoding="utf-8"), content_type="text/html")

    async def show_view(_request: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def show_scene(_request: web.Request) -> web.Response:
        return web.json_response(scene)

    async def relay(request: web.Request) -> web.Response:
        return web.json_response(await stage.call(json.loads(await request.text())))

    @web.middleware
    async def write_down(request: web.Request, handler: Handler) -> web.StreamResponse:
        stage.received.append(request.path)
        return await handler(request)

    application = web.Application(middlewares=[write_down])
    application.add_routes(
        [
            web.get("/", show_host),
            web.get("/view", show_view),
            web.get("/scene", show_scene),
            web.post("/call", relay),
        ]
    )
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
