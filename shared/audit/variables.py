"""Rules about variables: names in braces that nobody fills in, and defaults that nobody uses."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.per_call import is_identifier, is_per_call, words_of
from shared.audit.texts import NAMED, excerpt
from shared.models import Assistant, Severity
from shared.variables import LONGEST_NAME, SYSTEM_VARIABLES, Use, unbalanced, uses

NEAREST_AMONG = 200
"""Of more declared names, the first are compared with one that isn't declared: comparing is slow."""
ALIKE = 0.75
"""How much of a name must be the same for it to be a misspelling (difflib's ratio, from 0 to 1)."""
_NEARLY = 0.85

_SYSTEM_WORDS = {
    "telephone": "customer_phone",
    "telefon": "customer_phone",
    "telefonnummer": "customer_phone",
    "phone": "customer_phone",
    "mobile": "customer_phone",
    "date": "current_date",
    "today": "current_date",
    "datum": "current_date",
    "heute": "current_date",
    "time": "current_time",
    "now": "current_time",
    "uhrzeit": "current_time",
    "customer_number": "customer_phone",
    "caller_number": "customer_phone",
    "caller_id": "customer_phone",
    "contact_number": "customer_phone",
}
"""Which system variable somebody means by a name, or by one word of it."""


class _Faults(NamedTuple):
    """An assistant's variables, by what is wrong with them."""

    undeclared: tuple[Evidence, ...]
    unknown: tuple[Evidence, ...]
    single: tuple[Evidence, ...]
    double: tuple[Evidence, ...]
    unbalanced: tuple[Evidence, ...]
    unused: tuple[str, ...]


def _undeclared(assistant: Assistant, _ground: Ground) -> Iterable[Evidence]:
    return _of(assistant).undeclared


def _unknown(assistant: Assistant, _ground: Ground) -> Iterable[Evidence]:
    return _of(assistant).unknown


def _single(assistant: Assistant, _ground: Ground) -> Iterable[Evidence]:
    return _of(assistant).single


def _double(assistant: Assistant, _ground: Ground) -> Iterable[Evidence]:
    return _of(assistant).double


def _unbalanced(assistant: Assistant, _ground: Ground) -> Iterable[Evidence]:
    return _of(assistant).unbalanced


