"""Who did what."""

import asyncio

from shared.store import LogEntry, Store
from tests.clocks import ManualClock
from tests.shared.store.telling import PLACE


async def test_the_log_says_who_did_what_when_newest_first(store: Store, other: Store, clock: ManualClock) -> None:
    began = clock.now()
    await store.journal.write(PLACE, "U1", "subscribe", "#3 status:active \0 “ß” <!channel>")
    clock.advance(5)
    await other.journal.write(PLACE, "U2", "unmute")
    newest, oldest = await store.journal.read(limit=9)
    assert newest == LogEntry(newest.id, clock.now(), PLACE, by="U2", action="unmute", detail="")
    assert (oldest.at, oldest.by, oldest.detail) == (began, "U1", "#3 status:active \0 “ß” <!channel>")


async def test_the_log_is_read_page_by_page_and_by_place(store: Store) -> None:
    await asyncio.gather(*(store.journal.write(f"T1/C{number % 3}", "U1", "mute", str(number)) for number in range(30)))
    seen: list[LogEntry] = []
    while page := await store.journal.read("T1/C1", before_id=seen[-1].id if seen else None, limit=4):
        seen += page
    assert sorted(int(entry.detail) for entry in seen) == list(range(1, 30, 3))
    assert [entry.id for entry in seen] == sorted((entry.id for entry in seen), reverse=True)
    assert len(await store.journal.read(limit=99)) == 30
    assert await store.journal.read("T2/C1", limit=9) == []
    assert await store.journal.read(limit=0) == []
