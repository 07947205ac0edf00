"""A model server that plays a script, in OpenAI's way of speaking and in Anthropic's, as strict as they are."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "key-of-the-fake-model"
MODEL = "fake-model"
TOKENS = (30, 12)
"""Read and written, in each turn."""


@dataclass(frozen=True)
class Says:
    """The model's last word on a question."""

    text: str


@dataclass(frozen=True)
class Calls:
    """The model calls a tool; arguments that are no object go out as they stand."""

    tool: str
    arguments: Any = field(default_factory=dict)


@dataclass(frozen=True)
class Breaks:
    """The server answers with this status and body."""

    status: int
    body: str = "{}"


Step = Says | Calls | Breaks


class FakeModel:
    """Plays one step for each request, whatever it asks; `heard` are the requests' bodies."""

    def __init__(self, script: Iterable[Step]) -> None:
        self._script = iter(script)
        self.heard: list[dict[str, Any]] = []

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Its address."""
        application = web.Application()
        application.add_routes(
            [web.post("/openai/v1/chat/completions", self._openai), web.post("/v1/messages", self._anthropic)]
        )
        async with TestServer(application, host="127.0.0.1") as server:
            yield f"http://127.0.0.1:{server.port}"

    async def _openai(self, request: web.Request) -> web.Response:
        body = await self._hear(request)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": {"message": "Incorrect API key"}}, status=401)
        system, *messages = body["messages"]
        tools = body["tools"]
        assert system["role"] == "system"
        assert all(tool["type"] == "function" and tool["function"]["parameters"]["type"] == "object" for tool in tools)
        owed: list[str] = []
        for message in messages:
            if owed:
                assert message["role"] == "tool"
                assert message["tool_call_id"] == owed.pop(0)
                assert isinstance(message["content"], str)
            elif message["role"] == "assistant":
                assert all(call["type"] == "function" for call in message.get("tool_calls", ()))
                owed = [call["id"] for call in message.get("tool_calls", ())]
            else:
                assert message["role"] == "user"
        assert not owed
        match next(self._script):
            case Breaks(status, text):
                return web.Response(status=status, text=text, content_type="application/json")
            case Says(text):
                message = {"role": "assistant", "content": text}
            case Calls(tool, arguments):
                written = arguments if isinstance(arguments, str) else web.json_response(arguments).text
                function = {"name": tool, "arguments": written}
                call = {"id": f"call_{len(self.heard)}", "type": "function", "function": function}
                message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return web.json_response(
            {"choices": [{"index": 0, "message": message}], "usage": {"total_tokens": sum(TOKENS)}}
        )

    async def _anthropic(self, request: web.Request) -> web.Response:
        body = await self._hear(request)
        if request.headers.get("x-api-key") != KEY:
            return web.json_response({"type": "error", "error": {"type": "authentication_error"}}, status=401)
        assert request.headers["anthropic-version"]
        assert body["max_tokens"] > 0
        assert isinstance(body["system"], str)
        assert all(tool["input_schema"]["type"] == "object" for tool in body["tools"])
        messages = body["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant"] * (len(messages) // 2) + ["user"]
        for asked, answered in zip(messages[1::2], messages[2::2], strict=True):
            uses = [part["id"] for part in asked["content"] if part["type"] == "tool_use"]
            assert [part["tool_use_id"] for part in answered["content"] if part["type"] == "tool_result"] == uses
        match next(self._script):
            case Breaks(status, text):
                return web.Response(status=status, text=text, content_type="application/json")
            case Says(text):
                content = [{"type": "text", "text": text}]
            case Calls(tool, arguments):
                content = [
                    {"type": "text", "text": "Let me look."},
                    {"type": "tool_use", "id": f"toolu_{len(self.heard)}", "name": tool, "input": arguments},
                ]
        return web.json_response({"content": content, "usage": {"input_tokens": TOKENS[0], "output_tokens": TOKENS[1]}})

    async def _hear(self, request: web.Request) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        assert body["model"] == MODEL
        self.heard.append(body)
        return body
