"""Slack's mark-up in what people type → the text that they saw; pure.

Slack sends `<#C1|general>` for #general, `<https://a.de|a.de>` for a.de, and `&lt;` for <.
"""

import re
import unicodedata

_MARKUP = re.compile(
    r"<(?:(?P<sign>[@#!])(?P<target>[^<>|]*)|(?:mailto:|tel:)(?P<address>[^<>|\s]*)|(?P<link>https?://[^<>|\s]*))"
    r"(?:\|(?P<label>[^<>]*))?>"
)
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^<>]*)?>")
_ENTITY = re.compile(r"&(lt|gt|amp);")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&"}
_MARKUP_BEGINS = re.compile(r"<(?=[@#!]|mailto:|tel:|https?://)")
_ENTITY_BEGINS = re.compile(r"&(?=(?:lt|gt|amp);)")
# Nobody types these, and PostgreSQL takes no NUL; line ends and tabs are blanks.
_CONTROLS = {code: " " for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc" and chr(code) not in "\t\n\r"}


def plain(text: str, *, channel_ids: bool = False) -> str:
    """The text without mark-up, control characters and halves of characters (JSON may carry them).

    `channel_ids`: of a channel its id stands there, `#C1`, instead of its name.
    """
    whole = text.encode(errors="replace").decode()
    named = _CHANNEL.sub(r"#\1", whole) if channel_ids else whole
    seen = _ENTITY.sub(lambda found: _CHARACTERS[found[1]], _MARKUP.sub(_seen, named))
    return seen.translate(_CONTROLS)


def kept(text: str) -> str:
    """The text so that `plain` gives it back, also where it only looks like mark-up."""
    return _MARKUP_BEGINS.sub("&lt;", _ENTITY_BEGINS.sub("&amp;", text))


def _seen(markup: re.Match[str]) -> str:
    label = markup["label"] or ""
    match markup["sign"]:
        case None:
            return label or markup["address"] or markup["link"] or ""
        case "!" if markup["target"].startswith("date^"):
            return label
        case "!":
            return f"@{(label or markup['target']).removeprefix('@')}"
        case sign:
            return f"{sign}{(label or markup['target']).removeprefix(sign)}"
