"""Answers of tools: what they say, what they cost, and whether two of them say the same."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mcp import Client
from mcp.types import TextContent

from tests.evals.questions import Call, Fact

BYTES_A_TOKEN = 4
"""A rough measure, the same for every model."""

NUMBERS = {
    0: "zero null no none keine keiner",
    1: "one ein eine einen einer eins",
    2: "two zwei both beide",
    3: "three drei",
    4: "four vier",
    5: "five fünf",
    6: "six sechs",
    7: "seven sieben",
    8: "eight acht",
    9: "nine neun",
    10: "ten zehn",
    11: "eleven elf",
    12: "twelve zwölf",
}
"""How people and models write small numbers."""


@dataclass(frozen=True)
class Answer:
    """What a tool call was answered."""

    call: Call
    text: str
    content: Mapping[str, Any]

    @property
    def tokens(self) -> int:
        """What it takes of a model's attention."""
        return tokens(self.text)

    @property
    def outcome(self) -> tuple[object, ...]:
        """What was asked for, whatever the words: how many match of how many, which changes, or which error."""
        if "error" in self.content:
            return (self.call.tool, self.content["error"]["kind"])
        if "assistants" in self.content:
            return (self.call.tool, self.content["total"], self.content["of"])
        if "findings" in self.content:
            return (self.call.tool, self.content["total"], self.content["audited"])
        if "changes" in self.content:
            return (
                self.call.tool,
                frozenset((one["seen"], one.get("id"), one["kind"]) for one in self._rows("changes")),
            )
        return (self.call.tool,)

    @property
    def assistants(self) -> frozenset[tuple[str, int]]:
        """Account and id of each assistant that it shows."""
        if "assistant" in self.content:
            return frozenset({_identity(self.content["assistant"])})
        return frozenset(_identity(row) for row in self._rows("assistants"))

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        """The rows as objects, whether they came as a table or not."""
        columns = self.content.get("columns")
        rows = self.content.get(name, ())
        return [dict(zip(columns, row, strict=True)) if columns else row for row in rows]


def _identity(assistant: Mapping[str, Any]) -> tuple[str, int]:
    return str(assistant.get("account", "")), int(assistant["id"])


def tokens(text: str) -> int:
    """About as many tokens as this text is for a model."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


async def answer(client: Client, call: Call) -> Answer:
    """Call the tool."""
    result = await client.call_tool(call.tool, call.arguments)
    text = "".join(part.text for part in result.content if isinstance(part, TextContent))
    content = result.structured_content
    return Answer(call, text, content if isinstance(content, Mapping) else {})


async def replay(client: Client, calls: Iterable[Call]) -> list[Answer]:
    """Call the tools one after the other."""
    answers: list[Answer] = []
    for call in calls:
        written = json.dumps(call.arguments)
        if "$next_cursor" in written:
            written = written.replace("$next_cursor", answers[-1].content["next_cursor"])
        answers.append(await answer(client, Call(tool=call.tool, arguments=json.loads(written))))
    return answers


def same(expected: Answer, given: Iterable[Answer]) -> bool:
    """Whether what was given, taken together, answers what the expected call answers: judged by results, not words."""
    alike = [one for one in given if one.outcome == expected.outcome]
    shown = frozenset[tuple[str, int]]().union(*(one.assistants for one in alike))
    return bool(alike) and expected.assistants <= shown


def states(answers: Iterable[Answer], fact: Fact) -> bool:
    """Whether some value in the answers is this number, or holds this text; of an error, its words count."""
    values = [value for one in answers for value in _leaves(one.content)]
    errors = [one.text for one in answers if "error" in one.content]
    return any(
        part in (value for value in values if isinstance(value, int)) or any(says(text, part) for text in errors)
        if isinstance(part, int)
        else any(says(value, part) for value in values if isinstance(value, str))
        for part in _parts(fact)
    )


def _leaves(content: object) -> Iterator[str | int]:
    match content:
        case Mapping():
            for name, value in content.items():
                yield str(name)
                yield from _leaves(value)
        case list():
            for value in content:
                yield from _leaves(value)
        case bool() | None:
            return
        case str() | int():
            yield content


def says(text: str, fact: Fact) -> bool:
    """Whether a text in people's words says so."""
    folded = " ".join(text.casefold().split())
    return any(
        any(re.search(rf"(?<![\w.,-]){word}(?!\w|[.,-]\d)", folded) for word in (part, *NUMBERS.get(part, "").split()))
        if isinstance(part, int)
        else part.casefold() in folded
        for part in _parts(fact)
    )


def _parts(fact: Fact) -> tuple[int | str, ...]:
    """The parts of which one is enough; digits alone are a number."""
    parts = [part.strip() for part in str(fact).split(" | ")]
    return tuple(int(part) if part.isdecimal() else part for part in parts)
