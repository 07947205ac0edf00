"""What `audit_outbound_assistants` answers: findings, how many assistants are ready to call, and how to go on.

Concise rows are a table, as assistants are; detailed ones are objects, with the cure.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, JsonValue

from mcp_server import render
from mcp_server.answers import budget, origins
from mcp_server.answers.cursors import continuing
from mcp_server.answers.origins import AccountPart
from mcp_server.answers.results import NOTE, Answer, Line, NextCall
from shared.audit import RULES, Words
from shared.models import Frozen

if TYPE_CHECKING:
    from shared.answers import Audited
    from shared.audit import Finding, Ignored
    from shared.audit.paging import FindingPage

TOOL = "audit_outbound_assistants"
ASIDE = 8
"""Accounts, and ignored findings, get one part in so many each of an answer."""
AROUND = 160
"""Bytes of a row beside its texts, of which there are three."""
TEXTS = 3
LONGEST_NAME = 100
LONGEST_TEXT = 500

Row = list[JsonValue] | dict[str, JsonValue]


class IgnoredFinding(Frozen):
    """A finding that somebody does not want to hear of: who decided so, when and why."""

    rule: Line
    id: int = 0
    name: Line = ""
    account: Line = ""
    by: Line
    at: Line
    reason: Line = ""

    @classmethod
    def of(cls, one: "Ignored", *, several: bool) -> Self:
        """What is to be said of this one; `several`: whether there is more than one account to tell apart."""
        return cls(
            rule=one.finding.rule,
            id=one.finding.assistant or 0,
            name=render.line(one.finding.name, LONGEST_NAME),
            account=one.finding.account if several else "",
            by=one.ignore.by,
            at=render.time(one.ignore.at),
            reason=one.ignore.reason,
        )


class AuditAnswer(Answer):
    """Findings, the worst first. `ready` of the `audited` assistants have no warning or worse; `of`: all there are."""

    note: Line
    audited: int
    ready: int
    of: int
    total: Annotated[int, Field(description="Findings that match, on all pages.")]
    severities: Annotated[Mapping[str, int], Field(description="Findings of those audited, whatever rule.")]
    hint: Annotated[Line, Field(description="What limits this answer.")] = ""
    columns: Annotated[tuple[Line, ...], Field(description="What the cells of each row are.")] = ()
    findings: tuple[Row, ...]
    ignored: tuple[IgnoredFinding, ...] = ()
    ignored_total: Annotated[int, Field(description="Further findings, which people chose to ignore.")] = 0
    left_out: Line = ""
    next_cursor: Annotated[str, Field(description="Pass it as `cursor` for the next page; absent on the last.")] = ""
    next_call: NextCall | None = None
    fetched_at: Annotated[Line, Field(description="When the data came from Famulor (the oldest of it), in UTC.")]
    stale: Annotated[bool, Field(description="Whether newer data was asked for in vain; see `stale_reason`.")]
    stale_reason: Line = ""
    accounts: tuple[AccountPart, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditListing:
    """How a page of findings is to be shown, and what was asked for it.

    `language`: of the rules' words, "en" or "de"; `several`: whether there is more than one account to tell apart;
    `asked_at`: when the first page was; `cursor`: of this page, as it was given; `call`: the arguments that are not
    the default; `hint`: what limits every answer to this question.
    """

    detailed: bool
    language: str
    several: bool
    max_tokens: int
    asked_at: datetime
    cursor: str
    call: Mapping[str, JsonValue]
    hint: str

    def answer(self, audited: "Audited", page: "FindingPage") -> AuditAnswer:
        """The page, with as many of its rows as have room."""
        rows = [self._row(one) for one in page.findings]
        whole = self._answer(audited, page, rows)
        if not rows or whole.tokens <= self.max_tokens:
            return whole
        count = bisect_right(
            range(1, len(rows)),
            self.max_tokens,
            key=lambda count: self._answer(audited, page, rows[:count]).tokens,
        )
        if count:
            return self._answer(audited, page, rows[:count])
        around = budget.size(self._answer(audited, page, rows[:1], cut=True)) - budget.size(rows[0])
        room = self.max_tokens * budget.BYTES_A_TOKEN - around - AROUND
        return self._answer(audited, page, [self._row(page.findings[0], room // TEXTS)], cut=True)

    def _row(self, one: "Finding", room: int = LONGEST_TEXT * budget.BYTES_A_TOKEN) -> Row:
        """One finding; each of its texts in at most `room` bytes."""
        rule = RULES[one.rule]
        row: dict[str, JsonValue] = {
            "severity": one.severity.value,
            "rule": one.rule,
            **({"account": one.account} if self.several else {}),
            "id": one.assistant,
            "name": budget.beginning(render.line(one.name, LONGEST_NAME), room),
            "finding": budget.beginning(self._told(rule.what, one), room),
        }
        if not self.detailed:
            return list(row.values())
        row["cure"] = budget.beginning(self._told(rule.cure, one), room)
        return {name: value for name, value in row.items() if value not in ("", None)}

    def _told(self, words: Words, one: "Finding") -> str:
        return render.line(words.in_language(self.language).format_map(one.facts), LONGEST_TEXT)

    def _answer(
        self, audited: "Audited", page: "FindingPage", rows: Sequence[Row], *, cut: bool = False
    ) -> AuditAnswer:
        """The answer with these first rows of the page; `cut`: the texts of the only one are not whole."""
        room = self.max_tokens * budget.BYTES_A_TOKEN // ASIDE
        audit, complete = audited.audit, len(rows) == len(page.findings)
        accounts = origins.accounts(audited.origins, room) if self.several else ()
        ignored = [IgnoredFinding.of(one, several=self.several) for one in audit.ignored] if self.detailed else []
        told = budget.first_of(ignored, room)
        left_out = ["the end of long texts"] if cut else []
        for shown, of, what in (
            (len(rows), len(page.findings), "rows of this page"),
            (len(told), len(ignored), "ignored findings"),
            (len(accounts), len(audited.origins) if self.several else 0, "accounts"),
        ):
            left_out += [f"{of - shown} of {of} {what}"] if shown < of else []
        following = page.next_cursor if complete else page.after[len(rows) - 1]
        next_cursor = continuing(self.asked_at, following) if following else ""
        next_call = None
        if cut:
            next_call = self._next(self.cursor, limit=1, max_tokens=budget.DEFAULT_TOKENS)
        elif not complete:
            next_call = self._next(next_cursor)
        stale = [origin for origin in audited.origins if origin.stale]
        return AuditAnswer(
            note=NOTE,
            audited=audit.assistants,
            ready=audit.ready,
            of=audited.of,
            total=page.total,
            severities={severity.value: count for severity, count in audit.severities.items()},
            hint=self._hint(audited),
            columns=() if self.detailed or not rows else self._columns(),
            findings=tuple(rows),
            ignored=told,
            ignored_total=len(audit.ignored),
            left_out="; ".join(left_out),
            next_cursor=next_cursor,
            next_call=next_call,
            fetched_at=render.time(min(origin.fetched_at for origin in audited.origins if origin.fetched_at)),
            stale=bool(stale),
            stale_reason=origins.reason(stale[0]) if stale else "",
            accounts=accounts,
        )

    def _columns(self) -> tuple[str, ...]:
        return ("severity", "rule", *(["account"] * self.several), "id", "name", "finding")

    def _hint(self, audited: "Audited") -> str:
        nobody = "No assistant matches these filters." if audited.of and not audited.audit.assistants else ""
        return " ".join(filter(None, (nobody, self.hint)))

    def _next(self, cursor: str, **changed: JsonValue) -> NextCall:
        given = {"cursor": cursor} if cursor else {}
        return NextCall(name=TOOL, arguments={**self.call, **changed, **given})
