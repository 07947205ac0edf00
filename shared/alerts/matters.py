"""What an alert is about: one matter of one assistant, from its first change until things are as they were; pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import JsonValue

from shared.models import Change, Frozen, Kind, Moment

FLAPS = 3
FLAPPING_WITHIN = timedelta(minutes=30)
"""So many flips of one assistant in so long are flapping; as long without one ends it."""
FORGOTTEN_AFTER = timedelta(days=7)
"""A matter is closed after so long without news; a later change opens a new one."""

STATUS = frozenset({Kind.ACTIVATED, Kind.DEACTIVATED})
_WEBHOOK_SWITCH = frozenset({Kind.WEBHOOK_ON, Kind.WEBHOOK_OFF})
_WEBHOOK_URL = frozenset({Kind.WEBHOOK_HOST, Kind.WEBHOOK_PATH})
_FAMILIES: Mapping[str, frozenset[Kind]] = {
    "status": STATUS,
    "webhook": _WEBHOOK_SWITCH | _WEBHOOK_URL,
    "life": frozenset({Kind.CREATED, Kind.DELETED}),
    "reach": frozenset({Kind.KEY_REJECTED, Kind.UNREACHABLE, Kind.RECOVERED}),
    "records": frozenset({Kind.UNREADABLE, Kind.READABLE}),
}
_ALL_IS_WELL = frozenset({Kind.ACTIVATED, Kind.CREATED, Kind.RECOVERED, Kind.READABLE})
"""Whatever else belongs to their families is over with them, whatever the values say."""
_TOLD_ONCE = _ALL_IS_WELL | {Kind.WEBHOOK_ON}
"""After these nobody waits for anything: that things are as they were before would be bad news, and a new matter."""
_NOT_THERE = ""
"""The fingerprint of a field that isn't there, and of a finding that there isn't."""


class Standing(StrEnum):
    """How a matter stands; all but the first two are closed.

    `ended`: things are as they were. `settled`: it flapped, and has been quiet since. `told`: there is nothing to wait
    for. `lapsed`: nothing was heard of it for long.
    """

    OPEN = "open"
    FLAPPING = "flapping"
    ENDED = "ended"
    SETTLED = "settled"
    TOLD = "told"
    LAPSED = "lapsed"

    @property
    def closed(self) -> bool:
        """Whether later changes are a new matter."""
        return self not in {Standing.OPEN, Standing.FLAPPING}


class Matter(Frozen):
    """One message of one place: its changes, and how it stands.

    `id` is shown as `A-17`. `assistant` is None where the account is meant. Of `total` changes, `changes` are the
    first and the latest ones, oldest first. `message` is what the place calls the message (Slack: its `ts`), "" until
    it is posted. `acknowledged_by` "" is nobody.
    """

    id: int
    place: str
    account: str
    assistant: int | None
    family: str
    opened_at: Moment
    changes: tuple[Change, ...] = ()
    total: int = 0
    standing: Standing = Standing.OPEN
    closed_at: Moment | None = None
    message: str = ""
    acknowledged_by: str = ""
    acknowledged_at: Moment | None = None


Key = tuple[int | None, str]
"""The assistant and the family: within an account and a place, one matter of a key is open at a time."""


def family(kind: Kind) -> str:
    """What belongs into one message: all that can undo each other; every other kind stands for itself."""
    return next((name for name, kinds in _FAMILIES.items() if kind in kinds), kind.value)


def key(change: Change) -> Key:
    """Which matter a change belongs to."""
    return change.assistant, family(change.kind)


@dataclass(frozen=True, slots=True)
class Course:
    """How a matter has gone so far, in the little that decides how it goes on; its changes need not be kept for that.

    `trail`: for each field that has changed, the fingerprints of its first value and of its latest. `last_at` is when
    the last change was seen, and `sequence` its account's then.
    """

    standing: Standing
    trail: Mapping[str, tuple[str, str]]
    last_at: datetime
    sequence: int

    @classmethod
    def of(cls, first: Change, *, flapping: bool = False) -> "Course":
        """A matter begins."""
        standing = Standing.TOLD if _is_told_once(first) else Standing.OPEN
        return cls(
            standing=Standing.FLAPPING if flapping else standing,
            trail=_advanced({}, first),
            last_at=first.seen_at,
            sequence=first.sequence,
        )

    def takes(self, change: Change, *, flapping: bool = False) -> bool:
        """Whether a change of this matter's key continues it: while it is open, and where it was over too soon."""
        lately = change.seen_at - self.last_at <= FLAPPING_WITHIN
        return not self.standing.closed or change.sequence == self.sequence or (flapping and lately)

    def after(self, change: Change, *, flapping: bool = False) -> "Course":
        """How it stands with a further change."""
        trail = _advanced(self.trail, change)
        if flapping or self.standing is Standing.FLAPPING:
            standing = Standing.FLAPPING
        elif self.standing is Standing.TOLD:
            standing = Standing.TOLD if _is_told_once(change) else Standing.OPEN
        else:
            standing = Standing.ENDED if _is_over(change, trail) else Standing.OPEN
        return replace(self, standing=standing, trail=trail, last_at=change.seen_at, sequence=change.sequence)

    def at(self, now: datetime) -> Standing:
        """How it stands when nothing has been heard of it since."""
        silence = now - self.last_at
        if self.standing is Standing.FLAPPING and silence >= FLAPPING_WITHIN:
            return Standing.SETTLED
        if self.standing is Standing.OPEN and silence >= FORGOTTEN_AFTER:
            return Standing.LAPSED
        return self.standing


