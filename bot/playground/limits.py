"""What Slack refuses in a message or a view, said before Slack does.

Pure, and never raises: the payload may come from anywhere. The numbers are those
of https://docs.slack.dev/reference/block-kit and of Slack's own refusals.
"""

from collections.abc import Iterator, Mapping
from typing import Any

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_VIEW = 100
# Not in Slack's reference; where `msg_blocks_too_long` was seen to begin.
CHARACTERS_IN_A_MESSAGE = 13_000
CHARACTERS_OF_MARKDOWN = 12_000
CHARACTERS_IN_A_TABLE = 10_000
ROWS_IN_A_TABLE = 100
COLUMNS_IN_A_TABLE = 20
LONGEST_ID = 255
ADVISED_TEXT = 4_000

VIEWS = {"modal", "home"}
BLOCKS = {
    *("section", "header", "divider", "context", "actions", "image", "input", "markdown", "rich_text", "table"),
    *("alert", "call", "card", "carousel", "container", "context_actions", "data_table", "data_visualization"),
    *("file", "plan", "task_card", "video"),
}

# Things that need no type are known by the key they stand under; these two also where they have one.
BY_PLACE = {"fields": "field", "placeholder": "placeholder"}
UNTYPED = {"confirm": "confirm", "options": "option", "option_groups": "option group"}

# The most characters of each text, by the thing it belongs to.
LENGTHS: dict[str, dict[str, int]] = {
    "plain_text": {"text": 3_000},
    "mrkdwn": {"text": 3_000},
    "field": {"text": 2_000},
    "placeholder": {"text": 150},
    "header": {"text": 150},
    "button": {"text": 75, "value": 2_000, "url": 3_000, "accessibility_label": 75},
    "option group": {"label": 75},
    "option": {"text": 75, "value": 150, "description": 75, "url": 3_000},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "image": {"alt_text": 2_000, "image_url": 3_000, "title": 2_000},
    "input": {"label": 2_000, "hint": 2_000},
    "modal": {"title": 24, "submit": 24, "close": 24, "private_metadata": 3_000, "callback_id": LONGEST_ID},
    "home": {"private_metadata": 3_000, "callback_id": LONGEST_ID},
}

# How many parts each thing has, at least and at most.
COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    "section": {"fields": (1, 10)},
    "context": {"elements": (1, 10)},
    "actions": {"elements": (1, 25)},
    "overflow": {"options": (1, 5)},
    "static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "multi_static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "option group": {"options": (1, 100)},
    "radio_buttons": {"options": (1, 10)},
    "checkboxes": {"options": (1, 10)},
}

# What a thing cannot do without: one of each group.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "section": (("text", "fields"),),
    "header": (("text",),),
    "markdown": (("text",),),
    "context": (("elements",),),
    "actions": (("elements",),),
    "rich_text": (("elements",),),
    "table": (("rows",),),
    "image": (("alt_text",), ("image_url", "slack_file")),
    "input": (("label",), ("element",)),
    "button": (("text",),),
    "option group": (("label",), ("options",)),
    "option": (("text",), ("value", "url")),
    "confirm": (("title",), ("text",)),
    "modal": (("title",), ("blocks",)),
    "home": (("blocks",),),
}


# The type of each text that has to be an object.
PLAIN, EITHER = {"plain_text"}, {"mrkdwn", "plain_text"}
TEXTS: dict[str, dict[str, set[str]]] = {
    "section": {"text": EITHER},
    "header": {"text": PLAIN},
    "button": {"text": PLAIN},
    "option": {"text": EITHER, "description": EITHER},
    "option group": {"label": PLAIN},
    "input": {"label": PLAIN, "hint": PLAIN},
    "confirm": {"title": PLAIN, "text": EITHER, "confirm": PLAIN, "deny": PLAIN},
    "modal": {"title": PLAIN, "submit": PLAIN, "close": PLAIN},
}

# What may stand in the `elements` of a block.
ELEMENTS: dict[str, set[str]] = {
    "context": {"plain_text", "mrkdwn", "image"},
    "actions": {
        *("button", "checkboxes", "datepicker", "datetimepicker", "overflow", "radio_buttons", "timepicker"),
        *("channels_select", "conversations_select", "external_select", "static_select", "users_select"),
        "workflow_button",
    },
}

# Nothing that Slack takes is nested deeper; what is deeper is not looked at.
DEEPEST = 50

