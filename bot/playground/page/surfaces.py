"""What the bot shows, drawn by `rendering`: the content of a message, a modal or a Home, and what is behind it."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.playground.gestures import Gestures
from bot.playground.page.rendering import Surface, inspected, rendered, rendered_attachments, rendered_text
from bot.playground.page.stage import Stage
from bot.playground.page.state import Tab
from bot.playground.views import View
from bot.playground.workspace import Message


def surface(
    stage: Stage, shown: Message | View, tab: Tab, *, key: str, errors: Mapping[str, str] | None = None
) -> Surface:
    """Where it stands. `key` makes its ids unique in the page; `errors`: what is wrong with its fields, by block_id."""
    slack = stage.slack
    return Surface(
        tab.user,
        slack.workspace,
        slack.state(shown),
        "message" if isinstance(shown, Message) else "home" if shown.is_home else "modal",
        stage.clock.now(),
        key=key,
        errors=errors or {},
        offered=slack.offered,
    )


def content(shown: Message | View, on: Surface) -> Markup:
    """The blocks of it, or the text of a message without any, and what is attached to that."""
    if isinstance(shown, View):
        return rendered(shown.payload.get("blocks") or [], on)
    said = rendered(shown.blocks, on) if shown.blocks else rendered_text(shown.text, on)
    return said + rendered_attachments(list(shown.payload.get("attachments") or []), on)


def behind(slack: Gestures, shown: Message | View, on: Surface) -> Markup:
    """The JSON of it, and of what the bot had been told before."""
    return inspected(shown, slack.came_of(shown), on.user.locale[:2])
