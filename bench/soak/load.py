"""What happens to the product in a soak: people type, agents call, assistants change, and much goes wrong meanwhile."""

import asyncio
import json
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp

from bench.soak.tally import Tally
from bench.soak.world import World
from bot.playground import AnswerLost, ConnectionLost, Fault, RateLimited, ServerError, User, View
from shared.demo import faults

VERSION = "2026-07-28"
"""Of the protocol: without sessions, so that a call is a request."""
ANSWERED_WITHIN = 60.0
"""Seconds after which an answer counts as none; far more than one takes while Famulor hangs and the machine is busy."""
OUTAGE = 4.0
"""Seconds for which all of Famulor is away."""

UPSTREAM: Sequence[faults.Fault] = (
    faults.Latency(1.0),
    faults.TooManyRequests(retry_after=1),
    faults.TooManyRequests(header="1"),
    faults.ServerError(500),
    faults.ServerError(502),
    faults.ServerError(503, retry_after="1"),
    faults.Reset(),
    faults.ResetMidway(),
    faults.Hang(),
    faults.Drip(),
    faults.Truncated(),
    faults.TruncatedChunked(),
    faults.LoginPage(),
    faults.Unauthorized(),
    faults.Forbidden(),
    faults.NotFound(),
    faults.EchoedKey(),
    # No empty list: the second in a row is believed, and what was deleted can't be switched off any more.
    faults.Body(b'{"data": 7}'),
    faults.Body(b"no JSON"),
    faults.BadRecords(),
    # Small: of one at the limit, 64 MiB, the allocator keeps the pages. That is once, and would hide what grows.
    faults.Oversized(megabytes=1),
    faults.Oversized(megabytes=1, compressed=True),
)
# What a response_url does not take with a 5xx is lost by design: the bot asks again only where nothing was answered.
SLACK: Sequence[tuple[str, Fault]] = (
    *(("chat.postMessage", one) for one in (RateLimited(1), ServerError(), ConnectionLost(), AnswerLost())),
    *(("chat.update", one) for one in (RateLimited(1), ServerError(), ConnectionLost(), AnswerLost())),
    *(("response_url", one) for one in (RateLimited(1), ConnectionLost(), AnswerLost())),
)
SPARED = {"response_url": 15.0}
"""Seconds in which nothing else of that kind goes wrong: an answer is tried twice, and not a third time."""


@dataclass(frozen=True)
class Plan:
    """How long, how much and how fast; it ends with the seconds or the commands, whichever comes first."""

    seconds: float
    commands: float = float("inf")
    ends: Sequence[tuple[float, signal.Signals]] = ()
    """At which part of the way the bot is told to end, and how; it is started again at once."""
    people: int = 8
    agents: int = 4
    typing: float = 0.2
    """Seconds from an answer to that person's next command; the other paces likewise."""
    calling: float = 0.2
    changing: float = 3.0
    """Rarely enough that a summary of what happened while nobody watched names all of it: it names forty."""
    disturbing: float = 2.0

    @property
    def assistants(self) -> int:
        """So many that none needs to change twice: five of seven are active."""
        return 60 + int(self.seconds / self.changing * 1.5)


