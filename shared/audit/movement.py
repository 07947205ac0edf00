"""What a change of kind `finding` says: written into it, and read out of it again; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Self

from pydantic import JsonValue, ValidationError

from shared.audit.finding import Finding
from shared.audit.rules import RULES
from shared.models import Change, Severity

_KEPT = {"rule", "subject", "severity", "facts"}
"""What a change doesn't say of each finding, it says once of all."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What has become of one assistant's findings: those that have opened, been closed, or were left as they were.

    `gone`: there is no assistant any more that anything could be wrong with.
    """

    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    left: tuple[Finding, ...]
    gone: bool = False

    @classmethod
    def of(cls, change: Change) -> Self:
        """What the change says. What another version wrote there, and this one can't read, is passed over."""
        before, after = (_read(value, change) for value in (change.before, change.after))
        return cls(
            opened=tuple(one for key, one in after.items() if key not in before),
            closed=tuple(one for key, one in before.items() if key not in after),
            left=tuple(one for key, one in after.items() if key in before),
            gone=change.after is None,
        )

    @property
    def severity(self) -> Severity:
        """How much it matters: as much as the worst that has opened; what was only resolved is no more than news."""
        return max((one.severity for one in self.opened), key=lambda one: one.rank, default=Severity.INFO)

    @property
    def open(self) -> tuple[Finding, ...]:
        """All that is wrong now."""
        return (*self.opened, *self.left)

    @property
    def ready(self) -> bool:
        """Whether the assistant is ready to call now."""
        return not self.gone and all(one.severity.rank < Severity.WARNING.rank for one in self.open)

    @property
    def was_ready(self) -> bool:
        """Whether it was before."""
        return all(one.severity.rank < Severity.WARNING.rank for one in (*self.closed, *self.left))


def written(findings: Iterable[Finding]) -> JsonValue:
    """Findings of one assistant as a change carries them."""
    return [one.model_dump(mode="json", include=_KEPT) for one in findings]


def sayable(finding: Finding) -> bool:
    """Whether this version has the words for it: a finding of long ago may be of a rule that is gone, or has changed.

    Where it has not, its rule's id is all that can be said of it.
    """
    rule = RULES.get(finding.rule)
    if rule is None:
        return False
    asked = {field for words in (*rule.what, *rule.cure) for _text, field, *_rest in Formatter().parse(words) if field}
    return asked <= finding.facts.keys()


def _read(value: JsonValue, change: Change) -> Mapping[tuple[str, int | None, str, str], Finding]:
    found = {}
    for item in value if isinstance(value, list) else ():
        if not isinstance(item, Mapping):
            continue
        kept = {name: one for name, one in item.items() if name in _KEPT}
        try:
            finding = Finding.model_validate(
                {**kept, "account": change.account, "assistant": change.assistant, "name": change.name}
            )
        except ValidationError:
            continue
        found[finding.key] = finding
    return found
