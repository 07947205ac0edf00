"""Which channel is meant, whether the app is in it, and who may decide what it is told."""

import logging
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.access import AdminsOnly, rights
from bot.asking import Asked, Asker
from bot.desk import Desk
from bot.slack_client import reason_of
from shared.errors import FamulorError

_log = logging.getLogger(__name__)

_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
_PAGE = 200
_DIRECT = "D"


class ChannelProblem(FamulorError):
    """A channel can't be told anything."""


class NotInThatChannel(ChannelProblem):
    """The app is no member; Slack says of a private channel that there is none."""

    what = "I am not in that channel, so I can't tell it anything."
    cure = "Invite me there with /invite and my name, then ask again."


class NoSuchChannel(ChannelProblem):
    """A name that no channel with the app in it has."""

    what = "I am in no channel called #{name}."
    cure = "Invite me there with /invite and my name; then type the same in that channel, without its name."


class ThatChannelClosed(ChannelProblem):
    """It is archived."""

    what = "That channel is archived, so nothing can be told there."
    cure = "Choose another one."


class ChannelUnclear(ChannelProblem):
    """Slack does not say. `evidence` is its code."""

    what = "Slack does not tell about that channel at the moment ({evidence})."
    retryable = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that can be told things. `shared`: people of other organisations read it too."""

    id: str
    shared: bool = False


async def here(asked: Asked, desk: Desk) -> str:
    """The channel's id where it was asked, else of the direct messages with the asker. Raises ChannelUnclear."""
    return asked.place or await _direct(asked.asker, desk)


async def meant(channel: str, asked: Asked, desk: Desk) -> Channel:
    """The channel that is named by id or name ("" is `here`), once it is known that it can be told things.

    Raises ChannelProblem.
    """
    if not channel or channel == asked.place:
        return await _open(await here(asked, desk), desk)
    if not _ID.fullmatch(channel):
        return await _called(channel, desk)
    if channel.startswith(_DIRECT) and channel != await _direct(asked.asker, desk):
        # Of somebody else's direct messages nobody decides but they.
        raise NotInThatChannel
    return await _open(channel, desk)


def decides(asker: Asker, channel: str, desk: Desk) -> None:
    """Nothing, where this person may decide what this channel is told. Raises NotAllowed."""
    allowed = rights(desk.rules, asker.user, channel, groups=desk.rules.groups, outsider=False)
    if not allowed.admin:
        raise AdminsOnly


async def _open(channel: str, desk: Desk) -> Channel:
    """The channel, when it is open and the app is in it."""
    if channel.startswith(_DIRECT):
        return Channel(channel)
    told = (await _said(desk.client.conversations_info(channel=channel)))["channel"]
    if told.get("is_archived"):
        raise ThatChannelClosed
    if not told.get("is_member"):
        raise NotInThatChannel
    return _read(told)


async def _called(name: str, desk: Desk) -> Channel:
    """The channel of this name, of those that the app is in."""
    cursor = ""
    while True:
        page = await _said(
            desk.client.users_conversations(
                types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor or None
            )
        )
        for channel in page["channels"]:
            if channel.get("name") == name.casefold():
                return _read(channel)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise NoSuchChannel(name=name)


def _read(told: Mapping[str, Any]) -> Channel:
    return Channel(str(told["id"]), shared=bool(told.get("is_ext_shared")))


async def _direct(asker: Asker, desk: Desk) -> str:
    return str((await _said(desk.client.conversations_open(users=[asker.user])))["channel"]["id"])


async def _said(answer: Awaitable[Any]) -> Any:
    """What Slack answers. Raises ChannelProblem."""
    try:
        return await answer
    except SlackApiError as error:
        code = reason_of(error)
        _log.warning("Slack does not tell about a channel (%s)", code)
        raise (NotInThatChannel() if code == "channel_not_found" else ChannelUnclear(evidence=code)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise ChannelUnclear(evidence=type(error).__name__) from error
