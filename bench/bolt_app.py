"""The least that Bolt can be asked to do: acknowledge every command, and answer it with a text; a floor for ours."""

import asyncio
import os
import re

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient


def app() -> AsyncApp:
    """An app in the mode that ours has: acknowledged at once, and answered in a lazy listener."""
    client = AsyncWebClient(os.environ["SLACK_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    bolt = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=True)
    bolt.command(re.compile(".+"))(ack=_acknowledge, lazy=[_answer])
    return bolt


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _answer(respond: AsyncRespond) -> None:
    await respond("12 assistants")


async def _connect(app_token: str) -> None:
    await AsyncSocketModeHandler(app(), app_token).start_async()  # type: ignore[no-untyped-call] # Bolt's own


def main() -> None:
    """As the environment says: by Socket Mode where there is an app-level token, else over HTTP at a port."""
    if app_token := os.environ.get("SLACK_APP_TOKEN"):
        asyncio.run(_connect(app_token))
    else:
        app().start(port=int(os.environ["SLACK_HTTP_PORT"]), host="127.0.0.1")


if __name__ == "__main__":
    main()
