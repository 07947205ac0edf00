"""What a client sees of each fault."""

import json

import httpx
import pytest

from shared.demo import DEMO_KEY, DemoApi, faults
from shared.demo.playback import play
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"


async def listed(with_key: httpx.AsyncClient) -> httpx.Response:
    return await with_key.get(OUTBOUND)


async def read(client: httpx.AsyncClient, chunks: list[bytes]) -> None:
    """Add what comes, chunk by chunk, until it ends or fails."""
    async with client.stream("GET", OUTBOUND, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status_code == 200
        async for chunk in answer.aiter_raw():
            chunks.append(chunk)  # noqa: PERF401 - what came before it fails is what is looked at


@pytest.mark.parametrize("kind", faults.FAULTS.values(), ids=faults.FAULTS)
def test_every_fault_can_be_acted_out(kind: type[faults.Fault]) -> None:
    assert play.dispatch(kind) is not play.dispatch(faults.Fault)


def test_every_fault_can_be_asked_for_by_name() -> None:
    assert set(faults.FAULTS.values()) == set(faults.Fault.__subclasses__())


async def test_faults_are_answered_one_each_in_order_and_then_the_truth(
    demo_api: DemoApi, with_key: httpx.AsyncClient
) -> None:
    demo_api.next_answers(faults.NotFound(), faults.Forbidden())
    assert [(await listed(with_key)).status_code for _ in range(3)] == [404, 403, 200]


async def test_a_fault_for_a_path_waits_for_that_path(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.NotFound(), path="/api/user/me")
    assert (await listed(with_key)).status_code == 200
    assert (await with_key.get("/api/user/me")).status_code == 404


async def test_a_standing_fault_holds_until_it_is_ended(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.always(faults.Forbidden())
    demo_api.next_answers(faults.NotFound())
    assert [(await listed(with_key)).status_code for _ in range(3)] == [404, 403, 403]
    demo_api.always(None)
    assert (await listed(with_key)).status_code == 200


async def test_a_standing_fault_for_a_path_goes_before_one_for_all(
    demo_api: DemoApi, with_key: httpx.AsyncClient
) -> None:
    demo_api.always(faults.Forbidden())
    demo_api.always(faults.NotFound(), path="/api/user/me")
    assert (await listed(with_key)).status_code == 403
    assert (await with_key.get("/api/user/me")).status_code == 404


async def test_faults_can_be_cleared(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.always(faults.Forbidden())
    demo_api.next_answers(faults.NotFound())
    demo_api.clear_faults()
    assert (await listed(with_key)).status_code == 200


async def test_faulty_answers_count_towards_the_limit(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(*[faults.ServerError()] * 20)
    assert [(await listed(with_key)).status_code for _ in range(21)] == [500] * 20 + [429]


async def test_latency_delays_the_true_answer(
    demo_api: DemoApi, with_key: httpx.AsyncClient, clock: ManualClock
) -> None:
    demo_api.next_answers(faults.Latency(3))
    assert (await listed(with_key)).json() == demo_api.assistants
    assert clock.slept == [3]


async def test_the_true_answer_to_a_stranger_is_still_a_401(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.Latency(3))
    assert (await listed(without_key)).status_code == 401


async def test_a_429_may_say_in_its_body_when_to_come_back(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.TooManyRequests(retry_after=7))
    answer = await listed(with_key)
    assert (answer.status_code, answer.json()["retry_after"]) == (429, 7)
    assert not {"retry-after", "x-ratelimit-reset"} & set(answer.headers)


@pytest.mark.parametrize("header", ["7", "Sun, 01 Mar 2026 12:00:07 GMT", "soon"])
async def test_a_429_may_say_in_a_header_when_to_come_back(
    demo_api: DemoApi, with_key: httpx.AsyncClient, header: str
) -> None:
    demo_api.next_answers(faults.TooManyRequests(header=header))
    answer = await listed(with_key)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, header)
    assert "retry_after" not in answer.json()
    assert "x-ratelimit-reset" not in answer.headers


async def test_a_429_may_say_when_the_limit_is_reset(
    demo_api: DemoApi, with_key: httpx.AsyncClient, clock: ManualClock
) -> None:
    demo_api.next_answers(faults.TooManyRequests(reset_in=7))
    answer = await listed(with_key)
    assert int(answer.headers["X-RateLimit-Reset"]) == clock.now().timestamp() + 7
    assert "retry_after" not in answer.json()
    assert "retry-after" not in answer.headers


async def test_a_bare_429_says_nothing_about_when(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.TooManyRequests())
    answer = await listed(with_key)
    assert (answer.status_code, answer.json()["error"]) == (429, "Rate limit exceeded")
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert not {"retry-after", "x-ratelimit-reset"} & set(answer.headers)


async def test_a_500_is_laravels(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.ServerError())
    answer = await listed(with_key)
    assert (answer.status_code, answer.json()) == (500, {"message": "Server Error"})


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (408, "408 Request Timeout"),
        (502, "502 Bad Gateway"),
        (503, "503 Service Unavailable"),
        (504, "504 Gateway Timeout"),
        (599, "599"),
    ],
)
async def test_other_server_errors_are_a_gateways_page(
    demo_api: DemoApi, with_key: httpx.AsyncClient, status: int, title: str
) -> None:
    demo_api.next_answers(faults.ServerError(status, retry_after="30"))
    answer = await listed(with_key)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "30")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f"<h1>{title}</h1>" in answer.text


