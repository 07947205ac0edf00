"""A command → the text that `parse` reads back as this command, in English or in German."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from bot.grammar.commands import (
    Audit,
    Chart,
    Compare,
    Diff,
    Digest,
    Explain,
    Export,
    Find,
    Health,
    Help,
    History,
    Hours,
    Ignore,
    Listing,
    Log,
    Mute,
    Overview,
    Quiet,
    Request,
    Settings,
    Show,
    Subscribe,
    Subscriptions,
    Test,
    Unignore,
    Unmute,
    Unsubscribe,
)
from bot.grammar.filters import Seek
from bot.grammar.known import ALL_OF_THEM, BARE_OF
from bot.grammar.lexer import Value, key, quoted, values_of
from bot.grammar.markup import kept
from bot.grammar.times import written_time, written_until
from bot.words import (
    DAILY,
    EVERYTHING,
    FILTERS,
    FORMATS,
    GRAPHS,
    GROUPINGS,
    GROUPS,
    NOTHING,
    OFF,
    OPTIONS,
    SEVERITIES,
    VALUES,
    VERBS,
    Filter,
    Option,
    Verb,
)
from shared.audit.paging import By, FindingQuery
from shared.models import Severity
from shared.query import AssistantQuery, Choice, Sort, moments
from shared.query.moments import written_span


@functools.lru_cache(maxsize=1024)
def written(command: Request, language: str = "en") -> str:
    """The command as it may be typed, without the slash command; German words for "de".

    Times are absolute, in UTC. What people can't type, such as a page's size, is not in it.
    """
    return kept(" ".join(part for part in _parts(command, language) if part))


def _parts(command: Request, language: str) -> list[str]:  # noqa: PLR0911, PLR0912, C901 # one for each command
    match command:
        case Overview():
            return []
        case Listing(query):
            return [_verb(Verb.OUTBOUND, language), *_filters(query, language)]
        case Find(query):
            return [_verb(Verb.FIND, language), *_filters(query, language, Seek.PROMPT)]
        case Export(kind, query):
            return [_verb(Verb.EXPORT, language), FORMATS[kind](language), *_filters(query, language)]
        case Show(reference, account):
            return [_verb(Verb.SHOW, language), _name(reference), _labelled(Filter.ACCOUNT, account, language)]
        case Compare(first, second, account):
            names = (quoted(first), quoted(second))
            return [_verb(Verb.COMPARE, language), *names, _labelled(Filter.ACCOUNT, account, language)]
        case Audit(query):
            return [_verb(Verb.AUDIT, language), *_audited(query, language)]
        case Chart(graph, account):
            named = GRAPHS[graph](language) if graph else ""
            return [_verb(Verb.CHART, language), named, _labelled(Filter.ACCOUNT, account, language)]
        case Ignore(reference, rule, reason, account):
            return [
                _verb(Verb.IGNORE, language),
                quoted(reference),
                rule,
                _labelled(Filter.ACCOUNT, account, language),
                quoted(reason, always=True) if reason else "",
            ]
        case Unignore(reference, rule, account):
            return [
                _verb(Verb.UNIGNORE, language),
                quoted(reference),
                rule,
                _labelled(Filter.ACCOUNT, account, language),
            ]
        case History(reference, account, since, after):
            return [
                _verb(Verb.HISTORY, language),
                _one(reference),
                _labelled(Filter.ACCOUNT, account, language),
                _option(Option.SINCE, moments.written(since) if since else "", language),
                _option(Option.AFTER, after, language),
            ]
        case Diff(reference, account, since):
            return [
                _verb(Verb.DIFF, language),
                _one(reference),
                _labelled(Filter.ACCOUNT, account, language),
                _option(Option.SINCE, moments.written(since) if since else "", language),
            ]
        case Subscribe():
            return [_verb(Verb.SUBSCRIBE, language), *_order(command, language)]
        case Subscriptions(everywhere, after):
            everything = EVERYTHING(language) if everywhere else ""
            return [_verb(Verb.SUBSCRIPTIONS, language), everything, _option(Option.AFTER, after, language)]
        case Unsubscribe(number):
            return [_verb(Verb.UNSUBSCRIBE, language), EVERYTHING(language) if number is None else str(number)]
        case Mute(reference, account, until, reason):
            return [
                _verb(Verb.MUTE, language),
                quoted(reference),
                _labelled(Filter.ACCOUNT, account, language),
                "" if until is None else _option(Option.UNTIL, written_until(until), language),
                quoted(reason, always=True) if reason else "",
            ]
        case Unmute(reference, account):
            return [_verb(Verb.UNMUTE, language), _name(reference), _labelled(Filter.ACCOUNT, account, language)]
        case Quiet(hours):
            return [_verb(Verb.QUIET, language), *(_hours(hours, language) if hours else [OFF(language)])]
        case Digest(daily):
            told = [DAILY(language), written_time(daily.at), daily.zone] if daily else [OFF(language)]
            return [_verb(Verb.DIGEST, language), *told]
        case Explain(matter, change):
            return [_verb(Verb.EXPLAIN, language), str(change) if matter is None else matter_name(matter)]
        case Test():
            return [_verb(Verb.TEST, language)]
        case Log(after):
            return [_verb(Verb.LOG, language), _option(Option.AFTER, after, language)]
        case Health():
            return [_verb(Verb.HEALTH, language)]
        case Settings():
            return [_verb(Verb.SETTINGS, language)]
        case Help(topic):
            return [_verb(Verb.HELP, language), _verb(topic, language) if topic else ""]
    assert_never(command)


def matter_name(number: int) -> str:
    """How an alert is called: `A-17`."""
    return f"A-{number}"


def asked_for(command: Subscribe, language: str = "en") -> str:
    """What a subscription asks for, without the verb and the channel; "" is everything."""
    return kept(" ".join(part for part in _order(replace(command, channel=""), language) if part))


def _order(command: Subscribe, language: str) -> Iterator[str]:
    yield from _filters(command.query, language)
    yield _behind(Option.ON, [word(language) for group, word in GROUPS.items() if group in command.groups], language)
    if command.minimum is not Severity.INFO:
        yield _option(Option.MINIMUM, SEVERITIES[command.minimum](language), language)
    yield f"#{command.channel}" if command.channel else ""


def _audited(query: FindingQuery, language: str) -> Iterator[str]:
    yield from _filters(query.assistants.model_copy(update={"cursor": query.cursor}), language)
    yield _behind(Option.RULE, map(str, values_of(query.rule)), language)
    if query.severity is not Severity.INFO:
        yield _option(Option.MINIMUM, SEVERITIES[query.severity](language), language)
    if query.by is not By.SEVERITY:
        yield _option(Option.BY, GROUPINGS[query.by](language), language)


def _hours(hours: Hours, language: str) -> Iterator[str]:
    yield f"{written_time(hours.start)}-{written_time(hours.end)}"
    if hours.passes is not Severity.CRITICAL:
        passes = SEVERITIES[hours.passes] if hours.passes else NOTHING
        yield _option(Option.EXCEPT, passes(language), language)
    yield hours.zone


def _option(option: Option, value: object, language: str) -> str:
    return _behind(option, [str(value)] if value not in {None, ""} else [], language)


def _one(reference: str) -> str:
    """A name where "all" would mean something else."""
    return quoted(reference, always=key(reference) in ALL_OF_THEM) if reference else ""


def _verb(verb: Verb, language: str) -> str:
    return VERBS[verb].word(language)


def _filters(query: AssistantQuery, language: str, seek: Seek = Seek.NAME_AND_PROMPT) -> Iterator[str]:
    bare = bool(query.status) and all(BARE_OF.get(key(value)) is Filter.STATUS for value in query.status.values)
    status = _labelled(Filter.STATUS, query.status, language)
    yield status.partition(":")[2] if bare else status
    yield _labelled(Filter.MODE, query.mode, language)
    yield _labelled(Filter.LANGUAGE, query.language, language)
    yield _labelled(Filter.TIMEZONE, query.timezone, language)
    yield _labelled(Filter.WEBHOOK, query.webhook, language)
    yield from map(_searched, query.prompt if seek is Seek.PROMPT else query.search)
    for name in query.name:
        yield _labelled(Filter.NAME, name, language)
    for prompt in () if seek is Seek.PROMPT else query.prompt:
        yield _labelled(Filter.PROMPT, prompt, language)
    yield _behind(Filter.UPDATED, [written_span(query.updated_since, query.updated_before)], language)
    yield _labelled(Filter.ID, query.ids, language)
    yield _labelled(Filter.ACCOUNT, query.account, language)
    yield _behind(Filter.SORT, [_sort(sort, language) for sort in query.sort], language)
    yield _behind(Filter.AFTER, [quoted(query.cursor)] if query.cursor else [], language)


def _behind(label: Filter | Option, values: Iterable[str], language: str) -> str:
    joined = ",".join(values)
    word = FILTERS[label] if isinstance(label, Filter) else OPTIONS[label]
    return f"{word(language)}:{joined}" if joined else ""


def _labelled(label: Filter, choice: Choice, language: str) -> str:
    words = VALUES.get(label, {})
    values = [
        Value(words[value.text](language) if value.text in words else value.text, negated=value.negated)
        for value in values_of(choice)
    ]
    return _behind(label, map(str, values), language)


def _searched(choice: Choice) -> str:
    return ",".join(value.searched for value in values_of(choice))


def _sort(sort: Sort, language: str) -> str:
    return f"{'-' if sort.descending else ''}{VALUES[Filter.SORT][sort.field](language)}"


def _name(reference: str) -> str:
    words = reference.split(" ")
    return reference if all(word == quoted(word) for word in words) else quoted(reference, always=True)
