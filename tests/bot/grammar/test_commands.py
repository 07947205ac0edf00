"""What people type besides lists → the command that they mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.grammar import (
    ROWS,
    Chart,
    Command,
    Compare,
    Export,
    ExportFormat,
    Find,
    Health,
    Help,
    Overview,
    Settings,
    Show,
    Unknown,
    parse,
    written,
)
from bot.words import FILTERS, MODES, STATUSES, VALUES, VERBS, Filter, Graph, Verb
from shared.query import LARGEST_PAGE, AssistantQuery, Choice, SortField

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENCY = Choice(include=("agency",))


def find(*words: str, **fields: Any) -> Find:
    return Find(AssistantQuery(prompt=tuple(Choice(include=(word,)) for word in words), limit=ROWS, **fields))


def export(form: str = "csv", **fields: Any) -> Export:
    return Export(ExportFormat(form), AssistantQuery(limit=LARGEST_PAGE, **fields))


@pytest.mark.parametrize(
    ("texts", "command"),
    [
        (("", "  ", "\u200b", ", ! :", '""', "/assistants"), Overview()),
        (("show 42", "zeige 42", "ZEIG: 42", "show id:42", 'show "42"', "show 42,"), Show("42")),
        (("show Sales Follow-up", "zeige „Sales Follow-up“", 'show name:"Sales Follow-up"'), Show("Sales Follow-up")),
        (("show 42 account:agency", "zeige konto: agency 42"), Show("42", AGENCY)),
        (("show Recruiting: erstes Gespräch",), Show("Recruiting: erstes Gespräch")),
        (('show "account:one"',), Show("account:one")),
        (("show active",), Show("active")),
        (("show &lt;A&amp;B&gt;",), Show("<A&B>")),
        (('show "A" and "B"',), Show('"A" and "B"')),
        (("show", "zeige ", 'show ""', "show account:agency"), Help(Verb.SHOW)),
        (
            (
                "compare 42 57",
                "vergleiche 42 57",
                "compare 42,57",
                "compare 42, 57",
                "compare 42 and 57",
                "vergleich 42 mit 57",
            ),
            Compare("42", "57"),
        ),
        (("compare 42 57 account:agency",), Compare("42", "57", AGENCY)),
        (
            (
                'compare "Sales Follow-up" Solar Beratung',
                "compare Sales Follow-up “Solar Beratung”",
                "compare Sales Follow-up und Solar Beratung",
                "compare Sales Follow-up, Solar Beratung",
                "compare „Sales Follow-up“ „Solar Beratung“",
            ),
            Compare("Sales Follow-up", "Solar Beratung"),
        ),
        (("compare", "compare 42", "compare A B C", "compare A and B and C", "vergleiche ,"), Help(Verb.COMPARE)),
        (('find "refund"', "suche refund", "find prompt:refund", "FINDE „refund“"), find("refund")),
        (("find call back",), find("call", "back")),
        (
            ("find refund active lang:de",),
            find("refund", status=Choice(include=("active",)), language=Choice(include=("de",))),
        ),
        (("find active",), find("active")),
        (('find "active" !inaktiv',), find("active", status=Choice(exclude=("inactive",)))),
        (("find activ refunds",), find("activ", "refunds")),
        (("find all",), find("all")),
        (("find", "suche lang:de"), Help(Verb.FIND)),
        (("export", "export csv", "exportiere CSV alle", "export excel"), export()),
        (("export json active", "export active json"), export("json", status=Choice(include=("active",)))),
        (("health", "zustand", "Health!", "health please"), Health()),
        (("settings", "einstellungen"), Settings()),
        (("help", "hilfe", "?", "help!", "help weather", "help me"), Help()),
        (("help find", "hilfe suche", "? finde"), Help(Verb.FIND)),
        (("help outbound", "hilfe ausgehend", "help lang", "help status:", "help active"), Help(Verb.OUTBOUND)),
        (("chart", "Diagramm", "diagramme", "chart all", "chart status changes"), Chart()),
        (("chart findings", "diagramm befunde", "chart audit", "Diagramm Befunde"), Chart(Graph.FINDINGS)),
        (("chart changes account:agency", "diagramm konto: agency änderungen"), Chart(Graph.CHANGES, AGENCY)),
        (("help chart", "hilfe diagramm"), Help(Verb.CHART)),
    ],
)
def test_these_texts_mean(texts: tuple[str, ...], command: Command) -> None:
    assert {text: parse(text, NOW) for text in texts} == dict.fromkeys(texts, command)


@pytest.mark.parametrize(
    ("text", "suggestion", "literally"),
    [
        ("activ", "active", 'outbound "activ"'),
        ("outbnd aktiv", "outbound aktiv", 'outbound "outbnd" aktiv'),
        ("hlep", "help", 'outbound "hlep"'),
        ("shwo 42", "show 42", 'outbound "shwo" 42'),
        ("zustnd", "zustand", 'outbound "zustnd"'),
        ("outbuond activ dualplx", "outbound active dualplex", None),
        ("sttus:active", "status:active", 'outbound "sttus:active"'),
        ("mode pipeline", "mode: pipeline", 'outbound "mode" pipeline'),
        ("colour:red", "", 'outbound "colour:red"'),
        ("42", "show 42", ""),
        ("#42", "show #42", ""),
        ("solar", "outbound solar", ""),
        ("solar active", "outbound solar active", ""),
        ('"lead" active', 'outbound "lead" active', ""),
        ("solar activ", "outbound solar active", ""),
        ("&amp;lt;", "outbound &amp;lt;", ""),
        ("what is the weather like", "", ""),
        ("mutee 42", "help mute 42", 'outbound "mutee" 42'),
        ("subscibe", "subscribe", 'outbound "subscibe"'),
        ("hlep audit", "help audit", 'outbound "hlep" audit'),
        ("setings", "help settings", 'outbound "setings"'),
        ("einstelungen", "help einstellungen", 'outbound "einstelungen"'),
        ("x" * 100_000, "", ""),
    ],
)
def test_a_first_word_that_nobody_knows_is_answered_with_what_was_meant(
    text: str, suggestion: str, literally: str | None
) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Unknown)
    assert command.suggestion == suggestion
    if literally is not None:
        assert command.literally == literally


@pytest.mark.parametrize(
    ("command", "english", "german"),
    [
        (Overview(), "", ""),
        (Show("42"), "show 42", "zeige 42"),
        (Show("Sales Follow-up", AGENCY), "show Sales Follow-up account:agency", "zeige Sales Follow-up konto:agency"),
        (Show('Say "hi"'), 'show "Say ""hi"""', 'zeige "Say ""hi"""'),
        (Compare("42", "Sales Follow-up"), 'compare 42 "Sales Follow-up"', 'vergleiche 42 "Sales Follow-up"'),
        (find("refund"), 'find "refund"', 'suche "refund"'),
        (export("json"), "export json", "exportiere json"),
        (Chart(), "chart", "diagramm"),
        (Chart(Graph.CHANGES, AGENCY), "chart changes account:agency", "diagramm änderungen konto:agency"),
        (Health(), "health", "zustand"),
        (Settings(), "settings", "einstellungen"),
        (Help(Verb.FIND), "help find", "hilfe suche"),
    ],
)
def test_a_command_is_written_in_either_language(command: Command, english: str, german: str) -> None:
    assert not isinstance(command, Unknown)
    assert written(command) == english
    assert written(command, "de") == german


def test_every_example_of_a_verb_is_that_verb_in_both_languages() -> None:
    for verb, usage in VERBS.items():
        kind = type(parse(usage.examples[0], NOW))
        for english, german in zip(usage.examples, usage.german_examples, strict=True):
            assert type(parse(english, NOW)) is kind, english
            assert type(parse(german, NOW)) is kind, german
            assert parse(f"help {usage.word.german}", NOW) == Help(verb)
        assert usage.shown("de") == usage.german_examples
        assert usage.shown("fr") == usage.examples


def test_no_spelling_means_two_things() -> None:
    words = [usage.word for usage in VERBS.values()]
    words += [*STATUSES.values(), *MODES.values(), *FILTERS.values()]
    spellings = [spelling for word in words for spelling in set(word.spellings)]
    assert len(spellings) == len(set(spellings))


def test_everything_that_can_be_sorted_by_has_a_word() -> None:
    assert set(VALUES[Filter.SORT]) == {field.value for field in SortField}
