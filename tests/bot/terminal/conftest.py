"""The programs in this process, as `main` runs them, with what they write to both streams; in a terminal of its own."""

import asyncio
import io
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from bot.__main__ import main
from shared.demo import DEMO_KEY, DemoApi
from shared.logs import NOISY


class Ended(NamedTuple):
    """Exit status, standard output, standard error."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """`run("audit", "--plain", LANG="de")`."""

    def __call__(self, *arguments: str, **environment: str) -> Awaitable[Ended]: ...


class Stream(io.TextIOWrapper):
    """A stream that remembers what was written; a terminal or not."""

    def __init__(self, *, terminal: bool = False) -> None:
        self.content = io.BytesIO()
        super().__init__(self.content, encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """A program sets up its log for good: this process has other tests to run."""
    loggers = [logging.getLogger(), *map(logging.getLogger, NOISY)]
    levels, handlers = [one.level for one in loggers], loggers[0].handlers[:]
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
async def demo_api() -> AsyncIterator[DemoApi]:
    """One on the machine's own time, as the programs are."""
    async with DemoApi(limited=False) as api:
        yield api


@pytest.fixture
def environment(demo_api: DemoApi, tmp_path: Path) -> dict[str, str]:
    """What the programs find, and nothing of the machine's."""
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
    }


@pytest.fixture
def run_in(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Awaitable[Ended]]:
    """Runs a program with terminals as its streams, or without (`out`, `err`)."""

    async def run(*arguments: str, out: bool, err: bool, **more: str) -> Ended:
        streams = Stream(terminal=out), Stream(terminal=err)

        def program() -> int:
            try:
                return main(arguments)
            except SystemExit as error:
                return int(error.code or 0)

        with monkeypatch.context() as context:
            for name in list(os.environ):
                context.delenv(name)
            for name, value in (environment | more).items():
                context.setenv(name, value)
            context.chdir(tmp_path)
            context.setattr(sys, "stdout", streams[0])
            context.setattr(sys, "stderr", streams[1])
            # Only the main thread may say what signals do.
            context.setattr(signal, "signal", lambda *_arguments: None)
            status = await asyncio.to_thread(program)
        return Ended(status, *(stream.content.getvalue().decode() for stream in streams))

    return run


@pytest.fixture
def run(run_in: Callable[..., Awaitable[Ended]]) -> Run:
    """The same where both streams are files."""

    async def in_files(*arguments: str, **environment: str) -> Ended:
        return await run_in(*arguments, out=False, err=False, **environment)

    return in_files
