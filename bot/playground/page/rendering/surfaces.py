"""What blocks are drawn on, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.playground import forms
from bot.playground.people import User
from bot.playground.workspace import Workspace

Kind = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Surface:
    """A message, a modal or a Home, as one user sees it.

    `state`: what was filled in there, as `LocalSlack.state` has it. `now`: for "today" and "yesterday", with a zone.
    `disabled`: nothing on it can be used. `key`: makes the ids of its elements unique in the page, such as the
    message's `ts` or the view's id. `errors`: what is wrong with what was filled in, by block_id. `offered`: the
    options that the bot suggested for a menu, by action_id.
    """

    user: User
    workspace: Workspace
    state: forms.State
    kind: Kind
    now: datetime
    disabled: bool = False
    key: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
