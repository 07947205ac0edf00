"""How many accounts one process polls a second, on SQLite and on PostgreSQL: `python -m bench.polling`.

Each way does a round in turn, so that whatever else the machine does hits all of them; the figures are medians of the
rounds. The floor is what no store can save: the answer fetched and read.
"""

import argparse
import asyncio
import logging
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bench import postgresql, upstream
from bench.rounds import HurriedClock, Round, Way, in_turn, report
from bench.rows import Aim, Row
from bench.tables import table
from shared.core import Core
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import Store, open_store
from shared.watch import Auditing, Rhythm, Watch
from shared.watch.watch import AT_ONCE

ACCOUNTS = 100
ASSISTANTS = 50
FLOOR = "fetched and read, nothing more"
AIM = Aim(0.5, "≥")


def rows(rounds: int) -> list[Row]:
    """Rows of the performance table: accounts a second."""
    taken = asyncio.run(measured(ACCOUNTS, rounds, ASSISTANTS))
    rates = {name: [ACCOUNTS / one.seconds for one in done] for name, done in taken.items()}
    return [
        Row(f"accounts of {ASSISTANTS} assistants {name}", "accounts/s", ours, rates[FLOOR], AIM, digits=0)
        for name, ours in rates.items()
        if name != FLOOR
    ]


async def measured(accounts: int, rounds: int, assistants: int) -> Mapping[str, Sequence[Round]]:
    """The rounds of each way to poll so many accounts once."""
    async with AsyncExitStack() as stack:
        address = stack.enter_context(upstream.serving(assistants))
        clock = HurriedClock()
        ways: dict[str, Way] = {FLOOR: await _floor(stack, address, accounts, clock)}
        with_tick = partial(_watched, stack, address, accounts, clock)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ways["watched, on SQLite"] = await with_tick(f"sqlite:///{Path(folder, 'bench.sqlite3')}")
        ways["watched, on PostgreSQL"] = await with_tick(stack.enter_context(postgresql.serving()))
        return await in_turn(ways, rounds, clock)


async def claims(counts: Sequence[int], rounds: int) -> Mapping[str, Mapping[int, Sequence[float]]]:
    """The seconds of one look for what is due, where nothing is, by database and by how many accounts there are."""
    taken: dict[str, dict[int, list[float]]] = {}
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {
            "SQLite": f"sqlite:///{Path(folder, 'claims.sqlite3')}",
            "PostgreSQL": stack.enter_context(postgresql.serving()),
        }
        clock = HurriedClock()
        stores = {name: await stack.enter_async_context(open_store(url, clock)) for name, url in urls.items()}
        for count in counts:
            names = [f"account-{number}" for number in range(count)]
            for store in stores.values():
                # Long leases: afterwards all of them are somebody's.
                while await store.history.due(names, "bench", timedelta(days=1), limit=10_000):
                    pass
            for _round in range(rounds):
                for name, store in stores.items():
                    began = time.perf_counter()
                    await store.history.due(names, "bench", timedelta(days=1), limit=AT_ONCE)
                    taken.setdefault(name, {}).setdefault(count, []).append(time.perf_counter() - began)
    return taken


async def _floor(stack: AsyncExitStack, address: str, accounts: int, clock: HurriedClock) -> Way:
    core = await stack.enter_async_context(_core(address, accounts, clock))

    async def fetch() -> None:
        waiting = iter(core.sources)

        async def worker() -> None:
            for source in waiting:
                await source.client.outbound_assistants()

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))

    return Way(fetch)


async def _watched(stack: AsyncExitStack, address: str, accounts: int, clock: HurriedClock, url: str) -> Way:
    store: Store = await stack.enter_async_context(open_store(url, clock))
    core = await stack.enter_async_context(_core(address, accounts, clock))
    auditing = Auditing(core.policy, store.ignores.all)
    watch = Watch(core.sources, store.history, Rhythm(), clock=clock, auditing=auditing)

    async def poll() -> None:
        polled = 0
        while polled < accounts:
            polled += await watch.tick()

    return Way(poll)


@asynccontextmanager
async def _core(address: str, accounts: int, clock: HurriedClock) -> AsyncIterator[Core]:
    keys = {f"account-{number}": {"api_key": uuid.uuid4().hex, "base_url": address} for number in range(accounts)}
    async with open_core(from_arguments(Settings, famulor_accounts=keys), clock) as core:
        yield core


def report_claims(taken: Mapping[str, Mapping[int, Sequence[float]]]) -> str:
    """A line for each number of accounts."""
    counts = next(iter(taken.values()))
    head = ("accounts", *(f"{name}, ms" for name in taken))
    rows = [(f"{count:,}", *(f"{1000 * median(by[count]):.1f}" for by in taken.values())) for count in counts]
    return table(head, rows)


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.polling", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="polled in a round (default: %(default)s)")
    parser.add_argument("--assistants", type=int, default=ASSISTANTS, help="of each account (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="of each way (default: %(default)s)")
    parser.add_argument(
        "--claims", type=int, nargs="*", default=[100, 1_000, 10_000, 100_000], help="accounts known to one watch"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    taken = asyncio.run(measured(options.accounts, options.rounds, options.assistants))
    print(report(taken, options.accounts, "accounts"), end="\n\n")  # noqa: T201 # what it is for
    if options.claims:
        print(report_claims(asyncio.run(claims(options.claims, options.rounds))))  # noqa: T201 # the same


if __name__ == "__main__":
    main()