# Where a list of blocks stands, and the list; an object's place, kind and the object itself.
Stack = tuple[str, list[Any]]
Thing = tuple[str, str, Mapping[str, Any]]


def problems(payload: object) -> list[str]:
    """Every reason for which Slack would refuse this message or view, in Slack's manner.

    Each ends with where it is: "no more than 50 items allowed [json-pointer:/blocks]".
    """
    if not isinstance(payload, Mapping):
        return [_at("", "must be an object")]
    view = _type(payload) if _type(payload) in VIEWS else ""
    things = list(_things(payload if view else _what_is_limited(payload)))
    stacks = [(f"{at}/blocks", thing["blocks"]) for at, _, thing in things if _is_stack(at, thing)]
    lists = [(at, blocks) for at, blocks in stacks if isinstance(blocks, list)]
    return [
        *(_at(at, "must be an array") for at, blocks in stacks if not isinstance(blocks, list)),
        *(problem for stack in lists for problem in _block_problems(*stack, view)),
        *(problem for thing in things for problem in _thing_problems(*thing)),
        *_identity_problems(things),
        *_table_problems(lists, view),
        *_sum_problems(things, view),
    ]


def advice(payload: object) -> list[str]:
    """What Slack accepts, and people may still miss."""
    text = payload.get("text") if isinstance(payload, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        return [_at("/text", "without a text, notifications and screen readers say nothing of the blocks")]
    if len(text) > ADVISED_TEXT:
        return [_at("/text", f"should be at most {ADVISED_TEXT} characters")]
    return []


def _things(payload: Mapping[str, Any]) -> Iterator[Thing]:
    """Every object in the payload; without recursion, for how deep it goes is not ours to say."""
    waiting: list[tuple[str, str, Any]] = [("", "", payload)]
    while waiting:
        at, key, value = waiting.pop()
        if isinstance(value, Mapping):
            kind = BY_PLACE.get(key) or _type(value) or UNTYPED.get(key, "")
            yield at, kind, value
            children = [(f"{at}/{name}", str(name), child) for name, child in value.items()]
        elif isinstance(value, list):
            children = [(f"{at}/{number}", key, child) for number, child in enumerate(value)]
        else:
            continue
        waiting += reversed(children if at.count("/") < DEEPEST else [])


def _what_is_limited(message: Mapping[str, Any]) -> dict[str, Any]:
    """The blocks of a message, its attachments' blocks in their places."""
    attachments = message.get("attachments")
    return {
        "blocks": message.get("blocks"),
        "attachments": [
            {"blocks": attachment.get("blocks")} if isinstance(attachment, Mapping) else {}
            for attachment in (attachments if isinstance(attachments, list) else ())
        ],
    }


def _is_stack(at: str, thing: Mapping[str, Any]) -> bool:
    """Whether a message, a view or an attachment carries its blocks here."""
    attachment = at.startswith("/attachments/") and at.count("/") == "/attachments/0".count("/")
    return thing.get("blocks") is not None and (not at or attachment)


def _block_problems(at: str, blocks: list[Any], view: str) -> Iterator[str]:
    most = BLOCKS_IN_A_VIEW if view else BLOCKS_IN_A_MESSAGE
    if len(blocks) > most:
        yield _at(at, f"no more than {most} items allowed")
    for number, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            yield _at(f"{at}/{number}", "must be an object")
        elif _type(block) not in BLOCKS:
            yield _at(f"{at}/{number}/type", f"unsupported type: {_type(block)}")


def _thing_problems(at: str, kind: str, thing: Mapping[str, Any]) -> Iterator[str]:
    for alternatives in REQUIRED.get(kind, ()):
        if all(thing.get(name) is None for name in alternatives):
            yield _at(at, f"missing required field: {' or '.join(alternatives)}")
    for name, most in LENGTHS.get(kind, {}).items():
        if len(_text(thing.get(name))) > most:
            yield _at(f"{at}/{name}", f"must be less than {most + 1} characters")
    for name, (least, most) in COUNTS.get(kind, {}).items():
        yield from _count_problems(f"{at}/{name}", thing.get(name), least, most)
    yield from _text_problems(at, kind, thing)
    elements = thing.get("elements")
    for number, element in enumerate(elements if kind in ELEMENTS and isinstance(elements, list) else ()):
        if _type(element) not in ELEMENTS[kind]:
            yield _at(f"{at}/elements/{number}", f"unsupported element: {_type(element)}")


def _text_problems(at: str, kind: str, thing: Mapping[str, Any]) -> Iterator[str]:
    for name, types in TEXTS.get(kind, {}).items():
        if thing.get(name) is not None and _type(thing[name]) not in types:
            yield _at(f"{at}/{name}", f"must be a {' or '.join(sorted(types))} object")
    if (kind in EITHER or kind in BY_PLACE.values()) and not _text(thing):
        yield _at(f"{at}/text", "must be more than 0 characters")


def _count_problems(at: str, parts: object, least: int, most: int) -> Iterator[str]:
    if parts is None:
        return
    if not isinstance(parts, list):
        yield _at(at, "must be an array")
    elif len(parts) > most:
        yield _at(at, f"no more than {most} items allowed")
    elif len(parts) < least:
        yield _at(at, f"no fewer than {least} items allowed")


def _identity_problems(things: list[Thing]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for at, _, thing in things:
        for name in ("block_id", "action_id"):
            identity = thing.get(name)
            if identity is None:
                continue
            if not isinstance(identity, str) or not 0 < len(identity) <= LONGEST_ID:
                yield _at(f"{at}/{name}", f"must be a string of less than {LONGEST_ID + 1} characters")
            elif (name, identity) in seen:
                yield _at(f"{at}/{name}", f"{name} already exists: {identity}")
            else:
                seen.add((name, identity))


def _table_problems(stacks: list[Stack], view: str) -> Iterator[str]:
    blocks = [(f"{at}/{number}", block) for at, stack in stacks for number, block in enumerate(stack)]
    tables = [(at, block) for at, block in blocks if _type(block) == "table"]
    if tables and view == "home":
        yield _at(tables[0][0], "unsupported type: table")
    if len(tables) > 1:
        yield _at(tables[1][0], "only one table is allowed")
    for at, table in tables:
        yield from _count_problems(f"{at}/rows", table.get("rows"), 1, ROWS_IN_A_TABLE)
        yield from _cell_problems(f"{at}/rows", table.get("rows"))


def _cell_problems(at: str, rows: object) -> Iterator[str]:
    characters = 0
    for row_number, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from _count_problems(f"{at}/{row_number}", row, 1, COLUMNS_IN_A_TABLE)
        for number, cell in enumerate(row if isinstance(row, list) else ()):
            length = sum(_own_characters(thing) for _, _, thing in _things({"cell": cell}))
            characters += length
            if not length:
                yield _at(f"{at}/{row_number}/{number}", "must be more than 0 characters")
    if characters > CHARACTERS_IN_A_TABLE:
        yield _at(at, f"must be less than {CHARACTERS_IN_A_TABLE + 1} characters")


def _sum_problems(things: list[Thing], view: str) -> Iterator[str]:
    markdown = sum(len(_text(thing)) for _, kind, thing in things if kind == "markdown")
    if markdown > CHARACTERS_OF_MARKDOWN:
        yield _at("/blocks", f"all markdown together must be less than {CHARACTERS_OF_MARKDOWN + 1} characters")
    has_input = any(kind == "input" for _, kind, _ in things)
    if view == "modal" and has_input and not things[0][2].get("submit"):
        yield _at("/submit", "missing required field: submit, as there is an input")
    if not view:
        characters = sum(_own_characters(thing) for at, _, thing in things if at.startswith("/blocks"))
        if characters > CHARACTERS_IN_A_MESSAGE:
            yield _at("/blocks", f"msg_blocks_too_long: {characters} of {CHARACTERS_IN_A_MESSAGE} characters")


def _own_characters(thing: Mapping[str, Any]) -> int:
    text = thing.get("text")
    if isinstance(text, str):
        return len(text)
    # In a rich text an emoji, a mention or a bare link is there without a text.
    return 1 if any(name in thing for name in ("name", "user_id", "url", "value")) else 0


def _text(value: Any) -> str:
    """The string, or the string inside the text object."""
    text = value.get("text") if isinstance(value, Mapping) else value
    return text if isinstance(text, str) else ""


def _type(value: Any) -> str:
    kind = value.get("type") if isinstance(value, Mapping) else None
    return kind if isinstance(kind, str) else ""


def _at(at: str, problem: str) -> str:
    return f"{problem} [json-pointer:{at}]"
