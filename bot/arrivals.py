"""What Slack sends → one shape for commands, mentions, messages, buttons, views, shortcuts and links; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Body = Mapping[str, Any]

_OUR_NAME = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s:,]*")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that somebody did in Slack.

    `key` is the same when Slack delivers it again, "" where nothing tells. `team` is the person's own. `place` is the
    channel, "" where there is none. `trigger` opens a modal within three seconds, `response_url` takes answers for
    half an hour, `thread` is the message that an answer belongs under; each "" where Slack gives none. `unfurl` names
    the message that has the `links`. `among_strangers`: people of other organisations are in the channel.
    """

    key: str
    user: str
    team: str
    place: str = ""
    text: str = ""
    trigger: str = ""
    response_url: str = ""
    thread: str = ""
    action: Body = field(default_factory=dict)
    view: Body = field(default_factory=dict)
    message: Body = field(default_factory=dict)
    links: Sequence[str] = ()
    unfurl: Body = field(default_factory=dict)
    among_strangers: bool = False

    @property
    def in_home(self) -> bool:
        """Whether it happened in somebody's App Home."""
        return self.view.get("type") == "home"

    @property
    def in_modal(self) -> bool:
        """Whether it happened in a modal."""
        return self.view.get("type") == "modal"


def command(body: Body) -> Arrival:
    """A slash command; `text` is what follows it."""
    return Arrival(
        key=_text(body, "trigger_id"),
        user=_text(body, "user_id"),
        team=_text(body, "team_id"),
        place=_text(body, "channel_id"),
        text=_text(body, "text"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )


def event(body: Body) -> Arrival:
    """A mention, a direct message, an opened Home or a link; `text` is without our name before it."""
    happened = _part(body, "event")
    return Arrival(
        key=_text(body, "event_id"),
        user=_text(happened, "user"),
        team=_text(happened, "user_team") or _text(happened, "team") or _text(body, "team_id"),
        place=_text(happened, "channel"),
        text=_OUR_NAME.sub("", _text(happened, "text")),
        thread=_text(happened, "thread_ts"),
        links=tuple(_text(link, "url") for link in _parts(happened, "links")),
        unfurl={name: happened[name] for name in ("unfurl_id", "source", "message_ts") if name in happened},
        view=_part(happened, "view"),
        among_strangers=body.get("is_ext_shared_channel") is True,
    )


def home(body: Body) -> Arrival:
    """Somebody opened the app's Home, also where nothing has been shown in it yet."""
    return replace(event(body), place="", view={"type": "home"})


def interaction(body: Body) -> Arrival:
    """A button, a menu, a shortcut, or a modal that was sent off; of several actions the first."""
    user, view = _part(body, "user"), _part(body, "view")
    action = next(iter(_parts(body, "actions")), {})
    happened = _text(action, "action_ts") or _text(body, "action_ts")
    return Arrival(
        key=_text(body, "trigger_id") or f"{view.get('id')}.{view.get('hash')}.{happened}",
        user=_text(user, "id"),
        team=_text(user, "team_id") or _text(_part(body, "team"), "id"),
        place=_text(_part(body, "channel"), "id") or _text(_part(body, "container"), "channel_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        # Of an ephemeral message Slack tells its place alone.
        thread=_text(_part(body, "message"), "thread_ts") or _text(_part(body, "container"), "thread_ts"),
        action=action,
        view=view,
        message=_part(body, "message"),
    )


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _part(body: Body, name: str) -> Body:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _parts(body: Body, name: str) -> Sequence[Body]:
    value = body.get(name)
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
