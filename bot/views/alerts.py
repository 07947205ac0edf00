"""An alert: the one message of a matter, and what its thread is told of it afterwards; pure."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.grammar import Health, History, Show, written
from bot.translation import Say
from bot.views import blocks, changes, phrases, state
from bot.views.before_after import before_after
from bot.views.blocks import Block, Message
from bot.views.changes import NO_NAMES
from bot.views.escape import code, mrkdwn
from bot.words import COMMAND, VERBS, Verb
from shared.alerts import Matter, Mute, Standing
from shared.audit.movement import Movement
from shared.models import Assistant, Change, Kind, Names, WebhookState
from shared.query import Choice

ACKNOWLEDGE, MUTE, UNMUTE = "acknowledge", "mute", "unmute"
"""What the buttons of an alert are for; each carries the alert's number, and a mute its seconds."""
SHORT = timedelta(hours=2)
LONGER = (timedelta(hours=1), timedelta(hours=8), timedelta(days=1), timedelta(weeks=1))
DIGITS = 18
"""Of a number that a database can hold."""
_NUMBERS = 10
_TOLD = 6
"""Of many changes of a matter, the latest are told."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around a change.

    `address`: where Famulor shows the assistant, "" for none. `assistant` is as it is now, None where it is gone or
    the account is meant. `active`: how many of the account are active now, None where that is not known. `prompts`:
    whether whoever reads this may read prompts. `mute`: the one that holds for the assistant at this place. `changed`:
    shows what a change changed, as `before_after` does.
    """

    address: str = ""
    names: Names = NO_NAMES
    assistant: Assistant | None = None
    active: int | None = None
    prompts: bool = True
    mute: Mute | None = None
    changed: Callable[..., list[Block]] = before_after


def number(matter: Matter) -> str:
    """`A-17`: how people call it."""
    return f"A-{matter.id}"


def alert(matter: Matter, scene: Scene, say: Say) -> Message:
    """The message as it is now: what happened, what follows from it, how it stands, and what can be done."""
    latest = matter.changes[-1]
    headline = _headline(matter, scene, say)
    follows = _consequences(latest, scene, say)
    standing = [*_standing(matter, say), *_muted(scene, say)]
    return blocks.message(
        ". ".join([headline, *follows, *standing, number(matter)]),
        [
            blocks.section(headline),
            *scene.changed(latest, say, prompts=scene.prompts, names=scene.names),
            *([blocks.section("\n".join(follows))] if follows else []),
            *_story(matter, scene, say),
            blocks.context(" · ".join([number(matter), *_times(latest, say)])),
            *map(blocks.context, standing),
            blocks.actions(list(_buttons(matter, scene, say)), block_id=number(matter)),
        ],
    )


def news(matter: Matter, new: Sequence[Change], scene: Scene, say: Say) -> Message:
    """What has happened since (at least one change, oldest first), for the thread of the alert."""
    latest = new[-1]
    headlines = [_happened(change, scene, say) for change in new[-_TOLD:]]
    follows = _consequences(latest, scene, say)
    return blocks.message(
        ". ".join([*headlines, *follows, number(matter)]),
        [
            *map(blocks.section, headlines),
            *scene.changed(latest, say, prompts=scene.prompts, names=scene.names),
            *([blocks.section("\n".join(follows))] if follows else []),
            blocks.context(" · ".join([number(matter), *_times(latest, say)])),
        ],
    )


def paused(channel: str, reason: str, subscriptions: Sequence[int], say: Say) -> Message:
    """Word to whoever made these subscriptions of a channel: nothing can be posted there any more."""
    number = len(subscriptions)
    which = say.count(
        number,
        "your subscription {numbers} there is paused",
        "your subscriptions {numbers} there are paused",
        numbers=", ".join(map(str, subscriptions[:_NUMBERS])) + (" …" if number > _NUMBERS else ""),
    )
    text = say("⏸️ I can't post into <#{channel}> any more, so {which}.", channel=channel, which=which)
    command = f"`{COMMAND} {VERBS[Verb.SUBSCRIPTIONS].word(say.language)}`"
    again = say("To be told again after that, type {command} there.", command=command)
    return blocks.notice(f"{text} {why_closed(reason, say)} {again}")


