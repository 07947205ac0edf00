"""Who people are, as Slack says: language, timezone, organisation, user groups."""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import reason_of
from shared.clock import Clock

_log = logging.getLogger(__name__)

KNOWN_FOR = 600.0
"""Seconds for which Slack is not asked again about the same person or group."""
MOST_KNOWN = 10_000
"""People; the ones asked about longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `language` is a two-letter code, `zone` an IANA name; both "" where Slack doesn't say."""

    language: str = ""
    zone: str = ""
    outsider: bool = False


class People:
    """Asks Slack about people, and remembers for a while.

    `team`: the workspace's id; `organisation`: its Enterprise Grid's, "" without one.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock, *, team: str, organisation: str = "") -> None:
        self._client = client
        self._clock = clock
        self._team = team
        self._organisation = organisation
        self._people: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}

    async def person(self, user: str, team: str) -> Person:
        """The person; where Slack can't say, somebody whose organisation is the one that the event names."""
        known = self._people.get(user)
        if known and self._clock.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            _log.warning("Slack does not say who %s is (%s)", user, _reason(error))
            return known[1] if known else Person(outsider=bool(team) and team != self._team)
        person = self._read(answer.get("user") or {})
        self._people[user] = (self._clock.monotonic(), person)
        self._people.move_to_end(user)
        while len(self._people) > MOST_KNOWN:
            self._people.popitem(last=False)
        return person

    async def groups_of(self, user: str, groups: Iterable[str]) -> frozenset[str]:
        """Those of the user groups that the user is in; a group that Slack doesn't tell about has nobody in it."""
        return frozenset([group for group in groups if user in await self._members(group)])

    async def _members(self, group: str) -> frozenset[str]:
        known = self._groups.get(group)
        if known and self._clock.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            _log.warning("Slack does not say who is in the user group %s (%s)", group, _reason(error))
            return known[1] if known else frozenset()
        members = frozenset(answer.get("users") or ())
        self._groups[group] = (self._clock.monotonic(), members)
        return members

    def _read(self, user: dict[str, Any]) -> Person:
        own = user.get("team_id") == self._team or (
            bool(self._organisation) and (user.get("enterprise_user") or {}).get("enterprise_id") == self._organisation
        )
        return Person(
            language=str(user.get("locale") or "")[:2].lower(),
            zone=str(user.get("tz") or ""),
            outsider=bool(user.get("is_stranger")) or not own,
        )


def _reason(error: Exception) -> str:
    return reason_of(error) if isinstance(error, SlackApiError) else type(error).__name__
