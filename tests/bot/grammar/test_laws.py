"""The laws of the command grammar, held against everything that can be typed and everything that can be asked for."""

import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.grammar import (
    FINDINGS,
    ROWS,
    Audit,
    Chart,
    Command,
    Compare,
    Diff,
    Digest,
    Explain,
    Export,
    ExportFormat,
    Find,
    Health,
    Help,
    History,
    Hours,
    Ignore,
    Invalid,
    Listing,
    Log,
    Mute,
    Once,
    Overview,
    Quiet,
    Request,
    Settings,
    Show,
    Subscribe,
    Subscriptions,
    Test,
    Unignore,
    Unknown,
    Unmute,
    Unsubscribe,
    Writing,
    asked_for,
    parse,
    written,
)
from bot.grammar.lexer import trimmed
from bot.words import (
    DAILY,
    FILTERS,
    FORMATS,
    GRAPHS,
    GROUPINGS,
    GROUPS,
    HERE,
    MODES,
    NOTHING,
    OFF,
    OPTIONS,
    SEVERITIES,
    STATUSES,
    VALUES,
    VERBS,
    Graph,
    Verb,
    Word,
)
from shared.audit import RULES
from shared.audit.paging import By, FindingQuery
from shared.models import Severity
from shared.query import LARGEST_PAGE, AssistantQuery, Choice, Sort, SortField

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

WORDS: list[Word] = [
    *(usage.word for usage in VERBS.values()),
    *GRAPHS.values(),
    *STATUSES.values(),
    *MODES.values(),
    *FORMATS.values(),
    *(word for table in VALUES.values() for word in table.values()),
    *GROUPS.values(),
    *SEVERITIES.values(),
    *GROUPINGS.values(),
    *(HERE, OFF, NOTHING, DAILY),
]
SPELLINGS = sorted({spelling for word in WORDS for spelling in word.spellings})
LABELS = sorted(
    {f"{spelling}:" for table in (FILTERS, OPTIONS) for word in table.values() for spelling in word.spellings}
)
SIGNS = [
    *'",!:*-?.<>&|#@',
    *"“”„‟«»＂‚‘’‹›'，！：",
    " ",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\n",
    "\x00",
    "\ud83d",
    "7d",
    "42",
    "2 hours",
    "20:00-08:00",
    "18 Uhr",
    "A-17",
    "#general",
    "Europe/Berlin",
    "2026-03-05",
    *list(RULES)[:2],
]
MARKUP = ["<#C1|general>", "<@U1>", "<!channel>", "<https://a.de|a.de>", "<mailto:a@b.de|a@b.de>", "&lt;", "&amp;lt;"]
KNOWN = [*SPELLINGS, *LABELS, *SIGNS, *MARKUP]

KNOWN_VERBS = [spelling for usage in VERBS.values() for spelling in usage.word.spellings]

anything = st.text(st.characters(), max_size=200)
"""Lone surrogates too: JSON can carry them."""
nearly_commands = st.lists(st.sampled_from(KNOWN) | st.text(st.characters(), max_size=5), max_size=12).map("".join)
sentences = st.lists(st.sampled_from(KNOWN) | st.text(max_size=8), max_size=8).map(" ".join)
typed = anything | nearly_commands | sentences


def can_be_typed(character: str) -> bool:
    """No control characters, no halves of characters."""
    return character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cs"}


texts = (
    st.text(max_size=20)
    | st.sampled_from([*KNOWN, "*", "Sales, Support", 'say "hi"', '"', '""', "'", "- -", "Europe/*", "line\nline"])
    | nearly_commands
)
values = texts.map(lambda text: trimmed("".join(filter(can_be_typed, text)))).filter(bool)


