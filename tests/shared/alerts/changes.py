"""Changes, subscriptions and places, with what a test doesn't name filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.alerts import Asker, Audience, Happening, Subscription
from shared.diff import SEVERITIES
from shared.models import Assistant, Change, Kind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def assistant(number: int = 42, **fields: Any) -> Assistant:
    given = {"account": "default", "name": f"Assistant {number}", "mode": "dualplex", "status": "active"}
    return Assistant(id=number, **{**given, **fields})


def change(kind: Kind, sequence: int = 1, **fields: Any) -> Change:
    """Seen so many minutes after noon as its sequence says."""
    given = {"account": "default", "assistant": 42, "severity": SEVERITIES[kind], "seen_at": NOON + sequence * MINUTE}
    return Change(kind=kind, sequence=sequence, **{**given, **fields})


def flips(*kinds: Kind) -> list[Change]:
    """One a minute."""
    values = {Kind.ACTIVATED: ("inactive", "active"), Kind.DEACTIVATED: ("active", "inactive")}
    return [
        change(kind, sequence, before=values[kind][0], after=values[kind][1]) for sequence, kind in enumerate(kinds, 1)
    ]


def subscription(number: int = 1, **fields: Any) -> Subscription:
    return Subscription(**{"id": number, "place": "T1/C1", "created_by": "U1", "created_at": NOON, **fields})


def audience(*subscriptions: Subscription, **settings: Any) -> Audience:
    return Audience("T1/C1", [Asker(one, {}) for one in subscriptions or (subscription(),)], **settings)


def happening(number: int, what: Change, *around: Assistant, flapping: bool = False) -> Happening:
    return Happening(number, what, around or (assistant(what.assistant or 0),), flapping=flapping)
