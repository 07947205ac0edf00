"""What one tab of the browser shows, and what the page remembers between two looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.playground.gestures import Gestures
from bot.playground.people import BOT_USER, User
from bot.playground.workspace import Channel, Message, Workspace

HOME, DIRECT = "home", "messages"
"""How the App Home and the direct messages with the bot are called in addresses; a channel is called by its id."""
WHOLE_FORM = ""
"""Instead of a block_id: what is wrong with a modal as a whole."""
MOST_MESSAGES = 100
"""Shown of one place, unless more is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to be: a channel, the direct messages with the bot, or the App Home, which has no `channel`."""

    slug: str
    channel: Channel | None = None

    @property
    def is_home(self) -> bool:
        return self.channel is None

    @property
    def is_direct(self) -> bool:
        return self.channel is not None and self.channel.is_direct

    @property
    def has_bot(self) -> bool:
        return self.channel is None or BOT_USER in self.channel.members


@dataclass(frozen=True, slots=True)
class Tab:
    """Who looks, where, and what they have opened: `thread` and `inspect` are the `ts` of a message, or ""."""

    user: User
    place: Place
    thread: str = ""
    panel: str = ""
    inspect: str = ""
    everything: bool = False

    @property
    def language(self) -> str:
        """The two letters of the language that this person has chosen in Slack."""
        return self.user.locale[:2]

    def to(self, **changes: object) -> str:
        """The address of this tab with something changed; only one thing can be open beside the conversation."""
        # "user" and "place" may be given by the names that addresses have.
        query = {"thread": "", "panel": "", "inspect": "", "everything": "", **changes}
        user, place = query.pop("user", self.user.name), query.pop("place", self.place.slug)
        kept = urlencode({name: value for name, value in query.items() if value})
        return f"/as/{quote(str(user), safe='')}/{quote(str(place), safe='')}{f'?{kept}' if kept else ''}"

    @property
    def here(self) -> str:
        """The address of exactly this."""
        return self.to(
            thread=self.thread, panel=self.panel, inspect=self.inspect, everything="1" if self.everything else ""
        )

    def at(self, act: str) -> str:
        """Where a form posts to, or the script listens: it comes back here."""
        path, mark, query = self.here.partition("?")
        return f"{path}/{act}{mark}{query}"


def places(workspace: Workspace, user: User) -> tuple[Place, ...]:
    """Where this person can be, as the list at the side has it."""
    channels = (
        Place(channel.id, channel)
        for channel in workspace.channels.values()
        if user.id in channel.members and not channel.is_direct and not channel.is_archived
    )
    return (*channels, Place(DIRECT, workspace.direct_channel(user.id)), Place(HOME))


def people(workspace: Workspace) -> tuple[User, ...]:
    """Whom one can be: the people of the app's own team. Others are reached by address alone."""
    everybody = workspace.users.values()
    return tuple(user for user in everybody if not (user.is_bot or user.deleted or user.is_outsider))


def tab(workspace: Workspace, user: str, place: str, query: Mapping[str, str]) -> Tab:
    """The tab that an address means.

    Raises:
        LookupError: there is nobody of this name, or they can't be there.
    """
    who = next((one for one in workspace.users.values() if one.name == user and not one.is_bot), None)
    if who is None:
        raise LookupError(f"There is nobody called {user}.")
    where = next((one for one in places(workspace, who) if one.slug == place), None)
    if where is None:
        raise LookupError(f"{user} can't be there.")
    opened = {name: query.get(name, "") for name in ("panel", "inspect")}
    thread = "" if where.is_home else query.get("thread", "")
    return Tab(who, where, thread=thread, **opened, everything=bool(query.get("everything")))


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that Slack itself says, not the bot. `channel`: "" is wherever one is, `user`: "" is everybody."""

    ts: str
    text: str
    channel: str = ""
    user: str = ""
    thread: str = ""
    is_error: bool = True

    def seen_by(self, tab: Tab, *, thread: str = "") -> bool:
        channel = tab.place.channel.id if tab.place.channel else ""
        return (
            self.channel in {"", channel}
            and self.user in {"", tab.user.id}
            and (not self.channel or self.thread == thread)
        )


class Memory:
    """What the page remembers of people, for as long as the playground runs.

    `errors`: what is wrong with the fields of a view, by its id and then by block_id.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._hidden: set[tuple[str, str]] = set()
        self._read: dict[tuple[str, str], tuple[int, int]] = {}
        self.notices: list[Notice] = []
        self.errors: dict[str, Mapping[str, str]] = {}

    def notice(self, text: str, *, channel: str = "", user: str = "", thread: str = "", is_error: bool = True) -> None:
        """Says something as Slack."""
        stamp = self._workspace.stamp()
        self.notices.append(Notice(stamp, text, channel, user, thread, is_error))
        self._workspace.news.tell()

    def hide(self, user: User, ts: str) -> None:
        """This person does not want to see this message or notice any more."""
        self._hidden.add((user.id, ts))
        self._workspace.news.tell()

    def hides(self, user: User, ts: str) -> bool:
        return (user.id, ts) in self._hidden

    def read(self, tab: Tab) -> None:
        """This person has seen what is there."""
        if tab.place.channel is None:
            return
        there = self._workspace.messages(tab.place.channel.id, seen_by=tab.user.id)
        latest = max((order(message.ts) for message in there), default=(0, 0))
        key = (tab.user.id, tab.place.channel.id)
        if latest > self._read.get(key, (0, 0)):
            self._read[key] = latest
            self._workspace.news.tell()

    def unread(self, user: User, place: Place) -> int:
        """How many messages of others this person has not seen there."""
        if place.channel is None:
            return 0
        seen = self._read.get((user.id, place.channel.id), (0, 0))
        there = self._workspace.messages(place.channel.id, seen_by=user.id)
        return sum(message.author != user.id and order(message.ts) > seen for message in there)


def order(ts: str) -> tuple[int, int]:
    """What a `ts` is sorted by: its second, then its number in it."""
    seconds, _, number = ts.partition(".")
    return int(seconds), int(number)


def messages(slack: Gestures, memory: Memory, tab: Tab) -> list[Message]:
    """What this tab shows of its channel, oldest first."""
    if tab.place.channel is None:
        return []
    there = slack.workspace.messages(tab.place.channel.id, seen_by=tab.user.id)
    return [message for message in there if not memory.hides(tab.user, message.ts)]


def in_thread(slack: Gestures, memory: Memory, tab: Tab) -> list[Message]:
    """The thread that this tab has opened: its head, where it still stands, and the replies."""
    if tab.place.channel is None or not tab.thread:
        return []
    head = [message for message in messages(slack, memory, tab) if message.ts == tab.thread]
    replies = slack.workspace.replies(tab.place.channel.id, tab.thread, seen_by=tab.user.id)
    return head + [message for message in replies if not memory.hides(tab.user, message.ts)]
