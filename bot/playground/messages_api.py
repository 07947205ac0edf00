"""`chat.*`: what a bot says, changes, takes back and unfurls."""

from collections.abc import Mapping
from typing import Any

from bot.playground.limits import problems
from bot.playground.manifest import Permissions
from bot.playground.method import Answer, Arguments, Method
from bot.playground.pace import MESSAGES_A_SECOND, MESSAGES_AT_ONCE, UPDATES_A_SECOND, UPDATES_AT_ONCE, Pace
from bot.playground.passes import checked_message
from bot.playground.people import BOT_USER, TEAM
from bot.playground.refusal import SlackRefusesError
from bot.playground.traces import Traces
from bot.playground.workspace import APP, BOT, Channel, Message, Workspace
from shared.clock import Clock


class MessagesApi:
    """Writes into the workspace, and tells the interactions that it comes of."""

    def __init__(self, workspace: Workspace, permissions: Permissions, traces: Traces, clock: Clock) -> None:
        self._workspace = workspace
        self._permissions = permissions
        self._traces = traces
        self._messages = Pace(clock, at_once=MESSAGES_AT_ONCE, a_second=MESSAGES_A_SECOND)
        self._updates = Pace(clock, at_once=UPDATES_AT_ONCE, a_second=UPDATES_A_SECOND)

    def methods(self) -> dict[str, Method]:
        return {
            "chat.delete": Method(self._delete, "chat:write"),
            "chat.getPermalink": Method(self._permalink),
            "chat.postEphemeral": Method(self._post_ephemeral, "chat:write"),
            "chat.postMessage": Method(self._post, "chat:write"),
            "chat.unfurl": Method(self._unfurl, "links:write"),
            "chat.update": Method(self._update, "chat:write"),
        }

    def writable(self, arguments: Arguments, name: str = "channel") -> Channel:
        """The channel that is named, if the bot may write there.

        Raises:
            SlackRefusesError: `channel_not_found`, `is_archived`, `not_in_channel`.
        """
        channel = self._workspace.channel(str(arguments.get(name, "")))
        if channel.is_archived:
            raise SlackRefusesError("is_archived")
        if BOT_USER not in channel.members and "chat:write.public" not in self._permissions.scopes:
            raise SlackRefusesError("not_in_channel")
        return channel

    def thread(self, channel: Channel, arguments: Arguments) -> str:
        """The thread to reply in, or "".

        Raises:
            SlackRefusesError: `thread_not_found`, `cannot_reply_to_message` for a reply to a reply.
        """
        thread_ts = str(arguments.get("thread_ts") or "")
        if not thread_ts:
            return ""
        try:
            head = self._workspace.message(channel.id, thread_ts)
        except SlackRefusesError:
            raise SlackRefusesError("thread_not_found") from None
        if head.thread_ts:
            raise SlackRefusesError("cannot_reply_to_message")
        return thread_ts

    def show(self, message: Message) -> None:
        """Tells whoever waits for it of a new message."""
        self._traces.posted(message)

    def _post(self, arguments: Arguments) -> Answer:
        channel = self.writable(arguments)
        thread_ts = self.thread(channel, arguments)
        payload = checked_message(arguments)
        self._messages.check(channel.id)
        message = self._workspace.post(channel.id, payload, thread_ts=thread_ts)
        self.show(message)
        return _posted(message)

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self.writable(arguments)
        thread_ts = self.thread(channel, arguments)
        user = str(arguments.get("user", ""))
        if user not in channel.members:
            raise SlackRefusesError("user_not_in_channel")
        message = self._workspace.post(channel.id, checked_message(arguments), user=user, thread_ts=thread_ts)
        self.show(message)
        return {"message_ts": message.ts}

    def _update(self, arguments: Arguments) -> Answer:
        message = self._own(arguments, "cant_update_message")
        payload = checked_message(arguments)
        self._updates.check("chat.update")
        changed = self._workspace.replace(message, payload)
        self._traces.changed(changed)
        return _posted(changed)

    def _delete(self, arguments: Arguments) -> Answer:
        message = self._workspace.delete(self._own(arguments, "cant_delete_message"))
        self._traces.changed(message)
        return {"channel": message.channel, "ts": message.ts}

    def _permalink(self, arguments: Arguments) -> Answer:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        message = self._workspace.message(channel.id, str(arguments.get("message_ts", "")))
        link = f"https://local.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _unfurl(self, arguments: Arguments) -> Answer:
        unfurls = arguments.get("unfurls")
        if not unfurls:
            raise SlackRefusesError("missing_unfurls")
        if not isinstance(unfurls, dict) or not all(isinstance(one, dict) for one in unfurls.values()):
            raise SlackRefusesError("invalid_unfurls_format")
        found = problems({"unfurls": unfurls})
        if found:
            raise SlackRefusesError.for_problems("invalid_unfurls_format", found)
        message = self._linked(arguments)
        if not all(url in message.text and self._permissions.unfurls(url) for url in unfurls):
            raise SlackRefusesError("cannot_unfurl_url")
        attachments = [{"from_url": url, **unfurl} for url, unfurl in unfurls.items()]
        changed = self._workspace.replace(message, {**message.payload, "attachments": attachments})
        self._traces.changed(changed)
        return {}

    def _linked(self, arguments: Arguments) -> Message:
        """The message whose links are unfurled: by channel and ts, or by the event's source and unfurl_id."""
        channel, ts = str(arguments.get("channel", "")), str(arguments.get("ts", ""))
        if arguments.get("unfurl_id"):
            channel, _, ts = str(arguments["unfurl_id"]).partition(".")
        try:
            return self._workspace.message(channel, ts)
        except SlackRefusesError:
            raise SlackRefusesError("cannot_find_message") from None

    def _own(self, arguments: Arguments, refusal: str) -> Message:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        message = self._workspace.message(channel.id, str(arguments.get("ts", "")))
        if message.author != BOT_USER:
            raise SlackRefusesError(refusal)
        return message


def _posted(message: Message) -> Answer:
    shown: Mapping[str, Any] = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "team": TEAM,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}
