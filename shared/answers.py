"""What the core answers: plain data, for every door to show in its way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.attention import Attention, Concern, of_account
from shared.audit import Audit
from shared.errors import FamulorError, KeyRejected
from shared.models import Assistant, Names, Owner, Rejected
from shared.query import AssistantQuery, Unmatched


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one account's part of an answer comes from, and how good it is.

    `fetched_at` is None where nothing could be had; `failure` then says why. Beside a time, `failure` says why the
    data is no newer: it is stale.
    """

    account: str
    fetched_at: datetime | None
    age: float
    total: int
    rejected: tuple[Rejected, ...]
    failure: FamulorError | None

    @property
    def stale(self) -> bool:
        """Whether newer data was asked for in vain."""
        return self.fetched_at is not None and self.failure is not None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the assistants that a query found. `total` match of `of` there are; `names` and `origins` by account.

    `next_cursor` is "" on the last page, `previous_cursor` on the first. `unmatched`: values of the query's filters
    that none of them has, matching or not. `first`: the number of the first row among all that match, from 1.
    `statuses`: those that occur, matching or not, the most frequent first.
    """

    query: AssistantQuery
    assistants: tuple[Assistant, ...]
    total: int
    of: int
    next_cursor: str
    origins: tuple[Origin, ...]
    names: Mapping[str, Names]
    unmatched: tuple[Unmatched, ...] = ()
    previous_cursor: str = ""
    first: int = 1
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One assistant, with where it comes from and the names for its ids."""

    assistant: Assistant
    origin: Origin
    names: Names


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audit says of the `assistants` that a query found; `of`: how many there are in all, matching or not."""

    query: AssistantQuery
    assistants: tuple[Assistant, ...]
    audit: Audit
    of: int
    origins: tuple[Origin, ...]
    names: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class Summary:
    """All assistants at a glance. `statuses` and `modes`: how many have each, the most frequent first.

    `attention`: which accounts have no good data, the worst first; `audit`: what is wrong with the assistants.
    """

    of: int
    statuses: Mapping[str, int]
    modes: Mapping[str, int]
    attention: tuple[Attention, ...]
    audit: Audit
    origins: tuple[Origin, ...]

    @classmethod
    def of_all(cls, assistants: Sequence[Assistant], origins: Sequence[Origin], audit: Audit) -> "Summary":
        """The summary of these assistants, which come from there, and of what is wrong with them."""
        looked_at = [
            one
            for origin in origins
            for one in of_account(origin.account, origin.failure, answered=origin.fetched_at is not None)
        ]
        return cls(
            of=len(assistants),
            statuses=dict(Counter(one.status for one in assistants).most_common()),
            modes=dict(Counter(one.mode for one in assistants).most_common()),
            attention=tuple(sorted(looked_at, key=lambda one: list(Concern).index(one.concern))),
            audit=audit,
            origins=tuple(origins),
        )


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """How one account's way to Famulor is, tried just now by asking whose key it is.

    `latency`: seconds until the answer, or the failure, came: with all waits and retries. `requests_left`: how many
    requests may still be made, by the seconds of the window (10 and 60). `origin`: of the assistants that are held,
    None where there never were any.
    """

    account: str
    host: str
    owner: Owner | None
    failure: FamulorError | None
    latency: float
    requests_left: Mapping[int, int]
    origin: Origin | None

    @property
    def key_accepted(self) -> bool | None:
        """None where Famulor did not say."""
        if self.owner is not None:
            return True
        return False if isinstance(self.failure, KeyRejected) else None
