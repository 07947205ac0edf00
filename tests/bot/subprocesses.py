"""`famulor-bot` started as a user starts it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Two programs that start and stop on a busy machine.
PATIENCE = 60.0


@dataclass
class Program:
    """A program that was started, and what it has said once it has ended."""

    process: asyncio.subprocess.Process

    async def says(self, words: str) -> str:
        """What it has written to standard error since it was asked last, once these words are there."""
        assert self.process.stderr is not None
        said = ""
        async with asyncio.timeout(PATIENCE):
            while words not in said:
                line = await self.process.stderr.readline()
                assert line, said
                said += line.decode()
        return said

    async def ended(self) -> tuple[int, str, str]:
        """Exit status, standard output and standard error."""
        async with asyncio.timeout(PATIENCE):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def started(
    *arguments: str, environment: dict[str, str], folder: Path, stdout: int = asyncio.subprocess.PIPE
) -> AsyncIterator[Program]:
    """`famulor-bot` in this folder; gone at the end whatever happens. `stdout`: another file than a pipe."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
