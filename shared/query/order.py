"""The order of a list."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

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

    @property
    def key(self) -> Callable[[Assistant], str | float]:
        """What an assistant is sorted by: text as people compare it, numbers and times as numbers."""
        return _KEYS[self.field]


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


_KEYS: Mapping[SortField, Callable[[Assistant], str | float]] = {
    SortField.NAME: lambda assistant: fold(assistant.name),
    SortField.ID: lambda assistant: assistant.id,
    SortField.ACCOUNT: lambda assistant: fold(assistant.account),
    SortField.STATUS: lambda assistant: fold(assistant.status),
    SortField.MODE: lambda assistant: fold(assistant.mode),
    SortField.LANGUAGE: lambda assistant: assistant.language_id or 0,
    SortField.TIMEZONE: lambda assistant: fold(assistant.timezone),
    SortField.WEBHOOK: lambda assistant: assistant.webhook.value,
    SortField.CREATED: lambda assistant: _seconds(assistant.created_at),
    SortField.UPDATED: lambda assistant: _seconds(assistant.updated_at),
}
_NUMBERS = {SortField.ID, SortField.LANGUAGE, SortField.CREATED, SortField.UPDATED}
KINDS: Mapping[SortField, type[str] | type[float]] = {field: float if field in _NUMBERS else str for field in SortField}
"""What each is sorted by."""


def complete(sort: Sequence[Sort]) -> tuple[Sort, ...]:
    """By name where nothing is asked for; ties broken, so that an order is always total."""
    tie_breakers = (Sort(field=SortField.NAME), Sort(field=SortField.ACCOUNT), Sort(field=SortField.ID))
    asked = {one.field for one in sort}
    return (*sort, *(one for one in tie_breakers if one.field not in asked))


def ordered(assistants: Sequence[Assistant], sort: Sequence[Sort]) -> list[Assistant]:
    """In the order of a complete `sort`."""
    rows = list(assistants)
    # Python's sort is stable, so the last key comes first and each direction can be its own.
    for one in reversed(sort):
        rows.sort(key=one.key, reverse=one.descending)
    return rows


def first(assistants: Sequence[Assistant], sort: Sequence[Sort], count: int) -> list[Assistant]:
    """The first `count` in the order of `sort`, of many quicker than by sorting them all."""
    if len(assistants) <= count or not sort:
        return ordered(assistants, sort)[:count]
    one, *others = sort
    keys = list(map(one.key, assistants))
    edge = (heapq.nlargest if one.descending else heapq.nsmallest)(count, keys)[-1]
    inside = [
        assistant
        for assistant, key in zip(assistants, keys, strict=True)
        # All keys of a field are of one kind.
        if (key > edge if one.descending else key < edge)  # type: ignore[operator]
    ]
    tied = [assistant for assistant, key in zip(assistants, keys, strict=True) if key == edge]
    return ordered(inside, sort) + first(tied, others, count - len(inside))


def last(assistants: Sequence[Assistant], sort: Sequence[Sort], count: int) -> list[Assistant]:
    """The last `count` in the order of `sort`."""
    turned = [Sort(field=one.field, descending=not one.descending) for one in sort]
    return first(assistants, turned, count)[::-1]
