"""All assistants at a glance, what needs attention, and what to type next; pure."""

from collections.abc import Mapping, Sequence

from bot.asking import Asker
from bot.grammar import Listing, written
from bot.translation import Say
from bot.views import blocks, origins, phrases, rows, state
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn, plain
from bot.views.rows import PageOf
from bot.words import COMMAND, VERBS, Verb
from shared.answers import Summary
from shared.attention import Attention, Concern
from shared.models import Assistant
from shared.query import AssistantQuery, Choice, Sort

ATTENTION = 5
"""Of many assistants that somebody should look at, the first are named."""
_VALUES, _NAMES = 8, 5


def overview(summary: Summary, newest: Sequence[Assistant], asker: Asker, page_of: PageOf) -> Message:
    """Counts, concerns and buttons; `newest`: the assistants that were changed last."""
    say = asker.say
    headline = (
        say.count(summary.of, "{number} outbound assistant", "{number} outbound assistants")
        if summary.of
        else say("There are no outbound assistants")
    )
    concerns = origins.concerns(summary.origins, say)
    attention = [one for one in summary.attention if one.assistant is not None]
    looked_at = _headline_of(attention, say)
    counts = _counts(summary, say)
    return blocks.message(
        ". ".join([headline, *counts, *([looked_at] if attention else []), *concerns]),
        [
            blocks.header(plain(headline)),
            *map(blocks.section, counts),
            *map(blocks.section, concerns),
            blocks.section(f"*{looked_at}*"),
            *_attention(attention, asker, page_of),
            *_newest(newest, say, page_of),
            *_next(summary, say),
            blocks.context(origins.fetched(summary.origins, say)),
        ],
    )


def _counts(summary: Summary, say: Say) -> list[str]:
    if not summary.of:
        return [say("As soon as somebody creates one in Famulor, it is listed here.")]
    statuses = {
        f"{phrases.symbol(status)} {phrases.status(status, say)}": number for status, number in summary.statuses.items()
    }
    modes = {mrkdwn(mode, 40) or say("no mode"): number for mode, number in summary.modes.items()}
    return [
        say("*Status:* {counts}", counts=_counted(statuses, say)),
        say("*Mode:* {counts}", counts=_counted(modes, say)),
    ]


def _counted(numbers: Mapping[str, int], say: Say) -> str:
    parts = [f"{word} {say.number(number)}" for word, number in numbers.items()]
    hidden = len(parts) - _VALUES
    more = [say("and {number} more", number=say.number(hidden))] if hidden > 0 else []
    return " · ".join([*parts[:_VALUES], *more])


def _headline_of(attention: Sequence[Attention], say: Say) -> str:
    if not attention:
        return say("Nothing needs attention")
    return say.count(len(attention), "{number} thing needs attention", "{number} things need attention")


def _attention(attention: Sequence[Attention], asker: Asker, page_of: PageOf) -> list[Block]:
    """One line each. An assistant with several concerns has one button: ids are unique in a message."""
    say = asker.say
    buttons: set[tuple[str, int]] = set()
    found: list[Block] = []
    for one in attention[:ATTENTION]:
        assistant = one.assistant
        assert assistant is not None  # noqa: S101 # only those are handed in
        key = (assistant.account, assistant.id)
        address = page_of(*key)
        title = f"{phrases.title(assistant, say, address)} · {phrases.status(assistant.status, say)}"
        button = None if key in buttons else rows.details(assistant, say)
        buttons.add(key)
        found.append(blocks.section(f"{title}\n{_concern(one, asker)}", button))
    hidden = len(attention) - ATTENTION
    if hidden > 0:
        found.append(blocks.context(say("and {number} more", number=say.number(hidden))))
    return found


def _concern(one: Attention, asker: Asker) -> str:
    say, names = asker.say, _names(one.variables, asker)
    return {
        Concern.NO_PROMPT: say("has no prompt"),
        Concern.NO_GREETING: say("has no greeting"),
        Concern.WEBHOOK_WITHOUT_URL: say("its webhook is switched on, but has no URL"),
        Concern.UNKNOWN_VARIABLES: say("uses system variables that don't exist{names}", names=names),
        Concern.UNDECLARED_VARIABLES: say("uses variables that it doesn't declare{names}", names=names),
    }.get(one.concern, code(one.concern))


def _names(variables: Sequence[str], asker: Asker) -> str:
    """`: a, b`; nothing for who doesn't see prompts, as they stand in these."""
    if not asker.sees_prompts or not variables:
        return ""
    shown = [code(name, 40) for name in variables]
    hidden = len(shown) - _NAMES
    more = [asker.say("and {number} more", number=asker.say.number(hidden))] if hidden > 0 else []
    return f": {', '.join([*shown[:_NAMES], *more])}"


def _newest(newest: Sequence[Assistant], say: Say, page_of: PageOf) -> list[Block]:
    lines = [
        f"{phrases.title(one, say, page_of(one.account, one.id), 100)} · {phrases.status(one.status, say)}"
        f" · {phrases.moment(one.updated_at)}"
        for one in newest
        if one.updated_at is not None
    ]
    return [blocks.section("\n".join([say("*Changed last*"), *lines]))] if lines else []


def _next(summary: Summary, say: Say) -> list[Block]:
    """What to type next, as buttons that do it."""
    every = AssistantQuery()
    statuses = [status for status in summary.statuses if status.strip()][:3]
    texts = [
        written(Listing(every), say.language),
        *(written(Listing(AssistantQuery(status=Choice(include=(status,)))), say.language) for status in statuses),
        written(Listing(AssistantQuery(sort=Sort.parse("-updated"))), say.language),
        VERBS[Verb.HELP].word(say.language),
    ]
    buttons = [
        blocks.button(plain(text, blocks.BUTTON_LIMIT), state.action_id(state.RUN, number), text)
        for number, text in enumerate(texts, 1)
        if len(text) <= state.VALUE_LIMIT
    ]
    invitation = say("What to type next after {command}; a button does the same:", command=f"`{COMMAND}`")
    return [blocks.section(invitation), blocks.actions(buttons)]
