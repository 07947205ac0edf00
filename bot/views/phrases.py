"""The same few things in the same words everywhere. What comes from upstream leaves here escaped for mrkdwn."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.translation import Say
from bot.views.escape import entities, mrkdwn
from bot.words import STATUSES
from shared.models import Assistant, WebhookState

_SYMBOLS = {"active": "🟢", "inactive": "⚪"}
LONGEST_ADDRESS = 200
"""Characters of an address that a text of ours may spend on a link."""


def name(text: str, say: Say, most: int = 300) -> str:
    """An assistant's name, visible also where it is blank."""
    return mrkdwn(text, most) or say("(no name)")


def title(assistant: Assistant, say: Say, address: str, most: int = 150) -> str:
    """`🟢 *Name* 42`: the name links to its page at `address`. The colour's word has to stand beside it."""
    shown = linked(name(assistant.name, say, most), address)
    return f"{symbol(assistant.status)} *{shown}* `{assistant.id}`"


def linked(shown: str, address: str) -> str:
    """What is shown (escaped already), as a link where there is an address of reasonable length."""
    if not address or len(address) > LONGEST_ADDRESS:
        return shown
    return f"<{entities(address).replace('|', '%7C')}|{shown}>"


def symbol(status: str) -> str:
    """A spot of colour beside the word, never instead of it."""
    return _SYMBOLS.get(status.casefold(), "🟡")


def status(text: str, say: Say) -> str:
    """`active`, `inactive`, or whatever Famulor says."""
    known = STATUSES.get(text.casefold())
    return known(say.language) if known else mrkdwn(text, 40) or say("no status")


def webhook(state: WebhookState, say: Say) -> str:
    """Whether post-call data leaves."""
    match state:
        case WebhookState.ON:
            return say("webhook on")
        case WebhookState.OFF:
            return say("webhook off")
        case WebhookState.MISSING:
            return say("no webhook")


def moment(at: datetime) -> str:
    """A time as Slack shows it in the reader's own time zone; in UTC where nobody does that."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def sentences(parts: Iterable[str]) -> str:
    """The parts as one text to be read aloud, each ending as a sentence does."""
    return " ".join(part if part.endswith((".", ":", "!", "?")) else f"{part}." for part in parts if part)


def listed(parts: Sequence[str], most: int, say: Say) -> str:
    """The first few of them, and how many more there are."""
    hidden = len(parts) - most
    return "; ".join([*parts[:most], *([say("and {number} more", number=say.number(hidden))] if hidden > 0 else [])])
