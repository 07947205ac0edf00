"""Where answers go: to a person's terminal, where rich draws, or into a file, a pipe or a log as plain text."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.translation import Say
from shared.core import Progress
from shared.errors import FamulorError
from shared.models import Severity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

STYLES: Mapping[Severity, str] = {
    Severity.CRITICAL: "bold red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}
"""Beside the severity's word, never instead of it."""


class NotWritten(FamulorError):
    """The file that the answer was meant for can't be written."""

    what = "{file} can't be written ({evidence})."
    cure = "Check the folder and its rights."


class Screen:
    """Standard output and standard error, or a file in the first one's place ("" is none).

    `plain`: whoever starts the program wants no colours and frames, wherever it writes. `draws`: whether a person
    looks at a terminal; `elsewhere`: whether the answer goes into a file, and standard output says nothing.
    """

    def __init__(self, environment: Mapping[str, str], *, plain: bool, file: str = "") -> None:
        self._file = file
        unadorned = plain or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        self.draws = not unadorned and not file and sys.stdout.isatty()
        self.elsewhere = bool(file)
        self._moves = not unadorned and sys.stderr.isatty()

    @property
    def width(self) -> int:
        """Characters in a line of the terminal."""
        return shutil.get_terminal_size().columns

    def show(self, *parts: "RenderableType") -> None:
        """Draws on the terminal."""
        console = _console(sys.stdout)
        for part in parts:
            console.print(part)

    def write(self, text: str) -> None:
        """The text in UTF-8, into the file or to standard output. Raises NotWritten."""
        content = text.encode(errors="replace")
        if not self._file:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        try:
            Path(self._file).write_bytes(content)
        except OSError as error:
            raise NotWritten(file=self._file, evidence=error.strerror or type(error).__name__) from error

    def note(self, line: str) -> None:
        """A line to standard error, beside the answer."""
        sys.stderr.write(f"{line}\n")

    @asynccontextmanager
    async def progress(self, say: Say, accounts: int) -> AsyncIterator[Progress | None]:
        """A bar on standard error as long as several accounts are asked; None where nobody would see it."""
        if accounts == 1 or not self._moves:
            yield None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415 # only where it draws
        from rich.progress import Progress as Bar  # noqa: PLC0415

        words = TextColumn("{task.description}", markup=False)
        with Bar(words, BarColumn(), MofNCompleteColumn(), console=_console(sys.stderr), transient=True) as bar:
            task = bar.add_task(say("Asking the accounts"), total=accounts)

            async def advance(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            yield advance


def _console(stream: TextIO) -> "Console":
    from rich.console import Console  # noqa: PLC0415 # not where nothing is drawn

    return Console(file=stream, markup=False, emoji=False, highlight=False, force_terminal=True)


def abandon() -> None:
    """Nobody reads on: what is still to be written, also by Python itself at its end, goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
