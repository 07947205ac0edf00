"""One change as one line, in whole sentences of either language; pure. What comes from upstream is escaped."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.translation import Say
from bot.views import phrases
from bot.views.escape import clean, code, entities, mrkdwn
from shared.audit import RULES, Finding
from shared.audit.movement import Movement
from shared.masking import MASK
from shared.models import Change, Kind, Names, Severity
from shared.wording import Extent, extent, word_pieces

ABSENT = "–"
NO_NAMES = Names()
_LISTED = 5
"""Of many variables, fields or findings, the first are named."""
_SYMBOLS: Mapping[Severity, str] = MappingProxyType(
    {Severity.INFO: "ℹ️", Severity.WARNING: "⚠️", Severity.CRITICAL: "🚨"}
)


def line(change: Change, say: Say, address: str = "", names: Names = NO_NAMES) -> str:
    """What happened, as one line of at most 2,000 characters: `⚠️ *Name* `42` was switched off`.

    The name links to `address`, "" is none. `names`: those of the account, for voices and languages.
    """
    return f"{symbol(change.severity)} {sentence(change, say, address, names)}"


def sentence(change: Change, say: Say, address: str = "", names: Names = NO_NAMES) -> str:
    """The same without a symbol; the severity's word has to stand beside it where it matters."""
    if change.assistant is None:
        return _of_account(change, f"*{mrkdwn(change.account, 60)}*", say)
    return _of_assistant(change, subject(change, say, address), say, names)


def subject(change: Change, say: Say, address: str = "") -> str:
    """`*Name* `42``: the assistant, or the account where that is meant."""
    if change.assistant is None:
        return say("the account {account}", account=f"*{mrkdwn(change.account, 60)}*")
    shown = phrases.name(change.name, say, 150)
    if address and len(address) <= phrases.LONGEST_ADDRESS:
        shown = f"<{entities(address).replace('|', '%7C')}|{shown}>"
    return f"*{shown}* `{change.assistant}`"


def symbol(severity: Severity) -> str:
    """Stands beside the severity's word or a sentence, never for it."""
    return _SYMBOLS[severity]


def severity(of: Severity, say: Say) -> str:
    """How much it matters, by word."""
    match of:
        case Severity.INFO:
            return say("Info")
        case Severity.WARNING:
            return say("Warning")
        case Severity.CRITICAL:
            return say("Critical")


def amount(change: Change, say: Say) -> str:
    """How much of a text changed, in words; it tells nothing of the text itself."""
    found = extents(change)
    return ", ".join(
        [
            say.count(found.removed, "{number} word taken out", "{number} words taken out"),
            say.count(found.added, "{number} word put in", "{number} words put in"),
        ]
    )


def extents(change: Change) -> Extent:
    """How much of a text changed."""
    return extent(word_pieces(clean(text(change.before)), clean(text(change.after))))


def voice(value: JsonValue, names: Names) -> str:
    """`Mia (151)`, or the number alone where it has no name."""
    known = names.voices.get(value) if isinstance(value, int) else None
    return _named(known.name if known else "", value)


def language(value: JsonValue, names: Names) -> str:
    """`German (1)`, or the number alone where it has no name."""
    known = names.languages.get(value) if isinstance(value, int) else None
    return _named(known.name if known else "", value)


def host(value: JsonValue) -> str:
    """The host in a webhook's URL, without all that may be secret in it; "" where there is no URL."""
    address = text(value)
    try:
        parts = urlsplit(address)
        found, port = parts.hostname or "", parts.port
    except ValueError:
        found, port = "", None
    if address and not found:
        return MASK
    return code(f"{found}:{port}" if port else found, 200) if found else ""


def mapping(value: JsonValue) -> Mapping[str, Any]:
    """A value that is a mapping; nothing where an older version wrote something else."""
    return value if isinstance(value, Mapping) else {}


def text(value: JsonValue) -> str:
    """A value that is a text; "" where an older version wrote something else."""
    return value if isinstance(value, str) else ""


def differing(change: Change) -> tuple[list[str], list[str], list[str]]:
    """The names in two mappings that were added, taken away, and given another value."""
    before, after = mapping(change.before), mapping(change.after)
    return (
        [name for name in after if name not in before],
        [name for name in before if name not in after],
        [name for name in before if name in after and before[name] != after[name]],
    )


def _of_account(change: Change, account: str, say: Say) -> str:  # noqa: PLR0911 # one return a kind
    details = mapping(change.after if change.kind is not Kind.RECOVERED else change.before)
    match change.kind:
        case Kind.KEY_REJECTED if details.get("error") == "PermissionMissing":
            return say("The key of {account} may no longer read assistants", account=account)
        case Kind.KEY_REJECTED:
            return say("Famulor no longer accepts the key of {account}", account=account)
        case Kind.UNREACHABLE:
            return say("{account} can't be reached: nothing that changes there is seen", account=account)
        case Kind.RECOVERED if details.get("error") in {"KeyRejected", "PermissionMissing"}:
            return say("Famulor accepts the key of {account} again", account=account)
        case Kind.RECOVERED:
            return say("{account} can be reached again", account=account)
        case Kind.UNREADABLE:
            return say("A record of {account} can't be read, not even its id", account=account)
        case Kind.READABLE:
            return say("Every record of {account} can be read again", account=account)
        case _:
            return say("{account}: {kind}", account=account, kind=code(change.kind.value))