class Load:
    """Everything that happens to one world; `chance` decides what, and is all that does."""

    def __init__(self, world: World, plan: Plan, chance: random.Random) -> None:
        self.tally = Tally()
        self._world = world
        self._plan = plan
        self._chance = chance
        self._began = time.monotonic()
        self._gaps = self._open_gaps = self._kills = 0
        self._spared_until: dict[str, float] = {}
        self._ids = [record["id"] for record in world.famulor.assistants]
        self._to_change = [record["id"] for record in world.famulor.assistants if record["status"] == "active"]

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(1.0, max(self.elapsed / self._plan.seconds, self.tally.commands / self._plan.commands))

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    async def run(self) -> None:
        """All of it, to the end; then nothing is wrong any more."""
        self._began = time.monotonic()
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            for person in self._people():
                group.create_task(self._again(self._plan.typing, partial(self._type, person)))
            for _agent in range(self._plan.agents):
                group.create_task(self._again(self._plan.calling, lambda: self._call(http)))
            group.create_task(self._again(self._plan.changing, self._change))
            group.create_task(self._disturb())
        self._world.famulor.clear_faults()
        self._world.slack.clear_faults()

    async def _again(self, pause: float, act: Callable[[], Any]) -> None:
        while True:
            await act()
            if self.progress >= 1:
                return
            await asyncio.sleep(pause)

    # What people and agents do.

    def _people(self) -> list[str]:
        """Everybody by themselves: a modal takes the place of the same person's last one."""
        ids = [f"U0SOAK{number:04}" for number in range(self._plan.people)]
        for one in ids:
            self._world.slack.workspace.add_user(User(one, one.lower()), channels=[self._world.channel])
        return ids

    async def _type(self, person: str) -> None:
        one = self._chance.choice(self._ids)
        text = self._chance.choice(
            (
                "outbound active",
                "outbound language:german sort:updated",
                "find Solar",
                f"show {one}",
                "audit",
                "health",
                "changes",
                "log",
                "hilfe",
                f"what is {one}",
                "find " + "ä" * self._chance.randrange(300),
            )
        )
        self.tally.commands += 1
        at = f"at {datetime.now(UTC):%H:%M:%S}"
        gaps, kills, was_away = self._gaps, self._kills, bool(self._open_gaps)
        typed = await self._world.slack.type_command(f"/assistants {text}", user=person, channel=self._world.channel)
        if typed.error:
            if was_away or gaps != self._gaps:
                self.tally.between += 1
            else:
                self.tally.unanswered.append(f"{at} {text:.60}: {typed.error}")
            return
        try:
            if isinstance(await typed.answer(ANSWERED_WITHIN), View):
                await typed.view(ANSWERED_WITHIN)  # it is opened empty, and filled later
        except TimeoutError as error:
            if kills == self._kills:
                self.tally.unanswered.append(f"{at} {error}")
            else:
                self.tally.killed += 1
        else:
            self.tally.answered += 1

    async def _call(self, http: aiohttp.ClientSession) -> None:
        tool, arguments = self._chance.choice(
            (
                ("list_outbound_assistants", {}),
                ("list_outbound_assistants", {"search": "Solar", "nonsense": 1}),
                ("get_outbound_assistant", {"assistant": str(self._chance.choice(self._ids))}),
                ("audit_outbound_assistants", {}),
                ("list_outbound_assistant_changes", {}),
            )
        )
        about = "io.modelcontextprotocol"
        meta = {
            f"{about}/protocolVersion": VERSION,
            f"{about}/clientInfo": {"name": "soak", "version": "1"},
            f"{about}/clientCapabilities": {},
        }
        headers = {
            "accept": "application/json, text/event-stream",
            "mcp-protocol-version": VERSION,
            "mcp-method": "tools/call",
            "mcp-name": tool,
        }
        params = {"name": tool, "arguments": arguments, "_meta": meta}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        self.tally.calls += 1
        try:
            timeout = aiohttp.ClientTimeout(total=ANSWERED_WITHIN)
            async with http.post(self._world.tools_at, json=body, headers=headers, timeout=timeout) as response:
                said = await response.text()
            if not json.loads(said)["result"]["content"]:
                raise ValueError(said)  # noqa: TRY301 # told like all other ways not to be answered
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError) as error:
            self.tally.uncalled.append(f"{tool}: {error!r:.200}")

    async def _change(self) -> None:
        """Each is switched off once: that it was, names it in its channel's alerts."""
        if self._to_change:
            changed = self._to_change.pop(self._chance.randrange(len(self._to_change)))
            self._world.famulor.change(changed, status="inactive")
            self.tally.changed.add(changed)
            self.tally.changed_at.append(time.monotonic())

    # What goes wrong.

    async def _disturb(self) -> None:
        for at, with_signal in (*self._plan.ends, (1.0, None)):
            while self.progress < at:
                await self._chance.choice((self._upstream, self._upstream, self._slack, self._slack, self._rare))()
                await asyncio.sleep(self._plan.disturbing)
            if with_signal is not None:
                with self._gap():
                    self._kills += with_signal is signal.SIGKILL
                    self._note(with_signal.name)
                    await self._world.restart(with_signal)

    async def _upstream(self) -> None:
        fault = self._chance.choice(UPSTREAM)
        self._note(f"Famulor: {type(fault).__name__}")
        self._world.famulor.next_answers(*[fault] * self._chance.randint(1, 3))

    async def _slack(self) -> None:
        method, fault = self._chance.choice(SLACK)
        if method in {waiting for waiting, _fault in self._world.slack.coming_faults}:
            return  # one at a time: what fails again and again waits longer and longer
        if time.monotonic() < self._spared_until.get(method, 0.0):
            return
        self._spared_until[method] = time.monotonic() + SPARED.get(method, 0.0)
        self._note(f"{method}: {type(fault).__name__}")
        self.tally.lost_answers += (method, fault) == ("chat.postMessage", AnswerLost())
        self._world.slack.next_answers(fault, to=method)

    async def _rare(self) -> None:
        if self._chance.random() < 0.5:  # noqa: PLR2004 # one or the other
            self._note("Slack: reconnect")
            with self._gap():
                await self._world.slack.disconnect()
                await self._world.slack.connected()
        else:
            self._note("Famulor: away")
            self._world.famulor.always(faults.ServerError(503))
            await asyncio.sleep(OUTAGE)
            self._world.famulor.always(None)

    def _note(self, what: str) -> None:
        self.tally.faults[what] += 1

    @contextmanager
    def _gap(self) -> Iterator[None]:
        """While it lasts, nobody may be there to take what people type."""
        self._gaps += 1
        self._open_gaps += 1
        try:
            yield
        finally:
            self._open_gaps -= 1
