"""Whoever subscribes to a resource is told as soon as a fetch sees a difference, in both eras."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import uvicorn
from mcp import Client, MCPError
from mcp.client.session import IncomingMessage
from mcp.server.subscriptions import ResourceUpdated
from mcp.types import (
    METHOD_NOT_FOUND,
    EmptyResult,
    ResourceUpdatedNotification,
    SubscribeRequest,
    SubscribeRequestParams,
    UnsubscribeRequest,
    UnsubscribeRequestParams,
)

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from mcp_server.updates import MOST_URIS
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import Unauthorized
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.mcp_server.conftest import ERAS, PATIENCE

LIST = "famulor://assistants/outbound"
AGES = 3600.0
"""Seconds between two looks where a test wants none but the first."""


class WaitingClock(ManualClock):
    """Whoever sleeps wakes up when the time has come, and not before a test moves it there."""

    def __init__(self) -> None:
        super().__init__()
        self.sleepers: dict[asyncio.Future[None], float] = {}
        self.asleep = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers[sleeper] = self.monotonic() + seconds
        self.asleep.set()
        try:
            await sleeper
        finally:
            del self.sleepers[sleeper]

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        for sleeper, due in self.sleepers.items():
            if due <= self.monotonic() and not sleeper.done():
                sleeper.set_result(None)

    async def look_over(self) -> None:
        """Comes back when the look that is under way is over."""
        async with asyncio.timeout(PATIENCE):
            await self.asleep.wait()
        self.asleep.clear()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 # what is waited for tells nobody
            await asyncio.sleep(0.01)


class Subscribed:
    """A client that has subscribed, and what it hears."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self.heard.get()

    async def subscribe(self, *uris: str) -> None:
        """As the older era does."""
        for uri in uris:
            request = SubscribeRequest(params=SubscribeRequestParams(uri=uri))
            await self.client.session.send_request(request, EmptyResult)

    async def unsubscribe(self, *uris: str) -> None:
        for uri in uris:
            request = UnsubscribeRequest(params=UnsubscribeRequestParams(uri=uri))
            await self.client.session.send_request(request, EmptyResult)


@asynccontextmanager
async def subscribed(server: FamulorServer | str, era: str, *uris: str) -> AsyncIterator[Subscribed]:
    """A client of that era that waits for news of these resources."""

    async def note(message: IncomingMessage) -> None:
        # The newer era's come on the stream, and here once more.
        if era == ERAS[0] and isinstance(message, ResourceUpdatedNotification):
            await subscriber.heard.put(message.params.uri)

    async with Client(server, mode=era, message_handler=note) as client:
        subscriber = Subscribed(client)
        if era == ERAS[0]:
            await subscriber.subscribe(*uris)
            yield subscriber
        else:
            async with client.listen(resource_subscriptions=uris) as stream:
                assert stream.honored.resource_subscriptions == (list(uris) or None)

                async def listen() -> None:
                    async for event in stream:
                        assert isinstance(event, ResourceUpdated)
                        await subscriber.heard.put(event.uri)

                listening = asyncio.create_task(listen())
                yield subscriber
                listening.cancel()
                await asyncio.wait([listening])


@pytest.fixture
def clock() -> WaitingClock:
    return WaitingClock()


def watching(settings: Settings, clock: WaitingClock, fresh_for: float = 30, *, pushes: bool = True) -> FamulorServer:
    return build(lambda: open_core(settings, clock), clock, fresh_for=fresh_for, pushes=pushes)


