"""What columns hold: moments, other people's text, JSON; the same on every database."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, Text, TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware of its zone; SQLite keeps none, so it is given UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ForeignText(TypeDecorator[str]):
    """Text of other people's, as bytes: PostgreSQL's text can't hold the NUL that theirs may."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 # one for all
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002 # one for all
        return None if value is None else value.decode("utf-8", "surrogatepass")


class PlainJson(TypeDecorator[Any]):
    """Any JSON value as ASCII text: what comes back is what was stored, on every database; null is a value too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 # one for all
        return as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 # one for all
        return None if value is None else json.loads(value)


def as_json(value: Any, *, in_order: bool = False) -> str:
    """The value as ASCII; with its names `in_order`, the one text that stands for it."""
    return json.dumps(value, separators=(",", ":"), sort_keys=in_order)


def digest(*parts: str) -> bytes:
    """32 bytes that stand for these texts."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return whole.digest()
