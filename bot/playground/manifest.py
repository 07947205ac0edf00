"""What an app's manifest allows it, as far as the local Slack holds it to that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# https://docs.slack.dev/reference/app-manifest
LONGEST_NAME = 35
LONGEST_DESCRIPTION = 140
LONGEST_COMMAND = 32
LONGEST_USAGE_HINT = 1_000
MOST_COMMANDS = 50
MOST_SHORTCUTS = 10

# Without a manifest everything is allowed but what must be asked for on purpose.
EVERYTHING = frozenset(
    {
        *("app_mentions:read", "channels:read", "chat:write", "commands", "groups:read"),
        *("im:history", "im:read", "im:write", "team:read", "users:read"),
    }
)


@dataclass(frozen=True)
class Permissions:
    """`commands` is None where any command may be typed."""

    scopes: frozenset[str] = EVERYTHING
    commands: frozenset[str] | None = None

    @classmethod
    def of(cls, manifest: Mapping[str, Any] | None) -> "Permissions":
        if manifest is None:
            return cls()
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        commands = manifest.get("features", {}).get("slash_commands", [])
        return cls(frozenset(scopes), frozenset(command["command"] for command in commands))

    def allow_command(self, command: str) -> bool:
        return self.commands is None or ("commands" in self.scopes and command in self.commands)


def problems(manifest: Mapping[str, Any]) -> list[str]:
    """Every limit of Slack's that the manifest is over."""
    information, features = manifest.get("display_information", {}), manifest.get("features", {})
    commands, shortcuts = features.get("slash_commands", []), features.get("shortcuts", [])
    measured = [
        ("display_information/name", len(information.get("name", "")), LONGEST_NAME),
        ("display_information/description", len(information.get("description", "")), LONGEST_DESCRIPTION),
        ("features/slash_commands", len(commands), MOST_COMMANDS),
        ("features/shortcuts", len(shortcuts), MOST_SHORTCUTS),
    ]
    for number, command in enumerate(commands):
        pointer = f"features/slash_commands/{number}"
        measured += [
            (f"{pointer}/command", len(command.get("command", "")), LONGEST_COMMAND),
            (f"{pointer}/usage_hint", len(command.get("usage_hint", "")), LONGEST_USAGE_HINT),
        ]
    return [f"{pointer}: {size}, at most {most} allowed" for pointer, size, most in measured if size > most]
