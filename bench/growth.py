"""How time and memory grow with assistants and with accounts, by factors of ten: `python -m bench.growth`.

Of time and memory the figure is the exponent: with `n` times as many, they are `n` to that power. 1 is linear.
"""

import argparse
import asyncio
import multiprocessing
import resource
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from math import log
from pathlib import Path
from statistics import linear_regression, median

from matplotlib.figure import Figure

from bench import upstream
from bench.rounds import BETWEEN_ROUNDS, HurriedClock
from bench.rows import Aim, Row, rows_table
from shared.query import AssistantQuery, Choice
from shared.runtime import open_runtime, watch
from shared.settings import Settings, from_arguments

ASSISTANTS = (10, 100, 1_000, 10_000)
ACCOUNTS = (1, 10, 100, 1_000, 10_000)
AIM = Aim(1.1, "≤", "")
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.png"
_OF_EACH = 10
"""Assistants of an account, where there are many accounts."""
_LEAST = 1e-3
"""Seconds or MiB below which nothing is compared; a logarithm needs something."""
_HELD = timedelta(days=3650)

Figures = dict[str, list[float]]
"""Seconds or MiB of each round, by what was measured."""
Growth = Mapping[int, Figures]
"""The same, by how many there were."""


def of_assistants(count: int, rounds: int) -> Figures:
    """One account with so many assistants. Measured in this process, which should be a fresh one."""
    return asyncio.run(_of_assistants(count, rounds))


def of_accounts(count: int, rounds: int) -> Figures:
    """So many accounts, each with a few assistants. Measured in this process, which should be a fresh one."""
    return asyncio.run(_of_accounts(count, rounds))


async def _of_assistants(count: int, rounds: int) -> Figures:
    found: Figures = {"fetch and validate": [], "first page of a query": [], "poll": [], "memory": []}
    query = AssistantQuery(status=Choice(include=("active",)))
    clock = HurriedClock()
    with upstream.serving(count) as address, tempfile.TemporaryDirectory() as folder:
        before = await _empty(address, folder)
        async with open_runtime(_settings(1, address, folder), clock) as runtime:
            watched = watch(runtime)
            await runtime.core.find(query)
            await watched.tick()
            for _round in range(rounds):
                clock.skip(BETWEEN_ROUNDS)
                with _timed(found["fetch and validate"]):
                    await runtime.core.sources[0].client.outbound_assistants()
                await runtime.core.find(query)
                with _timed(found["first page of a query"]):
                    await runtime.core.find(query)
                with _timed(found["poll"]):
                    await watched.tick()
            found["memory"] += [_memory() - before] * rounds
    return found


async def _of_accounts(count: int, rounds: int) -> Figures:
    found: Figures = {"look for what is due": [], "tick, each account": [], "memory": []}
    clock = HurriedClock()
    with upstream.serving(_OF_EACH) as address, tempfile.TemporaryDirectory() as folder:
        before = await _empty(address, folder)
        async with open_runtime(_settings(count, address, folder), clock) as runtime:
            watched, history = watch(runtime), runtime.store.history
            names = [source.account for source in runtime.core.sources]
            await watched.tick()
            for _round in range(rounds):
                clock.skip(BETWEEN_ROUNDS)
                ticks: list[float] = []
                with _timed(ticks):
                    polled = await watched.tick()
                found["tick, each account"].append(ticks[0] / polled)
            # Afterwards all of them are somebody's, and nothing is due.
            while await history.due(names, "growth", _HELD, limit=10_000):
                pass
            for _round in range(rounds):
                with _timed(found["look for what is due"]):
                    await history.due(names, "growth", _HELD, limit=32)
            found["memory"] += [_memory() - before] * rounds
    return found


async def _empty(address: str, folder: str) -> float:
    """MiB of this process with all its modules, before it knows anything."""
    async with open_runtime(_settings(1, address, folder)):
        return _memory()


@contextmanager
def _timed(into: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)


def _memory() -> float:
    """The most that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _settings(accounts: int, address: str, folder: str) -> Settings:
    keys = {f"account-{number}": {"api_key": uuid.uuid4().hex, "base_url": address} for number in range(accounts)}
    return from_arguments(
        Settings,
        famulor_accounts=keys,
        famulor_read_timeout=120,
        famulor_total_timeout=300,
        cache_seconds=BETWEEN_ROUNDS / 2,
        database_url=f"sqlite:///{folder}/growth.sqlite3",
    )


def measured(work: Callable[[int, int], Figures], counts: Sequence[int], rounds: int) -> Growth:
    """The figures of each count, each in a process of its own: what was freed is not always given back."""
    found = {}
    for count in counts:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as worker:
            found[count] = worker.submit(work, count, rounds).result()
    return found


def exponents(growth: Growth, what: str) -> list[float]:
    """Of each round: the slope of the figures over the counts, both as logarithms."""
    counts = [log(count) for count in growth]
    rounds = zip(*(figures[what] for figures in growth.values()), strict=True)
    return [linear_regression(counts, [log(max(one, _LEAST)) for one in figures]).slope for figures in rounds]


def drawn(parts: Mapping[str, Growth], file: Path) -> None:
    """A picture of the medians, with what would be linear as dotted lines."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    for plot, (of_what, growth) in zip(figure.subplots(1, len(parts), squeeze=False)[0], parts.items(), strict=True):
        counts = list(growth)
        for what in growth[counts[0]]:
            medians = [median(growth[count][what]) for count in counts]
            unit = "MiB" if what == "memory" else "s"
            (line,) = plot.loglog(counts, medians, marker="o", label=f"{what}, {unit}")
            linear = [medians[-1] * count / counts[-1] for count in counts]
            plot.loglog(counts, linear, linestyle=":", linewidth=0.8, color=line.get_color())
        plot.set_xlabel(of_what)
        plot.set_title(f"Growth with {of_what} (dotted: linear)")
        plot.grid(visible=True, alpha=0.3)
        plot.legend(fontsize=8)
    figure.savefig(file, dpi=110)


def rows_of(parts: Mapping[str, Growth]) -> list[Row]:
    """For each thing the exponent, and what it is with the most of them."""
    found = []
    for of_what, growth in parts.items():
        counts = list(growth)
        for what in growth[counts[0]]:
            said = f"{what}: exponent of {counts[0]:,} to {counts[-1]:,} {of_what}"
            found.append(Row(said, "", exponents(growth, what), aim=AIM))
            most = growth[counts[-1]][what]
            memory = what == "memory"
            figures = most if memory else [1000 * one for one in most]
            found.append(Row(f"{what}, {counts[-1]:,} {of_what}", "MiB" if memory else "ms", figures, digits=1))
    return found


def rows(rounds: int) -> list[Row]:
    """Rows of the performance table; the picture beside it is drawn anew."""
    parts = {
        "assistants": measured(of_assistants, ASSISTANTS, rounds),
        "accounts": measured(of_accounts, ACCOUNTS, rounds),
    }
    drawn(parts, PICTURE)
    return rows_of(parts)


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--assistants", type=int, nargs="+", default=ASSISTANTS, help="(default: %(default)s)")
    parser.add_argument("--accounts", type=int, nargs="+", default=ACCOUNTS, help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw it into this file too")
    options = parser.parse_args()
    parts = {
        "assistants": measured(of_assistants, options.assistants, options.rounds),
        "accounts": measured(of_accounts, options.accounts, options.rounds),
    }
    if options.picture:
        drawn(parts, options.picture)
    print(rows_table(rows_of(parts)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
