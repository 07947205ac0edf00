"""What a change changed: in a few words, and in full as far as there is room; cleaned, masked where secret; pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from pydantic import JsonValue

from mcp_server import render
from mcp_server.answers import budget
from mcp_server.answers.fields import cleaned_url, cleaned_values, everything, word
from shared.audit import RULES, Finding
from shared.audit.movement import Movement, sayable
from shared.models import Assistant, Change, Kind, Names
from shared.wording import Fate, Piece, extent, hunks, shortened, word_pieces

LONGEST = 200
"""Characters of a change in a few words."""
LONGEST_PART = 90
"""Characters of one side of it."""
MOST_LISTED = 5
"""Of many variables, fields or lines, the first are named."""
AROUND = 60
"""Characters of what was kept that stand beside each difference."""
NOTHING = "–"

_MARKS: Mapping[Fate, str] = {Fate.KEPT: "=", Fate.REMOVED: "-", Fate.ADDED: "+", Fate.SKIPPED: "…"}
_TEXTS = {Kind.PROMPT, Kind.GREETING}
_MAPPINGS = {Kind.VARIABLES, Kind.OTHER}
_URLS = {Kind.WEBHOOK_HOST, Kind.WEBHOOK_PATH}
_WHOLE = {Kind.CREATED, Kind.DELETED}


def brief(change: Change, names: Names) -> str:
    """`active → inactive`, `12 words removed, 8 added, lines 3-5`: one line of at most 200 characters."""
    said = _BRIEF.get(change.kind)
    return render.line(said(change, names) if said else _pair(_part(change.before), _part(change.after)), LONGEST)


def details(change: Change, names: Names, room: int) -> dict[str, JsonValue]:
    """What there is to say beyond `brief`, in at most `room` bytes; `left_out` where that was too little.

    `difference`: pairs of a mark (= kept, - removed, + added, … not shown) and a text. `before` and `after`: values.
    `opened` and `closed`: findings; `still_open`: how many there are besides.
    """
    if change.kind in _TEXTS:
        return _difference(change, room)
    if change.kind in _MAPPINGS:
        return _values(change, room)
    if change.kind in _WHOLE:
        return _whole(change, names, room)
    if change.kind is Kind.FINDING:
        return _findings(Movement.of(change), room)
    if change.kind in _URLS:
        return {"before": render.line(_url(change.before)), "after": render.line(_url(change.after))}
    return {}


def _amount(change: Change) -> str:
    """How much of a text changed; of the text itself, nothing."""
    before, after = _texts(change)
    if before == after:
        return "only characters that can't be seen"
    words = extent(_pieces(before, after))
    told = f"{words.removed} word{'s' * (words.removed != 1)} removed, {words.added} added"
    if change.kind is Kind.GREETING:
        return told
    found = [
        _numbers(hunk.after, sum(one.fate is not Fate.REMOVED for one in hunk.lines))
        for hunk in hunks(before, after, context=0)
    ]
    return f"{told}, {'line' if len(found) == 1 and found[0].isdecimal() else 'lines'} {_some(found)}"


def _numbers(first: int, count: int) -> str:
    """Of lines that are there now; where some were only removed, the line that stands in their place."""
    return f"{first}-{first + count - 1}" if count > 1 else str(first)


def _difference(change: Change, room: int) -> dict[str, JsonValue]:
    pieces = _pieces(*_texts(change))
    whole = sum(len(piece.text) for piece in pieces)

    def told(limit: int) -> dict[str, JsonValue]:
        shown = shortened(pieces, limit, AROUND)
        missing = _changed(pieces) - _changed(shown)
        left_out = {"left_out": f"{missing:,} more characters that differ"} if missing else {}
        return {
            "difference": [[_MARKS[one.fate], "" if one.fate is Fate.SKIPPED else one.text] for one in shown],
            **left_out,
        }

    if budget.size(told(whole)) <= room:
        return told(whole)
    return told(max(bisect_right(range(whole), room, key=lambda limit: budget.size(told(limit))) - 1, 0))


# One change is told in a few words first and in full after that.
_pieces = lru_cache(maxsize=1)(word_pieces)


def _changed(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.fate in {Fate.REMOVED, Fate.ADDED})


def _values(change: Change, room: int) -> dict[str, JsonValue]:
    """The values that differ. Two that are masked look the same; they are here because they are not."""
    sides: dict[str, JsonValue] = {}
    old, new = _mapping(change.before), _mapping(change.after)
    for side, these, those in (("before", old, new), ("after", new, old)):
        sides[side] = cleaned_values(
            {name: value for name, value in these.items() if name not in those or those[name] != value}
        )
    return sides if budget.size(sides) <= room else {"left_out": f"values: all of their {budget.size(sides):,} bytes"}


def _whole(change: Change, names: Names, room: int) -> dict[str, JsonValue]:
    """The assistant as it began or ended, without what stands in the row already."""
    side = "after" if change.kind is Kind.CREATED else "before"
    known = {name: value for name, value in _mapping(getattr(change, side)).items() if name in Assistant.model_fields}
    assistant = Assistant.model_validate({**known, "account": change.account})
    fields = everything(assistant, names, several=False)
    kept, left_out = budget.shortened(
        {name: value for name, value in fields.items() if name not in {"id", "name"}}, room
    )
    return {side: kept, **({"left_out": "; ".join(left_out)} if left_out else {})}


def _findings(moved: Movement, room: int) -> dict[str, JsonValue]:
    """The findings that have opened or were closed, the worst first, as many as have room."""
    rows: list[tuple[str, JsonValue]] = [
        *(("opened", _finding(one, with_cure=True)) for one in moved.opened),
        *(("closed", _finding(one, with_cure=False)) for one in moved.closed),
    ]

    def told(count: int) -> dict[str, JsonValue]:
        sides: dict[str, JsonValue] = {
            side: found
            for side in ("opened", "closed")
            if (found := [row for name, row in rows[:count] if name == side])
        }
        left_out = {"left_out": f"{len(rows) - count} findings"} if count < len(rows) else {}
        return {**sides, **({"still_open": len(moved.left)} if moved.left else {}), **left_out}

    if budget.size(told(len(rows))) <= room:
        return told(len(rows))
    return told(max(bisect_right(range(len(rows)), room, key=lambda count: budget.size(told(count))) - 1, 0))


def _finding(one: Finding, *, with_cure: bool) -> dict[str, JsonValue]:
    """What the rule says of it, as far as this version has the words."""
    named: dict[str, JsonValue] = {"rule": render.line(one.rule), "severity": one.severity.value}
    if not sayable(one):
        return named
    rule = RULES[one.rule]
    said = {"finding": rule.what.en, **({"cure": rule.cure.en} if with_cure else {})}
    return {**named, **{name: render.line(words.format_map(one.facts)) for name, words in said.items()}}


def _movement(change: Change) -> str:
    """The rules of the findings that have opened or were closed."""
    moved = Movement.of(change)
    groups = {"opened": moved.opened, "closed": moved.closed}
    told = [f"{group}: {_rules(found)}" for group, found in groups.items() if found]
    return "; ".join([*told, *([f"still open: {len(moved.left)}"] if moved.left else [])])


def _rules(found: Sequence[Finding]) -> str:
    """Each rule once, with how many there are of it."""
    numbers = Counter(one.rule for one in found)
    return _listed([f"{rule} ({number})" if number > 1 else rule for rule, number in numbers.items()])


def _named(change: Change) -> str:
    """The names of the values that differ; none of the values."""
    before, after = _mapping(change.before), _mapping(change.after)
    groups = {
        "new": [name for name in after if name not in before],
        "gone": [name for name in before if name not in after],
        "other value": [name for name in before if name in after and before[name] != after[name]],
    }
    return "; ".join(f"{group}: {_listed(found)}" for group, found in groups.items() if found)


def _listed(names: Sequence[str]) -> str:
    return _some([render.line(name, LONGEST_PART // 3) for name in names])


def _some(parts: Sequence[str]) -> str:
    shown = ", ".join(parts[:MOST_LISTED])
    return f"{shown} and {len(parts) - MOST_LISTED} more" if len(parts) > MOST_LISTED else shown


def _voice(value: JsonValue, names: Names) -> str:
    known = names.voices.get(value) if isinstance(value, int) else None
    return f"{word(known.name)} ({value})" if known else _part(value)


def _language(value: JsonValue, names: Names) -> str:
    known = names.languages.get(value) if isinstance(value, int) else None
    return f"{word(known.name)} ({value})" if known else _part(value)


def _hosts(change: Change) -> str:
    before, after = (render.line(_url(value), LONGEST_PART) for value in (change.before, change.after))
    if before == after:
        return f"{before}: it differs where it is masked or cut"
    return _pair(before, after)


def _switch(change: Change) -> str:
    return _pair(*("on" if value is True else "off" for value in (change.before, change.after)))


def _unreadable(change: Change) -> str:
    where = _mapping(change.after)
    return f"record {where.get('position')}, {where.get('field') or 'all of it'}: {where.get('reason')}"


def _pair(before: str, after: str) -> str:
    return f"{before or NOTHING} → {after or NOTHING}"


def _part(value: JsonValue) -> str:
    return "" if value is None else render.line(str(value), LONGEST_PART)


def _url(value: JsonValue) -> str:
    return cleaned_url(_text(value))


def _texts(change: Change) -> tuple[str, str]:
    return render.text(_text(change.before)), render.text(_text(change.after))


def _text(value: JsonValue) -> str:
    """A value that is a text; "" where Famulor sent null, or an older version of this program wrote another shape."""
    return value if isinstance(value, str) else ""


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """A value that is a mapping; nothing where it is none."""
    return value if isinstance(value, dict) else {}


_BRIEF: Mapping[Kind, Callable[[Change, Names], str]] = {
    Kind.CREATED: lambda change, _names: _pair("", _part(_mapping(change.after).get("status"))),
    Kind.DELETED: lambda change, _names: _pair(_part(_mapping(change.before).get("status")), ""),
    Kind.PROMPT: lambda change, _names: _amount(change),
    Kind.GREETING: lambda change, _names: _amount(change),
    Kind.VARIABLES: lambda change, _names: _named(change),
    Kind.OTHER: lambda change, _names: _named(change),
    Kind.VOICE: lambda change, names: _pair(_voice(change.before, names), _voice(change.after, names)),
    Kind.LANGUAGE: lambda change, names: _pair(_language(change.before, names), _language(change.after, names)),
    Kind.WEBHOOK_ON: lambda change, _names: _switch(change),
    Kind.WEBHOOK_OFF: lambda change, _names: _switch(change),
    Kind.WEBHOOK_HOST: lambda change, _names: _hosts(change),
    Kind.WEBHOOK_PATH: lambda change, _names: _hosts(change),
    Kind.KEY_REJECTED: lambda change, _names: _text(_mapping(change.after).get("text")),
    Kind.UNREACHABLE: lambda change, _names: _text(_mapping(change.after).get("text")),
    Kind.RECOVERED: lambda change, _names: f"it was: {_text(_mapping(change.before).get('text'))}",
    Kind.UNREADABLE: lambda change, _names: _unreadable(change),
    Kind.READABLE: lambda _change, _names: "",
    Kind.SAVED: lambda _change, _names: "",
    Kind.FINDING: lambda change, _names: _movement(change),
}
"""Kinds of which there is more, or less, to say than a value before and one after."""
