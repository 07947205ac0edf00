"""`settings`: what can be set for this channel and this person."""

from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Settings, written
from bot.views.answers import Answer
from bot.views.preferences import Chosen, preferences


async def settings(asked: Asked, desk: Desk) -> Answer:
    """Languages, and who may do what."""
    places = desk.runtime.store.places
    # Direct messages are one person's: what that person has chosen is enough.
    channel = asked.place if asked.place.startswith(("C", "G")) else ""
    own = await places.get(desk.place(asked.asker.user))
    of_channel = await places.get(desk.place(channel)) if channel else None
    chosen = Chosen(
        own=own.language if own else None, channel=channel, of_channel=of_channel.language if of_channel else None
    )
    return preferences(asked.asker, desk.rules, chosen, written(Settings()))
