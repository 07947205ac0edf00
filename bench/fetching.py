"""What it takes to fetch and validate a large account: `python -m bench.fetching`.

The floor is httpx and `json.loads` alone. Memory is that of a process of its own that does it once.
"""

import argparse
import asyncio
import gc
import json
import re
import resource
import sys
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from multiprocessing import get_context
from pathlib import Path

import httpx

from bench import upstream
from bench.rounds import HurriedClock, Round, Way, in_turn, report
from bench.rows import Aim, Row, rows_table
from shared.garbage import settle
from shared.runtime import open_core
from shared.settings import Settings, from_arguments

ASSISTANTS = 5_000
ROUNDS = 9
TIME = Aim(1.6, "≤")
MEMORY = Aim(250, "≤", "MiB")

OURS = "fetched and validated"
FLOOR = "httpx and json.loads"


async def measured(address: str, rounds: int) -> Mapping[str, Sequence[Round]]:
    """The rounds of both ways to get the whole list."""
    async with AsyncExitStack() as stack:
        clock = HurriedClock()
        ways = {FLOOR: await _floor(stack, address), OURS: await _ours(stack, address, clock)}
        before = gc.get_threshold()
        settle()  # as the programs do after their start
        try:
            return await in_turn(ways, rounds, clock)
        finally:
            gc.unfreeze()
            gc.set_threshold(*before)


def memory(address: str, way: str) -> float:
    """The most MiB that a process ever held that gets the list once, in this way."""
    # Spawned: a forked one would begin with what we hold.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_once, address, way).result()


def rows(rounds: int, assistants: int = ASSISTANTS) -> list[Row]:
    """Time and memory."""
    with upstream.serving(assistants) as address:
        held = {way: [memory(address, way) for _ in range(rounds)] for way in (FLOOR, OURS)}
        taken = asyncio.run(measured(address, rounds))
    seconds = {way: [one.seconds for one in each] for way, each in taken.items()}
    what = f"{assistants:,} assistants fetched and validated"
    return [
        Row(what, "s", seconds[OURS], seconds[FLOOR], TIME),
        Row(f"{what}: peak memory", "MiB", held[OURS], aim=MEMORY, digits=0),
        Row("the same with httpx and json.loads: peak memory", "MiB", held[FLOOR], digits=0),
    ]


async def _floor(stack: AsyncExitStack, address: str) -> Way:
    headers = {"Authorization": f"Bearer {uuid.uuid4().hex}"}
    http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, headers=headers, trust_env=False))

    async def fetch() -> None:
        json.loads((await http.get(upstream.PATH)).content)

    return Way(fetch)


async def _ours(stack: AsyncExitStack, address: str, clock: HurriedClock) -> Way:
    settings = from_arguments(Settings, famulor_api_key=uuid.uuid4().hex, famulor_base_url=address)
    core = await stack.enter_async_context(open_core(settings, clock))

    async def fetch() -> None:
        await core.sources[0].client.outbound_assistants()

    return Way(fetch)


def _once(address: str, name: str) -> float:
    async def get() -> None:
        async with AsyncExitStack() as stack:
            way = await (_floor(stack, address) if name == FLOOR else _ours(stack, address, HurriedClock()))
            await way.run()

    asyncio.run(get())
    return _most_held()


def _most_held() -> float:
    """MiB. What the system's own books say of this program alone, where it keeps any.

    `ru_maxrss` also counts what the process held that started it.
    """
    books = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", books.read_text()) if books.exists() else None
    if found:
        return int(found[1]) / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.fetching", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--assistants", type=int, default=ASSISTANTS, help="in the list (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each way (default: %(default)s)")
    options = parser.parse_args()
    print(rows_table(rows(options.rounds, options.assistants)), end="\n\n")  # noqa: T201 # what it is for
    with upstream.serving(options.assistants) as address:
        taken = asyncio.run(measured(address, options.rounds))
    print(report(taken, 1, "lists"))  # noqa: T201 # the same


if __name__ == "__main__":
    main()
