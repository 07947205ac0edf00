"""Block Kit's parts, as far as our messages use them. Texts come in escaped."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
Message = dict[str, Any]
"""`text`, which notifications and screen readers read, and `blocks`, which everybody else sees."""

# https://docs.slack.dev/reference/block-kit/blocks
SECTION_LIMIT = 3_000
HEADER_LIMIT = 150
FIELDS_LIMIT = 10
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
    return {"type": "header", "text": _plain(plain)}


def section(mrkdwn: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def literal(plain: str) -> Block:
    """A paragraph in which nothing is formatting: texts of others, as they are."""
    return {"type": "section", "text": _plain(plain)}


def fields(mrkdwn: Sequence[str]) -> list[Block]:
    """Short texts in two columns, in as many blocks as they need."""
    return [
        {"type": "section", "fields": [_mrkdwn(text) for text in mrkdwn[start : start + FIELDS_LIMIT]]}
        for start in range(0, len(mrkdwn), FIELDS_LIMIT)
    ]


def context(mrkdwn: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_mrkdwn(mrkdwn)]}


def _mrkdwn(text: str) -> Block:
    # Verbatim: Slack makes no links and mentions of what merely looks like one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
