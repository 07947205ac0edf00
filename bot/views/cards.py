"""A small card of an assistant, below a link to it; pure. Everybody in the channel sees it: no prompt, no secrets."""

from bot.translation import Say
from bot.views import blocks, origins, phrases, rows
from bot.views.blocks import Block
from bot.views.escape import mrkdwn
from shared.answers import Detail


def card(found: Detail, say: Say) -> list[Block]:
    """Name, status, mode, webhook and language, from when they are, and a button for the rest."""
    assistant = found.assistant
    title = f"{phrases.symbol(assistant.status)} *{phrases.name(assistant.name, say)}* `{assistant.id}`"
    facts = [
        phrases.status(assistant.status, say),
        mrkdwn(assistant.mode, 40),
        phrases.webhook(assistant.webhook, say),
        mrkdwn(found.names.language_name(assistant), 40),
    ]
    stale = say("the data is stale") if found.origin.stale else ""
    freshness = [stale, origins.fetched([found.origin], say)]
    return [
        blocks.section(f"{title}\n{' · '.join(filter(None, facts))}", rows.details(assistant, say)),
        blocks.context(" · ".join(filter(None, freshness))),
    ]
