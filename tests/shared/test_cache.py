"""Fresh for a while, one flight at a time, stale when upstream is down."""

import asyncio

import pytest

from shared.cache import Cache
from shared.errors import KeyRejected, RateLimited, TimedOut, UpstreamError
from tests.clocks import ManualClock


class Upstream:
    """Counts its calls; answers with the count, or raises what it is told to; waits while it is held."""

    def __init__(self) -> None:
        self.calls = 0
        self.failure: Exception | None = None
        self.released = asyncio.Event()
        self.released.set()
        self.asked = asyncio.Event()

    async def fetch(self) -> int:
        self.calls += 1
        self.asked.set()
        await self.released.wait()
        if self.failure:
            raise self.failure
        return self.calls


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def cache(upstream: Upstream, clock: ManualClock) -> Cache[int]:
    return Cache(upstream.fetch, fresh_for=30, clock=clock)


TIMED_OUT = TimedOut(host="app.famulor.de", evidence="30 s in all")
REJECTED = KeyRejected(account="default", evidence="401")


async def test_an_answer_is_fresh_for_as_long_as_was_set(
    cache: Cache[int], upstream: Upstream, clock: ManualClock
) -> None:
    assert (await cache.get()).value == 1
    clock.advance(29.9)
    assert (await cache.get()).value == 1
    clock.advance(0.1)
    assert (await cache.get()).value == 2
    assert upstream.calls == 2


async def test_nothing_is_fresh_when_nothing_may_be(upstream: Upstream, clock: ManualClock) -> None:
    cache = Cache(upstream.fetch, fresh_for=0, clock=clock)
    assert [(await cache.get()).value for _ in range(3)] == [1, 2, 3]


async def test_all_who_ask_at_once_share_one_flight(cache: Cache[int], upstream: Upstream) -> None:
    answers = await asyncio.gather(*(cache.get() for _ in range(50)))
    assert {answer.value for answer in answers} == {1}
    assert upstream.calls == 1


async def test_a_caller_that_gives_up_costs_the_others_nothing(cache: Cache[int], upstream: Upstream) -> None:
    upstream.released.clear()
    hasty, patient = asyncio.create_task(cache.get()), asyncio.create_task(cache.get())
    await upstream.asked.wait()
    hasty.cancel()
    upstream.released.set()
    assert (await patient).value == 1
    with pytest.raises(asyncio.CancelledError):
        await hasty


async def test_a_flight_whose_callers_all_gave_up_serves_the_next(cache: Cache[int], upstream: Upstream) -> None:
    upstream.released.clear()
    hasty = asyncio.create_task(cache.get())
    await upstream.asked.wait()
    hasty.cancel()
    next_one = asyncio.create_task(cache.get())
    await asyncio.sleep(0)
    upstream.released.set()
    assert (await next_one).value == 1
    assert upstream.calls == 1


async def test_a_failure_is_everybodys_own_where_nothing_good_is_held(cache: Cache[int], upstream: Upstream) -> None:
    upstream.failure = TIMED_OUT
    outcomes = await asyncio.gather(*(cache.get() for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [TimedOut] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert upstream.calls == 1


async def test_the_last_good_answer_stands_in_and_says_why(
    cache: Cache[int], upstream: Upstream, clock: ManualClock
) -> None:
    await cache.get()
    upstream.failure = TIMED_OUT
    clock.advance(3600)
    held = await cache.get()
    assert held.value == 1
    assert isinstance(held.stale, TimedOut)
    assert str(held.stale) == str(TIMED_OUT)
    upstream.failure = None
    again = await cache.get()
    assert (again.value, again.stale) == (3, None)


async def test_nobody_asks_while_the_server_wants_us_to_wait(
    cache: Cache[int], upstream: Upstream, clock: ManualClock
) -> None:
    upstream.failure = RateLimited(account="default", evidence="429", retry_after=60)
    for elapsed, left in ((0, 60), (20, 40)):
        clock.advance(elapsed)
        with pytest.raises(RateLimited) as caught:
            await cache.get()
        assert caught.value.retry_after == left
    assert upstream.calls == 1
    upstream.failure = None
    clock.advance(40)
    assert (await cache.get()).value == 2


async def test_a_pause_after_failures_is_kept_without_promising_when_to_come_back(
    upstream: Upstream, clock: ManualClock
) -> None:
    cache = Cache(upstream.fetch, fresh_for=0, pause=60, clock=clock)
    upstream.failure = TIMED_OUT
    for _ in range(2):
        with pytest.raises(TimedOut) as caught:
            await cache.get()
        assert caught.value.retry_after is None
    assert upstream.calls == 1
    clock.advance(60)
    with pytest.raises(TimedOut):
        await cache.get()
    assert upstream.calls == 2


async def test_a_rejected_key_is_hidden_for_a_minute_and_no_longer(
    cache: Cache[int], upstream: Upstream, clock: ManualClock
) -> None:
    await cache.get()
    clock.advance(31)
    upstream.failure = REJECTED
    assert isinstance((await cache.get()).stale, KeyRejected)
    clock.advance(59)
    # Another failure in between does not start the minute anew.
    upstream.failure = TIMED_OUT
    assert isinstance((await cache.get()).stale, TimedOut)
    clock.advance(1)
    upstream.failure = REJECTED
    with pytest.raises(KeyRejected):
        await cache.get()
    upstream.failure = None
    assert (await cache.get()).stale is None


async def test_a_bug_is_no_upstream_failure_and_is_not_hidden(cache: Cache[int], upstream: Upstream) -> None:
    await cache.get()
    upstream.failure = ZeroDivisionError()
    cache_without_freshness = Cache(upstream.fetch, fresh_for=0, clock=ManualClock())
    with pytest.raises(ZeroDivisionError):
        await cache_without_freshness.get()
    assert not issubclass(ZeroDivisionError, UpstreamError)


async def test_closing_ends_a_flight_and_whoever_waits_for_it(cache: Cache[int], upstream: Upstream) -> None:
    await cache.close()
    upstream.released.clear()
    waiting = asyncio.create_task(cache.get())
    await upstream.asked.wait()
    await cache.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
