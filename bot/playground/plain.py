"""A Slack message or view as a terminal can show it: pure, and nothing vanishes."""

import re
from collections.abc import Callable, Mapping
from typing import Any

# <https://…|label>, <@U…>, <#C…|name>, <!here>, <!date^…|fallback>
REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
# A name from elsewhere must not steer the terminal, nor turn the text around.
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

Json = Mapping[str, Any]

# What stands in a rich text, as the mark before, the name of what is shown, and the mark after.
RICH_ELEMENTS = {
    "broadcast": ("@", "range", ""),
    "channel": ("#", "channel_id", ""),
    "color": ("", "value", ""),
    "emoji": (":", "name", ":"),
    "text": ("", "text", ""),
    "user": ("@", "user_id", ""),
    "usergroup": ("@", "usergroup_id", ""),
}


def as_text(payload: Json) -> str:
    """The blocks as text, or the text where there are none, then the attachments and files."""
    blocks = [block_as_text(block) for block in _objects(payload.get("blocks"))]
    shown = blocks or [_mrkdwn(str(payload.get("text") or ""))]
    attachments = [_attachment(attachment) for attachment in _objects(payload.get("attachments"))]
    files = [_file(file) for file in _objects(payload.get("files"))]
    return _steady([*shown, *attachments, *files])


def view_as_text(payload: Json) -> str:
    """A modal or Home: its title, its blocks, and the buttons below."""
    title = [_header({"text": payload["title"]})] if payload.get("title") else []
    blocks = [block_as_text(block) for block in _objects(payload.get("blocks"))]
    buttons = " ".join(f"[{_text(payload[name])}]" for name in ("submit", "close") if payload.get(name))
    return _steady([*title, *blocks, *([buttons] if buttons else [])])


def _steady(lines: list[str]) -> str:
    return STEERING.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines)).strip("\n")


def block_as_text(block: Json) -> str:
    """One block; of a type that is not known here, at least the type."""
    render = _BLOCKS.get(str(block.get("type")))
    return render(block) if render else f"[unknown block: {block.get('type')}]"


def _attachment(attachment: Json) -> str:
    if attachment.get("blocks"):
        return "\n".join(block_as_text(block) for block in _objects(attachment["blocks"]))
    parts = [attachment.get(name) for name in ("pretext", "title", "text")]
    return "\n".join(_mrkdwn(str(part)) for part in parts if part) or str(attachment.get("fallback") or "")


def _file(file: Json) -> str:
    size = f", {file['size']} bytes" if "size" in file else ""
    return f"[file: {file.get('title') or file.get('name', '')}{size}]"


def _header(block: Json) -> str:
    text = _text(block.get("text"))
    return f"{text}\n{'=' * len(text)}"


def _section(block: Json) -> str:
    lines = [_text(block["text"])] if block.get("text") else []
    lines += [_text(field) for field in _objects(block.get("fields"))]
    if isinstance(block.get("accessory"), Mapping):
        lines.append(_element(block["accessory"]))
    return "\n".join(lines)


def _context(block: Json) -> str:
    return " · ".join(_element(element) for element in _objects(block.get("elements")))


def _actions(block: Json) -> str:
    return " ".join(_element(element) for element in _objects(block.get("elements")))


def _divider(_: Json) -> str:
    return "-" * 40


def _image(block: Json) -> str:
    title = f"{_text(block.get('title'))} " if block.get("title") else ""
    return f"[{title}image: {block.get('alt_text', '')}]"


def _input(block: Json) -> str:
    hint = f"\n{_text(block['hint'])}" if block.get("hint") else ""
    element = block.get("element")
    return f"{_text(block.get('label'))}: {_element(element) if isinstance(element, Mapping) else ''}{hint}"


def _markdown(block: Json) -> str:
    return str(block.get("text", ""))


def _alert(block: Json) -> str:
    return f"[{block.get('level', 'default')}] {_text(block.get('text'))}"


