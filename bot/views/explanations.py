"""Which subscription told a change, and when, or why none did; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from bot.grammar import Explain, matter_name
from bot.translation import Say
from bot.views import blocks, changes, phrases, places, previews
from bot.views.before_after import before_after
from bot.views.blocks import Block, Message
from bot.views.changes import NO_NAMES
from bot.views.escape import code, mrkdwn
from bot.views.rows import PageOf
from bot.views.subscriptions import order_of
from bot.words import COMMAND, VERBS, Verb
from shared.alerts import DeliveryKind, Verdict, Why
from shared.models import Names
from shared.store import DeliveryState, Explained, StoredChange

MOST = 5
"""Of an alert with many changes, the latest are explained."""
ROOM = 2_900
"""Characters of all that is said of subscriptions: of many, the first are told."""
_ORDER = 100
_EACH = 900
_ERROR = 200


@dataclass(frozen=True, slots=True)
class Explanation:
    """What came of these changes, oldest first, by place (of the store). `prompts`: whether the reader may read any."""

    command: Explain
    changes: Sequence[StoredChange]
    told: Mapping[str, Sequence[Explained]]
    names: Mapping[str, Names] = field(default_factory=dict)
    prompts: bool = True


def explanation(found: Explanation, say: Say, page_of: PageOf) -> Message:
    """Each change with a line for each subscription."""
    shown = found.changes[-MOST:]
    hidden = len(found.changes) - len(shown)
    more = say.count(hidden, "{number} earlier change is not shown.", "{number} earlier changes are not shown.")
    title = _title(found, say)
    spoken: list[str] = [title]
    parts: list[Block] = [blocks.section(f"*{title}*"), *([blocks.context(more)] if hidden > 0 else [])]
    for stored in shown:
        change, names = stored.change, found.names.get(stored.change.account, NO_NAMES)
        lines = _lines(stored, found, say)
        spoken += [changes.sentence(change, say, names=names), *lines]
        parts += [_head(stored, say, page_of, names)]
        if len(shown) == 1:
            parts += before_after(change, say, prompts=found.prompts, names=names)
        parts += [blocks.section("\n".join(f"• {line}" for line in lines))]
    return blocks.message(phrases.sentences(spoken), parts)


def _title(found: Explanation, say: Say) -> str:
    command = found.command
    if command.matter is None:
        whose = say("change {number}", number=f"#{command.change}")
    else:
        whose = matter_name(command.matter)
    if len(found.told) > 1:
        return say("What came of it: {whose}", whose=whose)
    return say("What came of it for {place}: {whose}", place=places.name(next(iter(found.told)), say), whose=whose)


def _lines(stored: StoredChange, found: Explanation, say: Say) -> list[str]:
    several = len(found.told) > 1
    told = [(place, one) for place, ones in found.told.items() for one in ones if one.change.id == stored.id]
    lines = [f"{places.name(place, say)} · {_line(one, say)}" if several else _line(one, say) for place, one in told]
    room = ROOM // min(len(found.changes), MOST)
    fitting = sum(1 for size in accumulate(len(line) + 3 for line in lines) if size <= room)
    rest = len(lines) - fitting
    if rest > 0:
        more = say.count(rest, "and {number} more subscription", "and {number} more subscriptions")
        return [*lines[:fitting], more]
    return lines or [_nobody(say)]


def _head(stored: StoredChange, say: Say, page_of: PageOf, names: Names) -> Block:
    change = stored.change
    address = "" if change.assistant is None else page_of(change.account, change.assistant)
    facts = [
        changes.severity(change.severity, say),
        f"#{stored.id}",
        say("changed in Famulor {moment}", moment=phrases.moment(change.changed_at)) if change.changed_at else "",
        say("seen {moment}", moment=phrases.moment(change.seen_at)),
    ]
    shown = blocks.cut(changes.line(change, say, address, names), _EACH)
    return blocks.section(f"{shown}\n{' · '.join(filter(None, facts))}")


def _nobody(say: Say) -> str:
    command = code(f"{COMMAND} {VERBS[Verb.SUBSCRIBE].word(say.language)}")
    return say("Not told: nothing is subscribed here. {command} changes that.", command=command)


def _line(one: Explained, say: Say) -> str:
    number, order = one.subscription.id, previews.order(order_of(one.subscription), say, _ORDER)
    return say("Subscription {number} ({order}): {verdict}", number=number, order=order, verdict=_verdict(one, say))


def _verdict(one: Explained, say: Say) -> str:  # noqa: C901, PLR0911 # one return for each reason
    verdict, change = one.verdict, one.change.change
    match verdict.why:
        case Why.TOLD:
            return _delivery(one, say)
        case Why.TWICE:
            told = _delivery(one, say)
            return say("told once for the channel, by another subscription of it: {what}", what=told)
        case Why.HELD:
            held = say("held back by quiet hours or the digest until {moment}", moment=_until(verdict))
            return f"{held}; {_delivery(one, say)}"
        case Why.MUTED:
            return _muted(verdict, say)
        case Why.PAUSED:
            return say("not told: the subscription was paused")
        case Why.PENDING:
            return say("not decided yet; that takes a moment")
        case Why.EARLIER:
            made = phrases.moment(one.subscription.created_at)
            return say("not told: it was made later, {moment}", moment=made)
        case Why.OTHER_GROUP:
            return say("not told: it asks for other kinds of changes")
        case Why.TOO_MINOR:
            return say(
                "not told: it asks for changes of at least “{minimum}”, and this one is “{severity}”",
                minimum=changes.severity(one.subscription.minimum, say),
                severity=changes.severity(change.severity, say),
            )
        case Why.OTHER_ASSISTANT:
            return say("not told: it asks for other assistants")


def _delivery(one: Explained, say: Say) -> str:
    """What has become of the message that tells it."""
    kind = _kind(one, say)
    match one.state:
        case DeliveryState.POSTED if one.posted_at is not None:
            return say("posted {moment}, {kind}", moment=phrases.moment(one.posted_at), kind=kind)
        case DeliveryState.ASIDE:
            error = mrkdwn(one.error, _ERROR) or say("no reason is known")
            return say("given up, {kind}: {error}", kind=kind, error=error)
        case DeliveryState.WITHDRAWN:
            return say("withdrawn before it was posted: nobody asked for it any more")
        case _:
            return say("to be posted, {kind}", kind=kind)


def _kind(one: Explained, say: Say) -> str:
    match one.kind:
        case DeliveryKind.SUMMARY:
            return say("in a summary of many changes")
        case DeliveryKind.DIGEST:
            return say("in a digest")
        case _ if one.matter is not None:
            return say("as {alert}", alert=matter_name(one.matter))
        case _:
            return say("as a message")


def _muted(verdict: Verdict, say: Say) -> str:
    if verdict.mute is None:
        return say("not told: the assistant was muted until {moment}", moment=_until(verdict))
    text = say(
        "not told: the assistant was muted until {moment} by <@{user}>", moment=_until(verdict), user=verdict.mute.by
    )
    return f"{text} ({mrkdwn(verdict.mute.reason, _ERROR)})" if verdict.mute.reason else text


def _until(verdict: Verdict) -> str:
    return phrases.moment(verdict.until) if verdict.until else "–"
