"""The same few things in the same words everywhere. What comes from upstream leaves here escaped for mrkdwn."""

from datetime import datetime

from bot.views.escape import mrkdwn
from shared.models import WebhookState

_SYMBOLS = {"active": "🟢", "inactive": "⚪"}
_WEBHOOKS = {WebhookState.ON: "webhook on", WebhookState.OFF: "webhook off", WebhookState.MISSING: "no webhook"}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def count(number: int, thing: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def name(text: str, most: int = 300) -> str:
    """An assistant's name, visible also where it is blank."""
    return mrkdwn(text, most) or "(no name)"


def symbol(status: str) -> str:
    """A spot of colour beside the word, never instead of it."""
    return _SYMBOLS.get(status.casefold(), "🟡")


def status(text: str) -> str:
    """`active`, `inactive`, or whatever Famulor says."""
    return mrkdwn(text, 40) or "no status"


def webhook(state: WebhookState) -> str:
    """Whether post-call data leaves."""
    return _WEBHOOKS[state]


def moment(at: datetime) -> str:
    """A time as Slack shows it in the reader's own time zone; in UTC where nobody does that."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def age(seconds: float) -> str:
    """`40 s`, `5 min`, `3 h`, `2 days`."""
    for unit, words in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= unit:
            whole = int(seconds // unit)
            return count(whole, "day") if words == "days" else f"{whole} {words}"
    return f"{int(seconds)} s"
