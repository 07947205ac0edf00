"""Pages of a list, and cursors between them that survive a list that changes."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from shared.errors import CursorInvalid
from shared.models import Assistant, Frozen
from shared.query.order import Key, Sort, first, last


class Cursor(Frozen):
    """A place between two rows, as the sort keys of the row before it, so that rows may come and go.

    `backwards`: the page before this place is meant, not the one after. `question` is a fingerprint of what was asked:
    a cursor means nothing to another question.
    """

    question: str
    last: Key
    backwards: bool = False

    @classmethod
    def after(cls, last: Assistant, sort: Sequence[Sort], question: str, *, backwards: bool = False) -> "Cursor":
        """The place after `last`, for the page that begins there, or `backwards` for the one that ends with it."""
        return cls.at(tuple(one.key(last) for one in sort), question, backwards=backwards)

    @classmethod
    def at(cls, last: Key, question: str, *, backwards: bool = False) -> "Cursor":
        """The same for a row of any kind, whose sort keys are these."""
        return cls(question=_fingerprint(question), last=last, backwards=backwards)

    @classmethod
    def read(cls, text: str, kinds: Sequence[type[str] | type[float]], question: str) -> "Cursor":
        """The cursor that `str` wrote; `kinds` are those of its sort keys.

        Raises CursorInvalid where it is broken or of another question.
        """
        try:
            cursor = cls.model_validate_json(base64.urlsafe_b64decode(text.encode() + b"=="))
        except (ValidationError, binascii.Error, ValueError):
            raise CursorInvalid from None
        found = [str if isinstance(value, str) else float for value in cursor.last]
        if cursor.question != _fingerprint(question) or found != list(kinds):
            raise CursorInvalid
        return cursor

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    def is_before(self, assistant: Assistant, sort: Sequence[Sort]) -> bool:
        """Whether this assistant stands after this place."""
        for one, mark in zip(sort, self.last, strict=True):
            value = one.key(assistant)
            if value != mark:
                # Both are of the kind of the field: `read` has seen to it.
                return (value > mark) is not one.descending  # type: ignore[operator]
        return False


def _fingerprint(question: str) -> str:
    return hashlib.blake2b(question.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a list, and the cursors of those before and after; None where there are none.

    `first`: which number the first row has in the whole list, from 1.
    """

    rows: Sequence[Assistant]
    first: int
    before: Cursor | None
    after: Cursor | None


def part(  # noqa: PLR0913 # what a page depends on
    found: Sequence[Assistant],
    cursor: Cursor | None,
    sort: Sequence[Sort],
    question: str,
    limit: int,
    *,
    in_order: bool = False,
) -> Part:
    """`limit` rows of what was found, from the cursor on or up to it; the first ones where it is None.

    Where fewer than `limit` stand before a cursor that goes back, they are the first ones too. `in_order`: whether
    what was found has the order of `sort` already.
    """
    if cursor is not None and cursor.backwards:
        before = [one for one in found if not cursor.is_before(one, sort)]
        if len(before) > limit:
            left, *shown = before[-limit - 1 :] if in_order else last(before, sort, limit + 1)
            return Part(
                shown,
                first=len(before) - limit + 1,
                before=Cursor.after(left, sort, question, backwards=True),
                after=Cursor.after(shown[-1], sort, question) if len(before) < len(found) else None,
            )
        cursor = None
    rest = found if cursor is None else [one for one in found if cursor.is_before(one, sort)]
    rows = rest[:limit] if in_order else first(rest, sort, limit)
    return Part(
        rows,
        first=len(found) - len(rest) + 1,
        before=cursor.model_copy(update={"backwards": True}) if cursor is not None and len(rest) < len(found) else None,
        after=Cursor.after(rows[-1], sort, question) if len(rows) < len(rest) else None,
    )