def choices(one: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[Choice]:
    some = st.lists(one, max_size=3).map(tuple)
    return st.builds(Choice, include=some, exclude=some).filter(lambda choice: len(choice.values) >= least)


def not_spelt_otherwise(table: dict[str, Word]) -> Callable[[str], bool]:
    """A value that the grammar knows stands in a query in Famulor's word only."""
    known = {spelling.casefold() for word in table.values() for spelling in word.spellings}
    return lambda text: text in table or not any(spelling in text.casefold() for spelling in known)


searched = st.lists(choices(values, least=1), max_size=3).map(tuple)
moments = st.none() | st.datetimes(timezones=st.just(UTC))
orders = st.lists(st.builds(Sort, field=st.sampled_from(SortField), descending=st.booleans()), max_size=3).map(tuple)


def queries(
    limit: int, *, find: bool = False, lasting: bool = False, sorts: bool = True
) -> st.SearchStrategy[AssistantQuery]:
    return st.builds(
        AssistantQuery,
        account=choices(values),
        ids=choices(st.integers(0, 2**63).map(str)),
        status=choices(values.filter(not_spelt_otherwise(dict(STATUSES))) | st.sampled_from(list(STATUSES))),
        mode=choices(values.filter(not_spelt_otherwise(dict(MODES))) | st.sampled_from(list(MODES))),
        language=choices(values),
        timezone=choices(values),
        webhook=choices(st.sampled_from(["on", "off", "missing"])),
        search=st.just(()) if find else searched,
        name=searched,
        prompt=searched.filter(bool) if find else searched,
        updated_since=st.none() if lasting else moments,
        updated_before=st.none() if lasting else moments,
        sort=orders if sorts and not lasting else st.just(()),
        limit=st.just(limit),
        cursor=st.just("") | values if sorts and not lasting else st.just(""),
    )


references = values.map(lambda text: trimmed(text).rstrip(",，")).filter(
    lambda text: bool(text) and text == trimmed(text)
)
numbers = st.integers(0, 10**18 - 1)
whole_minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.just("") | st.sampled_from(sorted(available_timezones()))
hours = st.builds(Hours, whole_minutes, whole_minutes, zones, st.none() | st.sampled_from(Severity))
subscribes = st.builds(
    Subscribe,
    queries(ROWS, lasting=True),
    st.frozensets(st.sampled_from(list(GROUPS)), max_size=len(GROUPS) - 1),
    st.sampled_from(Severity),
    st.just("")
    | st.from_regex(r"\A[\w.-]+\Z", alphabet=st.characters(codec="utf-8")).filter(lambda name: name == trimmed(name)),
)
audits = st.builds(
    FindingQuery,
    assistants=queries(ROWS, sorts=False),
    rule=choices(st.sampled_from([*RULES, "*", "prompt-*", "*E*"])),
    severity=st.sampled_from(Severity),
    by=st.sampled_from(By),
    limit=st.just(FINDINGS),
    cursor=st.just("") | values,
)
rules = st.sampled_from(list(RULES))
requests: st.SearchStrategy[Request] = st.one_of(
    st.sampled_from([Overview(), Health(), Settings(), Help(), *map(Help, Verb)]),
    st.builds(Listing, queries(ROWS)),
    st.builds(Find, queries(ROWS, find=True)),
    st.builds(Export, st.sampled_from(ExportFormat), queries(LARGEST_PAGE)),
    st.builds(Show, references, choices(values)),
    st.builds(Compare, references, references, choices(values)),
    st.builds(Audit, audits),
    st.builds(Chart, st.none() | st.sampled_from(Graph), choices(values)),
    st.builds(Ignore, references, rules, st.just("") | values, choices(values)),
    st.builds(Unignore, references, rules, choices(values)),
    st.builds(History, st.just("") | references, choices(values), moments, st.none() | numbers),
    st.builds(Diff, references, choices(values), moments),
    subscribes,
    st.builds(Subscriptions, st.booleans(), st.none() | numbers),
    st.builds(Unsubscribe, st.none() | numbers),
    st.builds(Mute, references, choices(values), moments | st.datetimes() | whole_minutes, st.just("") | values),
    st.builds(Unmute, references, choices(values)),
    st.builds(Quiet, st.none() | hours),
    st.builds(Digest, st.none() | st.builds(Once, whole_minutes, zones)),
    st.builds(Explain, matter=numbers) | st.builds(Explain, change=numbers),
    st.just(Test()),
    st.builds(Log, st.none() | numbers),
)


@settings(deadline=None, max_examples=300)
@given(typed)
def test_every_text_means_something(text: str) -> None:
    assert isinstance(parse(text, NOW), Command)


def test_ten_thousand_random_texts_are_understood_or_answered() -> None:
    chance = random.Random(20260301)  # noqa: S311 # the same texts on every machine
    meanings: Counter[type] = Counter()
    for _number in range(10_000):
        parts = [
            chance.choice(KNOWN) if chance.random() < 0.8 else chr(chance.randrange(0x11_0000)) for _part in range(9)
        ]
        text = chance.choice(["", " "]).join(parts[: chance.randrange(1, 10)])
        if chance.random() < 0.5:
            text = f"{chance.choice(KNOWN_VERBS)} {text if chance.random() < 0.5 else chance.choice(SIGNS)}"
        meanings[type(parse(text, NOW))] += 1
    # Nothing that a text can mean is missing from the ten thousand.
    assert set(meanings) == set(get_args(Command))


@settings(deadline=None, max_examples=400)
@given(requests, st.sampled_from(["en", "de", "fr"]))
@example(Listing(AssistantQuery(search=(Choice(include=("<#C1|general>", "&lt;", "&amp;lt;")),), limit=ROWS)), "en")
@example(Show('"Sales" and "Support"'), "de")
@example(Compare("and", "und"), "de")
def test_a_command_that_is_written_down_is_read_as_the_same_command(command: Request, language: str) -> None:
    assert parse(written(command, language), NOW) == command


@settings(deadline=None, max_examples=100)
@given(subscribes, st.sampled_from(["en", "de"]))
def test_what_a_subscription_asks_for_may_be_typed_into_another_channel(command: Subscribe, language: str) -> None:
    said = asked_for(command, language)
    assert parse(f"{VERBS[Verb.SUBSCRIBE].word(language)} {said} #C1", NOW) == replace(command, channel="C1")


@settings(deadline=None, max_examples=200)
@given(typed, st.sampled_from(["en", "de"]))
def test_what_was_typed_and_understood_is_written_down_for_good(text: str, language: str) -> None:
    command = parse(text, NOW)
    if isinstance(command, Request):
        # Times that were relative are absolute now.
        assert parse(written(command, language), NOW + timedelta(days=1)) == command


@settings(deadline=None, max_examples=200)
@given(typed)
def test_what_is_suggested_is_a_command_that_only_reads(text: str) -> None:
    command = parse(text, NOW)
    if isinstance(command, Unknown):
        for suggested in filter(None, (command.suggestion, command.literally)):
            meant = parse(suggested, NOW)
            assert isinstance(meant, Request)
            assert not isinstance(meant, Settings | Writing)


@pytest.mark.parametrize("word", [usage.word for usage in VERBS.values() if usage.writes])
def test_no_slip_of_the_pen_leads_to_a_verb_that_writes(word: Word) -> None:
    for spelling in word.spellings:
        slips = {spelling[:place] + spelling[place + 1 :] for place in range(len(spelling))}
        for slip in slips | {f"{spelling}x", f"x{spelling}", f"{spelling}!"}:
            meant = parse(slip, NOW)
            if isinstance(meant, Unknown):
                assert not isinstance(parse(meant.suggestion, NOW), Settings | Writing | Invalid | Unknown)
            else:
                # A slip may be another word, as "mutes" is none and "subscription" is.
                assert isinstance(meant, Settings | Request)


@pytest.mark.parametrize("before", ["", "outbound ", "compare "])
@pytest.mark.parametrize(
    "unit",
    ["a", "a ", "a,", '"', '" ', "‘", "’ ", "! ", ",", "activ ", "mode:x ", "x:", "x: ", "<@", "&lt;", "\u200b", "é "],
)
def test_a_hundred_thousand_characters_mean_something_too(before: str, unit: str) -> None:
    command = parse(before + unit * (100_000 // len(unit)), NOW)
    assert isinstance(command, Command)
    if isinstance(command, Request):
        assert parse(written(command), NOW) == command
