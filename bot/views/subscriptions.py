"""What a channel hears of: its subscriptions, page by page, and what holds them back; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.grammar import Subscribe, Subscriptions, Unmute, Unsubscribe, written
from bot.translation import Say
from bot.views import alerts, blocks, phrases, places, previews, state, times
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn
from bot.words import COMMAND, VERBS, Verb
from shared.alerts import Mute, Subscription
from shared.query import Choice
from shared.store import Place

RESUME = "resume"
"""The button that has a paused channel told again; its value is the channel."""
ROWS = 8
"""Subscriptions and mutes of one page."""
_REASON = 200

NamesOf = Mapping[tuple[str, int], str]
"""What assistants are called, by account and id."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A place (of the store), what it has subscribed to, and what holds that back."""

    place: str
    subscriptions: Sequence[Subscription] = ()
    mutes: Sequence[Mute] = ()
    rules: Place | None = None
    names: NamesOf = field(default_factory=dict)


def order_of(subscription: Subscription) -> Subscribe:
    """The order that a subscription was made by, without its channel."""
    return Subscribe(subscription.query, subscription.groups, subscription.minimum)


def listed(standing: Standing, command: Subscriptions, say: Say, news: str = "") -> Message:
    """One page, and how the channel is told of what happens. `news`: what was just done."""
    paused = next((one for one in standing.subscriptions if one.paused), None)
    rows = [
        *(_row(one, say) for one in standing.subscriptions),
        *(_mute(one, standing.names, say) for one in standing.mutes),
    ]
    number, place = len(standing.subscriptions), places.name(standing.place, say)
    title = say.count(
        number,
        "*{number} subscription* for {place}",
        "*{number} subscriptions* for {place}",
        place=place,
    )
    head = [title, *([_paused(paused, say)] if paused else [])]
    resume = (
        blocks.button(say("Resume"), state.action_id(RESUME), places.channel_of(standing.place)) if paused else None
    )
    return _message(
        [*filter(None, [news]), *head],
        rows,
        command,
        say,
        head=[*([blocks.section(news)] if news else []), blocks.section("\n".join(head), resume)],
        foot=[blocks.section("\n".join(times.rules(standing.rules, say))), blocks.context(_hint(say))],
        nothing=say("This channel hears of nothing."),
    )


def everywhere(subscriptions: Sequence[Subscription], command: Subscriptions, say: Say) -> Message:
    """Those of every place, with where each is."""
    title = say.count(len(subscriptions), "*{number} subscription* in all", "*{number} subscriptions* in all")
    rows = [_row(one, say, places.name(one.place, say)) for one in subscriptions]
    return _message(
        [title],
        rows,
        command,
        say,
        head=[blocks.section(title)],
        foot=[blocks.context(_hint(say))],
        nothing=say("No channel hears of anything."),
    )


def ended(subscription: Subscription, place: str, say: Say) -> str:
    """It is no subscription any more."""
    return say(
        "✅ Ended for {place}: {order} (subscription {number}).",
        place=place,
        order=previews.order(order_of(subscription), say),
        number=subscription.id,
    )


def all_ended(number: int, say: Say) -> str:
    """None of a channel's is one any more."""
    if not number:
        return say("There was nothing to end here.")
    return say.count(number, "✅ {number} subscription has ended.", "✅ {number} subscriptions have ended.")


def resumed(number: int, say: Say) -> str:
    """A channel is told again."""
    if not number:
        return say("Nothing was paused here.")
    return say.count(
        number,
        "✅ {number} subscription is told again, of what happens from now on.",
        "✅ {number} subscriptions are told again, of what happens from now on.",
    )


def muted_name(mute: Mute, names: NamesOf, say: Say) -> str:
    """`*Name* `42``, or the number alone where the name is not known."""
    name = names.get((mute.account, mute.assistant))
    number = f"`{mute.assistant}`"
    return number if name is None else f"*{phrases.name(name, say, 150)}* {number}"


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    block: Block


def _message(  # noqa: PLR0913 # the parts of a message
    spoken: Iterable[str],
    rows: Sequence[_Row],
    command: Subscriptions,
    say: Say,
    *,
    head: Sequence[Block],
    foot: Sequence[Block],
    nothing: str,
) -> Message:
    begin = min(command.after or 0, max(len(rows) - 1, 0) // ROWS * ROWS)
    shown = rows[begin : begin + ROWS]
    turns = _turns(command, begin, len(rows), say)
    return blocks.message(
        phrases.sentences([*spoken, *(row.text for row in shown)]),
        [
            *head,
            *([row.block for row in shown] or [blocks.section(nothing)]),
            *([blocks.actions(turns)] if turns else []),
            *foot,
        ],
    )


def _turns(command: Subscriptions, begin: int, total: int, say: Say) -> list[Block]:
    back = replace(command, after=begin - ROWS if begin > ROWS else None)
    following = replace(command, after=begin + ROWS)
    return [
        *([blocks.button(say("← Back"), state.action_id(state.RUN, "back"), written(back))] if begin else []),
        *(
            [blocks.button(say("Next →"), state.action_id(state.RUN, "next"), written(following))]
            if begin + ROWS < total
            else []
        ),
    ]


def _row(subscription: Subscription, say: Say, channel: str = "") -> _Row:
    number = subscription.id
    facts = [
        channel,
        say("by <@{user}>", user=subscription.created_by),
        say("since {moment}", moment=phrases.moment(subscription.created_at)),
    ]
    lines = [f"*{number}* · {previews.order(order_of(subscription), say)}", " · ".join(filter(None, facts))]
    if subscription.paused:
        lines.append(_paused(subscription, say))
    remove = blocks.button(
        say("Remove"),
        state.action_id(state.RUN, f"remove{subscription.id}"),
        written(Unsubscribe(subscription.id)),
        spoken=say("Remove subscription {number}", number=number),
        confirm=blocks.confirmation(
            say("Remove subscription {number}?", number=number),
            say("The channel will no longer hear of what it asks for."),
            say("Remove"),
            say("Cancel"),
        ),
    )
    text = "\n".join(lines)
    return _Row(text, blocks.section(text, remove))


def _mute(mute: Mute, names: NamesOf, say: Say) -> _Row:
    name = muted_name(mute, names, say)
    text = say(
        "🔕 {name} is muted until {moment}, by <@{user}>", name=name, moment=phrases.moment(mute.until), user=mute.by
    )
    if mute.reason:
        text = f"{text}: {mrkdwn(mute.reason, _REASON)}"
    again = Unmute(str(mute.assistant), Choice(include=(mute.account,)))
    button = blocks.button(
        say("Unmute"),
        state.action_id(state.RUN, f"unmute{mute.account}/{mute.assistant}"),
        written(again),
        spoken=say("Unmute {number}", number=mute.assistant),
    )
    return _Row(text, blocks.section(text, button))


def _paused(subscription: Subscription, say: Say) -> str:
    moment = phrases.moment(subscription.paused_at) if subscription.paused_at else "–"
    reason = alerts.why_closed(subscription.paused, say)
    return say("⏸️ *Paused* since {moment}. {reason}", moment=moment, reason=reason)


def _hint(say: Say) -> str:
    words = [
        code(f"{COMMAND} {VERBS[verb].word(say.language)}")
        for verb in (Verb.SUBSCRIBE, Verb.MUTE, Verb.QUIET, Verb.DIGEST, Verb.TEST)
    ]
    return say("More: {commands}", commands=" · ".join(words))
