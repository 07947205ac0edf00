"""Two states of an account → which findings have opened and closed between them; pure."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.audit import RULES, Finding, Ground, Ignore, Policy, audit, of_assistant
from shared.audit.movement import written
from shared.models import Assistant, Change, Kind, Names, Severity
from shared.store import AccountState, Outcome
from shared.watch.judgement import there_before

INACTIVE = "inactive"
"""Only such an assistant counts as the copy of another."""
_COMPARING = tuple(rule for rule in RULES.values() if rule.compares)


@dataclass(frozen=True, slots=True)
class Auditing:
    """With which policy a watch audits what has changed, and whom it asks for ignores; that raises StoreError."""

    policy: Policy
    ignores: Callable[[], Awaitable[Iterable[Ignore]]]


def to_be_audited(state: AccountState, outcome: Outcome) -> bool:
    """Whether anything differs that findings could come of; the first snapshot is a silent baseline."""
    if state.succeeded_at is None or outcome.assistants is None:
        return False
    return _by_id(state.assistants) != _by_id(outcome.assistants)


def with_findings(
    state: AccountState, outcome: Outcome, names: Names, policy: Policy, ignores: Iterable[Ignore]
) -> Outcome:
    """The outcome with a change for each assistant with which other things are wrong than before, by id.

    Both states are audited in the same way and at the same moment: what this version of the program finds and the one
    before did not, what names have come to be known, and what the calendar brings, is nobody's news.
    """
    old, new = _by_id(state.assistants), _by_id(outcome.assistants or ())
    region, at = policy.region_of(state.account), outcome.polled_at
    grounds = [Ground(state.account, tuple(these.values()), names, at, region) for these in (old, new)]
    ignores = tuple(ignores)
    affected = _affected(old, new, grounds, policy)

    def found(assistants: Mapping[int, Assistant], ground: Ground) -> Mapping[int, Sequence[Finding]]:
        chosen = [one for number, one in assistants.items() if number in affected]
        by_assistant: dict[int, list[Finding]] = {one.id: [] for one in chosen}
        for one in audit(ground, chosen=chosen, policy=policy, ignores=ignores).findings:
            by_assistant[one.assistant or 0].append(one)
        return by_assistant

    before, after = found(old, grounds[0]), found(new, grounds[1])
    # Those that could not be read until now have their silent baseline now.
    silent = there_before(state, new.values()) - old.keys()
    changes = [
        _change(state, outcome, number, (old.get(number), new.get(number)), (before.get(number), after.get(number)))
        for number in sorted(before.keys() | after.keys())
        if number not in silent and _keys(before.get(number)) != _keys(after.get(number))
    ]
    return replace(outcome, changes=(*outcome.changes, *changes))


def _affected(
    old: Mapping[int, Assistant], new: Mapping[int, Assistant], grounds: Iterable[Ground], policy: Policy
) -> frozenset[int]:
    """Those that differ, and those in which rules that compare find something else beside the others as they are now.

    Nothing else can have changed in the rest; to read all of their prompts again would take thirty times as long.
    """
    differing = frozenset(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))
    if all(_beside_others(old.get(number)) == _beside_others(new.get(number)) for number in differing):
        return differing
    before, after = (
        {number: _keys(of_assistant(new[number], ground, policy, _COMPARING)) for number in new.keys() - differing}
        for ground in grounds
    )
    return differing | {number for number, keys in before.items() if keys != after[number]}


def _beside_others(one: Assistant | None) -> Hashable:
    """All of an assistant that rules may look at who compare another one with it: what it says, only of a copy."""
    if one is None:
        return None
    copied = (one.language_id, one.system_prompt, one.updated_at) if one.status == INACTIVE else ()
    return one.name, one.status, one.webhook_url, one.is_webhook_active, copied


def _change(
    state: AccountState,
    outcome: Outcome,
    number: int,
    versions: tuple[Assistant | None, Assistant | None],
    findings: tuple[Sequence[Finding] | None, Sequence[Finding] | None],
) -> Change:
    old, new = versions
    before, after = findings
    known = _keys(before)
    opened = [one.severity for one in after or () if one.key not in known]
    latest = new or old
    return Change(
        account=state.account,
        sequence=state.sequence + 1,
        kind=Kind.FINDING,
        severity=max(opened, key=lambda severity: severity.rank, default=Severity.INFO),
        assistant=number,
        name=latest.name if latest else "",
        before=None if before is None else written(before),
        after=None if after is None else written(after),
        seen_at=outcome.polled_at,
        # What a neighbour's change has brought was not changed in Famulor at any time of its own.
        changed_at=new.updated_at if new is not None and new != old else None,
    )


def _by_id(assistants: Iterable[Assistant]) -> Mapping[int, Assistant]:
    return {one.id: one for one in assistants}


def _keys(findings: Iterable[Finding] | None) -> frozenset[Hashable]:
    return frozenset(one.key for one in findings or ())
