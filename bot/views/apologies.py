"""What is said when there is no answer."""

from bot.translation import Say
from bot.views import blocks, guide
from bot.views.blocks import Message
from bot.views.escape import mrkdwn
from shared.errors import AssistantUnknown, FamulorError


def problem(error: FamulorError, say: Say) -> Message:
    """A failure that explains itself: what happened, whether trying again helps, what to do."""
    if isinstance(error, AssistantUnknown):
        return guide.candidates(error, say)
    return blocks.notice(f"⚠️ {mrkdwn(say.error(error), 2_000)}")


def accident(reference: str, say: Say) -> Message:
    """A fault of ours; the log has the rest under this reference."""
    return blocks.notice(
        say(
            "⚠️ Something went wrong here; it is not your fault. Please try again. If it happens again, tell whoever "
            "runs this app the reference `{reference}`: it is in the app's log.",
            reference=reference,
        )
    )


def interrupted(say: Say) -> Message:
    """The program is being stopped, and would not come to an answer in time."""
    return blocks.notice(say("⚠️ This app is being restarted. Please ask again in a minute."))


def outdated(say: Say) -> Message:
    """A button that this version does not know."""
    return blocks.notice(say("This button is of another version of this app. Please ask again for a new one."))


def busy() -> Message:
    """Too much is under way to even ask who this is and what they speak."""
    return blocks.notice(
        "⏳ Too many people are asking at once; please try again in a moment.\n"
        "Gerade fragen zu viele auf einmal; bitte gleich noch einmal versuchen."
    )
