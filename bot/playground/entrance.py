"""`POST /type`: a person at a terminal types a command, and reads the answer there."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from aiohttp import web

from bot.playground.interaction import Interaction

USAGE = "Type a command: curl -d '/assistants outbound active' {url}\n"
STATUS = {"unknown_command": 404, "dispatch_failed": 503, "operation_timeout": 504}


class Entrance:
    """Types for the person that the workspace has, and answers with the first message that came of it."""

    def __init__(self, type_command: Callable[[str], Awaitable[Interaction]], reply_within: float) -> None:
        self._type_command = type_command
        self._reply_within = reply_within

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/type", self._type)]

    async def _type(self, request: web.Request) -> web.Response:
        command = typed(await request.text())
        if not command.startswith("/"):
            return web.Response(status=400, text=USAGE.format(url=request.url))
        interaction = await self._type_command(command)
        if interaction.error:
            return web.Response(status=STATUS.get(interaction.failed_because, 502), text=f"{interaction.error}\n")
        try:
            reply = await interaction.reply(self._reply_within)
        except TimeoutError as nothing:
            return web.Response(status=504, text=f"{nothing}\n")
        return web.Response(text=f"{reply.as_text()}\n")


def typed(body: str) -> str:
    """The command in a body, which is either the bare command or a form with a `text`.

    curl declares every body a form; one that begins with a slash is taken as it
    is, so that "+" and "%" need no care.
    """
    command = body.strip()
    if command.startswith("/"):
        return command
    return parse_qs(command).get("text", [""])[0].strip()
