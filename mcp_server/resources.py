"""The resources: the assistants, each one of them, and what is wrong with them, as JSON: the tools' answers."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from mcp.server.context import ServerRequestContext
from mcp.types import (
    Annotations,
    InputRequiredResult,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from mcp_server.answers import Answer, Listing, budget, detail_answer
from mcp_server.answers.results import NextCall
from mcp_server.auditing import AuditAsked, audit_answer
from mcp_server.failures import in_protocol_terms
from mcp_server.icon import ICONS
from mcp_server.state import State
from shared.errors import AssistantUnknown
from shared.query import LARGEST_PAGE, AssistantQuery, Choice
from shared.query.choice import fold

if TYPE_CHECKING:
    from shared.core import Core, Detail, Origin

LIST = "famulor://assistants/outbound"
AUDIT = f"{LIST}/audit"
FILTERS = ("account", "status", "mode", "language", "timezone", "webhook")
AUDIT_FILTERS = (*FILTERS, "rule", "min_severity")
JSON = "application/json"

MOST_ROWS = 500
"""Assistants in the list; the answer says how the tool goes on."""
LIST_TOKENS = 20_000
ONE_TOKENS = 60_000
"""What one configuration may take. It leaves room for escapes: the SDK's client takes no event above 1 MiB."""

_URI = re.compile(rf"{LIST}(?:/([1-9][0-9]{{0,17}}))?(/audit)?(?:\?([^#]+))?")
_FOR_BOTH = Annotations(audience=["user", "assistant"])

Read = Callable[
    [ServerRequestContext[State], ReadResourceRequestParams], Awaitable[ReadResourceResult | InputRequiredResult]
]

