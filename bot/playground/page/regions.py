"""What a tab shows, in pieces: of a page that changes, only what has changed is sent again."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground.page import surfaces
from bot.playground.page.hints import Shortcut, shortcuts
from bot.playground.page.lines import Line, lines
from bot.playground.page.rendering import Surface
from bot.playground.page.stage import Stage
from bot.playground.page.state import MOST_MESSAGES, Notice, Tab, in_thread, messages, order, places
from bot.playground.page.templating import fragment
from bot.playground.page.words import words
from bot.playground.people import BOT_USER
from bot.playground.views import View
from bot.playground.workspace import Message

INSPECT = "inspect"
"""The panel that shows what is behind a message."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a region that comes, changes and goes as a whole. `version` changes with what it shows."""

    id: str
    html: Markup
    version: str


@dataclass(frozen=True, slots=True)
class Region:
    """One place on the page, by the name that its template gives it, and its pieces in order."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def tag(self) -> str:
        """The element that each piece is."""
        return "li" if self.name in {"channels", "apps"} else "div"


Drawn = dict[str, tuple[object, Piece]]
"""What was drawn before, by id, each with all that it was drawn from."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every template needs: who looks and where, the page's own words, and what posts must carry."""

    tab: Tab
    words: Any
    token: str
    app: str
    message_shortcuts: tuple[Shortcut, ...]
    global_shortcuts: tuple[Shortcut, ...]


