"""An audit in the terminal: findings in their groups, each with its cure, as tables or as plain paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.terminal import texts
from bot.terminal.screen import STYLES
from bot.translation import Say
from bot.views import changes, findings
from bot.views.rows import PageOf
from shared.answers import Audited
from shared.audit import Finding, Ignored
from shared.audit.paging import By, FindingPage, Group

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit, and those of its findings that were asked for, in their groups."""

    audited: Audited
    found: FindingPage
    by: By


def paragraphs(shown: Shown, say: Say) -> str:
    """The score, then a paragraph for each finding; nothing in it depends on the terminal or on the time."""
    audited, found, by = shown.audited, shown.found, shown.by
    several = len(audited.origins) > 1
    parts = [f"{findings.score(audited.audit, say)}\n{findings.counted(audited.audit, say)}"]
    for group in found.groups:
        parts.append(f"{_head(group, by, say, several=several)}")
        for one in group.findings:
            first = " · ".join(filter(None, _facts(one, by, say, several=several)))
            parts.append(f"  {first}\n    {texts.what(one, say)}\n    {_remedy(one, say)}")
    if audited.audit.ignored:
        ignored = [f"  {_ignored(one, say, several=several)}" for one in audited.audit.ignored]
        parts.append("\n".join([_how_many(audited.audit.ignored, say), *ignored]))
    return "\n\n".join(parts) + "\n"


def drawn(shown: Shown, say: Say, page_of: PageOf) -> "list[RenderableType]":
    """The same for people: a table for each group; where the terminal can, names are links."""
    from rich import box  # noqa: PLC0415 # only where it is drawn
    from rich.padding import Padding  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    audited, found, by = shown.audited, shown.found, shown.by
    several = len(audited.origins) > 1
    parts: list[RenderableType] = [
        Text(findings.score(audited.audit, say), "bold"),
        Text(findings.counted(audited.audit, say)),
    ]
    for group in found.groups:
        worst = group.findings[0].severity
        head = Text(_head(group, by, say, several=several), STYLES[worst] if by is By.SEVERITY else "bold")
        table = Table(box=box.SIMPLE, show_header=False, pad_edge=False, show_edge=False, show_lines=True, expand=True)
        table.add_column(ratio=2, overflow="fold")
        table.add_column(ratio=5, overflow="fold")
        for one in group.findings:
            table.add_row(
                _first(one, by, say, page_of, several=several),
                Text.assemble(texts.what(one, say), "\n", (_remedy(one, say), "dim")),
            )
        parts += [Padding(head, (1, 0, 0, 0)), table]
    if audited.audit.ignored:
        parts.append(Padding(Text(_how_many(audited.audit.ignored, say), "bold"), (1, 0, 0, 0)))
        parts += [Text(_ignored(one, say, several=several)) for one in audited.audit.ignored]
    return parts


def _first(one: Finding, by: By, say: Say, page_of: PageOf, *, several: bool) -> "Text":
    """What stands beside what is wrong: a line each, a severity in its colour, a name as a link."""
    from rich.style import Style  # noqa: PLC0415 # only where it is drawn
    from rich.text import Text  # noqa: PLC0415

    name, *others = _facts(one, by, say, several=several)
    styles = {
        changes.severity(one.severity, say): Style.parse(STYLES[one.severity]),
        one.rule: Style(dim=True),
    }
    linked = Style(link=page_of(one.account, one.assistant)) if one.assistant and by is not By.ASSISTANT else Style()
    cell = Text(name, styles.get(name, linked))
    for fact in filter(None, others):
        cell.append("\n").append(fact, styles.get(fact))
    return cell


def _head(group: Group, by: By, say: Say, *, several: bool) -> str:
    """What the findings of a group have in common, and how many there are."""
    first = group.findings[0]
    total = say.count(group.total, "{number} finding", "{number} findings")
    match by:
        case By.SEVERITY:
            shared = [changes.severity(first.severity, say)]
        case By.RULE:
            shared = [texts.title(first, say), first.rule]
        case By.ASSISTANT:
            shared = [texts.bearer(first, say), texts.one_line(first.account) if several else ""]
    return " · ".join(filter(None, [*shared, total]))


def _facts(one: Finding, by: By, say: Say, *, several: bool) -> list[str]:
    """What its group does not say."""
    bearer, account = texts.bearer(one, say), texts.one_line(one.account) if several else ""
    match by:
        case By.SEVERITY:
            return [bearer, one.rule, account]
        case By.RULE:
            return [bearer, changes.severity(one.severity, say), account]
        case By.ASSISTANT:
            return [changes.severity(one.severity, say), one.rule]


def _remedy(one: Finding, say: Say) -> str:
    return say("Cure: {cure}", cure=texts.cure(one, say))


def _how_many(ignored: Sequence[Ignored], say: Say) -> str:
    return say.count(len(ignored), "{number} finding is ignored", "{number} findings are ignored")


def _ignored(one: Ignored, say: Say, *, several: bool) -> str:
    account = texts.one_line(one.finding.account) if several else ""
    return " · ".join(
        filter(None, [texts.bearer(one.finding, say), one.finding.rule, account, texts.decision(one, say)])
    )
