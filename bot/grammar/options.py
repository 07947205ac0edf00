"""What stands before a colon and is no filter of assistants, such as `on:`, `min:`, `since:`, `rule:`; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from bot.grammar import known
from bot.grammar.lexer import Value, Word, choice
from bot.words import GROUPINGS, GROUPS, SEVERITIES, Option
from shared.audit.paging import By
from shared.errors import FilterInvalid
from shared.models import Severity
from shared.query import moments

NUMBER = re.compile(r"#?(\d{1,18})")
"""What a database takes for one."""


class OrderInvalid(FilterInvalid):
    """An option has no such value."""

    group: ClassVar[str] = "kind of change"
    severity: ClassVar[str] = "severity"
    number: ClassVar[str] = "number"
    grouping: ClassVar[str] = "grouping of findings"


Said = Mapping[Option, Sequence[Value]]


def parted(typed: Sequence[Word], wanted: set[Option]) -> tuple[list[int], Said]:
    """The places of the words that are none of these options, and what these options say."""
    rest: list[int] = []
    said: dict[Option, list[Value]] = {}
    place = 0
    while place < len(typed):
        word = typed[place]
        option = known.OPTION_OF.get(word.label)
        if option not in wanted or option is None:
            rest.append(place)
        else:
            values = list(word.values)
            # A value may stand behind a blank, and further ones behind a comma and a blank.
            while (not values or typed[place].open) and place + 1 < len(typed) and not typed[place + 1].label:
                place += 1
                values += typed[place].values
            said.setdefault(option, []).extend(
                Value(value.text, value.negated is not word.negated, value.quoted) for value in values
            )
        place += 1
    return rest, said


def groups(values: Sequence[Value]) -> frozenset[str]:
    """Names of `shared.diff.GROUPS`; none is all of them. Raises OrderInvalid."""
    for value in values:
        if value.key not in known.GROUP_OF:
            raise OrderInvalid(value=value.text, filter=OrderInvalid.group, valid=", ".join(GROUPS))
    asked = choice(values)
    wanted = {known.GROUP_OF[one.key] for one in map(Value, asked.include)} or set(GROUPS)
    left = wanted - {known.GROUP_OF[one.key] for one in map(Value, asked.exclude)}
    if not left:
        raise OrderInvalid(value=str(asked), filter=OrderInvalid.group, valid=", ".join(GROUPS))
    return frozenset() if left == set(GROUPS) else frozenset(left)


def severities(values: Sequence[Value]) -> Iterator[Severity]:
    """How much a change must matter. Raises OrderInvalid."""
    for value in values:
        if value.negated or value.key not in known.SEVERITY_OF:
            raise OrderInvalid(value=str(value), filter=OrderInvalid.severity, valid=", ".join(SEVERITIES))
        yield known.SEVERITY_OF[value.key]


def grouping(values: Sequence[Value]) -> By:
    """What stands together: the last that is named, by severity where nothing is. Raises OrderInvalid."""
    for value in values:
        if value.negated or value.key not in known.GROUPING_OF:
            raise OrderInvalid(value=str(value), filter=OrderInvalid.grouping, valid=", ".join(GROUPINGS))
    return known.GROUPING_OF[values[-1].key] if values else By.SEVERITY


def passes(values: Sequence[Value]) -> Severity | None:
    """What comes through quiet hours; None: nothing. Raises OrderInvalid."""
    if all(value.key in known.NOTHING_AT_ALL for value in values):
        return None
    return min(severities(values), key=lambda one: one.rank)


def after(said: Said) -> int | None:
    """Where to go on. Raises OrderInvalid."""
    values = said.get(Option.AFTER)
    if values is None:
        return None
    found = NUMBER.fullmatch(values[-1].text) if values else None
    if not found:
        wrong = values[-1].text if values else ""
        raise OrderInvalid(value=wrong, filter=OrderInvalid.number, valid="1, 2, 3 …")
    return int(found[1])


def since(said: Said, now: datetime) -> datetime | None:
    """The earliest moment that is named. Raises FilterInvalid."""
    return min((moments.moment(value.text, now) for value in said.get(Option.SINCE, ())), default=None)
