"""Assistants of which a place does not want to hear for a while."""

from shared.alerts import Mute
from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.telling import HOUR, PLACE


async def test_the_last_mute_of_an_assistant_holds_for_every_replica_until_its_end(
    store: Store, other: Store, clock: ManualClock
) -> None:
    def mute(hours: int, **fields: object) -> Mute:
        given = {"place": PLACE, "account": "default", "assistant": 42, "by": "U1", **fields}
        return Mute.model_validate({**given, "until": clock.now() + hours * HOUR})

    long, short = mute(3), mute(1, assistant=7, reason="campaign \0 test “ß”")
    await store.mutes.mute(mute(9))
    for one in (long, short, mute(1, place="T1/C2"), mute(2, account="agency")):
        await store.mutes.mute(one)
    assert await other.mutes.of(PLACE) == [short, mute(2, account="agency"), long]
    assert await other.mutes.of("T1/C3") == []
    clock.advance(HOUR.total_seconds())
    assert long in await other.mutes.of(PLACE)
    assert short not in await other.mutes.of(PLACE)


async def test_a_mute_is_ended_once_and_one_that_is_over_can_not_be(
    store: Store, other: Store, clock: ManualClock
) -> None:
    mute = Mute(place=PLACE, account="default", assistant=42, until=clock.now() + HOUR, by="U1")
    await store.mutes.mute(mute)
    assert not await other.mutes.unmute(PLACE, "default", 7)
    assert not await other.mutes.unmute("T1/C2", "default", 42)
    assert await other.mutes.unmute(PLACE, "default", 42)
    assert not await store.mutes.unmute(PLACE, "default", 42)
    assert await store.mutes.of(PLACE) == []
    await store.mutes.mute(mute)
    clock.advance(HOUR.total_seconds())
    assert not await store.mutes.unmute(PLACE, "default", 42)
