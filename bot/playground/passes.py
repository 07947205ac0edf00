"""What Slack hands out with every interaction, and takes back only for a while."""

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.interaction import Interaction
from bot.playground.limits import problems
from bot.playground.refusal import SlackRefusesError
from bot.playground.workspace import LONGEST_TEXT, Message, Workspace
from shared.clock import Clock

# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
RESPONSES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)
TRIGGER_LIFE = timedelta(seconds=3)


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
    if len(str(text or "")) > LONGEST_TEXT:
        raise SlackRefusesError("msg_too_long")
    found = problems(payload)
    if found:
        too_long = all(problem.startswith("msg_blocks_too_long") for problem in found)
        raise SlackRefusesError.for_problems("msg_blocks_too_long" if too_long else "invalid_blocks", found)
    return payload


@dataclass
class _ResponseUrl:
    interaction: Interaction
    original: Message | None
    opened: datetime
    uses: int = 0


class ResponseUrls:
    """The `response_url`s: unguessable, five uses in thirty minutes."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._open: dict[str, _ResponseUrl] = {}

    def issue(self, interaction: Interaction, original: Message | None = None) -> str:
        """The last part of a new URL; `original` is the message whose button was pressed."""
        secret = secrets.token_urlsafe(24)
        self._open[secret] = _ResponseUrl(interaction, original, self._clock.now())
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
        self.show(payload, url.interaction, url.original)

    def show(self, payload: Mapping[str, Any], interaction: Interaction, original: Message | None = None) -> None:
        """What the bot answered to an interaction; without an original there is nothing to replace."""
        if payload.get("delete_original"):
            if original is not None:
                interaction.add(self._workspace.delete(original))
        elif payload.get("replace_original") and original is not None:
            interaction.add(self._workspace.replace(original, payload))
        else:
            only_for = "" if payload.get("response_type") == "in_channel" else interaction.user
            interaction.add(self._workspace.post(interaction.channel, payload, user=only_for))


@dataclass
class _Trigger:
    user: str
    opened: datetime
    exchanged: bool = False


class Triggers:
    """The `trigger_id`s that open a view: once, within three seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1_000_000_000_001)
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        trigger_id = f"{next(self._numbers)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user, self._clock.now())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user who may now be shown a view.

        Raises:
            SlackRefusesError: `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackRefusesError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackRefusesError("exchanged_trigger_id")
        if self._clock.now() - trigger.opened > TRIGGER_LIFE:
            raise SlackRefusesError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user
