"""Who did what, page by page; pure."""

from collections.abc import Sequence

from bot.grammar import Log, written
from bot.translation import Say
from bot.views import blocks, phrases, places, state
from bot.views.blocks import Message
from bot.views.escape import code, mrkdwn
from shared.store import LogEntry

ROWS = 15
"""Entries of one page."""
_DETAIL = 300


def page(entries: Sequence[LogEntry], command: Log, say: Say) -> Message:
    """The first entries, newest first, and a button for what is older."""
    shown = entries[:ROWS]
    lines = [_line(entry, say) for entry in shown]
    title = say("Who did what")
    nothing = say("There is nothing older.") if command.after is not None else say("Nobody has done anything yet.")
    older = written(Log(shown[-1].id)) if len(entries) > ROWS else ""
    buttons = [
        *(
            [blocks.button(say("← Newest"), state.action_id(state.RUN, "newest"), written(Log()))]
            if command.after
            else []
        ),
        *([blocks.button(say("Older →"), state.action_id(state.RUN, "older"), older)] if older else []),
    ]
    return blocks.message(
        phrases.sentences([title, *(lines or [nothing])]),
        [
            blocks.section(f"*{title}*"),
            *map(blocks.section, lines or [nothing]),
            *([blocks.actions(buttons)] if buttons else []),
        ],
    )


def _line(entry: LogEntry, say: Say) -> str:
    facts = [
        phrases.moment(entry.at),
        f"<@{entry.by}> {_action(entry.action, say)}",
        places.name(entry.place, say),
        code(entry.detail, _DETAIL) if entry.detail else "",
    ]
    return " · ".join(filter(None, facts))


def _action(action: str, say: Say) -> str:
    """What was done, in words."""
    known = {
        "subscribe": say("subscribed"),
        "unsubscribe": say("ended a subscription"),
        "resume": say("had it told again"),
        "mute": say("muted"),
        "unmute": say("unmuted"),
        "ignore": say("ignored a finding"),
        "unignore": say("had a finding told again"),
        "acknowledge": say("acknowledged"),
        "retry": say("had it posted again"),
        "quiet": say("set the quiet hours"),
        "digest": say("set the digest"),
        "test": say("sent a test"),
    }
    return known.get(action) or mrkdwn(action, 60)
