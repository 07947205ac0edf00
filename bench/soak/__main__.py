"""The product under load while all around it goes wrong, and whether it stood it: `python -m bench.soak`.

First on SQLite, then on PostgreSQL, half of the minutes each: both programs as they are run, thousands of commands and
tool calls, a poll every second, changes, and random faults of Famulor and of Slack, new connections, a SIGKILL and a
SIGTERM. Memory and open files are read from /proc, so it needs Linux. Asyncio's tasks can't be counted from outside;
one that never ends shows in the memory. The exit status is 1 where something does not hold.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bench import postgresql
from bench.soak import verdict
from bench.soak.load import Load, Plan
from bench.soak.programs import errors
from bench.soak.verdict import Check
from bench.soak.world import World, running
from bench.tables import table

MINUTES = 10.0
# Early, so that the last process lives long enough to say whether it grows.
ENDS = ((0.1, signal.SIGKILL), (0.25, signal.SIGTERM))
LOOK, TELL = 0.5, 60.0
"""Seconds from one look at the processes to the next, and from one table to the next."""
PROGRESS = ("s", "commands", "answered", "calls", "requests", "changed", "told", "faults", "bot MiB", "server MiB")
PROGRAMS = ("bot", "mcp_server")
_SHOWN = 5
"""Pieces of evidence for each thing that does not hold."""


async def soaked(database: str, plan: Plan, seed: int, folder: Path, say: Callable[[str], None]) -> list[Check]:
    """One world on that database, which logs to the folder, from its start to its end; what there is to say of it."""
    async with running(database, plan.assistants, folder) as world:
        load = Load(world, plan, random.Random(seed))  # noqa: S311 # to be repeated, not to be secret
        async with asyncio.TaskGroup() as group:
            meanwhile = (world.watch_over(LOOK), _wait(world, load), _tell(world, load, say))
            besides = [group.create_task(one) for one in meanwhile]
            await load.run()
            await world.settled(load.tally.changed)
            for task in besides:
                task.cancel()
        told, unnamed, owed = world.told(), world.unnamed(), await world.store.outbox.depth()
        for program in PROGRAMS:
            await world.end(world.running(program), signal.SIGTERM)
        tally = load.tally
        say(_progress(world, load))
        say(table(("fault", "times"), [(fault, str(count)) for fault, count in sorted(tally.faults.items())]))
        say(f"{tally.between} commands came while nobody was connected, {tally.killed} died with a killed bot.")
        logged = [f"{name}: {line:.600}" for name in PROGRAMS for line in errors(world.running(name).log)]
        return [
            *(check for name in PROGRAMS for check in verdict.of_process(name, world.running(name).samples)),
            *verdict.of_work(tally, told, unnamed, owed, tally.faults[signal.SIGKILL.name]),
            *verdict.of_programs(logged, world.exits),
        ]


async def _wait(world: World, load: Load) -> None:
    while True:
        load.tally.look(len(load.tally.changed & set(world.told())) + world.unnamed())
        await asyncio.sleep(LOOK)


async def _tell(world: World, load: Load, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(TELL)
        say(_progress(world, load))


def _progress(world: World, load: Load) -> str:
    tally = load.tally
    lives = [world.running(name).samples for name in PROGRAMS]
    memory = [f"{samples[-1].memory:.0f}" if samples else "–" for samples in lives]
    figures = (
        round(load.elapsed),
        tally.commands,
        tally.answered,
        tally.calls,
        world.famulor.count(),
        len(tally.changed),
        len(world.told()),
        sum(tally.faults.values()),
    )
    return table(PROGRESS, [(*map(str, figures), *memory)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak as the command line says, and print; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=(__doc__ or "").partition("\n")[0])
    minutes = float(os.environ.get("SOAK_MINUTES") or MINUTES)
    parser.add_argument("--minutes", type=float, default=minutes, help="of both together (default: %(default)g)")
    parser.add_argument("--seed", type=int, default=None, help="what goes wrong, as another run has printed it")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep there what both programs log")
    options = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    plan = Plan(seconds=options.minutes * 60 / 2, ends=ENDS)
    _say(f"Seed {seed}.")
    held = []
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary, postgresql.serving() as server:
        for name, database in {"SQLite": f"sqlite:///{temporary}/soak.sqlite3", "PostgreSQL": server}.items():
            folder = Path(options.logs or temporary, name.lower())
            folder.mkdir(parents=True)
            held.append(_judged(name, asyncio.run(soaked(database, plan, seed, folder, _say))))
    return 0 if all(held) else 1


def _judged(database: str, checks: Sequence[Check]) -> bool:
    _say(f"On {database}:\n\n{table(verdict.HEAD, [check.cells() for check in checks])}")
    failed = [check for check in checks if check.held is False]
    for check in failed:
        _say("\n".join([f"{check.what}: {check.found}", *check.evidence[:_SHOWN]]))
    return not failed


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        print(f"{text}\n", flush=True)  # noqa: T201 # what it is for


if __name__ == "__main__":
    sys.exit(main())
