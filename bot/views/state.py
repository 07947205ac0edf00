"""What buttons and menus carry, so that they work after a restart: the text that they run; pure.

A button has its text in `value` (2,000 characters). A menu's options hold 150, and Slack tells of an ephemeral
message's button nothing but the button: a menu has its text in its own `action_id` and its block's `block_id`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RUN = "run"
"""Show the answer to the text where the button is: in place of the message or the modal."""
REFRESH = "refresh"
"""The same, past what is remembered of Famulor's answers."""
OPEN = "open"
"""Show the answer in a modal."""
VARY = "vary"
"""Run the text with the chosen option instead of what it says about that."""
SHARE = "share"
"""Post the answer into the channel, for everybody."""
TURN = "turn"
"""Another page of what the modal shows; `value` is its number."""

JSON = "json"
"""The assistant that the text shows, as JSON; the number behind the verb is the page, and "" opens it on top."""

LINK = "link"
"""Opens a page by itself; Slack still tells, and wants to hear that it was heard."""

VALUE_LIMIT = 2_000
ID_LIMIT = 255
METADATA_LIMIT = 3_000


def action_id(verb: str, number: int | str = "") -> str:
    """`run:3`: unique inside a payload where the number is."""
    return f"{verb}:{number}"


def verb(action: Mapping[str, Any]) -> str:
    """What a button or menu is for; "" where it is none of ours."""
    return str(action.get("action_id") or "").partition(":")[0]


def menu_ids(what: str, text: str) -> tuple[str, str] | None:
    """`action_id` and `block_id` of a menu that varies `what` of the text; None where the text is too long for them.

    The block's id is the same for every menu of one text, so that they can stand in one block.
    """
    head = f"{VARY}:{what}:"
    room = ID_LIMIT - len(f"{VARY}:") - LONGEST_MENU - 1
    rest = text[room:]
    if len(rest) > ID_LIMIT - len(f"{VARY}:"):
        return None
    return f"{head}{text[:room]}", f"{VARY}:{rest}"


LONGEST_MENU = 10
"""Characters of what a menu varies: `sort`, `status`, `on`, `min`."""


def menu_text(action: Mapping[str, Any]) -> tuple[str, str]:
    """What a menu varies, and the text that it varies."""
    _verb, _colon, rest = str(action.get("action_id") or "").partition(":")
    what, _colon, text = rest.partition(":")
    return what, text + str(action.get("block_id") or "").partition(":")[2]


def chosen(action: Mapping[str, Any]) -> str:
    """What was chosen from a menu, or every box that is checked, with commas."""
    several = action.get("selected_options")
    options = several if several and isinstance(several, list) else [action.get("selected_option")]
    return ",".join(str(option.get("value") or "") for option in options if isinstance(option, Mapping))


def typed(view: Mapping[str, Any], field: str) -> str:
    """What was typed into a form's field, whose block has the same name; "" where nothing was."""
    found: Any = view
    for name in ("state", "values", field, field, "value"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found.strip() if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a modal shows: the answer to a text, and which page of it."""

    command: str
    page: int = 1

    def __str__(self) -> str:
        return json.dumps({"command": self.command, "page": self.page}, ensure_ascii=False)

    @classmethod
    def read(cls, metadata: str) -> "Shown":
        """What `str` wrote; nothing where it is something else."""
        try:
            content = json.loads(metadata)
        except (ValueError, RecursionError):
            return cls("")
        if not isinstance(content, dict):
            return cls("")
        command, page = content.get("command"), content.get("page")
        return cls(command if isinstance(command, str) else "", page if isinstance(page, int) and page > 0 else 1)
