"""Models behind an endpoint of OpenAI's or Anthropic's kind: a conversation in which the model may call tools."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from mcp.types import Tool
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

DEADLINE = 120.0
"""Seconds for one turn; models think."""
MOST_WRITTEN = 2048
"""Tokens that a model may write in one turn."""


class Endpoint(BaseModel):
    """Where the model is: EVAL_API, EVAL_BASE_URL, EVAL_MODEL, EVAL_API_KEY.

    The base URL is what stands before `/chat/completions` (OpenAI's kind) or `/v1/messages` (Anthropic's).
    """

    api: Literal["openai", "anthropic"] = "openai"
    base_url: str = Field(pattern=r"^https?://")
    model: str = Field(min_length=1)
    api_key: str = ""

    @classmethod
    def configured(cls, environment: Mapping[str, str]) -> "Endpoint | None":
        """The endpoint that the environment names; None where it names none. Raises pydantic's ValidationError."""
        names = {f"EVAL_{name.upper()}": name for name in cls.model_fields}
        given = {names[name]: value for name, value in environment.items() if name in names and value}
        return cls.model_validate(given) if given else None


class EndpointFailed(Exception):
    """The endpoint gave no answer that can be used; the text says what it gave."""


@dataclass(frozen=True)
class Asked:
    """A tool call that the model asks for; `arguments` is None where it wrote no JSON object."""

    id: str
    tool: str
    arguments: dict[str, Any] | None


@dataclass(frozen=True)
class Turn:
    """What the model said: text, calls, or both. `tokens` as the endpoint counts them, read and written."""

    text: str
    calls: tuple[Asked, ...]
    tokens: int


class Conversation(ABC):
    """One question to a model, from the first turn to the last."""

    def __init__(self, http: httpx.AsyncClient, endpoint: Endpoint, system: str, tools: Sequence[Tool]) -> None:
        self._http = http
        self._endpoint = endpoint
        self._system = system
        self._tools = tools
        self._messages: list[dict[str, Any]] = []

    def ask(self, question: str) -> None:
        """Put the question."""
        self._messages.append({"role": "user", "content": question})

    @abstractmethod
    async def turn(self) -> Turn:
        """The model's next turn. Raises EndpointFailed."""

    @abstractmethod
    def answered(self, results: Sequence[tuple[Asked, str, bool]]) -> None:
        """What the tools said to the calls of the last turn: the call, the text, whether it is an error."""

    async def _post(self, path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
        try:
            response = await self._http.post(
                f"{self._endpoint.base_url.rstrip('/')}{path}", headers=dict(headers), json=body, timeout=DEADLINE
            )
        except httpx.HTTPError as error:
            raise EndpointFailed(f"no answer ({type(error).__name__})") from error
        if response.status_code != httpx.codes.OK:
            raise EndpointFailed(f"{response.status_code} {response.text[:200]}".strip())
        return response.content


class _Function(BaseModel):
    name: str
    arguments: str = ""


class _FunctionCall(BaseModel):
    id: str
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    tool_calls: list[_FunctionCall] | None = None


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    total_tokens: int = 0


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class OpenAIConversation(Conversation):
    """Chat completions with function calls, as most servers offer them."""

    async def turn(self) -> Turn:
        content = await self._post(
            "/chat/completions",
            {"Authorization": f"Bearer {self._endpoint.api_key}"} if self._endpoint.api_key else {},
            {
                "model": self._endpoint.model,
                "messages": [{"role": "system", "content": self._system}, *self._messages],
                "tools": [
                    {
                        "type": "function",
                        "function": {
                            "name": tool.name,
                            "description": tool.description,
                            "parameters": tool.input_schema,
                        },
                    }
                    for tool in self._tools
                ],
            },
        )
        try:
            completion = _Completion.model_validate_json(content)
        except ValidationError as error:
            raise EndpointFailed(f"an answer of another shape ({error.error_count()} faults)") from error
        message = completion.choices[0].message
        self._messages.append({"role": "assistant", **message.model_dump(exclude_none=True)})
        for call in self._messages[-1].get("tool_calls", ()):
            call["type"] = "function"
        return Turn(
            text=message.content or "",
            calls=tuple(
                Asked(call.id, call.function.name, _object(call.function.arguments))
                for call in message.tool_calls or ()
            ),
            tokens=completion.usage.total_tokens if completion.usage else 0,
        )

    def answered(self, results: Sequence[tuple[Asked, str, bool]]) -> None:
        self._messages += [
            {"role": "tool", "tool_call_id": asked.id, "content": text} for asked, text, _is_error in results
        ]


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object that a model wrote; nothing at all is an empty one."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class _Said(BaseModel):
    type: Literal["text"]
    text: str


class _Use(BaseModel):
    type: Literal["tool_use"]
    id: str
    name: str
    input: Any = Field(default_factory=dict)


class _Spent(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0


class _Reply(BaseModel):
    content: list[dict[str, Any]]
    usage: _Spent = _Spent()


class AnthropicConversation(Conversation):
    """Messages with tool use."""

    async def turn(self) -> Turn:
        content = await self._post(
            "/v1/messages",
            {"x-api-key": self._endpoint.api_key, "anthropic-version": "2023-06-01"},
            {
                "model": self._endpoint.model,
                "max_tokens": MOST_WRITTEN,
                "system": self._system,
                "messages": self._messages,
                "tools": [
                    {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}
                    for tool in self._tools
                ],
            },
        )
        try:
            reply = _Reply.model_validate_json(content)
            said = TypeAdapter(list[_Said]).validate_python(_of_type(reply, "text"))
            uses = TypeAdapter(list[_Use]).validate_python(_of_type(reply, "tool_use"))
        except ValidationError as error:
            raise EndpointFailed(f"an answer of another shape ({error.error_count()} faults)") from error
        self._messages.append({"role": "assistant", "content": reply.content})
        return Turn(
            text="".join(part.text for part in said),
            calls=tuple(Asked(use.id, use.name, use.input if isinstance(use.input, dict) else None) for use in uses),
            tokens=reply.usage.input_tokens + reply.usage.output_tokens,
        )

    def answered(self, results: Sequence[tuple[Asked, str, bool]]) -> None:
        parts = [
            {"type": "tool_result", "tool_use_id": asked.id, "content": text, "is_error": is_error}
            for asked, text, is_error in results
        ]
        self._messages.append({"role": "user", "content": parts})


def _of_type(reply: _Reply, kind: str) -> list[dict[str, Any]]:
    return [part for part in reply.content if part.get("type") == kind]


KINDS: Mapping[str, type[Conversation]] = {"openai": OpenAIConversation, "anthropic": AnthropicConversation}
