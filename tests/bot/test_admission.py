"""What is checked before the app starts, and how it is said."""

from typing import Any

import pytest

from bot import connection
from bot.admission import SCOPES, SlackUnreachable
from bot.playground import ConnectionLost, LocalSlack, RateLimited, Refused, ServerError
from shared.demo import DemoApi, faults
from shared.errors import SettingsError
from tests.bot.conftest import OpenBot


async def problems_of(open_bot: OpenBot, **given: Any) -> tuple[str, ...]:
    """What is said about these settings instead of a start."""
    with pytest.raises(SettingsError) as caught:
        await open_bot(**given)
    return caught.value.problems


async def test_a_wrong_bot_token_is_named_with_where_to_find_the_right_one(open_bot: OpenBot) -> None:
    (problem,) = await problems_of(open_bot, slack_bot_token="xoxb-canary")
    assert problem.startswith("SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth). You find the right one in")
    assert "canary" not in problem


async def test_a_wrong_app_token_is_named_with_where_to_find_the_right_one(open_bot: OpenBot) -> None:
    (problem,) = await problems_of(open_bot, slack_app_token="xapp-canary")
    assert problem.startswith("SLACK_APP_TOKEN: Slack does not accept it (invalid_auth).")
    assert "connections:write" in problem
    assert "canary" not in problem


async def test_both_wrong_tokens_are_told_at_once(open_bot: OpenBot) -> None:
    assert len(await problems_of(open_bot, slack_bot_token="xoxb-canary", slack_app_token="xapp-canary")) == 2


async def test_missing_scopes_are_named(open_bot: OpenBot, manifest: dict[str, Any]) -> None:
    manifest["oauth_config"]["scopes"]["bot"] = sorted(SCOPES - {"commands"})
    async with LocalSlack(manifest=manifest) as slack:
        (problem,) = await problems_of(open_bot, slack_api_url=slack.api_url)
    assert problem.startswith("SLACK_BOT_TOKEN: lacks the scope commands.")
    assert "reinstall" in problem
    manifest["oauth_config"]["scopes"]["bot"] = []
    async with LocalSlack(manifest=manifest) as slack:
        (problem,) = await problems_of(open_bot, slack_api_url=slack.api_url)
    assert problem.startswith(f"SLACK_BOT_TOKEN: lacks the scopes {', '.join(sorted(SCOPES))}.")


@pytest.mark.parametrize(
    ("fault", "times", "evidence"),
    [
        (Refused("internal_error"), 1, "internal_error"),
        (ServerError(502), 1, "no usable answer"),
        (ConnectionLost(), 2, "the connection was closed"),
    ],
)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_slack_with_troubles_of_its_own_is_no_wrong_token(
    open_bot: OpenBot, slack: LocalSlack, fault: Refused, times: int, evidence: str, method: str
) -> None:
    slack.next_answers(*[fault] * times, to=method)
    with pytest.raises(SlackUnreachable, match=evidence):
        await open_bot()


async def test_a_slack_that_is_not_there_is_told(open_bot: OpenBot) -> None:
    with pytest.raises(SlackUnreachable) as caught:
        await open_bot(slack_api_url="http://127.0.0.1:9/api/")
    assert caught.value.explain() == (
        "Slack can't be reached at 127.0.0.1:9 (Connection refused). Try again in a moment. "
        "Check this machine's network (and HTTPS_PROXY, where it needs one), then start again."
    )


async def test_a_slack_that_says_nothing_is_told(
    open_bot: OpenBot, demo_api: DemoApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CALL_PATIENCE", 0.2)
    demo_api.always(faults.Hang())
    with pytest.raises(SlackUnreachable, match="no answer in time"):
        await open_bot(slack_api_url=f"{demo_api.base_url}/api/")


async def test_a_slack_whose_name_is_not_found_is_told(open_bot: OpenBot) -> None:
    with pytest.raises(SlackUnreachable, match=r"slack\.invalid \(\w+"):
        await open_bot(slack_api_url="https://slack.invalid/api/")


async def test_a_rate_limit_at_the_start_is_waited_out(open_bot: OpenBot, slack: LocalSlack) -> None:
    slack.next_answers(RateLimited(retry_after=1), to="auth.test")
    await open_bot()
