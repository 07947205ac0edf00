"""How it goes with what is owed: for the health and the Home."""

from bot.views.backlog import Backlog
from shared.runtime import Runtime
from shared.settings import Settings

SHOWN = 5
"""Of the deliveries that are set aside."""


async def backlog(runtime: Runtime[Settings]) -> Backlog:
    """As it is now. Raises StoreError."""
    outbox = runtime.store.outbox
    return Backlog(
        owed=await outbox.depth(),
        oldest=await outbox.oldest_due(),
        aside=await outbox.aside(limit=SHOWN + 1),
        last_poll=await runtime.store.history.last_poll(runtime.core.accounts),
    )
