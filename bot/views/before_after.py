"""What a change changed: the values before and after, without secrets and within bounds; pure."""

import re
import string
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from bot.translation import Say
from bot.views import blocks, changes, differences, findings, long_texts, phrases
from bot.views.blocks import Block
from bot.views.changes import ABSENT, NO_NAMES
from bot.views.details import written_values
from bot.views.escape import clean, code, mrkdwn
from shared import errors
from shared.audit import Finding
from shared.audit.movement import Movement, sayable
from shared.masking import masked_url
from shared.models import Change, Kind, Names
from shared.wording import Fate, Hunk, hunks

ROOM = 3_000
"""Characters of a text's difference; a message takes about 13,000 in all."""
_LINES = 4
"""Of many stretches of lines that changed, the first are named."""
_FINDINGS = 3
"""Of many findings that have opened, or were resolved, the gravest are told."""
_VALUE = 300


def before_after(  # noqa: PLR0911 # one return for each way to be told
    change: Change, say: Say, *, prompts: bool, names: Names = NO_NAMES
) -> list[Block]:
    """At most six blocks and 5,000 characters; none where the change says it all.

    `prompts`: whether those who see this may read prompts; else they are told how much changed.
    """
    match change.kind:
        case Kind.PROMPT | Kind.GREETING:
            return _wording(change, say, shown=prompts or change.kind is Kind.GREETING)
        case Kind.VARIABLES | Kind.OTHER:
            return _values(change, say)
        case Kind.CREATED | Kind.DELETED:
            return _facts(change, say, names)
        case Kind.FINDING:
            return list(_findings(Movement.of(change), say, prompts=prompts))
        case Kind.KEY_REJECTED | Kind.UNREACHABLE | Kind.UNREADABLE:
            return _reason(change, say)
        case Kind.RECOVERED | Kind.READABLE | Kind.SAVED | Kind.WEBHOOK_ON | Kind.WEBHOOK_OFF:
            return []
    shown = (_shown(change, value, say, names) or ABSENT for value in (change.before, change.after))
    titles = (say("Before"), say("After"))
    return blocks.fields([f"*{title}*\n{value}" for title, value in zip(titles, shown, strict=True)])


def where(change: Change, say: Say) -> str:
    """In which lines of its text a change is; "" where nothing to be seen has changed."""
    lines = [
        _span(hunk) for hunk in hunks(clean(changes.text(change.before)), clean(changes.text(change.after)), context=0)
    ]
    return say("lines that differ: {lines}", lines=phrases.listed(lines, _LINES, say)) if lines else ""


def _span(hunk: Hunk) -> str:
    number = sum(line.fate is not Fate.REMOVED for line in hunk.lines)
    return f"{hunk.after}–{hunk.after + number - 1}" if number > 1 else str(hunk.after)


def _wording(change: Change, say: Say, *, shown: bool) -> list[Block]:
    """Line by line and word by word, as much of it as fits."""
    if not shown:
        return [blocks.context(say("Prompts are shown to admins only."))]
    parts = differences.changes("", changes.text(change.before), changes.text(change.after), say)
    found: list[Block] = []
    room = ROOM
    for part in parts:
        room -= blocks.size(part.block)
        if found and (room < 0 or len(found) == _LINES):
            found.append(blocks.context(say("There is more; “Details” shows all of the text as it is now.")))
            break
        found.append(part.block)
    if not found:
        return [blocks.context(say("The two differ in characters only that can't be seen."))]
    place = where(change, say)
    return [blocks.context(say("{place}. “−” was taken out, “+” was put in.", place=place)), *found]


def _values(change: Change, say: Say) -> list[Block]:
    added, gone, other = changes.differing(change)
    before, after = changes.mapping(change.before), changes.mapping(change.after)
    left, right = written_values(before), written_values(after)
    table = [(say("Name"), say("Before"), say("After"))]
    for name in (*other, *added, *gone):
        one, two = left.get(clean(name), ABSENT), right.get(clean(name), ABSENT)
        # Two masked values look the same.
        two = say("{value} (differs)", value=two) if one == two else two
        table.append((clean(name), blocks.cut(one, _VALUE), blocks.cut(two, _VALUE)))
    whole = long_texts.columns(table)
    piece = next(long_texts.pieces(whole))
    more = [] if piece == whole else [blocks.context(say("There are more; “Details” shows all as they are now."))]
    return [blocks.preformatted(piece), *more]


