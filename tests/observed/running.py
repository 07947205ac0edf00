"""Both programs started as users start them, all that they say kept in files, and their databases read."""

import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg  # type: ignore[import-untyped]

PATIENCE = 60.0
"""Seconds for what takes one on a machine that has nothing else to do."""


@dataclass
class Program:
    """A program that runs, and the file that holds what it writes to standard error."""

    process: asyncio.subprocess.Process
    log: Path

    async def says(self, pattern: str) -> re.Match[str]:
        """Comes back when it has written this."""
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(pattern, said(self.log))):
                assert self.process.returncode is None, said(self.log)
                await asyncio.sleep(0.02)  # another process's file tells nobody
        return found

    async def ended(self) -> int:
        """Its exit status, once it has been told to stop."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def running(module: str, *arguments: str, environment: Mapping[str, str], folder: Path) -> AsyncIterator[Program]:
    """`python -m module …` with nothing of ours from outside; gone at the end whatever happens."""
    ours = ("FAMULOR_", "SLACK_", "LOG_", "MCP_", "DATABASE_", "METRICS_", "OTEL_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    log = folder / f"{module}.log"
    with log.open("wb") as said, (folder / f"{module}.out").open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=folder,
            env={**inherited, "PYTHONWARNINGS": "error", "XDG_DATA_HOME": str(folder), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=said,
        )
    try:
        yield Program(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def said(log: Path) -> str:
    """All that was written there so far."""
    return log.read_text(encoding="utf-8")


async def scraped(log: Path) -> str:
    """What Prometheus is shown by the program that writes this log, which says where."""
    address = re.search(r"http://[\d.:]+/metrics", said(log))
    assert address
    async with aiohttp.ClientSession() as http, http.get(address[0]) as answer:
        return await answer.text()


async def tables(url: str) -> dict[str, str]:
    """Every table of a database, as one text each; bytes are read as the texts that they are."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: _text(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}  # noqa: S608
    connection = await asyncpg.connect(url)
    try:
        names = [
            row["tablename"]
            for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        return {
            name: _text([tuple(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')])  # noqa: S608
            for name in names
        }
    finally:
        await connection.close()


def _text(rows: list[tuple[object, ...]]) -> str:
    values = (value for row in rows for value in row)
    return "\n".join(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values)
