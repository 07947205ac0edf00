"""What Slack refuses in a message, a view or an unfurl, said before Slack does.

Pure, and never raises: the payload may come from anywhere. From a terminal:
`python -m bot.playground.limits FILE…`, or a payload on standard input.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.limits.checks import count_problems, problems_of
from bot.playground.limits.rules import (
    ADVISED_TEXT,
    BLOCKS,
    BLOCKS_IN_A_MESSAGE,
    BLOCKS_IN_A_VIEW,
    BYTES_IN_A_VIEW,
    CHARACTERS_IN_A_MESSAGE,
    CHARACTERS_IN_A_TABLE,
    CHARACTERS_OF_MARKDOWN,
    COLUMNS_IN_A_TABLE,
    LONGEST_ID,
    LONGEST_TEXT,
    NOT_IN_A_HOME,
    NOT_IN_MESSAGES,
    NOT_IN_VIEWS,
    ROWS_IN_A_TABLE,
    VIEWS,
)
from bot.playground.limits.things import Thing, located, own_characters, text_of, things, type_of

__all__ = ["BLOCKS", "advice", "problems"]

# Where a list of blocks stands, and the list.
Stack = tuple[str, list[Any]]


def problems(payload: object) -> list[str]:
    """Every reason for which Slack would refuse this message, view, unfurl or suggestion, in Slack's manner.

    Each ends with where it is: "no more than 50 items allowed [json-pointer:/blocks]". Arguments of a call, such
    as those of `views.open` or `chat.unfurl`, are taken too.
    """
    if not isinstance(payload, Mapping):
        return [located("", "must be an object")]
    if isinstance(payload.get("view"), Mapping) and not type_of(payload):
        return _surface_problems(payload["view"], "/view")
    return _surface_problems(payload, "")


def advice(payload: object) -> list[str]:
    """What Slack accepts, and people may still miss. Only messages have such."""
    if isinstance(payload, Mapping) and (type_of(payload) in VIEWS or {"view", "unfurls", "options"} & payload.keys()):
        return []
    text = payload.get("text") if isinstance(payload, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        return [located("/text", "without a text, notifications and screen readers say nothing of the blocks")]
    if len(text) > ADVISED_TEXT:
        return [located("/text", f"should be at most {ADVISED_TEXT} characters")]
    return []


def _surface_problems(payload: Mapping[str, Any], at: str) -> list[str]:
    view = type_of(payload) if type_of(payload) in VIEWS else ""
    found = list(things(payload if view else _what_is_limited(payload), at))
    if not view and {"options", "option_groups"} & payload.keys():
        found[0] = ("", "suggestions", payload)
    stacks = [(f"{place}/blocks", thing["blocks"]) for place, _, thing in found if _is_stack(place, at, thing)]
    lists = [(place, blocks) for place, blocks in stacks if isinstance(blocks, list)]
    return [
        *(located(place, "must be an array") for place, blocks in stacks if not isinstance(blocks, list)),
        *(problem for stack in lists for problem in _block_problems(*stack, view)),
        *(problem for thing in found for problem in problems_of(*thing)),
        *_identity_problems(found),
        *_table_problems(lists),
        *_sum_problems(found, view, at),
        *_size_problems(payload, view, at),
    ]


def _what_is_limited(message: Mapping[str, Any]) -> dict[str, Any]:
    """The blocks of a message, its attachments' and unfurls' blocks in their places, and suggested options."""
    attachments, unfurls = message.get("attachments"), message.get("unfurls")
    return {
        **{name: message[name] for name in ("options", "option_groups") if name in message},
        "blocks": message.get("blocks"),
        "attachments": [_blocks_of(one) for one in (attachments if isinstance(attachments, list) else ())],
        "unfurls": {str(url): _blocks_of(one) for url, one in (unfurls if isinstance(unfurls, dict) else {}).items()},
    }


def _blocks_of(attachment: object) -> dict[str, Any]:
    return {"blocks": attachment.get("blocks")} if isinstance(attachment, Mapping) else {}


def _is_stack(place: str, root: str, thing: Mapping[str, Any]) -> bool:
    """Whether a message, a view, an attachment or an unfurl carries its blocks here."""
    inside = place.startswith(("/attachments/", "/unfurls/")) and place.count("/") == "/attachments/0".count("/")
    return thing.get("blocks") is not None and (place == root or inside)


def _block_problems(at: str, blocks: list[Any], view: str) -> Iterator[str]:
    most = BLOCKS_IN_A_VIEW if view else BLOCKS_IN_A_MESSAGE
    if len(blocks) > most:
        yield located(at, f"no more than {most} items allowed")
    elsewhere = (NOT_IN_VIEWS | (NOT_IN_A_HOME if view == "home" else set())) if view else set()
    for number, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            yield located(f"{at}/{number}", "must be an object")
        elif type_of(block) not in BLOCKS or type_of(block) in elsewhere:
            yield located(f"{at}/{number}/type", f"unsupported type: {type_of(block)}")
        elif not view and type_of(block.get("element")) in NOT_IN_MESSAGES:
            yield located(f"{at}/{number}/element", f"unsupported element: {type_of(block['element'])}")


def _identity_problems(found: list[Thing]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    focused = 0
    for at, _, thing in found:
        for name in ("block_id", "action_id"):
            identity = thing.get(name)
            if identity is None:
                continue
            if not isinstance(identity, str) or not 0 < len(identity) <= LONGEST_ID:
                yield located(f"{at}/{name}", f"must be a string of less than {LONGEST_ID + 1} characters")
            elif (name, identity) in seen:
                yield located(f"{at}/{name}", f"{name} already exists: {identity}")
            else:
                seen.add((name, identity))
        focused += thing.get("focus_on_load") is True
        if focused > 1 and thing.get("focus_on_load") is True:
            yield located(f"{at}/focus_on_load", "only one element may have the focus")


def _table_problems(stacks: list[Stack]) -> Iterator[str]:
    blocks = [(f"{at}/{number}", block) for at, stack in stacks for number, block in enumerate(stack)]
    tables = [(at, block) for at, block in blocks if type_of(block) == "table"]
    if len(tables) > 1:
        yield located(tables[1][0], "only one table is allowed")
    for at, table in tables:
        yield from count_problems(f"{at}/rows", table.get("rows"), 1, ROWS_IN_A_TABLE)
        yield from _cell_problems(f"{at}/rows", table.get("rows"))


def _cell_problems(at: str, rows: object) -> Iterator[str]:
    characters = 0
    for row_number, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from count_problems(f"{at}/{row_number}", row, 1, COLUMNS_IN_A_TABLE)
        for number, cell in enumerate(row if isinstance(row, list) else ()):
            length = sum(own_characters(thing) for _, _, thing in things({"cell": cell}))
            characters += length
            if not length:
                yield located(f"{at}/{row_number}/{number}", "must be more than 0 characters")
    if characters > CHARACTERS_IN_A_TABLE:
        yield located(at, f"must be less than {CHARACTERS_IN_A_TABLE + 1} characters")


def _sum_problems(found: list[Thing], view: str, root: str) -> Iterator[str]:
    markdown = sum(len(text_of(thing)) for _, kind, thing in found if kind == "markdown")
    if markdown > CHARACTERS_OF_MARKDOWN:
        yield located("/blocks", f"all markdown together must be less than {CHARACTERS_OF_MARKDOWN + 1} characters")
    has_input = any(kind == "input" for _, kind, _ in found)
    if view == "modal" and has_input and not found[0][2].get("submit"):
        yield located(f"{root}/submit", "missing required field: submit, as there is an input")
    if not view:
        characters = sum(own_characters(thing) for at, _, thing in found if at.startswith("/blocks"))
        if characters > CHARACTERS_IN_A_MESSAGE:
            yield located("/blocks", f"msg_blocks_too_long: {characters} of {CHARACTERS_IN_A_MESSAGE} characters")


def _size_problems(payload: Mapping[str, Any], view: str, root: str) -> Iterator[str]:
    text = payload.get("text")
    if not view and isinstance(text, str) and len(text) > LONGEST_TEXT:
        yield located("/text", f"msg_too_long: {len(text)} of {LONGEST_TEXT} characters")
    if view and _bytes(payload) > BYTES_IN_A_VIEW:
        yield located(root, f"view_too_large: must be less than {BYTES_IN_A_VIEW + 1} bytes")


def _bytes(payload: Mapping[str, Any]) -> int:
    try:
        return len(json.dumps(payload))
    except (TypeError, ValueError, RecursionError):
        # What is no JSON never gets as far as a limit.
        return 0
