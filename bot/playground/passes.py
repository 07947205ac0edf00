"""The `response_url`s that Slack hands out with interactions, and takes answers at only for a while."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.interaction import Interaction
from bot.playground.limits import problems
from bot.playground.refusal import SlackRefusesError
from bot.playground.traces import Traces
from bot.playground.workspace import Message, Workspace
from shared.clock import Clock

# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
RESPONSES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)


def checked_message(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payload, if Slack would show it as a message.

    Raises:
        SlackRefusesError: `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_blocks_format`,
            `msg_blocks_too_long`.
    """
    text, blocks = payload.get("text"), payload.get("blocks")
    if not text and not blocks and not payload.get("attachments"):
        raise SlackRefusesError("no_text")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackRefusesError("invalid_blocks_format")
    found = problems(payload)
    for error in ("msg_too_long", "msg_blocks_too_long"):
        if found and all(problem.startswith(error) for problem in found):
            raise SlackRefusesError.for_problems(error, found)
    if found:
        raise SlackRefusesError.for_problems("invalid_blocks", found)
    return payload


@dataclass
class _ResponseUrl:
    interaction: Interaction
    original: Message | None
    channel: str
    opened: datetime
    uses: int = 0


class ResponseUrls:
    """Unguessable, five uses in thirty minutes."""

    def __init__(self, workspace: Workspace, clock: Clock, traces: Traces) -> None:
        self._workspace = workspace
        self._clock = clock
        self._traces = traces
        self._open: dict[str, _ResponseUrl] = {}

    def issue(self, interaction: Interaction, original: Message | None = None, *, channel: str = "") -> str:
        """The last part of a new URL.

        `original` is the message whose button was pressed, `channel` another place than the interaction's.
        """
        secret = secrets.token_urlsafe(24)
        self._open[secret] = _ResponseUrl(interaction, original, channel, self._clock.now())
        return secret

    def respond(self, secret: str, payload: Mapping[str, Any]) -> None:
        """Posts, replaces or deletes as the payload says. A refused payload uses nothing up.

        Raises:
            SlackRefusesError: `no_service`, `expired_url`, `used_url`, and what `checked_message` raises.
        """
        url = self._open.get(secret)
        if url is None:
            raise SlackRefusesError("no_service")
        if self._clock.now() - url.opened > RESPONSE_URL_LIFE:
            raise SlackRefusesError("expired_url")
        if url.uses >= RESPONSES:
            raise SlackRefusesError("used_url")
        if not payload.get("delete_original"):
            checked_message(payload)
        url.uses += 1
        self.show(payload, url.interaction, url.original, channel=url.channel)

    def show(
        self,
        payload: Mapping[str, Any],
        interaction: Interaction,
        original: Message | None = None,
        *,
        channel: str = "",
    ) -> None:
        """What the bot answered to an interaction; without an original there is nothing to replace."""
        if payload.get("delete_original"):
            if original is not None:
                interaction.add(self._workspace.delete(original))
        elif payload.get("replace_original") and original is not None:
            interaction.add(self._workspace.replace(original, payload))
        else:
            only_for = "" if payload.get("response_type") == "in_channel" else interaction.user
            thread_ts = str(payload.get("thread_ts") or "")
            place = channel or interaction.channel
            message = self._workspace.post(place, payload, user=only_for, thread_ts=thread_ts)
            self._traces.used(interaction, message)
            interaction.add(message)
