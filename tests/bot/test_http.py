"""Slack over HTTP: what is signed is taken on, once; everything else is turned away, and nothing of it is logged."""

import asyncio
import hashlib
import hmac
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest

from bot import http
from bot.connection import connected
from bot.http import CannotListen, listening
from bot.playground import LocalSlack
from bot.playground.people import BEN
from shared.demo import DemoApi, faults
from shared.errors import FamulorError
from shared.runtime import open_runtime
from tests.bot.conftest import MakeSettings
from tests.clocks import ManualClock

OverHttp = Callable[..., Awaitable[str]]
CANARY = "canary-of-a-body"


@pytest.fixture
async def over_http(settings: MakeSettings, slack: LocalSlack, clock: ManualClock) -> AsyncIterator[OverHttp]:
    """Starts the bot without an app-level token; its address, to which the local Slack delivers from now on."""
    async with AsyncExitStack() as stack:

        async def start(**given: Any) -> str:
            usual = {"slack_app_token": None, "slack_signing_secret": slack.signing_secret, "slack_http_port": 0}
            runtime = await stack.enter_async_context(open_runtime(settings(**(usual | given)), clock))
            address = await stack.enter_async_context(connected(runtime))
            slack.deliver_to(f"{address}/slack/events", clock=clock)
            return address

        yield start


@asynccontextmanager
async def asked(method: str, url: str, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **more) as answer:
        yield answer


def signed(body: bytes, clock: ManualClock, secret: str, *, timestamp: str = "") -> dict[str, str]:
    timestamp = timestamp or str(int(clock.now().timestamp()))
    digest = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json",
    }


async def test_a_command_a_button_a_mention_and_a_message_are_answered(over_http: OverHttp, slack: LocalSlack) -> None:
    await over_http()
    reply = await (await slack.type_command("/assistants health")).reply()
    assert "Connected by: HTTP" in reply.as_text()
    again = await (await slack.press(reply, "Check again")).reply()
    assert again.replaced
    assert "Zustand" in (await (await slack.mention("zustand", user=BEN)).reply()).as_text()
    assert "Zustand" in (await (await slack.say("health", user=BEN)).reply()).as_text()


async def test_slacks_challenge_is_answered(over_http: OverHttp, slack: LocalSlack) -> None:
    await over_http()
    assert await slack.verify_url()


@pytest.mark.parametrize(
    "wrong",
    [{"signing_secret": "another"}, {"age": 301.0}, {"age": -301.0}],
    ids=["another secret", "too old", "from the future"],
)
async def test_what_is_not_signed_by_slack_now_is_refused_and_not_logged(
    over_http: OverHttp,
    slack: LocalSlack,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    wrong: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    address = await over_http()
    slack.deliver_to(f"{address}/slack/events", clock=clock, **wrong)
    interaction = await slack.type_command(f"/assistants find {CANARY}")
    assert interaction.failed_because == "http_client_error"
    ours = [record for record in caplog.records if record.name.startswith(("bot", "slack", "uvicorn"))]
    assert any("Slack's signature" in record.getMessage() for record in ours)
    assert not any(CANARY in record.getMessage() for record in ours)


@pytest.mark.parametrize("age", [299.0, -299.0])
async def test_a_signature_is_good_for_five_minutes(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock, age: float
) -> None:
    address = await over_http()
    slack.deliver_to(f"{address}/slack/events", clock=clock, age=age)
    assert (await slack.type_command("/assistants help")).acknowledged


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "0"},
        {"X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "9" * 5_000, "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "-1", "X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "²", "X-Slack-Signature": "vö"},
    ],
)
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"payload=%7B", CANARY.encode()])
async def test_headers_and_bodies_of_any_kind_are_turned_away_without_a_fault(
    over_http: OverHttp, caplog: pytest.LogCaptureFixture, headers: dict[str, str], body: bytes
) -> None:
    address = await over_http()
    async with asked("POST", f"{address}/slack/events", data=body, headers=headers) as answer:
        assert (answer.status, await answer.text()) == (401, "")
    assert CANARY not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("timestamp", ["now", "²", "-5", "9" * 20, "soon", "1e9"])
async def test_a_time_that_is_none_is_refused_even_with_the_right_secret(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock, timestamp: str
) -> None:
    address = await over_http()
    headers = signed(b"{}", clock, slack.signing_secret, timestamp=timestamp)
    async with asked("POST", f"{address}/slack/events", data=b"{}", headers=headers) as answer:
        assert answer.status == 401


async def test_a_body_that_is_no_text_is_refused_even_where_it_is_signed(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock
) -> None:
    address = await over_http()
    headers = signed(b"\xff\xfe", clock, slack.signing_secret)
    async with asked("POST", f"{address}/slack/events", data=b"\xff\xfe", headers=headers) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"payload={"])
async def test_what_is_signed_and_cannot_be_read_is_refused(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    address = await over_http()
    headers = signed(body, clock, slack.signing_secret)
    async with asked("POST", f"{address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 400
    assert "Traceback" not in caplog.text


async def test_what_nobody_listens_to_is_acknowledged_and_not_logged(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    address = await over_http()
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "channel_rename", "name": CANARY}}
    body = json.dumps(event).encode()
    headers = signed(body, clock, slack.signing_secret)
    async with asked("POST", f"{address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 200
    assert "does not listen to" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("event", [None, [], "text", {"type": ["message"]}, {"type": "message", "channel": {}}])
async def test_an_event_of_another_shape_harms_nobody(
    over_http: OverHttp, slack: LocalSlack, clock: ManualClock, caplog: pytest.LogCaptureFixture, event: object
) -> None:
    address = await over_http()
    body = json.dumps({"type": "event_callback", "event_id": CANARY, "event": event}).encode()
    headers = signed(body, clock, slack.signing_secret)
    async with asked("POST", f"{address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status in {200, 400, 500}
    assert CANARY not in caplog.text
    assert (await slack.type_command("/assistants help")).acknowledged


async def test_a_body_that_is_too_large_is_not_even_read(over_http: OverHttp) -> None:
    address = await over_http()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536

    async with asked("POST", f"{address}/slack/events", data=io.BytesIO(bytes(http.BODY_LIMIT + 1))) as answer:
        assert answer.status == 413
    with suppress(aiohttp.ClientError, ConnectionError):
        async with asked("POST", f"{address}/slack/events", data=endless()) as answer:
            assert answer.status == 413


async def test_a_body_that_does_not_come_is_given_up(over_http: OverHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_PATIENCE", 0.1)
    address = await over_http()
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 10\r\n\r\n123")
    assert b" 408 " in await reader.readline()
    writer.close()


async def test_a_body_that_breaks_off_leaves_no_trace(
    over_http: OverHttp, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    address = await over_http()
    host, port = address.removeprefix("http://").split(":")
    _reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 10\r\n\r\n123")
    await writer.drain()
    writer.close()
    assert (await slack.type_command("/assistants help")).acknowledged
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/slack/events/", 404),
        ("POST", "/", 404),
        ("GET", "/", 404),
        ("GET", "/../etc/passwd", 404),
        ("POST", "/healthz", 405),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("HEAD", "/readyz", 200),
    ],
)
async def test_there_is_nothing_beside_what_is_meant(over_http: OverHttp, method: str, path: str, status: int) -> None:
    address = await over_http()
    async with asked(method, f"{address}{path}", allow_redirects=False) as answer:
        assert answer.status == status


async def test_a_redelivery_is_answered_once(over_http: OverHttp, slack: LocalSlack) -> None:
    await over_http()
    interaction = await slack.say("health")
    await interaction.reply()
    await slack.redeliver(interaction)
    await slack.redeliver(interaction)
    assert interaction.acknowledged
    assert interaction.envelope["retry_attempt"] == 2
    await (await slack.type_command("/assistants help")).reply()
    assert len(interaction.messages) == 1


async def test_the_acknowledgement_does_not_wait_for_famulor(
    over_http: OverHttp, slack: LocalSlack, demo_api: DemoApi
) -> None:
    await over_http(famulor_read_timeout=0.5, famulor_total_timeout=1)
    demo_api.always(faults.Hang())
    interaction = await slack.type_command("/assistants outbound")
    assert interaction.acknowledged
    assert interaction.messages == []
    assert "did not answer in time" in (await interaction.reply()).as_text()


async def test_an_app_that_stops_finishes_what_it_took_on_and_takes_nothing_new(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, demo_api: DemoApi
) -> None:
    given = {"slack_app_token": None, "slack_signing_secret": slack.signing_secret, "slack_http_port": 0}
    async with open_runtime(settings(**given), clock) as runtime:
        async with connected(runtime) as address:
            slack.deliver_to(f"{address}/slack/events", clock=clock)
            taken = [await slack.type_command("/assistants outbound active") for _ in range(5)]
        assert all(len(interaction.messages) == 1 for interaction in taken)
        assert (await slack.type_command("/assistants help")).failed_because == "dispatch_failed"


async def test_it_is_ready_while_the_store_answers(
    over_http: OverHttp, monkeypatch: pytest.MonkeyPatch, settings: MakeSettings
) -> None:
    address = await over_http()
    async with asked("GET", f"{address}/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ready", "store": "ok"})


async def test_a_store_that_does_not_answer_makes_it_unready_but_alive(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, postgresql_url: str, postgresql_server: Any
) -> None:
    given = {"slack_app_token": None, "slack_signing_secret": slack.signing_secret, "slack_http_port": 0}
    async with (
        open_runtime(settings(**given, database_url=postgresql_url), clock) as runtime,
        connected(runtime) as address,
    ):
        name = postgresql_url.partition("?")[0].rpartition("/")[2]
        postgresql_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
        postgresql_server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid();")
        async with asked("GET", f"{address}/readyz") as answer:
            assert answer.status == 503
            said = await answer.json()
            assert said["status"] == "not ready"
            assert "database" in said["store"]
        async with asked("GET", f"{address}/healthz") as answer:
            assert answer.status == 200


async def test_a_check_that_does_not_end_is_unready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PROBE_PATIENCE", 0.05)

    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    async with listening(http.application({"store": never}), "127.0.0.1", 0) as address:
        async with asked("GET", f"{address}/readyz") as answer:
            assert (answer.status, (await answer.json())["store"]) == (503, "no answer within 0.05 s")
        async with asked("POST", f"{address}/slack/events") as answer:
            assert answer.status == 404


async def test_in_socket_mode_it_is_watched_over_http_where_a_port_is_set(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock
) -> None:
    async with open_runtime(settings(slack_http_port=0), clock) as runtime, connected(runtime) as address:
        await slack.connected()
        async with asked("GET", f"{address}/readyz") as answer:
            assert await answer.json() == {"status": "ready", "store": "ok", "socket": "ok"}
        async with asked("POST", f"{address}/slack/events") as answer:
            assert answer.status == 404
        await slack.stop()
        async with asyncio.timeout(20):
            while True:
                async with asked("GET", f"{address}/readyz") as answer:
                    if answer.status == 503:
                        assert (await answer.json())["socket"] == "not connected"
                        break


async def test_in_socket_mode_it_listens_at_nothing_by_itself(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock
) -> None:
    async with open_runtime(settings(), clock) as runtime, connected(runtime) as address:
        assert address == ""


async def test_a_port_that_is_taken_and_an_address_that_is_none_are_told() -> None:
    async with listening(http.application({}), "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(CannotListen, match="Address already in use"):
            await _listen("127.0.0.1", port)
    for host in ("192.0.2.1", "nowhere.invalid"):
        with pytest.raises(CannotListen) as caught:
            await _listen(host, 0)
        assert host in caught.value.explain()
        assert "SLACK_HTTP_HOST" in caught.value.explain()


async def test_an_address_of_ip_six_is_written_as_one() -> None:
    try:
        async with listening(http.application({}), "::1", 0) as address:
            assert address.startswith("http://[::1]:")
            async with asked("GET", f"{address}/healthz") as answer:
                assert answer.status == 200
    except FamulorError:
        pytest.skip("this machine has no IPv6")


async def _listen(host: str, port: int) -> None:
    async with listening(http.application({}), host, port):
        pytest.fail("It should not listen.")