def _card(block: Json) -> str:
    lines = [_text(block[name]) for name in ("title", "subtitle", "body") if block.get(name)]
    lines += [_element(element) for element in _objects(block.get("actions"))]
    return "\n".join(lines)


def _table(block: Json) -> str:
    rows = [[_cell(cell) for cell in _objects(row)] for row in _lists(block.get("rows"))]
    columns = max((len(row) for row in rows), default=0)
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(columns)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    )


def _cell(cell: Json) -> str:
    if cell.get("type") == "rich_text":
        return _rich_text(cell).replace("\n", " ")
    return str(cell.get("text", cell.get("value", "")))


def _rich_text(block: Json) -> str:
    return "\n".join(_rich_part(part) for part in _objects(block.get("elements")))


def _rich_part(part: Json) -> str:
    elements = _objects(part.get("elements"))
    match part.get("type"):
        case "rich_text_section" | "rich_text_preformatted":
            return "".join(map(_rich_element, elements))
        case "rich_text_quote":
            return "> " + "".join(map(_rich_element, elements)).replace("\n", "\n> ")
        case "rich_text_list":
            indent = "  " * _number(part.get("indent"))
            ordered = part.get("style") == "ordered"
            first = 1 + _number(part.get("offset"))
            items = ["".join(map(_rich_element, _objects(item.get("elements")))) for item in elements]
            return "\n".join(
                f"{indent}{f'{number}.' if ordered else '-'} {item}" for number, item in enumerate(items, first)
            )
    return f"[unknown block: {part.get('type')}]"


def _rich_element(element: Json) -> str:
    kind = str(element.get("type"))
    if kind == "link":
        return _link(str(element.get("url", "")), str(element.get("text") or ""))
    if kind == "date":
        return str(element.get("fallback") or element.get("timestamp", ""))
    if kind not in RICH_ELEMENTS:
        return f"[unknown element: {kind}]"
    before, name, after = RICH_ELEMENTS[kind]
    return f"{before}{element.get(name, '')}{after}"


def _element(element: Json) -> str:
    """What can stand in a context, among actions, beside a section or in an input."""
    match element.get("type"):
        case "plain_text" | "mrkdwn":
            return _text(element)
        case "image":
            return _image(element)
        case "button":
            url = f" {element['url']}" if element.get("url") else ""
            return f"[{_text(element.get('text'))}]{url}"
    groups = _objects(element.get("option_groups"))
    options = [option for group in [element, *groups] for option in _objects(group.get("options"))]
    choices = " / ".join(_text(option.get("text")) for option in options)
    placeholder = _text(element.get("placeholder")) if element.get("placeholder") else str(element.get("type"))
    return f"[{placeholder}: {choices}]" if choices else f"[{placeholder}]"


def _text(value: Any) -> str:
    """A text object, or a bare string."""
    text = str(value.get("text", "")) if isinstance(value, Mapping) else str(value or "")
    return _unescaped(text) if isinstance(value, Mapping) and value.get("type") == "plain_text" else _mrkdwn(text)


def _mrkdwn(text: str) -> str:
    """References as people read them, and the escapes undone."""
    return _unescaped(REFERENCE.sub(_reference, text))


def _unescaped(text: str) -> str:
    """Slack undoes these three in every text; & comes last, for `&amp;lt;` means `&lt;`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _reference(match: re.Match[str]) -> str:
    mark, target, label = match.group(1), match.group(2), match.group(3) or ""
    if not mark:
        return _link(target, label) if ":" in target else match.group()
    if mark == "!":
        return label or f"@{target}"
    return f"{mark}{label or target}"


def _link(url: str, label: str) -> str:
    return f"{label} ({url})" if label and label != url else url


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _lists(value: Any) -> list[list[Any]]:
    return [item for item in value if isinstance(item, list)] if isinstance(value, list) else []


_BLOCKS: dict[str, Callable[[Json], str]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "video": _image,
}
