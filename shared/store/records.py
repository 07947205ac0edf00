"""What the store takes and gives: frozen records that know nothing of a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.alerts import Daily, DeliveryKind, Matter, Mute, QuietHours, Subscription, Verdict
from shared.models import Assistant, Change, Kind


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody has set for a place that people talk in.

    `place` is opaque to the store (the bot writes `team/channel`); `language`, `quiet` and `digest` are None where
    nobody chose any; `changed_by` is who changed it last.
    """

    place: str
    language: str | None
    changed_by: str
    changed_at: datetime
    quiet: QuietHours | None = None
    digest: Daily | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One account that is ours to poll until `lease_until`; nobody else is given it before.

    `sequence` is the account's, as it was claimed: what this poll finds carries `sequence + 1`. `fence` grows with
    every claim, so that one who comes back too late is known by it. `due_at` is when the poll was due.
    """

    account: str
    owner: str
    fence: int
    sequence: int
    due_at: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Failing:
    """A row of failed polls: how many, since when, and how the last one failed (`kind` names an error class)."""

    count: int
    since: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is known of an account, as of the last commit.

    `assistants` are the latest versions of those that are there, by id. `rejected` are the ids of records that could
    not be read at the last poll; an assistant of such a record counts as present, as it was last read. `doubt` is the
    fingerprint of a suspicious answer that the next poll must confirm, "" where there is none. `failing` is None
    while polls succeed. `succeeded_at` is None until the first snapshot, which is the silent baseline.
    """

    account: str
    sequence: int = 0
    assistants: tuple[Assistant, ...] = ()
    rejected: tuple[int, ...] = ()
    doubt: str = ""
    failing: Failing | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a poll came to: all that `commit` writes, in one transaction.

    `assistants` are all of a believed snapshot, None where the poll failed or its answer must be confirmed first:
    then what is stored stays, `rejected` too. The rest replaces what `AccountState` says. `changes` carry the claim's
    account and its sequence + 1. `due_at` is when the next poll is due.
    """

    polled_at: datetime
    due_at: datetime
    assistants: tuple[Assistant, ...] | None = None
    rejected: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    doubt: str = ""
    failing: Failing | None = None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change and its number: later ones have larger numbers, and none is given twice."""

    id: int
    change: Change


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Who did what, for people to read; `place` is where it was done."""

    id: int
    at: datetime
    place: str
    by: str
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class Routed:
    """What one call of `route` came to: so many changes were decided on, so many deliveries are owed for them."""

    changes: int
    deliveries: int


class DeliveryState(StrEnum):
    """What has become of a delivery: `aside` is given up until a person asks for it again, `withdrawn` for good."""

    OWED = "owed"
    POSTED = "posted"
    ASIDE = "aside"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that is owed to a place, or to a person, with all that is to be said in it.

    An alert brings the message of its `matter` up to date, posting it where `matter.message` is ""; `changes` are what
    is new in it. Where those are none, nothing new is said: where it was never posted either, there is nothing to do.
    A summary and a digest have no matter. Of many changes, `changes` are the latest, oldest first, and `kinds` counts
    them all. A notice is for `recipient`, who made the `subscriptions` of the place that are paused now, and `note`
    says why; everywhere else `recipient` and `note` are "".

    `attempt` counts the claims, this one included. `owed_at` is when it was to be told first. `message` is what an
    earlier attempt has `begun` with, "" for nothing.

    As it was when it was claimed: `language` is the place's, None where nobody chose one; `assistant` is the matter's,
    None where it is gone or the account is meant; `mute` is the one that holds for it at the place.
    """

    id: int
    place: str
    kind: DeliveryKind
    owed_at: datetime
    attempt: int
    recipient: str = ""
    note: str = ""
    error: str = ""
    message: str = ""
    subscriptions: tuple[int, ...] = ()
    matter: Matter | None = None
    changes: tuple[StoredChange, ...] = ()
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    language: str | None = None
    assistant: Assistant | None = None
    mute: Mute | None = None

    @property
    def graver(self) -> bool:
        """Whether a new change of the matter is graver than all before it: nobody is notified of an edit."""
        new = [stored.change for stored in self.changes]
        first = min((change.sequence for change in new), default=0)
        before = [] if self.matter is None else [change for change in self.matter.changes if change.sequence < first]
        return _gravest(new) > _gravest(before) >= 0


@dataclass(frozen=True, slots=True)
class Explained:
    """What came of a change for a subscription, and of the delivery that told it, where one did.

    `kind`, `state`, `posted_at`, `error`, `message` (what the place calls it) and `matter` are the delivery's; without
    one, None and "". `matter` may be there without one: the change moved it in silence.
    """

    change: StoredChange
    subscription: Subscription
    verdict: Verdict
    kind: DeliveryKind | None = None
    state: DeliveryState | None = None
    posted_at: datetime | None = None
    message: str = ""
    error: str = ""
    matter: int | None = None


def _gravest(changes: list[Change]) -> int:
    return max((change.severity.rank for change in changes), default=-1)
