"""The words behind the verbs about alerts and history → what they order; pure.

`#general` is a channel, `on:`, `min:`, `except:`, `since:`, `until:` and `after:` are options, and everything else
means what it means elsewhere.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from bot.grammar import known, names, options, times
from bot.grammar.commands import (
    Diff,
    Digest,
    Explain,
    Help,
    History,
    Hours,
    Log,
    Mute,
    Once,
    Quiet,
    Subscribe,
    Subscriptions,
    Unmute,
    Unsubscribe,
)
from bot.grammar.filters import Stranger, query
from bot.grammar.lexer import Word
from bot.grammar.options import NUMBER
from bot.grammar.times import TimeInvalid, Until
from bot.words import FILTERS, Filter, Option, Verb
from shared.errors import QuestionError
from shared.models import Severity

_CHANNEL = re.compile(r"#([\w.-]+)")
_MATTER = re.compile(r"(?:(?:alert|alarm|meldung) )?#?a ?-? ?(\d{1,18})")
_CHANGE = re.compile(r"(?:(?:change|aenderung) )?#?(\d{1,18})")


_WORDS_OF_A_TIME = 2
"""`2 hours`, `18 Uhr`."""


class NotInAnOrder(QuestionError):
    """A filter that a list knows, and a standing order can't."""

    what = "“{label}:” means nothing in a subscription, which has no order and lasts."
    cure = "Leave it out."


def subscribe(typed: Sequence[Word], _now: datetime) -> Subscribe | Stranger:
    """Filters, options and a channel, in any order. Raises what a list raises, OrderInvalid and NotInAnOrder."""
    rest, said = options.parted(typed, {Option.ON, Option.MINIMUM})
    channels = [place for place in rest if _channel(typed[place])]
    filters = [place for place in rest if place not in channels and typed[place].key not in known.HERE_TOO]
    asked = query([typed[place] for place in filters], _now)
    if isinstance(asked, Stranger):
        return Stranger(filters[asked.position], asked.meant, asked.literally)
    for label, given in (
        (Filter.UPDATED, asked.updated_since or asked.updated_before),
        (Filter.SORT, asked.sort),
        (Filter.AFTER, asked.cursor),
    ):
        if given:
            raise NotInAnOrder(label=FILTERS[label]())
    return Subscribe(
        asked,
        groups=options.groups(said.get(Option.ON, ())),
        minimum=min(options.severities(said.get(Option.MINIMUM, ())), key=lambda one: one.rank, default=Severity.INFO),
        channel=_channel(typed[channels[-1]]) if channels else "",
    )


def subscriptions(typed: Sequence[Word]) -> Subscriptions:
    """`all`, and where to go on. Raises OrderInvalid."""
    rest, said = options.parted(typed, {Option.AFTER})
    everywhere = any(typed[place].key in known.ALL_OF_THEM for place in rest)
    return Subscriptions(everywhere=everywhere, after=options.after(said))


def unsubscribe(typed: Sequence[Word]) -> Unsubscribe | Help:
    """One number, or all."""
    if len(typed) == 1 and typed[0].key in known.ALL_OF_THEM:
        return Unsubscribe(None)
    found = NUMBER.fullmatch(times.joined(typed))
    return Unsubscribe(int(found[1])) if found else Help(Verb.UNSUBSCRIBE)


def mute(typed: Sequence[Word], now: datetime) -> Mute | Help:
    """A name, until when, and why: `42 2h "campaign test"`. What is in quotes is no time. Raises TimeInvalid."""
    words, account = names.without_account(typed)
    until: Until | None = None
    named, reason = words, words[:0]
    for place in range(1, len(words)):  # the first word is a name, whatever it looks like
        until, length = _until(words[place:], now)
        if until is not None:
            named, reason = words[:place], words[place + length :]
            break
    else:
        if len(words) > 1 and _is_quoted(words[-1]):
            named, reason = words[:-1], words[-1:]
    reference = names.reference(named)
    return Mute(reference, account, until, names.reference(reason)) if reference else Help(Verb.MUTE)


def unmute(typed: Sequence[Word]) -> Unmute | Help:
    """A name."""
    words, account = names.without_account(typed)
    reference = names.reference(words)
    return Unmute(reference, account) if reference else Help(Verb.UNMUTE)


def quiet(typed: Sequence[Word]) -> Quiet | Help:
    """`20:00-08:00`, what comes through, and a timezone; or off. Raises TimeInvalid and OrderInvalid."""
    if not typed:
        return Help(Verb.QUIET)
    rest, said = options.parted(typed, {Option.EXCEPT})
    words, zone = _zone([typed[place] for place in rest])
    if len(words) == 1 and words[0].key in known.ENDS:
        return Quiet(None)
    text = times.joined(words)
    found = times.span(text)
    if not found:
        raise TimeInvalid(value=text, filter=TimeInvalid.span, valid="20-8, 20.00-8.00, 8pm-8am, off")
    passes = said.get(Option.EXCEPT)
    return Quiet(Hours(*found, zone, options.passes(passes) if passes else Severity.CRITICAL))


