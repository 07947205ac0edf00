"""What Slack's Events API sends to a bot, complete: pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.playground.payloads import VERIFICATION_TOKEN
from bot.playground.people import TEAM, User
from bot.playground.workspace import APP, BOT_USER, Channel, Message

Event = dict[str, Any]

URL = re.compile(r"https?://[^\s<>|]+")


def callback(event: Mapping[str, Any], number: int, at: datetime, *, is_shared: bool) -> Event:
    """The event in what Slack puts around it. `number` makes its id; `is_shared`: of a channel with another team."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:09d}",
        "event_time": int(at.timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared,
        "event_context": f"4-{event['type']}-{number}",
    }


def app_mention(message: Message, author: User) -> Event:
    """Somebody said the app's name in a channel."""
    return {**_said(message, author), "type": "app_mention"}


def said(message: Message, author: User, channel: Channel) -> Event:
    """A message; in direct messages with the app, whatever is said."""
    kind = {"im": "im", "groups": "group"}.get(channel.kind, "channel")
    return {**_said(message, author), "type": "message", "channel_type": kind}


def app_home_opened(author: User, channel: Channel, tab: str, at: datetime, view: Mapping[str, Any] | None) -> Event:
    """Somebody looks at the app. `view`: their Home, where it was published before."""
    return {
        "type": "app_home_opened",
        "user": author.id,
        "channel": channel.id,
        "tab": tab,
        **({"view": view} if view is not None and tab == "home" else {}),
        "event_ts": f"{at.timestamp():.6f}",
    }


def link_shared(message: Message, author: User, urls: Sequence[str], *, is_member: bool) -> Event:
    """Links to what the app knows about are in a message. `is_member`: the app is in the channel."""
    return {
        "type": "link_shared",
        "user": author.id,
        "channel": message.channel,
        "message_ts": message.ts,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "is_bot_user_member": is_member,
        "unfurl_id": unfurl_id(message),
        "source": "conversations_history",
        "links": [{"url": url, "domain": urlsplit(url).hostname} for url in urls],
        "event_ts": message.ts,
    }


def unfurl_id(message: Message) -> str:
    """What `chat.unfurl` may name the message by."""
    return f"{message.channel}.{message.ts}"


def links(text: str) -> list[str]:
    """The web addresses in a text, each once."""
    return list(dict.fromkeys(URL.findall(text)))


def _said(message: Message, author: User) -> Event:
    # Slack tells of the author's team only where it is another one.
    elsewhere = {"user_team": author.team_id, "source_team": author.team_id} if author.is_outsider else {}
    text = {"type": "text", "text": message.text}
    return {
        "client_msg_id": f"{message.channel}-{message.ts}",
        "text": message.text,
        "user": author.id,
        "ts": message.ts,
        "team": TEAM,
        **elsewhere,
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "said",
                "elements": [{"type": "rich_text_section", "elements": [text]}],
            }
        ],
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "channel": message.channel,
        "event_ts": message.ts,
    }
