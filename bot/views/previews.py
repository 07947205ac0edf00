"""A subscription before it is one: what it would have told, and buttons to confirm it or to narrow it down; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.grammar import Listing, Subscribe, Subscriptions, Unsubscribe, asked_for, written
from bot.translation import Say
from bot.views import blocks, changes, lists, origins, phrases, state
from bot.views.blocks import Block, Message
from bot.views.changes import NO_NAMES
from bot.views.digests import NamesOf, counts
from bot.views.escape import code, mrkdwn
from bot.views.rows import PageOf
from bot.words import COMMAND, GROUPS, OPTIONS, SEVERITIES, Option
from shared.answers import Page
from shared.models import Change, Severity

CONFIRM = "subscribe"
"""The button that subscribes; its value is the whole order."""
PERIOD = timedelta(days=7)
MOST = 500
"""Changes that are looked at."""
NEWEST = 5
_ORDER = 400
_EACH = 600


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would have told since `since`, newest first.

    `page`: the assistants that it asks for now, None where Famulor does not answer. `begins`: when the history of each
    account begins, None for one that was never watched. `shared`: people of other organisations read the channel.
    `already`: the number of the same order, None without one.
    """

    command: Subscribe
    changes: Sequence[Change]
    since: datetime
    page: Page | None
    begins: Mapping[str, datetime | None]
    names: NamesOf = field(default_factory=dict)
    shared: bool = False
    already: int | None = None


def preview(found: Preview, place: str, say: Say, page_of: PageOf) -> Message:
    """What would have been told, and the buttons. `place` is how the channel is called here."""
    command = found.command
    headline = say("*Preview for {place}*: it would hear of {order}", place=place, order=order(command, say))
    told = _told(found, say)
    newest = [_line(change, found, page_of, say) for change in found.changes[:NEWEST]]
    warnings = list(_warnings(found, say))
    hidden = len(found.changes) - len(newest)
    more = say.count(hidden, "and {number} more change", "and {number} more changes")
    return blocks.message(
        phrases.sentences([headline, *told, *warnings]),
        [
            blocks.section(headline),
            blocks.section("\n".join(told)),
            *map(blocks.section, newest),
            *([blocks.context(more)] if hidden > 0 else []),
            *map(blocks.section, warnings),
            *_narrowing(command, say),
            *_buttons(found, say),
        ],
    )


def subscribed(number: int, command: Subscribe, place: str, say: Say, *, anew: bool) -> Message:
    """It is a subscription now, or (not `anew`) was one before."""
    said = {"place": place, "order": order(command, say), "number": number}
    if anew:
        text = say(
            "✅ Subscribed for {place}: {order}. It is subscription {number}; what happens from now on is told.", **said
        )
    else:
        text = say("Subscribed already for {place}: {order} (subscription {number}).", **said)
    end = code(f"{COMMAND} {written(Unsubscribe(number), say.language)}")
    return blocks.message(
        text,
        [
            blocks.section(text),
            blocks.context(say("{command} ends it.", command=end)),
            blocks.actions([all_subscriptions(say)]),
        ],
    )


def order(command: Subscribe, say: Say, most: int = _ORDER) -> str:
    """What a subscription asks for, as it may be typed."""
    asked = asked_for(command, say.language)
    return code(asked, most) if asked else say("every change of every assistant")


def all_subscriptions(say: Say) -> Block:
    """The button to what the place hears of."""
    return blocks.button(say("All subscriptions"), state.action_id(state.RUN, "all"), written(Subscriptions()))


def _told(found: Preview, say: Say) -> list[str]:
    lines = []
    if found.page is not None:
        lines.append(
            say("Now that is: {assistants}.", assistants=lists.title(found.page, Listing(found.command.query), say))
        )
    watched = [begin for begin in found.begins.values() if begin is not None]
    if not watched:
        lines.append(say("Nothing has been watched yet, so there is no telling what it would have told before."))
        return lines
    number = len(found.changes)
    days = say.number(PERIOD.days)
    if number:
        kinds = ", ".join(counts(Counter(change.kind for change in found.changes), say))
        amount = say.count(number, "*{number} change*", "*{number} changes*")
        amount = say("at least {amount}", amount=amount) if number >= MOST else amount
        told = say(
            "In the last {days} days it would have told {amount}: {kinds}.", days=days, amount=amount, kinds=kinds
        )
        lines.append(told)
    else:
        lines.append(say("In the last {days} days it would have told *nothing*.", days=days))
    if max(watched) > found.since:
        begin = phrases.moment(max(watched))
        lines.append(say("The history begins {moment}; what was before is not known.", moment=begin))
    missing = [mrkdwn(account, 60) for account, begin in found.begins.items() if begin is None]
    if missing:
        accounts = phrases.listed(missing, origins.SHOWN, say)
        lines.append(say("Not watched yet: {accounts}.", accounts=accounts))
    return lines


