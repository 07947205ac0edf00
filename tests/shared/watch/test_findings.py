"""What is wrong with assistants, from what somebody does upstream to a stored change of kind `finding`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit import RULES, Finding, Ground, Ignore, Policy, audit
from shared.audit.movement import Movement
from shared.core import Core
from shared.demo import DemoApi, many_assistants
from shared.errors import StoreUnavailable
from shared.models import Assistant, Change, Kind, Names, Severity
from shared.store import AccountState, Outcome, Store
from shared.watch import Auditing, Rhythm, Watch
from shared.watch.findings import with_findings
from shared.watch.watch import FEW
from tests.clocks import ManualClock
from tests.shared.watch.conftest import Watched

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OpenWatch = Callable[..., Watched]


@pytest.fixture
def auditing(demo_api: DemoApi, core: Core, store: Store, clock: ManualClock) -> OpenWatch:
    """A watch that audits with this policy, and whatever is ignored."""

    def start(policy: Policy = core.policy, ignores: Any = store.ignores.all) -> Watched:
        watch = Watch(
            core.sources,
            store.history,
            Rhythm(interval=60),
            clock=clock,
            auditing=Auditing(policy, ignores),
            chance=lambda: 0.0,
        )
        return Watched(demo_api, clock, store, watch)

    return start


async def moved(watched: Watched) -> Movement:
    """What the last change says, which is of findings."""
    change = (await watched.changes())[-1]
    assert change.kind is Kind.FINDING
    return Movement.of(change)


def rules(findings: Iterable[Finding]) -> list[str]:
    return [one.rule for one in findings]


async def test_findings_among_very_many_assistants_are_told_too(auditing: OpenWatch) -> None:
    watched = auditing()
    watched.api.assistants[:] = many_assistants(FEW + 1, prompt_bytes=100)
    await watched.poll()
    number = watched.api.assistants[7]["id"]
    watched.api.change(number, initial_message="TODO: Hello!")
    assert (Kind.FINDING, number) in await watched.poll()


async def test_a_finding_that_opens_is_a_change_and_so_is_one_that_closes(auditing: OpenWatch) -> None:
    watched = auditing()
    assert await watched.poll() == []  # the demo's planted faults are the silent baseline
    assert await watched.poll() == []
    watched.api.change(42, initial_message="", system_prompt="Call {custumer} for {custumer}.")
    edited = watched.clock.now()
    assert await watched.poll() == [(Kind.PROMPT, 42), (Kind.GREETING, 42), (Kind.FINDING, 42)]
    change = (await watched.changes())[-1]
    opened = await moved(watched)
    assert {"greeting-empty", "undeclared-variable", "prompt-short"} <= set(rules(opened.opened))
    assert (change.severity, change.sequence, change.changed_at) == (Severity.WARNING, 3, edited)
    assert (opened.was_ready, opened.ready) == (True, False)
    assert (change.name, change.seen_at) == ("Sales Follow-up", watched.clock.now())
    # One more that opens while another closes, in one change; what stays is in both.
    watched.api.change(42, initial_message="TODO: Hello!")
    assert await watched.poll() == [(Kind.GREETING, 42), (Kind.FINDING, 42)]
    both = await moved(watched)
    assert rules(both.closed) == ["greeting-empty"]
    assert rules(both.opened) == ["greeting-placeholder"]
    assert "undeclared-variable" in rules(both.left)
    # A fault that is only told in other words is no news.
    watched.api.change(42, system_prompt="Call {custumer} once for {custumer}.")
    assert await watched.poll() == [(Kind.PROMPT, 42)]
    watched.api.change(42, initial_message="Hello, this is an AI assistant!", variables={"custumer": "Mia"})
    assert await watched.poll() == [(Kind.GREETING, 42), (Kind.VARIABLES, 42), (Kind.FINDING, 42)]
    closed = await moved(watched)
    assert (closed.opened, (await watched.changes())[-1].severity) == ((), Severity.INFO)
    assert await watched.poll() == []


async def test_neighbours_hear_of_what_one_of_them_brings(auditing: OpenWatch) -> None:
    watched = auditing()
    await watched.poll()
    names = {one["id"]: one["name"] for one in watched.api.assistants}
    watched.api.change(42, name=f" {names[101].upper()} ")
    assert await watched.poll() == [(Kind.RENAMED, 42), (Kind.FINDING, 42), (Kind.FINDING, 101)]
    changes = (await watched.changes())[-2:]
    assert [rules(Movement.of(one).opened) for one in changes] == [["name-shared"]] * 2
    # Nobody has changed the other one in Famulor, at no time.
    assert [one.changed_at is None for one in changes] == [False, True]
    watched.api.change(42, name=names[42])
    assert await watched.poll() == [(Kind.RENAMED, 42), (Kind.FINDING, 42), (Kind.FINDING, 101)]
    assert rules((await moved(watched)).closed) == ["name-shared"]


async def test_one_that_comes_with_faults_and_goes_with_them(auditing: OpenWatch) -> None:
    watched = auditing()
    await watched.poll()
    watched.api.assistants.append(
        {"id": 7, "name": "New\0 \ud800", "mode": "pipeline", "status": "active", "system_prompt": "{a\0}" * 3}
    )
    assert await watched.poll() == [(Kind.CREATED, 7), (Kind.FINDING, 7)]
    born = (await watched.changes())[-1]
    assert born.before is None
    assert "greeting-empty" in rules(Movement.of(born).opened)
    watched.api.assistants.pop()
    assert await watched.poll() == [(Kind.DELETED, 7), (Kind.FINDING, 7)]
    gone = (await watched.changes())[-1]
    assert (gone.before, gone.after, gone.severity) == (born.after, None, Severity.INFO)
    assert Movement.of(gone).gone
    # One without a fault is created and deleted without another word.
    watched.api.assistants[:] = [one for one in watched.api.assistants if one["id"] != 42]
    assert await watched.poll() == [(Kind.DELETED, 42)]


async def test_what_people_ignore_or_settings_switch_off_neither_opens_nor_closes(
    auditing: OpenWatch, store: Store, clock: ManualClock
) -> None:
    watched = auditing(Policy(grades={"greeting-long": None, "webhook-off": Severity.CRITICAL}))
    await watched.poll()
    ignore = Ignore(account="default", assistant=42, rule="greeting-empty", reason="r", by="U1", at=clock.now())
    await store.ignores.add(ignore)
    watched.api.change(42, initial_message="")
    assert await watched.poll() == [(Kind.GREETING, 42)]
    # To ignore a finding, or no longer, is nobody's news: whoever did it knows.
    await store.ignores.remove("default", 42, "greeting-empty")
    watched.api.change(42, timezone="Europe/Paris")
    assert await watched.poll() == [(Kind.TIMEZONE, 42)]
    watched.api.change(57, initial_message="Guten Tag! " * 40)
    assert await watched.poll() == [(Kind.GREETING, 57)]
    watched.api.change(57, is_webhook_active=False)
    assert await watched.poll() == [(Kind.WEBHOOK_OFF, 57), (Kind.FINDING, 57)]
    assert (await watched.changes())[-1].severity is Severity.CRITICAL


async def test_names_and_days_that_have_come_meanwhile_are_no_news(auditing: OpenWatch, core: Core) -> None:
    watched = auditing()
    await watched.poll()
    watched.api.change(42, voice_id=101)  # who speaks German
    asked = watched.api.count()
    assert await watched.poll() == [(Kind.VOICE, 42)]  # nobody knows its language yet
    assert watched.api.count() == asked + 1  # nor asks for it
    (source,) = core.sources
    await source.names()
    watched.api.change(42, timezone="Europe/Paris")
    assert await watched.poll() == [(Kind.TIMEZONE, 42)]
    watched.api.change(42, voice_id=201)
    assert await watched.poll() == [(Kind.VOICE, 42), (Kind.FINDING, 42)]
    assert rules((await moved(watched)).closed) == ["voice-language"]
    # Untouched for a year: nothing happens by itself, and saving it is enough to end that.
    watched.clock.advance(400 * 24 * 3600)
    assert await watched.poll() == []
    watched.api.change(57)
    assert await watched.poll() == [(Kind.FINDING, 57)]
    assert "untouched" in rules((await moved(watched)).closed)


async def test_a_poll_that_brings_nothing_new_asks_for_no_ignores_and_audits_nothing(auditing: OpenWatch) -> None:
    asked = 0

    async def ignores() -> Sequence[Ignore]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise StoreUnavailable(reason="away")
        return ()

    watched = auditing(ignores=ignores)
    for _poll in range(3):
        assert await watched.poll() == []
    assert asked == 0
    watched.api.change(42, initial_message="")
    # Without the database there is no saying what is ignored: the poll is done again as a whole.
    assert await watched.poll() == []
    assert await watched.poll() == [(Kind.GREETING, 42), (Kind.FINDING, 42)]
    assert asked == 2


async def test_a_record_that_could_not_be_read_at_first_has_its_silent_baseline_later(auditing: OpenWatch) -> None:
    watched = auditing()
    watched.api.change(118, name=None)  # whose webhook has no URL
    await watched.poll()
    watched.api.change(118, name="Readable")
    assert await watched.poll() == [(Kind.READABLE, 118)]
    watched.api.change(118, is_webhook_active=False)
    assert await watched.poll() == [(Kind.WEBHOOK_OFF, 118), (Kind.FINDING, 118)]
    assert rules((await moved(watched)).closed) == ["webhook-no-url"]


ASSISTANTS = st.builds(
    Assistant,
    account=st.just("default"),
    id=st.integers(1, 6),
    name=st.sampled_from(["Anna", "anna", "Anna (Kopie)", "Bert"]),
    mode=st.sampled_from(["pipeline", "?"]),
    status=st.sampled_from(["active", "inactive"]),
    timezone=st.sampled_from(["Europe/Berlin", "Mars/Base"]),
    initial_message=st.sampled_from(["", "Hello {name}!"]),
    system_prompt=st.sampled_from(["", "Call {name}. " * 20, "Call {name}. " * 20 + "Be brief."]),
    webhook_url=st.sampled_from(["", "http://a.example/x", "https://b.example/x", "https://c.example/x"]),
    is_webhook_active=st.booleans(),
)
STATES = st.lists(ASSISTANTS, max_size=6, unique_by=lambda one: one.id).map(tuple)


@settings(max_examples=50)
@given(old=STATES, new=STATES, kept=st.sets(st.integers(1, 6)))
def test_changes_lead_from_the_findings_of_one_state_to_those_of_the_other(
    old: tuple[Assistant, ...], new: tuple[Assistant, ...], kept: set[int]
) -> None:
    # As in life, most assistants are the same in both: they are not audited in full.
    known = {one.id: one for one in old}
    new = tuple(known.get(one.id, one) if one.id in kept else one for one in new)
    found = changes_between(old, new)
    states = [keys(these) for these in (old, new)]
    for number in states[0].keys() | states[1].keys():
        before, after = (state.get(number, set()) for state in states)
        if number not in found:
            assert before == after
            continue
        told = Movement.of(found[number])
        assert {one.key for one in told.opened} == after - before
        assert {one.key for one in told.closed} == before - after
        assert {one.key for one in told.left} == after & before
        assert before != after


def changes_between(old: tuple[Assistant, ...], new: tuple[Assistant, ...]) -> dict[int | None, Change]:
    state = AccountState("default", sequence=1, assistants=old, succeeded_at=NOON)
    outcome = Outcome(polled_at=NOON, due_at=NOON, assistants=new)
    changes = with_findings(state, outcome, Names(), Policy(), ()).changes
    assert len({one.assistant for one in changes}) == len(changes)
    return {one.assistant: one for one in changes}


def keys(assistants: tuple[Assistant, ...]) -> dict[int | None, set[Any]]:
    found: dict[int | None, set[Any]] = {one.id: set() for one in assistants}
    for one in audit(Ground("default", assistants, Names(), NOON)).findings:
        found[one.assistant].add(one.key)
    return found


class Lonely(Ground):
    """A ground that knows nobody but whom it is asked about."""

    @property
    def assistants(self) -> tuple[Assistant, ...]:
        raise AssertionError("the rule looks at others, and does not say so")

    @assistants.setter
    def assistants(self, _these: tuple[Assistant, ...]) -> None:
        pass


@settings(max_examples=50)
@given(ASSISTANTS)
def test_a_rule_that_looks_at_others_says_so(assistant: Assistant) -> None:
    # The watch asks no other rule about assistants that have not changed.
    ground = Lonely("default", (), Names(), NOON, "de")
    for rule in RULES.values():
        if not rule.compares:
            list(rule.check(assistant, ground))
