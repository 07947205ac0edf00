"""A local Slack that never limits, in a process of its own, so that its work is in nobody's figures."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.playground import BOT_USER, PERSON, LocalSlack
from shared.clock import SystemClock

HURRY = 3600.0
"""Seconds from one look at the clock to the next: no bucket of a rate limit is ever empty."""


def channels(count: int) -> list[str]:
    """The ids of that many channels, which `serving` makes."""
    return [f"C0BENCH{number:04}" for number in range(count)]


@contextmanager
def serving(count: int) -> Iterator[str]:
    """The `base_url` of its Web API, as long as the context lasts; the bot is in each of the `channels`."""
    command = (sys.executable, "-m", "bench.slack", str(count))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 # this module itself
        assert process.stdin is not None  # noqa: S101 # asked for above
        assert process.stdout is not None  # noqa: S101 # the same
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()  # it ends with its input


class _Hurried(SystemClock):
    def __init__(self) -> None:
        self._looks = 0

    def monotonic(self) -> float:
        self._looks += 1
        return super().monotonic() + HURRY * self._looks


async def _serve(names: Sequence[str]) -> None:
    async with LocalSlack(clock=_Hurried()) as slack:
        for name in names:
            slack.workspace.add_channel(name, name.lower(), members=[BOT_USER, PERSON])
        print(slack.api_url, flush=True)  # noqa: T201 # who started it reads it
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(channels(int(sys.argv[1]))))