def _warnings(found: Preview, say: Say) -> Iterator[str]:
    if found.shared:
        yield say("⚠️ People of other organisations read this channel too.")
    if found.page is None:
        yield say("⚠️ Famulor does not answer, so nobody can tell which assistants it asks for now.")
        return
    yield from lists.unmatched(found.page.unmatched, say)
    yield from origins.concerns(found.page.origins, say)
    if found.page.of and not found.page.total:
        yield say("⚠️ No assistant matches now. It would hear of those that will.")


def _line(change: Change, found: Preview, page_of: PageOf, say: Say) -> str:
    address = "" if change.assistant is None else page_of(change.account, change.assistant)
    names = found.names.get(change.account, NO_NAMES)
    facts = f"{changes.severity(change.severity, say)} · {phrases.moment(change.seen_at)}"
    return blocks.cut(f"{changes.line(change, say, address, names)}\n{facts}", _EACH)


def _narrowing(command: Subscribe, say: Say) -> list[Block]:
    """Boxes for the kinds and a menu of severities; whatever is chosen is shown at once, and nothing is written."""
    text = written(command)
    kinds, minimum = state.menu_ids("on", text), state.menu_ids("min", text)
    if kinds is None or minimum is None:
        hint = say(
            "To narrow it down, put words such as `{kinds}` or `{minimum}` into it.",
            kinds=f"{OPTIONS[Option.ON](say.language)}:{GROUPS['webhook'](say.language)}",
            minimum=f"{OPTIONS[Option.MINIMUM](say.language)}:{SEVERITIES[Severity.WARNING](say.language)}",
        )
        return [blocks.context(hint)]
    return [
        blocks.context(say("Narrow it down:")),
        blocks.actions(
            [
                blocks.checkboxes(kinds[0], groups(say), command.groups or frozenset(GROUPS)),
                blocks.menu(say("From which severity"), minimum[0], severities(say), command.minimum.value),
            ],
            kinds[1],
        ),
    ]


def groups(say: Say) -> Mapping[str, str]:
    """What the groups of kinds are about, in words."""
    return {
        "status": say("Switched on or off, created, deleted"),
        "prompt": say("Prompt, greeting, variables"),
        "webhook": say("Webhook"),
        "config": say("Name, voice, language, timezone, mode"),
        "audit": say("What the audit finds, and what was resolved"),
        "account": say("The account itself: key, connection"),
    }


def severities(say: Say) -> Mapping[str, str]:
    """What a minimum means, in words."""
    return {
        Severity.INFO.value: say("Everything"),
        Severity.WARNING.value: say("Warnings and critical changes"),
        Severity.CRITICAL.value: say("Critical changes only"),
    }


def options(say: Say) -> str:
    """What an order may say besides filters, for the help."""
    kinds = [
        f"• `{OPTIONS[Option.ON](say.language)}:{GROUPS[group](say.language)}` {what}"
        for group, what in groups(say).items()
    ]
    minima = [
        f"• `{OPTIONS[Option.MINIMUM](say.language)}:{word(say.language)}` {severities(say)[severity.value]}"
        for severity, word in SEVERITIES.items()
    ]
    return "\n".join([say("*Kinds and severities*, besides the filters of a list:"), *kinds, *minima])


def _buttons(found: Preview, say: Say) -> list[Block]:
    if found.already is not None:
        number = found.already
        told = say("This subscription exists already; it has the number {number}.", number=number)
        return [blocks.section(told), blocks.actions([all_subscriptions(say)])]
    text = written(found.command)
    if len(text) > state.VALUE_LIMIT:
        return [blocks.section(say("⚠️ This order is too long for a button. Please make it shorter."))]
    confirm = blocks.button(say("Subscribe"), state.action_id(CONFIRM), text)
    return [
        blocks.context(say("Nothing is subscribed yet.")),
        blocks.actions([{**confirm, "style": "primary"}, all_subscriptions(say)]),
    ]
