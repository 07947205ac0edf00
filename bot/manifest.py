"""`famulor-bot manifest`: manifest.yml for one way in and one Famulor."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from bot.http import EVENTS

MOST_DOMAINS = 5
"""https://docs.slack.dev/reference/app-manifest"""


def manifest(host: str = "", unfurl_domains: Sequence[str] = ()) -> dict[str, Any]:
    """The app's manifest: for Socket Mode or, where there is a host name, for HTTP.

    `unfurl_domains`: where links to assistants lead, instead of Famulor's own domain.
    """
    content: dict[str, Any] = yaml.safe_load(_source())
    if unfurl_domains:
        content["features"]["unfurl_domains"] = list(dict.fromkeys(unfurl_domains))
    if host:
        address, settings = f"https://{host}{EVENTS}", content["settings"]
        for command in content["features"]["slash_commands"]:
            command["url"] = address
        settings["event_subscriptions"] = {"request_url": address, **settings["event_subscriptions"]}
        settings["interactivity"]["request_url"] = address
        settings["socket_mode_enabled"] = False
    return content


def printed(host: str = "", unfurl_domains: Sequence[str] = ()) -> str:
    """The manifest as Slack takes it: From a manifest → YAML."""
    return yaml.safe_dump(manifest(host, unfurl_domains), sort_keys=False, allow_unicode=True, width=120)


def _source() -> str:
    """A wheel has it inside of this package, a clone at its top."""
    packaged = files("bot") / "manifest.yml"
    found = packaged if packaged.is_file() else Path(__file__).parents[1] / "manifest.yml"
    return found.read_text(encoding="utf-8")
