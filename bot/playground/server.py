"""The local Slack as people and tests start it: state, Web API, sockets and entrance put together."""

import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.playground import payloads
from bot.playground.endpoints import Endpoints, only_from_this_machine
from bot.playground.entrance import Entrance
from bot.playground.faults import Fault, Faults
from bot.playground.interaction import Interaction
from bot.playground.manifest import Permissions
from bot.playground.passes import ResponseUrls, Triggers, checked_message
from bot.playground.refusal import SlackRefusesError
from bot.playground.sockets import NotConnectedError, SocketMode
from bot.playground.views import Views
from bot.playground.web_api import App, WebApi
from bot.playground.workspace import APP, GENERAL, PERSON, Message, Workspace
from shared.clock import Clock, SystemClock

LOOPBACK = "127.0.0.1"
# Slack shows "operation_timeout" after that long: https://docs.slack.dev/interactivity/implementing-slash-commands
ACKNOWLEDGE_WITHIN = 3.0
# Longer than the bot takes for its slowest answer.
REPLY_WITHIN = 40.0
# What is still being answered when the server stops is not worth waiting for.
SHUTDOWN_SECONDS = 0.1


class LocalSlack:
    """A Slack workspace on this machine, for one app.

    `manifest`: the app is held to its scopes and commands; None allows everything.
    `acknowledge_within` and `reply_within`: seconds of real time that a command has to be
    acknowledged, and that whoever types at `POST /type` waits for the answer.
    """

    bot_token = "xoxb-local"  # noqa: S105  # opens nothing but this server
    app_token = "xapp-local"  # noqa: S105
    signing_secret = "local-signing-secret"  # noqa: S105

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        acknowledge_within: float = ACKNOWLEDGE_WITHIN,
        reply_within: float = REPLY_WITHIN,
    ) -> None:
        clock = self._clock = clock or SystemClock()
        self._acknowledge_within = acknowledge_within
        self._reply_within = reply_within
        self._permissions = Permissions.of(manifest)
        self._sockets = SocketMode()
        self._faults = Faults()
        self._triggers = Triggers(clock)
        self._runner: web.AppRunner | None = None
        self._port = 0
        self.workspace = Workspace(clock)
        self.views = Views(self.workspace, self._triggers)
        self._responses = ResponseUrls(self.workspace, clock)
        self._web_api = WebApi(
            self.workspace,
            self.views,
            app=App(self.bot_token, self.app_token, self._permissions),
            socket_url=lambda: f"ws://{LOOPBACK}:{self._port}/link/?ticket={self._sockets.ticket()}&app_id={APP}",
            clock=clock,
        )

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://{LOOPBACK}:{self._port}/"

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return f"{self.url}api/"

    async def start(self, port: int = 0) -> None:
        """Listens on loopback; port 0 takes any that is free."""
        application = web.Application(middlewares=[only_from_this_machine])
        application.add_routes([web.get("/link/", self._sockets.serve)])
        application.add_routes(Endpoints(self._web_api, self._responses, self._faults).routes())
        application.add_routes(Entrance(self.type_command, self._reply_within).routes())
        runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._port = runner.addresses[0][1]

    async def stop(self) -> None:
        """Hangs up and frees the port; may be called at any time, and again."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._sockets.close()
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def connected(self) -> None:
        """Comes back when at least one bot is there to be sent something."""
        await self._sockets.connected()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Does what Slack does every few hours: asks the bot to connect anew."""
        await self._sockets.disconnect(reason)

    def next_answers(self, *faults: Fault, to: str = "") -> None:
        """Lets the coming calls fail, one for each fault.

        `to`: a Web API method such as "chat.postMessage", or "response_url"; "" is any of them.
        """
        self._faults.add(faults, to)

    async def type_command(self, text: str, *, user: str = PERSON, channel: str = GENERAL) -> Interaction:
        """Types a command such as "/assistants outbound active", and waits until it is acknowledged.

        Returns also when the bot failed: `error` says how.

        Raises:
            ValueError: the text is not a command.
        """
        if not text.startswith("/"):
            raise ValueError(f"A command begins with a slash: {text!r}")
        interaction = Interaction(text, user=user, channel=channel)
        payload = payloads.slash_command(text, self._circumstances(interaction))
        if not self._permissions.allow_command(payload["command"]):
            interaction.failed_because = "unknown_command"
            return interaction
        return await self._send("slash_commands", payload, interaction, answerable=True)

    async def press(self, message: Message, action_id: str, *, user: str = PERSON) -> Interaction:
        """Presses a button of a message, and waits until that is acknowledged.

        Raises:
            LookupError: the message has no such button.
        """
        interaction = Interaction(action_id, user=user, channel=message.channel)
        payload = payloads.button_press(message, action_id, self._circumstances(interaction, message))
        return await self._send("interactive", payload, interaction, answerable=False)

    async def redeliver(self, interaction: Interaction) -> Interaction:
        """Sends the same envelope again, as Slack does when it is not sure that it arrived."""
        again = interaction.envelope.get("retry_attempt", 0) + 1
        interaction.envelope = {**interaction.envelope, "retry_attempt": again, "retry_reason": "timeout"}
        return await self._deliver(interaction)

    def _circumstances(self, interaction: Interaction, original: Message | None = None) -> payloads.Circumstances:
        return payloads.Circumstances(
            user=self.workspace.users[interaction.user],
            channel=self.workspace.channels[interaction.channel],
            at=self._clock.now(),
            response_url=f"{self.url}response/{self._responses.issue(interaction, original)}",
            trigger_id=self._triggers.issue(interaction.user),
        )

    async def _send(
        self, kind: str, payload: Mapping[str, Any], interaction: Interaction, *, answerable: bool
    ) -> Interaction:
        interaction.envelope = payloads.envelope(kind, payload, str(uuid.uuid4()), answerable=answerable)
        return await self._deliver(interaction)

    async def _deliver(self, interaction: Interaction) -> Interaction:
        interaction.failed_because = ""
        try:
            answer = await self._sockets.send(interaction.envelope, self._acknowledge_within)
        except NotConnectedError:
            interaction.failed_because = "dispatch_failed"
        except TimeoutError:
            interaction.failed_because = "operation_timeout"
        else:
            interaction.acknowledged = True
            self._show_answer(answer, interaction)
        return interaction

    def _show_answer(self, answer: Mapping[str, Any] | None, interaction: Interaction) -> None:
        interaction.acknowledgement = answer
        if not answer or not interaction.envelope["accepts_response_payload"]:
            return
        if not any(answer.get(name) for name in ("text", "blocks", "attachments")):
            return
        try:
            self._responses.show(checked_message(answer), interaction)
        except SlackRefusesError:
            interaction.failed_because = "invalid_command_response"
