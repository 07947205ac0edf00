"""Rules about the greeting, the first sentence that is spoken, word for word."""

from collections.abc import Iterator
from itertools import islice

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.languages import detected, languages_as_facts, own_language
from shared.audit.placeholders import placeholders
from shared.audit.texts import NAMED, excerpt, is_blank
from shared.models import Assistant, Severity

LONGEST = 200
"""Characters that Famulor takes when a greeting is saved (its reference, `initial_message`)."""


def _empty(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if is_blank(assistant.initial_message):
        yield Evidence()


def _placeholder(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    left = dict.fromkeys(placeholders(assistant.initial_message, spoken=True))
    for written in islice(left, NAMED):
        shown = excerpt(written)
        yield Evidence(shown, {"placeholder": shown})


def _language(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    own = own_language(assistant, ground.names)
    # Of a language that can't be told from its neighbours, nothing is said.
    if own and (found := detected(assistant.initial_message)) and found != own:
        yield Evidence("", languages_as_facts(found, own))


def _long(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    length = len(assistant.initial_message)
    if length > LONGEST:
        yield Evidence("", {"length": str(length), "longest": str(LONGEST)})


RULES: tuple[Rule, ...] = (
    Rule(
        id="greeting-empty",
        severity=Severity.WARNING,
        title=Words("There is no greeting", "Es gibt keine Begrüßung"),
        what=Words(
            "The greeting is empty: whoever picks up hears nothing at first.",
            "Die Begrüßung ist leer: Wer abhebt, hört zuerst nichts.",
        ),
        cure=Words("Write one sentence that says who is calling.", "Einen Satz schreiben, der sagt, wer anruft."),
        check=_empty,
    ),
    Rule(
        id="greeting-placeholder",
        severity=Severity.WARNING,
        title=Words("A placeholder is left in the greeting", "Platzhalter in der Begrüßung"),
        what=Words(
            "“{placeholder}” is left in the greeting and would be read out.",
            "In der Begrüßung steht noch „{placeholder}“ und würde vorgelesen.",
        ),
        cure=Words(
            "Put the text in, or a variable in single braces.",
            "Den Text einsetzen oder eine Variable in einfachen Klammern.",
        ),
        check=_placeholder,
    ),
    Rule(
        id="greeting-language",
        severity=Severity.WARNING,
        title=Words("The greeting is in another language", "Begrüßung in einer anderen Sprache"),
        what=Words(
            "The greeting is in {found_en}, but the assistant speaks {own_en}.",
            "Die Begrüßung ist auf {found_de}, der Assistent spricht aber {own_de}.",
        ),
        cure=Words(
            "Translate the greeting, or choose the other language and a voice that speaks it.",
            "Die Begrüßung übersetzen oder die andere Sprache und eine Stimme dafür wählen.",
        ),
        check=_language,
    ),
    Rule(
        id="greeting-long",
        severity=Severity.WARNING,
        title=Words("The greeting is too long", "Die Begrüßung ist zu lang"),
        what=Words(
            "The greeting has {length} characters; Famulor takes {longest}.",
            "Die Begrüßung hat {length} Zeichen; Famulor nimmt {longest} an.",
        ),
        cure=Words(
            "Say only who is calling and why; the rest belongs in the prompt.",
            "Nur sagen, wer anruft und warum; alles Weitere gehört in den Prompt.",
        ),
        check=_long,
    ),
)
