import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.playground import Interaction, LocalSlack
from tests.clocks import ManualClock

Respond = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def interaction(slack: LocalSlack) -> Interaction:
    """A command whose `response_url` the tests use themselves; no bot is there."""
    return await slack.type_command("/assistants")


@pytest.fixture
def respond(interaction: Interaction, http: aiohttp.ClientSession) -> Respond:
    async def respond(body: Any, url: str = interaction.envelope["payload"]["response_url"]) -> tuple[int, str]:
        data = body if isinstance(body, str) else json.dumps(body)
        async with http.post(url, data=data, headers={"Content-Type": "application/json"}) as response:
            return response.status, await response.text()

    return respond


async def test_a_response_url_works_five_times(respond: Respond, interaction: Interaction) -> None:
    for number in range(5):
        assert await respond({"text": str(number)}) == (200, "ok")
    assert await respond({"text": "5"}) == (404, "used_url")
    assert [message.text for message in interaction.messages] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_works_for_thirty_minutes(respond: Respond, clock: ManualClock) -> None:
    clock.advance(30 * 60)
    assert await respond({"text": "just in time"}) == (200, "ok")
    clock.advance(1)
    assert await respond({"text": "too late"}) == (404, "expired_url")


async def test_a_response_url_cannot_be_guessed(respond: Respond, slack: LocalSlack, interaction: Interaction) -> None:
    assert await respond({"text": "x"}, f"{slack.url}response/guessed") == (404, "no_service")
    secret = interaction.envelope["payload"]["response_url"].rpartition("/")[2]
    assert len(secret) >= 32


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ("", "no_text"),
        ({"blocks": [{"type": "new_kind"}]}, "invalid_blocks"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ("{not json", "invalid_payload"),
        ("[]", "invalid_payload"),
        ("[" * 100_000, "invalid_payload"),
    ],
)
async def test_what_slack_would_not_show_is_refused_and_uses_nothing_up(
    respond: Respond, interaction: Interaction, body: Any, error: str
) -> None:
    for _ in range(6):
        assert await respond(body) == (400, error)
    assert await respond({"text": "x" * 40_000}) == (200, "ok")
    assert len(interaction.messages) == 1


async def test_a_response_in_the_channel_is_seen_by_everybody(
    respond: Respond, interaction: Interaction, slack: LocalSlack
) -> None:
    await respond({"text": "for all", "response_type": "in_channel"})
    await respond({"text": "for one"})
    assert [message.text for message in slack.workspace.messages(interaction.channel)] == ["for all"]


async def test_a_command_has_no_original_to_replace_or_delete(respond: Respond, interaction: Interaction) -> None:
    assert await respond({"text": "new", "replace_original": True}) == (200, "ok")
    assert await respond({"delete_original": True}) == (200, "ok")
    assert [(message.text, message.replaced) for message in interaction.messages] == [("new", False)]


async def test_attachments_alone_are_enough(respond: Respond, interaction: Interaction) -> None:
    assert await respond({"attachments": [{"fallback": "old style"}]}) == (200, "ok")
    assert interaction.messages[0].as_text().strip() == "old style"
