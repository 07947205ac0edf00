"""What may be wrong with the prompt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.audit import RULES, Finding, of_assistant
from shared.models import Names
from tests.shared.audit.worlds import PROMPT, assistant, broken, findings, ground


def about(text: str, **fields: Any) -> list[Finding]:
    """What is said of a prompt that goes on with these words."""
    return findings(assistant(system_prompt=f"{PROMPT}\n{text}", **fields))


def told(rule: str, facts: Mapping[str, str]) -> tuple[str, str]:
    words = RULES[rule]
    assert words.cure.en.format(**facts)
    assert words.cure.de.format(**facts)
    return words.what.en.format(**facts), words.what.de.format(**facts)


@pytest.mark.parametrize("prompt", ["", " \n", "–", "\u200b", "###"])
def test_a_prompt_without_a_word_is_none_and_nothing_else_is_said_of_it(prompt: str) -> None:
    assert broken(assistant(system_prompt=prompt, variables={})) == ["prompt-empty"]


def test_a_prompt_is_short_or_long_by_its_characters() -> None:
    (short,) = findings(assistant(system_prompt="Sei nett zu {customer_name}."))
    assert (short.rule, short.facts) == ("prompt-short", {"length": "28"})
    assert broken(assistant(system_prompt="ä" * 120)) == []
    assert broken(assistant(system_prompt="ab " * 5333)) == []
    (long,) = findings(assistant(system_prompt="abc " * 12_000))
    assert told(long.rule, long.facts)[0] == (
        "The prompt has about 12000 tokens; reading them delays each answer by roughly 1200 ms."
    )


@pytest.mark.parametrize(
    ("text", "placeholder"),
    [
        ("TODO: Preise einsetzen", "TODO"),
        ("- TODO Preise", "TODO"),
        ("Unsere Adresse: TODO", "TODO"),
        ("(TODO) Preise", "TODO"),
        ("You work for [Company].", "[Company]"),
        ("You are [Your Name] from [company name].", "[Your Name]"),
        ("Du arbeitest für [FIRMENNAME].", "[FIRMENNAME]"),
        ("Verweise auf [Ihre Website] und [Telefonnummer einsetzen].", "[Ihre Website]"),
        ("Du bist <Agent Name>.", "<Agent Name>"),
        ("Lorem ipsum dolor sit amet", "Lorem ipsum"),
        ("Die Frist ist TBD und FIXME.", "TBD"),
        ("Insert opening hours here", "Insert opening hours here"),
        ("Öffnungszeiten hier noch einfügen", "hier noch einfügen"),
        ("Rufnummer XXX", "XXX"),
    ],
)
def test_what_was_left_to_be_filled_in_is_told(text: str, placeholder: str) -> None:
    wrong = about(text)
    assert {one.rule for one in wrong} == {"prompt-placeholder"}
    assert wrong[0].facts == {"placeholder": placeholder}
    assert told(wrong[0].rule, wrong[0].facts)[0] == f"“{placeholder}” is left in the prompt."


@pytest.mark.parametrize(
    "text",
    [
        # The model fills these in, or they are no place at all.
        'Say: "Your appointment is on [date] at [time], [first name]." Then [pause].',
        "Siehe [unsere Website](https://example.com), [1], [x] erledigt, [ ] offen, list[name], ![Firma](logo.png)",
        "<company>Musterbau</company> <name>Klara</name> <3 und 4 < 5 > 2",
        "[Company]\nMusterbau GmbH, Berlin\n[Wenn ja]\n[Schritt 1]",
        "Todo-Listen, TODO-Listen und FIXME-Kommentare sind kein Thema. FIXME comments are jokes.",
        "Die Nummer hat das Format XXX-XXXX oder XXX XXX, Größe XXXL.",
        "Bitte den Termin einfügen. Ergänze, was fehlt. Insert coins. Tobias Mustermann, TBDS, ___ und __fett__",
        "Wer [mehr wissen will: ja], bekommt <mehr>.",
    ],
)
def test_what_the_model_fills_in_or_reads_is_no_placeholder(text: str) -> None:
    assert about(text) == []


def test_todo_is_a_word_in_spanish() -> None:
    spanish = (
        "Hola, usted es la asistente de la clínica y llama a los pacientes para su cita de mañana con el doctor.\n"
    )
    assert "prompt-placeholder" not in broken(assistant(system_prompt=spanish * 2 + "TODO EL MUNDO\nTODO, siempre"))
    assert "prompt-placeholder" in broken(assistant(system_prompt=spanish * 2 + "TODO: precios"))


@pytest.mark.parametrize(
    "text",
    [
        "You are a human.",
        "You are Anna. You're a real person and work at the front desk.",
        "Pretend to be human.",
        "If asked, say that you are a human being.",
        "Claim to be a real person.",
        "Never reveal that you are an AI.",
        "Do not ever tell the customer that you're a bot.",
        "Never admit being an AI.",
        'If asked "Are you a robot?", say no.',
        "Du bist ein Mensch namens Jonas.",
        "Gib dich immer als echter Mensch aus.",
        "Sage niemals, dass du eine KI bist.",
        "Du darfst unter keinen Umständen zugeben, dass du eine KI bist.",
        "Verschweige, dass du eine KI bist.",
        "Wenn jemand fragt, ob er mit einer KI spricht, sag, dass\ndu ein echter Mensch bist.",
        "Auf die Frage, ob du eine KI bist, antworte mit „Nein“.",
        "Wenn jemand fragt, ob du ein Mensch bist, sage ja.",
        "Tu so, als wärst du ein Mensch.",
    ],
)
def test_an_assistant_that_passes_for_a_human_is_told(text: str) -> None:
    (wrong,) = about(text)
    assert wrong.rule == "claims-human"
    assert wrong.facts["excerpt"].split()[0] in text
    assert "an AI" in told(wrong.rule, wrong.facts)[0]


@pytest.mark.parametrize(
    "text",
    [
        "You are a human resources assistant. You are a friendly, human-like voice. You are a real person's assistant.",
        "Never claim to be human. Never say that you are human. Do not pretend to be a real person.",
        "If asked whether you are a human, say that you are an AI. If asked whether you are a robot, say yes.",
        "If the caller is not a real person, hang up. If you reach an answering machine, say no names.",
        "Speak naturally, like a human. Offer to connect them to a human agent. Act as a human would.",
        "Do not say that you are an AI unless asked. Always tell people that you are an AI.",
        '"You are human, right?" – Say that you are an AI.\n"I am a human, let me speak to someone." – Stay calm.',
        "Gib dich nie als Mensch aus. Behaupte nie, ein Mensch zu sein. Verschweige nie, dass du eine KI bist.",
        "Auf die Frage, ob du ein Mensch bist: Du bist eine KI. Wenn jemand fragt, ob du ein Mensch bist, sage nein.",
        "Wer das nicht möchte, wird von einem Menschen angerufen. Wenn ein Mensch abhebt, sage: Ja, guten Tag.",
        "Sage nicht gleich, dass du eine KI bist, sondern nach der Begrüßung.",
    ],
)
def test_an_assistant_that_says_what_it_is_is_well(text: str) -> None:
    assert about(text) == []


def test_a_greeting_that_claims_to_be_human_is_told_and_secrets_are_not_quoted() -> None:
    (wrong,) = findings(assistant(initial_message="Guten Tag, ich bin ein Mensch und heiße Klara."))
    assert wrong.rule == "claims-human"
    by_rule = {
        one.rule: one
        for one in about("You are a human. Password: Sommer2024\nPretend to be human with sk-" + "a1" * 20)
    }
    assert set(by_rule) == {"claims-human", "prompt-secret"}
    quoted = {one.rule: one.facts for one in about("Pretend to be human, password: Sommer2024")}
    assert quoted["claims-human"] == {"excerpt": "Pretend to be human, password: •••"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Always speak English, whatever language the customer uses.", "en"),
        ("- Sprich ausschließlich Englisch.", "en"),
        ("Antworte immer auf Französisch!", "fr"),
        ("2. Respond only in French", "fr"),
        ("Du sprichst Italienisch.", "it"),
    ],
)
def test_an_order_to_speak_another_language_is_told(text: str, language: str) -> None:
    (wrong,) = about(text)
    assert (wrong.rule, wrong.facts["found"], wrong.facts["own"]) == ("prompt-language", language, "de")
    assert "German" in told(wrong.rule, wrong.facts)[0]
    assert about(text, language_id=5, voice_id=None) == []
    assert broken(assistant(system_prompt=f"{PROMPT}{text}"), names=Names()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sprich Deutsch. Wenn jemand Englisch spricht, sprich Englisch.",
        "Speak English or French if the customer prefers it.",
        "Sprechen sie Französisch, sag: Bonjour. Sprechen Sie Englisch? Antworte nie auf Französisch.",
        "Respond to English questions. Fragen auf Englisch gehen an das Team. Speak English names slowly.",
        "Antworte auf Englisch oder Französisch.",
        "Speak Swiss Standard.",
    ],
)
def test_what_depends_or_forbids_is_no_order(text: str) -> None:
    assert about(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("All times are in Eastern Time.", "Eastern Time"),
        ("Deine Zeitzone ist America/New_York.", "America/New_York"),
        ("Time zone: PST", "PST"),
        ("Alle Zeiten in UTC.", "UTC"),
        ("You work in the Pacific time zone.", "Pacific time zone"),
    ],
)
def test_a_timezone_that_is_not_the_one_set_is_told(text: str, named: str) -> None:
    summer = replace(ground(), now=datetime(2026, 7, 1, tzinfo=UTC))
    one = assistant(system_prompt=f"{PROMPT}\n{text}")
    for around in (ground(one), summer):
        (wrong,) = of_assistant(one, around)
        assert (wrong.rule, wrong.facts) == ("prompt-timezone", {"named": named, "own": "Europe/Berlin"})
    assert "{{current_time}}" in RULES["prompt-timezone"].cure.de.format(**wrong.facts)


@pytest.mark.parametrize(
    "text",
    [
        "Alle Zeiten in MEZ. Zeitzone: Europe/Vienna. Time zone: Central European Time. Timezone CEST.",
        "Zeitzone: Mars/Olympus, Europe/Atlantis.",
        "If the customer is in another time zone, such as Eastern Time, convert. The caller's timezone is UTC.",
        "Der Termin ist um 15 Uhr UTC. Eastern Time zones of mind. Zentrale in America/New_York.",
        "Zeitzonen: America/New_York und America/Chicago.",
        "Welche Zeitzone? Frage nach.",
    ],
)
def test_other_peoples_timezones_and_the_same_by_another_name_contradict_nothing(text: str) -> None:
    assert about(text) == []


@pytest.mark.parametrize("timezone", ["", "Mars/Olympus", "Europe", "\x00", "x" * 5000])
def test_what_is_no_timezone_can_not_be_contradicted(timezone: str) -> None:
    wrong = broken(assistant(system_prompt=PROMPT + "Zeitzone: UTC", timezone=timezone))
    assert "prompt-timezone" not in wrong


@pytest.mark.parametrize(
    "piece",
    [
        "you are ",
        "you are an ai",
        "dass du ",
        "human ",
        "TODO ",
        "XXX ",
        "[Ihre ",
        "[",
        "<a",
        "insert a ",
        "hier ",
        "time zone ",
        "time zone UTC ",
        "speak english ",
        "sprechen sie ",
        "antworte ",
        "never say ",
        "sage nie ",
        "\n",
        "İ",
        "lorem",
        "___ ",
    ],
)
def test_a_hostile_text_ends(piece: str) -> None:
    hostile = piece * (200_000 // len(piece))
    one = assistant(system_prompt=hostile, initial_message=hostile)
    assert [rule for rule in broken(one) if rule.endswith(("-long", "-empty"))]
