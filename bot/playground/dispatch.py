"""Brings what a person did to the bot, and does what the acknowledgement asks for."""

from collections.abc import Mapping
from typing import Any

from bot.playground import forms
from bot.playground.interaction import Interaction
from bot.playground.limits import problems
from bot.playground.passes import ResponseUrls, checked_message
from bot.playground.record import Record
from bot.playground.refusal import SlackRefusesError
from bot.playground.requests import RequestRefusedError, RequestUrl
from bot.playground.sockets import NotConnectedError, SocketMode
from bot.playground.views import View, Views

Answer = Mapping[str, Any]


class Dispatch:
    """By Socket Mode, or by HTTP where a `request_url` is set; one acknowledgement within `within` seconds.

    `to_lose`: so many of the next acknowledgements do not arrive.
    """

    def __init__(
        self, sockets: SocketMode, responses: ResponseUrls, views: Views, record: Record, within: float
    ) -> None:
        self._sockets = sockets
        self._responses = responses
        self._views = views
        self._record = record
        self._within = within
        self.request_url: RequestUrl | None = None
        self.to_lose = 0

    async def deliver(self, interaction: Interaction) -> Interaction:
        """Sends the interaction's envelope. How that went is said in the interaction."""
        interaction.failed_because = ""
        way = self.request_url or self._sockets
        try:
            answer = await way.send(interaction.envelope, self._within)
            self._lose()
        except NotConnectedError:
            interaction.failed_because = "dispatch_failed"
        except RequestRefusedError as refused:
            interaction.failed_because = refused.code
        except TimeoutError:
            interaction.failed_because = "operation_timeout"
        else:
            interaction.acknowledged = True
            interaction.acknowledgement = answer
            if interaction.envelope["accepts_response_payload"]:
                self._follow(interaction, answer or {})
        return interaction

    async def verify_url(self) -> bool:
        """Whether the request URL answers Slack's challenge."""
        if self.request_url is None:
            raise LookupError("there is no request URL: deliver_to(…) sets one")
        return await self.request_url.verify(self._within)

    def _lose(self) -> None:
        if self.to_lose:
            self.to_lose -= 1
            raise TimeoutError

    def _follow(self, interaction: Interaction, answer: Answer) -> None:
        kind = interaction.envelope["payload"].get("type", "slash_command")
        follow, failure = {
            "slash_command": (self._show, "invalid_command_response"),
            "view_submission": (self._submitted, "invalid_view_response"),
            "block_suggestion": (self._suggested, "invalid_suggestions"),
        }[kind]
        try:
            with self._record.noting("acknowledgement", answer):
                follow(interaction, answer)
        except SlackRefusesError:
            interaction.failed_because = failure

    def _show(self, interaction: Interaction, answer: Answer) -> None:
        if any(answer.get(name) for name in ("text", "blocks", "attachments")):
            self._responses.show(checked_message(answer), interaction)

    def _submitted(self, interaction: Interaction, answer: Answer) -> None:
        view = interaction.on
        if not isinstance(view, View) or view not in self._views.stacks.get(view.user, ()):
            # Delivered again, and done with the first time.
            return
        if answer.get("response_action") == "errors":
            interaction.form_errors = _form_errors(view, answer.get("errors"))
            return
        self._views.respond(view, answer, interaction.envelope["payload"]["trigger_id"])

    def _suggested(self, interaction: Interaction, answer: Answer) -> None:
        found = problems(answer)
        if found or not {"options", "option_groups"} & answer.keys():
            raise SlackRefusesError.for_problems("invalid_suggestions", found)
        interaction.options = [dict(option) for option in forms.options(answer)]


def _form_errors(view: View, errors: object) -> dict[str, str]:
    """What is shown under the fields of a form.

    Raises:
        SlackRefusesError: it names none of them.
    """
    fields = {control.block_id for control in forms.controls(view.payload) if control.is_input}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= fields:
        raise SlackRefusesError("invalid_errors")
    return {str(block): str(said) for block, said in errors.items()}
