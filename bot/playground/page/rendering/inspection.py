"""What is behind a message or view: its JSON, the envelope before it, and what Slack's limits say of it."""

import functools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from bot.playground.interaction import Interaction
from bot.playground.limits import advice, problems
from bot.playground.page.rendering import mrkdwn
from bot.playground.page.rendering.drawing import as_json
from bot.playground.page.rendering.templates import drawn
from bot.playground.page.rendering.words import say
from bot.playground.views import View
from bot.playground.workspace import Message

BUILDER = "https://app.slack.com/block-kit-builder#"
# Browsers take addresses of about two million characters, the programs between them fewer.
_LONGEST_ADDRESS = 30_000


def inspected(what: Message | View, interaction: Interaction | None = None, language: str = "en") -> Markup:
    """A panel about a message or view. `interaction`: what it came of, as `came_of` has it."""
    built = for_builder(what)
    address = BUILDER + quote(json.dumps(built), safe="")
    return mrkdwn.harmless(
        drawn(
            "inspection.html",
            "inspection",
            as_json(built),
            address if len(address) <= _LONGEST_ADDRESS else "",
            as_json(interaction.envelope) if interaction and interaction.envelope else "",
            problems(what.payload),
            advice(what.payload),
            functools.partial(say, locale=language),
        )
    )


def for_builder(what: Message | View) -> Mapping[str, Any]:
    """What Slack's Block Kit Builder takes: `{"blocks": […]}` of a message, the view as it was sent of a view."""
    if isinstance(what, View):
        return what.payload
    blocks = what.blocks or [{"type": "section", "text": {"type": "mrkdwn", "text": what.text}}]
    attachments = what.payload.get("attachments")
    return {"blocks": blocks, **({"attachments": attachments} if attachments else {})}
