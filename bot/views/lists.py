"""A page of assistants: for who asked, and shared with a channel; pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.grammar import Find, Listing, written
from bot.translation import Say
from bot.views import blocks, controls, origins, rows, state
from bot.views.blocks import HEADER_LIMIT, Block, Message
from bot.views.escape import code, mrkdwn, plain
from bot.views.rows import PageOf
from bot.words import COMMAND, FILTERS, VALUES, Filter
from shared.answers import Page
from shared.query import AssistantQuery, Unmatched

_QUERY_LIMIT = 300
_UNMATCHED = 2
"""Of many values that nobody has, the first are told."""
_OCCURRING = 8


def page(found: Page, command: Listing | Find, say: Say, page_of: PageOf, *, shareable: bool) -> Message:
    """The rows, how many there are, how fresh they are, and what can be done with them."""
    return _message(
        found,
        command,
        say,
        content=rows.rows(found, command, say, page_of) or _nothing(found, command, say),
        below=[
            *controls.buttons(found, command, say, shareable=shareable),
            *(controls.menus(found, command, say) if found.of else []),
        ],
    )


def shared(found: Page, command: Listing | Find, say: Say, page_of: PageOf, *, by: str) -> Message:
    """The same for a channel; `by` is who shared it. Nothing in it changes what the others see."""
    text = controls.text_of(command)
    opening = blocks.button(say("Open for me"), state.action_id(state.OPEN, "list"), text) if text else None
    return _message(
        found,
        command,
        say,
        content=rows.rows(found, command, say, page_of) or _nothing(found, command, say)[:1],
        below=[blocks.actions([opening])] if opening else [],
        first=say("Shared by {user}", user=f"<@{by}>"),
    )


def understood(command: Listing | Find, say: Say) -> str:
    """The query in the words of the reader's language, as a code span."""
    whole = replace(command, query=command.query.model_copy(update={"cursor": ""}))
    return code(f"{COMMAND} {written(whole, say.language)}", _QUERY_LIMIT)


def title(found: Page, command: Listing | Find, say: Say) -> str:
    """How many of how many."""
    matching = say.number(found.total)
    if not found.of:
        return say("There are no outbound assistants")
    if isinstance(command, Find):
        return say.count(
            found.of,
            "{matching} of {number} prompt says it",
            "{matching} of {number} prompts say it",
            matching=matching,
        )
    if found.total == found.of:
        return say.count(found.of, "{number} outbound assistant", "{number} outbound assistants")
    return say.count(
        found.of,
        "{matching} of {number} outbound assistant",
        "{matching} of {number} outbound assistants",
        matching=matching,
    )


def unmatched(values: Sequence[Unmatched], say: Say) -> list[str]:
    """The values of filters that nobody has, with those that do occur."""
    lines = [
        say(
            "⚠️ No assistant has {value}. There are: {occurring}.",
            value=code(f"{FILTERS[Filter(one.filter)](say.language)}:{one.value}", 100),
            occurring=", ".join(_word(one.filter, value, say) for value in one.occurring[:_OCCURRING]),
        )
        for one in values[:_UNMATCHED]
        if one.occurring
    ]
    hidden = len(values) - _UNMATCHED
    if hidden > 0:
        lines.append(
            say.count(
                hidden,
                "⚠️ {number} more value of this query occurs nowhere.",
                "⚠️ {number} more values of this query occur nowhere.",
            )
        )
    return lines


def _message(  # noqa: PLR0913 # the parts of a message
    found: Page,
    command: Listing | Find,
    say: Say,
    *,
    content: Sequence[Block],
    below: Sequence[Block],
    first: str = "",
) -> Message:
    headline = title(found, command, say)
    matching = say("{matching} of {all} match", matching=say.number(found.total), all=say.number(found.of))
    warnings = [*unmatched(found.unmatched, say), *origins.concerns(found.origins, say)]
    read_aloud = [first, headline, rows.brief(found, command, say), *warnings]
    return blocks.message(
        ". ".join(filter(None, read_aloud)),
        [
            blocks.header(plain(headline, HEADER_LIMIT)),
            blocks.context(" · ".join(filter(None, [first, understood(command, say), matching, _part(found, say)]))),
            *content,
            *map(blocks.section, warnings),
            *below,
            blocks.context(origins.fetched(found.origins, say)),
        ],
    )


def _part(found: Page, say: Say) -> str:
    if not found.assistants or len(found.assistants) == found.total:
        return ""
    return say(
        "shown: {first} to {last}",
        first=say.number(found.first),
        last=say.number(found.first + len(found.assistants) - 1),
    )


def _nothing(found: Page, command: Listing | Find, say: Say) -> list[Block]:
    if not found.of:
        return [blocks.section(say("As soon as somebody creates one in Famulor, it is listed here."))]
    if found.total:
        return [
            blocks.section(say("The list has become shorter since: nothing comes after that page.")),
            *_button(say("First page"), controls.text_of(command, "")),
        ]
    return [
        blocks.section(say("No assistant matches.")),
        *_button(say("All outbound assistants"), written(Listing(AssistantQuery()))),
    ]


def _button(label: str, text: str) -> list[Block]:
    return [blocks.actions([blocks.button(label, state.action_id(state.RUN, "instead"), text)])] if text else []


def _word(label: str, value: str, say: Say) -> str:
    known = VALUES.get(Filter(label), {}).get(value.casefold())
    return known(say.language) if known else mrkdwn(value, 40)
