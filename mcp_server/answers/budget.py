"""How much of a model's context an answer takes, and how to take less; pure."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

from pydantic import BaseModel, JsonValue

Part = TypeVar("Part", bound=BaseModel)

BYTES_A_TOKEN = 4
"""Every model counts in its own way, so we count what they have in common: bytes of UTF-8. Four of them to a token
are right for prose; a table's rows are some tokens more, of which the default leaves plenty."""
DEFAULT_TOKENS = 8_000
FEWEST_TOKENS = 500
MOST_TOKENS = 100_000

SHARE = 8
"""Greeting, variables and further fields get one part in so many each of an answer that doesn't hold everything."""


def data(part: BaseModel) -> dict[str, Any]:
    """What a client gets of it: no part that is empty."""
    return part.model_dump(mode="json", exclude_defaults=True)


def compact(value: Any) -> str:
    """The value as JSON without a blank too many."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def size(value: Any) -> int:
    """The bytes of the value as compact JSON."""
    return len(compact(data(value) if isinstance(value, BaseModel) else value).encode())


def tokens(text: str) -> int:
    """The tokens that the text takes, about."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def first_of(parts: Sequence[Part], room: int) -> tuple[Part, ...]:
    """As many of the parts as have room, from the first on."""
    return tuple(parts[: bisect_right(list(accumulate(size(part) + 1 for part in parts)), room)])


def beginning(text: str, room: int) -> str:
    """The beginning of the text that takes at most so many bytes as JSON."""
    return text[: bisect_right(range(1, len(text) + 1), room, key=lambda length: size(text[:length]))]


def shortened(fields: Mapping[str, JsonValue], room: int) -> tuple[dict[str, JsonValue], tuple[str, ...]]:
    """An assistant's fields without what has no room, and what that is in words. The prompt takes what others leave."""
    kept = dict(fields)
    left_out = []
    for name in ("initial_message", "variables", "extra"):
        value = kept.get(name)
        if size(value) > room // SHARE:
            if isinstance(value, str):
                kept[name] = beginning(value, room // SHARE)
                left_out.append(_rest(name, value, kept[name]))
            else:
                del kept[name]
                left_out.append(f"{name}: all of its {size(value):,} bytes")
    prompt = kept.get("system_prompt")
    if isinstance(prompt, str) and size(kept) > room:
        kept["system_prompt"] = beginning(prompt, room - size(kept) + size(prompt))
        left_out.append(_rest("system_prompt", prompt, kept["system_prompt"]))
    return kept, tuple(left_out)


def _rest(name: str, text: str, shown: JsonValue) -> str:
    return f"{name}: {len(text) - len(str(shown)):,} more characters"
