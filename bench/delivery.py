"""How many alerts one process delivers a second, on SQLite and on PostgreSQL: `python -m bench.delivery`.

One change is told to many channels, to each by an alert of its own, so that Slack's one message a second and channel
holds nothing up: each alert is routed, claimed, rendered, posted and written down. The floor is what no outbox can
save: as many raw `chat.postMessage` of a message that is rendered already, by a client of the same settings and as many
workers. The local Slack runs in a process of its own for all of them.
"""

import argparse
import asyncio
import itertools
import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bench import postgresql, slack
from bench.rounds import HurriedClock, Round, Way, in_turn, report
from bench.rows import Aim, Row
from bot.alerts.delivery import AT_ONCE
from bot.alerts.running import CALL_PATIENCE, alerting
from bot.playground import PERSON, TEAM, LocalSlack
from bot.translation import Say
from bot.views.alerts import Scene, alert
from bot.views.blocks import Message
from shared.alerts import Matter
from shared.demo import DEMO_KEY, DemoApi
from shared.models import Change, Kind, Severity
from shared.query import AssistantQuery
from shared.runtime import open_runtime, watch
from shared.settings import SlackSettings, from_arguments

CHANNELS = 100
FLOOR = "raw chat.postMessage"
WAYS = {"SQLite": "routed and delivered, on SQLite", "PostgreSQL": "routed and delivered, on PostgreSQL"}
AIM = Aim(0.6, "≥")


async def measured(channels: int, rounds: int) -> Mapping[str, Sequence[Round]]:
    """The rounds of each way to tell so many channels of one change."""
    clock = HurriedClock()
    async with AsyncExitStack() as stack:
        address = stack.enter_context(slack.serving(channels))
        places = slack.channels(channels)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ways = {FLOOR: Way(_floor(address, places))}
        urls = {
            "SQLite": f"sqlite:///{Path(folder, 'bench.sqlite3')}",
            "PostgreSQL": stack.enter_context(postgresql.serving()),
        }
        for name, url in urls.items():
            # One of its own: each way is told what has changed in its round, and nothing else.
            api = await stack.enter_async_context(DemoApi(clock=clock, limited=False))
            settings = from_arguments(
                SlackSettings,
                famulor_api_key=DEMO_KEY,
                famulor_base_url=api.base_url,
                database_url=url,
                slack_bot_token=LocalSlack.bot_token,
                slack_app_token=LocalSlack.app_token,
                slack_api_url=address,
            )
            ways[WAYS[name]] = await _way(stack, settings, api, places, clock)
        return await in_turn(ways, rounds, clock)


def _message() -> Message:
    """What `_way` has posted, or one like it."""
    now = datetime.now(UTC)
    change = Change(
        account="default",
        sequence=1,
        kind=Kind.OTHER,
        severity=Severity.INFO,
        assistant=42,
        name="Sales Follow-up",
        before={"timezone": "Europe/Rome"},
        after={"timezone": "Asia/Tokyo"},
        seen_at=now,
    )
    matter = Matter(
        id=42, place="", account="default", assistant=42, family="other", opened_at=now, changes=(change,), total=1
    )
    return alert(matter, Scene(), Say("en"))


def _floor(address: str, places: Sequence[str]) -> Callable[[], Awaitable[None]]:
    message = _message()

    async def post() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_PATIENCE)) as session:
            client = AsyncWebClient(LocalSlack.bot_token, base_url=address, session=session, retry_handlers=[])
            waiting = iter(places)

            async def worker() -> None:
                for place in waiting:
                    await client.chat_postMessage(channel=place, unfurl_links=False, unfurl_media=False, **message)

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


def rows(rounds: int) -> list[Row]:
    """Deliveries a second on both databases, and the processor time of this process for each of them."""
    taken = asyncio.run(measured(CHANNELS, rounds))
    floor = taken[FLOOR]
    return [
        *(
            Row(
                f"deliveries a second, on {name}",
                "/s",
                [CHANNELS / one.seconds for one in taken[way]],
                [CHANNELS / one.seconds for one in floor],
                aim=AIM,
                digits=0,
            )
            for name, way in WAYS.items()
        ),
        *(
            Row(
                f"processor time of a delivery, on {name}",
                "ms",
                [1000 * one.computed / CHANNELS for one in taken[way]],
                [1000 * one.computed / CHANNELS for one in floor],
            )
            for name, way in WAYS.items()
        ),
    ]


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--channels", type=int, default=CHANNELS, help="told in a round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="of each way (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    taken = asyncio.run(measured(options.channels, options.rounds))
    print(report(taken, options.channels, "deliveries"))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
