import asyncio
import socket

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck

from bot.playground import LocalSlack
from tests.bot.playground.bots import RunBot


async def test_it_listens_on_loopback_only() -> None:
    async with LocalSlack() as slack:
        assert slack.url.startswith("http://127.0.0.1:")
        assert slack.api_url == f"{slack.url}api/"
        port = int(slack.url.split(":")[2].strip("/"))
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect(("127.0.0.2", port))


async def test_it_takes_the_port_that_it_is_given() -> None:
    async with LocalSlack() as first:
        port = int(first.url.split(":")[2].strip("/"))
    second = LocalSlack()
    await second.start(port)
    assert second.url == first.url
    await second.stop()


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_behind() -> None:
    async with LocalSlack() as first:
        second = LocalSlack()
        with pytest.raises(OSError, match="address already in use"):
            await second.start(int(first.url.split(":")[2].strip("/")))
        await second.stop()


async def test_it_may_be_stopped_before_it_started_and_again() -> None:
    slack = LocalSlack()
    await slack.stop()
    await slack.start()
    await slack.stop()
    await slack.stop()


async def test_stopping_does_not_wait_for_what_is_still_being_answered(
    http: aiohttp.ClientSession, run_bot: RunBot
) -> None:
    slack = LocalSlack()
    await slack.start()
    arrived = asyncio.Event()

    async def never(ack: AsyncAck) -> None:
        arrived.set()
        await ack()

    handler = await run_bot(slack, lambda app: app.command("/assistants")(never))
    typing = asyncio.create_task(http.post(f"{slack.url}type", data="/assistants"))
    await arrived.wait()
    await handler.close_async()  # type: ignore[no-untyped-call]
    before = asyncio.get_running_loop().time()
    await slack.stop()
    assert asyncio.get_running_loop().time() - before < 2
    with pytest.raises(aiohttp.ClientConnectionError):
        await typing
    assert [task for task in asyncio.all_tasks() if "playground" in repr(task.get_coro())] == []
