"""What people say in the local Slack: commands, mentions, messages, links; and that they look at the app's Home."""

from typing import Any

from bot.playground import events, payloads
from bot.playground.backstage import Backstage
from bot.playground.interaction import Interaction
from bot.playground.people import BOT_USER, PERSON
from bot.playground.workspace import GENERAL, Channel, Message


class Speaking(Backstage):
    """Each returns when the bot has acknowledged it, or has failed to: `interaction.error` says how.

    What is not brought to the bot at all, as the manifest doesn't ask for it, is "not_subscribed".
    """

    async def type_command(self, text: str, *, user: str = PERSON, channel: str = GENERAL) -> Interaction:
        """Types a command such as "/assistants outbound active", and waits until it is acknowledged.

        Raises:
            ValueError: the text is not a command.
        """
        if not text.startswith("/"):
            raise ValueError(f"A command begins with a slash: {text!r}")
        interaction = Interaction(text, user=user, channel=channel)
        circumstances = self._circumstances(interaction, self.workspace.channels[channel])
        payload = payloads.slash_command(text, circumstances)
        if not self._permissions.allow_command(payload["command"]):
            interaction.failed_because = "unknown_command"
            return interaction
        return await self._send("slash_commands", payload, interaction, answerable=True)

    async def mention(
        self, text: str, *, user: str = PERSON, channel: str = GENERAL, thread_ts: str = ""
    ) -> Interaction:
        """Says "@Famulor …" in a channel, or in a thread there; the text is without the name."""
        message = self._said(f"<@{BOT_USER}> {text}", user, channel, thread_ts)
        event = events.app_mention(message, self.workspace.users[user])
        return await self._happened("app_mention", event, self._talk(text, message), self._place(message))

    async def say(self, text: str, *, user: str = PERSON, channel: str = "", thread_ts: str = "") -> Interaction:
        """Says something in a direct message to the bot, or in a channel."""
        place = self.workspace.channels[channel] if channel else self.workspace.direct_channel(user)
        message = self._said(text, user, place.id, thread_ts)
        interaction = self._talk(text, message)
        if place.is_direct and not self._permissions.messages_tab:
            interaction.failed_because = "messages_tab_disabled"
            return interaction
        event = events.said(message, self.workspace.users[user], place)
        return await self._happened(f"message.{place.kind}", event, interaction, place)

    async def share_link(
        self, url: str, user: str = PERSON, channel: str = GENERAL, *, thread_ts: str = ""
    ) -> Interaction:
        """Says something with links in it, or a link alone. The bot hears of those that the manifest names."""
        message = self._said(url, user, channel, thread_ts)
        interaction = self._talk(url, message)
        urls = self.unfurled(url)
        if not urls:
            interaction.failed_because = "no_unfurl_domain"
            return interaction
        self._traces.used(interaction, message)
        place = self._place(message)
        author, is_member = self.workspace.users[user], BOT_USER in place.members
        event = events.link_shared(message, author, urls, is_member=is_member)
        return await self._happened("link_shared", event, interaction, place)

    def unfurled(self, text: str) -> list[str]:
        """The links in a text that the manifest names, of which the bot is told."""
        return [link for link in events.links(text) if self._permissions.unfurls(link)]

    async def open_home(self, user: str = PERSON, *, tab: str = "home") -> Interaction:
        """Looks at the app; `tab` is "home" or "messages"."""
        place = self.workspace.direct_channel(user)
        interaction = Interaction("app_home_opened", user=user, at_home=True)
        home = self.views.homes.get(user)
        view = home.as_slack(self.state(home)) if home else None
        event = events.app_home_opened(self.workspace.users[user], place, tab, self._clock.now(), view)
        return await self._happened("app_home_opened", event, interaction, None)

    async def redeliver(self, interaction: Interaction) -> Interaction:
        """Sends the same envelope again, as Slack does when it is not sure that it arrived."""
        again = interaction.envelope.get("retry_attempt", 0) + 1
        interaction.envelope = {**interaction.envelope, "retry_attempt": again, "retry_reason": "timeout"}
        return await self._dispatch.deliver(interaction)

    async def _happened(
        self, name: str, event: dict[str, Any], interaction: Interaction, place: Channel | None
    ) -> Interaction:
        interaction.failed_because = self._permissions.why_no_event(name)
        # Of what is said in a channel, an app hears only in those that it is in; links are told of everywhere.
        if place is not None and BOT_USER not in place.members and name != "link_shared":
            interaction.failed_because = interaction.failed_because or "not_in_channel"
        if interaction.failed_because:
            return interaction
        is_shared = place is not None and self.workspace.is_shared(place)
        payload = events.callback(event, next(self._numbers), self._clock.now(), is_shared=is_shared)
        return await self._send("events_api", payload, interaction)

    def _said(self, text: str, user: str, channel: str, thread_ts: str) -> Message:
        return self.workspace.post(channel, {"text": text}, author=user, thread_ts=thread_ts)

    def _place(self, message: Message) -> Channel:
        return self.workspace.channels[message.channel]

    def _talk(self, text: str, message: Message) -> Interaction:
        thread_ts = message.thread_ts or message.ts
        return Interaction(text, user=message.author, channel=message.channel, thread_ts=thread_ts)
