"""How many commands the Slack app answers a second, over HTTP and by Socket Mode: `python -m bench.commands`.

A command counts from being sent until its answer has come to its `response_url`. The floor is a trivial Bolt app in the
same mode that acknowledges and answers with a text. Slack is this process; each app is one of its own, runs all the
time, and does a round in turn.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import quantiles

import httpx

from bench.fast_slack import BOT_TOKEN, SIGNING_SECRET, Exchange, FastSlack, Send
from bench.rows import Aim, Row, rows_table
from shared.demo import DEMO_KEY, DemoApi

COMMAND = "/assistants outbound active"
AT_ONCE = (1, 16, 64)
MODES = ("HTTP", "Socket Mode")
RATE, ACKNOWLEDGED = Aim(0.6, "≥"), Aim(3, "≤")
COMMANDS = 256
"""Sent in one round."""
_CLONE = Path(__file__).parents[1]
_STARTING = 60.0
"""Seconds for a program to come up."""
_PROGRAMS = {"ours": ("-m", "bot", "run", "--only", "slack"), "the floor": ("-m", "bench.bolt_app")}


@dataclass(frozen=True, slots=True)
class Round:
    """Commands a second, and the seconds within which 99 % of them were acknowledged."""

    rate: float
    acknowledged: float


Key = tuple[str, int, str]
"""A mode, how many at a time, and whose."""


async def measured(commands: int, rounds: int, at_once: Sequence[int] = AT_ONCE) -> Mapping[Key, Sequence[Round]]:
    """The rounds of each mode, number at a time and app; one of each before them warms up."""
    taken: dict[Key, list[Round]] = {key: [] for key in product(MODES, at_once, _PROGRAMS)}
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FastSlack())
        api = await stack.enter_async_context(DemoApi(limited=False))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ways: dict[tuple[str, str], Send] = {}
        for mode, (whose, program) in product(MODES, _PROGRAMS.items()):
            own = _environment(whose, slack, api, f"sqlite:///{folder}/{mode}.sqlite3")
            name = f"xapp-{len(ways)}"
            port = _free_port()
            own |= {"SLACK_HTTP_PORT": str(port)} if mode == "HTTP" else {"SLACK_APP_TOKEN": name}
            stack.enter_context(_running(program, own, folder))
            if mode == "HTTP":
                await _listens(port)
                ways[mode, whose] = slack.by_http(f"http://127.0.0.1:{port}/slack/events")
            else:
                ways[mode, whose] = slack.by_socket(name)
        for number in range(rounds + 1):
            for key in taken:
                mode, many, whose = key
                one = await _round(slack, ways[mode, whose], commands, many)
                taken[key] += [one] if number else []
    return taken


async def _round(slack: FastSlack, send: Send, commands: int, at_once: int) -> Round:
    waiting = iter(range(commands))
    exchanges: list[Exchange] = []

    async def person() -> None:
        for _number in waiting:
            exchange, said = await slack.exchange(COMMAND, send)
            if "assistants" not in said:
                raise RuntimeError(f"The app answered something else: {said:.500}")
            exchanges.append(exchange)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _person in range(at_once):
            group.create_task(person())
    rate = commands / (time.perf_counter() - began)
    return Round(rate, quantiles([one.acknowledged for one in exchanges], n=100)[-1])


def _environment(whose: str, slack: FastSlack, api: DemoApi, database: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_CLONE),
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": database,
        "CACHE_SECONDS": "3600",
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": api.base_url,
        "SLACK_API_URL": f"{slack.url}/api/",
        # The floor's by another name: Bolt itself would read it, and warn.
        "SLACK_BOT_TOKEN" if whose == "ours" else "SLACK_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }


@contextmanager
def _running(program: Sequence[str], environment: Mapping[str, str], folder: str) -> Iterator[None]:
    command = (sys.executable, *program)
    with subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL) as process:  # noqa: S603 # our own modules
        try:
            yield
        finally:
            process.terminate()


async def _listens(port: int) -> None:
    until = time.monotonic() + _STARTING
    async with httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/")
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def rows(rounds: int) -> list[Row]:
    """Rows of the performance table: two for each mode and number at a time."""
    return rows_of(asyncio.run(measured(COMMANDS, rounds)))


def rows_of(taken: Mapping[Key, Sequence[Round]]) -> list[Row]:
    """Two for each mode and number at a time."""
    found = []
    for mode, many in dict.fromkeys((mode, many) for mode, many, _whose in taken):
        ours, floor = (taken[mode, many, whose] for whose in _PROGRAMS)
        what = f"{mode}, {many} at a time"
        found += [
            Row(f"{what}: answered", "/s", [one.rate for one in ours], [one.rate for one in floor], RATE, digits=0),
            Row(
                f"{what}: 99 % acknowledged within",
                "ms",
                [1000 * one.acknowledged for one in ours],
                [1000 * one.acknowledged for one in floor],
                ACKNOWLEDGED,
                digits=1,
            ),
        ]
    return found


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.commands", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commands", type=int, default=COMMANDS, help="in a round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of each way (default: %(default)s)")
    parser.add_argument("--at-once", type=int, nargs="+", default=AT_ONCE, help="(default: %(default)s)")
    options = parser.parse_args()
    found = asyncio.run(measured(options.commands, options.rounds, options.at_once))
    print(rows_table(rows_of(found)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