def flaps(flips: Iterable[datetime], now: datetime) -> bool:
    """Whether an assistant that was switched on or off at these times is flapping at `now`."""
    return sum(timedelta() <= now - flip <= FLAPPING_WITHIN for flip in flips) >= FLAPS


def _is_told_once(change: Change) -> bool:
    return change.kind in _TOLD_ONCE or (
        change.kind is Kind.FINDING and _findings(change.after) <= _findings(change.before)
    )


def _is_over(change: Change, trail: Mapping[str, tuple[str, str]]) -> bool:
    """Whether all is well, or as it was; of findings, whether those are closed that have opened meanwhile."""
    if change.kind is Kind.FINDING:
        return not change.after or all(latest in {first, _NOT_THERE} for first, latest in trail.values())
    return change.kind in _ALL_IS_WELL or all(first == latest for first, latest in trail.values())


def _advanced(trail: Mapping[str, tuple[str, str]], change: Change) -> Mapping[str, tuple[str, str]]:
    moved = dict(trail)
    for field, before, after in _fields(change):
        first, _latest = trail.get(field, (before, after))
        moved[field] = (first, after)
    return moved


def _fields(change: Change) -> Iterable[tuple[str, str, str]]:
    """The fields that a change is about, with the fingerprints of their values before and after."""
    if change.kind is Kind.OTHER and isinstance(change.before, Mapping) and isinstance(change.after, Mapping):
        for name in change.before.keys() | change.after.keys():
            yield name, _of_field(change.before, name), _of_field(change.after, name)
        return
    if change.kind is Kind.FINDING:
        before, after = _findings(change.before), _findings(change.after)
        for name in before ^ after:
            yield name, name if name in before else _NOT_THERE, name if name in after else _NOT_THERE
        return
    field = "switch" if change.kind in _WEBHOOK_SWITCH else "url" if change.kind in _WEBHOOK_URL else ""
    yield field, _fingerprint(change.before), _fingerprint(change.after)


def _of_field(values: Mapping[str, JsonValue], name: str) -> str:
    return _fingerprint(values[name]) if name in values else _NOT_THERE


def _findings(value: JsonValue) -> frozenset[str]:
    """Fingerprints of what the findings are about; how grave they are, and in which words, makes no other ones."""
    these = value if isinstance(value, list) else []
    return frozenset(_fingerprint([one.get("rule"), one.get("subject")]) for one in these if isinstance(one, Mapping))


def _fingerprint(value: JsonValue) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
