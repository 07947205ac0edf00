"""Starting and stopping."""

import asyncio
import socket

import httpx
import pytest

from shared.demo import DemoApi, faults
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"


async def test_it_listens_on_loopback_only_until_it_is_stopped() -> None:
    api = DemoApi()
    await api.start()
    host, port = api.base_url.removeprefix("http://").split(":")
    assert host == "127.0.0.1"
    socket.create_connection((host, int(port))).close()
    await api.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


async def test_it_can_be_started_on_a_port_of_ones_choice_and_again_after_it_was_stopped() -> None:
    api = DemoApi()
    await api.start()
    first = api.base_url
    await api.stop()
    await api.start(int(first.rpartition(":")[2]))
    assert api.base_url == first
    await api.stop()


async def test_a_port_that_is_taken_is_an_error_and_nothing_is_left_running() -> None:
    async with DemoApi() as first:
        second = DemoApi()
        with pytest.raises(OSError, match="in use"):
            await second.start(int(first.base_url.rpartition(":")[2]))
        with pytest.raises(RuntimeError, match="not been started"):
            _ = second.base_url


async def test_stopping_twice_or_before_the_start_does_no_harm() -> None:
    api = DemoApi()
    await api.stop()
    await api.start()
    await api.stop()
    await api.stop()


@pytest.mark.parametrize("fault", [faults.Hang(), faults.Latency(60), faults.Drip(60)])
async def test_stopping_drops_requests_that_are_still_open(fault: faults.Fault) -> None:
    api = DemoApi()
    await api.start()
    api.always(fault, path=OUTBOUND)
    async with httpx.AsyncClient(base_url=api.base_url) as client:
        asking = asyncio.create_task(client.get(OUTBOUND))
        await client.get("/api/user/me")
        assert api.count() == 1
        async with asyncio.timeout(2):
            await api.stop()
        with pytest.raises(httpx.TransportError):
            await asking
    assert asyncio.all_tasks() == {asyncio.current_task()}


class ThirdSleepNeverEnds(ManualClock):
    """Stops whoever sleeps in a loop, and says that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if len(self.slept) == 3:
            self.reached.set()
            await asyncio.Event().wait()


async def test_the_script_steps_by_the_clock_until_it_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    clock = ThirdSleepNeverEnds()
    api = DemoApi(clock=clock)
    with caplog.at_level("INFO", logger="shared.demo"):
        running = asyncio.create_task(api.run_script(every=30))
        await clock.reached.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert clock.slept == [30, 30, 30]
    assert caplog.messages == [
        "Sales Follow-up was switched off.",
        "A line was added to the prompt of Solar-Erstberatung.",
    ]
    assert api.assistants[0]["updated_at"] == "2026-03-01T12:00:30.000000Z"
