"""A bot with one admin: beside it a demo Famulor, a local Slack and a database of its own."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground import LocalSlack
from bot.playground.people import PERSON
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings, from_arguments


@asynccontextmanager
async def opened(*, by_socket: bool) -> AsyncIterator[tuple[LocalSlack, Runtime[SlackSettings]]]:
    """All that a bot needs; it is not connected yet."""
    with tempfile.TemporaryDirectory() as folder:
        async with DemoApi(limited=False) as famulor, LocalSlack(acknowledge_within=60) as slack:
            way = {"slack_app_token": slack.app_token} if by_socket else {"slack_signing_secret": slack.signing_secret}
            settings = from_arguments(
                SlackSettings,
                famulor_api_key=DEMO_KEY,
                famulor_base_url=famulor.base_url,
                database_url=f"sqlite:///{Path(folder, 'fuzz.sqlite3')}",
                slack_bot_token=slack.bot_token,
                slack_api_url=slack.api_url,
                slack_http_port=0,
                slack_admins=PERSON,
                slack_prompts="admins",
                **way,
            )
            async with open_runtime(settings) as runtime:
                yield slack, runtime
