"""A program of ours as its users start it: a process of its own, what it holds of the machine, what it logs."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120.0
"""Seconds for what takes one or two on a machine that has nothing else to do."""
_CLONE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds at one time: MiB of memory, open files of every kind, sockets among them, threads."""

    at: float
    memory: float
    files: int
    connections: int
    threads: int


@dataclass
class Program:
    """One process from its start to its end, and what it held meanwhile."""

    name: str
    process: asyncio.subprocess.Process
    log: Path
    begins_at: int
    """Where in the log its own lines begin."""
    samples: list[Sample] = field(default_factory=list)

    async def says(self, pattern: str) -> re.Match[str]:
        """Comes back when it has logged this; raises RuntimeError where it has ended before."""
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(pattern, self.said())):
                if self.process.returncode is not None:
                    raise RuntimeError(f"{self.name} has ended: {self.said()[-2000:]}")
                await asyncio.sleep(0.05)
        return found

    def said(self) -> str:
        """What it has logged since it was started."""
        return self.log.read_bytes()[self.begins_at :].decode("utf-8", "replace")

    def look(self) -> None:
        """Take a sample; none is taken of a process that has ended."""
        # It may end in the middle of that.
        with suppress(FileNotFoundError, ProcessLookupError):
            self.samples.append(_sample(self.process.pid))

    async def end(self, with_signal: signal.Signals) -> int:
        """Its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(with_signal)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


def _sample(pid: int) -> Sample:
    here = Path("/proc", str(pid))
    status = dict(line.split(":", 1) for line in (here / "status").read_text().splitlines())
    if "VmRSS" not in status:
        raise ProcessLookupError(pid)
    files = list(_targets(here / "fd"))
    return Sample(
        at=time.monotonic(),
        memory=int(status["VmRSS"].split()[0]) / 1024,
        files=len(files),
        connections=sum(target.startswith("socket:") for target in files),
        threads=int(status["Threads"]),
    )


def _targets(folder: Path) -> Iterator[str]:
    for one in folder.iterdir():
        # It may be closed by now.
        with suppress(FileNotFoundError):
            yield os.readlink(one)  # noqa: PTH115 # no path: socket:[123]


@asynccontextmanager
async def started(name: str, *arguments: str, environment: Mapping[str, str], folder: Path) -> AsyncIterator[Program]:
    """`python -m name …` with no setting of whoever starts it; it logs to a file there, and is gone at the end."""
    log = folder / f"{name}.log"
    begins_at = log.stat().st_size if log.exists() else 0
    with log.open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", name, *arguments),
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_CLONE), "HOME": str(folder), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=said,
        )
    try:
        yield Program(name, process, log, begins_at)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def errors(log: Path) -> Sequence[str]:
    """What was logged as an error, or is no line of a log at all, such as a traceback on the way out."""
    return [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if _is_error(line)]


def _is_error(line: str) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        # A program's own words to whoever started it are no log; where they are of an error, its exit status is too.
        return not line.startswith("famulor-")
    return entry.get("level") in {"error", "critical"} or "exception" in entry
