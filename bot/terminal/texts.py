"""What is said of findings, assistants and accounts where nothing is mark-up; pure.

Texts of others come out as one line without anything that would steer a terminal.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from bot.translation import Say
from bot.views.escape import clean
from bot.words import FILTERS, STATUSES, VALUES, Filter
from shared.answers import Origin
from shared.audit import RULES, Finding, Ignored
from shared.models import Assistant, Names, WebhookState
from shared.query import Unmatched

_TELLING = 3
"""Unreadable records of one account that are told; an audit has them all."""


def one_line(text: str) -> str:
    """A text of others, harmless for terminals: no control characters, nothing that turns the writing around."""
    return " ".join(clean(text).split())


def name(text: str, say: Say) -> str:
    """An assistant's name, also where it is blank."""
    return one_line(text) or say("(no name)")


def bearer(finding: Finding, say: Say) -> str:
    """`Name (42)`: who has it; a record that can't be read has no name, and may have no number."""
    if finding.name:
        return f"{name(finding.name, say)} ({finding.assistant})"
    shown = say("Unreadable record") if finding.rule == "unreadable" else say("(no name)")
    return shown if finding.assistant is None else f"{shown} ({finding.assistant})"


def title(finding: Finding, say: Say) -> str:
    """What the broken rule is called."""
    return RULES[finding.rule].title.in_language(say.language)


def what(finding: Finding, say: Say) -> str:
    """What is wrong."""
    return one_line(RULES[finding.rule].what.in_language(say.language).format_map(finding.facts))


def cure(finding: Finding, say: Say) -> str:
    """What to do about it."""
    return one_line(RULES[finding.rule].cure.in_language(say.language).format_map(finding.facts))


def fingerprint(finding: Finding) -> str:
    """The same for the same finding at any time, whatever its severity, its facts, and the assistant's name."""
    return hashlib.sha256(json.dumps(finding.key).encode()).hexdigest()


def decision(ignored: Ignored, say: Say) -> str:
    """Who wants to hear no more of it, since when, and why."""
    ignore = ignored.ignore
    return say(
        "ignored by {user} on {day}: {reason}",
        user=one_line(ignore.by),
        day=f"{ignore.at:%Y-%m-%d}",
        reason=one_line(ignore.reason),
    )


def column_names(say: Say, *, several: bool) -> list[str]:
    """What stands above a list. `several`: of several accounts."""
    return [
        say("ID"),
        say("Name"),
        say("Status"),
        say("Mode"),
        say("Language"),
        say("Timezone"),
        say("Webhook"),
        say("Updated (UTC)"),
        *([say("Account")] if several else []),
    ]


def cells(assistant: Assistant, names: Names, say: Say, *, several: bool) -> list[str]:
    """An assistant's line in a list."""
    known = STATUSES.get(assistant.status.casefold())
    webhook = VALUES[Filter.WEBHOOK][WebhookState(assistant.webhook).value]
    return [
        str(assistant.id),
        name(assistant.name, say),
        known(say.language) if known else one_line(assistant.status),
        one_line(assistant.mode),
        one_line(names.language(assistant)),
        one_line(assistant.timezone),
        webhook(say.language),
        f"{assistant.updated_at:%Y-%m-%d %H:%M}" if assistant.updated_at else "",
        *([one_line(assistant.account)] if several else []),
    ]


def concerns(origins: Sequence[Origin], say: Say, *, records: bool) -> Iterator[str]:
    """What the reader must know: accounts without an answer and, with `records`, those that could not be read."""
    for origin in origins:
        account = one_line(origin.account)
        if origin.failure is not None:
            reason = one_line(say.error(origin.failure))
            yield say("Nothing of the account {account}: {reason}", account=account, reason=reason)
        if origin.rejected and records:
            yield say.count(
                len(origin.rejected),
                "{number} record of {account} can't be read and is missing here: {records}",
                "{number} records of {account} can't be read and are missing here: {records}",
                account=account,
                records="; ".join(
                    one_line(f"{say('No. {position}', position=one.position)} {one.field} {one.reason}")
                    for one in origin.rejected[:_TELLING]
                )
                + ("; …" if len(origin.rejected) > _TELLING else ""),
            )


def unmatched(values: Iterable[Unmatched], say: Say) -> Iterator[str]:
    """The values of filters that nobody has, with those that do occur."""
    for one in values:
        label = FILTERS[Filter(one.filter)](say.language)
        yield say(
            "No assistant has {value}. There are: {occurring}.",
            value=f"{label}:{one_line(one.value)}",
            occurring=", ".join(map(one_line, one.occurring)) or "–",
        )
