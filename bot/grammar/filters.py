"""The words of a list → an AssistantQuery, or the word that is probably a slip of the pen; pure.

A bare word that is a status or a mode filters, every other searches. Several values of a filter are any of these,
in one word or in several; several search words must all be there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from bot.grammar import known
from bot.grammar.commands import ROWS
from bot.grammar.lexer import Value, Word, choice, quoted
from bot.words import Filter
from shared.errors import QuestionError
from shared.query import AssistantQuery, Choice, Sort
from shared.query.moments import span

MOST_VALUES = 100
"""Values in one question: each is held against every assistant's prompt."""


class TooManyValues(QuestionError):
    """A question that would keep everybody else waiting."""

    what = "One question can name {most} words or values, not more."
    cure = "Ask for fewer at once."


class Seek(Enum):
    """Where bare words are looked for. In a prompt any word may stand, so that none is taken for a slip."""

    NAME_AND_PROMPT = auto()
    PROMPT = auto()


@dataclass(frozen=True, slots=True)
class Stranger:
    """A word that means nothing: where it is, and what was probably meant ("" where nobody can tell).

    `literally`: how it would have to be written to be searched for, "" where it can't be.
    """

    position: int
    meant: str = ""
    literally: str = ""


@dataclass(slots=True)
class _Gathered:
    values: dict[Filter, list[Value]] = field(default_factory=dict)
    names: list[Choice] = field(default_factory=list)
    prompts: list[Choice] = field(default_factory=list)
    searched: list[Choice] = field(default_factory=list)

    def add(self, label: Filter | None, values: Iterable[Value], seek: Seek) -> None:
        """`label` is None for bare words."""
        taken = tuple(values)
        match label:
            case Filter.NAME:
                texts = self.names
            case Filter.PROMPT:
                texts = self.prompts
            case None:
                texts = self.prompts if seek is Seek.PROMPT else self.searched
            case _:
                self.values.setdefault(label, []).extend(taken)
                return
        if taken:
            texts.append(choice(taken))


def query(
    words: Sequence[Word], now: datetime, seek: Seek = Seek.NAME_AND_PROMPT, *, limit: int = ROWS, bare: bool = True
) -> AssistantQuery | Stranger:
    """What the words ask for. `bare`: whether a status or a mode filters without its label.

    Raises FilterInvalid where a filter has no such value, TooManyValues where there are more than MOST_VALUES.
    """
    if sum(max(1, len(word.values)) for word in words) > MOST_VALUES:
        raise TooManyValues(most=MOST_VALUES)
    gathered = _Gathered()
    position = 0
    while position < len(words):
        word = words[position]
        stranger = _stranger(words, position, seek)
        if stranger:
            return stranger
        values = list(word.values) or _as_text(word)
        label = known.FILTER_OF.get(word.label) or (_bare_filter(word) if bare else None)
        if label and word.label and not word.values and _continues(words, position, anything=True):
            # "mode: dualplex", with a blank, as one writes in prose.
            position += 1
            values = list(words[position].values)
        while (word.label or not label) and words[position].open and _continues(words, position):
            # As in "lang:de, en".
            position += 1
            values += words[position].values
        if not _says_nothing(word, seek):
            gathered.add(label, _turned(values) if word.negated else values, seek)
        position += 1
    return _query(gathered, now, limit)


def _as_text(word: Word) -> list[Value]:
    """`Recruiting:` is a search word, unless it is a filter without its value."""
    return [] if word.label in known.FILTER_OF else [Value(word.shown.strip(":：!！ "))]


def _bare_filter(word: Word) -> Filter | None:
    """The filter whose values these are, all of them."""
    filters = {known.BARE_OF.get(value.key) for value in word.values}
    return filters.pop() if len(filters) == 1 and not word.label else None


def _says_nothing(word: Word, seek: Seek) -> bool:
    return seek is Seek.NAME_AND_PROMPT and word.key in known.SAYS_NOTHING


