"""Messages as the page lists them: by whom, when, with what around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.playground.files import File
from bot.playground.gestures import Gestures
from bot.playground.page.state import Tab
from bot.playground.page.times import clock_time, day, in_full, moment
from bot.playground.page.words import WORDS
from bot.playground.people import User
from bot.playground.workspace import Message

FOLLOWS_WITHIN = timedelta(minutes=5)
"""A message of the same author is shown without their name again."""
IMAGES = {"gif": "image/gif", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
"""Files that are shown as images, by the end of their name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `pane`: "main" or "thread"; `replies`: how many there are, in words; `day`: as a heading before.

    `files`: what is shared with it, each with whether it is shown as an image.
    """

    message: Message
    pane: str
    author: User
    at: datetime
    time: str
    in_full: str
    day: str = ""
    follows: bool = False
    replies: str = ""
    last_reply: str = ""
    files: tuple[tuple[File, bool], ...] = ()

    @property
    def ts(self) -> str:
        return self.message.ts


def lines(slack: Gestures, tab: Tab, messages: Sequence[Message], now: datetime, pane: str) -> list[Line]:
    """The messages as this person reads them."""
    found: list[Line] = []
    today = now.astimezone(moment("0", tab).tzinfo).date()
    for message in messages:
        at, before = moment(message.ts, tab), found[-1] if found else None
        begins_day = pane == "main" and (before is None or before.at.date() != at.date())
        line = Line(
            message,
            pane,
            slack.workspace.users[message.author],
            at,
            clock_time(at, tab),
            in_full(at, tab),
            day=day(at.date(), today, tab) if begins_day else "",
            follows=before is not None and not begins_day and _follows(message, at, before),
            files=_files(slack, message),
        )
        found.append(line if pane == "thread" else _with_replies(slack, tab, line))
    return found


def image_type(file: File) -> str:
    """The media type of a file that is shown as an image; "" for all others."""
    return IMAGES.get(file.name.rpartition(".")[2].lower(), "")


def _follows(message: Message, at: datetime, before: Line) -> bool:
    # What the bot says is long: it has its name above each time.
    talks = message.author == before.message.author and not before.author.is_bot
    return talks and at - before.at <= FOLLOWS_WITHIN


def _with_replies(slack: Gestures, tab: Tab, line: Line) -> Line:
    replies = slack.workspace.replies(line.message.channel, line.ts, seen_by=tab.user.id)
    if not replies:
        return line
    word = WORDS["replied_one" if len(replies) == 1 else "replied_many"](tab.language)
    last = clock_time(moment(replies[-1].ts, tab), tab)
    return replace(
        line,
        replies=word.format(count=len(replies)),
        last_reply=WORDS["last_reply"](tab.language).format(time=last),
    )


def _files(slack: Gestures, message: Message) -> tuple[tuple[File, bool], ...]:
    """What was shared; a bot may write anything there itself, as Slack lets it, to no effect."""
    named = message.payload.get("files")
    ids = [str(one.get("id")) for one in named if isinstance(one, Mapping)] if isinstance(named, list) else []
    shared = [slack.workspace.files[one] for one in ids if one in slack.workspace.files]
    return tuple((file, bool(image_type(file))) for file in shared)
