"""manifest.yml against what the app registers and calls, against Slack's limits, and as it is printed."""

import ast
import asyncio
import logging
import sys
import zipfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.admission import SCOPES
from bot.playground import Interaction, LocalSlack
from bot.playground.manifest import SCOPE_OF_EVENT, problems
from bot.words import COMMANDS
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import MANIFEST

ROOT = MANIFEST.parent
BOT = ROOT / "bot"

# Slack's reference, a page for each method and event: https://docs.slack.dev/reference/methods . "": needs none.
SCOPES_OF_METHOD = {
    "apps_connections_open": "",
    "auth_test": "",
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_unfurl": "links:write",
    "chat_update": "chat:write",
    "conversations_info": "channels:read groups:read",
    "conversations_open": "im:write",
    "files_completeUploadExternal": "files:write",
    "files_getUploadURLExternal": "files:write",
    "files_upload_v2": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_conversations": "channels:read groups:read",
    "users_info": "users:read",
    "views_open": "",
    "views_publish": "",
    "views_push": "",
    "views_update": "",
}


def called() -> set[str]:
    """The methods of Slack's Web API that the bot's own code calls, by the SDK's names."""
    families = tuple(sorted({name.partition("_")[0] for name in SCOPES_OF_METHOD}))
    return {
        node.attr
        for path in BOT.rglob("*.py")
        if "playground" not in path.parts
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr.startswith(tuple(f"{family}_" for family in families))
    }


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["manifest", *arguments]) == 0
    content: dict[str, Any] = yaml.safe_load(capsys.readouterr().out)
    return content


def test_the_commands_in_slack_are_those_of_the_app(manifest: dict[str, Any]) -> None:
    assert tuple(command["command"] for command in manifest["features"]["slash_commands"]) == COMMANDS


def test_the_app_asks_for_the_scopes_that_it_checks(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}


def test_the_app_asks_for_what_its_code_needs_and_no_more(manifest: dict[str, Any]) -> None:
    assert called() <= SCOPES_OF_METHOD.keys()
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}
    for scopes in (*(SCOPES_OF_METHOD[name] for name in called()), *(SCOPE_OF_EVENT[name] for name in events)):
        needed |= set(scopes.split())
    assert needed == SCOPES


async def test_the_app_listens_to_whatever_it_asks_to_be_told_of(
    bot: Runtime[SlackSettings], slack: LocalSlack, manifest: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told: dict[str, Callable[[], Awaitable[Interaction]]] = {
        "app_home_opened": slack.open_home,
        "app_mention": partial(slack.mention, "help"),
        "link_shared": partial(slack.share_link, f"https://{manifest['features']['unfurl_domains'][0]}/assistants/42"),
        "message.im": partial(slack.say, "help"),
    }
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(told)
    for event in events:
        assert (await told[event]()).acknowledged
    for shortcut in manifest["features"].get("shortcuts", []):
        if shortcut["type"] == "global":
            assert (await slack.shortcut(shortcut["callback_id"])).acknowledged
        else:
            message = await (await slack.type_command("/assistants help")).reply()
            assert (await slack.message_shortcut(shortcut["callback_id"], message)).acknowledged
    assert "does not listen to" not in caplog.text


def test_home_and_messages_are_open(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


def test_every_command_says_what_it_does_and_how(manifest: dict[str, Any]) -> None:
    for command in manifest["features"]["slash_commands"]:
        assert command["description"]
        assert command["usage_hint"]
        assert command["should_escape"] is False


def test_it_is_printed_as_it_stands_for_socket_mode(
    manifest: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys) == manifest
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(manifest).replace("unfurl", "")


@pytest.mark.parametrize("given", ["bot.example.com", "https://Bot.Example.com/", " bot.example.com "])
def test_for_a_host_everything_goes_to_its_address(capsys: pytest.CaptureFixture[str], given: str) -> None:
    content = printed(capsys, "--host", given)
    address = "https://bot.example.com/slack/events"
    assert [command["url"] for command in content["features"]["slash_commands"]] == [address] * len(COMMANDS)
    assert content["settings"]["event_subscriptions"]["request_url"] == address
    assert content["settings"]["interactivity"]["request_url"] == address
    assert content["settings"]["socket_mode_enabled"] is False
    assert problems(content) == []


def test_a_host_may_have_a_port(capsys: pytest.CaptureFixture[str]) -> None:
    content = printed(capsys, "--host", "bot.example.com:8443")
    assert content["settings"]["interactivity"]["request_url"] == "https://bot.example.com:8443/slack/events"


@pytest.mark.parametrize(
    "host",
    [
        "bot",
        "http://bot.example.com",
        "bot.example.com/path",
        "bot.example.com:0",
        "bot.example.com:x",
        "bot.example.com:",
        "bot.example.com:65536",
        "-bot.example.com",
        "a b.example.com",
        f"{'a' * 64}.example.com",
        f"{'a.' * 126}com.x",
        "10.0.0.1",
        "",
    ],
)
def test_what_is_no_host_name_is_refused(capsys: pytest.CaptureFixture[str], host: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["manifest", "--host", host])
    assert caught.value.code == 2
    assert "--host" in capsys.readouterr().err


def test_links_to_another_famulor_unfurl(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--unfurl-domain", "voice.example.com", "--unfurl-domain", "https://Voice.example.com/")
    content = printed(capsys, *given)
    assert content["features"]["unfurl_domains"] == ["voice.example.com"]
    assert problems(content) == []


def test_more_domains_than_slack_takes_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    given = [word for number in range(6) for word in ("--unfurl-domain", f"d{number}.example.com")]
    with pytest.raises(SystemExit) as caught:
        main(["manifest", *given])
    assert caught.value.code == 2
    assert "at most 5" in capsys.readouterr().err


def test_nothing_is_longer_than_slack_takes(manifest: dict[str, Any]) -> None:
    assert problems(manifest) == []


async def test_an_installed_wheel_prints_the_same(manifest: dict[str, Any], tmp_path: Path) -> None:
    await said("-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path), folder=ROOT)
    (wheel,) = await asyncio.to_thread(lambda: list(tmp_path.glob("*.whl")))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    program = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); import bot.__main__; "
        f"assert bot.__main__.__file__.startswith({str(installed)!r}); bot.__main__.main(['manifest'])"
    )
    # Isolated: not the sources that this environment is installed from.
    assert yaml.safe_load(await said("-I", "-c", program, folder=tmp_path)) == manifest


async def said(*arguments: str, folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()
