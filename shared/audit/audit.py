"""Assistants → what is wrong with them; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.audit.finding import Evidence, Finding, Ignore, Rule
from shared.audit.ground import Ground
from shared.audit.policy import Policy
from shared.audit.rules import RULES, UNREADABLE
from shared.models import Assistant, Rejected, Severity

_NO_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that somebody does not want to hear of, and whose decision that is."""

    finding: Finding
    ignore: Ignore


@dataclass(frozen=True, slots=True)
class Audit:
    """What is wrong: `findings` the worst first, then by rule (in the table's order), name and id.

    `assistants`: how many were looked at, unreadable ones among them; `ready`: how many of them have no finding that
    is a warning or worse, and so are ready to call.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    assistants: int
    ready: int

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity, the worst first; those that don't occur too."""
        return {
            severity: sum(1 for one in self.findings if one.severity is severity) for severity in reversed(Severity)
        }

    @classmethod
    def together(cls, parts: Iterable["Audit"]) -> "Audit":
        """Several accounts' audits as one."""
        parts = tuple(parts)
        return cls(
            findings=tuple(sorted((one for part in parts for one in part.findings), key=_urgency)),
            ignored=tuple(one for part in parts for one in part.ignored),
            assistants=sum(part.assistants for part in parts),
            ready=sum(part.ready for part in parts),
        )


def audit(
    ground: Ground,
    *,
    chosen: Iterable[Assistant] | None = None,
    rejected: Sequence[Rejected] = (),
    policy: Policy = _NO_POLICY,
    ignores: Iterable[Ignore] = (),
) -> Audit:
    """What is wrong with one account's assistants, or with those of them that were `chosen`.

    `ground` holds all of them, since some rules compare; `rejected`: the records that could not be read.
    """
    assistants = ground.assistants if chosen is None else tuple(chosen)
    found = [one for assistant in assistants for one in of_assistant(assistant, ground, policy)]
    found += of_rejected(ground.account, rejected, policy)
    decisions = {(one.account, one.assistant, one.rule): one for one in ignores}
    open_ones: list[Finding] = []
    ignored: list[Ignored] = []
    for one in sorted(found, key=_urgency):
        decision = decisions.get((one.account, one.assistant or 0, one.rule))
        if decision is None:
            open_ones.append(one)
        else:
            ignored.append(Ignored(one, decision))
    unready = {
        (one.assistant, one.subject if one.assistant is None else "")
        for one in open_ones
        if one.severity.rank >= Severity.WARNING.rank
    }
    looked_at = len(assistants) + len(rejected)
    return Audit(tuple(open_ones), tuple(ignored), looked_at, max(looked_at - len(unready), 0))


def of_assistant(
    assistant: Assistant, ground: Ground, policy: Policy = _NO_POLICY, rules: Iterable[Rule] = RULES.values()
) -> list[Finding]:
    """What is wrong with one assistant by these rules, in their order."""
    return [
        Finding(
            account=assistant.account,
            assistant=assistant.id,
            name=assistant.name,
            rule=rule.id,
            severity=severity,
            subject=evidence.subject,
            facts=evidence.facts,
        )
        for rule in rules
        # Nearly always there is nothing.
        if (found := tuple(rule.check(assistant, ground))) and (severity := _severity(rule, policy)) is not None
        for evidence in _one_a_subject(found)
    ]


def _one_a_subject(found: Iterable[Evidence]) -> Iterable[Evidence]:
    """The first of each subject: two names that differ in their spaces alone are one to whoever reads of them."""
    different: dict[str, Evidence] = {}
    for one in found:
        different.setdefault(one.subject, one)
    return different.values()


def of_rejected(account: str, rejected: Iterable[Rejected], policy: Policy = _NO_POLICY) -> list[Finding]:
    """Records that could not be read in full: nobody knows what is wrong with those."""
    severity = _severity(UNREADABLE, policy)
    if severity is None:
        return []
    return [
        Finding(
            account=account,
            assistant=one.id,
            name="",
            rule=UNREADABLE.id,
            severity=severity,
            subject=str(one.position),
            facts={"position": str(one.position), "field": one.field, "reason": one.reason},
        )
        for one in rejected
    ]


def _severity(rule: Rule, policy: Policy) -> Severity | None:
    return policy.grades.get(rule.id, rule.severity)


_PLACES = {name: place for place, name in enumerate(RULES)}


def _urgency(one: Finding) -> tuple[int, int, str, str, int, str]:
    return -one.severity.rank, _PLACES[one.rule], one.name.casefold(), one.account, one.assistant or 0, one.subject
