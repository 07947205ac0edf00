"""A question about an audit's findings → a page of them, in groups, and cursors to the next; pure."""

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Annotated

from pydantic import Field, field_validator

from shared.audit.audit import Audit
from shared.audit.finding import Finding
from shared.audit.rules import RULES
from shared.errors import FilterInvalid
from shared.models import Frozen, Severity
from shared.query import LARGEST_PAGE, AssistantQuery, Choice
from shared.query.choice import Pattern, fold
from shared.query.order import Key
from shared.query.paging import Cursor

LONGEST_MARK = 40
"""Characters of a name or subject that a cursor holds: cursors stand in buttons, whose values Slack limits."""
DIGEST = 6
"""Bytes of a digest that tells two texts apart whose beginnings are the same."""


class By(StrEnum):
    """What findings stand together: the worst group comes first, and in each group the worst finding."""

    SEVERITY = "severity"
    RULE = "rule"
    ASSISTANT = "assistant"


class FindingQuery(Frozen):
    """Which findings of which assistants, in which groups, and which page of them. Without arguments: all.

    The core is asked with `assistants` (whose own order, limit and cursor mean nothing here), `page` with the whole.
    `rule` chooses by id, `severity` is the least. `cursor` is the `next_cursor` or `previous_cursor` of another page.
    Raises FilterInvalid where a rule is named that there isn't.
    """

    assistants: AssistantQuery = AssistantQuery()
    rule: Choice = Choice()
    severity: Severity = Severity.INFO
    by: By = By.SEVERITY
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 25
    cursor: str = ""

    @field_validator("rule")
    @classmethod
    def _known_rules(cls, rule: Choice) -> Choice:
        for value in rule.values:
            if not any(map(Pattern.of(value).names, RULES)):
                # The nearest first: not every door has room for all of them.
                near = get_close_matches(fold(value), RULES, n=3)
                valid = ", ".join(dict.fromkeys((*near, *RULES)))
                raise FilterInvalid(value=value, filter=FilterInvalid.rule, valid=valid)
        return rule


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one page that stand together, at least one; `total`: how many the group has on all pages."""

    findings: tuple[Finding, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A page of what was asked for: `total` findings match, `first` is the number of the first one here, from 1.

    `after`: for each finding the cursor of a page that begins behind it, for who has no room for all of them.
    `next_cursor` is "" on the last page, `previous_cursor` on the first.
    """

    groups: tuple[Group, ...]
    total: int
    first: int
    after: tuple[str, ...]
    next_cursor: str
    previous_cursor: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the page, in their order."""
        return tuple(one for group in self.groups for one in group.findings)


def page(audit: Audit, query: FindingQuery) -> FindingPage:
    """The page of these findings that the query asks for. Raises CursorInvalid."""
    question = query.model_dump_json(exclude={"limit": True, "cursor": True, "assistants": _NO_QUESTION})
    cursor = Cursor.read(query.cursor, _KINDS[query.by], question) if query.cursor else None
    chosen = query.rule.folded()
    wanted = [
        one for one in audit.findings if one.severity.rank >= query.severity.rank and chosen.allows([fold(one.rule)])
    ]
    groups = [_group(one, query.by) for one in wanted]
    worst: dict[Hashable, int] = {}
    for one, group in zip(wanted, groups, strict=True):
        worst[group] = max(worst.get(group, 0), one.severity.rank)
    keyed = sorted(
        ((_key(one, query.by, worst[group]), one) for one, group in zip(wanted, groups, strict=True)),
        key=lambda pair: pair[0],
    )
    start = _start([key for key, _one in keyed], cursor, query.limit)
    rows = keyed[start : start + query.limit]
    after = tuple(str(Cursor.at(key, question)) for key, _one in rows)
    totals = Counter(groups)
    return FindingPage(
        groups=tuple(
            Group(tuple(those), totals[group])
            for group, those in groupby((one for _key, one in rows), lambda one: _group(one, query.by))
        ),
        total=len(keyed),
        first=start + 1,
        after=after,
        next_cursor=after[-1] if start + len(rows) < len(keyed) else "",
        previous_cursor=str(Cursor.at(rows[0][0], question, backwards=True)) if start and rows else "",
    )


_NO_QUESTION = {"sort", "limit", "cursor"}
"""Fields of the assistants' query that don't change what is found."""


def _start(keys: Sequence[Key], cursor: Cursor | None, limit: int) -> int:
    """Where the page begins; where fewer than `limit` stand before a cursor that goes back, at the first."""
    if cursor is None:
        return 0
    if cursor.backwards:
        return max(bisect_left(keys, cursor.last) - limit, 0)
    return bisect_right(keys, cursor.last)


def _group(one: Finding, by: By) -> Hashable:
    match by:
        case By.SEVERITY:
            return one.severity
        case By.RULE:
            return one.rule
        case By.ASSISTANT:
            # A record that can't be read may have an assistant's id, or none.
            return one.account, one.assistant, one.name, one.subject if one.assistant is None else ""


_PLACES = {name: place for place, name in enumerate(RULES)}


def _key(one: Finding, by: By, worst: int) -> Key:
    """What it is sorted by, different for every finding; `worst`: the highest rank in its group."""
    place, subject = _PLACES[one.rule], _mark(one.subject)
    bearer = (_mark(one.name.casefold()), _mark(one.account), one.assistant or 0)
    match by:
        case By.SEVERITY:
            return (-one.severity.rank, place, *bearer, subject)
        case By.RULE:
            return (-worst, place, -one.severity.rank, *bearer, subject)
        case By.ASSISTANT:
            record = subject if one.assistant is None else ""
            return (-worst, *bearer, record, -one.severity.rank, place, subject)


_KINDS: Mapping[By, Sequence[type[str] | type[float]]] = {
    By.SEVERITY: (float, float, str, str, float, str),
    By.RULE: (float, float, float, str, str, float, str),
    By.ASSISTANT: (float, str, str, float, str, float, float, str),
}
"""What the parts of each key are."""


def _mark(text: str) -> str:
    """A text that sorts like this one, is never long, and is another one's only where that is the same."""
    if len(text) <= LONGEST_MARK:
        return text
    return text[:LONGEST_MARK] + hashlib.blake2b(text.encode(), digest_size=DIGEST).hexdigest()
