"""Whether a soak was survived: each thing that must hold, what was found, and what was allowed; pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean, median

from bench.soak.programs import Sample
from bench.soak.tally import Tally

HEAD = ("what", "found", "allowed", "held")
GROWTH = 10.0
"""Per cent that the memory may grow from the end of the warm-up to the end, by the line that fits best."""
SWAY = 6
"""Open files, connections and threads by which two quarters may differ: what is under way comes and goes."""
WARM_UP = 1 / 3
"""The part of a process's life in which it loads what it needs and fills its caches."""
SHORTEST = 30.0
"""Seconds from the warm-up to the end; of less nothing is said."""
LATEST = 180.0
"""Seconds until a change is told: the watch waits a minute where people leave it no room, as often as a poll fails, and
what a killed bot had claimed is free after 70."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `held`: None where the run was too short to say."""

    what: str
    found: str
    allowed: str
    held: bool | None
    evidence: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """As `HEAD` names them."""
        return (self.what, self.found, self.allowed, {True: "yes", False: "NO", None: "too short"}[self.held])


def of_process(name: str, samples: Sequence[Sample]) -> list[Check]:
    """That nothing grows, by the samples of one process's life."""
    warm = samples[int(len(samples) * WARM_UP) :]
    enough = bool(warm) and warm[-1].at - warm[0].at >= SHORTEST
    grown = _growth(warm) if enough else 0.0
    found = f"{warm[0].memory:.0f} → {warm[-1].memory:.0f} MiB ({grown:+.1f} %)" if warm else "–"
    checks = [Check(f"{name}: memory", found, f"≤ +{GROWTH:g} %", grown <= GROWTH if enough else None)]
    held: dict[str, Callable[[Sample], int]] = {
        "open files": lambda sample: sample.files,
        "connections": lambda sample: sample.connections,
        "threads": lambda sample: sample.threads,
    }
    quarter = max(1, len(warm) // 4)
    for what, of in held.items():
        before = median(map(of, warm[:quarter])) if warm else 0
        after = median(map(of, warm[-quarter:])) if warm else 0
        flat = after - before <= SWAY if enough else None
        checks.append(Check(f"{name}: {what}", f"{before:g} → {after:g}", f"≤ +{SWAY}", flat))
    return checks


def _growth(samples: Sequence[Sample]) -> float:
    """Per cent, by the line through all of them."""
    slope, _start = linear_regression([one.at for one in samples], [one.memory for one in samples])
    return 100 * slope * (samples[-1].at - samples[0].at) / mean(one.memory for one in samples)


def of_work(tally: Tally, told: Counter[int], unnamed: int, owed: int, kills: int) -> list[Check]:
    """That everybody was answered, and every change told; `unnamed`: how many were told by their number alone."""
    missing = sorted(tally.changed - set(told))[unnamed:]
    twice = sum(count - 1 for count in told.values())
    may = tally.lost_answers + kills
    return [
        _none("commands without an answer", tally.unanswered, tally.commands),
        _none("tool calls without a result", tally.uncalled, tally.calls),
        _none("changes that were not told", [f"assistant {one}" for one in missing], len(tally.changed)),
        Check(
            "longest wait for a change", f"{tally.longest_wait:.0f} s", f"≤ {LATEST:g} s", tally.longest_wait <= LATEST
        ),
        # Slack took it and could not say so, or its answer was not written down any more.
        Check("changes told twice", str(twice), f"≤ {may}", twice <= may),
        Check("deliveries still owed", str(owed), "0", owed == 0),
    ]


def of_programs(errors: Sequence[str], exits: Sequence[str]) -> list[Check]:
    """That they ended as they were told to, and logged no error."""
    return [_none("errors and tracebacks in the logs", errors), _none("programs that ended otherwise", exits)]


def _none(what: str, found: Sequence[str], of: int | None = None) -> Check:
    among = "" if of is None else f" of {of:,}"
    return Check(what, f"{len(found)}{among}", "0", not found, tuple(found))
