"""The words behind verbs such as `show` and `compare` → the names that they are; pure."""

from collections.abc import Sequence
from itertools import chain

from bot.grammar import known
from bot.grammar.commands import Compare, Help, Show
from bot.grammar.lexer import Value, Word, choice, trimmed, words
from bot.words import Filter, Verb
from shared.query import Choice

_BOTH = 2


def show(typed: Sequence[Word]) -> Show | Help:
    """One name, of as many words as it has."""
    named, account = without_account(typed)
    name = reference(named)
    return Show(name, account) if name else Help(Verb.SHOW)


def compare(typed: Sequence[Word]) -> Compare | Help:
    """Two names."""
    named, account = without_account(typed)
    first, second = map(reference, _halves(named))
    return Compare(first, second, account) if first and second else Help(Verb.COMPARE)


def without_account(typed: Sequence[Word]) -> tuple[list[Word], Choice]:
    """The words but for `account:…`, and what that says."""
    named: list[Word] = []
    values: list[Value] = []
    words_left = iter(typed)
    for word in words_left:
        if known.FILTER_OF.get(word.label) is Filter.ACCOUNT:
            # Its value may stand behind a blank.
            values += word.values or next(words_left, word).values
        else:
            named.append(word)
    return named, choice(values)


def reference(typed: Sequence[Word]) -> str:
    """A name as it was typed; in quotes, or behind `id:` or `name:`, it is what is within or behind."""
    if len(typed) == 1 and len(typed[0].values) == 1:
        word = typed[0]
        value = word.values[0]
        if known.FILTER_OF.get(word.label) in {Filter.ID, Filter.NAME} or (value.quoted and not word.label):
            return value.text
    return trimmed(" ".join(word.raw for word in typed)).rstrip(",，")


def _halves(typed: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """The words of two names: one each, or parted by "and", a comma, or quotes. Empty where nobody can tell."""
    if len(typed) == 1 and len(typed[0].values) == _BOTH:
        # A comma without a blank.
        first, second = typed[0].values
        return words(str(first)), words(str(second))
    if len(typed) == _BOTH:
        return typed[:1], typed[1:]
    between = [place for place, word in enumerate(typed) if word.key in known.SEPARATORS and 0 < place < len(typed) - 1]
    if len(between) == 1:
        return typed[: between[0]], typed[between[0] + 1 :]
    commas = [place + 1 for place, word in enumerate(typed) if word.open]
    if len(commas) == 1:
        return typed[: commas[0]], typed[commas[0] :]
    for place, word in ((1, typed[:1]), (len(typed) - 1, typed[-1:])):
        if any(value.quoted for value in chain.from_iterable(one.values for one in word)):
            return typed[:place], typed[place:]
    return (), ()
