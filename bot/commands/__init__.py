"""One module for each group of verbs: a command → what is shown. Here they are told apart."""

from dataclasses import replace
from typing import Any, assert_never

from bot.asking import Asked
from bot.commands.auditing import audit
from bot.commands.charts import chart
from bot.commands.details import compare, show
from bot.commands.explaining import explain
from bot.commands.exports import export
from bot.commands.guide import help_with, invalid, unknown
from bot.commands.health import health
from bot.commands.history import diff, history
from bot.commands.ignores import ignore, unignore
from bot.commands.journal import log
from bot.commands.lists import find, outbound
from bot.commands.mutes import mute, unmute
from bot.commands.overview import overview
from bot.commands.quiet import digest, quiet
from bot.commands.settings import settings
from bot.commands.subscriptions import subscribe, subscriptions, unsubscribe
from bot.commands.trial import test
from bot.desk import Desk
from bot.grammar import (
    Audit,
    Chart,
    Command,
    Compare,
    Diff,
    Digest,
    Explain,
    Export,
    Find,
    Health,
    Help,
    History,
    Ignore,
    Invalid,
    Listing,
    Log,
    Mute,
    Overview,
    Quiet,
    Settings,
    Show,
    Subscribe,
    Subscriptions,
    Test,
    Unignore,
    Unknown,
    Unmute,
    Unsubscribe,
    parse,
    written,
)
from bot.happenings import running
from bot.views.answers import Answer
from bot.words import GROUPS
from shared.models import Severity
from shared.query import Choice, Sort
from shared.query.choice import ANYTHING


async def answer(asked: Asked, desk: Desk) -> Answer:
    """The answer to what was asked. Raises FamulorError where there is none."""
    command = parse(asked.text, asked.now)
    with running(type(command).__name__.lower()):
        return await _answer(command, asked, desk)


async def _answer(command: Command, asked: Asked, desk: Desk) -> Answer:  # noqa: C901, PLR0911, PLR0912 # one return for each command
    match command:
        case Overview():
            return await overview(asked, desk)
        case Listing():
            return await outbound(command, asked, desk)
        case Find():
            return await find(command, asked, desk)
        case Show():
            return await show(command, asked, desk)
        case Compare():
            return await compare(command, asked, desk)
        case Export():
            return await export(command, asked, desk)
        case Audit():
            return await audit(command, asked, desk)
        case Chart():
            return await chart(command, asked, desk)
        case Ignore():
            return await ignore(command, asked, desk)
        case Unignore():
            return await unignore(command, asked, desk)
        case History():
            return await history(command, asked, desk)
        case Diff():
            return await diff(command, asked, desk)
        case Subscribe():
            return await subscribe(command, asked, desk)
        case Subscriptions():
            return await subscriptions(command, asked, desk)
        case Unsubscribe():
            return await unsubscribe(command, asked, desk)
        case Mute():
            return await mute(command, asked, desk)
        case Unmute():
            return await unmute(command, asked, desk)
        case Quiet():
            return await quiet(command, asked, desk)
        case Digest():
            return await digest(command, asked, desk)
        case Explain():
            return await explain(command, asked, desk)
        case Test():
            return await test(asked, desk)
        case Log():
            return await log(command, asked, desk)
        case Health():
            return await health(asked, desk)
        case Settings():
            return await settings(asked, desk)
        case Help():
            return help_with(command, asked)
        case Unknown():
            return unknown(command, asked)
        case Invalid():
            return invalid(command, asked)
    assert_never(command)


def opens_modal(asked: Asked) -> bool:
    """Whether the answer is something long, that a modal shows best."""
    return isinstance(parse(asked.text, asked.now), Show | Compare | Diff | Settings)


def varied(asked: Asked, what: str, chosen: str) -> str:
    """The same list's text with another order (`what` is "sort") or of another status ("*" is any).

    Of an order to a channel, with other kinds ("on": their names, with commas) or another severity ("min").
    """
    command = parse(asked.text, asked.now)
    if isinstance(command, Subscribe):
        return written(_narrowed(command, what, chosen))
    if not isinstance(command, Listing | Find):
        return asked.text
    change: dict[str, Any] = {"sort": Sort.parse(chosen)} if what == "sort" else {"status": _status(chosen)}
    return written(replace(command, query=command.query.model_copy(update={**change, "cursor": ""})))


def _narrowed(command: Subscribe, what: str, chosen: str) -> Subscribe:
    if what == "min":
        return replace(command, minimum=Severity(chosen))
    kinds = frozenset(chosen.split(",")) & frozenset(GROUPS)
    # Without any box, as with all of them, nothing is left out.
    return replace(command, groups=frozenset() if kinds == frozenset(GROUPS) else kinds)


def _status(chosen: str) -> Choice:
    return Choice() if chosen == ANYTHING else Choice.parse(chosen)
