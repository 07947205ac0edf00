"""`famulor-mcp doctor`: everything that must be right for agents to be answered, one line a check with its cure."""

from collections.abc import Callable
from contextlib import closing
from functools import partial

from mcp_server.access.oauth import IssuerKeys, KeysMissing
from mcp_server.access.tokens import TokensFile
from mcp_server.streamable_http import Serving, check, listener, reason
from shared import doctor as checks
from shared.clock import Clock, SystemClock
from shared.doctor import FAMULOR, Finding, Findings, Level, ok, problem, skipped
from shared.errors import SettingsError
from shared.runtime import open_core
from shared.settings import Settings, load_settings
from shared.settings.http import HttpSettings
from shared.store import open_store

WAY_IN, CALLERS = "Way in", "Callers"


async def report(write: Callable[[str], None], serving: Serving | None = None, *, caller_keys: bool = False) -> int:
    """Writes a line for each check; the exit status: 0 all is well, 1 something is not, 2 a setting is wrong.

    `serving`: what `--http` and its options say; None: over standard input and output.
    """
    given = {"mcp_caller_keys": True} if caller_keys and serving else {}
    settings: Settings
    try:
        settings = load_settings(HttpSettings if serving else Settings, **given)
        if serving is not None and isinstance(settings, HttpSettings):
            check(serving, settings)
    except SettingsError as error:
        for line in error.problems:
            write(str(problem("Settings", line)))
        write(str(skipped("Everything else", "the settings come first")))
        return 2
    write(str(ok("Settings", "complete")))
    status = 0
    async for finding in _examined(settings, serving, SystemClock()):
        write(str(finding))
        if finding.level is Level.PROBLEM:
            status = 1
    return status


async def _examined(settings: Settings, serving: Serving | None, clock: Clock) -> Findings:
    if serving is None or not isinstance(settings, HttpSettings):
        yield ok(WAY_IN, "standard input and output, of the client that starts it")
    else:
        yield _port(serving)
        async for finding in _callers(settings, clock):
            yield finding
        if settings.mcp_caller_keys:
            yield skipped(FAMULOR, "each caller brings a key, and gets nothing of what is stored")
            return
    async with open_core(settings, clock) as core:
        async for finding in checks.famulor(core):
            yield finding
    url = settings.database_url.get_secret_value() if settings.database_url else None
    async for finding in checks.store(partial(open_store, url, clock)):
        yield finding


def _port(serving: Serving) -> Finding:
    place = f"port {serving.port} of {serving.host}"
    try:
        with closing(listener(serving.host, serving.port)):
            return ok(WAY_IN, f"HTTP at {place}, which is free")
    except OSError as error:
        return problem(
            WAY_IN,
            f"can't listen on {place} ({reason(error)}). Where this server runs there already, that is as it should "
            "be; else choose another one with --port, or another --host.",
        )


async def _callers(settings: HttpSettings, clock: Clock) -> Findings:
    """How they prove who they are, tried as far as it goes without one."""
    if settings.mcp_tokens_file is not None:
        try:
            names = TokensFile(settings.mcp_tokens_file).names
        except SettingsError as error:
            for line in error.problems:
                yield problem(CALLERS, line)
        else:
            yield ok(CALLERS, f"tokens of {len(names)}: {', '.join(names)}")
    elif settings.mcp_oauth_issuer is not None:
        try:
            keys = await IssuerKeys(settings.mcp_oauth_issuer, settings.mcp_oauth_jwks_url, clock).fetched()
        except KeysMissing as error:
            yield problem(CALLERS, f"{error} Check MCP_OAUTH_ISSUER, and that this machine reaches it.")
        else:
            yield ok(CALLERS, f"{settings.mcp_oauth_issuer} publishes {len(keys.keys)} usable keys")
    elif settings.mcp_caller_keys:
        yield ok(CALLERS, "each brings a Famulor key")
    else:
        yield ok(CALLERS, "whoever is on this machine")
