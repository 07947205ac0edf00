"""What people can ask for: one frozen dataclass a command."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.grammar.times import Until
from bot.words import Graph, Verb
from shared.audit.paging import FindingQuery
from shared.errors import FamulorError
from shared.models import Severity
from shared.query import AssistantQuery, Choice

ROWS = 10
"""Assistants in one message: what fits a screen."""

FINDINGS = 8
"""Findings in one message, each with its cure."""

ANY = Choice()


class ExportFormat(StrEnum):
    """The kinds of file that a list can be had as."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Overview:
    """Nothing was typed: counts, what is wrong, what to type next."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the assistants that a query asks for."""

    query: AssistantQuery


@dataclass(frozen=True, slots=True)
class Show:
    """Everything about the one assistant that `reference` (an id, a name or a part of one) names."""

    reference: str
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Compare:
    """Two assistants side by side; the references are as in Show."""

    first: str
    second: str
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Find:
    """Which prompts say it: the words that are looked for are `query.prompt`, which is never empty."""

    query: AssistantQuery


@dataclass(frozen=True, slots=True)
class Export:
    """All assistants that the query asks for as a file; its `limit` and `cursor` mean nothing."""

    format: ExportFormat
    query: AssistantQuery


@dataclass(frozen=True, slots=True)
class Audit:
    """A page of what is wrong with the assistants that the query asks for."""

    query: FindingQuery


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers as a picture: one graph, or (None) all of them."""

    graph: Graph | None = None
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Ignore:
    """A rule says nothing of one assistant (`reference` as in Show) any more; "" as `reason` is none yet."""

    reference: str
    rule: str
    reason: str = ""
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Unignore:
    """It does again."""

    reference: str
    rule: str
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class History:
    """What has changed, newest first: of one assistant (`reference` as in Show), or of all where it is "".

    `since` is included. `after` is the number of a change: what is older than that one comes next.
    """

    reference: str = ""
    account: Choice = ANY
    since: datetime | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """One assistant (`reference` as in Show) then and now. `since` None leaves it to who answers."""

    reference: str
    account: Choice = ANY
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A channel wants to hear of changes to the assistants that `query` asks for; asking writes nothing yet.

    `groups` are names of `shared.diff.GROUPS`; none is all. `channel` is an id, or a name as it was typed, "" for
    where it was asked. The query's `limit` means nothing; it has no order, no cursor and no times.
    """

    query: AssistantQuery
    groups: frozenset[str] = frozenset()
    minimum: Severity = Severity.INFO
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What this place has subscribed to, or (`everywhere`) all places; from the number `after` on, not included."""

    everywhere: bool = False
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The end of one subscription, or (None) of all of this place."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Mute:
    """No alerts about one assistant (`reference` as in Show) until then; None leaves it to who answers."""

    reference: str
    account: Choice = ANY
    until: Until | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmute:
    """Alerts about one assistant again."""

    reference: str
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Hours:
    """Each day from `start` until `end`; `zone` is an IANA name, "" for the asker's.

    What matters as much as `passes` comes through; None: nothing does.
    """

    start: time
    end: time
    zone: str = ""
    passes: Severity | None = Severity.CRITICAL


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a place is left alone; None: never."""

    hours: Hours | None


@dataclass(frozen=True, slots=True)
class Once:
    """Once a day; `zone` is an IANA name, "" for the asker's."""

    at: time
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A place is told everything together, once a day; None: each thing when it happens."""

    daily: Once | None


@dataclass(frozen=True, slots=True)
class Explain:
    """Why an alert (`matter`, shown as A-17) or a change was told, or not; exactly one of the two is given."""

    matter: int | None = None
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """A sample alert for this place."""

    __test__ = False  # pytest takes every class of this name for one of its own


@dataclass(frozen=True, slots=True)
class Log:
    """Who did what, newest first; what is older than the entry of the number `after`."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot and its way to Famulor are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set for this channel or person."""


@dataclass(frozen=True, slots=True)
class Help:
    """How to ask: everything, or one verb."""

    topic: Verb | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that means nothing here.

    `suggestion` is the whole command as it was probably meant: it parses to a Request that only reads, and is "" where
    nobody can tell. `literally` is the command that looks for the word as it was typed, "" where there is none.
    """

    word: str
    suggestion: str
    literally: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that does not exist; the error says which are valid. `topic`: the verb that it was said to."""

    error: FamulorError
    topic: Verb = Verb.OUTBOUND


Writing = Ignore | Unignore | Unsubscribe | Mute | Unmute | Quiet | Digest | Test
"""What changes something, or is seen by others, as soon as it is asked."""

Request = (
    Overview
    | Listing
    | Show
    | Compare
    | Find
    | Export
    | Audit
    | Chart
    | History
    | Diff
    | Subscribe
    | Subscriptions
    | Explain
    | Log
    | Health
    | Settings
    | Help
    | Writing
)
"""What can be done, and `written` down."""

Command = Request | Unknown | Invalid
"""What a text can mean."""
