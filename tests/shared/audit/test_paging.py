"""Pages of findings: each finding stands on one of them, whatever is grouped, filtered or changed meanwhile."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit import RULES, Audit, Finding
from shared.audit.paging import By, FindingPage, FindingQuery, page
from shared.errors import CursorInvalid, FilterInvalid
from shared.models import Severity
from shared.query import AssistantQuery, Choice, Sort, SortField

LONGEST_CURSOR = 600
"""Characters: a button's value takes 2,000, and holds what was asked for besides."""

numbers = st.one_of(st.integers(0, 9).map(str), st.text(max_size=90))
findings = st.builds(
    Finding,
    account=st.sampled_from(["agency", "client"]),
    assistant=st.one_of(st.none(), st.integers(1, 5)),
    # One bearer has one name, as in a snapshot.
    name=st.just(""),
    rule=st.sampled_from([*RULES][:3] + [*RULES][-1:]),
    severity=st.sampled_from(Severity),
    subject=numbers,
)
names = st.fixed_dictionaries({number: st.text(max_size=120) for number in range(1, 6)})


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    """Any findings, no two of which are about the same."""
    called = draw(names)
    found = draw(st.lists(findings, unique_by=lambda one: one.key, max_size=20))
    named = [one.model_copy(update={"name": called.get(one.assistant or 0, "")}) for one in found]
    return Audit(tuple(named), (), assistants=5, ready=0)


def walked(audit: Audit, query: FindingQuery) -> Iterator[FindingPage]:
    """Every page from the first on."""
    while True:
        found = page(audit, query)
        yield found
        if not found.next_cursor:
            return
        query = query.model_copy(update={"cursor": found.next_cursor})


GROUPS: Mapping[By, Callable[[Finding], Hashable]] = {
    By.SEVERITY: lambda one: one.severity,
    By.RULE: lambda one: one.rule,
    By.ASSISTANT: lambda one: (one.account, one.assistant, one.name, one.subject if one.assistant is None else None),
}


@settings(max_examples=50)
@given(audit=audits(), by=st.sampled_from(By), limit=st.integers(1, 9))
def test_the_pages_hold_each_finding_once_in_groups_of_which_the_worst_comes_first(
    audit: Audit, by: By, limit: int
) -> None:
    pages = list(walked(audit, FindingQuery(by=by, limit=limit)))
    rows = [one for found in pages for one in found.findings]
    assert Counter(one.key for one in rows) == Counter(one.key for one in audit.findings)
    group_of = GROUPS[by]
    counts, worst = Counter(map(group_of, rows)), dict[Hashable, int]()
    for one in rows:
        worst[group_of(one)] = max(worst.get(group_of(one), 0), one.severity.rank)
    in_order = list(dict.fromkeys(map(group_of, rows)))
    assert [group_of(one) for one in rows] == [group for group in in_order for _ in range(counts[group])]
    assert [worst[group] for group in in_order] == sorted(worst.values(), reverse=True)
    for group in in_order:
        ranks = [one.severity.rank for one in rows if group_of(one) == group]
        assert ranks == sorted(ranks, reverse=True)
    first = 1
    for found in pages:
        assert (found.first, found.total, len(found.after)) == (first, len(rows), len(found.findings))
        first += len(found.findings)
        for group in found.groups:
            assert {group_of(one) for one in group.findings} == {group_of(group.findings[0])}
            assert group.total == counts[group_of(group.findings[0])]
        assert all(len(cursor) <= LONGEST_CURSOR for cursor in found.after)
    # And back again.
    query = FindingQuery(by=by, limit=limit)
    for before, found in zip(pages[-2::-1], pages[:0:-1], strict=True):
        assert page(audit, query.model_copy(update={"cursor": found.previous_cursor})) == before
    assert pages[0].previous_cursor == ""


@settings(max_examples=50)
@given(audit=audits(), more=audits(), chance=st.randoms())
def test_what_stays_is_seen_once_while_others_come_and_go(audit: Audit, more: Audit, chance: Random) -> None:
    stay = [one for one in audit.findings if chance.random() < 0.7]
    known = {one.key for one in audit.findings}
    later = Audit((*stay, *(one for one in more.findings if one.key not in known)), (), 5, 0)
    query = FindingQuery(limit=3)
    found = page(audit, query)
    seen = [one.key for one in found.findings]
    while found.next_cursor:
        found = page(later, query.model_copy(update={"cursor": found.next_cursor}))
        seen += [one.key for one in found.findings]
    assert len(set(seen)) == len(seen)
    assert {one.key for one in stay} <= set(seen)


def finding(number: int, rule: str = "unreadable", severity: Severity = Severity.WARNING) -> Finding:
    return Finding(account="agency", assistant=number, name=f"No. {number}", rule=rule, severity=severity)


