"""Modals and App Homes: what the bot has shown to whom."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground import forms, plain
from bot.playground.limits import problems
from bot.playground.people import TEAM
from bot.playground.refusal import SlackRefusesError
from bot.playground.triggers import Triggers
from bot.playground.workspace import APP, BOT, Workspace

# https://docs.slack.dev/surfaces/modals
HIGHEST_STACK = 3


@dataclass(frozen=True)
class View:
    """One modal or Home; `hash` changes with every update, so that none is lost unseen. `user`: who sees it."""

    id: str
    hash: str
    payload: Mapping[str, Any]
    user: str = ""
    root_id: str = ""
    previous_id: str = ""

    @property
    def is_home(self) -> bool:
        return self.payload.get("type") == "home"

    def as_text(self) -> str:
        """The view as a terminal can show it."""
        return plain.view_as_text(self.payload)

    def as_slack(self, filled: forms.State | None = None) -> dict[str, Any]:
        """The view object, as answers and interactions carry it."""
        optional = dict.fromkeys(("title", "submit", "close"))
        return {
            **optional,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **forms.identified(self.payload),
            "id": self.id,
            "hash": self.hash,
            "team_id": TEAM,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
            "root_view_id": self.root_id or self.id,
            "previous_view_id": self.previous_id or None,
            "state": {"values": forms.values(self.payload, filled or {})},
        }

    def as_answer(self) -> dict[str, Any]:
        return {"view": self.as_slack()}


Shown = Callable[[View, str], None]
"""Told of each view that is shown, and of what let it be: a `trigger_id`, or "" for updates and Homes."""


class Views:
    """`views.open`, `push`, `update` and `publish`, each with Slack's checks.

    `stacks`: the modals of each user, the lowest first; `homes`: the Home of each user.
    """

    def __init__(self, workspace: Workspace, triggers: Triggers, *, shown: Shown, home_enabled: bool = True) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._shown = shown
        self._home_enabled = home_enabled
        self._numbers = itertools.count(1)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def open(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = self._new_modal(arguments)
        trigger_id = str(arguments.get("trigger_id", ""))
        user = self._triggers.exchange(trigger_id)
        self.stacks[user] = [self._new(payload, user)]
        return self._show(self.stacks[user][-1], trigger_id)

    def push(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = self._new_modal(arguments)
        trigger_id = str(arguments.get("trigger_id", ""))
        user = self._triggers.exchange(trigger_id)
        return self._show(self._pushed(user, payload), trigger_id)

    def update(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "modal")
        named = arguments.get("view_id") or arguments.get("external_id")
        for stack in self.stacks.values():
            for view in stack:
                if named and named in {view.id, view.payload.get("external_id")}:
                    if arguments.get("hash") not in {None, view.hash}:
                        raise SlackRefusesError("hash_conflict")
                    return self._show(self._updated(view, payload), "")
        raise SlackRefusesError("not_found")

    def publish(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        payload = _checked(arguments, "home")
        user = str(arguments.get("user_id", ""))
        if not self._home_enabled:
            raise SlackRefusesError("not_enabled")
        if user not in self._workspace.users:
            raise SlackRefusesError("user_not_found")
        before = self.homes.get(user)
        if before and arguments.get("hash") not in {None, before.hash}:
            raise SlackRefusesError("hash_conflict")
        self.homes[user] = self._new(payload, user, before.id if before else "")
        return self._show(self.homes[user], "")

    def top(self, user: str) -> View:
        """The modal that this user has before them.

        Raises:
            LookupError: there is none.
        """
        if not self.stacks.get(user):
            raise LookupError(f"{user} has no modal open")
        return self.stacks[user][-1]

    def current(self, view: View) -> View:
        """The view as it is now; the same where it was closed meanwhile."""
        open_views = [*self.stacks.get(view.user, ()), *self.homes.values()]
        return next((one for one in open_views if one.id == view.id), view)

    def close(self, user: str, *, everything: bool = False) -> None:
        """Takes the uppermost modal away, or all."""
        del self.stacks[user][0 if everything else -1 :]
        self._workspace.news.tell()

    def respond(self, view: View, answer: Mapping[str, Any], trigger_id: str) -> None:
        """Does what the acknowledgement of a submission asks for.

        Raises:
            SlackRefusesError: it asks for nothing that there is, or its view breaks a limit.
        """
        match answer.get("response_action"):
            case None:
                self.close(view.user)
            case "clear":
                self.close(view.user, everything=True)
            case "update":
                self._show(self._updated(view, _checked(answer, "modal")), trigger_id)
            case "push":
                self._show(self._pushed(view.user, _checked(answer, "modal")), trigger_id)
            case _:
                raise SlackRefusesError("invalid_response_action")

    def _pushed(self, user: str, payload: Mapping[str, Any]) -> View:
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackRefusesError("not_found")
        if len(stack) >= HIGHEST_STACK:
            raise SlackRefusesError("push_limit_reached")
        stack.append(self._new(payload, user, root=stack[0].id, previous=stack[-1].id))
        return stack[-1]

    def _updated(self, view: View, payload: Mapping[str, Any]) -> View:
        fresh = self._new(payload, view.user, view.id, root=view.root_id, previous=view.previous_id)
        stack = self.stacks[view.user]
        stack[[one.id for one in stack].index(view.id)] = fresh
        return fresh

    def _new(
        self, payload: Mapping[str, Any], user: str, view_id: str = "", *, root: str = "", previous: str = ""
    ) -> View:
        number = next(self._numbers)
        return View(view_id or f"V{number:09d}", f"{number}.local", payload, user, root, previous)

    def _new_modal(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        payload = _checked(arguments, "modal")
        external_id = payload.get("external_id")
        taken = {view.payload.get("external_id") for stack in self.stacks.values() for view in stack}
        if external_id and external_id in taken:
            raise SlackRefusesError("duplicate_external_id")
        return payload

    def _show(self, view: View, trigger_id: str) -> dict[str, Any]:
        self._shown(view, trigger_id)
        self._workspace.news.tell()
        return view.as_answer()


def _checked(arguments: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    view = arguments.get("view")
    if not isinstance(view, Mapping) or view.get("type") != kind:
        raise SlackRefusesError("invalid_arguments")
    found = problems(view)
    if found:
        too_large = any(problem.startswith("view_too_large") for problem in found)
        raise SlackRefusesError.for_problems("view_too_large" if too_large else "invalid_arguments", found)
    return view
