"""German and English are equals: every text of the bot is in both, with the same places for values."""

import re
import string

import pytest

from bot import access, admission, grammar, programs  # noqa: F401 # their errors have words too
from bot.catalogues.messages import needed, translated
from bot.listeners import sharing  # noqa: F401 # the same
from bot.translation import LANGUAGES, Say
from shared.errors import FilterInvalid, RateLimited

OTHERS = [language for language in LANGUAGES if language != "en"]


def texts(message_id: object) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)  # type: ignore[arg-type]


def places(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_no_translation_is_of_a_text_that_is_gone(language: str) -> None:
    catalogue = translated(language)
    ids = {message.id for message in needed() if message.id}
    assert [text for text in ids if not (catalogue.get(text) and all(texts(catalogue[text].string)))] == []
    assert [message.id for message in catalogue if message.id and message.id not in ids] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_has_the_same_places_for_values_and_the_same_mark_up(language: str) -> None:
    wrong = []
    for message in translated(language):
        if not message.id:
            continue
        original = texts(message.id)[-1]
        for said in texts(message.string):
            same_places = places(said) == places(original)
            same_mark_up = all(said.count(mark) == original.count(mark) for mark in ("*", "`", "<", ">", "⚠️"))
            if not (same_places and same_mark_up):
                wrong.append((original, said))
    assert wrong == []


def test_a_language_that_nobody_has_translated_is_answered_in_english() -> None:
    assert Say("fr")("Close") == "Close"
    assert Say("")("Close") == "Close"
    assert Say("de")("Close") == "Schließen"


def test_numbers_durations_and_errors_are_said_in_the_language() -> None:
    german, english = Say("de"), Say("en")
    assert (german.number(12345.5), english.number(12345.5)) == ("12.345,5", "12,345.5")
    assert (german.duration(7260), english.duration(7260)) == ("2 Stunden", "2 hours")
    error = RateLimited(account="agency", evidence="429", retry_after=6.2)
    assert re.fullmatch(r".*„agency“.*in 7 s.*", german.error(error))
    assert english.error(error) == error.explain()
    assert "Sortierschlüssel" in german.error(FilterInvalid(value="x", filter="sort key", valid="name"))
