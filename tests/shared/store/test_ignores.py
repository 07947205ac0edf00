"""Rules that say nothing of an assistant any more."""

import asyncio
from typing import Any

from shared.audit import Ignore
from shared.store import Store
from tests.clocks import ManualClock


async def test_the_last_decision_about_an_assistant_and_a_rule_holds_for_every_replica_until_it_is_taken_back(
    store: Store, other: Store, clock: ManualClock
) -> None:
    def ignore(**fields: Any) -> Ignore:
        given = {"account": "default", "assistant": 42, "rule": "prompt-long", "reason": "so it is", "by": "U1"}
        return Ignore.model_validate({**given, "at": clock.now(), **fields})

    assert await store.ignores.all() == []
    earlier = ignore(reason="for now")
    await store.ignores.add(earlier)
    clock.advance(60)
    later = ignore(by="U2", reason="for good \0 “ß” <!channel> \ud800")
    others = [ignore(account="agency"), ignore(assistant=2**63 - 1), ignore(rule="greeting-empty")]
    await other.ignores.add(later)
    await asyncio.gather(*(one.ignores.add(each) for each in others for one in (store, other)))
    expected = sorted([later, *others], key=lambda one: (one.account, one.assistant, one.rule))
    assert await store.ignores.all() == await other.ignores.all() == expected
    assert await other.ignores.remove("default", 42, "prompt-short") is None
    assert await other.ignores.remove("nobody", 42, "prompt-long") is None
    taken_back = await asyncio.gather(*(one.ignores.remove("default", 42, "prompt-long") for one in (store, other)))
    assert sorted(taken_back, key=str) == [None, later]
    assert await store.ignores.all() == [one for one in expected if one != later]
