"""What the watch saw → what is owed to which place, once."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from shared.alerts import Daily, DeliveryKind, Mute, QuietHours, Standing, Why
from shared.diff import SEVERITIES
from shared.models import Assistant, Kind, Language, Names, Severity
from shared.query import AssistantQuery, Choice
from shared.store import Outcome, Routed, Store, open_store, tables
from shared.store.matters import ROUTING
from tests.clocks import ManualClock
from tests.shared.store.polls import change, claimed
from tests.shared.store.telling import (
    HOUR,
    OFF,
    ON,
    PLACE,
    assistant,
    posted,
    route,
    sees,
    subscribed,
    switched,
)

NIGHT = QuietHours(start=time(20), end=time(8), zone="Europe/Berlin")


def only(*numbers: int) -> AssistantQuery:
    return AssistantQuery(ids=Choice(include=tuple(map(str, numbers))))


async def count(store: Store, table: str) -> int:
    async with store.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


async def test_the_first_snapshot_is_silent_and_the_change_after_it_is_owed_with_all_that_is_to_be_said(
    store: Store, other: Store, clock: ManualClock
) -> None:
    made = await subscribed(store)
    before = assistant(42, system_prompt="Old \0 prompt", webhook_url="https://a/1", is_webhook_active=True)
    await sees(store, clock, before, assistant(7))
    assert await route(store) == Routed(0, 0)
    await sees(store, clock, before.model_copy(update={"system_prompt": "New"}), assistant(7))
    assert await other.routing.route({}) == Routed(1, 1)
    (told,) = await posted(other, clock)
    assert (told.place, told.kind, told.subscriptions, told.kinds) == (
        PLACE,
        DeliveryKind.ALERT,
        (made.id,),
        {Kind.PROMPT: 1},
    )
    (stored,) = told.changes
    assert (stored.change.before, stored.change.after) == ("Old \0 prompt", "New")
    assert told.matter is not None
    assert told.matter.changes == (stored.change,)
    assert (told.matter.assistant, told.matter.family, told.matter.standing) == (42, "prompt", Standing.OPEN)


async def test_without_a_subscription_changes_are_decided_on_and_nothing_is_owed(
    store: Store, clock: ManualClock
) -> None:
    await switched(store, clock, ON, OFF)
    await subscribed(store)
    assert await route(store) == Routed(0, 0)
    assert await store.outbox.depth() == 0


async def test_there_and_back_and_there_again_are_three_changes(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF, ON, OFF, seconds=3600)
    told = await posted(store, clock)
    assert [[stored.change.kind for stored in delivery.changes] for delivery in told] == [
        [Kind.DEACTIVATED],
        [Kind.ACTIVATED],
        [Kind.DEACTIVATED],
    ]
    numbers = [delivery.matter.id for delivery in told if delivery.matter is not None]
    assert numbers[0] == numbers[1] < numbers[2]


async def test_a_change_that_is_routed_again_adds_nothing(store: Store, other: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    assert await count(store, "verdicts") == 2
    async with store.database.writing() as connection:
        await connection.execute(update(tables.changes).values(routed_at=None))
    assert await other.routing.route({}) == Routed(1, 0)
    assert (await count(store, "verdicts"), await count(store, "deliveries"), await count(store, "matters")) == (
        2,
        1,
        1,
    )


async def test_of_replicas_that_route_at_once_each_change_is_told_by_one(
    store: Store, other: Store, clock: ManualClock
) -> None:
    for number in range(5):
        await subscribed(store, f"T1/C{number}")
    await sees(store, clock, *(assistant(number) for number in range(1, 40)))
    for number in range(1, 11):
        await sees(store, clock, *(assistant(one, name="New" if one <= number else "") for one in range(1, 40)))

    async def routing(replica: Store) -> int:
        return sum([(await replica.routing.route({}, limit=3)).changes for _ in range(30)])

    found = sum(await asyncio.gather(*(routing(replica) for replica in (store, other) * 3)))
    found += (await route(store)).changes
    assert found == len(await store.history.changes(limit=999))
    assert await count(store, "verdicts") == 5 * found


async def test_who_finds_another_replica_at_it_does_not_wait(postgresql_url: str, clock: ManualClock) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:
        await subscribed(store)
        await sees(store, clock, assistant(42))
        await sees(store, clock, assistant(42, status=OFF))
        async with store.database.writing() as connection:
            assert await store.database.alone(connection, ROUTING)
            assert await other.routing.route({}) == Routed(0, 0)
        assert await other.routing.route({}) == Routed(1, 1)


async def test_what_one_poll_found_is_decided_on_as_a_whole_however_little_is_taken_at_once(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await sees(store, clock, *(assistant(number) for number in range(1, 9)))
    await sees(store, clock, *(assistant(number, status=OFF) for number in range(1, 9)))
    await sees(store, clock, *(assistant(number, status=OFF) for number in range(2, 9)))
    assert await store.routing.route({}, limit=2) == Routed(8, 1)
    assert await store.routing.route({}, limit=2) == Routed(1, 1)
    summary, alert = await posted(store, clock)
    assert (summary.kind, summary.matter, summary.kinds) == (DeliveryKind.SUMMARY, None, {Kind.DEACTIVATED: 8})
    assert [stored.change.assistant for stored in summary.changes] == list(range(1, 9))
    assert alert.kind is DeliveryKind.ALERT


async def test_a_summary_of_very_many_counts_all_and_gives_the_latest(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await sees(store, clock, *(assistant(number) for number in range(1, 400)))
    await sees(store, clock, *(assistant(number, status=OFF) for number in range(1, 400)))
    await route(store)
    (summary,) = await posted(store, clock)
    assert summary.kinds == {Kind.DEACTIVATED: 399}
    assert [stored.change.assistant for stored in summary.changes] == list(range(300, 400))


async def test_who_watches_active_assistants_hears_that_one_is_active_no_longer(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store, query=AssistantQuery(status=Choice(include=("active",))))
    await sees(store, clock, assistant(1), assistant(2, status=OFF), assistant(3))
    await sees(store, clock, assistant(1, status=OFF), assistant(2, status=OFF, name="New"))
    await route(store)
    told = await posted(store, clock)
    assert [stored.change.assistant for delivery in told for stored in delivery.changes] == [1, 3]


async def test_an_assistant_that_comes_back_under_its_number_is_not_taken_for_what_it_was(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store, query=AssistantQuery(name=(Choice(include=("Lena",)),)))
    await sees(store, clock, assistant(1), assistant(2), assistant(42, name="Lena"))
    await sees(store, clock, assistant(1), assistant(2))
    await route(store)
    # So much later that “deleted” is no matter any more, which this would end.
    await sees(store, clock, assistant(1), assistant(2), assistant(42, name="Max"), seconds=8 * 86400)
    await sees(store, clock, assistant(1), assistant(2), assistant(42, name="Max", status=OFF))
    await route(store)
    assert [list(delivery.kinds) for delivery in await posted(store, clock)] == [[Kind.DELETED]]


async def test_languages_by_name_are_asked_of_each_account(store: Store, clock: ManualClock) -> None:
    await subscribed(store, query=AssistantQuery(language=Choice(include=("de",))))
    await sees(store, clock, assistant(1, language_id=3), assistant(2, language_id=4))
    await sees(store, clock, *(assistant(number, language_id=number + 2, status=OFF) for number in (1, 2)))
    german = Names(languages={3: Language(id=3, name="German", iso_2="de")})
    await route(store, {"default": german, "agency": Names()})
    assert [stored.change.assistant for one in await posted(store, clock) for stored in one.changes] == [1]
    await sees(store, clock, *(assistant(number, language_id=number + 2) for number in (1, 2)))
    await route(store)
    assert [stored.change.assistant for one in await posted(store, clock) for stored in one.changes] == [1, 2]


async def test_flapping_is_one_alert_that_is_closed_when_it_is_quiet(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await subscribed(store, minimum=Severity.WARNING)
    await switched(store, clock, ON, OFF, ON, OFF, ON, OFF)
    told = await posted(store, clock)
    matters = [delivery.matter for delivery in told if delivery.matter is not None]
    assert [len(delivery.changes) for delivery in told] == [1] * 5
    assert len({matter.id for matter in matters}) == 1
    (flapping,) = await store.matters.open_of(PLACE)
    assert (flapping.standing, flapping.total, flapping.message) == (Standing.FLAPPING, 5, f"ts {told[0].id}")
    clock.advance(29 * 60)
    assert await store.matters.close_lapsed() == []
    clock.advance(60)
    closed = await asyncio.gather(*(each.matters.close_lapsed() for each in (store, other) * 3))
    closed.append(await store.matters.close_lapsed())
    assert sorted(closed) == [[]] * 6 + [[flapping.id]]
    (update_owed,) = await posted(store, clock)
    assert update_owed.changes == ()
    assert update_owed.matter is not None
    assert (update_owed.matter.standing, update_owed.matter.message) == (Standing.SETTLED, flapping.message)
    assert await store.matters.open_of(PLACE) == []


async def test_flips_that_are_far_apart_do_not_flap(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON, *[OFF, ON] * 4, seconds=15.1 * 60)
    told = await posted(store, clock)
    assert len({delivery.matter.id for delivery in told if delivery.matter is not None}) == 4
    assert not await store.matters.open_of(PLACE)


async def test_flapping_that_nobody_closed_in_time_is_closed_before_it_begins_anew(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF, ON, OFF)
    await switched(store, clock, ON, seconds=3600)
    told = await posted(store, clock)
    assert [delivery.matter and delivery.matter.standing for delivery in told[-2:]] == [Standing.SETTLED, Standing.TOLD]
    assert told[-2].changes == ()


@pytest.mark.parametrize(
    ("evening", "morning"),
    [("2026-03-28T19:30Z", "2026-03-29T06:00Z"), ("2026-10-24T18:30Z", "2026-10-25T07:00Z")],
    ids=["spring", "autumn"],
)
async def test_what_happens_in_a_night_in_which_the_clock_is_moved_is_told_once_in_the_morning(
    database_url: str, evening: str, morning: str
) -> None:
    clock = ManualClock(datetime.fromisoformat(evening))
    async with open_store(database_url, clock) as store:
        made = await subscribed(store)
        await store.places.set_quiet(PLACE, NIGHT, by="U1")
        others = [assistant(number) for number in (1, 2)]
        for name in ("A", "B", "C"):
            await sees(store, clock, assistant(42, name=name), *others, seconds=3600)
            await route(store)
        away = assistant(42, name="C", webhook_url="https://elsewhere", is_webhook_active=True)
        await sees(store, clock, away, *others, seconds=3600)
        await route(store)
        # What is critical is told at once; the switch with which it came waits.
        assert [list(delivery.kinds) for delivery in await posted(store, clock)] == [[Kind.WEBHOOK_HOST]]
        until_morning = datetime.fromisoformat(morning) - clock.now()
        clock.advance(until_morning.total_seconds() - 1)
        assert [delivery.kind for delivery in await posted(store, clock)] == []
        clock.advance(1)
        digest = (await posted(store, clock))[0]
        assert (digest.kind, digest.matter, digest.subscriptions) == (DeliveryKind.DIGEST, None, (made.id,))
        assert [stored.change.kind for stored in digest.changes] == [Kind.RENAMED, Kind.RENAMED, Kind.WEBHOOK_ON]
        assert await posted(store, clock) == []


async def test_a_daily_digest_holds_back_all_but_what_is_critical_until_its_time(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await store.places.set_digest(PLACE, Daily(at=time(9), zone="Europe/Berlin"), by="U1")
    await switched(store, clock, ON, OFF, ON, OFF, ON)
    assert await posted(store, clock) == []
    clock.advance(24 * 3600)
    assert [(delivery.kind, len(delivery.changes)) for delivery in await posted(store, clock)] == [
        (DeliveryKind.DIGEST, 4)
    ]


async def test_what_waits_is_told_when_quiet_hours_are_switched_off_and_waits_on_when_they_are_prolonged(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await store.places.set_quiet(PLACE, QuietHours(start=time(12), end=time(14), zone="UTC"), by="U1")
    await switched(store, clock, ON, OFF)
    await store.places.set_quiet(PLACE, QuietHours(start=time(12), end=time(16), zone="UTC"), by="U2")
    clock.advance(3 * 3600)
    assert await posted(store, clock) == []
    await store.places.set_language(PLACE, "de", by="U3")
    found = await store.places.get(PLACE)
    assert found is not None
    assert (found.language, found.changed_by, found.quiet and found.quiet.end) == ("de", "U3", time(16))
    await store.places.set_quiet(PLACE, None, by="U2")
    (digest,) = await posted(store, clock)
    assert digest.kind is DeliveryKind.DIGEST
    found = await store.places.get(PLACE)
    assert found is not None
    assert found.quiet is None


async def test_what_is_held_back_after_its_digest_was_taken_is_in_another_one(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await store.places.set_quiet(PLACE, QuietHours(start=time(12), end=time(14), zone="UTC"), by="U1")
    await switched(store, clock, ON, OFF, ON)
    async with store.database.writing() as connection:
        # Another replica's clock is ahead.
        await connection.execute(update(tables.deliveries).values(attempts=1))
    await switched(store, clock, OFF)
    clock.advance(2 * 3600)
    assert [len(delivery.changes) for delivery in await posted(store, clock)] == [2, 1]


async def test_a_matter_that_ends_in_quiet_hours_is_seen_to_be_over_when_they_end(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    (alert,) = await posted(store, clock)
    await store.places.set_quiet(PLACE, QuietHours(start=time(12), end=time(14), zone="UTC"), by="U1")
    await switched(store, clock, ON)
    assert await posted(store, clock) == []
    clock.advance(2 * 3600)
    digest, update_owed = await posted(store, clock)
    assert (digest.kind, len(digest.changes)) == (DeliveryKind.DIGEST, 1)
    assert update_owed.changes == ()
    assert update_owed.matter is not None
    assert alert.matter is not None
    assert (update_owed.matter.id, update_owed.matter.standing) == (alert.matter.id, Standing.ENDED)


async def test_what_is_muted_is_not_told_and_what_comes_after_the_mute_is(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON)
    mute = Mute(place=PLACE, account="default", assistant=42, until=clock.now() + HOUR, by="U2", reason="campaign test")
    await store.mutes.mute(mute)
    await switched(store, clock, OFF, seconds=3599)
    assert await posted(store, clock) == []
    (change,) = await store.history.changes(limit=1)
    (why,) = await store.outbox.explain(PLACE, change=change.id)
    assert (why.verdict.why, why.verdict.until, why.verdict.mute, why.kind) == (Why.MUTED, mute.until, mute, None)
    await switched(store, clock, ON, seconds=1)
    assert [list(delivery.kinds) for delivery in await posted(store, clock)] == [[Kind.ACTIVATED]]


async def test_an_account_in_trouble_is_a_matter_without_an_assistant(store: Store, clock: ManualClock) -> None:
    await subscribed(store, query=only(7))
    await sees(store, clock, assistant(42))
    clock.advance(60)
    await _trouble(store, clock, Kind.KEY_REJECTED)
    await _trouble(store, clock, Kind.RECOVERED)
    await route(store)
    told = await posted(store, clock)
    assert [list(delivery.kinds) for delivery in told] == [[Kind.KEY_REJECTED], [Kind.RECOVERED]]
    matter = told[0].matter
    assert matter is not None
    assert (matter.assistant, matter.family, matter.standing) == (None, "reach", Standing.ENDED)


async def _trouble(store: Store, clock: ManualClock, kind: Kind) -> None:
    clock.advance(60)
    claim = await claimed(store)
    event = change(claim, clock.now(), kind=kind, severity=SEVERITIES[kind], assistant=None, name="")
    await store.history.commit(claim, Outcome(clock.now(), clock.now(), changes=(event,)))


async def test_two_accounts_with_an_assistant_of_one_number_are_two_matters(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    for account in ("default", "agency"):
        await sees(store, clock, assistant(42), account=account)
        await sees(store, clock, assistant(42, status=OFF), account=account)
    await route(store)
    assert [matter.account for matter in await store.matters.open_of(PLACE)] == ["default", "agency"]


async def test_the_preview_says_what_would_have_been_told(store: Store, clock: ManualClock) -> None:
    def state(*, on: bool, name: str) -> list[Assistant]:
        return [assistant(number, status=ON if on else OFF, name=name) for number in (1, 2)]

    await sees(store, clock, *state(on=True, name="A"))
    began = clock.now()
    await sees(store, clock, *state(on=False, name="A"))
    await sees(store, clock, *state(on=False, name="B"))
    await sees(store, clock, *state(on=True, name="B"))

    async def told(
        query: AssistantQuery | None = None,
        groups: frozenset[str] = frozenset(),
        minimum: Severity = Severity.INFO,
        since: datetime = began,
    ) -> list[tuple[Kind, int | None]]:
        found = await store.routing.preview(query or AssistantQuery(), groups, minimum, since, {})
        return [(stored.change.kind, stored.change.assistant) for stored in found]

    renamed = [(Kind.RENAMED, 2), (Kind.RENAMED, 1)]
    off = [(Kind.DEACTIVATED, 2), (Kind.DEACTIVATED, 1)]
    assert await told() == [(Kind.ACTIVATED, 2), (Kind.ACTIVATED, 1), *renamed, *off]
    assert await told(groups=frozenset({"config"})) == renamed
    assert await told(minimum=Severity.WARNING) == off
    assert await told(minimum=Severity.CRITICAL) == []
    assert await told(only(2), minimum=Severity.WARNING) == off[:1]
    active = AssistantQuery(status=Choice(include=("active",)))
    assert await told(active) == [(Kind.ACTIVATED, 2), (Kind.ACTIVATED, 1), *off]
    assert await told(since=clock.now() + timedelta(seconds=1)) == []
    assert len(await store.routing.preview(AssistantQuery(), (), Severity.INFO, began, {}, limit=2)) == 2
    assert began.tzinfo is UTC
