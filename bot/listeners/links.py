"""Links to assistants in messages: each gets a small card below it."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.arrivals import Arrival
from bot.asking import Asker
from bot.desk import Desk
from bot.slack_client import reason_of
from bot.views import cards
from bot.views.blocks import Block
from shared.answers import Detail
from shared.errors import AssistantUnknown, FamulorError
from shared.query import Choice

_log = logging.getLogger(__name__)

MOST = 10
"""Links of one message that are looked at."""


async def unfurl(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Shows what is known where links lead to; whatever can't be shown is left alone.

    Nothing is shown where people of other organisations would read it.
    """
    if arrival.among_strangers:
        return
    unfurls: dict[str, dict[str, list[Block]]] = {}
    for url in list(dict.fromkeys(arrival.links))[:MOST]:
        found = await _found(url, desk)
        if found is not None:
            unfurls[url] = {"blocks": cards.card(found, asker.say)}
    if not unfurls:
        return
    source, unfurl_id = arrival.unfurl.get("source"), arrival.unfurl.get("unfurl_id")
    # While a message is being written, only these two name it.
    named = (
        {"source": source, "unfurl_id": unfurl_id}
        if source and unfurl_id
        else {"channel": arrival.place, "ts": arrival.unfurl.get("message_ts")}
    )
    try:
        await desk.client.chat_unfurl(unfurls=unfurls, **named)
    except SlackApiError as error:
        _log.warning("Slack does not take the card of a link (%s)", reason_of(error))
    except (aiohttp.ClientError, OSError) as error:
        _log.warning("The card of a link could not be sent (%s)", type(error).__name__)


async def _found(url: str, desk: Desk) -> Detail | None:
    page = desk.runtime.settings.assistant_of(url.replace("&amp;", "&"))
    if page is None:
        return None
    accounts, assistant = page
    try:
        found = await desk.runtime.core.show(str(assistant), Choice(include=accounts))
    except AssistantUnknown:
        return None
    except FamulorError as error:
        _log.warning("A link to an assistant gets no card: %s", error)
        return None
    # A name may be a number, too.
    return found if found.assistant.id == assistant else None
