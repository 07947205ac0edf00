"""The panel of the agents' door: where the MCP server is, which tools it has, and what a call of one answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground.page.beside.protocol import NotAnswered, asked, tokens
from bot.playground.page.beside.words import words
from bot.playground.page.state import Tab
from bot.playground.page.templating import fragment
from bot.words.word import Word


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is written down: the tool's name, and its arguments as JSON."""

    tool: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Example:
    """A call to begin with."""

    name: str
    word: Word
    call: Call


EXAMPLES: tuple[Example, ...] = (
    Example("active", Word("Which are on?", "Wer ist an?"), Call("list_outbound_assistants", '{"status": "active"}')),
    Example(
        "search",
        Word("Who speaks of refunds?", "Wer spricht von Erstattungen?"),
        Call("list_outbound_assistants", '{"search": "refund", "response_format": "detailed"}'),
    ),
    Example("show", Word("All about 42", "Alles über 42"), Call("get_outbound_assistant", '{"assistant": "42"}')),
    Example("audit", Word("What is wrong?", "Was stimmt nicht?"), Call("audit_outbound_assistants")),
    Example("changes", Word("What has changed?", "Was ist anders?"), Call("list_outbound_assistant_changes")),
    Example("mistake", Word("A mistake", "Ein Fehler"), Call("list_outbound_assistants", '{"sttus": "inactive"}')),
)

NO_OBJECT = Word("The arguments must be a JSON object.", "Die Argumente müssen ein JSON-Objekt sein.")
NO_ANSWER = Word("The MCP server does not answer: {why}", "Der MCP-Server antwortet nicht: {why}")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as `tools/list` has it; of its description the first line."""

    name: str
    title: str
    description: str
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """All tools, and about how many tokens their descriptions are for a model."""

    tools: tuple[Tool, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call answered: the text that models read, laid out where it is JSON, and what is beside it."""

    call: Call
    text: str
    structured: str
    tokens: int
    is_error: bool


class Agents:
    """Calls the MCP server's tools as an agent would. What was called last is shown to everybody."""

    name = "agents"
    title = Word("Agents", "Agenten")

    def __init__(self, url: str) -> None:
        self._url = url
        self._call = EXAMPLES[0].call
        # Part of the fields' names: the script keeps by its name what was typed, and an example is to replace it.
        self._round = 1
        self._listed: Listed | None = None
        self._answered: Answered | None = None
        self._problem: Word | None = None

    def rendered(self, tab: Tab, token: str) -> Markup:
        shown = {
            "url": self._url,
            "config": json.dumps({"mcpServers": {"famulor-demo": {"type": "http", "url": self._url}}}, indent=2),
            "examples": EXAMPLES,
            "call": self._call,
            "round": self._round,
            "listed": self._listed,
            "answered": self._answered,
            "problem": self._problem(tab.language) if self._problem else "",
        }
        return fragment("beside/agents.html", "panel", tab, token, words(tab.language), shown)

    async def act(self, act: str, fields: Mapping[str, str], tab: Tab) -> None:  # noqa: ARG002 # every panel is told
        self._problem = None
        try:
            match act:
                case "example":
                    self._call = _example(fields.get("name", ""))
                    self._round += 1
                case "tools":
                    self._listed = listed(await asked(self._url, "tools/list"))
                case "call":
                    await self._make(_written(fields))
                case _:
                    raise LookupError(f"There is nothing called {act} to ask the MCP server.")
        except NotAnswered as error:
            self._problem = Word(NO_ANSWER.english.format(why=error), NO_ANSWER.german.format(why=error))

    async def _make(self, call: Call) -> None:
        self._call, self._answered = call, None
        try:
            arguments = json.loads(call.arguments or "{}")
        except (ValueError, RecursionError):
            arguments = None
        if not isinstance(arguments, dict):
            self._problem = NO_OBJECT
            return
        result = await asked(self._url, "tools/call", {"name": call.tool, "arguments": arguments})
        self._answered = answered(call, result)


def listed(result: Mapping[str, Any]) -> Listed:
    """What `tools/list` answered."""
    tools = [one for one in result.get("tools", ()) if isinstance(one, dict)]
    return Listed(
        tuple(
            Tool(
                str(one.get("name", "")),
                str(one.get("title") or one.get("name", "")),
                str(one.get("description", "")).partition("\n")[0],
                tuple(one.get("inputSchema", {}).get("required", ())),
            )
            for one in tools
        ),
        sum(tokens(_compact(one)) for one in tools),
    )


def answered(call: Call, result: Mapping[str, Any]) -> Answered:
    """What `tools/call` answered; counted is the text, which is what a model reads."""
    texts = [str(one.get("text", "")) for one in result.get("content", ()) if isinstance(one, dict)]
    text = "\n".join(texts)
    structured = result.get("structuredContent")
    return Answered(
        call,
        _laid_out(text),
        "" if structured is None else json.dumps(structured, indent=2, ensure_ascii=False),
        tokens(text),
        bool(result.get("isError")),
    )


def _written(fields: Mapping[str, str]) -> Call:
    """The call in the form of whichever round."""
    number = fields.get("round", "")
    return Call(fields.get(f"tool-{number}", "").strip(), fields.get(f"arguments-{number}", ""))


def _example(name: str) -> Call:
    found = next((one for one in EXAMPLES if one.name == name), None)
    if found is None:
        raise LookupError(f"There is no example called {name}.")
    return found.call


def _laid_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
