"""The questions, read from `questions.yaml`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

Fact = int | str
"""A number, or a text: one of its parts between ` | ` is enough."""


class Call(BaseModel):
    """A tool call; `$next_cursor` as a value stands for the one of the answer before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    arguments: dict[str, Any]


def _call(written: object) -> object:
    """`{tool: {argument: value}}` → a call."""
    if isinstance(written, dict) and len(written) == 1:
        ((tool, arguments),) = written.items()
        return {"tool": tool, "arguments": arguments}
    return written


WrittenCall = Annotated[Call, BeforeValidator(_call)]


class Question(BaseModel):
    """What somebody asks, the calls that answer it, and what must be said then."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    language: Literal["de", "en"]
    ask: str
    calls: Annotated[tuple[WrittenCall, ...], BeforeValidator(tuple)]
    or_calls: Annotated[tuple[WrittenCall, ...], BeforeValidator(tuple)] = ()
    facts: Annotated[tuple[Fact, ...], BeforeValidator(tuple)]
    absent: Annotated[tuple[Fact, ...], BeforeValidator(tuple)] = ()
    world: str = "demo"

    @property
    def ways(self) -> tuple[tuple[Call, ...], ...]:
        """The ways to the answer, the best one first."""
        return (self.calls, self.or_calls) if self.or_calls else (self.calls,)


def questions() -> tuple[Question, ...]:
    """All of them, in the order of the file."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Question, ...]).validate_python(tuple(yaml.safe_load(text)))
