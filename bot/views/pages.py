"""A page of assistants as a message."""

from bot.grammar import Listing, written
from bot.views import blocks, origins, phrases
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn
from bot.words import COMMAND
from shared.core import Page
from shared.models import Assistant, Names

_COMMAND_LIMIT = 2_500
"""Characters of a command that a message can show; a cursor holds the last row's name, which may be long."""


def page(found: Page) -> Message:
    """The rows, how many there are, how fresh they are, and how to see more."""
    title = _title(found)
    concerns = origins.concerns(found.origins)
    asked = code(f"{COMMAND} {written(Listing(found.query.model_copy(update={'cursor': ''})))}", 150)
    footer = [asked, *_shown(found), origins.fetched(found.origins)]
    return blocks.message(
        ". ".join([title, *([_brief(found)] if found.assistants else []), *concerns]),
        [
            blocks.header(title),
            *_rows(found),
            *_next(found),
            *map(blocks.section, concerns),
            blocks.context(" · ".join(footer)),
        ],
    )


def _title(found: Page) -> str:
    everything = phrases.count(found.of, "outbound assistant")
    if not found.of:
        return "There are no outbound assistants"
    if not found.total:
        return f"None of {everything}"
    return everything if found.total == found.of else f"{found.total:,} of {everything}"


def _rows(found: Page) -> list[Block]:
    several = len(found.origins) > 1
    if found.assistants:
        return [
            blocks.section(_row(assistant, found.names[assistant.account], several=several))
            for assistant in found.assistants
        ]
    if not found.of:
        return [blocks.section("As soon as somebody creates one in Famulor, it is listed here.")]
    if found.total:
        return [blocks.section("The list has become shorter since: nothing comes after that page.")]
    return [blocks.section(f"No assistant matches. {code(f'{COMMAND} outbound')} lists all of them.")]


def _row(assistant: Assistant, names: Names, *, several: bool) -> str:
    language = names.language(assistant)
    facts = [
        phrases.status(assistant.status),
        mrkdwn(assistant.account, 60) if several else "",
        mrkdwn(assistant.mode, 40),
        f"language {language}" if language.isdecimal() else mrkdwn(language, 40),
        mrkdwn(assistant.timezone, 60),
        phrases.webhook(assistant.webhook),
        f"updated {phrases.moment(assistant.updated_at)}" if assistant.updated_at else "",
    ]
    title = f"{phrases.symbol(assistant.status)} *{phrases.name(assistant.name)}* `{assistant.id}`"
    return f"{title}\n{' · '.join(fact for fact in facts if fact)}"


def _brief(found: Page) -> str:
    rows = [
        f"{phrases.name(assistant.name, 100)} ({assistant.id}), {phrases.status(assistant.status)}"
        for assistant in found.assistants
    ]
    return "; ".join([*rows, *(["and more"] if found.next_cursor else [])])


def _shown(found: Page) -> list[str]:
    if len(found.assistants) == found.total:
        return []
    return [f"{len(found.assistants)} of {found.total:,} shown"]


def _next(found: Page) -> list[Block]:
    if not found.next_cursor:
        return []
    query = found.query.model_copy(update={"cursor": found.next_cursor})
    command = f"{COMMAND} {written(Listing(query))}"
    if len(command) > _COMMAND_LIMIT:
        return [blocks.section("There are more; narrow the list down to see them.")]
    return [blocks.section(f"The next ones: {code(command, blocks.SECTION_LIMIT - 100)}")]
