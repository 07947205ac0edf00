"""What is owed to channels, what was set aside, and since when nobody has looked; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.asking import Asker
from bot.translation import Say
from bot.views import blocks, changes, phrases, places, state
from bot.views.blocks import Block
from bot.views.escape import code
from bot.views.rows import PageOf
from shared.models import Change
from shared.store import Delivery

RETRY = "retry"
"""A button that owes a delivery again that was set aside; its value is the delivery's number."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Backlog:
    """`owed` deliveries should have been told by now, the longest owed since `oldest`; `aside`: the latest few.

    `last_poll`: when the account was looked at that has waited longest, None where one never was.
    """

    owed: int
    oldest: datetime | None
    aside: Sequence[Delivery]
    last_poll: datetime | None


def in_words(backlog: Backlog, say: Say) -> list[str]:
    """Two or three lines."""
    lines = [
        say("Last look at the accounts: {moment}", moment=phrases.moment(backlog.last_poll))
        if backlog.last_poll
        else say("Not every account has been looked at yet")
    ]
    if backlog.owed and backlog.oldest:
        owed = say.count(backlog.owed, "{number} message owed", "{number} messages owed")
        lines.append(say("Alerts: {owed}, since {moment}", owed=owed, moment=phrases.moment(backlog.oldest)))
    else:
        lines.append(say("Alerts: nothing is owed"))
    if backlog.aside:
        lines.append(f"⚠️ {_count(backlog, say)}")
    return lines


def set_aside(backlog: Backlog, asker: Asker) -> list[Block]:
    """The deliveries that were given up, each with a button for another attempt where one may press it."""
    say = asker.say
    if not backlog.aside:
        return []
    shown = [
        blocks.section(
            say(
                "{place}: {error}, owed since {moment}",
                place=f"<@{one.recipient}>" if one.recipient else places.name(one.place, say),
                error=code(one.error, 100),
                moment=phrases.moment(one.owed_at),
            ),
            blocks.button(
                say("Try again"),
                state.action_id(RETRY, one.id),
                str(one.id),
                spoken=say("Try again: alert {number}", number=one.id),
            )
            if asker.admin
            else None,
        )
        for one in backlog.aside[:_SHOWN]
    ]
    return [blocks.section(f"⚠️ *{_count(backlog, say)}*"), *shown]


def newest(found: Sequence[Change], say: Say, page_of: PageOf) -> list[Block]:
    """The changes that were seen last, newest first."""
    if not found:
        return []
    lines = [
        f"{changes.line(one, say, page_of(one.account, one.assistant) if one.assistant else '')} · {ago(one.seen_at)}"
        for one in found
    ]
    return [
        blocks.section(say("*Newest changes*")),
        *(blocks.section(blocks.cut(line, blocks.SECTION_LIMIT)) for line in lines),
    ]


def ago(at: datetime) -> str:
    """How long ago, as Slack counts it while somebody looks."""
    return f"<!date^{int(at.timestamp())}^{{ago}}|{at:%Y-%m-%d %H:%M} UTC>"


def _count(backlog: Backlog, say: Say) -> str:
    number = len(backlog.aside)
    if number > _SHOWN:
        return say("More than {number} messages could not be delivered and are set aside", number=say.number(_SHOWN))
    return say.count(
        number,
        "{number} message could not be delivered and is set aside",
        "{number} messages could not be delivered and are set aside",
    )
