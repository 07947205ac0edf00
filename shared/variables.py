"""Which variables an assistant's texts use, `{call}` and `{{system}}`, held against those it declares; pure.

Call variables are declared on the assistant with a default, or passed with each call. System variables are filled in
at call time; there are six. (Famulor's reference, "Variables in prompts".)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from shared.models import Assistant

SYSTEM_VARIABLES = (
    "customer_phone",
    "assistant_phone",
    "assistant_id",
    "assistant_name",
    "current_date",
    "current_time",
)

LONGEST_NAME = 80
"""Characters of a name that is looked for before a brace that closes nothing."""

# Possessive, so that nothing is ever tried twice: the time goes with the length, whatever the text. What stands
# between single braces and doesn't look like a name is JSON, a regular expression, prose: no variable.
_BRACED = re.compile(r"(\{\{*+)([^{}]*+)(\}*+)")
_BRACES = re.compile(r"(\{*+)([^{}]*+)(\}*+)")
_NAME = re.compile(r"[^\W\d][\w.-]*+")


@dataclass(frozen=True, slots=True)
class Use:
    """One place of a text that names a variable. `text[start:end]` is it with its braces: two where it is `system`."""

    name: str
    system: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Variables:
    """An assistant's variables; each name once, in the order in which it comes.

    `declared`: call variables with their defaults. `greeting` and `prompt`: every use in that text. `undeclared`: call
    variables that are used without a default. `unused`: declared ones that no text uses. `unknown`: `{{names}}`
    that are no system variables.
    """

    declared: Mapping[str, JsonValue]
    greeting: tuple[Use, ...]
    prompt: tuple[Use, ...]
    undeclared: tuple[str, ...]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def uses(self) -> tuple[Use, ...]:
        """Those of the greeting, then those of the prompt."""
        return self.greeting + self.prompt


def uses(text: str, declared: Mapping[str, JsonValue] | None = None) -> Iterator[Use]:
    """Every use of a variable in the text, in its order; a `declared` name may look like anything without braces.

    Spaces within the braces are forgiven. Of more than two braces, the two that stand nearest count.
    """
    known = declared or {}
    for found in _BRACED.finditer(text):
        opening, inside, closing = found.groups()
        name = inside.strip()
        braces = min(len(opening), len(closing), 2)
        if braces and (name in known or _NAME.fullmatch(name)):
            yield Use(name, system=braces > 1, start=found.start(2) - braces, end=found.end(2) + braces)


def unbalanced(text: str) -> Iterator[tuple[str, str]]:
    """Names with a brace missing or one too many, each with how it is written there: `name`, `{{name}`.

    Braces that close others further on, as in JSON, are well; so is whatever has no name in it.
    """
    unclosed: list[tuple[int, str, str]] = []
    for found in _BRACES.finditer(text):
        opening, inside, closing = found.groups()
        name = inside.strip()
        if opening:
            named = _NAME.fullmatch(name)
            started = _NAME.match(inside)
            missing = len(opening) - len(closing)
            if named and len(opening) > 1 and len(closing) == 1:
                yield name, found.group()
                continue
            if missing > 0:
                first = started.group().rstrip(".-") if started else ""
                unclosed.append((missing, first, opening + first))
                continue
            surplus = _closed(unclosed, -missing)
            if named and surplus:
                yield name, found.group()
        elif closing and _closed(unclosed, len(closing)) and (last := _last_name(inside)):
            yield last, last + closing
    yield from ((name, written) for _braces, name, written in unclosed if name)


def variables(assistant: Assistant) -> Variables:
    """What the assistant declares and what it uses."""
    declared = assistant.variables
    greeting = tuple(uses(assistant.initial_message, declared))
    prompt = tuple(uses(assistant.system_prompt, declared))
    called = dict.fromkeys(use.name for use in (*greeting, *prompt) if not use.system)
    system = dict.fromkeys(use.name for use in (*greeting, *prompt) if use.system)
    return Variables(
        declared=declared,
        greeting=greeting,
        prompt=prompt,
        undeclared=tuple(name for name in called if name not in declared),
        unused=tuple(name for name in declared if name not in called),
        unknown=tuple(name for name in system if name not in SYSTEM_VARIABLES),
    )


def _closed(unclosed: list[tuple[int, str, str]], braces: int) -> int:
    """How many of the closing braces close nothing that is open."""
    while braces and unclosed:
        missing, name, written = unclosed.pop()
        if missing > braces:
            unclosed.append((missing - braces, name, written))
        braces = max(braces - missing, 0)
    return braces


def _last_name(text: str) -> str:
    """The name that the text ends with, "" where it ends with anything else."""
    words = text[-LONGEST_NAME:].split()
    return words[-1] if words and text[-1:] != " " and _NAME.fullmatch(words[-1]) else ""
