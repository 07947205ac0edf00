"""`POST /type`: a person at a terminal types a command, and reads the answer there."""

from contextlib import suppress
from typing import Protocol
from urllib.parse import parse_qs

from aiohttp import web

from bot.playground.interaction import Interaction
from bot.playground.people import PERSON
from bot.playground.views import View
from bot.playground.workspace import Workspace

USAGE = "Type a command: curl -d '/assistants outbound active' {url}\n"
STATUS = {"unknown_command": 404, "dispatch_failed": 503, "operation_timeout": 504}


class Typing(Protocol):
    """Who can be asked to type."""

    workspace: Workspace

    async def type_command(self, text: str, *, user: str) -> Interaction: ...
    async def mention(self, text: str, *, user: str) -> Interaction: ...


class Entrance:
    """Types for a person of the workspace, and answers with what came of it first: a message, or a filled modal.

    "/…" is a command, "@name …" a mention; `?user=ben` types for another person than ada. `filled_within`: seconds
    for which an answer waits for what fills a modal, which a bot opens empty while its trigger lives.
    """

    def __init__(self, slack: Typing, reply_within: float, filled_within: float = 0.0) -> None:
        self._slack = slack
        self._reply_within = reply_within
        self._filled_within = filled_within

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/type", self._type)]

    async def _type(self, request: web.Request) -> web.Response:
        text = typed(await request.text())
        name = request.query.get("user", PERSON)
        people = self._slack.workspace.users.values()
        user = next((one.id for one in people if name in {one.id, one.name} and not one.is_bot), "")
        if not user:
            return web.Response(status=400, text="There is nobody of this name.\n")
        if text.startswith("/"):
            interaction = await self._slack.type_command(text, user=user)
        elif text.startswith("@"):
            interaction = await self._slack.mention(text.partition(" ")[2].strip(), user=user)
        else:
            return web.Response(status=400, text=USAGE.format(url=request.url.with_query(None)))
        if interaction.error:
            return web.Response(status=STATUS.get(interaction.failed_because, 502), text=f"{interaction.error}\n")
        try:
            answer = await interaction.answer(self._reply_within)
            if isinstance(answer, View):
                with suppress(TimeoutError):
                    answer = await interaction.view(self._filled_within)
        except TimeoutError as nothing:
            return web.Response(status=504, text=f"{nothing}\n")
        return web.Response(text=f"{answer.as_text()}\n")


def typed(body: str) -> str:
    """The command in a body, which is either the bare command or a form with a `text`.

    curl declares every body a form; one that begins with a slash is taken as it
    is, so that "+" and "%" need no care.
    """
    command = body.strip()
    if command.startswith(("/", "@")):
        return command
    return parse_qs(command).get("text", [""])[0].strip()
