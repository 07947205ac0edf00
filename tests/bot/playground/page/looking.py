"""People at the page: one without the script, who reads and posts forms, and one to whom news come by themselves."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

import aiohttp

from bot.playground import LocalSlack
from tests.bot.playground.page.rendering.markup import Element, _Reader, sent

PATIENCE = 30.0
VOID = {"link", "meta"}


class _PageReader(_Reader):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag in VOID:
            self.open.pop()

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"


def read(html: str) -> Element:
    """A page, or a part of one, if its elements are nested as they should be and no id comes twice."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {reader.open[1:]}"
    root = reader.open[0]
    ids = [one.attributes["id"] for one in root if "id" in one.attributes]
    assert len(ids) == len(set(ids)), "an id twice"
    return root


def words(element: Element) -> str:
    """Its text, each run of white space as one."""
    return " ".join(element.text.split())


def region(page: Element, name: str) -> Element:
    return page.one(data_region=name)


@dataclass
class Browser:
    """Whoever this is, without the script."""

    http: aiohttp.ClientSession
    slack: LocalSlack
    user: str = "ada"

    def address(self, path: str) -> str:
        return urljoin(self.slack.url, path if path.startswith("/") else f"/as/{self.user}/{path}")

    async def look(self, path: str = "C0GENERAL1") -> Element:
        async with self.http.get(self.address(path)) as answer:
            assert answer.status == 200, await answer.text()
            return read(await answer.text())

    async def press(self, button: str, path: str = "C0GENERAL1", /, **fields: str | list[str]) -> Element:
        """Presses the last button with these words, fields filled in before; the page to which that leads."""
        page = await self.look(path)
        form, pressed = next(
            (form, one)
            for form in reversed(page.all("form"))
            for one in form.all("button")
            if button in {words(one), one.attributes.get("aria-label"), one.attributes.get("value")}
        )
        name = pressed.attributes.get("name")
        filled = {**sent(form), **fields, **({name: pressed.attributes["value"]} if name else {})}
        return await self.post(pressed.attributes.get("formaction") or form.attributes["action"], filled)

    async def say(self, text: str, path: str = "C0GENERAL1") -> Element:
        """Types into the last field there is, which is that of the thread where one is open."""
        form = (await self.look(path)).all("form", data_composer="")[-1]
        return await self.post(form.attributes["action"], {**sent(form), "text": text})

    async def post(self, path: str, fields: dict[str, str | list[str]]) -> Element:
        data = aiohttp.FormData()
        for name, value in fields.items():
            for one in [value] if isinstance(value, str) else value:
                data.add_field(name, one)
        headers = {"Accept": "text/html", "Origin": self.slack.url.rstrip("/")}
        async with self.http.post(self.address(path), data=data, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.history[0].status == 303
            return read(await answer.text())


@dataclass
class Stream:
    """A tab with the script. `pieces`: what is in each region now; `told`: which pieces came, oldest first."""

    pieces: dict[str, dict[str, Element]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def apply(self, line: str) -> None:
        change = json.loads(line)
        before = self.pieces.get(change["region"], {})
        fresh = {name: read(html) for name, html in change["pieces"].items()}
        self.told += fresh
        self.pieces[change["region"]] = {name: fresh.get(name) or before[name] for name in change["order"]}
        self.news.set()

    def words(self, name: str) -> str:
        return " ".join(words(piece) for piece in self.pieces.get(name, {}).values())

    async def until(self, seen: Callable[["Stream"], bool]) -> None:
        """Waits until this is seen."""
        async with asyncio.timeout(PATIENCE):
            while not seen(self):
                self.news.clear()
                await self.news.wait()

    async def shows(self, text: str, name: str = "messages") -> None:
        await self.until(lambda stream: text in stream.words(name))


@asynccontextmanager
async def live(browser: Browser, path: str = "C0GENERAL1") -> AsyncIterator[Stream]:
    """What comes to one tab, from its beginning."""
    address = (await browser.look(path)).one("body").attributes["data-live"]
    stream = Stream()
    async with browser.http.get(browser.address(address), timeout=aiohttp.ClientTimeout(None)) as answer:
        assert answer.content_type == "text/event-stream"

        async def listen() -> None:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    stream.apply(line.decode().removeprefix("data: "))

        listening = asyncio.create_task(listen())
        try:
            await stream.until(lambda one: "dialog" in one.pieces and "panel" in one.pieces)
            yield stream
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            if not listening.cancelled():
                listening.result()
