"""What the demo API answers when nothing goes wrong, and who gets an answer."""

import gzip
import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from shared.demo import DEMO_KEY, DemoApi, many_assistants
from shared.demo.faults import Hang, Latency
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"


async def test_the_list_is_a_bare_array_of_every_assistant(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    answer = await with_key.get(OUTBOUND)
    assert (answer.status_code, answer.json()) == (200, demo_api.assistants)
    assert answer.headers["Content-Type"] == "application/json"


async def test_the_list_can_be_wrapped_as_the_field_list_of_the_reference_says(
    demo_api: DemoApi, with_key: httpx.AsyncClient
) -> None:
    demo_api.wrapped = True
    assert (await with_key.get(OUTBOUND)).json() == {"data": demo_api.assistants}


async def test_what_is_changed_in_the_records_is_listed(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.assistants[0]["name"] = "Renamed"
    del demo_api.assistants[1:]
    assert [record["name"] for record in (await with_key.get(OUTBOUND)).json()] == ["Renamed"]


async def test_a_change_moves_updated_at_to_now(demo_api: DemoApi) -> None:
    demo_api.change(42, status="inactive")
    changed = demo_api.assistants[0]
    assert (changed["id"], changed["status"], changed["updated_at"]) == (42, "inactive", "2026-03-01T12:00:00.000000Z")


async def test_changing_an_assistant_that_is_not_there_is_an_error(demo_api: DemoApi) -> None:
    with pytest.raises(LookupError, match="no assistant 43"):
        demo_api.change(43, status="inactive")


def test_active_names_are_in_the_order_of_the_list() -> None:
    api = DemoApi(
        [
            {"id": 1, "name": "b", "status": "active"},
            {"id": 2, "name": "-", "status": "inactive"},
            {"id": 3, "name": "a", "status": "active"},
        ]
    )
    assert api.active_names() == ["b", "a"]


def test_records_that_are_handed_in_stay_as_they_are() -> None:
    mine = [{"id": 1, "name": "Mine", "variables": {"a": "b"}}]
    api = DemoApi(mine)
    api.assistants[0]["variables"]["a"] = "changed"
    assert mine == [{"id": 1, "name": "Mine", "variables": {"a": "b"}}]


async def test_without_a_header_the_answer_is_the_documented_401(without_key: httpx.AsyncClient) -> None:
    answer = await without_key.get(OUTBOUND)
    assert (answer.status_code, answer.json()["error"]) == (401, "Missing Authorization header")
    assert answer.json()["message"]


@pytest.mark.parametrize("header", ["Bearer another-key", "Bearer", f"Basic {DEMO_KEY}", DEMO_KEY])
async def test_with_another_key_the_answer_is_the_documented_401(without_key: httpx.AsyncClient, header: str) -> None:
    answer = await without_key.get(OUTBOUND, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == {"error": "Invalid API key", "message": "The provided API key is invalid or expired"}


async def test_a_key_that_is_taken_away_is_no_longer_accepted(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.keys.clear()
    assert (await with_key.get(OUTBOUND)).status_code == 401


async def test_languages_and_voices_resolve_every_id_in_use(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    languages = {language["id"] for language in (await with_key.get("/api/user/assistants/languages")).json()}
    voices = {voice["id"]: voice for voice in (await with_key.get("/api/user/assistants/voices")).json()}
    for record in demo_api.assistants:
        assert record["language_id"] in languages
        assert voices[record["voice_id"]]["language_id"] == record["language_id"]


async def test_voices_are_filtered_by_mode_and_language(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    filters = {"mode": "multimodal", "language_id": "1"}
    voices = (await with_key.get("/api/user/assistants/voices", params=filters)).json()
    assert [voice["name"] for voice in voices] == ["Mia Live", "Ben Live"]


@pytest.mark.parametrize("field", ["mode", "language_id"])
async def test_a_filter_that_makes_no_sense_is_refused(with_key: httpx.AsyncClient, field: str) -> None:
    answer = await with_key.get("/api/user/assistants/voices", params={field: "nonsense"})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


async def test_me_is_the_owner_of_the_key(with_key: httpx.AsyncClient) -> None:
    answer = (await with_key.get("/api/user/me")).json()
    assert set(answer) == {"name", "email", "total_balance"}
    assert isinstance(answer["total_balance"], float)


@pytest.mark.parametrize("path", ["/api/user/assistants", "/api", "/", "/anything"])
async def test_any_other_path_is_a_404_with_a_message(with_key: httpx.AsyncClient, path: str) -> None:
    answer = await with_key.get(path)
    assert (answer.status_code, list(answer.json())) == (404, ["message"])


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
async def test_any_other_method_is_a_405_that_names_the_right_one(with_key: httpx.AsyncClient, method: str) -> None:
    answer = await with_key.request(method, OUTBOUND)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert method in answer.json()["message"]


async def test_a_client_that_accepts_gzip_gets_it(with_key: httpx.AsyncClient) -> None:
    async with with_key.stream("GET", OUTBOUND, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(raw))[0]["id"] == 42


async def test_a_client_that_does_not_accept_gzip_gets_none(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    answer = await with_key.get(OUTBOUND, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.json() == demo_api.assistants


async def test_thousands_of_assistants_fit_into_one_answer(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.assistants[:] = many_assistants(5000)
    assert (await with_key.get(OUTBOUND)).json() == demo_api.assistants


async def test_the_date_is_the_clocks(with_key: httpx.AsyncClient) -> None:
    assert (await with_key.get(OUTBOUND)).headers["Date"] == "Sun, 01 Mar 2026 12:00:00 GMT"


async def test_every_request_is_written_down_with_what_it_was_answered(
    demo_api: DemoApi, with_key: httpx.AsyncClient, without_key: httpx.AsyncClient
) -> None:
    await with_key.get(OUTBOUND, params={"page": "1"}, headers={"X-Test": "Yes"})
    await without_key.get("/api/user/me")
    first, second = demo_api.requests
    assert (first.method, first.path, first.query, first.status) == ("GET", OUTBOUND, {"page": "1"}, 200)
    assert first.headers["x-test"] == "Yes"
    assert (second.path, second.status) == ("/api/user/me", 401)
    assert (demo_api.count(), demo_api.count("/api/user/me"), demo_api.count("/api/nothing")) == (1, 1, 0)


async def test_a_request_that_was_never_answered_has_no_status(demo_api: DemoApi, with_key: httpx.AsyncClient) -> None:
    demo_api.next_answers(Hang())
    with pytest.raises(httpx.ReadTimeout):
        await with_key.get(OUTBOUND, timeout=0.05)
    await with_key.get(OUTBOUND)
    assert [received.status for received in demo_api.requests] == [0, 200]


class Meanwhile(ManualClock):
    """While somebody sleeps, something happens."""

    happens: Callable[[], Awaitable[object]]

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await self.happens()


async def test_requests_are_written_down_in_the_order_in_which_they_came() -> None:
    clock = Meanwhile()
    async with DemoApi(clock=clock) as api, httpx.AsyncClient(base_url=api.base_url) as client:
        clock.happens = lambda: client.get("/api/second")
        api.next_answers(Latency(1))
        await client.get(OUTBOUND)
    assert [(received.path, received.status) for received in api.requests] == [(OUTBOUND, 401), ("/api/second", 404)]


async def test_the_record_of_requests_may_be_emptied_while_one_is_underway() -> None:
    clock = Meanwhile()
    async with DemoApi(clock=clock) as api, httpx.AsyncClient(base_url=api.base_url) as client:

        async def empty() -> None:
            api.requests.clear()

        clock.happens = empty
        api.next_answers(Latency(1))
        assert (await client.get(OUTBOUND)).status_code == 401
    assert api.requests == []


async def test_in_the_long_run_the_oldest_requests_are_forgotten(
    demo_api: DemoApi, with_key: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.demo.api._REQUESTS_KEPT", 2)
    for path in ("/api/1", "/api/2", "/api/3"):
        await with_key.get(path)
    assert [received.path for received in demo_api.requests] == ["/api/2", "/api/3"]
