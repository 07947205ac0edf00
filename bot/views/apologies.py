"""What is said when there is no answer."""

from bot.views import blocks
from bot.views.blocks import Message
from bot.views.escape import mrkdwn
from shared.errors import FamulorError


def problem(error: FamulorError) -> Message:
    """A failure that explains itself: what happened, whether trying again helps, what to do."""
    return blocks.notice(f"⚠️ {mrkdwn(error.explain(), 2_000)}")


def accident(reference: str) -> Message:
    """A fault of ours; the log has the rest under this reference."""
    return blocks.notice(
        "⚠️ Something went wrong here; it is not your fault. Please try again. If it happens again, tell whoever "
        f"runs this app the reference `{reference}`: it is in the app's log."
    )


def interrupted() -> Message:
    """The program is being stopped, and would not come to an answer in time."""
    return blocks.notice("⚠️ This app is being restarted. Please ask again in a minute.")
