"""The Bolt app: which listener answers what. Registration only."""

import logging
import re

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.answering import Answering
from bot.commands import COMMANDS
from bot.commands.unknown import unknown
from bot.logger import slack_logger


def build(answering: Answering, client: AsyncWebClient, workspace: AuthorizeResult) -> AsyncApp:
    """The app for one workspace, as `workspace` was checked at the start."""

    # Bolt's own way asks Slack who we are at the first command, before it acknowledges: three seconds for both.
    async def authorize() -> AuthorizeResult:
        return workspace

    app = AsyncApp(
        name="famulor-bot",
        client=client,
        authorize=authorize,
        logger=slack_logger(),
        # The default mode looks every 10 ms whether a listener has acknowledged.
        process_before_response=True,
    )
    # It has just been given our logger's level; at INFO it logs the whole body of a badly signed request.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    for name, listener in COMMANDS.items():
        app.command(name)(ack=acknowledge, lazy=[answering.by(listener)])
    app.command(re.compile(".*"))(ack=acknowledge, lazy=[answering.by(unknown)])
    return app


async def acknowledge(ack: AsyncAck) -> None:
    """At once and without a word: the answer follows."""
    await ack()
