"""What a person may mean who has begun to type an argument of a resource or a prompt: ids, names, filter values."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from mcp.server.context import ServerRequestContext
from mcp.types import CompleteRequestParams, CompleteResult, Completion, PromptReference

from mcp_server import render
from mcp_server.failures import in_protocol_terms
from mcp_server.prompts import LANGUAGES, PROMPTS
from mcp_server.resources import TEMPLATES
from mcp_server.state import State
from shared.audit import RULES
from shared.diff import GROUPS
from shared.errors import FamulorError
from shared.models import Assistant, Kind, Severity, WebhookState
from shared.query import AssistantQuery, Choice
from shared.query.choice import fold

if TYPE_CHECKING:
    from shared.core import Core

MOST_VALUES = 100
"""The protocol's own limit."""

PERIODS = ("1d", "7d", "30d", "12h", "1h")
"""Since when somebody may want to know; any other is taken, too."""

_log = logging.getLogger(__name__)

Offer = tuple[str, tuple[str, ...]]
"""A value, and the texts that somebody may type who means it."""
Offers = Callable[["Core", Choice], Awaitable[Iterable[Offer]]]
"""All that there is for an argument; of which accounts."""


async def complete(ctx: ServerRequestContext[State], params: CompleteRequestParams) -> CompleteResult:
    """`completion/complete`. A convenience: where nothing can be had there is nothing to choose from, and no error."""
    offers = _offers(params)
    values: list[str] = []
    if offers is not None:
        given = (params.context and params.context.arguments) or {}
        account = Choice.parse(given.get("account", "")) if params.argument.name != "account" else Choice()
        with in_protocol_terms("completion/complete"):
            core = await ctx.lifespan_context.core()
            try:
                values = ranked(params.argument.value, await offers(core, account))
            except FamulorError as error:
                _log.debug("No completion: %s", error)
    some = values[:MOST_VALUES]
    return CompleteResult(completion=Completion(values=some, total=len(values), has_more=len(values) > len(some)))


def ranked(typed: str, offers: Iterable[Offer]) -> list[str]:
    """The values that what was typed may mean: those that begin with it before those that hold it; each once."""
    wanted = fold(typed.strip())
    folded = [(value, [fold(text) for text in texts]) for value, texts in offers]
    begin = [value for value, texts in folded if any(text.startswith(wanted) for text in texts)]
    hold = [value for value, texts in folded if any(wanted in text for text in texts)]
    return list(dict.fromkeys(begin + hold))


def _offers(params: CompleteRequestParams) -> Offers | None:
    if isinstance(params.ref, PromptReference):
        return _OF_PROMPTS.get(params.argument.name) if params.ref.name in PROMPTS else None
    known = any(template.uri_template == params.ref.uri for template in TEMPLATES)
    return _OF_RESOURCES.get(params.argument.name) if known else None


async def _ids(core: "Core", account: Choice) -> Iterable[Offer]:
    return [(str(one.id), (str(one.id), one.name)) for one in await _by_name(core, account)]


async def _references(core: "Core", account: Choice) -> Iterable[Offer]:
    """Names, but ids where a name is not one assistant's alone, or holds what can't be seen or typed."""
    assistants = await _by_name(core, account)
    bearers = Counter(fold(one.name) for one in assistants)

    def reference(one: Assistant) -> str:
        return one.name if bearers[fold(one.name)] == 1 and render.line(one.name) == one.name else str(one.id)

    return [(reference(one), (one.name, str(one.id))) for one in assistants]


async def _by_name(core: "Core", account: Choice) -> list[Assistant]:
    return sorted(await core.everyone(account), key=lambda one: (fold(one.name), one.account, one.id))


async def _accounts(core: "Core", _account: Choice) -> Iterable[Offer]:
    return _alone(core.accounts)


async def _prompt_languages(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return [(code, (code, *names)) for code, names in LANGUAGES.items()]


async def _webhooks(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return _alone(state.value for state in WebhookState)


async def _kinds(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return _alone([*GROUPS, *(kind.value for kind in Kind if kind is not Kind.SAVED)])


async def _rules(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return [(rule.id, (rule.id, *rule.title)) for rule in RULES.values()]


async def _severities(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return _alone(reversed(Severity))


async def _periods(_core: "Core", _account: Choice) -> Iterable[Offer]:
    return _alone(PERIODS)


async def _spoken_languages(core: "Core", account: Choice) -> Iterable[Offer]:
    names = (await core.find(AssistantQuery(account=account, limit=1))).names
    spoken = {
        (names[one.account].language(one), names[one.account].language_name(one))
        for one in await core.everyone(account)
    }
    return [(code, (code, name)) for code, name in sorted(spoken) if code]


def _occurring(value: Callable[[Assistant], str]) -> Offers:
    """The values that a field really has."""

    async def offers(core: "Core", account: Choice) -> Iterable[Offer]:
        values = {value(one) for one in await core.everyone(account)}
        return _alone(sorted(one for one in values if one and render.line(one) == one))

    return offers


def _alone(values: Iterable[str]) -> list[Offer]:
    return [(value, (value,)) for value in values]


_OF_PROMPTS: Mapping[str, Offers] = {
    "assistant": _references,
    "other": _references,
    "account": _accounts,
    "language": _prompt_languages,
    "since": _periods,
    "kinds": _kinds,
}
_OF_RESOURCES: Mapping[str, Offers] = {
    "id": _ids,
    "account": _accounts,
    "status": _occurring(lambda one: one.status),
    "mode": _occurring(lambda one: one.mode),
    "timezone": _occurring(lambda one: one.timezone),
    "language": _spoken_languages,
    "webhook": _webhooks,
    "rule": _rules,
    "min_severity": _severities,
}
