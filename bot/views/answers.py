"""What an answer can be: a message, something long that is shown page by page, or a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views.blocks import Block, Message


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of something long, as a modal shows it.

    `command` is the text that shows the same again, `page` of `pages` counts from 1. `text` says it in brief, for
    notifications and screen readers where it becomes a message. `verb` (of `state`) is what opens it and turns its
    pages, "" for OPEN and TURN: what isn't asked for by a text has one of its own.
    """

    title: str
    command: str
    text: str
    blocks: Sequence[Block]
    page: int = 1
    pages: int = 1
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file for whoever asked, and nobody else; `text` says what it is, `alt_text` what is seen in a picture."""

    name: str
    content: bytes
    text: str
    alt_text: str = ""


Answer = Message | Sheet | Attachment
