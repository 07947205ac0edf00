"""Famulor's two rate limits, as a client meets them."""

import httpx
import pytest

from shared.demo import DEMO_KEY, DemoApi
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"


async def statuses(with_key: httpx.AsyncClient, requests: int) -> list[int]:
    return [(await with_key.get(OUTBOUND)).status_code for _ in range(requests)]


async def use_up_the_minute(with_key: httpx.AsyncClient, clock: ManualClock) -> None:
    """A hundred requests in forty seconds, never more than twenty in ten."""
    for _ in range(5):
        assert await statuses(with_key, 20) == [200] * 20
        clock.advance(10)


async def test_twenty_requests_in_ten_seconds_are_answered_and_no_more(with_key: httpx.AsyncClient) -> None:
    assert await statuses(with_key, 21) == [200] * 20 + [429]


async def test_a_refusal_is_the_documented_429(with_key: httpx.AsyncClient, clock: ManualClock) -> None:
    await statuses(with_key, 20)
    clock.advance(2.5)
    refused = await with_key.get(OUTBOUND)
    content = refused.json()
    assert (content["error"], content["retry_after"]) == ("Rate limit exceeded", 8)
    assert content["message"]
    assert refused.headers["Retry-After"] == "8"
    assert refused.headers["X-RateLimit-Limit"] == "20"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["X-RateLimit-Reset"]) == pytest.approx(clock.now().timestamp() + 8, abs=1)


@pytest.mark.parametrize("start", [0.0, 0.1, 12345.678901])
async def test_waiting_as_long_as_asked_is_enough_and_less_is_not(
    with_key: httpx.AsyncClient, clock: ManualClock, start: float
) -> None:
    clock.advance(start)
    await statuses(with_key, 20)
    retry_after = (await with_key.get(OUTBOUND)).json()["retry_after"]
    assert retry_after == 10
    clock.advance(retry_after - 0.5)
    assert await statuses(with_key, 1) == [429]
    clock.advance(0.5)
    assert await statuses(with_key, 20) == [200] * 20


async def test_a_hundred_requests_in_a_minute_are_answered_and_no_more(
    with_key: httpx.AsyncClient, clock: ManualClock
) -> None:
    await use_up_the_minute(with_key, clock)
    refused = await with_key.get(OUTBOUND)
    assert (refused.status_code, refused.json()["retry_after"]) == (429, 10)
    assert refused.headers["X-RateLimit-Limit"] == "100"


async def test_the_window_slides(with_key: httpx.AsyncClient, clock: ManualClock) -> None:
    await use_up_the_minute(with_key, clock)
    clock.advance(10)
    assert await statuses(with_key, 21) == [200] * 20 + [429]


async def test_refused_requests_do_not_count(with_key: httpx.AsyncClient, clock: ManualClock) -> None:
    await statuses(with_key, 60)
    clock.advance(10)
    answer = await with_key.get(OUTBOUND)
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (200, "79")


async def test_every_answer_says_what_is_left_of_the_minute(with_key: httpx.AsyncClient, clock: ManualClock) -> None:
    await with_key.get(OUTBOUND)
    clock.advance(20)
    headers = (await with_key.get("/api/nothing")).headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("100", "98")
    assert int(headers["X-RateLimit-Reset"]) == clock.now().timestamp() + 40


async def test_keys_have_limits_of_their_own(clock: ManualClock) -> None:
    async with DemoApi(keys=("one", "two"), clock=clock) as api, httpx.AsyncClient(base_url=api.base_url) as client:
        for _ in range(20):
            await client.get(OUTBOUND, headers={"Authorization": "Bearer one"})
        first = await client.get(OUTBOUND, headers={"Authorization": "Bearer one"})
        second = await client.get(OUTBOUND, headers={"Authorization": "Bearer two"})
    assert (first.status_code, second.status_code) == (429, 200)


async def test_requests_with_a_bad_key_use_up_nothing(with_key: httpx.AsyncClient) -> None:
    for _ in range(30):
        answer = await with_key.get(OUTBOUND, headers={"Authorization": "Bearer wrong"})
        assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (401, "100")
    assert await statuses(with_key, 1) == [200]


async def test_without_limits_any_number_is_answered(clock: ManualClock) -> None:
    headers = {"Authorization": f"Bearer {DEMO_KEY}"}
    async with (
        DemoApi(clock=clock, limited=False) as api,
        httpx.AsyncClient(base_url=api.base_url, headers=headers) as client,
    ):
        assert await statuses(client, 120) == [200] * 120
