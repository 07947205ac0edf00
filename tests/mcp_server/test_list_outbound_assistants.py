"""`list_outbound_assistants`: which assistants, in which order, how fresh, and how pages hang together."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.demo import DemoApi, many_assistants
from shared.demo.faults import BadRecords, TooManyRequests
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent


async def test_without_arguments_all_are_listed_by_name(agent: Agent, demo_api: DemoApi) -> None:
    answer = await agent.call()
    names = [row["name"] for row in answer["assistants"]]
    assert names == sorted((record["name"] for record in demo_api.assistants), key=str.casefold)
    assert (answer["total"], answer["of"]) == (12, 12)


async def test_a_row_says_what_one_chooses_by(agent: Agent) -> None:
    assert (await agent.call(search="SOLAR-erst", status="active", fields="", response_format="concise"))[
        "assistants"
    ] == [
        {
            "id": 57,
            "name": "Solar-Erstberatung",
            "status": "active",
            "mode": "multimodal",
            "language": "de",
            "timezone": "Europe/Berlin",
            "webhook": "on",
            "updated": "2026-02-03",
            "snippet": "Solar-Erstberatung",
        }
    ]


async def test_what_is_empty_is_left_out(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": 1, "name": "Bare", "mode": "pipeline", "status": "active"}]
    answer = await agent.call(response_format="detailed")
    assert list(answer) == ["note", "total", "of", "assistants", "fetched_at", "stale"]
    assert answer["assistants"] == [
        {"id": 1, "name": "Bare", "type": "outbound", "status": "active", "mode": "pipeline", "webhook": "missing"}
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"status": "inactive"}, {140, 312}),
        ({"status": "!active"}, {140, 312, 305}),
        ({"status": "INACTIVE,processing"}, {140, 312, 305}),
        ({"mode": "dualplex"}, {101, 163, 305}),
        ({"language": "fr"}, set()),
        ({"language": "de", "status": "inactive"}, {312}),
        ({"timezone": "america/boston"}, {204}),
        ({"webhook": "off"}, {101}),
        ({"search": "probefahrt", "status": "active"}, {101}),
        ({"search": "SOLAR-erst"}, {57, 312}),
        ({"updated_since": "2026-02-16T13:20:05Z,!2026-02-16T13:20:06Z"}, {163}),
        ({"updated_since": "2026-02-16,!2026-02-16T14:20:06+01:00"}, {163}),
        ({"webhook": "off,missing", "status": "active"}, {101, 118}),
        ({"webhook": "!on", "status": "active"}, {101, 118}),
        ({"timezone": "!Europe/Berlin,!Europe/London"}, {42, 63, 163, 204}),
        ({"language": "German,!de"}, set()),
        ({"search": "probefahrt,SOLAR-erst", "status": "active"}, {57, 101}),
        ({"account": "default", "status": "inactive"}, {140, 312}),
        ({"account": "*", "status": "inactive"}, {140, 312}),
    ],
)
async def test_a_filter_lets_through_what_it_names(agent: Agent, arguments: dict[str, str], expected: set[int]) -> None:
    answer = await agent.call(**arguments)
    assert {row["id"] for row in answer["assistants"]} == expected
    assert (answer["total"], answer["of"]) == (len(expected), 12)


async def test_times_may_be_told_from_now(agent: Agent, demo_api: DemoApi, clock: ManualClock) -> None:
    demo_api.change(42, name="Just changed")
    clock.advance(60 * 60)
    assert await agent.names(updated_since="1h") == ["Just changed"]
    assert await agent.names(updated_since="90m") == ["Just changed"]
    assert await agent.names(updated_since="59m") == []
    assert len(await agent.names(updated_since="!1D")) == 11


async def test_the_order_is_the_asked_one(agent: Agent) -> None:
    answer = await agent.call(sort="-updated", limit=3)
    updated = [row["updated"] for row in answer["assistants"]]
    assert updated == sorted(updated, reverse=True)
    ids = [row["id"] for row in (await agent.call(sort="id"))["assistants"]]
    assert ids == sorted(ids)


async def pages(agent: Agent, **arguments: Any) -> AsyncIterator[dict[str, Any]]:
    """Every page, the first first."""
    cursor = ""
    while True:
        page = await agent.call(cursor=cursor, **arguments)
        yield page
        cursor = page.get("next_cursor", "")
        if not cursor:
            return


async def test_paging_visits_each_assistant_once_while_the_list_changes(
    agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.assistants[:] = many_assistants(40, prompt_bytes=100)
    stay = {record["id"] for record in demo_api.assistants if record["id"] % 5}
    seen = []
    async for page in pages(agent, limit=7):
        seen += [row["id"] for row in page["assistants"]]
        clock.advance(31)  # the next page is of fresh data
        leaving = next((record for record in demo_api.assistants if record["id"] not in stay), None)
        if leaving is not None:
            demo_api.assistants.remove(leaving)
        demo_api.assistants.insert(0, {**many_assistants(1)[0], "id": len(seen) + 5000, "name": f"New {len(seen)}"})
    assert len(seen) == len(set(seen))
    assert stay <= set(seen)
    assert demo_api.count() > 5


async def test_a_time_told_from_now_means_the_same_on_every_page(
    agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    for record in demo_api.assistants:
        demo_api.change(record["id"])
    seen = []
    async for page in pages(agent, limit=5, updated_since="10m"):
        seen += page["assistants"]
        clock.advance(400)
    assert len(seen) == 12


async def test_a_cursor_of_another_question_is_refused(agent: Agent) -> None:
    cursor = (await agent.call(limit=2))["next_cursor"]
    error = await agent.refused(limit=2, cursor=cursor, status="active")
    assert error["kind"] == "CursorInvalid"
    assert "without a cursor" in error["message"]


@pytest.mark.parametrize("cursor", ["nonsense", "1772366400", "1772366400.nonsense", "9" * 30 + ".x", ".", "²."])
async def test_a_cursor_that_nobody_gave_out_is_refused(agent: Agent, cursor: str) -> None:
    assert (await agent.refused(cursor=cursor))["kind"] == "CursorInvalid"


async def test_a_search_shows_where_it_found(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt=f"{'x' * 100}\nGreet the\u200b Straßenbauer kindly.\n{'y' * 100}")
    (row,) = (await agent.call(search="STRASSENBAUER"))["assistants"]
    assert row["snippet"] == "…Greet the Straßenbauer kindly.…"
    assert "system_prompt" not in row
    (row,) = (await agent.call(search="Sales Foll"))["assistants"]
    assert row["snippet"] == "Sales Follow-up"
    assert all("snippet" not in row for row in (await agent.call(search="!solar"))["assistants"])


async def test_records_that_can_not_be_read_are_told_beside_the_others(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.always(BadRecords())
    answer = await agent.call()
    assert answer["of"] == len(answer["assistants"]) > 0
    assert answer["rejected_total"] == len(answer["rejected"]) > 0
    assert all(record["position"] > 0 and record["reason"] for record in answer["rejected"])


async def test_at_most_twenty_unreadable_records_are_told(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": number, "name": None} for number in range(1, 31)]
    answer = await agent.call()
    assert answer["assistants"] == []
    assert (len(answer["rejected"]), answer["rejected_total"]) == (20, 30)


async def test_old_data_is_marked_with_the_reason(agent: Agent, demo_api: DemoApi, clock: ManualClock) -> None:
    fresh = await agent.call()
    demo_api.always(TooManyRequests(retry_after=600))
    clock.advance(31)
    stale = await agent.call()
    assert stale["stale"] is True
    assert "rate limit" in stale["stale_reason"]
    assert "Try again in 600 s" in stale["stale_reason"]
    assert stale["fetched_at"] == fresh["fetched_at"]
    assert stale["assistants"] == fresh["assistants"]


async def test_a_name_without_end_is_cut(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, name="n" * 100_000)
    (name,) = await agent.names(search="nnn")
    assert len(name) == 300
    assert name.endswith("n…")