@pytest.fixture(params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


async def test_a_subscriber_is_told_of_what_it_asked_for_and_of_nothing_else(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str
) -> None:
    uris = (
        LIST,
        f"{LIST}?status=active",
        f"{LIST}/42",
        f"{LIST}/42?account=Default",
        f"{LIST}/57",
        f"{LIST}?account=no",
    )
    async with subscribed(watching(settings, clock), era, *uris) as subscriber:
        await clock.look_over()
        demo_api.change(42, name="Sales, later")
        clock.advance(30)
        assert [await subscriber.hear() for _ in range(4)] == list(uris[:4])
        await clock.look_over()
        demo_api.change(57, name="Solar, later")
        clock.advance(30)
        assert [await subscriber.hear() for _ in range(3)] == [LIST, f"{LIST}?status=active", f"{LIST}/57"]
        assert subscriber.heard.empty()


async def test_an_assistant_that_appears_or_goes_is_a_change(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str
) -> None:
    async with subscribed(watching(settings, clock), era, f"{LIST}/42") as subscriber:
        await clock.look_over()
        gone = demo_api.assistants.pop(0)
        clock.advance(30)
        assert await subscriber.hear() == f"{LIST}/42"
        await clock.look_over()
        demo_api.assistants.append(gone)
        clock.advance(30)
        assert await subscriber.hear() == f"{LIST}/42"


async def test_a_change_that_somebody_elses_call_brings_is_told_at_once(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str
) -> None:
    async with subscribed(watching(settings, clock, AGES), era, LIST) as subscriber:
        await clock.look_over()
        clock.advance(31)
        demo_api.change(42, status="inactive")
        await subscriber.client.call_tool("list_outbound_assistants")
        assert await subscriber.hear() == LIST
        assert demo_api.count() == 2


async def test_what_is_heard_can_be_read_anew(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str
) -> None:
    async with subscribed(watching(settings, clock), era, f"{LIST}/42") as subscriber:
        before = await subscriber.client.read_resource(f"{LIST}/42")
        await clock.look_over()
        demo_api.change(42, name="Sales, later")
        clock.advance(30)
        after = await subscriber.client.read_resource(await subscriber.hear())
        assert "Sales, later" not in str(before)
        assert "Sales, later" in str(after)


async def test_nothing_is_told_where_nothing_changes(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str
) -> None:
    async with subscribed(watching(settings, clock), era, LIST) as subscriber:
        for _ in range(3):
            await clock.look_over()
            clock.advance(30)
        await until(lambda: demo_api.count() == 4)
        assert subscriber.heard.empty()


async def test_looks_go_on_when_one_fails(settings: Settings, clock: WaitingClock, demo_api: DemoApi, era: str) -> None:
    demo_api.always(Unauthorized())
    async with subscribed(watching(settings, clock), era, LIST) as subscriber:
        await clock.look_over()
        demo_api.clear_faults()
        clock.advance(30)
        await clock.look_over()
        demo_api.always(Unauthorized())
        clock.advance(30)
        await clock.look_over()
        demo_api.clear_faults()
        demo_api.change(42, status="inactive")
        clock.advance(30)
        assert await subscriber.hear() == LIST
        assert demo_api.count() == 4


async def test_nobody_looks_any_more_when_nobody_listens(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi
) -> None:
    async with subscribed(watching(settings, clock), ERAS[0], LIST, f"{LIST}/42") as subscriber:
        await clock.look_over()
        await subscriber.unsubscribe(LIST, "famulor://never/asked/for")
        assert len(clock.sleepers) == 1
        await subscriber.unsubscribe(f"{LIST}/42")
        await until(lambda: not clock.sleepers)
        await subscriber.subscribe(LIST)
        await clock.look_over()
        demo_api.change(42, status="inactive")
        clock.advance(30)
        assert await subscriber.hear() == LIST


async def test_many_clients_share_the_looks_and_the_last_to_leave_ends_them(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi
) -> None:
    async with serving(watching(settings, clock)) as address:
        async with (
            subscribed(address, ERAS[0], LIST) as old,
            subscribed(address, ERAS[1], LIST) as new,
            subscribed(address, ERAS[1], f"{LIST}/42") as other,
            subscribed(address, ERAS[0], f"{LIST}/57") as unconcerned,
        ):
            async with subscribed(address, ERAS[0], LIST), subscribed(address, ERAS[1], LIST):
                pass
            await clock.look_over()
            demo_api.change(42, status="inactive")
            clock.advance(30)
            assert [await one.hear() for one in (old, new, other)] == [LIST, LIST, f"{LIST}/42"]
            assert unconcerned.heard.empty()
            assert demo_api.count() == 2
            await until(lambda: len(clock.sleepers) == 1)
        await until(lambda: not clock.sleepers)


async def test_without_sessions_the_older_era_is_promised_nothing(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi
) -> None:
    server = watching(settings, clock, pushes=False)
    async with subscribed(server, ERAS[0]) as old:
        resources = old.client.server_capabilities.resources
        assert resources is not None
        assert resources.subscribe is False
        with pytest.raises(MCPError) as refused:
            await old.subscribe(LIST)
        assert refused.value.code == METHOD_NOT_FOUND
    async with subscribed(server, ERAS[1], LIST) as new:
        await clock.look_over()
        demo_api.change(42, status="inactive")
        clock.advance(30)
        assert await new.hear() == LIST


@pytest.mark.parametrize("mode", [ERAS[0], "auto"])
async def test_what_is_promised_is_that_resources_change_and_that_lists_do_not(
    server: FamulorServer, mode: str
) -> None:
    async with Client(server, mode=mode) as client:
        offered = client.server_capabilities
        assert offered.resources is not None
        assert offered.prompts is not None
        assert offered.tools is not None
        assert offered.resources.subscribe
        assert [one.list_changed for one in (offered.tools, offered.prompts, offered.resources)] == [False] * 3


async def test_what_is_not_ours_is_taken_and_costs_no_look(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi
) -> None:
    strange = ("test://watched-resource", f"{LIST}/x", f"{LIST}?nothing=1", "ui://famulor/assistants")
    server = watching(settings, clock)
    async with subscribed(server, ERAS[0], *strange) as old:
        await old.unsubscribe(*strange)
    async with Client(server, mode=ERAS[1]) as client:
        asked = client.listen(resource_subscriptions=strange, tools_list_changed=True, prompts_list_changed=True)
        async with asked as stream:
            assert stream.honored.model_dump(exclude_none=True) == {}
    assert demo_api.count() == 0


async def test_where_nothing_is_cached_the_looks_still_leave_pauses(
    settings: Settings, clock: WaitingClock, demo_api: DemoApi
) -> None:
    async with subscribed(watching(settings, clock, fresh_for=0), ERAS[0], LIST):
        await until(lambda: bool(clock.slept))
    assert clock.slept == [10]


async def test_a_core_that_can_not_be_opened_is_no_reason_to_wait(clock: WaitingClock) -> None:
    def broken() -> AbstractAsyncContextManager[Core]:
        raise RuntimeError("canary")

    async with subscribed(build(broken, clock), ERAS[0]) as subscriber:
        with pytest.raises(MCPError, match="This server failed for a reason of its own") as error:
            await subscriber.subscribe(LIST)
        assert "canary" not in str(error.value.error)


async def test_a_client_may_not_wait_for_any_number_of_resources(settings: Settings, clock: WaitingClock) -> None:
    too_many = [f"{LIST}/{number}" for number in range(1, MOST_URIS + 2)]
    async with Client(watching(settings, clock), mode=ERAS[1]) as client:
        with pytest.raises(MCPError, match="A client may wait for 1000 resources"):
            async with client.listen(resource_subscriptions=too_many):
                pass


async def test_each_account_has_its_own_news(clock: WaitingClock) -> None:
    async with DemoApi(clock=clock) as first, DemoApi(clock=clock) as second:
        settings = from_arguments(
            Settings,
            famulor_accounts={
                "agency": {"api_key": DEMO_KEY, "base_url": first.base_url},
                "client": {"api_key": DEMO_KEY, "base_url": second.base_url},
            },
        )
        uris = (
            f"{LIST}?account=agency",
            f"{LIST}/42?account=!client",
            f"{LIST}?account=CLIENT",
            f"{LIST}/42?account=*",
        )
        async with subscribed(watching(settings, clock), ERAS[0], *uris) as subscriber:
            await clock.look_over()
            second.change(42, status="inactive")
            clock.advance(30)
            assert [await subscriber.hear() for _ in range(2)] == list(uris[2:])
            assert subscriber.heard.empty()


@asynccontextmanager
async def serving(server: FamulorServer) -> AsyncIterator[str]:
    """The server over HTTP in this process; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = server.streamable_http_app()
        http = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None, timeout_graceful_shutdown=1))
        running = asyncio.create_task(http.serve(sockets=[listener]))
        await until(lambda: http.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        finally:
            http.should_exit = True
            await running
