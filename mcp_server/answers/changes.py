"""What `list_outbound_assistant_changes` answers: what was different when, the latest first, and how far that reaches.

Concise rows are a table, as assistants are; detailed ones are objects, with what stood there before and after.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, JsonValue

from mcp_server import render
from mcp_server.answers import budget
from mcp_server.answers.cursors import continuing
from mcp_server.answers.differences import brief, details
from mcp_server.answers.results import NOTE, Answer, Line, NextCall
from shared.models import Frozen, Names

if TYPE_CHECKING:
    from shared.store import Failing, StoredChange

TOOL = "list_outbound_assistant_changes"
SILENT_AFTER = timedelta(hours=1)
"""How old the last poll may be before that is said in words: the longest that a watch waits by itself."""
ASIDE = 4
"""The accounts, and the details of one change beside others, get one part in so many each of an answer."""
WORDS = 400
"""Bytes kept free for saying what was left out of a row."""
LONGEST_NAME = 100

Row = list[JsonValue] | dict[str, JsonValue]


class AccountHistory(Frozen):
    """How far one account's history reaches; without `history_since` nothing is known of it yet."""

    account: Line
    history_since: Line = ""
    polled_at: Line = ""
    failing: Line = ""

    @classmethod
    def of(cls, watched: "Watched") -> Self:
        """What is to be said of this account."""
        return cls(
            account=watched.account,
            history_since=render.time(watched.since),
            polled_at=render.time(watched.polled_at),
            failing=watched.trouble,
        )


