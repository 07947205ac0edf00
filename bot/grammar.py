"""What people type after the slash command → a typed command. Never raises: every text means something.

    outbound [active|inactive] [status:… mode:… account:…] [after:…]      a list, or its next page
    active|inactive …                                                     the same without its first word
    show <id or name> [account:…]                                         everything about one
    help [outbound|show]                                                  nothing typed is the same

`name:value` takes what `Choice` takes: `a,b` is any of these, `!a` is not this, quotes keep blanks and commas.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.words import AFTER, FILTERS, STATUSES, VERBS, Verb
from shared.query import AssistantQuery, Choice

ROWS = 10
"""Assistants in one message: what fits a screen."""

ANY = Choice()

MOST_SLIPS = 3
"""A text with more words than these that nobody knows is no slip of the pen: nothing is suggested."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the assistants that a query asks for."""

    query: AssistantQuery


@dataclass(frozen=True, slots=True)
class Show:
    """Everything about the one assistant that `reference` names."""

    reference: str
    account: Choice = ANY


@dataclass(frozen=True, slots=True)
class Help:
    """How to ask: everything, or one verb."""

    topic: Verb | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that means nothing here, and the whole text as it was probably meant ("" where nobody can tell)."""

    word: str
    suggestion: str


Command = Listing | Show | Help | Unknown


@dataclass(frozen=True, slots=True)
class _Stranger:
    """A word that is not understood: where it is, the part that should be known, what follows it, what was known."""

    position: int
    part: str
    rest: str
    known: tuple[str, ...]


def parse(text: str) -> Command:
    """The command that this text means."""
    words = _words(text)
    understood = _understood(words)
    if isinstance(understood, _Stranger):
        return Unknown(word=words[understood.position], suggestion=_suggestion(words, understood))
    return understood


def written(listing: Listing) -> str:
    """The text that `parse` reads back as this listing."""
    query = listing.query
    bare = query.status and all(value in STATUSES.values() for value in query.status.values)
    parts = [
        Verb.OUTBOUND.value,
        _text(query.status) if bare else _labelled("status", query.status),
        _labelled("mode", query.mode),
        _labelled("account", query.account),
        f"after:{query.cursor}" if query.cursor else "",
    ]
    return " ".join(part for part in parts if part)


# Phones and word processors put these where somebody typed a straight one.
_QUOTES = '"“”„‟«»＂'
_WORD = re.compile(rf"(?:[^\s{_QUOTES}]|[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]?)+")
_LABELLED = re.compile(r"([^:：]*)[:：](.*)", re.DOTALL)
_STRAIGHT = str.maketrans({**dict.fromkeys(_QUOTES, '"'), "，": ",", "！": "!"})
_BARE_VALUE = re.compile(r"[\w./+-]+")


def _words(text: str) -> list[str]:
    """Words as they were typed; blanks inside quotes belong to a word."""
    # Slack escapes these three in what people type, and JSON may carry half an emoji, which no query may hold.
    typed = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _WORD.findall(typed.encode(errors="replace").decode())


def _key(word: str) -> str:
    """A word as it is compared: quotes, full-width letters, upper case and invisible characters mean nothing."""
    plain = unicodedata.normalize("NFKC", word.strip(_QUOTES)).casefold()
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


def _understood(words: Sequence[str]) -> Command | _Stranger:
    if not words:
        return Help()
    match VERBS.get(_key(words[0])):
        case Verb.OUTBOUND:
            return _listing(words, first=1)
        case Verb.SHOW:
            return _show(words[1:])
        case Verb.HELP:
            return Help(topic=VERBS.get(_key("".join(words[1:2]))))
    if _meaning(words[0]) is not None:
        return _listing(words, first=0)
    return _Stranger(0, words[0], "", (*VERBS, *STATUSES))


def _listing(words: Sequence[str], first: int) -> Listing | _Stranger:
    choices: dict[str, Choice] = {}
    cursor = ""
    position = first
    while position < len(words):
        meaning = _meaning(words[position])
        if meaning is None:
            return _stranger(position, words[position])
        label, value = meaning
        if not value and position + 1 < len(words):
            # "mode: dualplex", with a blank, as one writes in prose.
            position += 1
            value = words[position]
        if label == "after":
            cursor = "".join(value.translate(_STRAIGHT).replace('"', "").split())
        else:
            choices[label] = _both(choices.get(label, ANY), _choice(label, value))
        position += 1
    return Listing(AssistantQuery.model_validate({**choices, "limit": ROWS, "cursor": cursor}))


def _meaning(word: str) -> tuple[str, str] | None:
    """What a word of a listing filters by, and its value; None where it means nothing."""
    # In quotes it may be a part of somebody's name.
    labelled = None if word[0] in _QUOTES else _LABELLED.fullmatch(word)
    if labelled:
        key = _key(labelled[1])
        label = "after" if key in AFTER else FILTERS.get(key)
        return (label, labelled[2]) if label else None
    values = _choice("status", word).values
    known = values and all(value in STATUSES.values() for value in values)
    return ("status", word) if known else None


def _stranger(position: int, word: str) -> _Stranger:
    labelled = _LABELLED.fullmatch(word)
    if labelled:
        return _Stranger(position, labelled[1], f":{labelled[2]}", (*FILTERS, *AFTER))
    return _Stranger(position, word, "", tuple(STATUSES))


def _show(words: Sequence[str]) -> Show | Help:
    account = ANY
    named = []
    for word in words:
        meaning = _meaning(word)
        if meaning and meaning[0] == "account":
            account = _both(account, _choice(*meaning))
        else:
            named.append(word)
    reference = " ".join(named)
    if len(reference) > 1 and reference[0] in _QUOTES and reference[-1] in _QUOTES:
        reference = reference[1:-1].strip()
    return Show(reference, account) if reference else Help(topic=Verb.SHOW)


def _choice(label: str, text: str) -> Choice:
    """What `Choice` reads, without quotes inside a value: they could not be written down again."""
    choice = Choice.parse(text.translate(_STRAIGHT))
    return Choice(
        include=tuple(_values(label, choice.include)),
        exclude=tuple(_values(label, choice.exclude)),
    )


def _values(label: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        plain = value.replace('"', "")
        yield STATUSES.get(_key(plain), plain) if label == "status" else plain


def _both(one: Choice, other: Choice) -> Choice:
    return Choice(include=one.include + other.include, exclude=one.exclude + other.exclude)


def _labelled(label: str, choice: Choice) -> str:
    return f"{label}:{_text(choice)}" if choice else ""


def _text(choice: Choice) -> str:
    """The choice as one word."""
    return ",".join([*map(_value, choice.include), *(f"!{_value(value)}" for value in choice.exclude)])


def _value(value: str) -> str:
    return value if _BARE_VALUE.fullmatch(value) else f'"{value}"'


def _suggestion(words: Sequence[str], stranger: _Stranger) -> str:
    """The text with each unknown word replaced by the nearest known one."""
    meant = list(words)
    for _slip in range(MOST_SLIPS):
        near = difflib.get_close_matches(_key(stranger.part), stranger.known, n=1)
        if not near:
            return ""
        meant[stranger.position] = f"{near[0]}{stranger.rest}"
        understood = _understood(meant)
        if not isinstance(understood, _Stranger):
            return " ".join(meant)
        stranger = understood
    return ""
