"""Whether a change is told to a subscription, and if not, why; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.alerts.subscriptions import Mute, Subscription
from shared.diff import GROUPS
from shared.errors import LanguagesUnknown
from shared.models import Assistant, Change, Kind, Names
from shared.query import AssistantQuery, Choice, predicate
from shared.query.choice import fold


class Why(StrEnum):
    """What came of a change for one subscription: what was told, what was not though asked for, what wasn't asked for.

    `twice`: another subscription of the place had it told. `pending`: nothing is decided yet. `earlier`: it was seen
    before the subscription was made.
    """

    TOLD = "told"
    TWICE = "twice"
    HELD = "held"
    MUTED = "muted"
    PAUSED = "paused"
    PENDING = "pending"
    EARLIER = "earlier"
    OTHER_GROUP = "other-group"
    TOO_MINOR = "too-minor"
    OTHER_ASSISTANT = "other-assistant"

    @property
    def asked(self) -> bool:
        """Whether the subscription asks for the change, told or not."""
        return self in {Why.TOLD, Why.TWICE, Why.HELD, Why.MUTED, Why.PAUSED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`until`: when a held change is told, or a mute ends. `mute`: the one that held at the time."""

    why: Why
    until: datetime | None = None
    mute: Mute | None = None


class Asker:
    """A subscription, made ready to be held against many changes; `names` by account."""

    def __init__(self, subscription: Subscription, names: Mapping[str, Names]) -> None:
        self.subscription = subscription
        self._names = names
        self._account = subscription.query.account.folded()
        self._predicates: dict[str, Callable[[Assistant], bool]] = {}

    def unasked(self, change: Change, around: Sequence[Assistant], *, follows: bool = False) -> Why | None:
        """Why the subscription does not ask for a change; None where it does.

        `around`: the assistant before the change and after it, as far as it was there; the query may ask for either,
        or “active” would never hear that one was switched off. Empty where the account itself is meant. `follows`: the
        subscription has been told of the same matter, and hears how it goes on, minor or not, until it is over.
        """
        subscription = self.subscription
        if change.seen_at < subscription.created_at:
            return Why.EARLIER
        if change.kind is Kind.SAVED or not _in_groups(change.kind, subscription.groups):
            return Why.OTHER_GROUP
        if follows:
            return None
        if change.severity.rank < subscription.minimum.rank:
            return Why.TOO_MINOR
        return None if self._asks_for(change.account, around) else Why.OTHER_ASSISTANT

    def _asks_for(self, account: str, around: Sequence[Assistant]) -> bool:
        if not self._account.allows([fold(account)]):
            return False
        # An account is in trouble for whoever watches any of its assistants.
        return not around or any(map(self._predicate(account), around))

    def _predicate(self, account: str) -> Callable[[Assistant], bool]:
        found = self._predicates.get(account)
        if found is None:
            names = {account: self._names.get(account, Names())}
            try:
                found = predicate(self.subscription.query, names)
            except LanguagesUnknown:
                found = predicate(_by_numbers(self.subscription.query), names)
            self._predicates[account] = found
        return found


def _in_groups(kind: Kind, groups: frozenset[str]) -> bool:
    return not groups or any(kind in GROUPS[group] for group in groups)


def _by_numbers(query: AssistantQuery) -> AssistantQuery:
    """The query without the languages that are named while names are unknown: rather one too many than one lost."""
    numbers = Choice(
        include=tuple(value for value in query.language.include if value.isdecimal()),
        exclude=tuple(value for value in query.language.exclude if value.isdecimal()),
    )
    if len(numbers.include) < len(query.language.include):
        numbers = numbers.model_copy(update={"include": ()})
    return query.model_copy(update={"language": numbers})
