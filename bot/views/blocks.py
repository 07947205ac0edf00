"""Block Kit's parts, as far as our messages and views use them. Texts come in escaped and translated."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Message = dict[str, Any]
"""`text`, which notifications and screen readers read, and `blocks`, which everybody else sees."""

# https://docs.slack.dev/reference/block-kit/blocks
SECTION_LIMIT = 3_000
HEADER_LIMIT = 150
FIELDS_LIMIT = 10
BUTTON_LIMIT = 75
# What Slack advises: https://docs.slack.dev/reference/methods/chat.postMessage
TEXT_LIMIT = 4_000


def message(text: str, blocks: Sequence[Block]) -> Message:
    """A message that says the same in brief and in full."""
    brief = text if len(text) <= TEXT_LIMIT else f"{text[: TEXT_LIMIT - 1]}…"
    return {"text": brief, "blocks": list(blocks)}


def notice(text: str) -> Message:
    """A message of one paragraph."""
    return message(text, [section(text)])


def header(plain: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain_text(plain)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def section(mrkdwn: str, accessory: Block | None = None) -> Block:
    """A paragraph; beside it a button or menu."""
    return {"type": "section", "text": _mrkdwn(mrkdwn), **({"accessory": accessory} if accessory else {})}


def literal(plain: str) -> Block:
    """A paragraph in which nothing is formatting: texts of others, as they are."""
    return {"type": "section", "text": plain_text(plain)}


def fields(mrkdwn: Sequence[str]) -> list[Block]:
    """Short texts in two columns, in as many blocks as they need."""
    return [
        {"type": "section", "fields": [_mrkdwn(text) for text in mrkdwn[start : start + FIELDS_LIMIT]]}
        for start in range(0, len(mrkdwn), FIELDS_LIMIT)
    ]


def context(mrkdwn: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_mrkdwn(mrkdwn)]}


def preformatted(text: str) -> Block:
    """Text of others in a fixed-width font, which Slack offers to copy; nothing in it is formatting."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def rich_list(items: Sequence[Sequence[tuple[str, bool]]]) -> Block:
    """A list of literal texts, of which some parts are bold."""
    return {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": _runs(item)} for item in items],
            }
        ],
    }


def actions(elements: Sequence[Block], block_id: str = "") -> Block:
    """Buttons and menus in a row."""
    return {"type": "actions", "elements": list(elements), **({"block_id": block_id} if block_id else {})}


def button(label: str, action_id: str, value: str, *, confirm: Block | None = None, spoken: str = "") -> Block:
    """A button; `value` is the text that it runs, `spoken` what screen readers say where the label is not enough."""
    return {
        "type": "button",
        "text": plain_text(cut(label, BUTTON_LIMIT)),
        "action_id": action_id,
        "value": value,
        **({"accessibility_label": cut(spoken, BUTTON_LIMIT)} if spoken else {}),
        **({"confirm": confirm} if confirm else {}),
    }


def link(label: str, action_id: str, url: str) -> Block:
    """A button that opens a page."""
    return {"type": "button", "text": plain_text(cut(label, BUTTON_LIMIT)), "action_id": action_id, "url": url}


def menu(label: str, action_id: str, options: Mapping[str, str], chosen: str = "") -> Block:
    """A menu of one choice; `options`: what each is called, by its value. `chosen` is shown as such where it is one."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(label),
        "options": [option(name, value) for value, name in options.items()],
        **({"initial_option": option(options[chosen], chosen)} if chosen in options else {}),
    }


def checkboxes(action_id: str, options: Mapping[str, str], checked: Collection[str]) -> Block:
    """Boxes of which any may be checked; `options`: what stands beside each, by its value."""
    initial = [option(name, value) for value, name in options.items() if value in checked]
    return {
        "type": "checkboxes",
        "action_id": action_id,
        "options": [option(name, value) for value, name in options.items()],
        **({"initial_options": initial} if initial else {}),
    }


def option(name: str, value: str) -> Block:
    """One line of a menu."""
    return {"text": plain_text(cut(name, BUTTON_LIMIT)), "value": value}


def confirmation(title: str, text: str, confirm: str, deny: str) -> Block:
    """Asks before a button does what it does."""
    return {
        "title": plain_text(title),
        "text": plain_text(text),
        "confirm": plain_text(confirm),
        "deny": plain_text(deny),
    }


def plain_text(text: str) -> Block:
    """Text in which nothing is formatting."""
    # Without emoji: a name such as :smile: stays what it is.
    return {"type": "plain_text", "text": text, "emoji": False}


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def size(block: Block) -> int:
    """The characters of all texts in a block, as Slack counts them for a message."""
    return sum(
        len(value) if name == "text" and isinstance(value, str) else sum(map(size, _parts(value)))
        for name, value in block.items()
    )


def _runs(parts: Sequence[tuple[str, bool]]) -> list[Block]:
    return [
        {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})} for text, bold in parts if text
    ]


def _parts(value: Any) -> list[Block]:
    if isinstance(value, dict):
        return [value]
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _mrkdwn(text: str) -> Block:
    # Verbatim: Slack makes no links and mentions of what merely looks like one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