async def test_a_reset_ends_the_connection_without_an_answer(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.Reset())
    with pytest.raises(httpx.ReadError):
        await listed(with_key)
    assert demo_api.requests[0].status == 0


async def test_a_reset_midway_comes_after_part_of_the_body(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.ResetMidway())
    chunks: list[bytes] = []
    with pytest.raises(httpx.ReadError):
        await read(with_key, chunks)
    body = b"".join(chunks)
    assert body.startswith(b'[{"id":42,')
    assert not body.endswith(b"]")


async def test_a_hanging_request_is_never_answered(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.Hang())
    with pytest.raises(httpx.ReadTimeout):
        await with_key.get(OUTBOUND, timeout=0.05)


async def test_a_dripping_body_comes_byte_by_byte(
    demo_api: DemoApi, with_key: httpx.AsyncClient, clock: ManualClock
) -> None:
    del demo_api.assistants[:]
    demo_api.next_answers(faults.Drip(0.25))
    chunks: list[bytes] = []
    await read(with_key, chunks)
    assert b"".join(chunks) == b"[]"
    assert clock.slept == [0.25, 0.25]


@pytest.mark.parametrize("fault", [faults.Truncated(), faults.TruncatedChunked()])
async def test_a_truncated_body_ends_before_its_end(
    demo_api: DemoApi, with_key: httpx.AsyncClient, fault: faults.Fault
) -> None:
    demo_api.next_answers(fault)
    chunks: list[bytes] = []
    with pytest.raises(httpx.RemoteProtocolError, match=r"without sending complete|incomplete"):
        await read(with_key, chunks)
    body = b"".join(chunks)
    assert body.startswith(b'[{"id":42,')
    assert not body.endswith(b"]")


async def test_a_login_page_is_html_with_a_200(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.LoginPage())
    answer = await listed(with_key)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Log in" in answer.text


async def test_a_login_redirect_points_to_the_login_page(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.LoginRedirect())
    answer = await listed(with_key)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    assert "<html>" in answer.text


@pytest.mark.parametrize(
    ("fault", "status", "fields"),
    [
        (faults.Unauthorized(), 401, {"error", "message"}),
        (faults.Forbidden(), 403, {"error", "message"}),
        (faults.NotFound(), 404, {"message"}),
        (faults.Invalid(), 422, {"message", "errors"}),
    ],
)
async def test_refusals_have_the_documented_bodies(
    demo_api: DemoApi, with_key: httpx.AsyncClient, fault: faults.Fault, status: int, fields: set[str]
) -> None:
    demo_api.next_answers(fault)
    answer = await listed(with_key)
    assert (answer.status_code, set(answer.json())) == (status, fields)


async def test_an_error_may_echo_the_key(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.EchoedKey(503))
    answer = await listed(with_key)
    assert answer.status_code == 503
    assert f"Bearer {DEMO_KEY}" in answer.json()["message"]


async def test_any_body_can_be_answered_as_it_stands(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.Body(b"[{", content_type="text/plain", status=203))
    answer = await listed(with_key)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (203, b"[{", "text/plain")


@pytest.mark.parametrize("wrapped", [False, True])
async def test_bad_records_stand_among_good_ones(
    demo_api: DemoApi, with_key: httpx.AsyncClient, *, wrapped: bool
) -> None:
    demo_api.wrapped = wrapped
    demo_api.next_answers(faults.BadRecords())
    content = (await listed(with_key)).json()
    records = content["data"] if wrapped else content
    assert records[0]["id"] == "forty-two"
    assert records[1]["name"] is None
    assert records[2] == "Sales Follow-up"
    assert records[3]["is_webhook_active"] == "perhaps"
    assert records[4]["created_at"] == "yesterday"
    assert records[5:] == [*demo_api.assistants[5:], demo_api.assistants[-1]]


async def test_bad_records_of_a_short_list_are_all_there_are(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    del demo_api.assistants[1:]
    demo_api.next_answers(faults.BadRecords())
    assert [record["id"] for record in (await listed(with_key)).json()] == ["forty-two", 42]


async def test_an_answer_without_records_has_none_to_spoil(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.BadRecords())
    assert (await listed(without_key)).json()["error"] == "Missing Authorization header"


@pytest.mark.parametrize("compressed", [False, True])
async def test_an_oversized_body_is_larger_than_anybody_asked_for(
    demo_api: DemoApi, with_key: httpx.AsyncClient, *, compressed: bool
) -> None:
    demo_api.next_answers(faults.Oversized(megabytes=2, compressed=compressed))
    answer = await listed(with_key)
    assert len(answer.content) > 2 * 2**20
    assert json.loads(answer.content) == demo_api.assistants
    assert "content-length" not in answer.headers
    assert (answer.num_bytes_downloaded < 2**20) == compressed


async def test_a_client_may_leave_an_oversized_body(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(faults.Oversized(megabytes=1024))
    async with with_key.stream("GET", OUTBOUND) as answer:
        assert await anext(answer.aiter_raw())
    assert (await listed(with_key)).status_code == 200
