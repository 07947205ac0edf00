"""An audit as SARIF 2.1.0, which code scanning and its viewers read; pure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. An assistant is no file: where a finding is, a logical
location says. What somebody ignores is there as a suppressed result.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from bot.terminal import texts
from bot.terminal.reports import written
from bot.translation import Say
from bot.views.rows import PageOf
from shared.answers import Audited, Origin
from shared.audit import RULES, Finding, Ignored, Rule
from shared.models import Severity

_LEVELS: Mapping[Severity, str] = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.CRITICAL: "error"}
_PLACES = {rule: place for place, rule in enumerate(RULES)}


def as_sarif(audited: Audited, found: Sequence[Finding], say: Say, page_of: PageOf) -> str:
    """One run: every rule of the table, the findings that were asked for, and which accounts gave no answer."""
    return written(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "famulor-bot",
                            "version": version("famulor-chatops"),
                            "language": say.language,
                            "rules": [_rule(rule, say) for rule in RULES.values()],
                        }
                    },
                    "language": say.language,
                    "invocations": [_invocation(audited.origins, say)],
                    "results": [
                        *(_result(one, say, page_of) for one in found),
                        *(_suppressed(one, say, page_of) for one in audited.audit.ignored),
                    ],
                    "columnKind": "unicodeCodePoints",
                }
            ],
        }
    )


def _rule(rule: Rule, say: Say) -> dict[str, Any]:
    title = rule.title.in_language(say.language)
    cure = texts.one_line(rule.cure.in_language(say.language).format_map(_AnyFact()))
    return {
        "id": rule.id,
        "shortDescription": {"text": title},
        "help": {
            "text": f"{title}. {cure} {rule.anchor}",
            "markdown": f"**{title}.** {cure} ([{rule.anchor}]({rule.anchor}))",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"anchor": rule.anchor},
    }


def _result(one: Finding, say: Say, page_of: PageOf) -> dict[str, Any]:
    bearer = texts.bearer(one, say)
    record = f"{one.account}/{f'record-{one.subject}' if one.assistant is None else one.assistant}"
    return {
        "ruleId": one.rule,
        "ruleIndex": _PLACES[one.rule],
        "level": _LEVELS[one.severity],
        "message": {"text": _literal(f"{bearer}: {texts.what(one, say)} {texts.cure(one, say)}")},
        "locations": [
            {"logicalLocations": [{"name": bearer, "fullyQualifiedName": texts.one_line(record), "kind": "resource"}]}
        ],
        "partialFingerprints": {"findingKey/v1": texts.fingerprint(one)},
        **({"properties": {"page": page_of(one.account, one.assistant)}} if one.assistant is not None else {}),
    }


def _suppressed(one: Ignored, say: Say, page_of: PageOf) -> dict[str, Any]:
    suppression = {"kind": "external", "status": "accepted", "justification": texts.decision(one, say)}
    return _result(one.finding, say, page_of) | {"suppressions": [suppression]}


def _invocation(origins: Sequence[Origin], say: Say) -> dict[str, Any]:
    failures = [
        {"level": "error", "message": {"text": _literal(line)}} for line in texts.concerns(origins, say, records=False)
    ]
    return {"executionSuccessful": not failures, "toolExecutionNotifications": failures}


class _AnyFact(dict[str, str]):
    """The facts of no finding: each is left open."""

    def __missing__(self, key: str) -> str:
        return "…"


def _literal(text: str) -> str:
    """In which nothing is a link: SARIF has `[words](target)` even in its plain texts (3.11.6)."""
    return text.replace("](", "] (")
