"""Every payload that the bot sent, and what is wrong with each."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.playground.limits import advice, problems
from bot.playground.refusal import SlackRefusesError

Payload = Mapping[str, Any]
# Arguments that a form body carries as JSON inside a string.
NESTED = ("attachments", "blocks", "files", "metadata", "unfurls", "view")


@dataclass(frozen=True)
class Sent:
    """One payload. `how`: a Web API method, "response_url" or "acknowledgement"; `error`: how Slack refused it."""

    how: str
    payload: Payload
    problems: tuple[str, ...]
    advice: tuple[str, ...]
    error: str = ""


class Record:
    """What was sent, in order. `listeners` are told of each as it comes."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.listeners: list[Callable[[Sent], None]] = []

    @property
    def refused(self) -> list[Sent]:
        """What Slack did not take, for whatever reason."""
        return [one for one in self.sent if one.error]

    @property
    def complaints(self) -> list[str]:
        """A line for every problem and every piece of advice, with how it was sent."""
        return [f"{one.how}: {line}" for one in self.sent for line in (*one.problems, *one.advice)]

    def note(self, how: str, payload: Payload, error: str = "") -> None:
        """Writes it down, if it carries something that people see."""
        content = _CONTENT.get(how, _nothing)(payload)
        if content:
            sent = Sent(how, content, tuple(problems(content)), tuple(advice(content)), error)
            self.sent.append(sent)
            for listener in self.listeners:
                listener(sent)

    @contextmanager
    def noting(self, how: str, payload: Payload) -> Iterator[None]:
        """Writes it down with what becomes of it inside the block."""
        try:
            yield
        except SlackRefusesError as refusal:
            self.note(how, payload, refusal.error)
            raise
        self.note(how, payload)


def unnested(arguments: Payload) -> dict[str, Any]:
    """The arguments with the JSON in their strings read. Raises ValueError or RecursionError where it is none."""
    nested = {name: arguments[name] for name in NESTED if isinstance(arguments.get(name), str)}
    return {**arguments, **{name: json.loads(value) for name, value in nested.items()}}


def _nothing(_: Payload) -> None:
    return None


def _arguments(payload: Payload) -> Payload:
    try:
        return unnested(payload)
    except (ValueError, RecursionError):
        # Slack refuses it before it looks at any limit.
        return payload


def _message(payload: Payload) -> Payload | None:
    return None if payload.get("delete_original") else _without_token(payload)


def _view(payload: Payload) -> Payload | None:
    view = _arguments(payload).get("view")
    return view if isinstance(view, Mapping) else None


def _acknowledgement(payload: Payload) -> Payload | None:
    if any(payload.get(name) for name in ("text", "blocks", "attachments", "options", "option_groups")):
        return payload
    return _view(payload)


def _comment(payload: Payload) -> Payload | None:
    arguments = _arguments(payload)
    said = {name: arguments[name] for name in ("text", "blocks") if arguments.get(name)}
    if arguments.get("initial_comment"):
        return {"text": arguments["initial_comment"]}
    return said or None


def _without_token(payload: Payload) -> Payload:
    return {name: value for name, value in _arguments(payload).items() if name != "token"}


_CONTENT: dict[str, Callable[[Payload], Payload | None]] = {
    "acknowledgement": _acknowledgement,
    "chat.postEphemeral": _message,
    "chat.postMessage": _message,
    "chat.unfurl": _without_token,
    "chat.update": _message,
    "files.completeUploadExternal": _comment,
    "response_url": _message,
    "views.open": _view,
    "views.publish": _view,
    "views.push": _view,
    "views.update": _view,
}