AUDIT = Audit(tuple(finding(number) for number in range(1, 9)), (), assistants=9, ready=1)


def test_a_finding_that_is_fixed_between_two_pages_costs_no_other_its_place() -> None:
    query = FindingQuery(limit=3)
    first = page(AUDIT, query)
    fixed = Audit(AUDIT.findings[:2] + AUDIT.findings[3:], (), 9, 1)
    second = page(fixed, query.model_copy(update={"cursor": first.next_cursor}))
    assert [one.assistant for one in second.findings] == [4, 5, 6]
    appeared = Audit((finding(0), *AUDIT.findings), (), 9, 1)
    assert page(appeared, query.model_copy(update={"cursor": first.next_cursor})).findings == second.findings


def test_a_page_may_begin_behind_any_finding() -> None:
    found = page(AUDIT, FindingQuery(limit=5))
    for number, cursor in enumerate(found.after, 1):
        following = page(AUDIT, FindingQuery(limit=2, cursor=cursor))
        assert [one.assistant for one in following.findings] == [number + 1, number + 2]


def test_a_cursor_behind_the_end_brings_an_empty_page_and_the_way_back() -> None:
    (*_before, last) = page(AUDIT, FindingQuery(limit=8)).after
    found = page(AUDIT, FindingQuery(cursor=last))
    assert (found.findings, found.groups, found.total, found.next_cursor) == ((), (), 8, "")
    nothing = page(Audit((), (), 3, 3), FindingQuery())
    assert (nothing.findings, nothing.total, nothing.next_cursor, nothing.previous_cursor) == ((), 0, "", "")


OTHERS: list[dict[str, object]] = [
    {"rule": Choice.parse("unreadable")},
    {"severity": Severity.WARNING},
    {"by": By.RULE},
    {"by": By.ASSISTANT},
    {"assistants": AssistantQuery(status=Choice.parse("active"))},
    {"assistants": AssistantQuery(account=Choice.parse("agency"))},
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_cursor_means_nothing_to_another_question(other: dict[str, object]) -> None:
    cursor = page(AUDIT, FindingQuery(limit=3)).next_cursor
    with pytest.raises(CursorInvalid):
        page(AUDIT, FindingQuery(**{"limit": 3, "cursor": cursor, **other}))  # type: ignore[arg-type]


def test_another_length_of_page_or_order_of_assistants_is_the_same_question() -> None:
    cursor = page(AUDIT, FindingQuery(limit=3)).next_cursor
    assistants = AssistantQuery(sort=(Sort(field=SortField.ID),), limit=7, cursor="elsewhere")
    assert page(AUDIT, FindingQuery(assistants=assistants, cursor=cursor, limit=9)).first == 4


@settings(max_examples=50)
@given(
    text=st.one_of(
        st.text(min_size=1),
        st.binary(min_size=1).map(lambda raw: raw.decode("latin-1")),
        st.sampled_from(page(AUDIT, FindingQuery(limit=3)).after).flatmap(
            lambda cursor: st.integers(1, len(cursor) - 4).map(lambda end: cursor[:end])
        ),
    )
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        page(AUDIT, FindingQuery(cursor=text))


@pytest.mark.parametrize(
    ("rule", "severity", "left"),
    [
        ("", Severity.INFO, {1, 2, 3, 4}),
        ("", Severity.WARNING, {2, 3, 4}),
        ("", Severity.CRITICAL, {3}),
        ("unreadable", Severity.INFO, {4}),
        ("UNREAD*", Severity.INFO, {4}),
        ("!unreadable", Severity.INFO, {1, 2, 3}),
        ("!unreadable", Severity.CRITICAL, {3}),
        ("*", Severity.INFO, {1, 2, 3, 4}),
    ],
)
def test_findings_are_chosen_by_rule_and_by_how_grave_they_are_at_least(
    rule: str, severity: Severity, left: set[int]
) -> None:
    other = next(iter(RULES))
    found = (
        finding(1, other, Severity.INFO),
        finding(2, other, Severity.WARNING),
        finding(3, other, Severity.CRITICAL),
        finding(4),
    )
    answer = page(Audit(found, (), 4, 1), FindingQuery(rule=Choice.parse(rule), severity=severity))
    assert {one.assistant for one in answer.findings} == left
    assert answer.total == len(left)


def test_a_rule_that_there_is_not_is_refused_with_those_that_come_near_first() -> None:
    with pytest.raises(FilterInvalid) as refused:
        FindingQuery(rule=Choice.parse("unreadble"))
    told = refused.value.explain()
    assert told.startswith("“unreadble” is no rule of the audit. Valid: unreadable, ")
    assert all(rule in told for rule in RULES)
    with pytest.raises(FilterInvalid):
        FindingQuery(rule=Choice.parse("!zzz*"))
