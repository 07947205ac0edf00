"""What a soak runs: a demo Famulor and a local Slack in this process, and both programs in processes of their own."""

import asyncio
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak.programs import PATIENCE, Program, started
from bot.playground import BOT_USER, PERSON, LocalSlack
from bot.playground.workspace import Message
from shared.clock import SystemClock
from shared.demo import DEMO_KEY, DemoApi, many_assistants
from shared.store import Store, open_store

CHANNEL = "C0SOAK0001"
SETTLED_WITHIN = 240.0
"""Seconds for all that is owed at the end: what a killed bot had claimed is free when its lease ends, after 70."""
ACCOUNT = "default"
_SUMMARY = "📦"
"""What a summary of many changes begins with."""


@dataclass
class World:
    """All that runs, on one database."""

    database: str
    famulor: DemoApi
    slack: LocalSlack
    store: Store
    folder: Path
    channel: str = CHANNEL
    tools_at: str = ""
    programs: list[Program] = field(default_factory=list)
    """Every process there was: the MCP server, and the bot once more after each restart."""
    exits: list[str] = field(default_factory=list)
    """Those that ended otherwise than they were told to."""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def environment(self) -> Mapping[str, str]:
        """The settings of both programs: quick to notice, quick to give up.

        What is remembered is fresh for longer than between two polls: else commands spend what Famulor allows in a
        minute, and the watch stands back for them.
        """
        return {
            "DATABASE_URL": self.database,
            "FAMULOR_API_KEY": DEMO_KEY,
            "FAMULOR_BASE_URL": self.famulor.base_url,
            "FAMULOR_TOTAL_TIMEOUT": "5",
            "CACHE_SECONDS": "5",
            "WATCH_INTERVAL": "1",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
        }

    async def start_bot(self) -> None:
        """Comes back when it is connected."""
        slack = {
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
        }
        bot = await self._start("bot", "run", **slack)
        await bot.says("Connected to the Slack workspace")
        await self.slack.connected()

    async def start_tools(self) -> None:
        """Comes back when it serves."""
        server = await self._start("mcp_server", "--http", "--port", "0", MCP_CALLS_PER_MINUTE="100000")
        self.tools_at = (await server.says(r"serving at (http://[\w.:/]+)"))[1]

    async def _start(self, name: str, *arguments: str, **more: str) -> Program:
        environment = {**self.environment(), **more}
        program = await self._stack.enter_async_context(
            started(name, *arguments, environment=environment, folder=self.folder)
        )
        self.programs.append(program)
        return program

    async def restart(self, with_signal: signal.Signals) -> None:
        """End the bot so, and start it again."""
        await self.end(self.running("bot"), with_signal)
        await self.start_bot()

    async def end(self, program: Program, with_signal: signal.Signals) -> None:
        """Ends it, and notes where it had ended before, or ends with another status than it should."""
        if program.process.returncode is not None:
            self.exits.append(f"{program.name} had ended by itself")
        status, should = await program.end(with_signal), -with_signal if with_signal is signal.SIGKILL else 0
        if status != should:
            self.exits.append(f"{program.name} ended with {status}")

    def running(self, name: str) -> Program:
        """The one that runs now."""
        return next(program for program in reversed(self.programs) if program.name == name)

    async def subscribe(self) -> None:
        """The channel wants to hear of everything from now on; what there is now is known."""
        typed = await self.slack.type_command("/assistants subscribe", channel=self.channel)
        await (await self.slack.press(await typed.answer(PATIENCE), "Subscribe")).reply(PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while (await self.store.history.state(ACCOUNT)).succeeded_at is None:  # noqa: ASYNC110 # another process
                await asyncio.sleep(0.1)

    async def watch_over(self, every: float) -> None:
        """Look at what every process holds, until cancelled."""
        while True:
            for program in (self.running("bot"), self.running("mcp_server")):
                program.look()
            await asyncio.sleep(every)

    async def settled(self, changed: set[int]) -> None:
        """Comes back when all of it is told and nothing is owed, or when it has taken too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED_WITHIN):
                while len(changed - set(self.told())) > self.unnamed() or await self.store.outbox.depth():  # noqa: ASYNC110 # as above
                    await asyncio.sleep(0.5)

    def told(self) -> Counter[int]:
        """The assistants that the channel was told are switched off, and how often: by alerts and in summaries."""
        alerts = [post for post in self.slack.workspace.messages(self.channel) if not post.text.startswith(_SUMMARY)]
        return Counter(
            int(found[1])
            for message in (*alerts, *self._details())
            for found in re.finditer(r"`(\d+)` was switched off", message.as_text())
        )

    def unnamed(self) -> int:
        """Of how many the channel was told no more than that they are: a summary names forty and counts the rest."""
        rest = (re.search(r"(\d+) more changes? (?:is|are) not shown", reply.as_text()) for reply in self._details())
        return sum(int(found[1]) for found in rest if found)

    def _details(self) -> list[Message]:
        posts = self.slack.workspace.messages(self.channel)
        summaries = [post for post in posts if post.text.startswith(_SUMMARY)]
        return [reply for post in summaries for reply in self.slack.workspace.replies(self.channel, post.ts)]


@asynccontextmanager
async def running(database: str, assistants: int, folder: Path) -> AsyncIterator[World]:
    """The world, its channel subscribed, as long as the block lasts."""
    records = many_assistants(assistants, prompt_bytes=500)
    async with (
        # A busy machine is no fault of the bot's: what is late is counted as answered.
        LocalSlack(acknowledge_within=PATIENCE / 2) as slack,
        DemoApi(records, limited=False) as famulor,
        open_store(database, SystemClock()) as store,
        AsyncExitStack() as stack,
    ):
        slack.workspace.add_channel(CHANNEL, "soak", members=[BOT_USER, PERSON])
        world = World(database, famulor, slack, store, folder, _stack=stack)
        await world.start_tools()
        await world.start_bot()
        await world.subscribe()
        yield world
