"""The environment: what is set for this program, and what Slack's libraries would read behind its back."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from shared.doctor import Finding, Findings, ok, warning
from shared.settings import SlackSettings, is_loopback

READ_BY_BOLT = (
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SIGNING_SECRET",
    "SLACK_VERIFICATION_TOKEN",
)
"""Bolt reads these behind our back: with an id and a secret it switches to OAuth and drops the bot token."""
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""Those that Slack's SDK obeys, in its order."""

WAY_IN, ENVIRONMENT = "Way in", "Environment"

_UNUSED = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN")


async def surroundings(settings: SlackSettings, environment: Mapping[str, str]) -> Findings:
    """What in the environment does not do what it seems to."""
    unused = [name for name in _UNUSED if environment.get(name)]
    if unused:
        yield warning(
            ENVIRONMENT,
            f"{', '.join(unused)}: not used. They are for apps that many workspaces install; Bolt would take them for "
            "OAuth and drop the bot token, so this program hides them from it. Remove them.",
        )
    for finding in _proxy(settings, environment):
        yield finding


async def way_in(settings: SlackSettings) -> Findings:
    """How Slack reaches the app."""
    place = f"{settings.slack_http_host}:{settings.slack_http_port}"
    if not settings.socket_mode:
        words = f"HTTP, signed, at {place}; Slack needs an https:// address that leads there"
        yield ok(WAY_IN, f"{words}, or SLACK_APP_TOKEN for Socket Mode")
        return
    watched = f"; /healthz and /readyz at {place}" if settings.listens else ""
    unused = "; SLACK_SIGNING_SECRET is not used in it" if settings.slack_signing_secret else ""
    yield ok(WAY_IN, f"Socket Mode{watched}{unused}")


def _proxy(settings: SlackSettings, environment: Mapping[str, str]) -> Iterator[Finding]:
    variable = next((name for name in PROXIES if environment.get(name)), None)
    if variable is None:
        return
    host = urlsplit(settings.slack_api_url).hostname or ""
    if is_loopback(host) or environment.get("NO_PROXY") or environment.get("no_proxy"):
        yield warning(
            "Proxy",
            f"Slack's library sends everything through the proxy of {variable}, also to {host}: it does not know "
            f"NO_PROXY. If the way to {host} is not through it, start this program without {variable}.",
        )
    else:
        yield ok("Proxy", f"Slack is reached through the proxy of {variable}")
