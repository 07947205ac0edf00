"""The machine that a measurement was made on, as its readers need to know it."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from bench import postgresql

_CPUS = Path("/proc/cpuinfo")


def load() -> tuple[float, ...]:
    """The load average of one, five and fifteen minutes."""
    return tuple(round(one, 1) for one in os.getloadavg())


@dataclass(frozen=True, slots=True)
class Machine:
    """What measured; `memory` in GiB, `before` and `after` the load averages around the run."""

    cpu: str
    cores: int
    memory: float
    system: str
    versions: str
    day: date
    before: tuple[float, ...]
    after: tuple[float, ...]

    @classmethod
    def here(cls, before: tuple[float, ...]) -> Self:
        """This one, now, after a run that began at this load."""
        return cls(
            cpu=_cpu(),
            cores=len(os.sched_getaffinity(0)),
            memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
            system=f"{platform.system()} {platform.machine()}",
            versions=(
                f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
                f"PostgreSQL {postgresql.version()}"
            ),
            day=datetime.now(UTC).date(),
            before=before,
            after=load(),
        )

    def __str__(self) -> str:
        before, after = (" ".join(f"{one:g}" for one in loads) for loads in (self.before, self.after))
        return (
            f"{self.day:%d %B %Y}: {self.cpu}, {self.cores} cores, {self.memory:.0f} GiB, {self.system}; "
            f"{self.versions}. Load average before {before}, after {after}."
        )


def _cpu() -> str:
    names = [line.partition(":")[2].strip() for line in _lines(_CPUS) if line.startswith("model name")]
    return names[0] if names else platform.processor() or "a processor that does not say its name"


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
