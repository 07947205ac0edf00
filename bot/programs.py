"""The programs of `famulor-bot` from start to end: told to stop they end in good order; what they can't do they say."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import cast

from bot import doctor as checks
from bot.alerts.running import alerting
from bot.connection import connected
from bot.demo import demonstrate
from bot.doctor.surroundings import PROXIES, READ_BY_BOLT
from bot.parts import Part
from shared.errors import FamulorError, SettingsError
from shared.garbage import settle
from shared.logs import configure_logging
from shared.metrics import counting
from shared.runtime import Runtime, open_runtime, watch
from shared.settings import PostingSettings, Settings, SlackSettings, load_settings
from shared.telemetry import Telemetry
from shared.tracing import tracing


def run(parts: Collection[Part]) -> int:
    """Answer in Slack, watch the accounts, deliver alerts, or some of that, until told to stop."""
    return _running(_run(parts))


def doctor() -> int:
    """Say how everything is that the app needs."""
    return _running(_examine())


def demo(*, once: bool, browser: bool) -> int:
    """Show everything on this machine until told to stop, or until the first answer.

    `browser`: the page is opened in one, where somebody would see it.
    """
    browser = browser and not once and opens_browser(os.environ, sys.platform, is_terminal=sys.stdout.isatty())
    # A proxy would get even what stays on this machine.
    _forget((*READ_BY_BOLT, *PROXIES))
    return _running(demonstrate(once=once, browser=browser))


def opens_browser(environment: Mapping[str, str], platform: str, *, is_terminal: bool) -> bool:
    """Whether somebody sits at this machine who would see a browser window, not a browser inside of their terminal.

    `platform`: as `sys.platform` has it.
    """
    if not is_terminal or any(name in environment for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return False
    has_windows = platform in {"darwin", "win32"}
    return has_windows or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


async def _run(parts: Collection[Part]) -> int:
    settings = load_settings(_needed_for(parts))
    environment = dict(os.environ)
    _forget(READ_BY_BOLT)
    configure_logging(settings.log_level, settings.log_format)
    with (
        tracing("famulor-bot", environment),
        counting(settings.metrics_host, settings.metrics_port) as telemetry,
    ):
        return await _work(parts, settings, environment, telemetry)


async def _work(
    parts: Collection[Part], settings: Settings, environment: Mapping[str, str], telemetry: Telemetry
) -> int:
    async with open_runtime(settings, telemetry=telemetry) as runtime, AsyncExitStack() as stack:
        work: list[Callable[[], Coroutine[None, None, None]]] = [_for_ever]
        if Part.SLACK in parts:
            slack = cast("Runtime[SlackSettings]", runtime)
            await stack.enter_async_context(connected(slack))
            # It answers already; what is found is logged.
            work.append(partial(checks.warn, slack, environment))
        if Part.DELIVER in parts:
            alerts = await stack.enter_async_context(alerting(cast("Runtime[PostingSettings]", runtime)))
            work.append(alerts.run)
        if Part.WATCH in parts:
            work.append(watch(runtime).run)
        # What a start has made stays: looking through it for garbage would slow each large answer down.
        gc.collect()
        settle()
        # What breaks ends the program: one that lives on and watches no more would be believed.
        async with asyncio.TaskGroup() as group:
            for part in work:
                group.create_task(part())
    return 0


def _needed_for(parts: Collection[Part]) -> type[Settings]:
    """The settings without which these parts can't start."""
    if Part.SLACK in parts:
        return SlackSettings
    return PostingSettings if Part.DELIVER in parts else Settings


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def _examine() -> int:
    configure_logging("ERROR", "console")
    return await checks.report(_say, os.environ)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    # Each as soon as it is known, also into a pipe.
    sys.stdout.flush()


def _forget(variables: Sequence[str]) -> None:
    unwanted = {name.upper() for name in variables}
    for name in list(os.environ):
        if name.upper() in unwanted:
            del os.environ[name]


def _running(program: Coroutine[None, None, int]) -> int:
    """The exit status: the program's, or where words on standard error say why, 2 for a setting and 1 for the rest."""
    try:
        return asyncio.run(_until_told_to_stop(program))
    except FamulorError as error:
        sys.stderr.write(f"{error.explain()}\n")
        return 2 if isinstance(error, SettingsError) else 1


async def _until_told_to_stop(program: Coroutine[None, None, int]) -> int:
    task = asyncio.create_task(program)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    telling = asyncio.create_task(told.wait())
    await asyncio.wait([task, telling], return_when=asyncio.FIRST_COMPLETED)
    # Cancelled once only: a second Ctrl-C must not cut the tidying up short.
    (telling if task.done() else task).cancel()
    await asyncio.wait([task, telling])
    return 0 if task.cancelled() else task.result()
