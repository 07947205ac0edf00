"""The programs of `famulor-bot` from start to end: told to stop they end in good order; what they can't do they say."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence

from bot.connection import connected
from bot.demo import demonstrate
from shared.errors import FamulorError, SettingsError
from shared.logs import configure_logging
from shared.runtime import open_core
from shared.settings import SlackSettings, load_settings

# Bolt reads these behind our back: with an id and a secret it switches to OAuth and drops the bot token. What it
# needs it is told.
_READ_BY_BOLT = (
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SIGNING_SECRET",
    "SLACK_VERIFICATION_TOKEN",
)
# Bolt would send even what stays on this machine through them.
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")


def run() -> int:
    """Answer in Slack until told to stop."""
    return _running(_run())


def demo(*, once: bool) -> int:
    """Show everything on this machine until told to stop, or until the first answer."""
    _forget((*_READ_BY_BOLT, *_PROXIES))
    return _running(demonstrate(once=once))


async def _run() -> None:
    settings = load_settings(SlackSettings)
    _forget(_READ_BY_BOLT)
    configure_logging(settings.log_level, settings.log_format)
    async with open_core(settings) as core, connected(settings, core):
        await asyncio.Event().wait()


def _forget(variables: Sequence[str]) -> None:
    for name in list(os.environ):
        if name.upper() in variables:
            del os.environ[name]


def _running(program: Coroutine[None, None, None]) -> int:
    """The exit status: 0, or where words on standard error say why, 2 for a setting and 1 for the rest."""
    try:
        asyncio.run(_until_told_to_stop(program))
    except FamulorError as error:
        sys.stderr.write(f"{error.explain()}\n")
        return 2 if isinstance(error, SettingsError) else 1
    return 0


async def _until_told_to_stop(program: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(program)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    telling = asyncio.create_task(told.wait())
    await asyncio.wait([task, telling], return_when=asyncio.FIRST_COMPLETED)
    # Cancelled once only: a second Ctrl-C must not cut the tidying up short.
    (telling if task.done() else task).cancel()
    await asyncio.wait([task, telling])
    if not task.cancelled():
        task.result()
