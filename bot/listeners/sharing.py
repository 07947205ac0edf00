"""A list that somebody shares with their channel: from then on everybody there sees it."""

import logging

from slack_sdk.errors import SlackApiError

from bot.access import Prompts
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.commands.lists import readable
from bot.desk import Desk
from bot.grammar import Find, Listing, parse
from bot.slack_client import reason_of
from bot.views import apologies, lists
from shared.errors import FamulorError

_log = logging.getLogger(__name__)


class NotShared(FamulorError):
    """Slack did not take the post. `evidence` is its code."""

    what = "Slack did not take it ({evidence}); nobody else has seen the list."
    retryable = True


class NotInTheChannel(NotShared):
    """The app is no member; Slack says of a private channel that there is none."""

    what = "I am not in this channel, so I can't post into it."
    cure = "Invite me with /invite and my name, then press the button again."
    retryable = False


class ChannelClosed(NotShared):
    """Archived, or its admins have restricted who may post."""

    what = "Nothing can be posted into this channel: it is archived, or its admins don't let apps post."
    cure = "Ask again in another channel and share the list there."
    retryable = False


_REFUSALS: dict[str, type[NotShared]] = {
    "not_in_channel": NotInTheChannel,
    "channel_not_found": NotInTheChannel,
    "is_archived": ChannelClosed,
    "restricted_action": ChannelClosed,
    "restricted_action_read_only_channel": ChannelClosed,
}


async def share(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Posts the list of the button's text, without paging: it would turn the page for all.

    Raises NotShared, and what a list raises. Prompts that are for admins are for no channel.
    """
    text = str(arrival.action.get("value") or "")
    command = parse(text, desk.runtime.clock.now())
    if not isinstance(command, Listing | Find) or not arrival.place:
        await desk.route(arrival, asker).show(apologies.outdated(asker.say))
        return
    command = readable(command, sees_prompts=desk.rules.prompts is Prompts.EVERYONE)
    found = await desk.runtime.core.find(command.query)
    message = lists.shared(found, command, asker.say, desk.runtime.settings.page_of, by=asker.user)
    try:
        await desk.client.chat_postMessage(
            channel=arrival.place,
            thread_ts=arrival.thread or None,
            unfurl_links=False,
            unfurl_media=False,
            **message,
        )
    except SlackApiError as error:
        code = reason_of(error)
        _log.warning("A list could not be shared (%s)", code)
        raise _REFUSALS.get(code, NotShared)(evidence=code) from error
