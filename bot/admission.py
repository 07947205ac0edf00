"""What is checked before the app starts: Bolt would notice a bad token at the first command, or try for ever."""

import os
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import refusal_of
from shared.errors import FamulorError, SettingsError
from shared.settings import SlackSettings
from shared.settings.values import APP_TOKEN_PLACE, BOT_TOKEN_PLACE

SCOPES = frozenset(
    {
        *("app_mentions:read", "channels:read", "chat:write", "commands", "files:write", "groups:read"),
        *("im:history", "im:write", "links:read", "links:write", "usergroups:read", "users:read"),
    }
)
"""What the app may do in a workspace; manifest.yml asks for the same."""

# Slack's codes for a token that is wrong, used up or too weak: https://docs.slack.dev/reference/methods/auth.test
_BAD_TOKEN = frozenset(
    {
        *("access_denied", "account_inactive", "invalid_auth", "missing_scope", "no_permission", "not_authed"),
        *("not_allowed_token_type", "org_login_required", "team_access_not_granted", "token_expired", "token_revoked"),
    }
)


class SlackUnreachable(FamulorError):
    """Slack gave no usable answer."""

    what = "Slack can't be reached at {host} ({evidence})."
    cure = "Check this machine's network (and HTTPS_PROXY, where it needs one), then start again."
    retryable = True


async def admitted(client: AsyncWebClient, settings: SlackSettings) -> AuthorizeResult:
    """Who we are in which workspace.

    Raises SettingsError with a line for each token that Slack does not take, and SlackUnreachable.
    """
    who = await who_we_are(client)
    problems = refused_bot_token(who, client)
    if settings.socket_mode:
        problems += refused_app_token(await opened_socket(client, settings), client)
    problems += missing_scopes(who)
    if problems:
        raise SettingsError(problems)
    bot_token = settings.slack_bot_token.get_secret_value()
    return AuthorizeResult.from_auth_test_response(bot_token=bot_token, auth_test_response=who)


async def who_we_are(client: AsyncWebClient) -> Any:
    """Slack's answer to the bot token, also where it is a refusal. Raises SlackUnreachable."""
    return await answered(client.auth_test(), client)


async def opened_socket(client: AsyncWebClient, settings: SlackSettings) -> Any:
    """Slack's answer to the app-level token, also where it is a refusal. Raises SlackUnreachable."""
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    return await answered(client.apps_connections_open(app_token=token), client)


async def answered(call: Awaitable[Any], client: AsyncWebClient) -> Any:
    """The answer, also where it is a refusal. Raises SlackUnreachable."""
    try:
        return await call
    except SlackApiError as error:
        if not refusal_of(error):
            raise SlackUnreachable(host=_host(client), evidence="no usable answer") from error
        return error.response
    except (aiohttp.ClientError, OSError) as error:
        raise SlackUnreachable(host=_host(client), evidence=_reason(error)) from error


def refused_bot_token(who: Any, client: AsyncWebClient) -> list[str]:
    """One line where Slack does not take the token. Raises SlackUnreachable where it has troubles of its own."""
    return _refusal("SLACK_BOT_TOKEN", who, f"You find the right one {BOT_TOKEN_PLACE}", client)


def refused_app_token(opened: Any, client: AsyncWebClient) -> list[str]:
    """The same for the app-level token."""
    return _refusal("SLACK_APP_TOKEN", opened, f"You find the right one {APP_TOKEN_PLACE}", client)


def missing_scopes(who: Any) -> list[str]:
    """One line where the app was installed with less than manifest.yml asks for."""
    granted = who.headers.get("X-OAuth-Scopes") if who.get("ok") else None
    missing = SCOPES - set(granted.replace(" ", "").split(",")) if granted is not None else set()
    if not missing:
        return []
    named = f"the scope{'s' if len(missing) > 1 else ''} {', '.join(sorted(missing))}"
    cure = "Add what is missing in your Slack app under OAuth & Permissions, then reinstall the app to the workspace."
    return [f"SLACK_BOT_TOKEN: lacks {named}. {cure}"]


def _refusal(variable: str, answer: Any, cure: str, client: AsyncWebClient) -> list[str]:
    if answer.get("ok"):
        return []
    code = str(answer["error"])
    if code not in _BAD_TOKEN:
        raise SlackUnreachable(host=_host(client), evidence=code)
    return [f"{variable}: Slack does not accept it ({code}). {cure}"]


def _host(client: AsyncWebClient) -> str:
    return urlsplit(client.base_url).netloc


def _reason(error: Exception) -> str:
    """The operating system's words for it where it has some."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        # asyncio puts the address where the words were; a name that is not found has words, but no number of its own.
        return os.strerror(error.errno) if error.errno is not None and error.errno > 0 else error.strerror
    return "the connection was closed"