RESOURCES = (
    Resource(
        uri=LIST,
        name="outbound_assistants",
        title="Outbound assistants",
        description=f"All outbound assistants by name, a line each; the first {MOST_ROWS} of more.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
    Resource(
        uri=AUDIT,
        name="audit",
        title="What is wrong with outbound assistants",
        description=f"How many are ready to call, and findings, the worst first; the first {LARGEST_PAGE} of more.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
)
TEMPLATES = (
    ResourceTemplate(
        uri_template=f"{LIST}{{?{','.join(FILTERS)}}}",
        name="some_outbound_assistants",
        title="Outbound assistants that match",
        description="The same with filters, which take what those of list_outbound_assistants take.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
    ResourceTemplate(
        uri_template=f"{LIST}/{{id}}{{?account}}",
        name="outbound_assistant",
        title="One outbound assistant",
        description="The whole configuration of one assistant: greeting, prompt, variables, voice, webhook.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
    ResourceTemplate(
        uri_template=f"{AUDIT}{{?{','.join(AUDIT_FILTERS)}}}",
        name="some_findings",
        title="What is wrong with those that match",
        description="Findings with filters, which take what those of audit_outbound_assistants take.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
    ResourceTemplate(
        uri_template=f"{LIST}/{{id}}/audit{{?account}}",
        name="findings_of_one",
        title="What is wrong with one outbound assistant",
        description="Its findings, each with what to do about it, and those that people chose to ignore.",
        mime_type=JSON,
        icons=ICONS,
        annotations=_FOR_BOTH,
    ),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What one of our URIs names: an assistant by its id, or those that the filters let through; or their `audit`."""

    id: int | None
    filters: Mapping[str, str]
    audit: bool = False

    @classmethod
    def of(cls, uri: str) -> "Target | None":
        """None for every other URI, and for filters that we don't have: left out, they would change the answer."""
        match = _URI.fullmatch(uri)
        if match is None:
            return None
        try:
            filters = parse_qsl(match[3], strict_parsing=True, errors="strict") if match[3] else []
        except ValueError:
            return None
        names = [name for name, _value in filters]
        known = FILTERS[:1] if match[1] else AUDIT_FILTERS if match[2] else FILTERS
        if len(set(names)) < len(names) or not set(names) <= set(known):
            return None
        return cls(id=int(match[1]) if match[1] else None, filters=dict(filters), audit=bool(match[2]))

    @property
    def account(self) -> Choice:
        """Of which accounts."""
        return Choice.parse(self.filters.get("account", ""))

    def concerns(self, account: str, ids: frozenset[int]) -> bool:
        """Whether it may read differently, now that these assistants of that account do."""
        # What is wrong with one may be that another has its name.
        whole = self.audit or self.id is None
        return self.account.folded().allows([fold(account)]) and (whole or self.id in ids)


async def read(
    ctx: ServerRequestContext[State], params: ReadResourceRequestParams, *, fresh_for: float, otherwise: Read
) -> ReadResourceResult | InputRequiredResult:
    """`resources/read`; `otherwise` knows the resources that aren't ours, and what to say of those that nobody has."""
    target = Target.of(params.uri)
    if target is None:
        return await otherwise(ctx, params)
    with in_protocol_terms("resources/read", uri=params.uri):
        state = ctx.lifespan_context
        core = await state.core()
        if target.audit:
            answer, origins = await _audit(state, core, target)
        elif target.id is None:
            answer, origins = await _list(core, target.filters, state.clock.now())
        else:
            answer, origins = await _one(core, target.id, target.account)
    text = budget.compact(budget.data(answer))
    return ReadResourceResult(
        contents=[TextResourceContents(uri=params.uri, mime_type=JSON, text=text)],
        ttl_ms=_milliseconds(fresh_for, origins),
        # Another key may see other assistants.
        cache_scope="private",
    )


def _milliseconds(fresh_for: float, origins: Sequence["Origin"]) -> int:
    """For how long asking again would bring the same: as long as our own cache would answer."""
    if any(origin.failure for origin in origins):
        return 0
    return max(int(1000 * min(fresh_for - origin.age for origin in origins)), 0)


async def _one(core: "Core", number: int, account: Choice) -> tuple[Answer, Sequence["Origin"]]:
    detail = await _shown(core, number, account)
    several = len(core.accounts) > 1
    return detail_answer(detail, several=several, max_tokens=ONE_TOKENS, prompt_offset=0), (detail.origin,)


async def _shown(core: "Core", number: int, account: Choice) -> "Detail":
    detail = await core.show(str(number), account)
    if detail.assistant.id != number:  # the number is a part of its name
        raise AssistantUnknown(reference=str(number))
    return detail


async def _audit(state: State, core: "Core", target: Target) -> tuple[Answer, Sequence["Origin"]]:
    if target.id is not None:
        await _shown(core, target.id, target.account)
    asked = AuditAsked(
        **target.filters,
        assistant=str(target.id or ""),
        response_format="detailed",
        limit=LARGEST_PAGE,
        max_tokens=LIST_TOKENS,
    )
    return await audit_answer(state, asked)


async def _list(core: "Core", filters: Mapping[str, str], now: datetime) -> tuple[Answer, Sequence["Origin"]]:
    choices = {name: Choice.parse(filters.get(name, "")) for name in FILTERS}
    query = AssistantQuery(
        account=choices["account"],
        status=choices["status"],
        mode=choices["mode"],
        language=choices["language"],
        timezone=choices["timezone"],
        webhook=choices["webhook"],
        limit=LARGEST_PAGE,
    )
    page = await core.find(query)
    assistants = page.assistants
    while page.next_cursor and len(assistants) < MOST_ROWS:
        page = await core.find(query.model_copy(update={"cursor": page.next_cursor}))
        assistants += page.assistants
    listing = Listing(
        fields=(),
        detailed=False,
        several=len(core.accounts) > 1,
        max_tokens=LIST_TOKENS,
        asked_at=now,
        call=dict(filters),
    )
    answer = listing.answer(replace(page, assistants=assistants))
    if missing := answer.total - len(answer.assistants):
        rest = NextCall(name="list_outbound_assistants", arguments={**filters, "cursor": answer.next_cursor})
        left_out = f"{missing} of {answer.total} assistants"
        answer = answer.model_copy(update={"left_out": left_out, "next_call": rest})
    return answer, page.origins
