"""An audit for other programs, as JSON of our own; pure."""

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.terminal import texts
from bot.translation import Say
from bot.views.rows import PageOf
from shared.answers import Audited
from shared.audit import RULES, Finding

VERSION = 1
"""Of the shape below: what is there keeps its name and its meaning, and more may come."""

# Unescaped in JSON, and yet they would steer the terminal that somebody shows it in; and halves of characters.
_STEERING = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def as_json(audited: Audited, found: Sequence[Finding], say: Say, page_of: PageOf) -> str:
    """The score, the findings that were asked for, what is ignored, and how each account answered.

    Texts of others are as they are in `name`, `subject`, `facts` and `reason`, and in one harmless line elsewhere.
    """
    audit = audited.audit
    return written(
        {
            "version": VERSION,
            "assistants": audit.assistants,
            "ready": audit.ready,
            "findings": [_finding(one, say, page_of) for one in found],
            "ignored": [
                {
                    **_finding(one.finding, say, page_of),
                    "reason": one.ignore.reason,
                    "ignored_by": one.ignore.by,
                    "ignored_at": one.ignore.at.isoformat(),
                }
                for one in audit.ignored
            ],
            "accounts": [
                {
                    "account": one.account,
                    "fetched_at": one.fetched_at.isoformat() if one.fetched_at else None,
                    "assistants": one.total,
                    "unreadable": len(one.rejected),
                    "failure": say.error(one.failure) if one.failure else None,
                }
                for one in audited.origins
            ],
        }
    )


def written(content: Any) -> str:
    """JSON that a terminal can show, whatever is in it: lossless."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _finding(one: Finding, say: Say, page_of: PageOf) -> dict[str, Any]:
    return {
        "account": one.account,
        "assistant": one.assistant,
        "name": one.name,
        "rule": one.rule,
        "severity": one.severity,
        "subject": one.subject,
        "facts": dict(one.facts),
        "title": texts.title(one, say),
        "what": texts.what(one, say),
        "cure": texts.cure(one, say),
        "explained_in": RULES[one.rule].anchor,
        "page": page_of(one.account, one.assistant) if one.assistant is not None else None,
        "fingerprint": texts.fingerprint(one),
    }