def _of_assistant(change: Change, who: str, say: Say, names: Names) -> str:  # noqa: C901, PLR0911, PLR0912 # one return a kind
    before, after = change.before, change.after
    match change.kind:
        case Kind.CREATED:
            return say("{name} was created", name=who)
        case Kind.DELETED:
            return say("{name} was deleted", name=who)
        case Kind.ACTIVATED:
            return say("{name} was switched on", name=who)
        case Kind.DEACTIVATED if text(after).casefold() in {"", "inactive"}:
            return say("{name} was switched off", name=who)
        case Kind.DEACTIVATED:
            return say("{name} is no longer active, but {status}", name=who, status=phrases.status(text(after), say))
        case Kind.RENAMED:
            return say("{name} was renamed; it was called {before}", name=who, before=_old_name(before, say))
        case Kind.PROMPT:
            return say("The prompt of {name} was changed: {amount}", name=who, amount=amount(change, say))
        case Kind.GREETING:
            return say("The greeting of {name} was changed: {amount}", name=who, amount=amount(change, say))
        case Kind.VARIABLES:
            return say("Variables of {name} were changed: {names}", name=who, names=_names(change, say))
        case Kind.VOICE:
            pair = _pair(voice(before, names), voice(after, names))
            return say("{name} speaks with another voice: {values}", name=who, values=pair)
        case Kind.LANGUAGE:
            pair = _pair(language(before, names), language(after, names))
            return say("{name} speaks another language: {values}", name=who, values=pair)
        case Kind.TIMEZONE:
            return say("{name} is in another timezone: {values}", name=who, values=_texts(before, after))
        case Kind.MODE:
            return say("{name} runs in another mode: {values}", name=who, values=_texts(before, after))
        case Kind.WEBHOOK_ON:
            return say("The webhook of {name} was switched on", name=who)
        case Kind.WEBHOOK_OFF:
            return say("The webhook of {name} was switched off", name=who)
        case Kind.WEBHOOK_HOST if not host(after):
            return say("The webhook address of {name} was taken out", name=who)
        case Kind.WEBHOOK_HOST if not host(before):
            return say("The webhook of {name} was given an address on {host}", name=who, host=host(after))
        case Kind.WEBHOOK_HOST:
            pair = _pair(host(before), host(after))
            return say("The webhook of {name} was moved to another host: {values}", name=who, values=pair)
        case Kind.WEBHOOK_PATH:
            return say("The webhook of {name} has another address on {host}", name=who, host=host(after) or ABSENT)
        case Kind.OTHER:
            return say("More fields of {name} were changed: {names}", name=who, names=_names(change, say))
        case Kind.SAVED:
            return say("{name} was saved without a change that is seen here", name=who)
        case Kind.FINDING:
            return _findings(Movement.of(change), who, say)
        case Kind.UNREADABLE:
            return say("The record of {name} can't be read any more", name=who)
        case Kind.READABLE:
            return say("The record of {name} can be read again", name=who)
        case _:
            return say("{name}: {kind}", name=who, kind=code(change.kind.value))


def _findings(moved: Movement, who: str, say: Say) -> str:
    opened, closed = (_rules(these, say) for these in (moved.opened, moved.closed))
    if moved.gone:
        return say("{name} is gone, and with it what was wrong: {findings}", name=who, findings=closed or ABSENT)
    if not opened:
        if not closed:
            return say("The findings of {name} were changed", name=who)
        if moved.left:
            return say("Resolved in {name}: {findings}", name=who, findings=closed)
        return say("Nothing is wrong with {name} any more; resolved: {findings}", name=who, findings=closed)
    found = say.count(
        len(moved.opened),
        "{number} new finding in {name}: {findings}",
        "{number} new findings in {name}: {findings}",
        name=who,
        findings=opened,
    )
    return say("{found}. Resolved: {findings}", found=found, findings=closed) if closed else found


def _rules(findings: Iterable[Finding], say: Say) -> str:
    """What the broken rules are called, each once: it tells nothing of the texts in which something was found."""
    counted = Counter(one.rule for one in findings)
    titles = [
        mrkdwn(RULES[rule].title.in_language(say.language)) if rule in RULES else code(rule, 60) for rule in counted
    ]
    numbers = [f" ({say.number(number)})" if number > 1 else "" for number in counted.values()]
    return phrases.listed([title + number for title, number in zip(titles, numbers, strict=True)], _LISTED, say)


def _old_name(value: JsonValue, say: Say) -> str:
    return f"*{phrases.name(text(value), say, 150)}*"


def _names(change: Change, say: Say) -> str:
    added, gone, other = differing(change)
    return "; ".join(
        [
            *([say("new: {names}", names=_listed(added, say))] if added else []),
            *([say("gone: {names}", names=_listed(gone, say))] if gone else []),
            *([say("other value: {names}", names=_listed(other, say))] if other else []),
        ]
    )


def _listed(names: list[str], say: Say) -> str:
    return phrases.listed([code(name, 60) for name in names], _LISTED, say)


def _texts(before: JsonValue, after: JsonValue) -> str:
    return _pair(mrkdwn(text(before), 60), mrkdwn(text(after), 60))


def _pair(before: str, after: str) -> str:
    return f"{before or ABSENT} → {after or ABSENT}"


def _named(name: str, value: JsonValue) -> str:
    number = "" if value is None else mrkdwn(str(value), 30)
    return f"{mrkdwn(name, 100)} ({number})" if name else number
