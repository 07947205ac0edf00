"""What an account asks for by its region."""

from dataclasses import replace

import pytest

from shared.audit import RULES, of_assistant
from tests.shared.audit.worlds import assistant, ground

GERMAN = (
    "Du bist Klara und rufst für die Musterbau an, weil ein Angebot noch offen ist. "
    "Frage nach, ob es passt, und hör zu. Verabschiede dich dann."
)
ENGLISH = (
    "You are Klara and you are calling about an offer that is still open. "
    "Ask whether it was clear, and listen to them. Then say goodbye."
)
FRENCH = (
    "Tu es Camille et tu appelles pour la société Soleil. "
    "Demande si le devis est clair, et écoute ce que dit le client. Dis au revoir à la fin."
)


def asked(region: str, prompt: str, greeting: str = "Guten Tag, hier ist Klara.") -> list[str]:
    one = assistant(system_prompt=prompt, initial_message=greeting, variables={}, language_id=None, voice_id=None)
    return [finding.rule for finding in of_assistant(one, replace(ground(one), region=region))]


def test_who_asks_for_nothing_hears_nothing() -> None:
    assert asked("", GERMAN) == []
    assert asked("", ENGLISH) == []


@pytest.mark.parametrize("prompt", [GERMAN, ENGLISH])
def test_each_region_asks_for_its_own(prompt: str) -> None:
    everywhere = ["opt-out-missing", "recording-notice-missing"]
    for region in ("de", "at", "eu"):
        assert asked(region, prompt) == [*everywhere, "ai-notice-missing"]
    for region in ("ch", "uk", "us"):
        assert asked(region, prompt) == everywhere
    for rule in everywhere:
        assert "Rechtsberatung" in RULES[rule].cure.de.format()


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("opt-out-missing", "Wer nicht mehr angerufen werden möchte, wird ausgetragen."),
        ("opt-out-missing", "Wer kein Interesse hat, bekommt keinen weiteren Anruf."),
        ("opt-out-missing", "Auf Wunsch wird die Nummer gelöscht."),
        ("opt-out-missing", "Notiere jeden Widerspruch gegen Werbeanrufe."),
        ("opt-out-missing", "If asked not to be called again, apologize."),
        ("opt-out-missing", "When they want to opt out, say goodbye."),
        ("opt-out-missing", "Offer to take them off the list."),
        ("opt-out-missing", "Stop calling when they ask for it."),
        ("recording-notice-missing", "Weise darauf hin, dass das Gespräch aufgezeichnet wird."),
        ("recording-notice-missing", "Das Gespräch wird nicht mitgeschnitten."),
        ("recording-notice-missing", "Say that the call is recorded for training."),
        ("recording-notice-missing", "Mention that a transcript is kept."),
        ("ai-notice-missing", "Sag, dass du eine KI bist."),
        ("ai-notice-missing", "Du bist die digitale Assistentin des Hauses."),
        ("ai-notice-missing", "You are an automated assistant, and say so."),
        ("ai-notice-missing", "Say that you are an AI."),
    ],
)
def test_who_speaks_of_it_is_not_reminded(rule: str, sentence: str) -> None:
    base = ENGLISH if sentence.isascii() and " the " in f" {sentence} " else GERMAN
    assert rule in asked("de", base)
    assert rule not in asked("de", f"{base} {sentence}")
    assert rule not in asked("de", base, greeting=sentence)


@pytest.mark.parametrize("prompt", ["", " ", "Sei nett.", FRENCH, "Здравствуйте, это клиника."])
def test_of_a_prompt_in_another_language_or_in_none_nothing_is_said(prompt: str) -> None:
    assert not [rule for rule in asked("de", prompt) if rule.endswith("-missing")]
