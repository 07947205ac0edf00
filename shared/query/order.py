"""The order of a list."""

import heapq
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache, partial
from itertools import compress
from operator import attrgetter, itemgetter
from typing import Any

from shared.errors import FilterInvalid
from shared.models import Assistant, Frozen
from shared.query.choice import fold

Key = tuple[str | float, ...]


class SortField(StrEnum):
    """What a list can be sorted by."""

    NAME = "name"
    ID = "id"
    ACCOUNT = "account"
    STATUS = "status"
    MODE = "mode"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    WEBHOOK = "webhook"
    CREATED = "created"
    UPDATED = "updated"


class Sort(Frozen):
    """One sort key. Written as its name, with `-` before it for the other direction: `-updated`."""

    field: SortField
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "tuple[Sort, ...]":
        """`name`, `-updated`, `status,-updated` → sort keys, the first first. Raises FilterInvalid."""
        return tuple(cls._parse(part.strip()) for part in text.split(",") if part.strip())

    @classmethod
    def _parse(cls, text: str) -> "Sort":
        try:
            return cls(field=SortField(text.lstrip("-+").casefold()), descending=text.startswith("-"))
        except ValueError:
            valid = ", ".join(f"{field}" for field in SortField)
            raise FilterInvalid(
                value=text, filter=FilterInvalid.sort_key, valid=f"{valid}; - before it turns it around"
            ) from None

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else str(self.field)

    def key(self, assistant: Assistant) -> str | float:
        """What an assistant is sorted by: text as people compare it, numbers and times as numbers."""
        value, comparable = _KEYS[self.field]
        return comparable(value(assistant))

    def keys(self, assistants: Iterable[Assistant]) -> list[str | float]:
        """The same of many."""
        value, comparable = _KEYS[self.field]
        return list(map(comparable, map(value, assistants)))


# Every page of every list sorts by the same names and times: to work them out again would take longer than all else.
_remembered = lru_cache(maxsize=16_384)
_folded = _remembered(fold)


@_remembered
def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _number(number: int | None) -> int:
    return number or 0


_KEYS: Mapping[SortField, tuple[Callable[[Assistant], Any], Callable[[Any], str | float]]] = {
    SortField.NAME: (attrgetter("name"), _folded),
    SortField.ID: (attrgetter("id"), _number),
    SortField.ACCOUNT: (attrgetter("account"), _folded),
    SortField.STATUS: (attrgetter("status"), _folded),
    SortField.MODE: (attrgetter("mode"), _folded),
    SortField.LANGUAGE: (attrgetter("language_id"), _number),
    SortField.TIMEZONE: (attrgetter("timezone"), _folded),
    SortField.WEBHOOK: (attrgetter("webhook"), str),
    SortField.CREATED: (attrgetter("created_at"), _seconds),
    SortField.UPDATED: (attrgetter("updated_at"), _seconds),
}
"""What each looks at, and how that is compared."""
_NUMBERS = {SortField.ID, SortField.LANGUAGE, SortField.CREATED, SortField.UPDATED}
KINDS: Mapping[SortField, type[str] | type[float]] = {field: float if field in _NUMBERS else str for field in SortField}
"""What each is sorted by."""


BY_NAME = (Sort(field=SortField.NAME), Sort(field=SortField.ACCOUNT), Sort(field=SortField.ID))
"""The order of a list for which none is asked, and what breaks the ties of any other."""


def complete(sort: Sequence[Sort]) -> tuple[Sort, ...]:
    """By name where nothing is asked for; ties broken, so that an order is always total."""
    asked = {one.field for one in sort}
    return (*sort, *(one for one in BY_NAME if one.field not in asked))


def ordered(assistants: Sequence[Assistant], sort: Sequence[Sort]) -> list[Assistant]:
    """In the order of a complete `sort`."""
    rows = list(assistants)
    # Python's sort is stable, so the last key comes first and each direction can be its own.
    for one in reversed(sort):
        keyed = zip(one.keys(rows), rows, strict=True)
        rows = [row for _key, row in sorted(keyed, key=itemgetter(0), reverse=one.descending)]
    return rows


def first(assistants: Sequence[Assistant], sort: Sequence[Sort], count: int) -> list[Assistant]:
    """The first `count` in the order of `sort`, of many quicker than by sorting them all."""
    if len(assistants) <= count or not sort:
        return ordered(assistants, sort)[:count]
    one, *others = sort
    keys = one.keys(assistants)
    edge = (heapq.nlargest if one.descending else heapq.nsmallest)(count, keys)[-1]
    within = partial(operator.lt if one.descending else operator.gt, edge)
    inside = list(compress(assistants, map(within, keys)))
    tied = list(compress(assistants, map(partial(operator.eq, edge), keys)))
    return ordered(inside, sort) + first(tied, others, count - len(inside))


def last(assistants: Sequence[Assistant], sort: Sequence[Sort], count: int) -> list[Assistant]:
    """The last `count` in the order of `sort`."""
    turned = [Sort(field=one.field, descending=not one.descending) for one in sort]
    return first(assistants, turned, count)[::-1]
