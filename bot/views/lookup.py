"""The form that looks an assistant up, and the assistants that a message names; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.translation import Say
from bot.views import blocks, phrases, rows, state
from bot.views.blocks import Block, Message
from bot.views.escape import mrkdwn
from bot.views.shells import View
from shared.models import Assistant

LOOKUP = "lookup"
"""The global shortcut, and the form that it opens."""
LOOKUP_IN_MESSAGE = "lookup_in_message"
"""The shortcut in the menu of a message."""
FIELD = "asked"
"""The block and the field of the form."""
MOST = 10
"""Assistants of one message that are offered."""
LONGEST = 300
"""Characters of the field; no name is longer."""


def form(say: Say, text: str = "", note: str = "") -> View:
    """A form with one field, filled with `text`. It keeps its language: whoever acknowledges it has no time to ask."""
    return {
        "type": "modal",
        "callback_id": LOOKUP,
        "title": blocks.plain_text(say("Look up assistant")),
        "submit": blocks.plain_text(say("Look up")),
        "close": blocks.plain_text(say("Close")),
        "private_metadata": say.language,
        "blocks": [*([blocks.section(note)] if note else []), _field(say, blocks.cut(text, LONGEST))],
    }


def typed(view: Mapping[str, Any]) -> str:
    """What was typed into the form."""
    return state.typed(view, FIELD)


def empty(say: Say) -> dict[str, str]:
    """What is wrong with a form that is sent off empty, by block."""
    return {FIELD: say("Type a name, an id or a command.")}


def several(found: Sequence[Assistant], say: Say) -> Message:
    """The assistants that a message names, each with a button."""
    total = say.count(len(found), "This message names {number} assistant.", "This message names {number} assistants.")
    hidden = len(found) - MOST
    more = say.count(hidden, "{number} more is not shown.", "{number} more are not shown.")
    return blocks.message(
        total,
        [
            blocks.section(total),
            *(blocks.section(_line(assistant, say), rows.details(assistant, say)) for assistant in found[:MOST]),
            *([blocks.context(more)] if hidden > 0 else []),
        ],
    )


def not_opened(say: Say) -> Message:
    """Slack did not open the form in time."""
    return blocks.notice(
        say("Slack did not open the form in time. Please try again, or type `/assistants show` and a name.")
    )


def _line(assistant: Assistant, say: Say) -> str:
    title = f"*{phrases.name(assistant.name, say, 150)}* `{assistant.id}`"
    return f"{title}\n{phrases.status(assistant.status, say)} · {mrkdwn(assistant.account, 40)}"


def _field(say: Say, text: str) -> Block:
    return {
        "type": "input",
        "block_id": FIELD,
        # An empty form is answered in the language of the app's words.
        "optional": True,
        "label": blocks.plain_text(say("Name, id or command")),
        "element": {
            "type": "plain_text_input",
            "action_id": FIELD,
            "focus_on_load": True,
            "max_length": LONGEST,
            "placeholder": blocks.plain_text(say("Sales Follow-up · 42 · compare 42 57 · outbound active")),
            **({"initial_value": text} if text else {}),
        },
    }
