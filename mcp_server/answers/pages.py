"""What `list_outbound_assistants` answers: rows, how many there are, how fresh they are, and how to go on.

Concise rows, and those of chosen fields, are a table: `columns`, and under them one list a row. It takes half the
tokens of objects, which repeat eight names each. Detailed rows are objects, as `get_outbound_assistant` shows them.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, JsonValue

from mcp_server import render
from mcp_server.answers import budget, origins
from mcp_server.answers.cursors import continuing
from mcp_server.answers.fields import BRIEF, CONCISE, FIELDS, Value, everything
from mcp_server.answers.origins import AccountPart, RejectedRecord
from mcp_server.answers.results import NOTE, Answer, Line, NextCall
from shared.query import cursor_after

if TYPE_CHECKING:
    from shared.core import Page
    from shared.models import Assistant

ASIDE = 4
"""Unreadable records, and accounts, get one part in so many each of an answer."""
WORDS = 400
"""Bytes kept free for saying what was left out of a row."""

Row = list[JsonValue] | dict[str, JsonValue]


class PageAnswer(Answer):
    """Assistants that match: `total` of the `of` that there are."""

    note: Line
    total: int
    of: int
    hint: Annotated[Line, Field(description="Filter values that no assistant has.")] = ""
    columns: Annotated[tuple[Line, ...], Field(description="What the cells of each row are.")] = ()
    # Cells are JSON that we have made: pydantic would look into each of them, three times an answer.
    assistants: tuple[list[Any] | dict[str, Any], ...]
    left_out: Line = ""
    next_cursor: Annotated[str, Field(description="Pass it as `cursor` for the next page; absent on the last.")] = ""
    next_call: NextCall | None = None
    fetched_at: Annotated[Line, Field(description="When the data came from Famulor (the oldest of it), in UTC.")]
    stale: Annotated[bool, Field(description="Whether newer data was asked for in vain; see `stale_reason`.")]
    stale_reason: Line = ""
    rejected: tuple[RejectedRecord, ...] = ()
    rejected_total: int = 0
    accounts: tuple[AccountPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """How a page is to be shown, and what was asked for it.

    `fields` are the chosen ones, () for those that `detailed` decides; `several`: whether there is more than one
    account to tell apart; `asked_at`: when the first page was; `call`: the arguments that are not the default.
    """

    fields: tuple[str, ...]
    detailed: bool
    several: bool
    max_tokens: int
    asked_at: datetime
    call: Mapping[str, JsonValue]

    def answer(self, page: "Page") -> PageAnswer:
        """The page, with as many of its rows as have room."""
        columns = self._columns(page)
        rows = self._rows(page, columns)
        whole = self._answer(page, columns, rows)
        if not rows or whole.tokens <= self.max_tokens:
            return whole
        # The largest count that was weighed and not too heavy: with its own cursor and all that stands around it.
        count = bisect_right(
            range(1, len(rows)),
            self.max_tokens,
            key=lambda count: self._answer(page, columns, rows[:count]).tokens,
        )
        if count:
            return self._answer(page, columns, rows[:count])
        around = budget.size(self._answer(page, columns, rows[:1])) - budget.size(rows[0]) + WORDS
        row, cut = _cut(rows[0], columns, self.max_tokens * budget.BYTES_A_TOKEN - around)
        return self._answer(page, columns, [row], cut)

    def _columns(self, page: "Page") -> tuple[str, ...]:
        """The cells of each row; () where rows are objects."""
        if self.detailed and not self.fields:
            return ()
        searched = any(search.include for search in page.query.search)
        added = (*(["account"] * self.several), *(["snippet"] * searched))
        return tuple(dict.fromkeys((*(self.fields or CONCISE), *added)))

    def _rows(self, page: "Page", columns: Sequence[str]) -> Sequence[Row]:
        if not columns:
            return [self._object(one, page) for one in page.assistants]
        values: dict[str, Value] = {
            **(FIELDS if self.fields else BRIEF),
            "snippet": lambda assistant, _names: _snippet(assistant, page),
        }
        cells = [values[column] for column in columns]
        return [[cell(one, page.names[one.account]) for cell in cells] for one in page.assistants]

    def _object(self, assistant: "Assistant", page: "Page") -> dict[str, JsonValue]:
        fields = everything(assistant, page.names[assistant.account], several=self.several)
        snippet = _snippet(assistant, page)
        return {**fields, "snippet": snippet} if snippet else fields

    def _answer(
        self, page: "Page", columns: tuple[str, ...], rows: Sequence[Row], cut: Sequence[str] = ()
    ) -> PageAnswer:
        """The answer with these first rows of the page, of the last of which `cut` was left out."""
        room = self.max_tokens * budget.BYTES_A_TOKEN // ASIDE
        accounts = origins.accounts(page.origins, room) if self.several else ()
        left_out = [*cut, *_fewer(rows, page.assistants, "rows of this page")]
        left_out += _fewer(accounts, page.origins, "accounts") if self.several else []
        complete = len(rows) == len(page.assistants)
        more = page.next_cursor if complete else cursor_after(page.assistants[len(rows) - 1], page.query)
        next_cursor = continuing(self.asked_at, more) if more else ""
        stale = [origin for origin in page.origins if origin.stale]
        return PageAnswer(
            note=NOTE,
            total=page.total,
            of=page.of,
            hint=_hint(page),
            columns=columns,
            assistants=tuple(rows),
            left_out="; ".join(left_out),
            next_cursor=next_cursor,
            next_call=self._whole(page.assistants[0]) if cut else None if complete else self._next(next_cursor),
            fetched_at=render.time(min(origin.fetched_at for origin in page.origins if origin.fetched_at)),
            stale=bool(stale),
            stale_reason=origins.reason(stale[0]) if stale else "",
            rejected=origins.rejected(page, room, several=self.several),
            rejected_total=sum(len(origin.rejected) for origin in page.origins),
            accounts=accounts,
        )

    def _next(self, cursor: str) -> NextCall:
        return NextCall(name="list_outbound_assistants", arguments={**self.call, "cursor": cursor})

    def _whole(self, assistant: "Assistant") -> NextCall:
        account = {"account": assistant.account} if self.several else {}
        return NextCall(name="get_outbound_assistant", arguments={"assistant": str(assistant.id), **account})


def _cut(row: Row, columns: Sequence[str], room: int) -> tuple[Row, tuple[str, ...]]:
    if isinstance(row, dict):
        return budget.shortened(row, room)
    kept, cut = budget.shortened(dict(zip(columns, row, strict=True)), room)
    return [kept.get(column) for column in columns], cut


def _fewer(shown: Sequence[object], everything: Sequence[object], what: str) -> list[str]:
    missing = len(everything) - len(shown)
    return [f"{missing} of {len(everything)} {what}"] if missing else []


def _snippet(assistant: "Assistant", page: "Page") -> str:
    found = (render.snippet(search, (assistant.system_prompt, assistant.name)) for search in page.query.search)
    return next(filter(None, found), "")


def _hint(page: "Page") -> str:
    return " ".join(
        f"No assistant has the {one.filter} “{one.value}”; there are: {', '.join(one.occurring) or 'none'}."
        for one in page.unmatched
        if page.of
    )
