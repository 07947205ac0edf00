"""The situations in which questions are asked: a client of the real server, which asks a demo API over real sockets."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from mcp import Client

from mcp_server.server import build
from shared.audit import Ignore
from shared.demo import DEMO_KEY, DemoApi
from shared.demo.assistants import demo_assistants
from shared.demo.faults import BadRecords, ServerError
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import open_store
from shared.watch import Rhythm, Watch
from tests.clocks import ManualClock

World = Callable[[], AbstractAsyncContextManager[Client]]


@asynccontextmanager
async def _client(clock: ManualClock, database: str = "", **settings: object) -> AsyncIterator[Client]:
    """A client of a server with these settings; without a database, of one where nothing was ever watched."""
    configured = from_arguments(Settings, **settings)
    with TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/empty.sqlite3"
        server = build(lambda: open_core(configured, clock), clock, open_store=lambda: open_store(url, clock))
        async with Client(server) as client:
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


@asynccontextmanager
async def watched() -> AsyncIterator[Client]:
    """The twelve, polled since ten o'clock two days ago; what has happened to them since, and the latest look.

    Somebody has chosen to ignore a finding.
    """
    clock = ManualClock(datetime(2026, 2, 27, 10, tzinfo=UTC))
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/watched.sqlite3"
        async with DemoApi(clock=clock) as api:
            settings = {"famulor_api_key": DEMO_KEY, "famulor_base_url": api.base_url}
            async with (
                open_store(url, clock) as store,
                open_core(from_arguments(Settings, **settings), clock) as core,
            ):
                watch = Watch(core.sources, store.history, Rhythm(), clock=clock)
                for happens in _EVENTS:
                    await watch.tick()
                    clock.advance(10 * 3600)
                    happens(api)
                await store.ignores.add(_IGNORED)
                clock.advance(60)
                await watch.tick()
            async with _client(clock, url, **settings) as client:
                yield client


def _prompt_edited(api: DemoApi) -> None:
    before = next(one["system_prompt"] for one in api.assistants if one["id"] == 57)
    api.change(57, system_prompt=f"{before}\n- Nenne nie einen Preis.")


def _deleted(api: DemoApi) -> None:
    api.assistants[:] = [one for one in api.assistants if one["id"] != 140]


_IGNORED = Ignore(
    account="default",
    assistant=163,
    rule="prompt-placeholder",
    reason="Der Datenschutzhinweis kommt am 9. März",
    by="U0ANNA",
    at=datetime(2026, 2, 28, 9, tzinfo=UTC),
)
_EVENTS: tuple[Callable[[DemoApi], None], ...] = (
    lambda api: api.change(63, webhook_url="https://sammler.example.org/api/famulor"),
    _prompt_edited,
    _deleted,
    lambda api: api.change(42, status="inactive"),
    lambda api: api.change(118, voice_id=202),
)
"""Ten hours each; the last one is at noon of the first of March."""


WORLDS: dict[str, World] = {
    world.__name__: world for world in (demo, two_accounts, stale, broken_records, rejected_key, watched)
}