class ChangesAnswer(Answer):
    """Changes, the latest first."""

    note: Line
    hint: Annotated[Line, Field(description="What limits this answer.")] = ""
    columns: Annotated[tuple[Line, ...], Field(description="What the cells of each row are.")] = ()
    changes: tuple[Row, ...]
    left_out: Line = ""
    next_cursor: Annotated[str, Field(description="Pass it as `cursor` for older changes; absent at the end.")] = ""
    next_call: NextCall | None = None
    history_since: Annotated[Line, Field(description="What changed before was not seen. UTC.")] = ""
    polled_at: Annotated[Line, Field(description="What changed after that was not seen yet. UTC.")] = ""
    failing: Annotated[Line, Field(description="Why polls fail now.")] = ""
    accounts: tuple[AccountHistory, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """How far an account's history reaches: `since` its first snapshot (or the last pruning), up to `polled_at`."""

    account: str
    since: datetime | None
    polled_at: datetime | None
    failing: "Failing | None"

    @property
    def trouble(self) -> str:
        """Why the last polls failed, "" where the last one succeeded."""
        if self.failing is None:
            return ""
        return f"since {render.time(self.failing.since)}, {self.failing.count} in a row: {self.failing.text}"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found in these accounts' history. `more`: older ones match, too.

    `names` are by account; `since` is where the question began, None where it asked for everything.
    """

    changes: Sequence["StoredChange"]
    watched: Sequence[Watched]
    names: Mapping[str, Names]
    more: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeListing:
    """How a page of changes is to be shown, and what was asked for it.

    `several`: whether there is more than one account to tell apart; `asked_at`: when the first page was;
    `fingerprint`: of the question, for its cursors; `call`: the arguments that are not the default.
    """

    detailed: bool
    several: bool
    max_tokens: int
    asked_at: datetime
    now: datetime
    fingerprint: str
    call: Mapping[str, JsonValue]

    def answer(self, found: Found) -> ChangesAnswer:
        """The page, with as many of its rows as have room."""
        room = self.max_tokens * budget.BYTES_A_TOKEN
        rows = self._rows(found, room)
        whole = self._answer(found, rows)
        if not rows or whole.tokens <= self.max_tokens:
            return whole
        count = bisect_right(
            range(1, len(rows)), self.max_tokens, key=lambda count: self._answer(found, rows[:count]).tokens
        )
        if count:
            return self._answer(found, rows[:count])
        around = budget.size(self._answer(found, rows[:1])) - budget.size(rows[0]) + WORDS
        return self._answer(found, [self._row(found.changes[0], found, room - around)])

    def _rows(self, found: Found, room: int) -> list[Row]:
        """The first rows, as far as they may have room: to compare long prompts takes time."""
        rows: list[Row] = []
        taken = 0
        for stored in found.changes:
            rows.append(self._row(stored, found, room if len(found.changes) == 1 else room // ASIDE))
            taken += budget.size(rows[-1])
            if taken > room:
                break
        return rows

    def _row(self, stored: "StoredChange", found: Found, room: int) -> Row:
        """One change; of what only a detailed row has, as much as has room."""
        change, names = stored.change, found.names.get(stored.change.account, Names())
        row: dict[str, JsonValue] = {
            "seen": render.time(change.seen_at),
            "changed": render.time(change.changed_at),
            **({"account": render.line(change.account)} if self.several else {}),
            "id": change.assistant,
            "name": budget.beginning(render.line(change.name, LONGEST_NAME), room // ASIDE),
            "kind": change.kind.value,
            "severity": change.severity.value,
            "change": budget.beginning(brief(change, names), room // ASIDE),
        }
        if not self.detailed:
            return list(row.values())
        return {
            **{name: value for name, value in row.items() if value not in ("", None)},
            **details(change, names, max(room - budget.size(row), 0)),
        }

    def _answer(self, found: Found, rows: Sequence[Row]) -> ChangesAnswer:
        """The answer with these first rows of the page."""
        accounts = self._accounts(found)
        cut = [stored for stored, row in zip(found.changes, rows, strict=False) if "left_out" in row]
        left_out = [f"details of {len(cut)} of {len(rows)} rows"] if cut else []
        for missing, of, what in (
            (len(found.changes) - len(rows), len(found.changes), "rows of this page"),
            ((len(found.watched) - len(accounts)) * self.several, len(found.watched), "accounts"),
        ):
            left_out += [f"{missing} of {of} {what}"] if missing else []
        complete = len(rows) == len(found.changes)
        next_cursor = self._cursor(found.changes[len(rows) - 1].id) if found.more or not complete else ""
        next_call = None
        if not complete:
            next_call = NextCall(name=TOOL, arguments={**self.call, "cursor": next_cursor})
        elif cut:
            next_call = self._whole(cut[0], found)
        polls = [one.polled_at for one in found.watched]
        starts = [one.since for one in found.watched]
        return ChangesAnswer(
            note=NOTE,
            hint=self._hint(found),
            columns=() if self.detailed or not rows else self._columns(),
            changes=tuple(rows),
            left_out="; ".join(left_out),
            next_cursor=next_cursor,
            next_call=next_call,
            history_since=render.time(max((one for one in starts if one), default=None) if all(starts) else None),
            polled_at=render.time(min((one for one in polls if one), default=None) if all(polls) else None),
            failing=next((one.trouble for one in found.watched if one.trouble), ""),
            accounts=accounts,
        )

    def _columns(self) -> tuple[str, ...]:
        account = ("account",) if self.several else ()
        return ("seen", "changed", *account, "id", "name", "kind", "severity", "change")

    def _accounts(self, found: Found) -> tuple[AccountHistory, ...]:
        """Each account where there are several; of too many, those that say most first."""
        if not self.several:
            return ()
        worst_first = sorted(found.watched, key=lambda one: (one.since is not None, not one.trouble))
        room = self.max_tokens * budget.BYTES_A_TOKEN // ASIDE
        return budget.first_of([AccountHistory.of(one) for one in worst_first], room)

    def _hint(self, found: Found) -> str:
        """What the reader of these rows would not know: where nothing was seen."""
        unknown = [one.account for one in found.watched if one.since is None]
        if unknown:
            named = f" of {', '.join(unknown)}" if self.several else ""
            return (
                f"Nothing has been watched yet{named}: history begins with the first poll of `famulor-bot run`, "
                "which must use the same database as this server (DATABASE_URL)."
            )
        told = []
        starts = [one.since for one in found.watched if one.since]
        if found.since and found.since < max(starts):
            told.append("The question begins before history_since: what changed earlier was not seen.")
        if any(one.polled_at and self.now - one.polled_at > SILENT_AFTER for one in found.watched):
            told.append("Nobody has looked since polled_at: later changes are unknown until `famulor-bot run` runs.")
        return " ".join(told)

    def _whole(self, stored: "StoredChange", found: Found) -> NextCall:
        """The call that brings all of one change, or as much of it as any answer may hold."""
        row = self._row(stored, found, budget.MOST_TOKENS * budget.BYTES_A_TOKEN)
        needed = budget.tokens(budget.compact(row)) + WORDS
        arguments = {
            **self.call,
            "limit": 1,
            "cursor": self._cursor(stored.id + 1),
            "max_tokens": min(max(needed, self.max_tokens), budget.MOST_TOKENS),
        }
        return NextCall(name=TOOL, arguments=arguments)

    def _cursor(self, before_id: int) -> str:
        return continuing(self.asked_at, f"{before_id}-{self.fingerprint}")
