"""Who and what there is: people, groups of them, channels, the team, the bot itself."""

from collections.abc import Iterable
from typing import Any

from bot.playground.manifest import Permissions
from bot.playground.method import Answer, Arguments, Method
from bot.playground.people import BOT_USER, DOMAINS, TEAM
from bot.playground.refusal import SlackRefusesError
from bot.playground.workspace import APP, BOT, Channel, Workspace

READ_CHANNELS = "channels:read groups:read im:read mpim:read"
SCOPE_OF_KIND = {"channels": "channels:read", "groups": "groups:read", "im": "im:read"}
KINDS_BY_TYPE = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
PAGE = 100


class DirectoryApi:
    """Reads the workspace."""

    def __init__(self, workspace: Workspace, permissions: Permissions) -> None:
        self._workspace = workspace
        self._permissions = permissions

    def methods(self) -> dict[str, Method]:
        return {
            "auth.test": Method(self._test_auth),
            "bots.info": Method(self._bot_info, "users:read"),
            "conversations.info": Method(self._channel_info, READ_CHANNELS),
            "conversations.list": Method(self._channels, READ_CHANNELS),
            "conversations.members": Method(self._members, READ_CHANNELS),
            "conversations.open": Method(self._open_direct, "im:write mpim:write"),
            "team.info": Method(self._team_info, "team:read"),
            "usergroups.list": Method(self._usergroups, "usergroups:read"),
            "usergroups.users.list": Method(self._usergroup_members, "usergroups:read"),
            "users.conversations": Method(self._own_channels, READ_CHANNELS),
            "users.info": Method(self._user_info, "users:read"),
        }

    def _test_auth(self, _: Arguments) -> Answer:
        return {
            "url": "https://local.slack.com/",
            "team": "Local Slack",
            "user": self._workspace.users[BOT_USER].name,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def _bot_info(self, arguments: Arguments) -> Answer:
        if arguments.get("bot") not in {None, "", BOT}:
            raise SlackRefusesError("bot_not_found")
        name = self._workspace.users[BOT_USER].name
        return {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": name, "deleted": False}}

    def _channel_info(self, arguments: Arguments) -> Answer:
        return {"channel": self._as_slack(self._readable(arguments))}

    def _members(self, arguments: Arguments) -> Answer:
        members = sorted(self._readable(arguments).members)
        page, cursor = _page(members, arguments)
        return {"members": page, "response_metadata": {"next_cursor": cursor}}

    def _channels(self, arguments: Arguments) -> Answer:
        return self._listed(arguments, self._workspace.channels.values())

    def _own_channels(self, arguments: Arguments) -> Answer:
        user = str(arguments.get("user") or BOT_USER)
        mine = [channel for channel in self._workspace.channels.values() if user in channel.members]
        return self._listed(arguments, mine)

    def _listed(self, arguments: Arguments, channels: Iterable[Channel]) -> Answer:
        types = str(arguments.get("types") or "public_channel").split(",")
        kinds = {KINDS_BY_TYPE.get(kind.strip(), "") for kind in types}
        self._need(*(SCOPE_OF_KIND[kind] for kind in sorted(kinds) if kind))
        found = [
            self._as_slack(channel)
            for channel in channels
            if channel.kind in kinds
            and not (channel.is_private and BOT_USER not in channel.members)
            and not (channel.is_archived and _is_true(arguments.get("exclude_archived")))
        ]
        page, cursor = _page(found, arguments)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def _open_direct(self, arguments: Arguments) -> Answer:
        user = str(arguments.get("users", ""))
        if user not in self._workspace.users:
            raise SlackRefusesError("user_not_found")
        return {"channel": {"id": self._workspace.direct_channel(user).id}}

    def _user_info(self, arguments: Arguments) -> Answer:
        user = self._workspace.users.get(str(arguments.get("user", "")))
        if user is None:
            raise SlackRefusesError("user_not_found")
        with_locale = _is_true(arguments.get("include_locale"))
        return {"user": user.as_slack(with_locale=with_locale, is_stranger=not self._workspace.knows(user))}

    def _usergroups(self, _: Arguments) -> Answer:
        groups = self._workspace.usergroups
        return {
            "usergroups": [
                {
                    "id": group,
                    "team_id": TEAM,
                    "is_usergroup": True,
                    "handle": group.lower(),
                    "user_count": len(members),
                }
                for group, members in sorted(groups.items())
            ]
        }

    def _usergroup_members(self, arguments: Arguments) -> Answer:
        members = self._workspace.usergroups.get(str(arguments.get("usergroup", "")))
        if members is None:
            raise SlackRefusesError("no_such_subteam")
        return {"users": sorted(members)}

    def _team_info(self, _: Arguments) -> Answer:
        return {"team": {"id": TEAM, "name": "Local Slack", "domain": DOMAINS[TEAM]}}

    def _readable(self, arguments: Arguments) -> Channel:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        self._need(SCOPE_OF_KIND[channel.kind])
        return channel

    def _need(self, *scopes: str) -> None:
        for scope in scopes:
            if scope not in self._permissions.scopes:
                provided = ",".join(sorted(self._permissions.scopes))
                raise SlackRefusesError("missing_scope", needed=scope, provided=provided)

    def _as_slack(self, channel: Channel) -> dict[str, Any]:
        is_shared = self._workspace.is_shared(channel)
        return {
            "id": channel.id,
            "name": channel.name,
            "is_channel": not channel.is_direct,
            "is_im": channel.is_direct,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": BOT_USER in channel.members,
            "is_shared": is_shared,
            "is_ext_shared": is_shared,
            "num_members": len(channel.members),
        }


def _page(rows: list[Any], arguments: Arguments) -> tuple[list[Any], str]:
    """The rows from the cursor on, and the cursor of the next page, "" after the last."""
    try:
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or PAGE)
    except (TypeError, ValueError):
        raise SlackRefusesError("invalid_cursor") from None
    end = start + max(1, limit)
    return rows[start:end], str(end) if end < len(rows) else ""


def _is_true(value: object) -> bool:
    """Forms and addresses carry it as a text."""
    return str(value).lower() in {"1", "true"}
