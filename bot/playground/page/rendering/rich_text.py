"""`rich_text` blocks, and the cells of tables that are such, as HTML."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from bot.playground.page.rendering import mrkdwn
from bot.playground.page.rendering.drawing import Drawing
from bot.playground.page.rendering.emoji import emoji
from bot.playground.page.rendering.templates import drawn

Json = Mapping[str, Any]

DEEPEST_INDENT = 8
_STYLES = {"code": "code", "bold": "strong", "italic": "em", "strike": "s", "underline": "u", "highlight": "mark"}
_OF_A_DATE = ("timestamp", "format", "url", "fallback")


def rich_text(block: Json, drawing: Drawing) -> Markup:
    """The parts of the block, one below the other."""
    return Markup().join(_part(part, drawing) for part in drawing.objects(block.get("elements")))


def _part(part: Json, drawing: Drawing) -> Markup:
    match part.get("type"):
        case "rich_text_section":
            return styled_block("div", _run(part, drawing))
        case "rich_text_preformatted":
            return styled_block("pre", styled_block("code", _run(part, drawing)))
        case "rich_text_quote":
            return styled_block("blockquote", _run(part, drawing))
        case "rich_text_list":
            items = [_item(item, drawing) for item in drawing.objects(part.get("elements"))]
            indent = min(DEEPEST_INDENT, max(0, _number(part.get("indent"))))
            first = 1 + _number(part.get("offset"))
            is_ordered = part.get("style") == "ordered"
            return drawn("blocks/rich_text.html", "listed", items, indent, first, is_ordered)
    return drawing.unknown(part)


def styled_block(tag: str, shown: Markup) -> Markup:
    """The same as `mrkdwn.styled`; nothing where there is nothing to show."""
    return mrkdwn.styled(tag, shown) if shown else Markup()


def _item(item: Json, drawing: Drawing) -> Markup:
    return _run(item, drawing) if item.get("type") == "rich_text_section" else _part(item, drawing)


def _run(part: Json, drawing: Drawing) -> Markup:
    return Markup().join(_element(element, drawing) for element in drawing.objects(part.get("elements")))


def _element(element: Json, drawing: Drawing) -> Markup:
    draw = _ELEMENTS.get(str(element.get("type")))
    if draw is None:
        return drawing.unknown(element)
    shown, style = draw(element, drawing), element.get("style")
    for name, tag in _STYLES.items():
        if isinstance(style, Mapping) and style.get(name):
            shown = mrkdwn.styled(tag, shown)
    return shown


def _emoji(element: Json, _: Drawing) -> Markup:
    codes = str(element.get("unicode") or "").split("-")
    try:
        return escape("".join(chr(int(code, 16)) for code in codes))
    except (ValueError, OverflowError):
        return escape(emoji(str(element.get("name", ""))))


def _link(element: Json, _: Drawing) -> Markup:
    url = str(element.get("url", ""))
    return mrkdwn.link(url, str(element.get("text") or url))


def _date(element: Json, drawing: Drawing) -> Markup:
    timestamp, form, url, fallback = (str(element.get(name) or "") for name in _OF_A_DATE)
    return mrkdwn.date(timestamp, form, url, fallback, drawing.on)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


_ELEMENTS: dict[str, Callable[[Json, Drawing], Markup]] = {
    "broadcast": lambda element, _: mrkdwn.broadcast(str(element.get("range", ""))),
    "channel": lambda element, drawing: mrkdwn.channel_mention(str(element.get("channel_id", "")), "", drawing.on),
    "color": lambda element, _: mrkdwn.styled("code", str(element.get("value", ""))),
    "date": _date,
    "emoji": _emoji,
    "link": _link,
    "text": lambda element, _: escape(str(element.get("text", ""))),
    "user": lambda element, drawing: mrkdwn.user_mention(str(element.get("user_id", "")), "", drawing.on),
    "usergroup": lambda element, drawing: mrkdwn.usergroup_mention(
        str(element.get("usergroup_id", "")), "", drawing.on
    ),
}
