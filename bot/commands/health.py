"""`health`: how the bot and its way to Famulor are."""

from importlib.metadata import version

from bot.alerts.backlog import backlog
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Health, written
from bot.views.answers import Answer
from bot.views.backlog import Backlog
from bot.views.health import AppHealth
from bot.views.health import health as view
from shared.errors import StoreError


async def health(asked: Asked, desk: Desk) -> Answer:
    """Key, host, latency, rate budget and freshness of each account; store, connection and version of the app."""
    runtime, settings = desk.runtime, desk.runtime.settings
    accounts = await runtime.core.health()
    store: StoreError | None = None
    owed: Backlog | None = None
    try:
        await runtime.store.ready()
        owed = await backlog(runtime)
    except StoreError as error:
        store = error
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    app = AppHealth(
        version=version("famulor-chatops"),
        uptime=(runtime.clock.now() - desk.started).total_seconds(),
        socket_mode=settings.socket_mode,
        listening=settings.listens,
        database="PostgreSQL" if url.startswith("postgres") else "SQLite",
        store=store,
        backlog=owed,
    )
    return view(accounts, app, asked.say, written(Health(), asked.say.language))
