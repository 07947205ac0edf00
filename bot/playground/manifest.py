"""What an app's manifest allows it, as far as the local Slack holds it to that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# https://docs.slack.dev/reference/app-manifest
LONGEST_NAME = 35
LONGEST_DESCRIPTION = 140
LONGEST_COMMAND = 32
LONGEST_USAGE_HINT = 1_000
MOST_COMMANDS = 50
MOST_SHORTCUTS = 10
LONGEST_SHORTCUT_NAME = 24
LONGEST_SHORTCUT_DESCRIPTION = 150
LONGEST_CALLBACK_ID = 255
MOST_DOMAINS = 5
MOST_EVENTS = 100

# Without a manifest everything is allowed but what must be asked for on purpose.
EVERYTHING = frozenset(
    {
        *("app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write"),
        *("groups:history", "groups:read", "im:history", "im:read", "im:write", "links:read", "links:write"),
        *("team:read", "usergroups:read", "users:read"),
    }
)
# https://docs.slack.dev/reference/events
SCOPE_OF_EVENT = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}


@dataclass(frozen=True)
class Permissions:
    """What the app may do, and is told of. None stands for anything."""

    scopes: frozenset[str] = EVERYTHING
    commands: frozenset[str] | None = None
    events: frozenset[str] | None = None
    shortcuts: frozenset[tuple[str, str]] | None = None
    domains: frozenset[str] | None = None
    home_tab: bool = True
    messages_tab: bool = True
    interactivity: bool = True

    @classmethod
    def of(cls, manifest: Mapping[str, Any] | None) -> "Permissions":
        if manifest is None:
            return cls()
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            commands=frozenset(command["command"] for command in features.get("slash_commands", [])),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            shortcuts=frozenset((one["type"], one["callback_id"]) for one in features.get("shortcuts", [])),
            domains=frozenset(features.get("unfurl_domains", [])),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True))
            and not home.get("messages_tab_read_only_enabled", False),
            interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        )

    def allow_command(self, command: str) -> bool:
        return self.commands is None or ("commands" in self.scopes and command in self.commands)

    def allow_shortcut(self, kind: str, callback_id: str) -> bool:
        """`kind`: "global" or "message"."""
        return self.shortcuts is None or ("commands" in self.scopes and (kind, callback_id) in self.shortcuts)

    def why_no_event(self, event: str) -> str:
        """Why the app is not told of this event; "" where it is."""
        if self.events is not None and event not in self.events:
            return "not_subscribed"
        scope = SCOPE_OF_EVENT[event]
        return "missing_scope" if scope and scope not in self.scopes else ""

    def unfurls(self, url: str) -> bool:
        """Whether the app is told of links like this one."""
        host = urlsplit(url).hostname or ""
        return self.domains is None or any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def problems(manifest: Mapping[str, Any]) -> list[str]:
    """Every limit of Slack's that the manifest is over."""
    information, features = manifest.get("display_information", {}), manifest.get("features", {})
    commands, shortcuts = features.get("slash_commands", []), features.get("shortcuts", [])
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    measured = [
        ("display_information/name", len(information.get("name", "")), LONGEST_NAME),
        ("display_information/description", len(information.get("description", "")), LONGEST_DESCRIPTION),
        ("features/slash_commands", len(commands), MOST_COMMANDS),
        ("features/shortcuts", len(shortcuts), MOST_SHORTCUTS),
        ("features/unfurl_domains", len(features.get("unfurl_domains", [])), MOST_DOMAINS),
        ("settings/event_subscriptions/bot_events", len(events), MOST_EVENTS),
    ]
    for number, command in enumerate(commands):
        pointer = f"features/slash_commands/{number}"
        measured += [
            (f"{pointer}/command", len(command.get("command", "")), LONGEST_COMMAND),
            (f"{pointer}/usage_hint", len(command.get("usage_hint", "")), LONGEST_USAGE_HINT),
        ]
    for number, shortcut in enumerate(shortcuts):
        pointer = f"features/shortcuts/{number}"
        measured += [
            (f"{pointer}/name", len(shortcut.get("name", "")), LONGEST_SHORTCUT_NAME),
            (f"{pointer}/description", len(shortcut.get("description", "")), LONGEST_SHORTCUT_DESCRIPTION),
            (f"{pointer}/callback_id", len(shortcut.get("callback_id", "")), LONGEST_CALLBACK_ID),
        ]
    return [f"{pointer}: {size}, at most {most} allowed" for pointer, size, most in measured if size > most]
