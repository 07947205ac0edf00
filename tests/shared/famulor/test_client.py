"""The client against the demo API: what comes through, what is tried again, what is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from pydantic import SecretStr

from shared.clock import SystemClock
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.demo.faults import Fault
from shared.errors import (
    AnswerTooLarge,
    AnswerTruncated,
    CertificateRejected,
    EndpointMissing,
    KeyRejected,
    NotJson,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    ServerFault,
    TimedOut,
    UnexpectedShape,
    Unreachable,
    UpstreamError,
)
from shared.famulor import Deadlines, FamulorClient
from shared.settings import Account
from tests.clocks import ManualClock
from tests.shared.conftest import DEADLINES


def account_of(api: DemoApi) -> Account:
    return Account(name="default", api_key=SecretStr(DEMO_KEY), base_url=api.base_url)


async def failure(client: FamulorClient) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        await client.outbound_assistants()
    assert DEMO_KEY not in str(caught.value)
    assert DEMO_KEY not in caught.value.explain()
    return caught.value


async def test_every_assistant_of_the_account_comes_with_all_its_fields(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock
) -> None:
    snapshot = await client.outbound_assistants()
    assert [one.id for one in snapshot.assistants] == [record["id"] for record in demo_api.assistants]
    assert snapshot.rejected == ()
    assert snapshot.fetched_at == clock.now()
    by_id = {record["id"]: record for record in demo_api.assistants}
    for one in snapshot.assistants:
        record = by_id[one.id]
        assert one.account == "default"
        assert one.name == record["name"]
        assert one.system_prompt == record["system_prompt"]
        assert dict(one.variables) == (record["variables"] or {})
        assert one.updated_at is not None
        assert one.updated_at.tzinfo is UTC
        assert set(one.extra) == set(record) - set(type(one).model_fields)


async def test_the_list_may_be_wrapped_in_data(client: FamulorClient, demo_api: DemoApi) -> None:
    bare = await client.outbound_assistants()
    demo_api.wrapped = True
    assert await client.outbound_assistants() == bare


async def test_languages_voices_and_the_owner_are_read(client: FamulorClient, demo_api: DemoApi) -> None:
    assert {one.iso_2 for one in (await client.languages()).values()} >= {"de", "en"}
    assert set(await client.voices()) == {voice["id"] for voice in demo_api.voices}
    assert (await client.owner()).email


async def test_names_that_cannot_be_read_are_left_out(client: FamulorClient, demo_api: DemoApi) -> None:
    demo_api.voices[:] = [{"id": 1, "name": "Anna", "gender": None}, {"id": "x", "name": "Bert"}, {"id": 2}]
    demo_api.voices.append("Carl")  # type: ignore[arg-type] # what no server should send
    assert {key: voice.name for key, voice in (await client.voices()).items()} == {1: "Anna"}


async def test_an_owner_of_another_shape_is_told(client: FamulorClient, demo_api: DemoApi) -> None:
    demo_api.next_answers(faults.Body(b'{"name": "A", "email": "b", "total_balance": "much"}'), faults.Body(b"[]"))
    for field in ("total_balance", ""):
        with pytest.raises(UnexpectedShape, match=f"{field}: should be"):
            await client.owner()


async def test_the_client_says_who_it_is_and_asks_for_compressed_json(client: FamulorClient, demo_api: DemoApi) -> None:
    await client.outbound_assistants()
    headers = demo_api.requests[-1].headers
    assert headers["accept"] == "application/json"
    assert headers["accept-encoding"] == "gzip"
    assert headers["user-agent"].startswith("famulor-chatops/")


@pytest.mark.parametrize(
    "fault",
    [
        faults.ServerError(500),
        faults.ServerError(502),
        faults.ServerError(503),
        faults.ServerError(504),
        faults.ServerError(408),
        faults.TooManyRequests(),
        faults.Reset(),
        faults.ResetMidway(),
        faults.Truncated(),
        faults.TruncatedChunked(),
        faults.Hang(),
        faults.Body(b'[{"id": 1, "na'),
        faults.Body(b""),
    ],
    ids=str,
)
async def test_what_passes_is_tried_again(client: FamulorClient, demo_api: DemoApi, fault: Fault) -> None:
    demo_api.next_answers(fault)
    assert len((await client.outbound_assistants()).assistants) == len(demo_api.assistants)
    assert demo_api.count() == 2


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (faults.Unauthorized(), KeyRejected, "“default” (401: The provided API key is invalid or expired)"),
        (faults.LoginPage(), KeyRejected, "an HTML page came instead of data"),
        (faults.LoginRedirect(), KeyRejected, "302, a redirect to /login"),
        (faults.LoginRedirect("https://login.example.com/in?x=y"), KeyRejected, "a redirect to login.example.com/in)"),
        (faults.LoginRedirect("http://x:port/"), KeyRejected, "a redirect to an unreadable address"),
        (faults.Forbidden(), PermissionMissing, "403"),
        (faults.NotFound(), EndpointMissing, "has nothing at /api/user/assistants/outbound (404"),
        (faults.Invalid(), RequestRefused, "422"),
        (faults.Body(b"", status=418), RequestRefused, "(418)"),
        (faults.ServerError(501), ServerFault, "(501"),
        (faults.Body(b"<html>", content_type="application/json"), KeyRejected, "HTML"),
        (faults.Body(b"hello"), NotJson, "character 1"),
        (faults.Body(b"\x00\xff\xfe\x80", content_type="application/octet-stream"), NotJson, "is not JSON"),
        (faults.Body(b"[" * 200_000), NotJson, "unreadable text"),
        (faults.Body(b'{"error": "none"}'), UnexpectedShape, "a list of records was expected"),
        (faults.Body(b"null"), UnexpectedShape, "a list of records was expected"),
        (faults.Oversized(65), AnswerTooLarge, "larger than 64 MiB"),
        (faults.Oversized(65, compressed=True), AnswerTooLarge, "larger than 64 MiB"),
    ],
    ids=str,
)
async def test_what_stays_is_told_at_once(
    client: FamulorClient, demo_api: DemoApi, fault: Fault, error: type[UpstreamError], told: str
) -> None:
    demo_api.always(fault)
    caught = await failure(client)
    assert type(caught) is error
    assert told in str(caught)
    assert not caught.retryable
    assert caught.cure or error is ServerFault
    assert demo_api.count() == 1


async def test_a_broken_compression_is_told(client: FamulorClient, demo_api: DemoApi) -> None:
    # A server would have to lie about its encoding, which the demo API doesn't.
    def lie(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=_Bytes(b"no gzip at all"))

    liar = FamulorClient(client.account, ManualClock(), Deadlines(), transport=httpx.MockTransport(lie))
    assert "its compression is broken" in str(await failure(liar))
    await liar.aclose()


class _Bytes(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Hang(), TimedOut),
        (faults.Reset(), Unreachable),
        (faults.ResetMidway(), AnswerTruncated),
        (faults.Truncated(), AnswerTruncated),
        (faults.ServerError(503), ServerFault),
        (faults.TooManyRequests(), RateLimited),
    ],
    ids=str,
)
async def test_what_never_passes_is_told_within_the_deadline(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock, fault: Fault, error: type[UpstreamError]
) -> None:
    demo_api.always(fault)
    async with asyncio.timeout(20):
        caught = await failure(client)
    assert type(caught) is error
    assert caught.retryable
    assert sum(clock.slept) <= DEADLINES.total


async def test_an_answer_that_drips_for_ever_ends_at_the_total_deadline() -> None:
    async with DemoApi() as api:
        api.always(faults.Drip(0.05))
        account = account_of(api)
        client = FamulorClient(account, SystemClock(), Deadlines(total=0.3))
        assert "(0.3 s in all)" in str(await failure(client))
        assert api.count() == 1
        await client.aclose()


@pytest.mark.parametrize(
    "fault",
    [
        faults.TooManyRequests(retry_after=2),
        faults.TooManyRequests(header="2"),
        faults.TooManyRequests(header="2", retry_after=60),
        faults.TooManyRequests(reset_in=2),
        faults.TooManyRequests(header="soon", retry_after=2),
        faults.TooManyRequests(header="-5", retry_after=2, reset_in=60),
        faults.ServerError(503, retry_after="2"),
    ],
    ids=str,
)
async def test_the_wait_that_the_server_asks_for_is_honoured(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock, fault: Fault
) -> None:
    demo_api.next_answers(fault)
    await client.outbound_assistants()
    assert clock.slept == [2]


async def test_a_date_to_come_back_at_is_read_by_the_servers_own_clock(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock
) -> None:
    back_at = format_datetime(datetime(2026, 3, 1, 12, 0, 2, tzinfo=UTC), usegmt=True)
    demo_api.next_answers(faults.TooManyRequests(header=back_at))
    # Ours is a different one: it would have had us wait for months.
    ours = ManualClock(datetime(2025, 1, 1, tzinfo=UTC))
    other = FamulorClient(client.account, ours, Deadlines())
    await other.outbound_assistants()
    assert ours.slept == [2]
    await other.aclose()


@pytest.mark.parametrize("asked", ["0", "nan", "inf", "1e999", "-1", "Thu, 99 Foo 2026"])
async def test_a_wait_that_is_none_is_replaced_by_our_own(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock, asked: str
) -> None:
    demo_api.next_answers(faults.TooManyRequests(header=asked))
    await client.outbound_assistants()
    assert len(clock.slept) == 1
    assert 0 <= clock.slept[0] <= 0.5


async def test_a_wait_beyond_the_deadline_fails_at_once_and_says_when_to_come_back(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.always(faults.TooManyRequests(retry_after=60))
    caught = await failure(client)
    assert isinstance(caught, RateLimited)
    assert caught.retry_after == 60
    assert caught.explain().endswith("Try again in 60 s.")
    assert clock.slept == []
    assert demo_api.count() == 1


async def test_our_own_count_keeps_both_limits(demo_api: DemoApi, clock: ManualClock) -> None:
    account = account_of(demo_api)
    client = FamulorClient(account, clock, Deadlines(total=600))
    for _ in range(130):
        await client.outbound_assistants()
    await client.aclose()
    assert demo_api.count() == 130
    assert {request.status for request in demo_api.requests} == {200}


async def test_a_turn_beyond_the_deadline_is_refused_on_our_side(
    client: FamulorClient, demo_api: DemoApi, clock: ManualClock
) -> None:
    for _ in range(20):
        await client.outbound_assistants()
    caught = await failure(client)
    assert isinstance(caught, RateLimited)
    assert "our own count" in str(caught)
    assert caught.retry_after == pytest.approx(10.5, abs=0.01)
    assert demo_api.count() == 20
    clock.advance(10.51)
    await client.outbound_assistants()


async def test_a_key_that_the_server_echoes_is_not_passed_on(client: FamulorClient, demo_api: DemoApi) -> None:
    for status in (401, 403, 404, 422, 500, 501):
        demo_api.always(faults.EchoedKey(status))
        caught = await failure(client)
        assert "[key]" in str(caught)


async def test_a_long_message_is_cut_and_kept_to_one_line(client: FamulorClient, demo_api: DemoApi) -> None:
    message = b'{"message": "' + b"line\\nline\\u0007 " * 400 + b'", "errors": {"name": ["x"]}}'
    demo_api.always(faults.Body(message, status=422))
    told = str(await failure(client))
    assert "\n" not in told
    assert "\x07" not in told
    assert len(told) < 300


async def test_a_host_that_does_not_exist_or_refuses_is_unreachable(client: FamulorClient, demo_api: DemoApi) -> None:
    await demo_api.stop()
    caught = await failure(client)
    assert isinstance(caught, Unreachable)
    assert "127.0.0.1 can't be reached (" in str(caught)


async def test_a_certificate_that_proves_nothing_is_told(clock: ManualClock, demo_api: DemoApi) -> None:
    # TLS spoken to a server that speaks none.
    url = demo_api.base_url.replace("http://", "https://")
    client = FamulorClient(Account(name="a", api_key=SecretStr("k"), base_url=url), clock, Deadlines(total=3))
    caught = await failure(client)
    assert isinstance(caught, CertificateRejected)
    assert "TLS" in caught.explain()
    await client.aclose()


async def test_a_certificate_that_is_not_trusted_is_told_in_its_own_words(clock: ManualClock) -> None:
    # Nobody would ship a certificate with its private key: only the verdict is played.
    def verdict(request: httpx.Request) -> httpx.Response:
        reason = ssl.SSLCertVerificationError("certificate verify failed")
        reason.verify_message = "self-signed certificate"
        raise httpx.ConnectError("TLS", request=request) from reason

    transport = httpx.MockTransport(verdict)
    client = FamulorClient(Account(name="a", api_key=SecretStr("k")), clock, Deadlines(), transport=transport)
    assert "(self-signed certificate)" in str(await failure(client))
    await client.aclose()


def _all_request_errors(kind: type[httpx.RequestError]) -> set[type[httpx.RequestError]]:
    return {kind}.union(*(_all_request_errors(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(_all_request_errors(httpx.RequestError), key=str))
async def test_every_failure_that_httpx_knows_is_translated(clock: ManualClock, kind: type[httpx.RequestError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise kind("somewhere", request=request)

    transport = httpx.MockTransport(fail)
    client = FamulorClient(Account(name="a", api_key=SecretStr("k")), clock, Deadlines(total=1), transport=transport)
    caught = await failure(client)
    assert isinstance(caught.__cause__, kind)
    await client.aclose()
