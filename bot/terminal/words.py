"""Words on a command line → the command that the same words mean in Slack; which language to answer in; pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.grammar import Audit, Invalid, Listing, Unknown, parse, plain
from bot.grammar.markup import kept
from bot.translation import LANGUAGES, Say
from bot.words import Verb
from shared.errors import QuestionError

EVERYTHING = 1_000_000
"""Rows: a terminal scrolls, and a pipeline wants all."""

_LABEL = re.compile(r"[!！]?[^\s:：\"“„]{1,40}:")
_QUOTES = re.compile('["“”„‟«»]')


class NotUnderstood(QuestionError):
    """A word that means nothing here."""

    what = "I don't understand “{word}”."
    cure = "Look at the help, with --help."


class MeantOtherwise(NotUnderstood):
    """A word that is probably a slip of the pen."""

    cure = "Did you mean {command}?"


def listing(words: Sequence[str], now: datetime) -> Listing:
    """The list that the words ask for, as a whole. Raises QuestionError."""
    command = _parsed(Verb.OUTBOUND, "list", words, now)
    assert isinstance(command, Listing)  # noqa: S101 # nothing else begins with this verb
    return Listing(command.query.model_copy(update={"limit": EVERYTHING, "cursor": ""}))


def audit(words: Sequence[str], now: datetime) -> Audit:
    """The audit that the words ask for, as a whole. Raises QuestionError."""
    command = _parsed(Verb.AUDIT, "audit", words, now)
    assert isinstance(command, Audit)  # noqa: S101 # nothing else begins with this verb
    return Audit(command.query.model_copy(update={"limit": EVERYTHING, "cursor": ""}))


def say_for(language: str | None, environment: Mapping[str, str]) -> Say:
    """The words of this language; where none is given, of the one that the environment names first, as POSIX has it."""
    named = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    locale = next(filter(None, named), "")
    # GNU's list of languages says nothing where the locale is C.
    wished = [] if locale.partition(".")[0] in {"", "C", "POSIX"} else environment.get("LANGUAGE", "").split(":")
    known = (code for code in (one[:2].lower() for one in (*wished, locale)) if code in LANGUAGES)
    return Say(language or next(known, LANGUAGES[0]))


def _parsed(verb: Verb, program: str, words: Sequence[str], now: datetime) -> object:
    command = parse(kept(" ".join([verb, *map(_one_word, words)])), now)
    match command:
        case Invalid(error):
            raise error
        case Unknown(word, suggestion) if suggestion:
            meant = plain(suggestion).partition(" ")[2]
            raise MeantOtherwise(word=word, command=f"famulor-bot {program} {meant}".rstrip())
        case Unknown(word):
            raise NotUnderstood(word=word)
    return command


def _one_word(text: str) -> str:
    """What the shell has taken for one word stays one, without the quotes that the shell has taken off."""
    if _QUOTES.search(text) or not re.search(r"[\s,]", text.strip()):
        return text
    label = _LABEL.match(text)
    head, rest = (label[0], text[label.end() :]) if label else ("", text)
    return f'{head}"{rest}"' if re.search(r"\s", rest.strip()) else text
