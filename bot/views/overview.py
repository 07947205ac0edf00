"""All assistants at a glance, what is wrong with them, and what to type next; pure."""

from collections.abc import Mapping, Sequence

from bot.asking import Asker
from bot.grammar import Audit, Listing, written
from bot.translation import Say
from bot.views import blocks, findings, origins, phrases, state
from bot.views.blocks import Block, Message
from bot.views.escape import mrkdwn, plain
from bot.views.rows import PageOf
from bot.words import COMMAND, VERBS, Verb
from shared.answers import Summary
from shared.audit.paging import FindingQuery
from shared.models import Assistant
from shared.query import AssistantQuery, Choice, Sort

FINDINGS = 5
"""Of all that is wrong, the worst is told."""
_VALUES = 8


def overview(summary: Summary, newest: Sequence[Assistant], asker: Asker, page_of: PageOf) -> Message:
    """Counts, what is wrong, and buttons; `newest`: the assistants that were changed last."""
    say, audit = asker.say, summary.audit
    headline = (
        say.count(summary.of, "{number} outbound assistant", "{number} outbound assistants")
        if summary.of
        else say("There are no outbound assistants")
    )
    concerns = origins.concerns(summary.origins, say)
    score = f"{findings.score(audit, say)} · {findings.counted(audit, say)}"
    counts = _counts(summary, say)
    return blocks.message(
        ". ".join([headline, *counts, *([score] if audit.assistants else []), *concerns]),
        [
            blocks.header(plain(headline)),
            *map(blocks.section, counts),
            *map(blocks.section, concerns),
            *(_findings(summary, f"*{score}*", asker, page_of) if audit.assistants else []),
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


def _findings(summary: Summary, score: str, asker: Asker, page_of: PageOf) -> list[Block]:
    """The worst, one line each. An assistant with several has one button: ids are unique in a message."""
    say = asker.say
    # Records that can't be read have been told above.
    told = [one for one in summary.audit.findings if not findings.is_unreadable(one)]
    hidden = len(told) - FINDINGS
    more = [blocks.context(say("and {number} more", number=say.number(hidden)))] if hidden > 0 else []
    return [blocks.section(score), *findings.rows(told[:FINDINGS], asker, page_of), *more]


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
        written(Audit(FindingQuery()), say.language),
        VERBS[Verb.HELP].word(say.language),
    ]
    buttons = [
        blocks.button(plain(text, blocks.BUTTON_LIMIT), state.action_id(state.RUN, number), text)
        for number, text in enumerate(texts, 1)
        if len(text) <= state.VALUE_LIMIT
    ]
    invitation = say("What to type next after {command}; a button does the same:", command=f"`{COMMAND}`")
    return [blocks.section(invitation), blocks.actions(buttons)]
