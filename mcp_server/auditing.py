"""Asks the core what is wrong with assistants: the words of a question → findings, but for those that are ignored."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mcp_server import render
from mcp_server.answers import budget
from mcp_server.answers.audits import AuditAnswer, AuditListing
from mcp_server.answers.cursors import continued
from mcp_server.state import State
from shared.audit import Ignore
from shared.audit.paging import By, FindingQuery, page
from shared.errors import FilterInvalid, StoreError
from shared.models import Severity
from shared.query import AssistantQuery, Choice
from shared.query.choice import fold
from shared.query.moments import span

if TYPE_CHECKING:
    # At run time it would bring the HTTP client, which nobody needs before the first call.
    from shared.core import Core, Origin, Progress

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """The tool's arguments as they were given, "" where they leave a condition out."""

    assistant: str = ""
    rule: str = ""
    min_severity: str = "info"
    group_by: str = "severity"
    status: str = ""
    mode: str = ""
    language: str = ""
    timezone: str = ""
    webhook: str = ""
    search: str = ""
    updated_since: str = ""
    response_format: str = "concise"
    limit: int = 25
    max_tokens: int = budget.DEFAULT_TOKENS
    account: str = ""
    cursor: str = ""

    @property
    def call(self) -> Mapping[str, JsonValue]:
        """What the next page is asked for with: all arguments that say something, but for the cursor."""
        given: dict[str, JsonValue] = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            one.name: given[one.name] for one in fields(self) if one.name != "cursor" and given[one.name] != one.default
        }


async def audit_answer(
    state: State, asked: AuditAsked, progress: "Progress | None" = None, *, language: str = "en"
) -> "tuple[AuditAnswer, Sequence[Origin]]":
    """A page of the findings that were asked for, in the rules' words of this language; and where they come from.

    `language` is "en" or "de". Raises QuestionError, and UpstreamError where every account fails.
    """
    asked_at, place = continued(asked.cursor, state.clock.now())
    since, before = span(asked.updated_since, asked_at)
    core = await state.core()
    account, ids = await _meant(core, asked)
    query = FindingQuery(
        assistants=AssistantQuery(
            account=account,
            ids=ids,
            status=Choice.parse(asked.status),
            mode=Choice.parse(asked.mode),
            language=Choice.parse(asked.language),
            timezone=Choice.parse(asked.timezone),
            webhook=Choice.parse(asked.webhook),
            search=(Choice.parse(asked.search),) if asked.search else (),
            updated_since=since,
            updated_before=before,
        ),
        rule=Choice.parse(asked.rule),
        severity=_severity(asked.min_severity),
        by=By(asked.group_by),
        limit=asked.limit,
        cursor=place,
    )
    ignores, hint = await _ignores(state)
    audited = await core.audit(query.assistants, ignores, progress)
    listing = AuditListing(
        detailed=asked.response_format == "detailed",
        language=language,
        several=len(core.accounts) > 1,
        max_tokens=asked.max_tokens,
        asked_at=asked_at,
        cursor=asked.cursor,
        call=asked.call,
        hint=hint,
    )
    # Thousands of findings take a while to sort, which is other callers' too.
    answer = await asyncio.to_thread(lambda: listing.answer(audited, page(audited.audit, query)))
    return answer, audited.origins


def _severity(text: str) -> Severity:
    """The least that is asked for: any where nothing is. Raises FilterInvalid."""
    try:
        return Severity(fold(text.strip()) or Severity.INFO)
    except ValueError:
        raise FilterInvalid(value=text, filter="severity", valid=", ".join(Severity)) from None


async def _meant(core: "Core", asked: AuditAsked) -> tuple[Choice, Choice]:
    """Of which accounts, and which ids of theirs. Raises AssistantUnknown, AssistantAmbiguous."""
    account = Choice.parse(asked.account)
    if not asked.assistant.strip():
        return account, Choice()
    one = (await core.show(asked.assistant, account)).assistant
    return Choice(include=(one.account,)), Choice(include=(str(one.id),))


async def _ignores(state: State) -> tuple[Sequence[Ignore], str]:
    """What people don't want to hear of; where that can't be read, nothing, and words that say so."""
    if not state.has_store:
        return (), ""
    try:
        async with state.store() as store:
            return await store.ignores.all(), ""
    except StoreError as error:
        # Findings are worth more than their being silenced.
        told = f"Which findings people chose to ignore is unknown: {render.error(error.explain())}"
        _log.warning("%s", told)
        return (), told
