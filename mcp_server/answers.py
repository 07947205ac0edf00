"""What the tools answer: the same data as compact text and as structured content.

A part that is empty is left out of both. Every text is a `Line`, so none can hide anything from its reader.
"""

import json
import math
from typing import TYPE_CHECKING, Annotated, Any, Self

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_server import render
from shared.errors import FamulorError
from shared.models import Frozen

if TYPE_CHECKING:
    from shared.core import Origin, Page
    from shared.models import Assistant, Rejected

MOST_REJECTED = 20
"""Records that could not be read of which an answer tells; it counts the others."""
LONGEST_MESSAGE = 500
"""Characters of an error's words, about a hundred tokens."""

Line = Annotated[str, BeforeValidator(render.line)]


class ErrorPart(Frozen):
    """Why there is no answer. `retry_after`: seconds, where somebody said how long to wait."""

    kind: str
    message: str
    retryable: bool
    retry_after: int = 0


def _or_an_error(schema: dict[str, Any]) -> None:
    """Let the output schema take `{"error": …}` too: the TypeScript SDK holds an error's content against it as well."""
    schema["properties"]["error"] = ErrorPart.model_json_schema()
    schema["anyOf"] = [{"required": schema.pop("required")}, {"required": ["error"]}]


class Answer(Frozen):
    """A tool's answer."""

    model_config = ConfigDict(json_schema_extra=_or_an_error)


class AssistantRow(Frozen):
    """One assistant in a list."""

    id: int
    name: Line
    status: Line
    mode: Line
    language: Line = ""
    timezone: Line = ""
    webhook: Line
    updated: Line = ""
    account: Line = ""
    snippet: Line = ""


class RejectedRecord(Frozen):
    """A record of Famulor's list that could not be read. `position` counts from 1."""

    position: int
    id: int = 0
    field: Line = ""
    reason: Line
    account: Line = ""


class AccountPart(Frozen):
    """How good one account's part of the answer is; `error` where it has none."""

    account: Line
    fetched_at: Line = ""
    stale: bool = False
    stale_reason: Line = ""
    error: Line = ""


class PageAnswer(Answer):
    """Assistants that match: `total` of the `of` that there are."""

    assistants: tuple[AssistantRow, ...]
    total: int
    of: int
    next_cursor: Annotated[str, Field(description="Pass it as `cursor` for the next page; absent on the last.")] = ""
    fetched_at: Annotated[Line, Field(description="When the data came from Famulor (the oldest of it), in UTC.")]
    stale: Annotated[bool, Field(description="Whether newer data was asked for in vain; see `stale_reason`.")]
    stale_reason: Line = ""
    rejected: tuple[RejectedRecord, ...] = ()
    rejected_total: int = 0
    accounts: tuple[AccountPart, ...] = ()

    @classmethod
    def of_page(cls, page: "Page", *, next_cursor: str, several: bool) -> Self:
        """The answer for this page; `several`: whether there is more than one account to tell apart."""
        rejected = [(origin.account, record) for origin in page.origins for record in origin.rejected]
        stale = [origin for origin in page.origins if origin.stale]
        return cls(
            assistants=tuple(_row(assistant, page, several=several) for assistant in page.assistants),
            total=page.total,
            of=page.of,
            next_cursor=next_cursor,
            fetched_at=render.time(min(origin.fetched_at for origin in page.origins if origin.fetched_at)),
            stale=bool(stale),
            stale_reason=_reason(stale[0]) if stale else "",
            rejected=tuple(_rejected(*one, several=several) for one in rejected[:MOST_REJECTED]),
            rejected_total=len(rejected),
            accounts=tuple(map(_account, page.origins)) if several else (),
        )


def _row(assistant: "Assistant", page: "Page", *, several: bool) -> AssistantRow:
    found = (render.snippet(search, (assistant.system_prompt, assistant.name)) for search in page.query.search)
    return AssistantRow(
        id=assistant.id,
        name=assistant.name,
        status=assistant.status,
        mode=assistant.mode,
        language=page.names[assistant.account].language(assistant),
        timezone=assistant.timezone,
        webhook=assistant.webhook.value,
        updated=render.time(assistant.updated_at),
        account=assistant.account if several else "",
        snippet=next(filter(None, found), ""),
    )


def _rejected(account: str, record: "Rejected", *, several: bool) -> RejectedRecord:
    return RejectedRecord(
        position=record.position,
        id=record.id or 0,
        field=record.field,
        reason=record.reason,
        account=account if several else "",
    )


def _account(origin: "Origin") -> AccountPart:
    reason = _reason(origin)
    return AccountPart(
        account=origin.account,
        fetched_at=render.time(origin.fetched_at),
        stale=origin.stale,
        stale_reason=reason if origin.stale else "",
        error="" if origin.stale else reason,
    )


def _reason(origin: "Origin") -> str:
    return origin.failure.explain() if origin.failure else ""


def as_result(answer: Answer) -> CallToolResult:
    """The same data for both kinds of client: compact text, and structured."""
    data = _data(answer)
    return CallToolResult(
        content=[TextContent(type="text", text=json.dumps(data, ensure_ascii=False, separators=(",", ":")))],
        structured_content=data,
    )


def as_error(error: FamulorError) -> CallToolResult:
    """The error's words as text, for the model; the same and what a program needs as structured content."""
    message = render.line(error.explain(), LONGEST_MESSAGE)
    part = ErrorPart(
        kind=type(error).__name__,
        message=message,
        retryable=error.retryable,
        retry_after=math.ceil(error.retry_after or 0),
    )
    return CallToolResult(
        content=[TextContent(type="text", text=message)], structured_content={"error": _data(part)}, is_error=True
    )


def _data(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", exclude_defaults=True)
