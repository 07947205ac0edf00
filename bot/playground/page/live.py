"""What has changed, sent to each tab as it happens: server-sent events."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from bot.playground.news import News
from bot.playground.page.regions import Drawn, Region, Regions
from bot.playground.page.state import Tab
from bot.playground.page.templating import fragment

HEARTBEAT = 15.0
"""Seconds after which a quiet stream says that it is still there, and finds out whether anybody listens."""


class Live:
    """One stream a tab. It begins with everything, of which the script takes what its page does not have."""

    def __init__(self, news: News, regions: Regions) -> None:
        self._news = news
        self._regions = regions
        self._closed = False

    async def serve(self, request: web.Request, tab: Callable[[], Tab]) -> web.StreamResponse:
        """Sends what changes until the browser's tab is closed, or the playground. `tab`: what it shows now."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        # That nobody listens any more is noticed when something is written.
        with suppress(ConnectionError):
            await self._send(response, tab)
        return response

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        self._news.tell()

    async def _send(self, response: web.StreamResponse, tab: Callable[[], Tab]) -> None:
        drawn: Drawn = {}
        sent: dict[str, dict[str, str]] = {}
        while not self._closed:
            seen = self._news.count
            for region in self._regions.of(tab(), drawn).values():
                change = changed(region, sent.get(region.name))
                if change:
                    await response.write(f"data: {change}\n\n".encode())
                sent[region.name] = {piece.id: piece.version for piece in region.pieces}
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._news.after(seen)
            except TimeoutError:
                await response.write(b": still here\n\n")


def changed(region: Region, before: dict[str, str] | None) -> str:
    """What to tell of a region, as JSON: the ids of its pieces in order, and those that are new or other than before.

    `before`: the versions of the pieces that were sent, by id, or None for nothing yet. "" is nothing to tell.
    """
    now = {piece.id: piece.version for piece in region.pieces}
    if before is not None and list(before.items()) == list(now.items()):
        return ""
    known = before or {}
    pieces = {
        piece.id: fragment("pieces.html", "piece", piece, region.tag)
        for piece in region.pieces
        if known.get(piece.id) != piece.version
    }
    return json.dumps({"region": region.name, "order": list(now), "pieces": pieces})
