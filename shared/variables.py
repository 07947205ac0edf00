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

# Possessive, so that nothing is ever tried twice: the time goes with the length, whatever the text. What stands
# between single braces and doesn't look like a name is JSON, a regular expression, prose: no variable.
_BRACED = re.compile(r"(\{++)([^{}]*+)(\}*+)")
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
