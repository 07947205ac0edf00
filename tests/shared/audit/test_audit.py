"""The audit as a whole: what it finds in the demo, what policies and ignores change, and that nothing breaks it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit import RULES, UNREADABLE, Audit, Ground, Ignore, Policy, audit
from shared.core import Core
from shared.demo import DEMO_KEY, PLANTED, DemoApi
from shared.errors import SettingsError
from shared.models import Assistant, Names, Rejected, Severity
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.shared.audit.worlds import NAMES, NOW, assistant, ground

LONGEST_FACT = 300
"""Characters: a finding is shown in lists."""


async def found_in(core: Core) -> dict[int | None, tuple[str, ...]]:
    audited = await core.audit()
    found: dict[int | None, list[str]] = {}
    for one in audited.audit.findings:
        found.setdefault(one.assistant, []).append(one.rule)
    return {number: tuple(sorted(rules)) for number, rules in found.items()}


async def test_of_the_demos_twelve_exactly_what_was_planted_is_found(core: Core) -> None:
    planted = {number: tuple(sorted(rules)) for number, rules in PLANTED.items()}
    assert await found_in(core) == planted
    answer = (await core.audit()).audit
    unready = {number for number, rules in PLANTED.items() if any(_is_grave(rule) for rule in rules)}
    assert (answer.assistants, answer.ready) == (12, 12 - len(unready))
    assert all(rules and set(rules) <= RULES.keys() for rules in PLANTED.values())


async def test_a_demo_of_later_years_has_no_other_faults() -> None:
    clock = ManualClock(datetime(2031, 7, 4, 9, tzinfo=UTC))
    async with DemoApi(clock=clock) as api:
        settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url)
        async with open_core(settings, clock) as core:
            assert await found_in(core) == {number: tuple(sorted(rules)) for number, rules in PLANTED.items()}


def _is_grave(rule: str) -> bool:
    return RULES[rule].severity.rank >= Severity.WARNING.rank


# One with two faults that are warnings, one with an INFO, one that is well.
GRAVE = assistant(1, name="B", timezone="Europe/Nowhere", webhook_url="http://crm.example.com/")
SLIGHT = assistant(2, name="A", is_webhook_active=False)
WELL = assistant(3, name="C")
UNREAD = (
    Rejected(position=4, id=4, field="name", reason="is missing"),
    Rejected(position=5, id=None, field="", reason=""),
)


def audited(
    policy: Policy | None = None, *ignores: Ignore, rejected: tuple[Rejected, ...] = (), **chosen: Any
) -> Audit:
    return audit(ground(WELL, SLIGHT, GRAVE), policy=policy or Policy(), ignores=ignores, rejected=rejected, **chosen)


def told(said: Audit) -> list[tuple[int | None, str, str]]:
    return [(one.assistant, one.rule, one.severity.value) for one in said.findings]


def test_findings_come_the_worst_first_and_who_has_a_grave_one_is_not_ready() -> None:
    said = audited(rejected=UNREAD)
    assert told(said) == [
        (1, "webhook-not-https", "warning"),
        (1, "timezone-unknown", "warning"),
        (None, "unreadable", "warning"),
        (4, "unreadable", "warning"),
        (2, "webhook-off", "info"),
    ]
    assert (said.assistants, said.ready) == (5, 2)
    assert list(said.severities.items()) == [(Severity.CRITICAL, 0), (Severity.WARNING, 4), (Severity.INFO, 1)]


def test_a_policy_switches_rules_off_and_grades_them_anew() -> None:
    policy = Policy(
        grades={
            "webhook-not-https": None,
            "timezone-unknown": Severity.INFO,
            "webhook-off": Severity.CRITICAL,
            "unreadable": None,
        }
    )
    said = audited(policy, rejected=UNREAD)
    assert told(said) == [(2, "webhook-off", "critical"), (1, "timezone-unknown", "info")]
    assert (said.assistants, said.ready) == (5, 4)


def ignore(number: int, rule: str, account: str = "default") -> Ignore:
    return Ignore(account=account, assistant=number, rule=rule, reason="meant so", by="Mia", at=NOW)


def test_what_is_ignored_is_set_aside_with_the_decision_and_does_not_count() -> None:
    decisions = [
        ignore(1, "webhook-not-https"),
        ignore(1, "timezone-unknown"),
        ignore(2, "timezone-unknown"),
        ignore(2, "webhook-off", account="another"),
    ]
    said = audited(None, *decisions)
    assert told(said) == [(2, "webhook-off", "info")]
    assert [(one.finding.rule, one.ignore) for one in said.ignored] == [
        ("webhook-not-https", decisions[0]),
        ("timezone-unknown", decisions[1]),
    ]
    assert (said.assistants, said.ready) == (3, 3)


def test_only_the_chosen_are_told_of_though_all_are_compared() -> None:
    namesake = assistant(9, name="A")
    everyone = ground(WELL, SLIGHT, GRAVE, namesake)
    said = audit(everyone, chosen=[SLIGHT])
    assert told(said) == [(2, "webhook-off", "info"), (2, "name-shared", "info")]
    assert (said.assistants, said.ready) == (1, 1)
    assert audit(everyone, chosen=[]) == Audit((), (), 0, 0)


def test_several_accounts_are_one_audit() -> None:
    other = [one.model_copy(update={"account": "other"}) for one in (SLIGHT, GRAVE)]
    parts = [audited(), audit(Ground("other", tuple(other), NAMES, NOW))]
    said = Audit.together(parts)
    assert [(one.account, one.rule) for one in said.findings] == [
        ("default", "webhook-not-https"),
        ("other", "webhook-not-https"),
        ("default", "timezone-unknown"),
        ("other", "timezone-unknown"),
        ("default", "webhook-off"),
        ("other", "webhook-off"),
    ]
    assert (said.assistants, said.ready) == (5, 3)
    assert Audit.together([]) == Audit((), (), 0, 0)


def test_policies_are_read_from_settings_and_a_rule_or_account_that_there_is_not_is_refused() -> None:
    def policy(**given: Any) -> Policy:
        return Policy.of(from_arguments(Settings, famulor_api_key="key", **given), RULES)

    read = policy(audit_rules="untouched:off,prompt-long:critical", audit_region="de,default=off")
    assert dict(read.grades) == {"untouched": None, "prompt-long": Severity.CRITICAL}
    assert (read.region_of("default"), read.region_of("any other")) == ("", "de")
    with pytest.raises(SettingsError) as refused:
        policy(audit_rules="untuched:off", audit_region="acme=us")
    rule, account = refused.value.problems
    assert "untuched" in rule
    assert "untouched" in rule
    assert "acme" in account


UNICODE = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
PIECES = st.sampled_from(
    ["{", "}", "{{", "}}", "TODO", "[", "]", "sk-", "DE89", "4532 0151 1283 0366", "\u202e", "\x00", "İ", "ß", "http://",
     "human", "Mensch", "Zeitzone", "English", "\ud800", "é", "|", "//", "@", "Kopie", "(2)", " ", "\n", "lorem ipsum"]
)  # fmt: skip
TEXTS = UNICODE | st.lists(PIECES | UNICODE, max_size=12).map("".join)
ASSISTANTS = st.builds(
    Assistant,
    account=st.just("default"),
    id=st.integers(1, 5),
    name=TEXTS,
    mode=TEXTS,
    status=st.sampled_from(["active", "inactive"]) | TEXTS,
    voice_id=st.none() | st.sampled_from([101, 202, 999]),
    language_id=st.none() | st.sampled_from([1, 2, 4, 99]),
    timezone=TEXTS,
    initial_message=TEXTS,
    system_prompt=TEXTS,
    variables=st.dictionaries(TEXTS, TEXTS, max_size=3),
    webhook_url=TEXTS | TEXTS.map("https://".__add__),
    is_webhook_active=st.booleans(),
    updated_at=st.none() | st.just(NOW - timedelta(days=9)),
)


@settings(max_examples=50)
@given(
    assistants=st.lists(ASSISTANTS, min_size=1, max_size=3, unique_by=lambda one: one.id),
    names=st.sampled_from([NAMES, Names()]),
    region=st.sampled_from(["", "de", "us", "eu"]),
)
def test_no_text_breaks_a_rule_and_what_it_finds_can_be_said(
    assistants: list[Assistant], names: Names, region: str
) -> None:
    said = audit(Ground("default", tuple(assistants), names, NOW, region))
    assert len({one.key for one in said.findings}) == len(said.findings)
    for one in said.findings:
        rule = RULES[one.rule]
        for words in (rule.title, rule.what, rule.cure):
            assert words.en.format_map(one.facts)
            assert words.de.format_map(one.facts)
        assert all(len(fact) <= LONGEST_FACT for fact in one.facts.values())
    assert all(before.severity.rank >= after.severity.rank for before, after in pairwise(said.findings))


def _calls(count: int) -> int:
    """How many calls of functions the audit of so many assistants takes that share as much as can be shared."""
    shared: dict[str, Any] = {"name": "Kopie von A", "webhook_url": "https://crm.example.com/hook"}
    crowd = [
        assistant(number, **shared, status="active" if number % 2 else "inactive", system_prompt=f"{number} Wort " * 40)
        for number in range(1, count + 1)
    ]
    calls = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    around = ground(*crowd)
    sys.setprofile(counted)
    try:
        audit(around)
    finally:
        sys.setprofile(None)
    return calls


def test_twice_as_many_assistants_are_twice_the_work() -> None:
    _calls(1)  # What is read once is read.
    few, many = _calls(200), _calls(400)
    assert many < 2.2 * few


def test_a_million_hostile_characters_come_back_from_every_rule() -> None:
    """In another process, which alone can be ended in the midst of a regular expression."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.shared.audit.hostile"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == RULES.keys() - {UNREADABLE.id}
