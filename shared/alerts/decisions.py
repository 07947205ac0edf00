"""What comes of one poll's changes at one place: a verdict for each subscription, and the messages to be sent; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.alerts.matters import Course, Key, key
from shared.alerts.quiet import Daily, QuietHours, held_until
from shared.alerts.subscriptions import Mute, Subscription
from shared.alerts.verdicts import Asker, Verdict, Why
from shared.models import Assistant, Change

SUMMARY_ABOVE = 5
"""More changes than this of one poll for one subscription become one message."""


class DeliveryKind(StrEnum):
    """What is sent: one matter, the many changes of one poll, what was held back, or word to a person."""

    ALERT = "alert"
    SUMMARY = "summary"
    DIGEST = "digest"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Happening:
    """A change with its number, the assistant before and after it, and whether that one is flapping with it."""

    id: int
    change: Change
    around: tuple[Assistant, ...] = ()
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """A place as far as it decides what it is told. The mutes are those that hold."""

    place: str
    askers: Sequence[Asker]
    mutes: Sequence[Mute] = ()
    quiet: QuietHours | None = None
    digest: Daily | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A matter of the place: its number (None: it begins now), how it went, which subscriptions were told of it."""

    id: int | None
    course: Course
    told: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the place, to be sent at `due_at`; two that are equal are the same one.

    `subject`: of an alert, its matter; of a summary, the subscription. An alert that no ruling names brings the
    matter's message up to date and says nothing new.
    """

    kind: DeliveryKind
    due_at: datetime
    subject: Key | int | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What comes of a change for a subscription, in which message it is told, and to which matter it belongs."""

    subscription: int
    change: int
    verdict: Verdict
    message: Message | None = None
    matter: Key | None = None


@dataclass(slots=True)
class Decisions:
    """Rulings, in the order of the changes; messages, in the order to send; the stories that begin or go on."""

    rulings: list[Ruling] = field(default_factory=list)
    messages: dict[Message, None] = field(default_factory=dict)
    stories: dict[Key, Story] = field(default_factory=dict)


def decide(
    happenings: Sequence[Happening],
    audience: Audience,
    stories: Mapping[Key, Story],
    now: datetime,
) -> Decisions:
    """What comes of the changes of one poll (of one account), oldest first, at one place.

    `stories`: the latest matter of each key, as far as it may go on. A matter begins with an alert alone: what is told
    in a summary or a digest, or not told, moves a matter that is there already, whose message then says how it stands.
    """
    decisions = Decisions()
    asking = {one.id: _asking(one, audience, stories) for one in happenings}
    verdicts = {one.id: _treatment(one.change, audience, now) for one in happenings}
    tellers = _tellers({number: asking[number] for number, verdict in verdicts.items() if verdict.why is Why.TOLD})
    crowded = {teller for teller, count in Counter(tellers.values()).items() if count > SUMMARY_ABOVE}
    for one in happenings:
        if not asking[one.id]:
            continue
        subject, teller = key(one.change), tellers.get(one.id)
        rulings = [(subscription, _ruling(subscription, verdicts[one.id], teller)) for subscription in asking[one.id]]
        message = _message(one.change, rulings, teller, now, in_summary=teller in crowded)
        story = _story(one, decisions.stories.get(subject) or stories.get(subject), message)
        if message is not None:
            decisions.messages[message] = None
        if story is not None:
            decisions.stories[subject] = story
        for subscription, verdict in rulings:
            told = None if verdict.why in {Why.PAUSED, Why.MUTED} else message
            matter = None if story is None else subject
            decisions.rulings.append(Ruling(subscription.id, one.id, verdict, told, matter))
    _add_updates(decisions, now)
    return decisions


def _asking(one: Happening, audience: Audience, stories: Mapping[Key, Story]) -> list[Subscription]:
    story = stories.get(key(one.change))
    told = story.told if story is not None and story.course.takes(one.change, flapping=one.flapping) else frozenset()
    return [
        asker.subscription
        for asker in audience.askers
        if asker.unasked(one.change, one.around, follows=asker.subscription.id in told) is None
    ]


def _treatment(change: Change, audience: Audience, now: datetime) -> Verdict:
    """What the place as a whole does with a change that one of its subscriptions asks for."""
    for mute in audience.mutes:
        if (mute.account, mute.assistant) == (change.account, change.assistant) and now < mute.until:
            return Verdict(Why.MUTED, until=mute.until, mute=mute)
    until = held_until(audience.quiet, audience.digest, change.severity, now)
    return Verdict(Why.TOLD) if until is None else Verdict(Why.HELD, until=until)


def _tellers(asking: Mapping[int, Sequence[Subscription]]) -> dict[int, int]:
    """Of each change that is told, the one subscription that has it told: the first, of those with a summary before."""
    awake = {number: [one.id for one in asked if not one.paused] for number, asked in asking.items()}
    counts = Counter(subscription for asked in awake.values() for subscription in asked)
    return {
        number: min(asked, key=lambda subscription: (counts[subscription] <= SUMMARY_ABOVE, subscription))
        for number, asked in awake.items()
        if asked
    }


def _ruling(subscription: Subscription, verdict: Verdict, teller: int | None) -> Verdict:
    if subscription.paused:
        return Verdict(Why.PAUSED)
    return Verdict(Why.TWICE) if verdict.why is Why.TOLD and subscription.id != teller else verdict


def _message(
    change: Change,
    rulings: Iterable[tuple[Subscription, Verdict]],
    teller: int | None,
    now: datetime,
    *,
    in_summary: bool,
) -> Message | None:
    if teller is not None:
        return (
            Message(DeliveryKind.SUMMARY, now, teller) if in_summary else Message(DeliveryKind.ALERT, now, key(change))
        )
    held = (verdict.until for _subscription, verdict in rulings if verdict.why is Why.HELD)
    until = next(held, None)
    return None if until is None else Message(DeliveryKind.DIGEST, until)


def _story(one: Happening, known: Story | None, message: Message | None) -> Story | None:
    """The matter as it goes on, or begins, with this change; None where the change belongs to none."""
    if known is not None and known.course.takes(one.change, flapping=one.flapping):
        return Story(known.id, known.course.after(one.change, flapping=one.flapping), known.told)
    if message is not None and message.kind is DeliveryKind.ALERT:
        return Story(None, Course.of(one.change, flapping=one.flapping))
    return None


def _add_updates(decisions: Decisions, now: datetime) -> None:
    """Bring the messages of those matters up to date that went on without an alert."""
    due: dict[Key, datetime] = {}
    for ruling in decisions.rulings:
        alerted = ruling.message is not None and ruling.message.kind is DeliveryKind.ALERT
        if ruling.matter is not None and not alerted and ruling.verdict.why is not Why.PAUSED:
            due[ruling.matter] = ruling.message.due_at if ruling.message is not None else now
    for subject, due_at in due.items():
        decisions.messages.setdefault(Message(DeliveryKind.ALERT, due_at, subject))
