"""What the pictures show, in words and numbers: the graphs, the table beside them, and what is read aloud; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.pictures.graphs import Graph, Series
from bot.translation import Say
from bot.views import blocks, changes, findings, origins, phrases
from bot.views.escape import clean, entities
from bot.words import STATUSES
from shared.answers import Audited, Origin
from shared.models import Severity

DAYS = 30
"""Days of changes, today included."""
_STATUSES, _MODES = 5, 8
"""Of more, the rarest are shown as one."""
_NAME = 24
"""Characters of a name in a picture or a table."""
_ALT_TEXT = 1_000
_LOOKS = (("#2e8b57", ""), ("#9aa5b1", ".."), ("#e6a100", "//"), ("#7a5195", "xx"), ("#3b7dd8", "oo"))
"""Colours and hatches of statuses, the most frequent first."""
_SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    Severity.CRITICAL: ("#c0392b", "xx"),
    Severity.WARNING: ("#e6a100", "//"),
    Severity.INFO: ("#3b7dd8", ""),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """How many changes were seen on which day, of which severity; `last` is today. `begins`: nothing earlier is known.

    None as `begins`: nothing at all is.
    """

    counts: Mapping[tuple[date, Severity], int]
    last: date
    begins: date | None


def statuses(audited: Audited, say: Say) -> Graph:
    """A bar for each mode, with a part for each status."""
    others = say("others")
    counts = Counter((_name(one.mode, say), _status(one.status, say)) for one in audited.assistants)
    modes = _frequent((mode for mode, _state in counts.elements()), _MODES, others)
    states = _frequent((state for _mode, state in counts.elements()), _STATUSES, others)
    table = Counter[tuple[str, str]]()
    for (mode, state), number in counts.items():
        table[mode if mode in modes else others, state if state in states else others] += number
    return Graph(
        title=say.count(
            len(audited.assistants),
            "{number} outbound assistant, by mode and status",
            "{number} outbound assistants, by mode and status",
        ),
        what=say("Mode"),
        bars=modes,
        series=[
            Series(state, [table[mode, state] for mode in modes], *looks)
            for state, looks in zip(states, _LOOKS, strict=False)
        ],
        nothing=say("There are no outbound assistants"),
    )


def severities(audited: Audited, say: Say) -> Graph:
    """A bar for each severity, with what is open and what is ignored."""
    audit = audited.audit
    ignored = Counter(one.finding.severity for one in audit.ignored)
    parts = [Series(say("open"), list(audit.severities.values()), "#3b7dd8")]
    if ignored:
        parts.append(Series(say("ignored"), [ignored[one] for one in audit.severities], "#9aa5b1", ".."))
    return Graph(
        title=f"{findings.score(audit, say)} · {findings.counted(audit, say)}",
        what=say("Severity"),
        bars=[changes.severity(one, say) for one in audit.severities],
        series=parts,
    )


def days(seen: Changes, say: Say) -> Graph:
    """A bar for each day, with a part for each severity."""
    every = [seen.last - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    known = [day for day in every if seen.begins and day >= seen.begins]
    total = sum(seen.counts.get((day, one), 0) for day in every for one in Severity)
    return Graph(
        title=say.count(
            total, "{number} change in the last {days} days", "{number} changes in the last {days} days", days=DAYS
        ),
        what=say("Day"),
        bars=[say.day(day) for day in every],
        series=[
            Series(changes.severity(one, say), [seen.counts.get((day, one), 0) for day in every], *_SEVERITIES[one])
            for one in reversed(Severity)
        ],
        upright=True,
        unknown=DAYS - len(known),
        unknown_name=say("not watched yet"),
    )


def note(graphs: Sequence[Graph], sources: Sequence[Origin], missing: str, say: Say) -> str:
    """The numbers as tables, how fresh they are, and what is missing."""
    tables = [f"*{entities(graph.title)}*\n{_table(graph, say)}" for graph in graphs]
    return "\n".join(
        [
            *tables,
            *([missing] if missing else []),
            *([origins.fetched(sources, say)] if sources else []),
            *origins.concerns(sources, say),
        ]
    )


def alt_text(graphs: Sequence[Graph], say: Say) -> str:
    """What is seen, for who can't; all numbers are in the tables beside it."""
    parts = []
    for graph in graphs:
        sums = {series.name: sum(series.values) for series in graph.series}
        told = ", ".join(f"{name}: {say.number(number)}" for name, number in sums.items())
        parts.append(f"{graph.title} ({told})" if graph.bars else graph.nothing)
    return blocks.cut(phrases.sentences([say("Bar charts"), *parts]), _ALT_TEXT)


def _table(graph: Graph, say: Say) -> str:
    """In a fixed-width font; of upright bars only those that are there to be seen."""
    if not graph.bars:
        return entities(graph.nothing)
    rows = [
        [bar, *(say.number(series.values[place]) for series in graph.series)]
        for place, bar in enumerate(graph.bars)
        if not graph.upright or any(series.values[place] for series in graph.series)
    ]
    table = [
        [graph.what, *(series.name for series in graph.series)],
        *rows,
        [say("Sum"), *(say.number(sum(series.values)) for series in graph.series)],
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in table
    ]
    text = entities("\n".join(lines)).replace("`", "ˋ")
    return f"```\n{text}\n```"


def _frequent(names: Iterable[str], most: int, others: str) -> Sequence[str]:
    """Each name once, the most frequent first; of more than `most`, the rarest are `others`."""
    found = [name for name, _number in Counter(names).most_common()]
    return found if len(found) <= most else [*found[: most - 1], others]


def _status(text: str, say: Say) -> str:
    known = STATUSES.get(text.casefold())
    return known(say.language) if known else _name(text, say)


def _name(text: str, say: Say) -> str:
    return blocks.cut(" ".join(clean(text).split()), _NAME) or say("(none)")
