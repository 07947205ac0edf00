"""What people type about the audit → what they ask for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.grammar import FINDINGS, ROWS, Audit, Command, Help, Ignore, Invalid, Unignore, Unknown, parse, written
from bot.words import Verb
from shared.audit.paging import By, FindingQuery
from shared.models import Severity
from shared.query import AssistantQuery, Choice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENCY = Choice(include=("agency",))


def some(*values: str) -> Choice:
    return Choice(include=values)


def audit(assistants: dict[str, Any] | None = None, **fields: Any) -> Audit:
    query = AssistantQuery.model_validate({"limit": ROWS, **(assistants or {})})
    return Audit(FindingQuery.model_validate({"assistants": query, "limit": FINDINGS, **fields}))


@pytest.mark.parametrize(
    ("texts", "command"),
    [
        (("audit", "prüfe", "pruefung", "Audit!", "audit all", "prüfe alle", "audit min:info by:severity"), audit()),
        (("audit 42", "audit #42", "prüfe 042", "audit id:42"), audit({"ids": some("42")})),
        (("audit 42 57", "audit 42, 57", "audit 42,57"), audit({"ids": some("42", "57")})),
        (("audit account:agency 42", "audit 42 account:agency"), audit({"ids": some("42"), "account": AGENCY})),
        (('audit "42"',), audit({"search": (some("42"),)})),
        (("audit solar 2024",), audit({"search": (some("solar"), some("2024"))})),
        (
            (
                "audit active lang:de min:warning rule:prompt-long,greeting-empty by:rule",
                "prüfe aktiv sprache:de ab: warnung regel: prompt-long, greeting-empty je:regel",
                "prüfe je:regel regel:prompt-long regel:greeting-empty ab:warnung aktiv sprache:de",
            ),
            audit(
                {"status": some("active"), "language": some("de")},
                rule=some("prompt-long", "greeting-empty"),
                severity=Severity.WARNING,
                by=By.RULE,
            ),
        ),
        (
            ("audit rule:prompt-* !rule:prompt-long by: assistant", "prüfe regel:prompt-*,!prompt-long je:assistent"),
            audit(rule=Choice(include=("prompt-*",), exclude=("prompt-long",)), by=By.ASSISTANT),
        ),
        (("audit after:abc", "prüfe nach:abc"), audit(cursor="abc")),
        (
            ('ignore 42 prompt-long "the campaign needs it"', "ignoriere 42 regel:prompt-long the campaign needs it"),
            Ignore("42", "prompt-long", "the campaign needs it"),
        ),
        (
            (
                "ignore Sales Follow-up PROMPT-LONG because prompt-long is fine account:agency",
                "ignore account:agency Sales Follow-up prompt-long because prompt-long is fine",
            ),
            Ignore("Sales Follow-up", "prompt-long", "because prompt-long is fine", AGENCY),
        ),
        (("ignore prompt-long prompt-long",), Ignore("prompt-long", "prompt-long")),
        (
            ("ignore", "ignoriere", "ignore 42", "ignore prompt-long", "ignore account:agency prompt-long"),
            Help(Verb.IGNORE),
        ),
        (
            ("unignore 42 prompt-long", "beachte 42 prompt-long", "unignore id:42 rule:prompt-long"),
            Unignore("42", "prompt-long"),
        ),
        (("beachte Sales Follow-up prompt-long konto:agency",), Unignore("Sales Follow-up", "prompt-long", AGENCY)),
        (("unignore", "beachte 42", "unignore prompt-long"), Help(Verb.UNIGNORE)),
    ],
)
def test_these_texts_ask(texts: tuple[str, ...], command: Command) -> None:
    assert {text: parse(text, NOW) for text in texts} == dict.fromkeys(texts, command)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("audit rule:promt-long", "“promt-long” is no rule of the audit. Valid: prompt-long, "),
        ("audit min:huge", "“huge” is no severity"),
        ("audit by:colour", "“colour” is no grouping of findings. Valid: severity, rule, assistant"),
        ("prüfe je:!regel", "“!regel” is no grouping of findings"),
        ("audit sort:name", "“sort:” means nothing in an audit"),
        ("ignore 42 promt-long why", "“promt-long” is no rule of the audit. Valid: prompt-long, "),
        ("unignore 42 promt-long", "“promt-long” is no rule of the audit. Valid: prompt-long, "),
    ],
)
def test_what_does_not_exist_is_told(text: str, said: str) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Invalid)
    assert command.error.explain().startswith(said)
    assert command.topic is parse(f"help {text.split(maxsplit=1)[0]}", NOW).topic  # type: ignore[union-attr]


def test_a_slip_is_put_right_and_what_writes_is_never_guessed() -> None:
    slipped = parse("audit min:warning activ", NOW)
    assert isinstance(slipped, Unknown)
    assert slipped.suggestion == "audit min:warning active"
    wrong = parse("ignor 42 prompt-long why", NOW)
    assert isinstance(wrong, Unknown)
    assert wrong.suggestion.startswith("help ")


@pytest.mark.parametrize(
    ("command", "english", "german"),
    [
        (audit(), "audit", "prüfe"),
        (
            audit({"ids": some("42")}, rule=some("prompt-*"), severity=Severity.CRITICAL, by=By.ASSISTANT, cursor="c"),
            "audit id:42 after:c rule:prompt-* min:critical by:assistant",
            "prüfe id:42 nach:c regel:prompt-* ab:kritisch je:assistent",
        ),
        (
            Ignore("Sales Follow-up", "prompt-long", "so it is", AGENCY),
            'ignore "Sales Follow-up" prompt-long account:agency "so it is"',
            'ignoriere "Sales Follow-up" prompt-long konto:agency "so it is"',
        ),
        (Unignore("42", "prompt-long"), "unignore 42 prompt-long", "beachte 42 prompt-long"),
    ],
)
def test_a_command_is_written_down_in_either_language(
    command: Audit | Ignore | Unignore, english: str, german: str
) -> None:
    assert (written(command), written(command, "de")) == (english, german)
    assert parse(english, NOW) == parse(german, NOW) == command
