"""The prompts: what people have models do with assistants again and again, in English and German.

Each is the configuration as data, and after it a text that says what to do with it. The texts are read when somebody
asks for them.
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

from mcp_server.answers import budget, detail_answer
from mcp_server.failures import in_protocol_terms
from mcp_server.icon import ICONS
from mcp_server.resources import ONE_TOKENS
from mcp_server.state import State
from shared.errors import FilterInvalid, QuestionError
from shared.query import Choice

LANGUAGES: Mapping[str, tuple[str, ...]] = {"en": ("english", "englisch"), "de": ("german", "deutsch")}
"""What the texts are written in, and what else people call it."""

_ASSISTANT = PromptArgument(
    name="assistant", description="The assistant: its id, its name or the beginning of it.", required=True
)
_OTHER = PromptArgument(name="other", description="The assistant to compare it with, likewise.", required=True)
_ACCOUNT = PromptArgument(
    name="account", description="Name of a Famulor account, where several are configured.", required=False
)
_LANGUAGE = PromptArgument(
    name="language", description="Of this prompt and its answer: en (default) or de.", required=False
)


def _prompt(name: str, title: str, description: str, *assistants: PromptArgument) -> Prompt:
    arguments = [*assistants, _ACCOUNT, _LANGUAGE]
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
    )
}


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


async def listed(_ctx: ServerRequestContext[State], _params: PaginatedRequestParams | None) -> ListPromptsResult:
    """`prompts/list`."""
    return ListPromptsResult(prompts=list(PROMPTS.values()))


async def get(ctx: ServerRequestContext[State], params: GetPromptRequestParams) -> GetPromptResult:
    """`prompts/get`: the assistants' configurations, and what to do with them."""
    with in_protocol_terms("prompts/get"):
        prompt = _known(params.name)
        given = _given(prompt, params.arguments or {})
        language = _language(given.get("language", "en"))
        account = Choice.parse(given.get("account", ""))
        texts = [
            await _configuration(ctx, given[name], account, language)
            for name in ("assistant", "other")
            if name in given
        ]
        texts.append(_text(prompt.name, language))
    return GetPromptResult(
        description=prompt.description,
        messages=[PromptMessage(role="user", content=TextContent(type="text", text=text)) for text in texts],
    )


def _known(name: str) -> Prompt:
    if name not in PROMPTS:
        raise PromptUnknown(prompt=name, known=", ".join(PROMPTS))
    return PROMPTS[name]


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
    # On one line and without a backtick: nothing in it can end the fence.
    configuration = budget.compact(budget.data(answer)).replace("`", "\\u0060")
    return Template(_text("configuration", language)).substitute(id=detail.assistant.id, configuration=configuration)


def _text(name: str, language: str) -> str:
    return (files(__name__) / "texts" / f"{name}.{language}.md").read_text(encoding="utf-8").strip()
