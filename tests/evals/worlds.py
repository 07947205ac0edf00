"""The situations in which questions are asked: a client of the real server, which asks a demo API over real sockets."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from mcp import Client

from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi
from shared.demo.assistants import demo_assistants
from shared.demo.faults import BadRecords, ServerError
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock

World = Callable[[], AbstractAsyncContextManager[Client]]


@asynccontextmanager
async def _client(clock: ManualClock, **settings: object) -> AsyncIterator[Client]:
    configured = from_arguments(Settings, **settings)
    async with Client(build(lambda: open_core(configured, clock), clock)) as client:
        yield client


@asynccontextmanager
async def demo() -> AsyncIterator[Client]:
    """One account with the demo's twelve assistants."""
    clock = ManualClock()
    async with (
        DemoApi(clock=clock) as api,
        _client(clock, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url) as client,
    ):
        yield client


@asynccontextmanager
async def two_accounts() -> AsyncIterator[Client]:
    """`agency` with the twelve, `client` with two of its own, under ids that the agency has as well."""
    clock = ManualClock()
    renamed = {63: {"name": "Praxis Dr. Weber", "timezone": "Europe/Berlin"}, 140: {"name": "Herbstmesse"}}
    theirs = [record | renamed[record["id"]] for record in demo_assistants() if record["id"] in renamed]
    async with AsyncExitStack() as stack:
        accounts = {}
        for name, assistants in (("agency", None), ("client", theirs)):
            api = await stack.enter_async_context(DemoApi(assistants, clock=clock))
            accounts[name] = {"api_key": DEMO_KEY, "base_url": api.base_url}
        yield await stack.enter_async_context(_client(clock, famulor_accounts=accounts))


@asynccontextmanager
async def stale() -> AsyncIterator[Client]:
    """The twelve as they were ten minutes ago: since then Famulor answers 503."""
    clock = ManualClock()
    async with (
        DemoApi(clock=clock) as api,
        _client(clock, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url) as client,
    ):
        await client.call_tool("list_outbound_assistants", {"limit": 1})
        api.always(ServerError(503))
        clock.advance(600)
        yield client


@asynccontextmanager
async def broken_records() -> AsyncIterator[Client]:
    """Five of the twelve records can't be read, and one is there twice."""
    clock = ManualClock()
    async with (
        DemoApi(clock=clock) as api,
        _client(clock, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url) as client,
    ):
        api.always(BadRecords(), path="/api/user/assistants/outbound")
        yield client


@asynccontextmanager
async def rejected_key() -> AsyncIterator[Client]:
    """A key that Famulor does not know."""
    clock = ManualClock()
    async with (
        DemoApi(clock=clock) as api,
        _client(clock, famulor_api_key="not-known-there", famulor_base_url=api.base_url) as client,
    ):
        yield client


WORLDS: dict[str, World] = {
    world.__name__: world for world in (demo, two_accounts, stale, broken_records, rejected_key)
}
