"""A sample alert; pure."""

from bot.translation import Say
from bot.views import blocks, changes
from bot.views.before_after import before_after
from bot.views.blocks import Message
from shared.models import Change


def sample(change: Change, by: str, say: Say) -> Message:
    """What a channel is shown, marked as what it is; `by` is who asked for it."""
    mark = say("🧪 *This is a test* that <@{user}> asked for; nothing has changed. An alert looks like this:", user=by)
    headline = f"{changes.symbol(change.severity)} *{changes.severity(change.severity, say)}*: "
    sentence = changes.sentence(change, say)
    return blocks.message(
        f"{mark} {headline}{sentence}",
        [
            blocks.context(mark),
            blocks.section(f"{headline}{sentence}"),
            *before_after(change, say, prompts=False),
            blocks.context(say("End of the test.")),
        ],
    )


def sent(place: str, say: Say) -> Message:
    """It arrived."""
    return blocks.notice(say("✅ The test is posted, for {place}: alerts arrive.", place=place))
