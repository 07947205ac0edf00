"""The objects in a payload, each with its place and its kind."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.limits.rules import BY_PLACE, UNTYPED

# Nothing that Slack takes is nested deeper; what is deeper is not looked at.
DEEPEST = 50

# An object's place as a JSON pointer, its kind, and the object itself.
Thing = tuple[str, str, Mapping[str, Any]]


def things(payload: Mapping[str, Any], at: str = "") -> Iterator[Thing]:
    """Every object in the payload; without recursion, for how deep it goes is not ours to say."""
    waiting: list[tuple[str, str, Any]] = [(at, "", payload)]
    while waiting:
        at, key, value = waiting.pop()
        if isinstance(value, Mapping):
            kind = BY_PLACE.get(key) or type_of(value) or UNTYPED.get(key, "")
            yield at, kind, value
            children = [(f"{at}/{_escaped(name)}", str(name), child) for name, child in value.items()]
        elif isinstance(value, list):
            children = [(f"{at}/{number}", key, child) for number, child in enumerate(value)]
        else:
            continue
        waiting += reversed(children if at.count("/") < DEEPEST else [])


def own_characters(thing: Mapping[str, Any]) -> int:
    """The characters that a reader sees of this object, without those of the objects in it."""
    text = thing.get("text")
    if isinstance(text, str):
        return len(text)
    # In a rich text an emoji, a mention or a bare link is there without a text.
    return 1 if any(name in thing for name in ("name", "user_id", "url", "value")) else 0


def text_of(value: Any) -> str:
    """The string, or the string inside the text object."""
    text = value.get("text") if isinstance(value, Mapping) else value
    return text if isinstance(text, str) else ""


def type_of(value: Any) -> str:
    """Its `type`, "" where it has none."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    return kind if isinstance(kind, str) else ""


def located(at: str, problem: str) -> str:
    """The problem with its place, in Slack's manner."""
    return f"{problem} [json-pointer:{at}]"


def _escaped(name: object) -> str:
    # https://www.rfc-editor.org/rfc/rfc6901#section-3
    return str(name).replace("~", "~0").replace("/", "~1")
