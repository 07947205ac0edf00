"""When a channel is told, and until when it is not: quiet hours, digests, mutes; pure."""

from datetime import datetime

from bot.grammar import Unmute, written
from bot.translation import Say
from bot.views import blocks, phrases, state
from bot.views.blocks import Block, Message
from bot.views.escape import mrkdwn
from shared.alerts import Daily, Mute, QuietHours
from shared.models import Severity
from shared.query import Choice
from shared.store import Place

_REASON = 300


def rules(place: Place | None, say: Say) -> list[str]:
    """The quiet hours and the digest of a place, each as a line."""
    hours, daily = (place.quiet, place.digest) if place else (None, None)
    return [
        say("Quiet hours: {hours}", hours=_hours(hours, say) if hours else say("none")),
        say("Daily digest: {time}", time=_time(daily) if daily else say("none; each change is told when it is seen")),
    ]


def quiet(hours: QuietHours | None, place: str, now: datetime, say: Say) -> Message:
    """The quiet hours as they are now."""
    if hours is None:
        return blocks.notice(say("✅ No more quiet hours for {place}. What was held back is told now.", place=place))
    until = hours.until(now)
    lines = [
        say("✅ Quiet hours for {place}: {hours}", place=place, hours=_hours(hours, say)),
        say("What happens meanwhile is told afterwards, in one message."),
        say("It is quiet now, until {moment}.", moment=phrases.moment(until)) if until else say("It is not quiet now."),
    ]
    return blocks.message(phrases.sentences(lines), [blocks.section("\n".join(lines))])


def digest(daily: Daily | None, place: str, now: datetime, say: Say) -> Message:
    """The digest as it is now."""
    if daily is None:
        text = say(
            "✅ No more digest for {place}: each change is told when it is seen. What was held back is told now.",
            place=place,
        )
        return blocks.notice(text)
    lines = [
        say("✅ Digest for {place}: everything together, each day at {time}.", place=place, time=_time(daily)),
        say("Critical changes are told at once all the same."),
        say("The next time is {moment}.", moment=phrases.moment(daily.next(now))),
    ]
    return blocks.message(phrases.sentences(lines), [blocks.section("\n".join(lines))])


def muted(mute: Mute, name: str, place: str, say: Say) -> Message:
    """An assistant's alerts stay away for a while. `name` is mrkdwn."""
    lines = [
        say(
            "🔕 Muted for {place} until {moment}: {name}",
            place=place,
            name=name,
            moment=phrases.moment(mute.until),
        ),
        *([say("Reason: {reason}", reason=mrkdwn(mute.reason, _REASON))] if mute.reason else []),
        say("What happens meanwhile stands in the history, and is not told afterwards."),
    ]
    return blocks.message(
        phrases.sentences(lines), [blocks.section("\n".join(lines)), blocks.actions([unmute(mute, say)])]
    )


def unmuted(name: str, place: str, say: Say, *, was_muted: bool) -> Message:
    """They come again, or (not `was_muted`) have not stayed away. `name` is mrkdwn."""
    if was_muted:
        return blocks.notice(say("🔔 No longer muted for {place}: {name}", place=place, name=name))
    return blocks.notice(say("Not muted for {place}: {name}", name=name, place=place))


def unmute(mute: Mute, say: Say) -> Block:
    """The button that ends it."""
    again = Unmute(str(mute.assistant), Choice(include=(mute.account,)))
    return blocks.button(say("Unmute"), state.action_id(state.RUN, "unmute"), written(again))


def _hours(hours: QuietHours, say: Say) -> str:
    known = {
        None: say("nothing comes through"),
        Severity.INFO: say("everything comes through"),
        Severity.WARNING: say("warnings and critical changes come through"),
        Severity.CRITICAL: say("critical changes come through"),
    }
    return f"*{hours.start:%H:%M}–{hours.end:%H:%M}* {_zone(hours.zone)}; {known[hours.passes]}"


def _time(daily: Daily) -> str:
    return f"*{daily.at:%H:%M}* {_zone(daily.zone)}"


def _zone(name: str) -> str:
    return f"({name})"