def digest(typed: Sequence[Word]) -> Digest | Help:
    """`daily 09:00` and a timezone, or off. Raises TimeInvalid."""
    if not typed:
        return Help(Verb.DIGEST)
    words, zone = _zone([word for word in typed if word.key not in known.FILLERS])
    if len(words) == 1 and words[0].key in known.ENDS:
        return Digest(None)
    text = times.joined(words)
    at = times.time_of_day(text)
    if not text:
        return Help(Verb.DIGEST)
    if at is None:
        raise TimeInvalid(value=text, filter=TimeInvalid.of_day, valid="9, 9.30, 9am, off")
    return Digest(Once(at, zone))


def history(typed: Sequence[Word], now: datetime) -> History:
    """A name or none, since when, and where to go on. Raises FilterInvalid."""
    words, account = names.without_account(typed)
    rest, said = options.parted(words, {Option.SINCE, Option.AFTER})
    named = [words[place] for place in rest]
    if len(named) == 1 and named[0].key in known.ALL_OF_THEM:
        named = []
    return History(names.reference(named), account, options.since(said, now), options.after(said))


def diff(typed: Sequence[Word], now: datetime) -> Diff | Help:
    """A name, and since when. Raises FilterInvalid."""
    words, account = names.without_account(typed)
    rest, said = options.parted(words, {Option.SINCE})
    reference = names.reference([words[place] for place in rest])
    return Diff(reference, account, options.since(said, now)) if reference else Help(Verb.DIFF)


def explain(typed: Sequence[Word]) -> Explain | Help:
    """An alert's name, or a change's number."""
    text = " ".join(word.key or word.shown.casefold() for word in typed)
    if found := _MATTER.fullmatch(text):
        return Explain(matter=int(found[1]))
    if found := _CHANGE.fullmatch(text):
        return Explain(change=int(found[1]))
    return Help(Verb.EXPLAIN)


def log(typed: Sequence[Word]) -> Log:
    """Where to go on. Raises OrderInvalid."""
    return Log(options.after(options.parted(typed, {Option.AFTER})[1]))


def _channel(word: Word) -> str:
    """A channel's id or name; "" where the word is none. In quotes it is searched for."""
    if word.label or len(word.values) != 1 or word.values[0].quoted or word.values[0].negated:
        return ""
    found = _CHANNEL.fullmatch(word.values[0].text)
    return found[1] if found else ""


def _zone(words: Sequence[Word]) -> tuple[list[Word], str]:
    """The words that name no timezone, and the one that they name, "" for none. Raises TimeInvalid."""
    rest: list[Word] = []
    found = ""
    for word in words:
        labelled = known.FILTER_OF.get(word.label) is Filter.TIMEZONE
        named = word.rest if labelled else word.shown
        zone = times.zone(named)
        if zone:
            found = zone
        elif labelled or "/" in named:
            raise TimeInvalid(value=named, filter=TimeInvalid.zone, valid="Europe/Berlin, America/New_York, UTC …")
        else:
            rest.append(word)
    return rest, found


def _until(words: Sequence[Word], now: datetime) -> tuple[Until | None, int]:
    """The moment that the first words mean, and how many they are; None where they mean none. Raises TimeInvalid."""
    first = words[0]
    says_until = known.OPTION_OF.get(first.label or first.key) is Option.UNTIL
    if first.label:
        head = [first.rest] if first.rest else []
    else:
        head = [] if says_until or first.key in known.FILLERS else [first.shown]
    following = list(takewhile(lambda word: not word.label and not _is_quoted(word), words[1:3]))
    if says_until or not (first.label or _is_quoted(first)):
        for more in range(min(len(following), _WORDS_OF_A_TIME - len(head)), -1, -1):
            text = " ".join([*head, *(word.shown for word in following[:more])])
            until = times.until(text) if says_until else _after_a_while(text, now)
            if until is not None:
                return until, 1 + more
    if first.label and says_until:
        raise TimeInvalid(
            value=first.rest, filter=TimeInvalid.time, valid="18:00, 2026-03-05, 2026-03-05T18:00:00Z, 2h"
        )
    return None, 0


def _after_a_while(text: str, now: datetime) -> datetime | None:
    length = times.duration(text)
    return None if length is None else (now + length).replace(microsecond=0)


def _is_quoted(word: Word) -> bool:
    return not word.label and len(word.values) == 1 and word.values[0].quoted