def why_closed(reason: str, say: Say) -> str:
    """Why nothing can be posted into a channel (`reason` is Slack's code), and what to do about it."""
    match reason:
        case "is_archived":
            return say("The channel is archived. Subscribe in another one, or bring this one back.")
        case "not_in_channel" | "channel_not_found":
            return say("I am not in this channel. Invite me there with /invite and my name.")
        case _:
            return say("Slack lets nobody like me post there ({reason}).", reason=code(reason, 60))


def _headline(matter: Matter, scene: Scene, say: Say) -> str:
    latest = matter.changes[-1]
    match matter.standing:
        case Standing.FLAPPING:
            who = changes.subject(latest, say, scene.address)
            flips = say.number(matter.total or len(matter.changes))
            return say(
                "🔁 *Flapping*: {name} is switched on and off again and again, {number} times so far",
                name=who,
                number=flips,
            )
        case Standing.ENDED:
            over = changes.sentence(latest, say, scene.address, scene.names)
            if latest.kind is Kind.FINDING:
                # What is resolved need not be as it was before.
                return say("✅ *Over*: {sentence}", sentence=over)
            return say("✅ *Over*: {sentence}; all is as it was before", sentence=over)
        case Standing.SETTLED:
            rest = changes.sentence(latest, say, scene.address, scene.names)
            return say("✅ *Settled*: {sentence}, and has stayed so.", sentence=rest)
        case _:
            return _happened(latest, scene, say)


def _happened(change: Change, scene: Scene, say: Say) -> str:
    severity = changes.severity(change.severity, say)
    sentence = changes.sentence(change, say, scene.address, scene.names)
    return f"{changes.symbol(change.severity)} *{severity}*: {sentence}"


def _story(matter: Matter, scene: Scene, say: Say) -> list[Block]:
    """The changes that led here, where there was more than one."""
    if len(matter.changes) == 1:
        return []
    shown = [matter.changes[0], *matter.changes[1:][-(_TOLD - 1) :]]
    lines = [f"• {phrases.moment(one.seen_at)}: {changes.sentence(one, say, names=scene.names)}" for one in shown]
    hidden = (matter.total or len(matter.changes)) - len(shown)
    if hidden > 0:
        lines.insert(1, "• … " + say.count(hidden, "{number} more change", "{number} more changes"))
    return [blocks.section(blocks.cut("\n".join(lines), blocks.SECTION_LIMIT))]


def _times(change: Change, say: Say) -> list[str]:
    account = [] if change.assistant is None else [say("account {account}", account=mrkdwn(change.account, 60))]
    seen = say("seen {moment}", moment=phrases.moment(change.seen_at))
    if change.changed_at is None:
        return [*account, seen]
    return [*account, say("changed in Famulor {moment}", moment=phrases.moment(change.changed_at)), seen]


def _standing(matter: Matter, say: Say) -> Iterator[str]:
    """How it stands, in words."""
    closed = phrases.moment(matter.closed_at) if matter.closed_at else ""
    match matter.standing:
        case Standing.OPEN:
            yield say("*Open*")
        case Standing.FLAPPING:
            yield say("*Open*: it is told again when it has been quiet for half an hour")
        case Standing.ENDED | Standing.SETTLED:
            yield say("*Closed* {moment}", moment=closed)
        case Standing.LAPSED:
            yield say("*Closed* {moment}: nothing has been heard of it for a week", moment=closed)
        case Standing.TOLD:
            pass
    if matter.acknowledged_by and matter.acknowledged_at:
        yield say(
            "👀 *Acknowledged* by <@{user}> {moment}",
            user=matter.acknowledged_by,
            moment=phrases.moment(matter.acknowledged_at),
        )


def _muted(scene: Scene, say: Say) -> Iterator[str]:
    if scene.mute is not None:
        until = phrases.moment(scene.mute.until)
        yield say("🔕 *Muted* here until {moment} by <@{user}>", moment=until, user=scene.mute.by)