def _unused(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    # Whoever receives the webhook gets the call's variables back: ids are declared for that alone.
    names = (name for name in _of(assistant).unused if not (assistant.is_webhook_active and is_identifier(name)))
    return (_evidence(name, {"variable": f"{{{name}}}"}) for name in islice(names, NAMED))


def _of(assistant: Assistant) -> _Faults:
    return _faults(assistant.initial_message, assistant.system_prompt, tuple(assistant.variables))


# Six rules ask in a row.
@lru_cache(maxsize=4)
def _faults(greeting: str, prompt: str, declared: tuple[str, ...]) -> _Faults:
    names = dict.fromkeys(declared)
    used_in = {text: tuple(uses(text, names)) for text in (greeting, prompt)}
    used = tuple(chain.from_iterable(used_in.values()))
    called = dict.fromkeys(use.name for use in used if not use.system)
    system = dict.fromkeys(use.name for use in used if use.system)
    broken = dict(pair for text, those in used_in.items() if not _is_whole(text, those) for pair in unbalanced(text))
    undeclared: list[Evidence] = []
    single: list[Evidence] = []
    unknown: list[Evidence] = []
    double: list[Evidence] = []
    meant: set[str] = set()
    for name in called:
        # One fault is one finding: where a brace is missing, the other count of braces follows from that.
        if name in names or name in broken:
            continue
        if name in SYSTEM_VARIABLES:
            single.append(_right(f"{{{name}}}", f"{{{{{name}}}}}", name))
        elif not is_per_call(name) and len(undeclared) < NAMED:
            nearest = _nearest(name, declared)
            meant.add(nearest)
            facts = {"variable": f"{{{name}}}", "nearest": f"{{{nearest}}}" if nearest else "–"}
            undeclared.append(_evidence(name, facts))
    for name in system:
        if name in SYSTEM_VARIABLES or name in broken:
            continue
        nearest, is_sure = _nearest_system(name)
        if name in names or (is_per_call(name) and not is_sure):
            double.append(_right(f"{{{{{name}}}}}", f"{{{name}}}", name))
        elif len(unknown) < NAMED:
            unknown.append(_evidence(name, {"variable": f"{{{{{name}}}}}", "nearest": f"{{{{{nearest}}}}}"}))
    return _Faults(
        undeclared=tuple(undeclared),
        unknown=tuple(unknown),
        single=tuple(single),
        double=tuple(double[:NAMED]),
        unbalanced=tuple(_evidence(name, {"variable": written}) for name, written in islice(broken.items(), NAMED)),
        unused=tuple(
            name for name in declared if not (name in called or name in system or name in broken or name in meant)
        ),
    )


def _is_whole(text: str, used: Iterable[Use]) -> bool:
    """Whether every brace belongs to a use: nearly every text, and counting is quick."""
    braces = sum(1 + use.system for use in used)
    return text.count("{") == braces == text.count("}")


def _nearest(name: str, declared: tuple[str, ...]) -> str:
    """The declared name that this one may be a misspelling of, "" where there is none."""
    candidates = [one for one in declared[:NEAREST_AMONG] if len(one) <= LONGEST_NAME]
    return next(iter(get_close_matches(name[:LONGEST_NAME], candidates, 1, ALIKE)), "")


# The same names come with many assistants, and to compare is slow.
@lru_cache(maxsize=256)
def _nearest_system(name: str) -> tuple[str, bool]:
    """The system variable that is most like this name, and whether it surely is meant."""
    name = name[:LONGEST_NAME]
    alike = {one: SequenceMatcher(None, name, one).ratio() for one in SYSTEM_VARIABLES}
    nearest = max(alike, key=alike.__getitem__)
    if alike[nearest] >= _NEARLY:
        return nearest, True
    words = words_of(name)
    about = next((_SYSTEM_WORDS[word] for word in (*words, "_".join(words)) if word in _SYSTEM_WORDS), "")
    return about or nearest, bool(about)


def _right(variable: str, right: str, name: str) -> Evidence:
    return _evidence(name, {"variable": variable, "right": right})


def _evidence(name: str, facts: dict[str, str]) -> Evidence:
    return Evidence(excerpt(name), {fact: excerpt(value) for fact, value in facts.items()})


RULES: tuple[Rule, ...] = (
    Rule(
        id="undeclared-variable",
        severity=Severity.WARNING,
        title=Words("A variable is not declared", "Eine Variable ist nicht angelegt"),
        what=Words(
            "{variable} is used but not declared (nearest declared name: {nearest}).",
            "{variable} wird verwendet, ist aber nicht angelegt (ähnlichster angelegter Name: {nearest}).",
        ),
        cure=Words(
            "Correct the name, or declare the variable with a default; otherwise every call has to bring a value.",
            "Den Namen berichtigen oder die Variable mit einem Standardwert anlegen; sonst muss jeder Anruf einen "
            "Wert mitbringen.",
        ),
        check=_undeclared,
    ),
    Rule(
        id="unknown-system-variable",
        severity=Severity.WARNING,
        title=Words("There is no such system variable", "Diese Systemvariable gibt es nicht"),
        what=Words(
            "{variable} is no system variable; the nearest is {nearest}.",
            "{variable} ist keine Systemvariable; am ähnlichsten ist {nearest}.",
        ),
        cure=Words(
            "Write {nearest}, or declare a variable of your own and put it in single braces.",
            "{nearest} schreiben oder eine eigene Variable anlegen und in einfache Klammern setzen.",
        ),
        check=_unknown,
    ),
    Rule(
        id="single-braces",
        severity=Severity.WARNING,
        title=Words("A system variable in single braces", "Systemvariable in einfachen Klammern"),
        what=Words(
            "{variable} has single braces, so Famulor does not fill it in.",
            "{variable} steht in einfachen Klammern und wird von Famulor deshalb nicht ausgefüllt.",
        ),
        cure=Words("Write {right}.", "{right} schreiben."),
        check=_single,
    ),
    Rule(
        id="double-braces",
        severity=Severity.WARNING,
        title=Words("A call variable in double braces", "Anrufvariable in doppelten Klammern"),
        what=Words(
            "{variable} has double braces, but is no system variable: nothing is filled in.",
            "{variable} steht in doppelten Klammern, ist aber keine Systemvariable: Es wird nichts eingesetzt.",
        ),
        cure=Words("Write {right}.", "{right} schreiben."),
        check=_double,
    ),
    Rule(
        id="unbalanced-braces",
        severity=Severity.WARNING,
        title=Words("Braces don't match", "Klammern passen nicht zusammen"),
        what=Words(
            "At {variable}, a brace is missing or one too many.",
            "Bei {variable} fehlt eine geschweifte Klammer, oder es ist eine zu viel.",
        ),
        cure=Words(
            "Call variables stand in single braces, system variables in double ones, on both sides alike.",
            "Anrufvariablen stehen in einfachen, Systemvariablen in doppelten Klammern, auf beiden Seiten gleich.",
        ),
        check=_unbalanced,
    ),
    Rule(
        id="unused-variable",
        severity=Severity.INFO,
        title=Words("A variable is not used", "Eine Variable wird nicht verwendet"),
        what=Words(
            "{variable} is declared, but neither the greeting nor the prompt uses it.",
            "{variable} ist angelegt, kommt aber weder in der Begrüßung noch im Prompt vor.",
        ),
        cure=Words("Use it, or remove it.", "Die Variable verwenden oder löschen."),
        check=_unused,
    ),
)
