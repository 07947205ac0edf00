"""manifest.yml against what the app registers, and against Slack's limits."""

from typing import Any

import yaml

from bot.admission import SCOPES
from bot.commands import COMMANDS
from bot.playground.manifest import problems
from tests.bot.conftest import MANIFEST


def test_the_commands_in_slack_are_those_of_the_app(manifest: dict[str, Any]) -> None:
    assert {command["command"] for command in manifest["features"]["slash_commands"]} == set(COMMANDS)


def test_the_app_asks_for_the_scopes_that_it_checks_and_no_more(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}


def test_nothing_is_longer_than_slack_takes(manifest: dict[str, Any]) -> None:
    assert problems(manifest) == []
    assert len(yaml.safe_dump(manifest)) > 0


def test_socket_mode_needs_no_address_in_the_manifest(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "url" not in MANIFEST.read_text(encoding="utf-8").replace("https://api.slack.com", "")


def test_every_command_says_what_it_does_and_how(manifest: dict[str, Any]) -> None:
    for command in manifest["features"]["slash_commands"]:
        assert command["description"]
        assert command["usage_hint"]
        assert command["should_escape"] is False
