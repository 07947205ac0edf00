"""Which measurements there are, and how one is made: in a process of its own, which may die without the others."""

import importlib
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.rows import Row

MEASUREMENTS = {
    "fetching": "Fetching and validating",
    "querying": "Querying",
    "starting": "Starting the MCP server",
    "calling": "Tool calls over HTTP",
    "tokens": "What answers cost an agent",
    "commands": "Slash commands",
    "polling": "Polls",
    "replicas": "Several watches on one database",
    "delivery": "Deliveries",
    "audits": "Audits",
    "growth": "Growth",
}
"""The modules beside this one that have `rows(rounds) -> list[Row]`, in the order of the page, and their headings."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measurement found, or why it found nothing."""

    name: str
    heading: str
    rows: Sequence[Row] = ()
    failure: str = ""


def rows(name: str, rounds: int) -> list[Row]:
    """What this measurement found; done here, in this process."""
    found: list[Row] = importlib.import_module(f"bench.{name}").rows(rounds)
    return found


def measured(name: str, rounds: int) -> Measured:
    """What it found in a process of its own, whose end is no matter of ours."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as worker:
        try:
            return Measured(name, MEASUREMENTS[name], worker.submit(rows, name, rounds).result())
        except Exception as error:  # noqa: BLE001 # whatever it is, the others are measured all the same, and it is said
            failure = f"{type(error).__name__}: {error}"
            return Measured(name, MEASUREMENTS[name], failure=" ".join(failure.replace("|", "/").split()))