def _continues(words: Sequence[Word], position: int, *, anything: bool = False) -> bool:
    """Whether the next word belongs to this one; a status or mode does only where nothing else could."""
    if position + 1 == len(words):
        return False
    following = words[position + 1]
    if following.label:
        return False
    return anything or not (
        following.key in known.SAYS_NOTHING or any(value.key in known.BARE_OF for value in following.values)
    )


def _stranger(words: Sequence[Word], position: int, seek: Seek) -> Stranger | None:
    word = words[position]
    if word.label:
        return _strange_label(word, position)
    if seek is Seek.PROMPT:
        return None
    literally = ",".join(value.searched for value in word.values)
    if _lacks_its_colon(words, position):
        return Stranger(position, f"{word.shown}:", literally)
    corrected = [_corrected(value) for value in word.values]
    if any(corrected):
        parts = [right or str(value) for right, value in zip(corrected, word.values, strict=True)]
        return Stranger(position, ",".join(parts), literally)
    filters = {known.BARE_OF.get(value.key) for value in word.values}
    if len(filters) > 1:
        # "active,pipeline": any of two different things can't be asked for.
        parts = [value.searched if value.quoted else str(value) for value in word.values]
        return Stranger(position, " ".join(parts), literally)
    return None


def _lacks_its_colon(words: Sequence[Word], position: int) -> bool:
    """As in "mode pipeline"."""
    values = known.VALUE_OF.get(known.FILTER_OF.get(words[position].key, Filter.NAME), {})
    following = words[position + 1].values if _continues(words, position, anything=True) else ()
    return bool(following) and all(value.key.lstrip("-+") in values for value in following)


def _strange_label(word: Word, position: int) -> Stranger | None:
    if word.label in known.FILTER_OF:
        return None
    near = known.slipped(word.label, known.FILTER_OF) if not word.values else known.nearest(word.label, known.FILTER_OF)
    if not word.values and not near:
        return None
    meant = f"{'!' if word.negated else ''}{near}:{word.rest}" if near else ""
    return Stranger(position, meant, quoted(word.shown, always=True))


def _corrected(value: Value) -> str:
    """The status or mode that this is a misspelling of, as a value; "" where it is none."""
    if not value.key or value.key in known.BARE_OF:
        return ""
    near = known.slipped(value.key, known.BARE_OF)
    return f"{'!' if value.negated else ''}{near}" if near else ""


def _turned(values: Iterable[Value]) -> Iterable[Value]:
    return [replace(value, negated=not value.negated) for value in values]


def _query(gathered: _Gathered, now: datetime, limit: int) -> AssistantQuery:
    def chosen(label: Filter) -> Choice:
        values = gathered.values.get(label, ())
        return choice(replace(value, text=known.value(label, value.text)) for value in values)

    since, before = span(str(chosen(Filter.UPDATED)), now)
    return AssistantQuery(
        account=chosen(Filter.ACCOUNT),
        ids=chosen(Filter.ID),
        status=chosen(Filter.STATUS),
        mode=chosen(Filter.MODE),
        language=chosen(Filter.LANGUAGE),
        timezone=chosen(Filter.TIMEZONE),
        webhook=chosen(Filter.WEBHOOK),
        search=tuple(gathered.searched),
        name=tuple(gathered.names),
        prompt=tuple(gathered.prompts),
        updated_since=since,
        updated_before=before,
        sort=tuple(sort for value in gathered.values.get(Filter.SORT, ()) for sort in _sort(value)),
        limit=limit,
        cursor="".join(value.text for value in gathered.values.get(Filter.AFTER, ())[-1:]),
    )


def _sort(value: Value) -> tuple[Sort, ...]:
    field_name = value.text.lstrip("+-")
    descending = value.text.startswith("-") is not value.negated
    return Sort.parse(f"{'-' if descending else ''}{known.value(Filter.SORT, field_name)}")
