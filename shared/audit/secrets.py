"""Rules about what must not stand in a text that a language model is given: keys, card and account numbers."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from string import digits

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.texts import NAMED
from shared.masking import MASK, secrets_in
from shared.models import Assistant, Severity

FEWEST = 10
"""Digits in the shortest of these numbers, letters among them or not."""
# Four digits on end are in each of the numbers that are looked for, and in few texts. Written out, it is twice as fast.
_DIGITS = re.compile(r"[0-9][0-9][0-9][0-9]")
# By the issuers' first digits and lengths, in their customary groups or without any: a long number alone is a parcel's,
# an order's, a telephone's, and one in ten of those has a right check digit.
_CARD = re.compile(
    r"(?<![\w+.,/=-])(?:"
    r"(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6011|65[0-9]{2}|35[2-8][0-9])(?P<gap>[ \u00a0-]?)"
    r"[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}"
    r"|3[47][0-9]{2}(?P<amex>[ \u00a0-]?)[0-9]{6}(?P=amex)[0-9]{5}"
    r"|3(?:0[0-5]|[68][0-9])[0-9](?P<diners>[ \u00a0-]?)[0-9]{6}(?P=diners)[0-9]{4}"
    r")(?![ -]?[0-9]|\w)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?:[ \u00a0]?[0-9A-Z]{4}){2,7}(?:[ \u00a0]?[0-9A-Z]{1,3})?(?!\w)")


def _secret(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    yield from _masked(chain.from_iterable(map(secrets_in, _texts(assistant))))


def _card(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    yield from _masked(chain.from_iterable(map(_cards_in, _texts(assistant))))


def _iban(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    yield from _masked(chain.from_iterable(map(_ibans_in, _texts(assistant))))


def _texts(assistant: Assistant) -> tuple[str, str]:
    return assistant.system_prompt, assistant.initial_message


def _masked(found: Iterable[str]) -> Iterator[Evidence]:
    return (Evidence(shown, {"masked": shown}) for shown in islice(dict.fromkeys(found), NAMED))


# Two rules ask in a row; and to count is ten times as quick as to search.
@lru_cache(maxsize=4)
def _has_numbers(text: str) -> bool:
    return sum(map(text.count, digits)) >= FEWEST and _DIGITS.search(text) is not None


def _cards_in(text: str) -> Iterator[str]:
    """The last four digits of each, as receipts show them."""
    if _has_numbers(text):
        from stdnum import luhn  # noqa: PLC0415 # few texts need it

        for found in _CARD.finditer(text):
            number = "".join(character for character in found.group() if character.isdigit())
            # Zeros on end pass the check, and are nobody's.
            if len(set(number)) > 1 and luhn.is_valid(number):
                yield f"{MASK}{number[-4:]}"


def _ibans_in(text: str) -> Iterator[str]:
    """The country and the last four of each."""
    if _has_numbers(text):
        from stdnum import iban  # noqa: PLC0415 # it reads its table of countries

        for found in _IBAN.finditer(text):
            groups = found.group().replace("\u00a0", " ").split(" ")
            # Words in capitals that follow ("BIC …") look like another group.
            for count in range(len(groups), max(len(groups) - 3, 0), -1):
                number = "".join(groups[:count])
                if iban.is_valid(number):
                    yield f"{number[:2]}{MASK}{number[-4:]}"
                    break


RULES: tuple[Rule, ...] = (
    Rule(
        id="prompt-secret",
        severity=Severity.CRITICAL,
        title=Words("A key or password in the text", "Schlüssel oder Passwort im Text"),
        what=Words(
            "There is a key or password in the text, which the assistant may give away: {masked}",
            "Im Text steht ein Schlüssel oder Passwort, das der Assistent ausplaudern kann: {masked}",
        ),
        cure=Words(
            "Remove it, and replace the key where it was issued: it must be taken as known.",
            "Entfernen und dort, wo der Schlüssel ausgestellt wurde, erneuern: Er gilt als bekannt.",
        ),
        check=_secret,
    ),
    Rule(
        id="prompt-card",
        severity=Severity.CRITICAL,
        title=Words("A card number in the text", "Kartennummer im Text"),
        what=Words(
            "There is the number of a payment card in the text: {masked}",
            "Im Text steht die Nummer einer Zahlungskarte: {masked}",
        ),
        cure=Words("Remove it.", "Die Nummer entfernen."),
        check=_card,
    ),
    Rule(
        id="prompt-iban",
        severity=Severity.WARNING,
        title=Words("An account number in the text", "Kontonummer im Text"),
        what=Words(
            "There is an IBAN in the text: {masked}",
            "Im Text steht eine IBAN: {masked}",
        ),
        cure=Words(
            "Send account numbers in writing, and take this one out of the text.",
            "Kontonummern schriftlich mitteilen und diese aus dem Text nehmen.",
        ),
        check=_iban,
    ),
)
