"""Modals and App Homes: what the bot has shown to whom."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.limits import problems
from bot.playground.passes import Triggers
from bot.playground.refusal import SlackRefusesError
from bot.playground.workspace import APP, BOT, TEAM, Workspace

# https://docs.slack.dev/surfaces/modals
HIGHEST_STACK = 3


@dataclass(frozen=True)
class View:
    """One modal or Home; `hash` changes with every update, so that none is lost unseen."""

    id: str
    hash: str
    payload: Mapping[str, Any]

    def as_answer(self) -> dict[str, Any]:
        return {
            "view": {**self.payload, "id": self.id, "hash": self.hash, "team_id": TEAM, "app_id": APP, "bot_id": BOT}
        }


class Views:
    """`views.open`, `push`, `update` and `publish`, each with Slack's checks."""

    def __init__(self, workspace: Workspace, triggers: Triggers) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._numbers = itertools.count(1)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def open(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "modal")
        user = self._triggers.exchange(str(arguments.get("trigger_id", "")))
        self.stacks[user] = [self._new(payload)]
        return self.stacks[user][-1].as_answer()

    def push(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "modal")
        user = self._triggers.exchange(str(arguments.get("trigger_id", "")))
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackRefusesError("not_found")
        if len(stack) >= HIGHEST_STACK:
            raise SlackRefusesError("push_limit_reached")
        stack.append(self._new(payload))
        return stack[-1].as_answer()

    def update(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "modal")
        for stack in self.stacks.values():
            for place, view in enumerate(stack):
                if arguments.get("view_id") == view.id:
                    if arguments.get("hash") not in {None, view.hash}:
                        raise SlackRefusesError("hash_conflict")
                    stack[place] = self._new(payload, view.id)
                    return stack[place].as_answer()
        raise SlackRefusesError("not_found")

    def publish(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "home")
        user = str(arguments.get("user_id", ""))
        if user not in self._workspace.users:
            raise SlackRefusesError("user_not_found")
        self.homes[user] = self._new(payload)
        return self.homes[user].as_answer()

    def _new(self, payload: Mapping[str, Any], view_id: str = "") -> View:
        number = next(self._numbers)
        return View(view_id or f"V{number:09d}", f"{number}.local", payload)


def _checked(arguments: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    view = arguments.get("view")
    if not isinstance(view, Mapping) or view.get("type") != kind:
        raise SlackRefusesError("invalid_arguments")
    found = problems(view)
    if found:
        raise SlackRefusesError.for_problems("invalid_arguments", found)
    return view
