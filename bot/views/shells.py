"""What an answer is put into: a message, or a modal with its pages; pure."""

from collections.abc import Sequence
from typing import Any

from bot.translation import Say
from bot.views import blocks, state
from bot.views.answers import Answer, Attachment, Sheet
from bot.views.blocks import Block, Message
from bot.views.state import Shown

View = dict[str, Any]

CALLBACK = "answer"
"""The modal that answers are shown in."""
_TITLE_LIMIT = 24
_CHARACTERS = 11_000
"""Of a sheet in a message; Slack takes about 13,000 in all."""
_BLOCKS = 45


def waiting(say: Say, command: str) -> View:
    """A modal until its answer is there."""
    return _modal(say, say("Famulor"), [blocks.section(say("One moment …"))], Shown(command))


def as_modal(answer: Answer, say: Say, command: str) -> View:
    """The answer as a modal."""
    match answer:
        case Sheet():
            pages = _pages(answer, say)
            return _modal(say, answer.title, [*answer.blocks, *pages], Shown(answer.command, answer.page))
        case Attachment():
            return _modal(say, say("Famulor"), file_sent(say)["blocks"], Shown(command))
        case _:
            return _modal(say, say("Famulor"), answer["blocks"], Shown(command))


def as_message(answer: Answer, say: Say) -> Message:
    """The answer as a message; of a sheet as much as a message takes, and a button for the rest."""
    match answer:
        case Sheet():
            shown = list(_fitting(answer.blocks))
            whole = len(shown) == len(answer.blocks) and answer.pages == 1
            label = say("Open") if whole else say("Show everything")
            button = blocks.button(label, state.action_id(answer.verb or state.OPEN), answer.command)
            return blocks.message(answer.text, [*shown, blocks.actions([button])])
        case Attachment():
            return file_sent(say)
        case _:
            return answer


def file_sent(say: Say) -> Message:
    """Where the file is."""
    return blocks.notice(say("I have sent you the file in our direct messages; nobody else sees it."))


def file_failed(say: Say) -> Message:
    """There is no file."""
    return blocks.notice(say("⚠️ Slack did not take the file. Please try again in a minute."))


def _modal(say: Say, title: str, content: Sequence[Block], shown: Shown) -> View:
    metadata = str(shown)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": blocks.plain_text(title if len(title) <= _TITLE_LIMIT else f"{title[: _TITLE_LIMIT - 1]}…"),
        "close": blocks.plain_text(say("Close")),
        # A text that is too long to be kept can't be turned over; its buttons say so by not being there.
        "private_metadata": metadata if len(metadata) <= state.METADATA_LIMIT else str(Shown("")),
        "blocks": list(content),
    }


def _pages(sheet: Sheet, say: Say) -> list[Block]:
    if sheet.pages == 1:
        return []
    turns = [
        blocks.button(
            label, state.action_id(sheet.verb or state.TURN, page), sheet.command if sheet.verb else str(page)
        )
        for label, page in ((say("← Back"), sheet.page - 1), (say("Next →"), sheet.page + 1))
        if 1 <= page <= sheet.pages
    ]
    place = say("Page {page} of {pages}", page=say.number(sheet.page), pages=say.number(sheet.pages))
    return [blocks.context(place), blocks.actions(turns)]


def _fitting(content: Sequence[Block]) -> Sequence[Block]:
    """The first blocks that fit into a message."""
    size = 0
    for number, block in enumerate(content[:_BLOCKS]):
        size += blocks.size(block)
        if size > _CHARACTERS:
            return content[:number]
    return content[:_BLOCKS]


def as_home(answer: Answer, say: Say) -> View:
    """The answer as a Home."""
    return {"type": "home", "blocks": as_message(answer, say)["blocks"]}
