"""What every door asks, over real sockets, in good times and bad."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from shared import source as source_module
from shared.attention import Concern
from shared.audit import UNREADABLE
from shared.clock import SystemClock
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, faults, many_assistants
from shared.errors import (
    AccountUnknown,
    AssistantAmbiguous,
    AssistantUnknown,
    KeyRejected,
    LanguagesUnknown,
    RateLimited,
    ServerFault,
    UpstreamError,
)
from shared.query import AssistantQuery, Choice
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"
LANGUAGES = "/api/user/assistants/languages"
VOICES = "/api/user/assistants/voices"


async def test_active_assistants_are_found_with_where_they_come_from(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    page = await core.find(AssistantQuery(status=Choice.parse("active")))
    assert sorted(one.name for one in page.assistants) == sorted(demo_api.active_names())
    assert (page.total, page.of) == (len(demo_api.active_names()), len(demo_api.assistants))
    (origin,) = page.origins
    assert (origin.account, origin.fetched_at, origin.age, origin.stale) == ("default", clock.now(), 0, False)
    assert {page.names["default"].language(one) for one in page.assistants} >= {"de", "en"}


async def test_fifty_callers_of_a_cold_cache_cause_one_request_and_no_refusal(core: Core, demo_api: DemoApi) -> None:
    pages = await asyncio.gather(*(core.find(AssistantQuery()) for _ in range(50)))
    assert {page.total for page in pages} == {len(demo_api.assistants)}
    assert demo_api.count(OUTBOUND) == demo_api.count(LANGUAGES) == 1
    assert {request.status for request in demo_api.requests} == {200}


async def test_an_answer_is_reused_while_it_is_fresh(core: Core, demo_api: DemoApi, clock: ManualClock) -> None:
    await core.find(AssistantQuery())
    clock.advance(29)
    page = await core.find(AssistantQuery())
    assert (demo_api.count(OUTBOUND), page.origins[0].age) == (1, 29)
    clock.advance(1)
    await core.find(AssistantQuery())
    assert (demo_api.count(OUTBOUND), demo_api.count(LANGUAGES)) == (2, 1)


async def test_the_last_good_answer_is_served_with_its_age_and_the_reason(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    await core.find(AssistantQuery())
    clock.advance(300)
    demo_api.always(faults.ServerError(501))
    (origin,) = (await core.find(AssistantQuery())).origins
    assert origin.stale
    assert origin.age == 300
    assert isinstance(origin.failure, ServerFault)


async def test_without_a_good_answer_the_failure_is_told(core: Core, demo_api: DemoApi) -> None:
    demo_api.always(faults.Unauthorized())
    with pytest.raises(KeyRejected):
        await core.find(AssistantQuery())
    with pytest.raises(KeyRejected):
        await core.show("42")


async def test_records_that_could_not_be_read_are_reported_beside_the_others(core: Core, demo_api: DemoApi) -> None:
    demo_api.always(faults.BadRecords(), OUTBOUND)
    page = await core.find(AssistantQuery())
    assert page.assistants
    assert page.origins[0].rejected


@pytest.mark.parametrize("fault", [faults.ServerError(501), faults.Hang(), faults.Body(b"[1, {}]")], ids=str)
async def test_when_languages_and_voices_fail_ids_are_shown_and_nothing_else_suffers(
    core: Core, demo_api: DemoApi, fault: faults.Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "NAMES_PATIENCE", 0.05)
    demo_api.always(fault, LANGUAGES)
    demo_api.always(fault, VOICES)
    detail = await core.show("42")
    assert detail.names.language(detail.assistant) == str(detail.assistant.language_id)
    assert detail.names.language_name(detail.assistant) == str(detail.assistant.language_id)
    assert detail.names.voice_name(detail.assistant) == str(detail.assistant.voice_id)
    assert (await core.find(AssistantQuery())).total == len(demo_api.assistants)
    with pytest.raises(LanguagesUnknown):
        await core.find(AssistantQuery(language=Choice.parse("de")))


async def test_names_that_failed_are_not_asked_for_at_every_question(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.always(faults.NotFound(), LANGUAGES)
    for _ in range(5):
        await core.find(AssistantQuery())
    assert demo_api.count(LANGUAGES) == 1
    demo_api.always(None)
    demo_api.always(None, LANGUAGES)
    clock.advance(60)
    await core.find(AssistantQuery(language=Choice.parse("de")))


async def test_one_assistant_is_shown_with_the_names_of_voice_and_language(core: Core, demo_api: DemoApi) -> None:
    detail = await core.show("sales follow-up")
    assert detail.assistant.id == 42
    voices = {voice["id"]: voice["name"] for voice in demo_api.voices}
    assert detail.names.voice_name(detail.assistant) == voices[detail.assistant.voice_id]
    assert not detail.names.language_name(detail.assistant).isdecimal()
    assert not detail.origin.stale


@pytest.fixture
async def second_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(many_assistants(3, prompt_bytes=10), keys=["second-key"], clock=clock) as api:
        yield api


@pytest.fixture
async def agency(demo_api: DemoApi, second_api: DemoApi, clock: ManualClock) -> AsyncIterator[Core]:
    accounts = {
        "north": {"api_key": DEMO_KEY, "base_url": demo_api.base_url},
        "south": {"api_key": "second-key", "base_url": second_api.base_url},
    }
    async with open_core(from_arguments(Settings, famulor_accounts=accounts, famulor_total_timeout=3), clock) as core:
        yield core


async def test_accounts_are_merged_each_key_going_to_its_own_host_alone(
    agency: Core, demo_api: DemoApi, second_api: DemoApi
) -> None:
    page = await agency.find(AssistantQuery(limit=100))
    assert agency.accounts == ("north", "south")
    assert page.of == len(demo_api.assistants) + 3
    assert [origin.account for origin in page.origins] == ["north", "south"]
    assert {one.account for one in page.assistants} == {"north", "south"}
    assert {request.headers["authorization"] for request in demo_api.requests} == {f"Bearer {DEMO_KEY}"}
    assert {request.headers["authorization"] for request in second_api.requests} == {"Bearer second-key"}


async def test_an_account_can_be_chosen_or_left_out(agency: Core, second_api: DemoApi) -> None:
    page = await agency.find(AssistantQuery(account=Choice.parse("NORTH")))
    assert {one.account for one in page.assistants} == {"north"}
    assert second_api.requests == []
    assert (await agency.find(AssistantQuery(account=Choice.parse("!north")))).of == 3


async def test_accounts_can_be_chosen_by_a_part_of_their_names(agency: Core, second_api: DemoApi) -> None:
    page = await agency.find(AssistantQuery(account=Choice.parse("nor*")))
    assert {one.account for one in page.assistants} == {"north"}
    assert second_api.requests == []
    assert (await agency.find(AssistantQuery(account=Choice.parse("*,!N*")))).of == 3


@pytest.mark.parametrize("account", ["west", "north,west", "!west", "!north,!south", "west*", "!*", "north,*x*"])
async def test_an_account_that_is_not_there_is_told_with_those_that_are(agency: Core, account: str) -> None:
    with pytest.raises(AccountUnknown, match="Known: north, south"):
        await agency.find(AssistantQuery(account=Choice.parse(account)))


async def test_an_account_that_fails_is_reported_beside_the_others(agency: Core, second_api: DemoApi) -> None:
    second_api.always(faults.Unauthorized())
    page = await agency.find(AssistantQuery())
    north, south = page.origins
    assert north.failure is None
    assert isinstance(south.failure, KeyRejected)
    assert (south.fetched_at, south.stale, south.total) == (None, False, 0)


async def test_an_assistant_may_be_one_of_an_account_that_fails(agency: Core, second_api: DemoApi) -> None:
    second_api.always(faults.Unauthorized())
    with pytest.raises(KeyRejected):
        await agency.show("nobody here")
    assert (await agency.show("42")).assistant.account == "north"
    with pytest.raises(AssistantUnknown):
        await agency.show("nobody here", Choice.parse("north"))


async def test_the_same_name_in_two_accounts_is_ambiguous(agency: Core, demo_api: DemoApi, second_api: DemoApi) -> None:
    second_api.assistants[0]["name"] = demo_api.assistants[0]["name"] = "Twin"
    second_api.always(None)
    with pytest.raises(AssistantAmbiguous):
        await agency.show("Twin")
    assert (await agency.show("Twin", Choice.parse("south"))).assistant.account == "south"


async def test_all_accounts_failing_is_a_failure(agency: Core, demo_api: DemoApi, second_api: DemoApi) -> None:
    demo_api.always(faults.TooManyRequests(retry_after=60))
    second_api.always(faults.Unauthorized())
    with pytest.raises(RateLimited):
        await agency.find(AssistantQuery())


ALL_FAULTS = [fault() for fault in faults.FAULTS.values()]


@pytest.mark.parametrize("fault", ALL_FAULTS, ids=str)
async def test_every_fault_ends_in_an_answer_or_an_error_in_words_within_the_deadline(fault: faults.Fault) -> None:
    async with DemoApi() as api:
        api.always(fault)
        settings = from_arguments(
            Settings,
            famulor_accounts={"default": {"api_key": DEMO_KEY, "base_url": api.base_url}},
            famulor_read_timeout=0.3,
            famulor_total_timeout=1,
        )
        async with open_core(settings, SystemClock()) as core, asyncio.timeout(30):
            try:
                page = await core.find(AssistantQuery())
            except UpstreamError as error:
                told = error.explain()
            else:
                told = f"{page.total} found"
    assert told
    assert DEMO_KEY not in told
    assert "<html" not in told


def test_an_account_is_printed_without_its_key() -> None:
    settings = from_arguments(Settings, famulor_api_key="canary-4711")
    assert "canary" not in repr(settings)
    assert all("canary" not in repr(account) for account in settings.accounts)


async def test_a_subscriber_hears_which_assistants_a_fetch_found_changed(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    heard: list[tuple[str, frozenset[int]]] = []
    unsubscribe = core.subscribe(lambda account, changed: heard.append((account, changed)))
    await core.find(AssistantQuery())
    clock.advance(30)
    await core.find(AssistantQuery())
    assert heard == []
    demo_api.change(42, status="inactive")
    gone = demo_api.assistants.pop()["id"]
    clock.advance(30)
    await core.find(AssistantQuery())
    assert heard == [("default", frozenset({42, gone}))]
    unsubscribe()
    demo_api.change(42, status="active")
    clock.advance(30)
    await core.find(AssistantQuery())
    assert len(heard) == 1


async def test_progress_tells_how_many_accounts_have_answered(agency: Core) -> None:
    told: list[tuple[int, int]] = []

    async def progress(done: int, total: int) -> None:
        told.append((done, total))

    await agency.find(AssistantQuery(), progress)
    assert told == [(1, 2), (2, 2)]
    await agency.show("42", Choice.parse("north"), progress)
    assert told[2:] == [(1, 1)]


async def test_a_star_is_every_account(agency: Core) -> None:
    everything = await agency.find(AssistantQuery())
    page = await agency.find(AssistantQuery(account=Choice.parse("*")))
    assert (page.assistants, page.of) == (everything.assistants, everything.of)
    assert (await agency.show("42", Choice.parse("*,!south"))).assistant.account == "north"


async def test_a_list_knows_voices_only_where_somebody_wants_them(core: Core, demo_api: DemoApi) -> None:
    page = await core.find(AssistantQuery(limit=1))
    assert (demo_api.count(VOICES), page.names["default"].voices) == (0, {})
    page = await core.find(AssistantQuery(limit=1), voices=True)
    assert demo_api.count(VOICES) == 1
    assert not page.names["default"].voice_name(page.assistants[0]).isdecimal()


async def test_a_value_that_no_assistant_has_is_told(core: Core) -> None:
    page = await core.find(AssistantQuery(status=Choice.parse("active,aktiv")))
    assert [(one.filter, one.value) for one in page.unmatched] == [("status", "aktiv")]
    assert page.total


async def test_everyone_comes_of_each_account_that_answers(
    agency: Core, demo_api: DemoApi, second_api: DemoApi
) -> None:
    assert len(await agency.everyone()) == len(demo_api.assistants) + 3
    assert len(await agency.everyone(Choice.parse("south"))) == 3


async def test_an_assistant_that_is_as_it_was_stays_the_same_object(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    before = {one.id: one for one in await core.everyone()}
    demo_api.change(312, status="active")
    clock.advance(60)
    after = {one.id: one for one in await core.everyone()}
    assert [number for number, one in after.items() if one is not before[number]] == [312]
    assert after[312].status == "active"


async def test_everyone_of_nobody_is_a_failure(agency: Core, demo_api: DemoApi, second_api: DemoApi) -> None:
    second_api.always(faults.Unauthorized())
    assert len(await agency.everyone()) == len(demo_api.assistants)
    with pytest.raises(KeyRejected):
        await agency.everyone(Choice.parse("south"))


async def test_paging_forward_and_back_comes_to_the_same_page(core: Core) -> None:
    first = await core.find(AssistantQuery(limit=5))
    second = await core.find(AssistantQuery(limit=5, cursor=first.next_cursor))
    assert (first.previous_cursor, bool(second.previous_cursor)) == ("", True)
    again = await core.find(AssistantQuery(limit=5, cursor=second.previous_cursor))
    assert (again.assistants, again.previous_cursor) == (first.assistants, "")


async def test_two_assistants_are_compared(agency: Core, demo_api: DemoApi) -> None:
    one, other = await agency.compare("42", "customer satis", Choice.parse("north"))
    assert (one.assistant.id, other.assistant.id) == (42, 118)
    assert one.origin.fetched_at == other.origin.fetched_at
    with pytest.raises(AssistantUnknown, match="“nobody”"):
        await agency.compare("nobody", "nowhere", Choice.parse("north"))


async def test_a_summary_counts_all_and_says_what_is_wrong(core: Core, demo_api: DemoApi) -> None:
    summary = await core.summary()
    records = demo_api.assistants
    assert summary.of == len(records)
    assert summary.statuses == Counter(record["status"] for record in records)
    assert summary.modes == Counter(record["mode"] for record in records)
    assert (summary.attention, summary.audit.assistants) == ((), len(records))
    audited = await core.audit()
    assert (audited.audit, audited.of, len(audited.assistants)) == (summary.audit, len(records), len(records))
    assert demo_api.count(OUTBOUND) == 1


async def test_a_summary_says_which_data_is_not_good(agency: Core, demo_api: DemoApi, second_api: DemoApi) -> None:
    demo_api.always(faults.BadRecords(), OUTBOUND)
    second_api.always(faults.Unauthorized())
    summary = await agency.summary()
    assert summary.attention[0].concern is Concern.NO_DATA
    assert isinstance(summary.attention[0].failure, KeyRejected)
    unreadable = [one for one in summary.audit.findings if one.rule == UNREADABLE.id]
    assert {one.account for one in unreadable} == {"north"}
    assert {one.subject for one in unreadable} == {str(one.position) for one in summary.origins[0].rejected}
    assert (await agency.summary(Choice.parse("north"))).origins == summary.origins[:1]
    with pytest.raises(KeyRejected):
        await agency.summary(Choice.parse("south"))


async def test_health_says_whether_the_key_is_accepted_and_what_is_left(
    core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    (health,) = await core.health()
    assert (health.account, health.host, health.key_accepted) == ("default", "127.0.0.1", True)
    assert health.owner is not None
    assert health.owner.name
    assert (health.failure, health.origin, health.latency) == (None, None, 0)
    assert health.requests_left == {10: 19, 60: 99}
    assert demo_api.count(OUTBOUND) == 0
    clock.advance(11)
    await core.find(AssistantQuery())
    asked = len(demo_api.requests)
    clock.advance(20)
    (health,) = await core.health()
    assert health.requests_left == {10: 19, 60: 99 - asked}
    assert health.origin is not None
    assert (health.origin.age, health.origin.stale, health.origin.total) == (20, False, len(demo_api.assistants))


async def test_health_never_fails(agency: Core, demo_api: DemoApi, second_api: DemoApi, clock: ManualClock) -> None:
    await agency.find(AssistantQuery())
    second_api.always(faults.Unauthorized())
    demo_api.always(faults.ServerError(503))
    clock.advance(40)
    await agency.find(AssistantQuery())
    north, south = await agency.health()
    assert (north.key_accepted, south.key_accepted) == (None, False)
    assert isinstance(north.failure, ServerFault)
    assert isinstance(south.failure, KeyRejected)
    assert north.latency > 0  # it tried again
    for health in (north, south):
        assert health.owner is None
        assert health.origin is not None
        assert health.origin.stale
    assert [one.account for one in await agency.health(Choice.parse("s*"))] == ["south"]


async def test_without_spare_requests_health_says_so(core: Core, clock: ManualClock) -> None:
    left = [dict((await core.health())[0].requests_left) for _ in range(20)]
    assert left == [{10: 19 - asked, 60: 99 - asked} for asked in range(20)]
    (health,) = await core.health()
    assert isinstance(health.failure, RateLimited)
    assert health.requests_left == {10: 0, 60: 80}