def _findings(moved: Movement, say: Say, *, prompts: bool) -> Iterator[Block]:
    """What has opened with what to do about it, what was resolved, and how much there is besides."""
    for one in moved.opened[:_FINDINGS]:
        cure = findings.cure(one, say, prompts=prompts) if sayable(one) else ""
        told = [f"{findings.graded(one, say)}: {_what(one, say, prompts=prompts)}"]
        yield blocks.section("\n".join([*told, *([say("What to do: {cure}", cure=cure)] if cure else [])]))
    if moved.closed and not moved.gone:
        lines = [f"• {_what(one, say, prompts=prompts)}" for one in moved.closed[:_FINDINGS]]
        yield blocks.section("\n".join([say("*Resolved*"), *lines]))
    rest = len(moved.opened[_FINDINGS:]) + len(moved.left)
    if rest:
        yield blocks.context(say.count(rest, "{number} more finding is open.", "{number} more findings are open."))


def _what(finding: Finding, say: Say, *, prompts: bool) -> str:
    return findings.what(finding, say, prompts=prompts) if sayable(finding) else findings.title(finding.rule, say)


def _facts(change: Change, say: Say, names: Names) -> list[Block]:
    """What is, or was, most telling about the assistant."""
    fields = changes.mapping(change.after if change.kind is Kind.CREATED else change.before)
    facts = {
        say("Status"): phrases.status(changes.text(fields.get("status")), say),
        say("Mode"): mrkdwn(changes.text(fields.get("mode")), 60),
        say("Language"): changes.language(fields.get("language_id"), names),
        say("Voice"): changes.voice(fields.get("voice_id"), names),
        say("Webhook"): _address(fields.get("webhook_url")),
    }
    return blocks.fields([f"*{label}*\n{value or ABSENT}" for label, value in facts.items()])


def _reason(change: Change, say: Say) -> list[Block]:
    details = changes.mapping(change.after)
    reason, cure = _restated(details, say)
    reason = reason or ": ".join(_record(details, say))
    told = [
        *([say("Reason: {reason}", reason=mrkdwn(reason, 600))] if reason else []),
        *([say("What to do: {cure}", cure=mrkdwn(cure, 600))] if cure else []),
    ]
    return [blocks.section("\n".join(told))] if told else []


def _restated(details: Mapping[str, JsonValue], say: Say) -> tuple[str, str]:
    """The failure that was written down in English, and what to do about it, in the reader's language."""
    written_down = changes.text(details.get("text"))
    kind = getattr(errors, changes.text(details.get("error")), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.UpstreamError) and kind is not errors.UpstreamError):
        return written_down, ""
    parts = string.Formatter().parse(kind.what)
    pattern = "".join(re.escape(words) + (f"(?P<{name}>.*)" if name else "") for words, name, _spec, _how in parts)
    found = re.fullmatch(pattern, written_down, re.DOTALL)
    if found is None:
        return written_down, ""
    return say(kind.what).format(**found.groupdict()), say(kind.cure).format(**found.groupdict()) if kind.cure else ""


def _record(details: Mapping[str, JsonValue], say: Say) -> Iterator[str]:
    if isinstance(position := details.get("position"), int):
        yield say("No. {position}", position=position)
    yield from filter(None, (changes.text(details.get("field")), changes.text(details.get("reason"))))


def _shown(change: Change, value: JsonValue, say: Say, names: Names) -> str:
    match change.kind:
        case Kind.ACTIVATED | Kind.DEACTIVATED:
            return f"{phrases.symbol(changes.text(value))} {phrases.status(changes.text(value), say)}"
        case Kind.RENAMED:
            return phrases.name(changes.text(value), say, 600)
        case Kind.VOICE:
            return changes.voice(value, names)
        case Kind.LANGUAGE:
            return changes.language(value, names)
        case Kind.WEBHOOK_HOST | Kind.WEBHOOK_PATH:
            return _address(value)
        case _:
            return mrkdwn(changes.text(value), 600)


def _address(value: JsonValue) -> str:
    address = changes.text(value)
    return code(masked_url(address), 500) if address else ""
