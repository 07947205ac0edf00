"""What clients send as a tool's arguments, made to fit its input schema, or refused in words that say how.

Models write `"42"` for 42, `null` for nothing, a list where commas are meant; all of that is understood. A name
that the tool does not know is refused: an ignored filter would answer another question than was asked.
"""

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import Tool

from shared.errors import QuestionError

LONGEST_SHOWN = 60
"""Characters of a wrong value that its refusal repeats."""

MOST_NAMED = 3
"""Unknown arguments that a refusal names."""

Schema = Mapping[str, Any]


class ArgumentUnknown(QuestionError):
    """The tool has no argument of this name."""

    what = "{tool} has no argument {argument}."
    cure = "{meant}Its arguments: {known}."


class ArgumentMissing(QuestionError):
    """The tool can't do without this argument."""

    what = "{tool} needs the argument “{argument}”."
    cure = "It takes {takes}."


class ArgumentInvalid(QuestionError):
    """The argument can't have this value."""

    what = "“{argument}” can't be {value}."
    cure = "It takes {takes}."


async def with_object(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """A middleware: sees to it that the arguments of a tool call are an object.

    Some clients send the object as a string of JSON, and none at all as null, "" or []. Anything else becomes an
    argument called “arguments”; no tool has one, so it is refused like any unknown one, with the names that exist.
    """
    if ctx.method == "tools/call" and ctx.params is not None and "arguments" in ctx.params:
        ctx = replace(ctx, params={**ctx.params, "arguments": _object(ctx.params["arguments"])})
    return await call_next(ctx)


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict):
        return value
    return {} if _is_nothing(value) or value == [] else {"arguments": value}


def fitted(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the tool's input schema wants them; what means nothing is left out, for the default.

    Raises ArgumentUnknown, ArgumentMissing, ArgumentInvalid.
    """
    schemas: Mapping[str, Schema] = tool.input_schema.get("properties", {})
    unknown = [name for name in arguments if name not in schemas]
    if unknown:
        raise ArgumentUnknown(
            tool=tool.name,
            argument=", ".join(f"“{name}”" for name in unknown[:MOST_NAMED]),
            meant=_meant(unknown[0], schemas),
            known=", ".join(schemas) or "none",
        )
    given = {name: value for name, value in arguments.items() if not _is_nothing(value)}
    for name in tool.input_schema.get("required", ()):
        if name not in given:
            raise ArgumentMissing(tool=tool.name, argument=name, takes=_takes(schemas[name]))
    return {name: _fitted(name, value, schemas[name]) for name, value in given.items()}


def _meant(name: str, known: Mapping[str, Schema]) -> str:
    near = difflib.get_close_matches(name.casefold(), known, n=1)
    return f"Did you mean “{near[0]}”? " if near else ""


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip().casefold() in {"", "null"})


def _fitted(name: str, value: Any, schema: Schema) -> Any:
    fit = _FITS.get(schema.get("type", ""))
    if fit is None:
        return value
    try:
        return fit(value, schema)
    except ValueError:
        shown = json.dumps(value, ensure_ascii=False)
        shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[: LONGEST_SHOWN - 1]}…"
        raise ArgumentInvalid(argument=name, value=shown, takes=_takes(schema)) from None


def _takes(schema: Schema) -> str:
    match schema:
        case {"enum": words}:
            return " or ".join(words)
        case {"type": "integer", "minimum": least, "maximum": most}:
            return f"a whole number from {least} to {most}"
        case {"type": "integer", "minimum": least}:
            return f"a whole number from {least}"
        case {"type": "integer"}:
            return "a whole number"
        case {"type": "boolean"}:
            return "true or false"
        case _:
            return "text"


def _text(value: Any, schema: Schema) -> str:
    meant = _parsed(value) if isinstance(value, str) else value
    text = ",".join(map(_item, meant)) if isinstance(meant, list) else _single(value)
    return _one_of(schema["enum"], text) if "enum" in schema else text


def _one_of(words: Sequence[str], text: str) -> str:
    wanted = text.strip().strip('"').casefold()
    if wanted not in words:
        raise ValueError
    return wanted


def _item(value: Any) -> str:
    text = _single(value)
    return f'"{text}"' if "," in text and '"' not in text else text


def _single(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            raise ValueError
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case _:
            raise ValueError


def _whole_number(value: Any, schema: Schema) -> int:
    match value:
        case bool():
            raise ValueError
        case int():
            number = value
        case float() if value.is_integer():
            number = int(value)
        case str():
            number = int(value)
        case _:
            raise ValueError
    if not schema.get("minimum", number) <= number <= schema.get("maximum", number):
        raise ValueError
    return number


def _truth(value: Any, _schema: Schema) -> bool:
    match value:
        case bool():
            return value
        case str() if value.strip().casefold() in {"true", "false"}:
            return value.strip().casefold() == "true"
        case _:
            raise ValueError


_FITS: Mapping[str, Callable[[Any, Schema], Any]] = {"string": _text, "integer": _whole_number, "boolean": _truth}


def _parsed(text: str) -> Any:
    """The list or object whose JSON this text is; else the text."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
