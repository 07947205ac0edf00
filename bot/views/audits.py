"""A page of what the audit has found, in groups, the worst first, with what to do about it; pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.asking import Asker
from bot.grammar import Audit, written
from bot.translation import Say
from bot.views import blocks, findings, origins, phrases, state
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn, plain
from bot.views.rows import PageOf
from bot.words import COMMAND
from shared.answers import Audited, Origin
from shared.audit import Finding, Ignored
from shared.audit.paging import By, FindingPage, Group

IGNORED = 3
"""Of many findings that are ignored, the first are told."""
_QUERY = 300
_SPOKEN = 200


def page(audited: Audited, found: FindingPage, command: Audit, asker: Asker, page_of: PageOf) -> Message:
    """The score, the findings in their groups, how fresh they are, and where to go on from here."""
    say, audit = asker.say, audited.audit
    headline = findings.score(audit, say) if audit.assistants else _nobody(audited, say)
    warnings = origins.concerns(_others(audited), say)
    spoken = [
        f"{findings.name(one, say)}: {blocks.cut(findings.what(one, say, prompts=asker.sees_prompts), _SPOKEN)}"
        for one in found.findings
    ]
    return blocks.message(
        phrases.sentences([headline, findings.counted(audit, say), *spoken, *warnings]),
        [
            blocks.header(plain(headline)),
            blocks.context(" · ".join([_understood(command, say), *_parts(audited, found, say)])),
            *(_rows(found, command.query.by, audited, asker, page_of) or _nothing(audited, found, command, say)),
            *map(blocks.section, warnings),
            *(_ignored(audit.ignored, say) if not found.previous_cursor else []),
            *_buttons(found, command, say),
            blocks.context(origins.fetched(audited.origins, say)),
        ],
    )


def _rows(found: FindingPage, by: By, audited: Audited, asker: Asker, page_of: PageOf) -> list[Block]:
    """Each group's head says what its findings have in common, and each finding the rest."""
    several = len(audited.origins) > 1
    shown: list[Block] = []
    for group in found.groups:
        shown.append(_head(group, by, asker.say, page_of, len(shown), several=several))
        for one in group.findings:
            first = {
                By.SEVERITY: [_bearer(one, asker.say, page_of, several=several), f"`{one.rule}`"],
                By.RULE: [_bearer(one, asker.say, page_of, several=several), findings.graded(one, asker.say)],
                By.ASSISTANT: [findings.graded(one, asker.say), f"`{one.rule}`"],
            }[by]
            details = None if by is By.ASSISTANT else findings.details(one, asker.say, len(shown))
            shown.append(blocks.section(findings.paragraph(first, one, asker), details))
    return shown


def _head(group: Group, by: By, say: Say, page_of: PageOf, number: int, *, several: bool) -> Block:  # noqa: PLR0913
    """With how many findings the group has on all pages."""
    first = group.findings[0]
    total = say.count(group.total, "{number} finding", "{number} findings")
    match by:
        case By.SEVERITY:
            return blocks.section(f"*{findings.graded(first, say)}* · {total}")
        case By.RULE:
            return blocks.section(f"*{findings.title(first.rule, say)}* · `{first.rule}` · {total}")
        case By.ASSISTANT:
            whose = _bearer(first, say, page_of, several=several)
            return blocks.section(f"{whose} · {total}", findings.details(first, say, number))


def _bearer(one: Finding, say: Say, page_of: PageOf, *, several: bool) -> str:
    account = f" · {mrkdwn(one.account, 40)}" if several else ""
    return f"{findings.name(one, say, page_of(one.account, one.assistant) if one.assistant else '')}{account}"


def _others(audited: Audited) -> list[Origin]:
    """The origins, without the records that can't be read where these are among the findings."""
    audit = audited.audit
    told = any(map(findings.is_unreadable, (*audit.findings, *(one.finding for one in audit.ignored))))
    return [replace(one, rejected=()) if told else one for one in audited.origins]


def _nobody(audited: Audited, say: Say) -> str:
    return say("No assistant matches.") if audited.of else say("There are no outbound assistants")


def _understood(command: Audit, say: Say) -> str:
    whole = replace(command, query=command.query.model_copy(update={"cursor": ""}))
    return code(f"{COMMAND} {written(whole, say.language)}", _QUERY)


def _parts(audited: Audited, found: FindingPage, say: Say) -> list[str]:
    """How many findings there are, how many of them are asked for, and which of these are shown."""
    every, shown = len(audited.audit.findings), len(found.findings)
    return [
        findings.counted(audited.audit, say),
        *(
            [say("{matching} of {all} match", matching=say.number(found.total), all=say.number(every))]
            if found.total != every
            else []
        ),
        *(
            [
                say(
                    "shown: {first} to {last}",
                    first=say.number(found.first),
                    last=say.number(found.first + shown - 1),
                )
            ]
            if 0 < shown < found.total
            else []
        ),
    ]


def _nothing(audited: Audited, found: FindingPage, command: Audit, say: Say) -> list[Block]:
    if found.total:
        first = _button(say("First page"), "first", command, "")
        told = say("The list has become shorter since: nothing comes after that page.")
        return [blocks.section(told), *([blocks.actions([first])] if first else [])]
    if audited.audit.findings:
        return [blocks.section(say("Nothing of this kind was found."))]
    return [blocks.section(say("Nothing was found."))] if audited.audit.assistants else []


def _ignored(ignored: Sequence[Ignored], say: Say) -> list[Block]:
    """Who decided that, and why."""
    if not ignored:
        return []
    lines = [
        f"• {findings.name(one.finding, say)} · {findings.title(one.finding.rule, say)} · "
        f"{findings.decision(one.ignore, say)}"
        for one in ignored[:IGNORED]
    ]
    title = say.count(len(ignored), "*{number} finding is ignored*", "*{number} findings are ignored*")
    hidden = len(ignored) - IGNORED
    more = [say("and {number} more", number=say.number(hidden))] if hidden > 0 else []
    return [blocks.section("\n".join([title, *lines, *more]))]


def _buttons(found: FindingPage, command: Audit, say: Say) -> list[Block]:
    """Back and next, refresh, and the other groupings."""
    groupings = {
        By.SEVERITY: say("By severity"),
        By.RULE: say("By rule"),
        By.ASSISTANT: say("By assistant"),
    }
    turned = [
        _button(label, which, command, cursor)
        for label, which, cursor in (
            (say("← Back"), "back", found.previous_cursor),
            (say("Next →"), "next", found.next_cursor),
        )
        if cursor
    ]
    text = written(command)
    again = [blocks.button(say("Refresh"), state.action_id(state.REFRESH), text)] if _fits(text) else []
    regrouped = [
        _button(label, by.value, replace(command, query=command.query.model_copy(update={"by": by})), "")
        for by, label in groupings.items()
        if by is not command.query.by and found.total > 1
    ]
    shown = [button for button in (*turned, *again, *regrouped) if button]
    lost = None in turned
    return [
        *([blocks.actions(shown)] if shown else []),
        *([blocks.context(say("There are more; narrow the list down to see them."))] if lost else []),
    ]


def _button(label: str, which: str, command: Audit, cursor: str) -> Block | None:
    """Another page of the same; None where the text is too long for a button."""
    text = written(replace(command, query=command.query.model_copy(update={"cursor": cursor})))
    return blocks.button(label, state.action_id(state.RUN, which), text) if _fits(text) else None


def _fits(text: str) -> bool:
    return len(text) <= state.VALUE_LIMIT