class Regions:
    """All that a tab shows of the local Slack, and beside it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._slack = stage.slack
        self._memory = stage.memory

    def frame(self, tab: Tab) -> Frame:
        """What is around the regions."""
        return Frame(
            tab=tab,
            words=words(tab.language),
            token=self._stage.token,
            app=self._stage.app,
            message_shortcuts=shortcuts(self._stage.manifest, "message"),
            global_shortcuts=shortcuts(self._stage.manifest, "global"),
        )

    def of(self, tab: Tab, drawn: Drawn) -> dict[str, Region]:
        """Every region by name. What was `drawn` before and has not changed is not drawn again."""
        self._memory.read(tab)
        frame = self.frame(tab)
        made: Drawn = {}
        regions = {
            "channels": self._places(frame, channels=True),
            "apps": self._places(frame, channels=False),
            "dialog": self._dialog(frame),
            "panel": self._beside(frame),
        }
        if tab.place.is_home:
            regions["home"] = self._home(frame)
        else:
            regions["messages"] = self._said(frame, messages(self._slack, self._memory, tab), "", drawn, made)
        if tab.thread:
            regions["thread"] = self._said(frame, in_thread(self._slack, self._memory, tab), tab.thread, drawn, made)
        drawn.clear()
        drawn.update(made)
        return {name: Region(name, tuple(pieces)) for name, pieces in regions.items()}

    def _places(self, frame: Frame, *, channels: bool) -> Iterator[Piece]:
        for place in places(self._slack.workspace, frame.tab.user):
            if channels == (place.channel is not None and not place.is_direct):
                unread = self._memory.unread(frame.tab.user, place)
                yield piece(f"place-{place.slug}", fragment("places.html", "place", frame, place, unread))

    def _said(self, frame: Frame, there: list[Message], thread: str, drawn: Drawn, made: Drawn) -> Iterator[Piece]:
        """Messages and Slack's own notices, in the order in which they came, and the days between them."""
        tab, pane = frame.tab, "thread" if thread else "main"
        shown = there if tab.everything or thread else there[-MOST_MESSAGES:]
        if len(shown) < len(there):
            yield piece("earlier", fragment("message.html", "earlier", frame))
        if thread and thread not in {one.ts for one in shown}:
            yield piece(f"{pane}-gone", fragment("message.html", "gone", frame))
        among = lines(self._slack, tab, shown, self._stage.clock.now(), pane)
        notices = [one for one in self._memory.notices if self._notices(one, tab, thread)]
        if not among and not notices and not thread:
            yield piece(f"{pane}-empty", fragment("message.html", "nothing", frame))
        both: list[Line | Notice] = [*among, *notices]
        for one in sorted(both, key=lambda one: order(one.ts)):
            if isinstance(one, Notice):
                yield piece(f"{pane}-{one.ts}", fragment("message.html", "notice", frame, one))
                continue
            if one.day:
                yield piece(f"{pane}-{one.at:%Y-%m-%d}", fragment("message.html", "day", one))
            yield self._line(frame, one, drawn, made)

    def _line(self, frame: Frame, line: Line, drawn: Drawn, made: Drawn) -> Piece:
        name = f"{line.pane}-{line.ts}"
        # All that the piece is drawn from; texts may say "today".
        today, offered = self._stage.clock.now().date(), dict(self._slack.offered)
        source = (frame.tab, line, self._slack.state(line.message), offered, today)
        before, known = drawn.get(name, (None, None))
        if known is None or before != source:
            content = surfaces.content(line.message, self._surface(frame, line.message, name))
            known = piece(name, fragment("message.html", "message", frame, line, content))
        made[name] = (source, known)
        return known

    def _notices(self, notice: Notice, tab: Tab, thread: str) -> bool:
        return notice.seen_by(tab, thread=thread) and not self._memory.hides(tab.user, notice.ts)

    def _home(self, frame: Frame) -> Iterator[Piece]:
        view = self._slack.views.homes.get(frame.tab.user.id)
        content = surfaces.content(view, self._surface(frame, view, view.id)) if view else None
        yield piece(f"home-{view.id if view else 'empty'}", fragment("home.html", "home", frame, view, content))
        for notice in self._memory.notices:
            if self._notices(notice, frame.tab, ""):
                yield piece(f"main-{notice.ts}", fragment("message.html", "notice", frame, notice))

    def _dialog(self, frame: Frame) -> Iterator[Piece]:
        stack = self._slack.views.stacks.get(frame.tab.user.id, ())
        if stack:
            view, errors = stack[-1], self._memory.errors.get(stack[-1].id, {})
            content = surfaces.content(view, self._surface(frame, view, view.id, errors))
            yield piece(f"modal-{view.id}", fragment("modal.html", "modal", frame, view, content, errors, len(stack)))

    def _beside(self, frame: Frame) -> Iterator[Piece]:
        tab = frame.tab
        if tab.thread:
            return
        name = tab.panel or (INSPECT if tab.inspect or not self._stage.panels else self._stage.panels[0].name)
        chosen = next((one for one in self._stage.panels if one.name == name), None)
        if chosen is not None:
            yield piece(f"panel-{name}", chosen.rendered(tab, self._stage.token))
            return
        what = self._inspected(tab)
        content = surfaces.behind(self._slack, what, self._surface(frame, what, "behind")) if what else None
        yield piece("panel-inspect", fragment("behind.html", "behind", frame, content))

    def _surface(
        self, frame: Frame, shown: Message | View, key: str, errors: Mapping[str, str] | None = None
    ) -> Surface:
        return surfaces.surface(self._stage, shown, frame.tab, key=key, errors=errors)

    def _inspected(self, tab: Tab) -> Message | View | None:
        """The message that was asked for, else the last of the bot's that this person sees here; or their Home."""
        if tab.place.is_home:
            return self._slack.views.homes.get(tab.user.id)
        if tab.inspect and tab.place.channel is not None:
            with suppress(LookupError):
                return self._slack.workspace.seen(tab.place.channel.id, tab.inspect, by=tab.user.id)
        there = [one for one in messages(self._slack, self._memory, tab) if one.author == BOT_USER]
        return there[-1] if there else None


def piece(name: str, html: Markup) -> Piece:
    """A piece with this id. Its version is what it shows, in short."""
    return Piece(name, html, hashlib.blake2b(html.encode(), digest_size=6).hexdigest())
