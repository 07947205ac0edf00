"""Slack: tokens, scopes, clock, socket, channels and people."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.admission import (
    SCOPES,
    SlackUnreachable,
    answered,
    missing_scopes,
    opened_socket,
    refused_app_token,
    refused_bot_token,
    who_we_are,
)
from shared.clock import Clock
from shared.doctor import Finding, Findings, ok, problem, skipped, warning
from shared.settings import SlackSettings

SKEW = 60
"""Seconds that this machine's clock may be wrong without a word."""
SIGNATURES = 300
"""Seconds for which Slack's signatures are good: https://docs.slack.dev/authentication/verifying-requests-from-slack"""

BOT_TOKEN, SCOPE, SOCKET = "Slack, bot token", "Slack, scopes", "Slack, app-level token and socket"  # names
CLOCK = "Clock"
FIRST = "the bot token comes first"

Check = Callable[[str], Awaitable[Finding]]
"""Finds out about its subject."""


async def slack(client: AsyncWebClient, settings: SlackSettings, clock: Clock) -> Findings:
    """Each check in turn, whatever the ones before it found."""
    who: Any = None
    try:
        who = await who_we_are(client)
        refused = refused_bot_token(who, client)
    except SlackUnreachable as error:
        refused = [error.explain()]
    if refused:
        yield problem(BOT_TOKEN, refused[0])
    else:
        yield ok(BOT_TOKEN, f"{who.get('user')} in the workspace {who.get('team')}")
    yield _clock(who, settings, clock.now())
    yield skipped(SCOPE, FIRST) if refused else _scopes(who)
    if settings.socket_mode:
        yield await _found(SOCKET, partial(_socket, client, settings))
    for subject, check in _named(client, settings):
        yield skipped(subject, FIRST) if refused else await _found(subject, check)


def _named(client: AsyncWebClient, settings: SlackSettings) -> Iterator[tuple[str, Check]]:
    """Whatever the settings name by its id."""
    for channel in settings.slack_allowed_channels:
        yield f"Slack, channel {channel}", partial(_channel, client, channel)
    for group in settings.slack_allowed_usergroups:
        yield f"Slack, user group {group}", partial(_group, client, group)
    for variable in ("slack_admins", "slack_allowed_users"):
        for user in getattr(settings, variable):
            yield f"Slack, person {user}", partial(_person, client, user, variable.upper())


async def _found(subject: str, check: Check) -> Finding:
    try:
        return await check(subject)
    except SlackUnreachable as error:
        return problem(subject, error.explain())


def _clock(who: Any, settings: SlackSettings, now: datetime) -> Finding:
    said = who.headers.get("Date") if who is not None else None
    try:
        skew = (now - parsedate_to_datetime(said)).total_seconds() if said else None
    except (TypeError, ValueError):  # no date, or one of no zone
        skew = None
    if skew is None:
        return skipped(CLOCK, "Slack did not say what time it is")
    if abs(skew) <= SKEW:
        return ok(CLOCK, f"within {SKEW} s of Slack's")
    words = (
        f"this machine's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} Slack's; over HTTP, requests "
        f"are refused from {SIGNATURES} s on. Set it by a time server (NTP)."
    )
    refused = abs(skew) >= SIGNATURES and not settings.socket_mode
    return problem(CLOCK, words) if refused else warning(CLOCK, words)


def _scopes(who: Any) -> Finding:
    missing = missing_scopes(who)
    if missing:
        return problem(SCOPE, missing[0])
    if who.headers.get("X-OAuth-Scopes") is None:
        return skipped(SCOPE, "Slack did not say which the token has")
    return ok(SCOPE, f"all {len(SCOPES)} of the manifest")


async def _socket(client: AsyncWebClient, settings: SlackSettings, subject: str) -> Finding:
    refused = refused_app_token(await opened_socket(client, settings), client)
    return problem(subject, refused[0]) if refused else ok(subject, "Slack gives an address for a socket")


async def _channel(client: AsyncWebClient, channel: str, subject: str) -> Finding:
    answer = await answered(client.conversations_info(channel=channel), client)
    if not answer.get("ok"):
        return problem(
            subject,
            f"Slack does not show it ({answer.get('error')}). Check the id in SLACK_ALLOWED_CHANNELS; a private "
            "channel shows itself once the app is in it: type /invite @Famulor there.",
        )
    found = answer["channel"]
    name = f"#{found.get('name')}"
    if found.get("is_archived"):
        return warning(subject, f"{name} is archived. Take it out of SLACK_ALLOWED_CHANNELS.")
    if not found.get("is_member"):
        return warning(
            subject, f"the app is not in {name}: it hears commands there, but no mentions. Type /invite @Famulor there."
        )
    return ok(subject, f"{name}, the app is in it")


async def _group(client: AsyncWebClient, group: str, subject: str) -> Finding:
    answer = await answered(client.usergroups_users_list(usergroup=group), client)
    if not answer.get("ok"):
        return problem(
            subject, f"Slack does not show it ({answer.get('error')}). Check the id in SLACK_ALLOWED_USERGROUPS."
        )
    members = len(answer.get("users") or ())
    if not members:
        return warning(subject, "nobody is in it.")
    return ok(subject, "1 member" if members == 1 else f"{members} members")


async def _person(client: AsyncWebClient, user: str, variable: str, subject: str) -> Finding:
    answer = await answered(client.users_info(user=user), client)
    if not answer.get("ok"):
        return problem(subject, f"Slack does not know them ({answer.get('error')}). Check the id in {variable}.")
    found = answer["user"]
    if found.get("deleted"):
        return warning(subject, f"has left the workspace. Take the id out of {variable}.")
    return ok(subject, f"{found.get('real_name') or found.get('name')}, in {variable}")
