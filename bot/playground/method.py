"""One method of Slack's Web API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """What does the work, the scopes of which it needs one, with spaces between, and whose token may call it."""

    run: Callable[[Arguments], Answer]
    scopes: str = ""
    tokens: tuple[str, ...] = ("xoxb",)
