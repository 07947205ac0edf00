"""The local Slack as people and tests start it: state, Web API, sockets, entrance and page put together."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.playground.endpoints import Endpoints, only_from_this_machine
from bot.playground.entrance import Entrance
from bot.playground.faults import Fault, Faults
from bot.playground.gestures import Gestures
from bot.playground.interaction import PATIENCE
from bot.playground.manifest import Permissions
from bot.playground.messages_api import MessagesApi
from bot.playground.page import Page
from bot.playground.page.beside import Beside, panels
from bot.playground.record import Sent
from bot.playground.requests import RequestUrl
from bot.playground.web_api import Addresses, App, WebApi
from bot.playground.workspace import APP, GENERAL, Message
from shared.clock import Clock, SystemClock

LOOPBACK = "127.0.0.1"
# Slack shows "operation_timeout" after that long: https://docs.slack.dev/interactivity/implementing-slash-commands
ACKNOWLEDGE_WITHIN = 3.0
# What is still being answered when the server stops is not worth waiting for.
SHUTDOWN_SECONDS = 0.1


class LocalSlack(Gestures):
    """A Slack workspace on this machine, for one app.

    `manifest`: the app is held to its scopes, commands, events, shortcuts and domains; None allows everything.
    `acknowledge_within` and `reply_within`: seconds of real time that a command has to be
    acknowledged, and that whoever types at `POST /type` waits for the answer.
    `filled_within`: seconds that they wait for a modal to be filled once it is open.
    A bot that does not use Socket Mode is named with `deliver_to`. `beside`: what else can be
    driven from its page; without it, no panels stand beside the conversation there.
    """

    bot_token = "xoxb-local"  # noqa: S105  # opens nothing but this server
    app_token = "xapp-local"  # noqa: S105
    signing_secret = "local-signing-secret"  # noqa: S105

    def __init__(  # noqa: PLR0913 # each is an option, given by name
        self,
        *,
        manifest: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        acknowledge_within: float = ACKNOWLEDGE_WITHIN,
        reply_within: float = PATIENCE,
        filled_within: float = 0.0,
        beside: Beside | None = None,
    ) -> None:
        super().__init__(Permissions.of(manifest), clock or SystemClock(), acknowledge_within)
        self._reply_within = reply_within
        self._filled_within = filled_within
        self._faults = Faults()
        shown = panels(beside, self, self._clock)
        self._page = Page(self, self._record, self._clock, manifest=manifest, panels=shown)
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._web_api = WebApi(
            self.workspace,
            self.views,
            MessagesApi(self.workspace, self._permissions, self._traces, self._clock),
            app=App(self.bot_token, self.app_token, self._permissions),
            addresses=Addresses(
                socket=lambda: f"ws://{LOOPBACK}:{self._port}/link/?ticket={self._sockets.ticket()}&app_id={APP}",
                upload=lambda secret: f"{self.url}upload/{secret}",
            ),
        )

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://{LOOPBACK}:{self._port}/"

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return f"{self.url}api/"

    @property
    def sent(self) -> list[Sent]:
        """Every payload with something to see in it that the bot sent, each with what is wrong with it."""
        return self._record.sent

    @property
    def refused(self) -> list[Sent]:
        """Those that the local Slack did not take, for whatever reason; faults on request too."""
        return self._record.refused

    @property
    def complaints(self) -> list[str]:
        """What is wrong with any of them, a line for each problem and each piece of advice."""
        return self._record.complaints

    async def start(self, port: int = 0) -> None:
        """Listens on loopback; port 0 takes any that is free."""
        application = web.Application(middlewares=[only_from_this_machine])
        application.add_routes([web.get("/link/", self._sockets.serve)])
        endpoints = Endpoints(self._web_api, self._responses, self.workspace.uploads, self._faults, self._record)
        application.add_routes(endpoints.routes())
        application.add_routes(Entrance(self, self._reply_within, self._filled_within).routes())
        self._page.add_to(application)
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
        """Comes back when at least one bot is there to be sent something by Socket Mode."""
        await self._sockets.connected()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Does what Slack does every few hours: asks the bot to connect anew."""
        await self._sockets.disconnect(reason)

    def deliver_to(
        self, url: str, *, signing_secret: str | None = None, age: float = 0.0, clock: Clock | None = None
    ) -> None:
        """From now on, what people do goes to this address by signed HTTP; "" goes back to Socket Mode.

        `signing_secret`: another than the right one. `age`: seconds before now at which the signature was made,
        by `clock`, which is the machine's own unless the bot is given another to check signatures by.
        """
        secret = self.signing_secret if signing_secret is None else signing_secret
        self._dispatch.request_url = RequestUrl(url, secret, clock or SystemClock(), age) if url else None

    async def verify_url(self) -> bool:
        """Whether the address of `deliver_to` answers Slack's challenge."""
        return await self._dispatch.verify_url()

    def next_answers(self, *faults: Fault, to: str = "") -> None:
        """Lets the coming calls fail, one for each fault.

        `to`: a Web API method such as "chat.postMessage", "response_url" or "upload"; "" is any of them.
        """
        self._faults.add(faults, to)

    @property
    def coming_faults(self) -> tuple[tuple[str, Fault], ...]:
        """What `next_answers` has still to come, each fault after the method it waits for."""
        return self._faults.waiting

    def clear_faults(self) -> None:
        """Nothing goes wrong any more, nor gets lost."""
        self._faults.clear()
        self._dispatch.to_lose = 0

    async def next_message(self, channel: str = GENERAL, within: float = PATIENCE) -> Message:
        """The next message of the bot's in this channel that was not handed out here yet, whatever it came of.

        One that was changed or deleted comes again.

        Raises:
            TimeoutError: there was none within so many seconds.
        """
        try:
            async with asyncio.timeout(within):
                return await self.workspace.feed(channel).get()
        except TimeoutError:
            raise TimeoutError(f"No message in {channel} within {within:g} s.") from None
