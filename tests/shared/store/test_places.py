"""Settings of places."""

from datetime import timedelta

from shared.store import Place, Store
from tests.clocks import ManualClock


async def test_a_place_that_nobody_has_set_anything_for_is_unknown(store: Store) -> None:
    assert await store.places.get("T1/C1") is None


async def test_the_last_language_set_holds_for_every_replica_with_who_set_it_and_when(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await store.places.set_language("T1/C1", "de", by="U1")
    await store.places.set_language("T1/C2", "en", by="U1")
    clock.advance(timedelta(hours=1).total_seconds())
    await other.places.set_language("T1/C1", None, by="U2")
    assert await store.places.get("T1/C1") == Place("T1/C1", language=None, changed_by="U2", changed_at=clock.now())
    found = await other.places.get("T1/C2")
    assert found is not None
    assert found.language == "en"
