"""What menus of people and places offer, and to whom."""

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace import Workspace

_CONVERSATIONS = {"channels_select": {"channels"}, "conversations_select": {"channels", "groups", "im"}}
_KINDS = {"public": "channels", "private": "groups", "im": "im"}


def ids(workspace: Workspace, element: Mapping[str, Any], user: str) -> set[str]:
    """The people or conversations that a menu of such offers to this user; none for any other element.

    Their own direct messages with the bot are there, opened where they were not.
    """
    kind = str(element.get("type")).removeprefix("multi_")
    if kind == "users_select":
        return {one.id for one in workspace.users.values() if not one.deleted}
    kinds = _CONVERSATIONS.get(kind, set())
    include = element.get("filter", {}).get("include")
    if include:
        kinds = {_KINDS.get(one, "") for one in include}
    workspace.direct_channel(user)
    return {
        channel.id
        for channel in workspace.channels.values()
        if channel.kind in kinds and not channel.is_archived and (channel.kind == "channels" or user in channel.members)
    }
