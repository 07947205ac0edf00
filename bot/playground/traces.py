"""Which interaction a message or a view came of. Slack itself does not say; these rules do.

| what the bot does | belongs to |
| --- | --- |
| answers at a `response_url`, opens or pushes a view with a `trigger_id` | the interaction that was given it |
| posts into a thread | the latest interaction in that thread, or that made or used the message at its head |
| posts into a channel | the latest interaction in that channel |
| posts a direct message | the latest interaction of that person, wherever |
| posts to one person (ephemeral) | the latest interaction of that person in that channel, or that thread |
| changes, deletes or unfurls a message | the latest interaction that used the message, else that made it |
| updates a modal | the latest interaction in that modal, else that opened it |
| publishes a Home | the latest interaction of that person, and their latest one at Home where that is another |

What belongs to none is found in the workspace alone.
"""

from bot.playground.interaction import Interaction
from bot.playground.views import View
from bot.playground.workspace import Message

Key = tuple[str, ...]


class Traces:
    """The latest interaction by everything that is looked for."""

    def __init__(self) -> None:
        self._latest: dict[Key, Interaction] = {}

    def begun(self, interaction: Interaction) -> None:
        """Somebody did something."""
        user, channel, thread = interaction.user, interaction.channel, interaction.thread_ts
        keys: list[Key] = [("user", user)]
        if interaction.at_home:
            keys.append(("home", user))
        if channel:
            keys += [("channel", channel), ("place", channel, user)]
        if thread:
            keys += [("thread", channel, thread), ("thread", channel, thread, user)]
        for key in keys:
            self._latest[key] = interaction

    def triggered(self, interaction: Interaction, trigger_id: str) -> None:
        self._latest["trigger", trigger_id] = interaction

    def latest(self, what: Message | View) -> Interaction | None:
        """The latest interaction on this message or in this view, else the one that made it."""
        return self._latest.get(_key(what))

    def latest_of(self, user: str) -> Interaction | None:
        """What this person did last of all that was brought to the bot."""
        return self._latest.get(("user", user))

    def used(self, interaction: Interaction, what: Message | View) -> None:
        """The interaction happened on this message or view, or made it."""
        self._latest[_key(what)] = interaction

    def posted(self, message: Message) -> None:
        """A new message of the bot's."""
        channel, thread, user = message.channel, message.thread_ts, message.user
        keys: list[Key]
        if user and thread:
            keys = [("thread", channel, thread, user), ("place", channel, user)]
        elif user:
            keys = [("place", channel, user)]
        elif thread:
            keys = [("thread", channel, thread), ("message", channel, thread)]
        elif channel.startswith("D"):
            keys = [("user", f"U{channel[1:]}")]
        else:
            keys = [("channel", channel)]
        interaction = next((self._latest[key] for key in keys if key in self._latest), None)
        if interaction is not None:
            self.used(interaction, message)
            interaction.add(message)

    def changed(self, message: Message) -> None:
        """A message of the bot's that is another now, or none."""
        interaction = self._latest.get(_key(message))
        if interaction is not None:
            interaction.add(message)

    def shown(self, view: View, trigger_id: str) -> None:
        """A view that was opened, pushed, updated or published."""
        if view.is_home:
            found = [self._latest.get(("user", view.user)), self._latest.get(("home", view.user))]
        else:
            found = [self._latest.get(("trigger", trigger_id)) or self._latest.get(_key(view))]
        for interaction in dict.fromkeys(found):
            if interaction is not None:
                self.used(interaction, view)
                interaction.add_view(view)


def _key(what: Message | View) -> Key:
    return ("view", what.id) if isinstance(what, View) else ("message", what.channel, what.ts)
