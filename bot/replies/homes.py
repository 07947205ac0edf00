"""A person's App Home: what stands there is replaced as a whole."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.asking import Asker
from bot.slack_client import reason_of
from bot.views import shells
from bot.views.answers import Answer

_log = logging.getLogger(__name__)


class Home:
    """The Home of whoever asks."""

    def __init__(self, client: AsyncWebClient, asker: Asker) -> None:
        self._client = client
        self._asker = asker

    async def show(self, answer: Answer) -> None:
        """Publishes it."""
        try:
            await self._client.views_publish(user_id=self._asker.user, view=shells.as_home(answer, self._asker.say))
        except SlackApiError as error:
            _log.warning("Slack does not take a Home (%s)", reason_of(error))
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("A Home could not be sent (%s)", type(error).__name__)
