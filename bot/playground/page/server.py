"""The page put together: what it reads, what it does, and what browsers are allowed with it."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.playground.gestures import Gestures
from bot.playground.page.acts import Acts
from bot.playground.page.pages import Pages
from bot.playground.page.panels import Panel
from bot.playground.page.stage import Stage
from bot.playground.page.state import Memory
from bot.playground.record import Record, Sent
from shared.clock import Clock

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""With every answer: nothing from elsewhere, nothing inline, in nobody's frame."""


class Page:
    """The playground page over one local Slack. `panels` stand beside the conversation."""

    def __init__(
        self,
        slack: Gestures,
        record: Record,
        clock: Clock,
        *,
        manifest: Mapping[str, Any] | None = None,
        panels: Sequence[Panel] = (),
    ) -> None:
        self.memory = Memory(slack.workspace)
        stage = Stage(slack, self.memory, clock, secrets.token_urlsafe(24), manifest, tuple(panels))
        self._pages = Pages(stage)
        self._acts = Acts(stage, self._pages.tab)
        record.listeners.append(self._refused)

    def add_to(self, application: web.Application) -> None:
        """Serves it there."""
        application.add_routes([*self._pages.routes(), *self._acts.routes()])
        application.on_response_prepare.append(_protect)
        application.on_shutdown.append(self._close)

    async def _close(self, _application: web.Application) -> None:
        self._pages.close()

    def _refused(self, sent: Sent) -> None:
        """Says where it would have been seen that Slack did not take something."""
        if sent.error:
            lines = [f"{sent.how}: {sent.error}", *sent.problems]
            self.memory.notice("\n".join(lines), channel=str(sent.payload.get("channel") or ""))


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
