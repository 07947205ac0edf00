"""The App Home: what somebody sees who opens the app itself."""

from collections.abc import Sequence

from bot.alerts.backlog import backlog
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.commands.overview import overview
from bot.desk import Desk
from bot.failures import settled
from bot.replies import Home
from bot.views import backlog as views
from bot.views import homes, shells
from bot.views.answers import Answer
from bot.views.blocks import Block

NEWEST = 5
"""Changes that the Home tells of."""


async def home(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Publishes it anew."""
    await Home(desk.client, asker).show(await settled(_content(arrival, asker, desk), asker.say))


async def _content(arrival: Arrival, asker: Asker, desk: Desk) -> Answer:
    counts = await overview(desk.asked(arrival, asker, ""), desk)
    own = await desk.runtime.store.places.get(desk.place(asker.user))
    message = shells.as_message(counts, asker.say)
    return homes.home(message, asker, desk.rules, own.language if own else None, await _news(asker, desk))


async def _news(asker: Asker, desk: Desk) -> Sequence[Block]:
    runtime = desk.runtime
    found = await runtime.store.history.changes(accounts=runtime.core.accounts, limit=NEWEST)
    changes = [stored.change for stored in found]
    return [
        *views.newest(changes, asker.say, runtime.settings.page_of),
        *views.set_aside(await backlog(runtime), asker),
    ]
