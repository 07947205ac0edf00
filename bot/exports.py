"""Assistants → a file that people open in Excel, or that a program reads; pure.

CSV: UTF-8 with a byte order mark, so that Excel reads the umlauts; commas, CRLF, a line of column names. A cell that a
spreadsheet would take for a formula begins with an apostrophe, as OWASP advises ("CSV Injection"). JSON: an array
of objects with the same names, UTF-8. Names and order of the columns stay as they are; new ones come at the end.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from shared.masking import masked_url, masked_values
from shared.models import Assistant, Moment, Names

PROMPT = "prompt"
"""The column that not everybody may see."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """An assistant, the names for its ids, and the address of its page in Famulor."""

    assistant: Assistant
    names: Names
    page: str


COLUMNS: Mapping[str, Callable[[Row], JsonValue]] = {
    "account": lambda row: row.assistant.account,
    "id": lambda row: row.assistant.id,
    "name": lambda row: row.assistant.name,
    "status": lambda row: row.assistant.status,
    "mode": lambda row: row.assistant.mode,
    "type": lambda row: row.assistant.type,
    "language": lambda row: row.names.language(row.assistant),
    "language_id": lambda row: row.assistant.language_id,
    "voice": lambda row: row.names.voice_name(row.assistant),
    "voice_id": lambda row: row.assistant.voice_id,
    "timezone": lambda row: row.assistant.timezone,
    "webhook": lambda row: row.assistant.webhook.value,
    "webhook_url": lambda row: masked_url(row.assistant.webhook_url),
    "greeting": lambda row: row.assistant.initial_message,
    PROMPT: lambda row: row.assistant.system_prompt,
    "variables": lambda row: masked_values(row.assistant.variables),
    "created": lambda row: _written(row.assistant.created_at),
    "updated": lambda row: _written(row.assistant.updated_at),
    "user_id": lambda row: row.assistant.user_id,
    "more": lambda row: masked_values(row.assistant.extra),
    "page": lambda row: row.page,
}
"""What each column holds. `webhook` is on, off or missing; times are UTC; `variables` and `more` (fields that Famulor
has added since) are JSON. In URLs, variables and `more` secrets are masked."""


def as_csv(rows: Sequence[Row], *, prompts: bool) -> bytes:
    """The rows as CSV; without the prompts' column where `prompts` is False."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # its defaults are RFC 4180's: commas, CRLF, quotes where they are needed
    writer.writerow(_columns(prompts=prompts))
    writer.writerows([_cell(value) for value in record.values()] for record in _records(rows, prompts=prompts))
    return text.getvalue().encode("utf-8-sig", errors="replace")


def as_json(rows: Sequence[Row], *, prompts: bool) -> bytes:
    """The rows as a JSON array."""
    records = list(_records(rows, prompts=prompts))
    return json.dumps(records, ensure_ascii=False, indent=2).encode(errors="replace")


def _columns(*, prompts: bool) -> list[str]:
    return [name for name in COLUMNS if prompts or name != PROMPT]


def _records(rows: Sequence[Row], *, prompts: bool) -> Iterator[dict[str, JsonValue]]:
    names = _columns(prompts=prompts)
    for row in rows:
        yield {name: COLUMNS[name](row) for name in names}


def _cell(value: JsonValue) -> str:
    """The value as a spreadsheet shows it, and never runs it."""
    match value:
        case None:
            return ""
        case int():
            return str(value)
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case _:
            return json.dumps(value, ensure_ascii=False) if value else ""


def _written(moment: Moment | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
