"""What one can do with a list: turn its pages, ask again, share it, sort it, choose a status; pure.

Each control carries the text that it runs. A text that is too long for it is typed instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.grammar import Find, Listing, written
from bot.translation import Say
from bot.views import blocks, state
from bot.views.blocks import Block
from bot.views.escape import plain
from bot.words import FILTERS, SORT_FIELDS, STATUSES, Filter
from shared.answers import Page
from shared.query import Choice, Sort, SortField
from shared.query.choice import ANYTHING, fold

STATUSES_OFFERED = 30
"""A menu takes 100; more than these nobody looks through."""
_OPTION_LIMIT = 150


def text_of(command: Listing | Find, cursor: str | None = None) -> str:
    """The text of this page, or of the one at the cursor ("": the first); "" where it is too long for a button."""
    if cursor is not None:
        command = replace(command, query=command.query.model_copy(update={"cursor": cursor}))
    text = written(command)
    return text if len(text) <= state.VALUE_LIMIT else ""


def buttons(found: Page, command: Listing | Find, say: Say, *, shareable: bool) -> list[Block]:
    """Back and next, refresh, share; a line that says what had to be left out."""
    here = text_of(command)
    back = text_of(command, found.previous_cursor) if found.previous_cursor else ""
    following = text_of(command, found.next_cursor) if found.next_cursor else ""
    shown = [
        *([blocks.button(say("← Back"), state.action_id(state.RUN, "back"), back)] if back else []),
        *([blocks.button(say("Next →"), state.action_id(state.RUN, "next"), following)] if following else []),
        *([blocks.button(say("Refresh"), state.action_id(state.REFRESH), here)] if here else []),
        *([share(here, say)] if here and shareable and found.assistants else []),
    ]
    lost = bool(found.next_cursor and not following) or bool(found.previous_cursor and not back)
    return [
        *([blocks.actions(shown)] if shown else []),
        *([blocks.context(say("There are more; narrow the list down to see them."))] if lost else []),
    ]


def share(text: str, say: Say) -> Block:
    """Asks first: from then on others see it."""
    return blocks.button(
        say("Share to channel"),
        state.action_id(state.SHARE),
        text,
        confirm=blocks.confirmation(
            say("Share this list?"), say("Everybody in this channel will see it."), say("Share"), say("Cancel")
        ),
    )


def menus(found: Page, command: Listing | Find, say: Say) -> list[Block]:
    """The order and the status, as they are and as they may be."""
    text = written(replace(command, query=command.query.model_copy(update={"cursor": ""})))
    order, status = state.menu_ids("sort", text), state.menu_ids("status", text)
    if order is None or status is None:
        hint = say(
            "The query is too long for menus of order and status: put words such as `{order}` or `{status}` into it.",
            order=f"{FILTERS[Filter.SORT](say.language)}:-{SORT_FIELDS['updated'](say.language)}",
            status=f"{FILTERS[Filter.STATUS](say.language)}:{STATUSES['active'](say.language)}",
        )
        return [blocks.context(hint)]
    orders, statuses = _orders(found, say), _statuses(found, say)
    return [
        blocks.actions(
            [
                blocks.menu(say("Sort by"), order[0], orders, _order(found.query.sort)),
                blocks.menu(say("Status"), status[0], statuses, _status(found)),
            ],
            order[1],
        )
    ]


def _orders(found: Page, say: Say) -> Mapping[str, str]:
    """What each order is called, by its sort key; the present one among them."""
    offered = {
        "name": say("Sorted by name"),
        "-updated": say("Sorted by change, latest first"),
        "updated": say("Sorted by change, oldest first"),
        "-created": say("Sorted by age, newest first"),
        "created": say("Sorted by age, oldest first"),
        "status": say("Sorted by status"),
        "mode": say("Sorted by mode"),
        "language": say("Sorted by language"),
        "id": say("Sorted by ID"),
        **({"account": say("Sorted by account")} if len(found.origins) > 1 else {}),
    }
    present = _order(found.query.sort)
    if present not in offered and len(present) <= _OPTION_LIMIT:
        offered[present] = say("Sorted by {order}", order=present)
    return offered


def _order(sort: Sequence[Sort]) -> str:
    """The keys as the core reads them; a list that nobody sorted is sorted by name."""
    return ",".join(map(str, sort)) or SortField.NAME.value


def _statuses(found: Page, say: Say) -> Mapping[str, str]:
    """What each status is called, by the choice of it; any, those that occur, and the present choice."""
    offered = {ANYTHING: say("Any status")}
    for status in found.statuses[:STATUSES_OFFERED]:
        known = STATUSES.get(status.casefold())
        choice = str(Choice(include=(status,)))
        if status.strip() and len(choice) <= _OPTION_LIMIT:
            offered.setdefault(
                choice, say("Status: {status}", status=known(say.language) if known else plain(status, 60))
            )
    present = str(found.query.status)
    if present and _status(found) == present and len(present) <= _OPTION_LIMIT:
        offered.setdefault(present, say("Status: {status}", status=plain(present, 60)))
    return offered


def _status(found: Page) -> str:
    """The present choice, as the status that occurs where it is one of these."""
    present = found.query.status
    if not present:
        return ANYTHING
    if len(present.include) == 1 and not present.exclude:
        for status in found.statuses[:STATUSES_OFFERED]:
            if fold(status) == fold(present.include[0]):
                return str(Choice(include=(status,)))
    return str(present)
