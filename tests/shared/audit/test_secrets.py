"""Keys, passwords, card and account numbers in texts: found where they are some, and never quoted."""

import pytest

from shared.audit import RULES, Finding
from shared.masking import MASK, masked_text, secrets_in
from tests.shared.audit.worlds import PROMPT, assistant, broken, findings


def about(text: str) -> list[Finding]:
    return findings(assistant(system_prompt=PROMPT + text))


LETTERS = "a1B2c3D4e5F6g7H8i9J0"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Nimm den Schlüssel sk-proj-{LETTERS}, falls nötig.", f"sk-{MASK}"),
        (f"sk-{LETTERS}{LETTERS}", f"sk-{MASK}"),
        (f"sk_live_{LETTERS}", f"sk_{MASK}"),
        (f"whsec_{LETTERS}", f"whsec_{MASK}"),
        (f"(ghp_{LETTERS}{LETTERS})", f"ghp_{MASK}"),
        (f"xoxb-123456789012-{LETTERS}", f"xoxb-{MASK}"),
        ("AKIAIOSFODNN7EXAMPLE", f"AKIA{MASK}"),
        (f"AIza{LETTERS}{LETTERS}", f"AIza{MASK}"),
        (f"eyJhbGciOiJI.eyJzdWIiOiIx.{LETTERS}", f"eyJ{MASK}"),
        (f"SG.{LETTERS}.{LETTERS}", f"SG.{MASK}"),
        (f"12|{LETTERS}{LETTERS}", f"12|{MASK}"),
        (f"Authorization: Bearer {LETTERS}", f"Bearer {MASK}"),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{LETTERS}", f"-----BEGIN RSA PRIVATE KEY-----{MASK}"),
        (f"https://hooks.slack.com/services/T1234/B1234/{LETTERS}", f"hooks.slack.com/services/{MASK}"),
        ("Ruf https://anna:geheim77@crm.example.com/ auf.", f"https://{MASK}"),
        ("Das Passwort lautet „Sommer2024!“.", f"Passwort lautet „{MASK}"),
        ("API key: 9f8e7d6c5b4a", f"API key: {MASK}"),
        ('"client_secret" = "9f8e7d6c5b4a"', f'client_secret" = "{MASK}'),
    ],
)
def test_a_key_is_found_and_only_what_it_begins_with_is_shown(text: str, masked: str) -> None:
    (wrong,) = about(text)
    assert (wrong.rule, wrong.subject, wrong.facts) == ("prompt-secret", masked, {"masked": masked})
    assert masked in masked_text(f"x {text} x")
    assert not any(secret in masked_text(text) for secret in (LETTERS, "Sommer2024", "geheim77", "9f8e7d6c5b4a"))


@pytest.mark.parametrize(
    "text",
    [
        "Risk-management-Themen, SK-Versicherung-2024, HF-Technologie, pk-Kabelanlagen und token-basierte Verfahren.",
        "Das Passwort bekommt der Kunde per SMS. Passwort: mindestens acht Zeichen. Token: 8-stellig, 2024-05-06.",
        "Never ask for a password, PIN, secret question or API key: they are on https://app.example.com/v1/keys.",
        "Password: {{current_date}}. Token: <token123>. Secret: ••••••••1. Kennwort: (s. Anhang)",
        "Donaudampfschifffahrtsgesellschaft https://shop.example.com:8443/a/very-long-path-2024?utm_source=famulor_call",
        "Bearer of good news",
        "The key is to listen. The secret is patience2 learn.",
    ],
)
def test_ordinary_text_is_no_secret(text: str) -> None:
    assert about(text) == []
    assert list(secrets_in(text)) == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("4111 1111 1111 1111", "1111"),
        ("5555-5555-5555-4444", "4444"),
        ("Karte 2223003122003222.", "3222"),
        ("378282246310005", "0005"),
        ("3782 822463 10005", "0005"),
        ("3056\u00a0930902\u00a05904", "5904"),
        ("6011111111111117", "1117"),
        ("3530111333300000", "0000"),
    ],
)
def test_a_card_number_is_found_by_its_shape_and_check_digit(text: str, last: str) -> None:
    (wrong,) = about(f"Zahlung mit {text}")
    assert (wrong.rule, wrong.facts) == ("prompt-card", {"masked": MASK + last})


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # check digit
        "0000 0000 0000 0000",
        "7992739871304242",  # right check digit, no issuer's
        "+4111111111111111",
        "DE4111111111111111",
        "41111111111111111",
        "4111 1111 11111111",
        "Sendung 00340434161094042557, Zähler 1ISK0012345678, 2024-01-02 10:00",
        "Rufnummern: 030 1234 5678 9012, 0800 4111 1111",
        "4111.1111.1111.1111",
    ],
)
def test_a_long_number_alone_is_no_card(text: str) -> None:
    assert about(text) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("DE89 3704 0044 0532 0130 00", f"DE{MASK}3000"),
        ("IBAN: DE89370400440532013000.", f"DE{MASK}3000"),
        ("DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX", f"DE{MASK}3000"),
        ("AT61 1904 3002 3457 3201 BLZ 12000", f"AT{MASK}3201"),
        ("GB29 NWBK 6016 1331 9268 19", f"GB{MASK}6819"),
    ],
)
def test_an_iban_is_found_by_its_checksum(text: str, masked: str) -> None:
    (wrong,) = about(text)
    assert (wrong.rule, wrong.facts) == ("prompt-iban", {"masked": masked})
    assert RULES["prompt-iban"].what.en.format(**wrong.facts) == f"There is an IBAN in the text: {masked}"


@pytest.mark.parametrize("text", ["DE89 3704 0044 0532 0130 01", "XX89 3704 0044 0532 0130 00", "AB12 CDEF 1234 5678"])
def test_what_only_looks_like_an_iban_is_none(text: str) -> None:
    assert about(text) == []


def test_the_greeting_is_searched_too_and_of_many_the_first_are_told() -> None:
    greeting = "Guten Tag, hier ist Klara. Passwort: Sommer2024"
    assert broken(assistant(initial_message=greeting)) == ["prompt-secret"]
    assert [one.rule for one in about(" ".join(f"{n}|{LETTERS}{LETTERS}" for n in range(100)))] == [
        "prompt-secret"
    ] * 20
    assert [one.subject for one in about("Token, key, API key! " * 9 + "API key: 9f8e7d6c5b4a")] == [f"API key: {MASK}"]
    assert [one.subject for one in about("4111111111111111 oder 4111 1111 1111 1111")] == [f"{MASK}1111"]


@pytest.mark.parametrize(
    "piece",
    [
        "sk-",
        "hf_a-",
        "eyJa.",
        "eyJ" + "a" * 9,
        "SG.",
        "1|",
        "bearer ",
        "token: ",
        "https://a:",
        "4111 ",
        "41111",
        "DE89 ",
        "DE893704",
        "-----BEGIN ",
        "key=1a",
        "AIza",
        "passwort ist ",
    ],
)
def test_a_hostile_text_ends(piece: str) -> None:
    hostile = piece * (200_000 // len(piece))
    assert "prompt-long" in broken(assistant(system_prompt=hostile))
    assert len(masked_text(hostile)) <= len(hostile)


def test_a_key_that_names_its_issuer_is_told_once_whatever_the_text_calls_it() -> None:
    assert list(secrets_in("API key: sk-proj-4fT9xQ2mW7bN1kZ8vR5cY3hJ")) == [f"sk-{MASK}"]
