"""The prompts: what people have models do with assistants again and again, in English and German.

Each is the configuration, what is wrong with it, or what has changed in it, as data, and after that a text that says
what to do with it. The texts are read when somebody asks for them.
"""

from collections.abc import Mapping
from importlib.resources import files
from string import Template

from mcp.server.context import ServerRequestContext
from mcp.types import (
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    PaginatedRequestParams,
    Prompt,
    PromptArgument,
    PromptMessage,
    TextContent,
)

from mcp_server.answers import Answer, budget, detail_answer
from mcp_server.auditing import AuditAsked, audit_answer
from mcp_server.failures import in_protocol_terms
from mcp_server.history import Asked, changes_answer
from mcp_server.icon import ICONS
from mcp_server.resources import LIST_TOKENS, ONE_TOKENS
from mcp_server.state import State
from shared.errors import FilterInvalid, QuestionError
from shared.query import LARGEST_PAGE, Choice

LANGUAGES: Mapping[str, tuple[str, ...]] = {"en": ("english", "englisch"), "de": ("german", "deutsch")}
"""What the texts are written in, and what else people call it."""

_ASSISTANT = PromptArgument(
    name="assistant", description="The assistant: its id, its name or the beginning of it.", required=True
)
_OTHER = PromptArgument(name="other", description="The assistant to compare it with, likewise.", required=True)
_SINCE = PromptArgument(name="since", description="From when on: 1d (default), 7d, 2026-03-01.", required=False)
_KINDS = PromptArgument(
    name="kinds",
    description="Only these: status, prompt, webhook, config, audit, account, or single ones.",
    required=False,
)
_ACCOUNT = PromptArgument(
    name="account", description="Name of a Famulor account, where several are configured.", required=False
)
_LANGUAGE = PromptArgument(
    name="language", description="Of this prompt and its answer: en (default) or de.", required=False
)


def _prompt(name: str, title: str, description: str, *about: PromptArgument) -> Prompt:
    arguments = [*about, _ACCOUNT, _LANGUAGE]
    return Prompt(name=name, title=title, description=description, arguments=arguments, icons=ICONS)


PROMPTS: Mapping[str, Prompt] = {
    prompt.name: prompt
    for prompt in (
        _prompt(
            "review_assistant",
            "Review an assistant",
            "Go through one assistant's whole configuration: greeting, variables, prompt, opt-out, tone, settings.",
            _ASSISTANT,
        ),
        _prompt(
            "fix_assistant",
            "Fix an assistant",
            "What the audit finds wrong with one assistant, and the exact texts and settings that put it right.",
            _ASSISTANT,
        ),
        _prompt(
            "compare_assistants",
            "Compare two assistants",
            "What two assistants do differently, what that means on the phone, and what looks like an oversight.",
            _ASSISTANT,
            _OTHER,
        ),
        _prompt(
            "find_weak_spots",
            "Find weak spots before a campaign",
            "Play the people who will be called, and find where the prompt lets the assistant down.",
            _ASSISTANT,
        ),
        _prompt(
            "brief_colleague",
            "Brief a colleague",
            "A page for somebody who doesn't know the assistant: what it does, what it needs, what to look out for.",
            _ASSISTANT,
        ),
        _prompt(
            "review_changes",
            "Review what has changed",
            "What was changed since yesterday, or since another time: what it means on the phone, and what to check.",
            _SINCE,
            _KINDS,
        ),
    )
}
OF_THE_PAST = frozenset({"review_changes"})
"""Those that are offered where there is a history."""
OF_THE_AUDIT = frozenset({"fix_assistant"})
"""Those that carry findings, too."""


def offered(*, history: bool) -> Mapping[str, Prompt]:
    """The prompts of a server with a history or without one."""
    return {name: prompt for name, prompt in PROMPTS.items() if history or name not in OF_THE_PAST}


class PromptUnknown(QuestionError):
    """There is no prompt of this name."""

    what = "There is no prompt “{prompt}”."
    cure = "There are: {known}."


class PromptArgumentUnknown(QuestionError):
    """The prompt has no argument of this name."""

    what = "{prompt} has no argument “{argument}”."
    cure = "Its arguments: {known}."


class PromptArgumentMissing(QuestionError):
    """The prompt can't do without this argument."""

    what = "{prompt} needs the argument “{argument}”."
    cure = "{takes}"


