"""The core over real sockets: a demo API, a clock that both share, a client and a whole core."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi
from shared.famulor import Deadlines, FamulorClient
from shared.runtime import open_core
from shared.settings import Account, Settings, from_arguments
from tests.clocks import ManualClock

DEADLINES = Deadlines(connect=5, read=1.5, total=8)
"""In real time: short enough for a test, long enough for a busy machine."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def demo_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(clock=clock) as api:
        yield api


@pytest.fixture
async def client(demo_api: DemoApi, clock: ManualClock) -> AsyncIterator[FamulorClient]:
    account = Account(name="default", api_key=SecretStr(DEMO_KEY), base_url=demo_api.base_url)
    client = FamulorClient(account, clock, DEADLINES)
    yield client
    await client.aclose()


@pytest.fixture
async def core(demo_api: DemoApi, clock: ManualClock) -> AsyncIterator[Core]:
    settings = from_arguments(
        Settings,
        famulor_api_key=DEMO_KEY,
        famulor_base_url=demo_api.base_url,
        famulor_read_timeout=1.5,
        famulor_total_timeout=8,
    )
    async with open_core(settings, clock) as core:
        yield core
