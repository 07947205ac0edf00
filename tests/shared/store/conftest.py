"""Two stores on one database, as two replicas have them; both go by one clock."""

from collections.abc import AsyncIterator

import pytest

from shared.store import Store, open_store
from tests.clocks import ManualClock


@pytest.fixture
async def store(database_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    async with open_store(database_url, clock) as store:
        yield store


@pytest.fixture
async def other(store: Store, database_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    async with open_store(database_url, clock) as other:
        yield other
