"""The order of a list, and cursors into it that survive a list that changes."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError

from shared.errors import CursorInvalid, FilterInvalid
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
            raise FilterInvalid(value=text, filter="sort key", valid=f"{valid}; - before it turns it around") from None

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else str(self.field)

    def key(self, assistant: Assistant) -> str | float:
        """What this assistant is sorted by: text as people compare it, numbers and times as numbers."""
        return _KEYS[self.field](assistant)


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
_KINDS = {field: float if field in _NUMBERS else str for field in SortField}


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


class Cursor(Frozen):
    """Where a page ended: the last row's sort keys, so that rows may come and go between two pages.

    `question` is a fingerprint of what was asked: a cursor means nothing to another question.
    """

    question: str
    last: Key

    @classmethod
    def after(cls, last: Assistant, sort: Sequence[Sort], question: str) -> "Cursor":
        """The cursor of a page that ends with `last`."""
        return cls(question=_fingerprint(question), last=tuple(one.key(last) for one in sort))

    @classmethod
    def read(cls, text: str, sort: Sequence[Sort], question: str) -> "Cursor":
        """The cursor that `str` wrote. Raises CursorInvalid where it is broken or of another question."""
        try:
            cursor = cls.model_validate_json(base64.urlsafe_b64decode(text.encode() + b"=="))
        except (ValidationError, binascii.Error, ValueError):
            raise CursorInvalid from None
        kinds = [str if isinstance(value, str) else float for value in cursor.last]
        if cursor.question != _fingerprint(question) or kinds != [_KINDS[one.field] for one in sort]:
            raise CursorInvalid
        return cursor

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    def is_before(self, assistant: Assistant, sort: Sequence[Sort]) -> bool:
        """Whether this assistant belongs to the pages after."""
        for one, mark in zip(sort, self.last, strict=True):
            value = one.key(assistant)
            if value != mark:
                # Both are of the kind of the field: `read` has seen to it.
                return (value > mark) is not one.descending  # type: ignore[operator]
        return False


def _fingerprint(question: str) -> str:
    return hashlib.blake2b(question.encode(), digest_size=6).hexdigest()
