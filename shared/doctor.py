"""What the programs' `doctor` finds, a line each; and the checks of Famulor's keys and of the store, alike for both."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from shared.core import Core
from shared.errors import StoreError

if TYPE_CHECKING:
    from shared.store import Store

OpenStore = Callable[[], AbstractAsyncContextManager["Store"]]

FAMULOR, STORE = "Famulor", "Store"


class Level(Enum):
    """How it is: a mark, and the word for who can't see the mark."""

    OK = ("✓", "ok")
    WARNING = ("!", "warning")
    PROBLEM = ("✗", "problem")
    SKIPPED = ("–", "skipped")


@dataclass(frozen=True, slots=True)
class Finding:
    """`words`: what was found and, where something is wrong, how to cure it; never a secret."""

    level: Level
    subject: str
    words: str

    def __str__(self) -> str:
        mark, word = self.level.value
        return f"{mark} {word:<7} {self.subject}: {' '.join(self.words.split())}"


Findings = AsyncIterator[Finding]


def ok(subject: str, words: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, words)


def warning(subject: str, words: str) -> Finding:
    """It works, but not as somebody may think."""
    return Finding(Level.WARNING, subject, words)


def problem(subject: str, words: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, subject, words)


def skipped(subject: str, words: str) -> Finding:
    """It can't be known before something else is right."""
    return Finding(Level.SKIPPED, subject, words)


async def famulor(core: Core) -> Findings:
    """Each account's key, tried at its host."""
    for account in await core.health():
        subject = f"{FAMULOR}, account {account.account} at {account.host}"
        if account.owner is not None:
            yield ok(subject, f"the key of {account.owner.name} is accepted ({account.latency:.1f} s)")
        elif account.failure is not None:
            yield problem(subject, account.failure.explain())


async def store(open_it: OpenStore) -> Findings:
    """Whether what is remembered can be read and written."""
    try:
        async with open_it() as opened:
            await opened.ready()
            await opened.claims.first(f"doctor/{secrets.token_hex(8)}", timedelta(seconds=1))
    except StoreError as error:
        yield problem(STORE, error.explain())
    else:
        yield ok(STORE, "opens, is of this version, and can be written")
