"""Answers in a modal: opened at once, because a trigger lives three seconds, and filled when the answer is there."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.asking import Asker
from bot.replies import files
from bot.slack_client import reason_of
from bot.views import shells
from bot.views.answers import Answer, Attachment
from bot.views.shells import View

_log = logging.getLogger(__name__)


class Modal:
    """A modal that is open. `command` is the text whose answer it shows, for its buttons."""

    def __init__(self, client: AsyncWebClient, asker: Asker, view_id: str, command: str = "") -> None:
        self._client = client
        self._asker = asker
        self._view_id = view_id
        self._command = command

    async def show(self, answer: Answer) -> None:
        """Shows it in the place of what is there."""
        try:
            if isinstance(answer, Attachment):
                await files.send(self._client, self._asker.user, answer)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            _log.warning("A file could not be sent (%s)", type(error).__name__)
            answer = shells.file_failed(self._asker.say)
        await self.put(shells.as_modal(answer, self._asker.say, self._command))

    async def put(self, view: View) -> None:
        """Puts a view in the place of what is there."""
        try:
            await self._client.views_update(view_id=self._view_id, view=view)
        except SlackApiError as error:
            # Whoever closed the modal in the meantime (not_found) wants no answer any more.
            _log.warning("Slack does not take a view (%s)", reason_of(error))
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("A view could not be sent (%s)", type(error).__name__)


async def opened(
    client: AsyncWebClient, asker: Asker, trigger: str, command: str = "", *, upon: bool = False
) -> Modal | None:
    """A modal that says it is waiting; None where Slack does not open one any more. `upon`: on top of the open one."""
    view_id = await placed(client, trigger, shells.waiting(asker.say, command), upon=upon)
    return Modal(client, asker, view_id, command) if view_id else None


async def placed(client: AsyncWebClient, trigger: str, view: View, *, upon: bool = False) -> str:
    """Opens this view; its id, "" where Slack does not open one any more. `upon`: on top of the open one."""
    try:
        call = client.views_push if upon else client.views_open
        answer = await call(trigger_id=trigger, view=view)
    except SlackApiError as error:
        _log.warning("Slack does not open a view (%s)", reason_of(error))
    except (aiohttp.ClientError, OSError) as error:
        _log.warning("A view could not be opened (%s)", type(error).__name__)
    else:
        return str(answer["view"]["id"])
    return ""
