"""Text → words: labels, values, quotes, commas and `!`, and a value as it is written down; pure and linear.

A word is `label:value,value` or `value,value`. `!` is not, before a value and before a label. Quotes of any kind keep
blanks and commas; two within them are one. A quote that isn't closed reaches to the end: every text is words.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from shared.query import Choice
from shared.query.choice import fold

# Phones and word processors put these where somebody typed a straight one, and not always in pairs.
_QUOTES = '"“”„‟«»＂'
# An apostrophe within a word is none of these: they open before a value and close after one.
_OPENING, _CLOSING = "‚‘‹›'", "’‘›‹'"

_BLANKS = re.compile(r"\s*")
_LABEL = re.compile(rf"(?P<nots>(?:[!！]\s*)*)(?P<label>[^\s:：,，!！{_QUOTES}{_OPENING}]{{1,40}})[:：](?!//)")
_NOTS = re.compile(r"(?:[!！]\s*)*")
_VALUE = re.compile(
    rf"(?:[{_QUOTES}](?P<quoted>(?:[^{_QUOTES}]|(?P<one>[{_QUOTES}])(?P=one))*)[{_QUOTES}]?"
    rf"|[{_OPENING}](?P<single>(?:[^{_CLOSING}]|[{_CLOSING}](?![\s,，]|\Z))*)[{_CLOSING}]?)?"
    r"(?P<bare>[^\s,，]*)"
)
_COMMAS = re.compile(r"[,，]*")
_TWICE = re.compile(rf"([{_QUOTES}])\1")
_PUNCTUATION = re.compile(r"[-:：;.!–—]*")
_NEEDS_NO_QUOTES = re.compile(r"[\w*](?:[\w./+*-]*[\w*])?")

LONGEST_KNOWN = 40
"""Characters; no word that is known, or nearly known, has more."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is meant (not: `negated`), and whether quotes say that it is meant as it stands."""

    text: str
    negated: bool = False
    quoted: bool = False

    @property
    def key(self) -> str:
        """As it is compared with what is known; "" in quotes."""
        return "" if self.quoted else key(self.text)

    def __str__(self) -> str:
        return f"{'!' if self.negated else ''}{quoted(self.text)}"

    @property
    def searched(self) -> str:
        """As it is written down where it stands by itself: in quotes it is never taken for something else."""
        return f"{'!' if self.negated else ''}{quoted(self.text, always=True)}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as it was typed, and what it is made of. `label` is "" where it has none, and compared as `key` does.

    `rest` is what was typed behind the label. `open` says that it ends with a comma: something may follow.
    """

    raw: str
    label: str
    rest: str
    negated: bool
    values: tuple[Value, ...]
    open: bool

    @property
    def shown(self) -> str:
        """As it was typed, without the comma to the next word."""
        return self.raw.rstrip(",，")

    @property
    def key(self) -> str:
        """The word as it is compared with what is known; "" where it is more than one plain word."""
        plain = not self.label and len(self.values) == 1 and not self.values[0].negated
        return self.values[0].key if plain else ""


def key(text: str) -> str:
    """A word as it is compared: full-width letters, upper case, umlauts and invisible characters mean nothing."""
    if len(text) > LONGEST_KNOWN:
        return ""
    if text.isascii():
        return fold(text)
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return fold(unicodedata.normalize("NFKC", visible))


def words(text: str) -> tuple[Word, ...]:
    """The words of a text without mark-up; punctuation by itself is none."""
    found = []
    position = _skip(_BLANKS, text, 0)
    while position < len(text):
        word, position = _word(text, position)
        if word.label or word.values:
            found.append(word)
        position = _skip(_BLANKS, text, position)
    return tuple(found)


def choice(values: Iterable[Value]) -> Choice:
    """Any of the wanted ones, none of the others."""
    everything = tuple(values)
    return Choice(
        include=tuple(value.text for value in everything if not value.negated),
        exclude=tuple(value.text for value in everything if value.negated),
    )


def values_of(asked: Choice) -> tuple[Value, ...]:
    """The values that `choice` puts together to this."""
    return (*map(Value, asked.include), *(Value(value, negated=True) for value in asked.exclude))


def quoted(value: str, *, always: bool = False) -> str:
    """The value so that it is read back as one, in quotes where it needs them."""
    if not always and _NEEDS_NO_QUOTES.fullmatch(value):
        return value
    doubled = re.sub(f"[{_QUOTES}]", r"\g<0>\g<0>", value)
    return f'"{doubled}"'


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _word(text: str, start: int) -> tuple[Word, int]:
    position, label, negated = start, "", False
    found = _LABEL.match(text, start)
    if found and _is_label(key(found["label"])):
        position, label, negated = found.end(), key(found["label"]), bool(found["nots"])
    behind_label = position
    values = []
    while True:
        after_commas = _skip(_COMMAS, text, position)
        ends_open = after_commas > position
        position = after_commas
        if position == len(text) or text[position].isspace():
            break
        value, position = _value(text, position)
        if value.text:
            values.append(value)
    raw = text[start:position]
    return Word(raw, label, text[behind_label:position], negated, tuple(values), ends_open), position


def _is_label(text: str) -> bool:
    """`12:30` is a time of day."""
    return text.replace("-", "").replace("_", "").isalpha()


def _value(text: str, start: int) -> tuple[Value, int]:
    after_nots = _skip(_NOTS, text, start)
    found = _VALUE.match(text, after_nots)
    if not found:
        raise AssertionError("the pattern matches nothing too")
    within = found["quoted"] if found["single"] is None else found["single"]
    bare = found["bare"].strip(_QUOTES)
    if within is None:
        meant = "" if _PUNCTUATION.fullmatch(bare) else bare
    else:
        meant = (within if found["quoted"] is None else _TWICE.sub(r"\1", within)) + bare
    return Value(trimmed(meant), negated=after_nots > start, quoted=within is not None), found.end()


def trimmed(text: str) -> str:
    """Without blanks and invisible characters around it."""
    first, last = 0, len(text)
    while first < last and _is_invisible(text[first]):
        first += 1
    while first < last and _is_invisible(text[last - 1]):
        last -= 1
    return text[first:last]


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"
