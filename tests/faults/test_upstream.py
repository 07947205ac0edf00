"""A Famulor that fails in every way that the demo API can play, for people who ask and for channels that are told."""

from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import FAULTS
from shared.models import Kind
from tests.bot.alerts.conftest import OpenWorld, World
from tests.bot.conftest import Ask, OpenBot
from tests.clocks import ManualClock

HOUR = 3600
IMPATIENT = {"famulor_read_timeout": 1.0, "famulor_total_timeout": 2.0}
"""Seconds of real time, for what never answers."""
REJECTED = {"unauthorized", "forbidden", "login-page", "login-redirect"}
TRUE = {"latency", "bad-records"}
"""Late, or in part: an answer all the same."""
EITHER = {"drip"}
"""By the real time that its bytes take, the truth or too late."""
TOLD = {
    "too-many-requests": "rate limit",
    "server-error": "has a fault of its own (500",
    "login-page": "does not accept the API key",
    "login-redirect": "does not accept the API key",
    "unauthorized": "does not accept the API key",
    "forbidden": "may not read assistants",
    "not-found": "has nothing at",
    "invalid": "refused the request",
    "echoed-key": "[key]",
}
"""What is wrong, of those that no busy machine turns into an answer that is late."""


async def test_who_asks_is_told_what_is_wrong_or_shown_the_last_good_answer_with_the_reason(
    open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi, clock: ManualClock
) -> None:
    await open_bot(**IMPATIENT)

    async def shown(name: str) -> str:
        demo_api.always(FAULTS[name]())
        clock.advance(HOUR)
        return (await ask_in("outbound active")).as_text()

    failing = [name for name in FAULTS if name not in TRUE | EITHER]
    told = {name: await shown(name) for name in failing}
    for name in TRUE:
        assert " outbound assistants" in await shown(name)
    assert " of 12 outbound assistants" in await shown("latency")
    known = {name: await shown(name) for name in failing if name not in REJECTED}
    for answer in known.values():
        assert "9 of 12 outbound assistants" in answer
        assert "⚠️" in answer
    # A rejected key is hidden for a minute at most: somebody has to do something.
    demo_api.always(FAULTS["unauthorized"]())
    assert "9 of 12 outbound assistants" in (await ask_in("outbound active")).as_text()
    known |= {name: await shown(name) for name in sorted(REJECTED)}
    for name in failing:
        assert told[name].startswith("⚠️"), told[name]
        assert TOLD.get(name, "") in told[name]
        assert TOLD.get(name, "") in known[name]
        assert DEMO_KEY not in told[name] + known[name]


async def test_a_channel_hears_of_the_trouble_and_of_each_change_once_and_of_none_that_was_none(
    open_world: OpenWorld,
) -> None:
    world: World = await open_world(**IMPATIENT)
    await world.subscribe()
    told: dict[str, list[Kind]] = {}
    seen = 0
    for name, kind in FAULTS.items():
        world.api.always(kind())
        world.api.change(57, mode=name)
        for _poll in range(3):
            await world.poll(after=HOUR)
        world.api.clear_faults()
        await world.told(after=HOUR)
        changes = [stored.change for stored in await world.runtime.store.history.changes(limit=1000)][::-1]
        assert DEMO_KEY not in str(changes)
        told[name], seen = list(dict.fromkeys(change.kind for change in changes[seen:])), len(changes)
    change = Kind.MODE
    for name, kinds in told.items():
        if name in EITHER:
            assert kinds in ([change], [Kind.UNREACHABLE, Kind.RECOVERED, change])
        elif name == "bad-records":
            assert kinds == [Kind.UNREADABLE, Kind.READABLE, change]
        else:
            first = [Kind.KEY_REJECTED if name in REJECTED else Kind.UNREACHABLE, Kind.RECOVERED]
            assert kinds == [change] if name in TRUE else [*first, change], name
