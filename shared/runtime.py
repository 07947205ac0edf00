"""The one place where the core is put together: settings → a running core, and what a program runs beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from shared.audit import RULES, Policy
from shared.clock import Clock, SystemClock
from shared.core import Core
from shared.famulor import Deadlines, FamulorClient
from shared.settings import Settings
from shared.source import Source
from shared.telemetry import SILENT, Telemetry
from shared.watch import Auditing, Rhythm, Watch

if TYPE_CHECKING:
    from shared.store import Store

S = TypeVar("S", bound=Settings)
S_co = TypeVar("S_co", bound=Settings, covariant=True)


@dataclass(frozen=True, slots=True)
class Runtime(Generic[S_co]):
    """What a program is made of: its settings, the core, the store, the time, and who is told of all that happens."""

    settings: S_co
    core: Core
    store: "Store"
    clock: Clock
    telemetry: Telemetry = SILENT


def watch(runtime: Runtime[Settings]) -> Watch:
    """A watch over all accounts, to be run or ticked."""
    settings = runtime.settings
    # A poll ends by itself long before another watch takes it over.
    rhythm = Rhythm(settings.watch_interval, settings.history_days, lease=60 + 2 * settings.famulor_total_timeout)
    auditing = Auditing(runtime.core.policy, runtime.store.ignores.all)
    return Watch(
        runtime.core.sources,
        runtime.store.history,
        rhythm,
        clock=runtime.clock,
        auditing=auditing,
        telemetry=runtime.telemetry,
    )


@asynccontextmanager
async def open_core(
    settings: Settings, clock: Clock | None = None, telemetry: Telemetry = SILENT
) -> AsyncIterator[Core]:
    """A core for these settings; its connections are closed at the end.

    Raises SettingsError where they name a rule or an account that there isn't.
    """
    clock = clock or SystemClock()
    policy = Policy.of(settings, RULES)
    deadlines = Deadlines(
        connect=settings.famulor_connect_timeout,
        read=settings.famulor_read_timeout,
        total=settings.famulor_total_timeout,
    )
    async with AsyncExitStack() as stack:
        sources = []
        for account in settings.accounts:
            client = FamulorClient(account, clock, deadlines, telemetry=telemetry)
            source = Source(client, fresh_for=settings.cache_seconds, clock=clock, telemetry=telemetry)
            stack.push_async_callback(source.close)
            sources.append(source)
        yield Core(sources, policy, clock)


@asynccontextmanager
async def open_runtime(
    settings: S, clock: Clock | None = None, telemetry: Telemetry = SILENT
) -> AsyncIterator[Runtime[S]]:
    """A core and a store. Raises StoreError where the database can't be used."""
    # The database libraries take longer to load than the rest of a program; the MCP server starts without them.
    from shared.store import open_store  # noqa: PLC0415

    clock = clock or SystemClock()
    url = settings.database_url.get_secret_value() if settings.database_url else None
    async with open_store(url, clock) as store, open_core(settings, clock, telemetry) as core:
        yield Runtime(settings, core, store, clock, telemetry)