async def listed(ctx: ServerRequestContext[State], _params: PaginatedRequestParams | None) -> ListPromptsResult:
    """`prompts/list`."""
    return ListPromptsResult(prompts=list(offered(history=ctx.lifespan_context.has_store).values()))


async def get(ctx: ServerRequestContext[State], params: GetPromptRequestParams) -> GetPromptResult:
    """`prompts/get`: the assistants' configurations, or what has changed in them, and what to do with that."""
    with in_protocol_terms("prompts/get"):
        prompt = _known(params.name, offered(history=ctx.lifespan_context.has_store))
        given = _given(prompt, params.arguments or {})
        language = _language(given.get("language", "en"))
        if prompt.name in OF_THE_PAST:
            texts = [await _changes(ctx, given, language)]
        else:
            account = Choice.parse(given.get("account", ""))
            texts = [
                await _configuration(ctx, given[name], account, language)
                for name in ("assistant", "other")
                if name in given
            ]
        if prompt.name in OF_THE_AUDIT:
            texts.append(await _findings(ctx, given, language))
        texts.append(_text(prompt.name, language))
    return GetPromptResult(
        description=prompt.description,
        messages=[PromptMessage(role="user", content=TextContent(type="text", text=text)) for text in texts],
    )


def _known(name: str, prompts: Mapping[str, Prompt]) -> Prompt:
    if name not in prompts:
        raise PromptUnknown(prompt=name, known=", ".join(prompts))
    return prompts[name]


def _given(prompt: Prompt, arguments: Mapping[str, str]) -> Mapping[str, str]:
    """The arguments that say something. Raises PromptArgumentUnknown, PromptArgumentMissing."""
    known = {argument.name: argument for argument in prompt.arguments or ()}
    for name in arguments:
        if name not in known:
            raise PromptArgumentUnknown(prompt=prompt.name, argument=name, known=", ".join(known))
    given = {name: value for name, value in arguments.items() if value.strip()}
    for name, argument in known.items():
        if argument.required and name not in given:
            raise PromptArgumentMissing(prompt=prompt.name, argument=name, takes=argument.description or "")
    return given


def _language(asked: str) -> str:
    wanted = asked.strip().casefold()
    for code, names in LANGUAGES.items():
        if wanted in (code, *names) or wanted.startswith((f"{code}-", f"{code}_")):
            return code
    raise FilterInvalid(value=asked, filter="language of the prompts", valid=", ".join(LANGUAGES))


async def _configuration(ctx: ServerRequestContext[State], reference: str, account: Choice, language: str) -> str:
    core = await ctx.lifespan_context.core()
    detail = await core.show(reference, account)
    answer = detail_answer(detail, several=len(core.accounts) > 1, max_tokens=ONE_TOKENS, prompt_offset=0)
    return Template(_text("configuration", language)).substitute(id=detail.assistant.id, configuration=_fenced(answer))


async def _findings(ctx: ServerRequestContext[State], given: Mapping[str, str], language: str) -> str:
    asked = AuditAsked(
        assistant=given["assistant"],
        account=given.get("account", ""),
        response_format="detailed",
        limit=LARGEST_PAGE,
        max_tokens=LIST_TOKENS,
    )
    answer, _origins = await audit_answer(ctx.lifespan_context, asked, language=language)
    return Template(_text("findings", language)).substitute(findings=_fenced(answer))


async def _changes(ctx: ServerRequestContext[State], given: Mapping[str, str], language: str) -> str:
    asked = Asked(
        since=given.get("since", "1d"),
        kinds=given.get("kinds", ""),
        account=given.get("account", ""),
        response_format="detailed",
        limit=LARGEST_PAGE,
        max_tokens=LIST_TOKENS,
    )
    answer = await changes_answer(ctx.lifespan_context, asked)
    return Template(_text("changes", language)).substitute(changes=_fenced(answer))


def _fenced(answer: Answer) -> str:
    """On one line and without a backtick: nothing in it can end the fence."""
    return budget.compact(budget.data(answer)).replace("`", "\\u0060")


def _text(name: str, language: str) -> str:
    return (files(__name__) / "texts" / f"{name}.{language}.md").read_text(encoding="utf-8").strip()
