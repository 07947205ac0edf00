"""The App Home: the overview, what may be set and what one may do; pure."""

from collections.abc import Sequence

from bot.access import Rules
from bot.asking import Asker
from bot.views import blocks, state
from bot.views.blocks import Block, Message
from bot.views.preferences import language_menu, rights_of


def home(
    overview: Message, asker: Asker, rules: Rules, own_language: str | None, news: Sequence[Block] = ()
) -> Message:
    """The Home of this person; `overview` is what they would be answered who type nothing, `news` what has changed."""
    say = asker.say
    return blocks.message(
        overview["text"],
        [
            *overview["blocks"],
            *news,
            blocks.divider(),
            blocks.section(
                say("*Health*: key, host and freshness of each account"),
                blocks.button(say("Show health"), state.action_id(state.OPEN, "health"), "health"),
            ),
            language_menu(say, asker.user, own_language, say("*Language* of the answers that you get")),
            blocks.section("\n".join([say("*What you may do*"), *rights_of(asker, rules)])),
        ],
    )
