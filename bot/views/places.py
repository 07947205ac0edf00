"""Places of the store (`team/channel`) as people see them; pure."""

from bot.translation import Say

_DIRECT = ("D", "U", "W")
"""How ids of direct messages begin, and of people: what somebody does in their Home or a modal is done at their own."""


def channel_of(place: str) -> str:
    """The channel's id."""
    return place.partition("/")[2]


def name(place: str, say: Say) -> str:
    """The channel, or that it is a direct conversation; in German in the accusative, as behind “für”."""
    channel = channel_of(place)
    return say("this direct conversation") if channel.startswith(_DIRECT) else f"<#{channel}>"
