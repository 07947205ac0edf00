"""The same polls by one, two and four watches on one PostgreSQL, and whether any was made twice: `-m bench.replicas`.

Each watch is a process of its own with its own connections, as replicas are; all of a group know the same accounts and
poll whatever they get hold of. Groups do a round in turn.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

import httpx

from bench import postgresql, upstream
from bench.rounds import BETWEEN_ROUNDS, HurriedClock
from bench.rows import Aim, Row, rows_table
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import open_store
from shared.watch import Auditing, Rhythm, Watch

COUNTS = (1, 2, 4)
ACCOUNTS = 100
ASSISTANTS = 50
ONCE = Aim(0, "≤", "polls")


@dataclass(frozen=True, slots=True)
class Group:
    """So many watches of the same accounts; `seconds` of each round, `again`: polls beyond one an account in each."""

    accounts: int
    replicas: Sequence["subprocess.Popen[str]"]
    seconds: list[float]
    again: list[int]

    @classmethod
    def of(cls, accounts: int, replicas: Sequence["subprocess.Popen[str]"]) -> Self:
        """One that has not begun."""
        for replica in replicas:
            _line(replica)
        return cls(accounts, replicas, [], [])

    def round(self, *, counts: bool = True) -> None:
        """Each account becomes due and is polled; where nothing `counts`, that warms up."""
        began, polled, word = time.perf_counter(), 0, "due"
        while polled < self.accounts:
            for replica in self.replicas:
                assert replica.stdin is not None  # noqa: S101 # asked for where it was started
                print(word, file=replica.stdin, flush=True)
            polled += sum(int(_line(replica)) for replica in self.replicas)
            word = "rest"
        if counts:
            self.seconds.append(time.perf_counter() - began)
            self.again.append(polled - self.accounts)


def measured(counts: Sequence[int], accounts: int, rounds: int, assistants: int) -> Mapping[int, Group]:
    """The rounds of a group of each size.

    Raises RuntimeError where the upstream was asked for an account another number of times than there were rounds.
    """
    with ExitStack() as stack:
        address = stack.enter_context(upstream.serving(assistants))
        url = stack.enter_context(postgresql.serving())
        # All of them open the database at once, as replicas do.
        started = {
            count: [stack.enter_context(_replica(url, address, str(count), accounts)) for _ in range(count)]
            for count in counts
        }
        groups = {count: Group.of(accounts, replicas) for count, replicas in started.items()}
        for number in range(rounds + 1):
            for group in groups.values():
                group.round(counts=number > 0)
        asked = httpx.get(f"{address}{upstream.ASKED}").json()
    wrong = {key: times for key, times in asked.items() if times != rounds + 1}
    if wrong or len(asked) != accounts * len(counts):
        raise RuntimeError(f"in {rounds + 1} rounds these were asked for so many times: {wrong}; {len(asked)} in all")
    return groups


def rows(rounds: int) -> list[Row]:
    """Rows of the performance table: polls a second beside those of one watch, and polls that were made twice."""
    return _rows(measured(COUNTS, ACCOUNTS, rounds, ASSISTANTS))


def _rows(groups: Mapping[int, Group]) -> list[Row]:
    rates = {count: [group.accounts / one for one in group.seconds] for count, group in groups.items()}
    first = next(iter(rates))
    found = []
    for count, group in groups.items():
        what = f"{count} watch{'es' if count > 1 else ''} on one PostgreSQL"
        found.append(Row(f"{what}", "polls/s", rates[count], () if count == first else rates[first], digits=0))
        found.append(Row(f"{what}: polls made twice", "polls", group.again, aim=ONCE, digits=0))
    return found


@contextmanager
def _replica(url: str, address: str, group: str, accounts: int) -> Iterator["subprocess.Popen[str]"]:
    command = (sys.executable, "-m", "bench.replicas", "--replica", url, address, group, str(accounts))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 # this module itself
        assert process.stdin is not None  # noqa: S101 # asked for above
        try:
            yield process
        finally:
            process.stdin.close()  # it ends with its input


def _line(process: "subprocess.Popen[str]") -> str:
    """The next line that it writes. Raises RuntimeError where it has ended instead."""
    assert process.stdout is not None  # noqa: S101 # asked for where it was started
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError(f"a watch has ended: {process.wait()}")
    return line


async def _watch(url: str, address: str, group: str, accounts: int) -> None:
    """At each line of its input, polls all that it gets hold of, and writes how many that were; `due`: all are due."""
    clock = HurriedClock()
    names = [f"group-{group}-account-{number}" for number in range(accounts)]
    keys = {name: {"api_key": f"key-of-{name}", "base_url": address} for name in names}
    async with (
        open_store(url, clock) as store,
        open_core(from_arguments(Settings, famulor_accounts=keys), clock) as core,
    ):
        watch = Watch(
            core.sources,
            store.history,
            Rhythm(),
            clock=clock,
            auditing=Auditing(core.policy, store.ignores.all),
        )
        print("ready", flush=True)  # noqa: T201 # who started it reads it
        while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
            if word == "due":
                clock.skip(BETWEEN_ROUNDS)
            polled = 0
            while some := await watch.tick():
                polled += some
            print(polled, flush=True)  # noqa: T201 # the same


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.replicas", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replicas", type=int, nargs="+", default=COUNTS, help="watches in each group")
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="polled in a round (default: %(default)s)")
    parser.add_argument("--assistants", type=int, default=ASSISTANTS, help="of each account (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of each group (default: %(default)s)")
    parser.add_argument("--replica", nargs=4, metavar=("URL", "ADDRESS", "GROUP", "ACCOUNTS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.replica:
        url, address, group, accounts = options.replica
        asyncio.run(_watch(url, address, group, int(accounts)))
        return
    groups = measured(options.replicas, options.accounts, options.rounds, options.assistants)
    print(rows_table(_rows(groups)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
