"""Famulor's keys and hosts, and the store."""

import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from bot.doctor.findings import Findings, ok, problem
from shared.core import Core
from shared.errors import StoreError
from shared.store import Store

OpenStore = Callable[[], AbstractAsyncContextManager[Store]]

FAMULOR, STORE = "Famulor", "Store"


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
