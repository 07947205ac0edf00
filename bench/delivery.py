"""How many alerts one process delivers a second, on SQLite and on PostgreSQL: `python -m bench.delivery`.

One change is told to many channels, to each by an alert of its own, so that Slack's one message a second and channel
holds nothing up. The floor is what no outbox can save: as many raw `chat.postMessage`. The local Slack runs in the same
process, and its share is in every figure.
"""

import argparse
import asyncio
import itertools
import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bench import postgresql
from bench.rounds import HurriedClock, Round, Way, in_turn, report
from bot.alerts.delivery import AT_ONCE
from bot.alerts.running import alerting
from bot.playground import BOT_USER, PERSON, TEAM, LocalSlack
from shared.demo import DEMO_KEY, DemoApi
from shared.models import Severity
from shared.query import AssistantQuery
from shared.runtime import open_runtime, watch
from shared.settings import SlackSettings, from_arguments


async def measured(channels: int, rounds: int) -> Mapping[str, Sequence[Round]]:
    """The rounds of each way to tell so many channels of one change."""
    clock = HurriedClock()
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(DemoApi(clock=clock, limited=False))
        slack = await stack.enter_async_context(LocalSlack(clock=clock))
        names = [f"alerts-{number}" for number in range(channels)]
        places = [
            slack.workspace.add_channel(f"C0BENCH{number:03}", name, members=[BOT_USER, PERSON]).id
            for number, name in enumerate(names)
        ]
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ways = {"raw chat.postMessage": Way(_floor(slack, places))}
        for name, url in (
            ("routed and delivered, on SQLite", f"sqlite:///{Path(folder, 'bench.sqlite3')}"),
            ("routed and delivered, on PostgreSQL", stack.enter_context(postgresql.serving())),
        ):
            settings = from_arguments(
                SlackSettings,
                famulor_api_key=DEMO_KEY,
                famulor_base_url=api.base_url,
                database_url=url,
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.api_url,
            )
            ways[name] = await _way(stack, settings, api, places, clock)
        return await in_turn(ways, rounds, clock)


def _floor(slack: LocalSlack, places: Sequence[str]) -> Callable[[], Awaitable[None]]:
    async def post() -> None:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)
            waiting = iter(places)

            async def worker() -> None:
                for place in waiting:
                    await client.chat_postMessage(channel=place, text="*Sales Follow-up* `42` was switched off")

            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))

    return post


async def _way(
    stack: AsyncExitStack, settings: SlackSettings, api: DemoApi, places: Sequence[str], clock: HurriedClock
) -> Way:
    runtime = await stack.enter_async_context(open_runtime(settings, clock))
    alerts = await stack.enter_async_context(alerting(runtime))
    watched = watch(runtime)
    await watched.tick()
    for place in places:
        await runtime.store.subscriptions.add(f"{TEAM}/{place}", PERSON, AssistantQuery(), (), Severity.INFO)
    turns = itertools.count()

    async def happens() -> None:
        """Another assistant each time: what is told is a matter of its own, and no update of an older one."""
        record = api.assistants[next(turns) % len(api.assistants)]
        api.change(record["id"], timezone="Asia/Tokyo" if record["timezone"] != "Asia/Tokyo" else "Europe/Rome")
        await watched.tick()

    async def tell() -> None:
        delivered = 0
        while delivered < len(places):
            delivered += await alerts.tick()

    return Way(tell, prepare=happens)


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--channels", type=int, default=100, help="told in a round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="of each way (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    taken = asyncio.run(measured(options.channels, options.rounds))
    print(report(taken, options.channels, "deliveries"))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