def _consequences(change: Change, scene: Scene, say: Say) -> list[str]:  # noqa: PLR0911 # one return a kind
    match change.kind:
        case Kind.DELETED:
            gone = say("Whoever starts a call with the id {id} is refused from now on", id=change.assistant)
            return [gone, *_left(scene, say)]
        case Kind.DEACTIVATED:
            return _left(scene, say)
        case Kind.CREATED | Kind.ACTIVATED if scene.active:
            return [say.count(scene.active, "{number} assistant is active now", "{number} assistants are active now")]
        case Kind.WEBHOOK_OFF:
            return [say("Post-call data is no longer sent")]
        case Kind.WEBHOOK_ON | Kind.WEBHOOK_HOST | Kind.WEBHOOK_PATH:
            return _where_data_goes(change, scene.assistant, say)
        case Kind.UNREADABLE:
            return [say("What changes in it is not seen until it can be read again")]
        case Kind.FINDING:
            return _readiness(Movement.of(change), say)
        case _:
            return []


def _readiness(moved: Movement, say: Say) -> list[str]:
    if moved.gone or moved.ready == moved.was_ready:
        return []
    return [say("It is ready to call now") if moved.ready else say("Like this it is not ready to call")]


def _left(scene: Scene, say: Say) -> list[str]:
    if scene.active is None:
        return []
    if not scene.active:
        return [say("No active assistant is left in this account")]
    return [say.count(scene.active, "{number} active assistant left", "{number} active assistants left")]


def _where_data_goes(change: Change, assistant: Assistant | None, say: Say) -> list[str]:
    url = assistant.webhook_url if assistant else changes.text(change.after)
    host = changes.host(url)
    if assistant is not None and assistant.webhook is WebhookState.OFF:
        return [say("Nothing is sent there as long as the webhook is switched off")]
    return [say("Post-call data now goes to {host}", host=host)] if host else [say("Post-call data is no longer sent")]


def _buttons(matter: Matter, scene: Scene, say: Say) -> Iterator[Block]:
    latest = matter.changes[-1]
    yield blocks.button(say("Details"), state.action_id(state.OPEN, number(matter)), _details(latest, scene))
    if matter.assistant is not None and scene.mute is not None:
        yield blocks.button(say("Unmute"), state.action_id(UNMUTE), number(matter))
    elif matter.assistant is not None:
        seconds = int(SHORT.total_seconds())
        yield blocks.button(say("Mute for 2 hours"), state.action_id(MUTE, seconds), number(matter))
        yield _longer(matter, say)
    if not matter.standing.closed and not matter.acknowledged_by:
        yield blocks.button(say("Acknowledge"), state.action_id(ACKNOWLEDGE), number(matter))
    if scene.address and scene.assistant is not None:
        yield blocks.link(say("Open in Famulor"), state.action_id(state.LINK), scene.address)


def _details(change: Change, scene: Scene) -> str:
    """The text that tells more."""
    if change.assistant is None:
        return written(Health())
    asked = Show if scene.assistant is not None else History
    text = written(asked(str(change.assistant), Choice(include=(change.account,))))
    return text if len(text) <= state.VALUE_LIMIT else written(asked(str(change.assistant)))


def _longer(matter: Matter, say: Say) -> Block:
    """A menu of other times for a mute."""
    options = {f"{number(matter)} {seconds}": label for seconds, label in _longer_times(say.language).items()}
    return blocks.menu(say("Mute for …"), state.action_id(MUTE, "menu"), options)


@functools.cache
def _longer_times(language: str) -> Mapping[int, str]:
    """By their seconds: in words once, not for every alert."""
    say = Say(language)
    times = [int(time.total_seconds()) for time in LONGER]
    return {seconds: say("Mute for {time}", time=say.duration(seconds)) for seconds in times}


def number_in(text: str) -> int | None:
    """The number in `A-17`; None where it is none."""
    head, _dash, digits = text.strip().partition("-")
    fits = head.upper() == "A" and digits.isdecimal() and len(digits) <= DIGITS
    return int(digits) if fits else None
