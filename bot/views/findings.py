"""What the audit has found, in the reader's words: what is wrong, what to do, and who wants to hear no more; pure.

A finding's facts may be words of the prompt: who may not read that is told no more than which rule is broken.
"""

from collections.abc import Mapping, Sequence
from string import Formatter

from bot.asking import Asker
from bot.translation import Say
from bot.views import blocks, changes, phrases
from bot.views.blocks import Block
from bot.views.escape import code, mrkdwn, plain
from bot.views.rows import PageOf, details_of
from shared.audit import RULES, UNREADABLE, Audit, Finding, Ignore, Words
from shared.models import Severity

_WHAT = 400
_CURE = 300
_REASON = 300
_NAME = 150


def what(finding: Finding, say: Say, *, prompts: bool) -> str:
    """What is wrong, as one line. `prompts`: whether the reader may read these."""
    rule = RULES[finding.rule]
    return _filled(rule.what, finding.facts, say, _WHAT, prompts=prompts) or title(finding.rule, say)


def cure(finding: Finding, say: Say, *, prompts: bool) -> str:
    """What to do about it, as one line; "" where that would tell what this reader may not read."""
    return _filled(RULES[finding.rule].cure, finding.facts, say, _CURE, prompts=prompts)


def title(rule: str, say: Say) -> str:
    """What the rule is called; its id where this version does not know it."""
    known = RULES.get(rule)
    return mrkdwn(known.title.in_language(say.language)) if known else code(rule, 60)


def plain_title(rule: str, say: Say) -> str:
    """The same, where nothing is formatting."""
    known = RULES.get(rule)
    return known.title.in_language(say.language) if known else plain(rule, 60)


def graded(finding: Finding, say: Say) -> str:
    """`🚨 Critical`: how much it matters."""
    return f"{changes.symbol(finding.severity)} {changes.severity(finding.severity, say)}"


def name(finding: Finding, say: Say, address: str = "") -> str:
    """`*Name* `42``, the name a link; a record that can't be read has no name, and may have no number."""
    shown = say("Unreadable record") if is_unreadable(finding) else phrases.name(finding.name, say, _NAME)
    if finding.assistant is None:
        return f"*{shown}*"
    return f"*{phrases.linked(shown, address)}* `{finding.assistant}`"


def paragraph(first: Sequence[str], finding: Finding, asker: Asker) -> str:
    """What stands in the first line, what is wrong, and what to do."""
    say, prompts = asker.say, asker.sees_prompts
    known = cure(finding, say, prompts=prompts)
    remedy = [say("*Cure:* {cure}", cure=known)] if known else []
    return "\n".join([" · ".join(first), what(finding, say, prompts=prompts), *remedy])


def is_unreadable(finding: Finding) -> bool:
    """Whether it is about a record that is no assistant: there are no details of one."""
    return finding.rule == UNREADABLE.id


def rows(found: Sequence[Finding], asker: Asker, page_of: PageOf) -> list[Block]:
    """A paragraph each, with a button for everything about the assistant."""
    return [
        blocks.section(
            f"{name(one, asker.say, page_of(one.account, one.assistant or 0))} · {graded(one, asker.say)}\n"
            f"{what(one, asker.say, prompts=asker.sees_prompts)}",
            details(one, asker.say, number),
        )
        for number, one in enumerate(found)
    ]


def details(finding: Finding, say: Say, number: int) -> Block | None:
    """The button of the finding of this number in a message; None where there are no details."""
    if finding.assistant is None or is_unreadable(finding):
        return None
    return details_of(finding.account, finding.assistant, finding.name, say, number)


def score(audit: Audit, say: Say) -> str:
    """`9 of 12 ready to call`."""
    return say.count(
        audit.assistants,
        "{ready} of {number} ready to call",
        "{ready} of {number} ready to call",
        ready=say.number(audit.ready),
    )


def counted(audit: Audit, say: Say) -> str:
    """`5 findings: 1 critical, 4 warnings`; that there are none."""
    if not audit.findings:
        return say("Nothing was found")
    found = audit.severities
    kinds = [
        say.count(found[Severity.CRITICAL], "{number} critical", "{number} critical"),
        say.count(found[Severity.WARNING], "{number} warning", "{number} warnings"),
        say.count(found[Severity.INFO], "{number} note", "{number} notes"),
    ]
    shown = [kind for kind, number in zip(kinds, found.values(), strict=True) if number]
    total = say.count(len(audit.findings), "{number} finding", "{number} findings")
    return f"{total}: {', '.join(shown)}"


def decision(ignore: Ignore, say: Say) -> str:
    """Who wants to hear no more of it, since when, and why."""
    return say(
        "ignored by <@{user}> {moment}: {reason}",
        user=mrkdwn(ignore.by, 40),
        moment=phrases.moment(ignore.at),
        reason=mrkdwn(ignore.reason, _REASON),
    )


def _filled(words: Words, facts: Mapping[str, str], say: Say, most: int, *, prompts: bool) -> str:
    template = words.in_language(say.language)
    takes_facts = any(field is not None for _text, field, _form, _conversion in Formatter().parse(template))
    return mrkdwn(template.format_map(facts), most) if prompts or not takes_facts else ""
