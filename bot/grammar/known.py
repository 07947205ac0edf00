"""Spelling → what it means, and the known word that a misspelt one comes near; pure."""

import difflib
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import TypeVar

from bot.grammar.lexer import key
from bot.words import (
    BETWEEN,
    COMMANDS,
    DAILY,
    EVERYTHING,
    FILLING,
    FILTERS,
    FORMATS,
    GRAPHS,
    GROUPINGS,
    GROUPS,
    HERE,
    MODES,
    NOTHING,
    OFF,
    OPTIONS,
    SEVERITIES,
    STATUSES,
    VALUES,
    VERBS,
    Filter,
    Graph,
    Option,
    Verb,
    Word,
)
from shared.audit.paging import By
from shared.models import Severity

Meant = TypeVar("Meant")

NEAR = 0.7
"""difflib's ratio from which on a first word may be meant: `hlep` is (0.75), `solar` is no `show` (0.44)."""


def _spelled(table: Mapping[Meant, Word]) -> dict[str, Meant]:
    return {key(spelling): meant for meant, word in table.items() for spelling in word.spellings}


VERB_OF: Mapping[str, Verb] = _spelled({verb: usage.word for verb, usage in VERBS.items()})
FILTER_OF: Mapping[str, Filter] = _spelled(FILTERS)
STATUS_OF: Mapping[str, str] = _spelled(STATUSES)
MODE_OF: Mapping[str, str] = _spelled(MODES)
FORMAT_OF: Mapping[str, str] = _spelled(FORMATS)
VALUE_OF: Mapping[Filter, Mapping[str, str]] = {label: _spelled(table) for label, table in VALUES.items()}
BARE_OF: Mapping[str, Filter] = dict.fromkeys(STATUS_OF, Filter.STATUS) | dict.fromkeys(MODE_OF, Filter.MODE)
"""The filter of each value that needs no label."""
SAYS_NOTHING = frozenset(
    [*map(key, EVERYTHING.spellings), *(known for known, verb in VERB_OF.items() if verb is Verb.OUTBOUND)]
)
"""In a list of outbound assistants these are no search words."""
SEPARATORS = frozenset(map(key, BETWEEN))
OPTION_OF: Mapping[str, Option] = _spelled(OPTIONS)
GROUP_OF: Mapping[str, str] = _spelled(GROUPS)
GRAPH_OF: Mapping[str, Graph] = _spelled(GRAPHS)
GROUPING_OF: Mapping[str, By] = _spelled(GROUPINGS)
SEVERITY_OF: Mapping[str, Severity] = _spelled(SEVERITIES)
HERE_TOO = frozenset(map(key, HERE.spellings))
ENDS = frozenset(map(key, OFF.spellings))
NOTHING_AT_ALL = frozenset(map(key, NOTHING.spellings))
ALL_OF_THEM = frozenset(map(key, EVERYTHING.spellings))
FILLERS = frozenset(map(key, (*DAILY.spellings, *FILLING)))
COMMAND_NAMES = frozenset(map(key, COMMANDS))


def value(label: Filter, text: str) -> str:
    """A filter's value in an AssistantQuery's words; as it was typed where it is none of these."""
    return VALUE_OF.get(label, {}).get(key(text), text)


def nearest(text: str, known: Iterable[str], cutoff: float = NEAR) -> str:
    """The known word that a first word or a label is probably a misspelling of; "" where none is."""
    near = difflib.get_close_matches(text, known, n=1, cutoff=cutoff)
    return near[0] if near else ""


def slipped(text: str, known: Iterable[str]) -> str:
    """The known word that is one slip away: a letter too many, too few, wrong, or two swapped; "" where none is."""
    near = [word for word in known if _is_one_slip(text, word)]
    return nearest(text, near, cutoff=0) if near else ""


def _is_one_slip(text: str, word: str) -> bool:
    if not -1 <= len(text) - len(word) <= 1:
        return False
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(text, word, strict=False)))
    one, other = text[same:], word[same:]
    return bool(one or other) and (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )
