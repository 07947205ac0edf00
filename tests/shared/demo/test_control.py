"""The door for people on this machine: /demo."""

import httpx
import pytest

from shared.demo import DemoApi, demo_assistants, faults

OUTBOUND = "/api/user/assistants/outbound"


async def test_it_shows_what_is_there_without_a_key(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    shown = (await without_key.get("/demo")).json()
    assert shown["assistants"] == 12
    assert shown["active"] == demo_api.active_names()
    assert set(shown["faults"]) == set(faults.FAULTS)
    assert "login page" in shown["faults"]["login-page"]["says"]
    assert set(shown["faults"]["too-many-requests"]["parameters"]) == {"retry_after", "header", "reset_in"}


async def test_a_fault_is_ordered_with_its_parameters(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    order = {"fault": "too-many-requests", "times": 2, "retry_after": 7}
    answer = await without_key.post("/demo/faults", json=order)
    assert answer.status_code == 201
    assert demo_api.queued() == ((None, faults.TooManyRequests(retry_after=7)),) * 2
    assert answer.json()["queued"][0]["fault"] == "too-many-requests"
    refused = await without_key.get(OUTBOUND)
    assert (refused.status_code, refused.json()["retry_after"]) == (429, 7)


async def test_once_is_what_an_order_means_that_does_not_say(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    await without_key.post("/demo/faults", json={"fault": "server_error", "status": 503, "path": OUTBOUND})
    assert demo_api.queued() == ((OUTBOUND, faults.ServerError(503)),)


async def test_a_standing_fault_is_ordered_and_cleared(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    order = {"fault": "body", "times": "always", "path": OUTBOUND, "content": "naß"}
    shown = (await without_key.post("/demo/faults", json=order)).json()["always"]
    assert shown == [
        {"fault": "body", "content": "naß", "content_type": "application/json", "status": 200, "path": OUTBOUND}
    ]
    assert (await without_key.get(OUTBOUND)).content == "naß".encode()
    cleared = await without_key.delete("/demo/faults")
    assert (cleared.json()["queued"], cleared.json()["always"]) == ([], [])
    assert demo_api.standing() == {}


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        (b"{", 400, "The body is not JSON."),
        (b"\xff", 400, "The body is not JSON."),
        (b"[]", 422, "the body: "),
        (b"{}", 422, "fault: "),
        (b'{"fault": "flood"}', 404, "There is no fault “flood”; there are latency, "),
        (b'{"fault": "latency", "times": 0}', 422, "times."),
        (b'{"fault": "latency", "times": "often"}', 422, "times."),
        (b'{"fault": "latency", "seconds": "long"}', 422, "seconds: "),
        (b'{"fault": "latency", "seconds": -1}', 422, "seconds: "),
        (b'{"fault": "latency", "minutes": 1}', 422, "minutes: "),
        (b'{"fault": "latency", "path": "/demo"}', 422, "path: "),
        (b'{"fault": "login-redirect", "location": "/\\r\\nSet-Cookie: a=b"}', 422, "location: "),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_in_one_sentence(
    demo_api: DemoApi, without_key: httpx.AsyncClient, sent: bytes, status: int, says: str
) -> None:
    answer = await without_key.post("/demo/faults", content=sent)
    message = answer.json()["message"]
    assert answer.status_code == status
    assert message.startswith(says)
    assert message.endswith(".")
    assert demo_api.queued() == ()


async def test_a_step_is_taken_on_request(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    answer = await without_key.post("/demo/step")
    assert answer.json() == {"happened": "Sales Follow-up was switched off."}
    assert "Sales Follow-up" not in demo_api.active_names()


async def test_an_assistant_is_changed_on_request(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    answer = await without_key.patch("/demo/assistants/57", json={"status": "inactive", "shiny": True})
    assert answer.status_code == 200
    changed = demo_api.assistants[1]
    assert answer.json() == changed
    assert (changed["status"], changed["shiny"]) == ("inactive", True)
    assert changed["updated_at"] == "2026-03-01T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("assistant", "sent", "status"),
    [
        ("43", b'{"name": "x"}', 404),
        ("42", b"{}", 422),
        ("42", b'{"id": 1}', 422),
        ("42", b"[]", 422),
        ("42", b"", 400),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    demo_api: DemoApi, without_key: httpx.AsyncClient, assistant: str, sent: bytes, status: int
) -> None:
    before = demo_assistants()
    answer = await without_key.patch(f"/demo/assistants/{assistant}", content=sent)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".")
    assert demo_api.assistants == before


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.example.com", "localhost.example.com:80", "["])
async def test_names_that_only_point_here_are_refused(
    demo_api: DemoApi, without_key: httpx.AsyncClient, host: str
) -> None:
    answer = await without_key.post("/demo/step", headers={"Host": host})
    assert answer.status_code == 403
    assert demo_api.assistants == demo_assistants()


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "http://127.0.0.1:1", "https://localhost"])
async def test_pages_of_other_sites_are_refused(demo_api: DemoApi, without_key: httpx.AsyncClient, origin: str) -> None:
    answer = await without_key.post("/demo/step", headers={"Origin": origin})
    assert answer.status_code == 403
    assert demo_api.assistants == demo_assistants()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]:8080"])
async def test_pages_of_its_own_and_programs_are_let_in(without_key: httpx.AsyncClient, host: str) -> None:
    assert (await without_key.get("/demo", headers={"Host": host})).status_code == 200
    own = {"Host": host, "Origin": f"http://{host}"}
    assert (await without_key.get("/demo", headers=own)).status_code == 200


async def test_its_requests_are_not_counted_as_the_apis(demo_api: DemoApi, without_key: httpx.AsyncClient) -> None:
    await without_key.get("/demo")
    assert demo_api.requests == []
