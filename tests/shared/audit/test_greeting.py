"""What may be wrong with the greeting."""

from typing import Any

import pytest

from shared.audit import RULES
from shared.models import Names
from tests.shared.audit.test_languages import GREETINGS
from tests.shared.audit.worlds import assistant, broken, findings


def of_greeting(greeting: str, **fields: Any) -> list[str]:
    return [rule for rule in broken(assistant(initial_message=greeting, **fields)) if rule.startswith("greeting")]


@pytest.mark.parametrize("greeting", ["", " \n\t", "…", "\u200b\u200d", "–", "\ufeff"])
def test_a_greeting_without_a_word_is_none(greeting: str) -> None:
    assert of_greeting(greeting) == ["greeting-empty"]


def test_a_greeting_is_as_long_as_famulor_counts() -> None:
    assert of_greeting("ä" * 200) == []
    (wrong,) = findings(assistant(initial_message="ä" * 201))
    assert wrong.facts == {"length": "201", "longest": "200"}
    assert RULES[wrong.rule].what.en.format(**wrong.facts) == "The greeting has 201 characters; Famulor takes 200."


@pytest.mark.parametrize(
    ("greeting", "placeholder"),
    [
        ("Guten Tag, hier ist [Name] von der Musterbau.", "[Name]"),
        ("Guten Tag, hier ist Klara von [Ihre Firma].", "[Ihre Firma]"),
        ("Guten Tag <Kundenname>, hier ist Klara.", "<Kundenname>"),
        ("Guten Tag, hier ist die Firma [FIRMENNAME einfügen].", "[FIRMENNAME einfügen]"),
        ("Guten Tag Frau ____, hier ist Klara.", "____"),
        ("TODO Begrüßung", "TODO"),
        ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
        ("Hallo, wir sehen uns am [Datum] um [Uhrzeit].", "[Datum]"),
    ],
)
def test_what_is_left_to_be_filled_in_would_be_read_out(greeting: str, placeholder: str) -> None:
    wrong = findings(assistant(initial_message=greeting))
    assert {one.rule for one in wrong} == {"greeting-placeholder"}
    assert (wrong[0].subject, wrong[0].facts) == (placeholder, {"placeholder": placeholder})


@pytest.mark.parametrize(
    "greeting",
    [
        "Guten Tag! [lacht] Hier ist Klara. [pause] Passt es gerade?",
        "Guten Tag, hier ist Klara <break time='1s'/> von der Musterbau.",
        "Guten Tag, hier ist die ToDo GmbH.",
        "Guten Tag, <speak>hier ist Klara</speak>.",
    ],
)
def test_what_a_voice_understands_is_no_placeholder(greeting: str) -> None:
    assert of_greeting(greeting) == []


def test_a_greeting_in_another_language_is_told_where_it_is_sure() -> None:
    for code, greeting in GREETINGS.items():
        assert of_greeting(greeting) == ([] if code == "de" else ["greeting-language"]), code
    (wrong,) = findings(assistant(initial_message=GREETINGS["en"]))
    rule = RULES[wrong.rule]
    assert rule.what.en.format(**wrong.facts) == "The greeting is in English, but the assistant speaks German."
    assert rule.what.de.format(**wrong.facts) == "Die Begrüßung ist auf Englisch, der Assistent spricht aber Deutsch."
    # English is English everywhere; an assistant of many languages or of an unknown one may say anything.
    assert of_greeting(GREETINGS["en"], language_id=3) == []
    assert of_greeting(GREETINGS["en"], language_id=5) == []
    assert broken(assistant(initial_message=GREETINGS["en"]), names=Names()) == []
    assert of_greeting("Hi Tom, hier ist das Service Center von Smart Home Solutions: Do it yourself!") == []
