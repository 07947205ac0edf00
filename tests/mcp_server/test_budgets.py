"""What agents pay: tokens of the tools' descriptions and of every answer, in bytes of compact JSON by four."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi, many_assistants
from shared.demo.faults import FAULTS, BadRecords
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent, connected

VENDORS_ANSWER = 385_000
"""Tokens of Famulor's own answer for 500 assistants."""


def tokens(data: Any) -> float:
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) / 4


async def answered(agent: Agent, tool: str = "list_outbound_assistants", /, **arguments: Any) -> dict[str, Any]:
    """The structured part, as it is."""
    result = await agent.client.call_tool(tool, arguments)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


@pytest.fixture
def many(clock: ManualClock) -> Callable[[DemoApi], FamulorServer]:
    def served(api: DemoApi) -> FamulorServer:
        settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url)
        return build(lambda: open_core(settings, clock), clock)

    return served


@pytest.fixture
async def agent_of_500(clock: ManualClock, many: Callable[[DemoApi], FamulorServer]) -> AsyncIterator[Agent]:
    async with DemoApi(many_assistants(500), clock=clock, limited=False) as api, connected(many(api)) as agent:
        yield agent


async def test_the_tools_are_described_in_1800_tokens(agent: Agent) -> None:
    tools = (await agent.client.list_tools()).tools
    assert len(tools) == 4
    assert sum(tokens([tool.name, tool.description, tool.input_schema]) for tool in tools) <= 1_800


async def test_a_concise_row_takes_35_tokens_and_a_page_of_25_takes_1000(agent: Agent, agent_of_500: Agent) -> None:
    for one in (agent, agent_of_500):
        page = await answered(one)
        assert max(map(tokens, page["assistants"])) <= 35
        assert tokens(page) <= 1_000


async def test_who_is_active_costs_a_twentieth_of_the_vendors_answer(agent_of_500: Agent) -> None:
    spent, rows, cursor = 0.0, 0, ""
    while spent == 0 or cursor:
        page = await answered(agent_of_500, status="active", limit=100, cursor=cursor)
        spent += tokens(page)
        rows += len(page["assistants"])
        cursor = page.get("next_cursor", "")
    assert rows == page["total"] == 357
    assert spent <= VENDORS_ANSWER / 20


async def test_all_about_one_takes_200_tokens_beside_its_prompt(agent: Agent) -> None:
    for row in (await agent.call())["assistants"]:
        answer = await answered(agent, "get_outbound_assistant", assistant=row["id"])
        about = answer["assistant"]
        # What a greeting has beyond the 200 characters that Famulor advises is its user's.
        beyond = tokens(about["initial_message"][200:])
        assert tokens(answer) - tokens(about["system_prompt"]) - beyond <= 200


@pytest.mark.parametrize("tool", ["list_outbound_assistants", "get_outbound_assistant"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_error_takes_100_tokens(agent: Agent, demo_api: DemoApi, fault: type, tool: str) -> None:
    demo_api.always(fault())
    arguments = {"assistant": "42"} if tool.startswith("get") else {}
    result = await agent.client.call_tool(tool, arguments)
    if result.is_error:
        assert tokens(result.content[0].text) <= 101  # type: ignore[union-attr] # the quotes count half a token


async def test_a_page_is_cut_after_a_row_and_the_next_call_goes_on_there(agent_of_500: Agent) -> None:
    call: dict[str, Any] = {"status": "active", "limit": 100, "sort": "-updated,name", "max_tokens": 600}
    seen = []
    while call:
        answer = await answered(agent_of_500, **call)
        assert tokens(answer) <= 600
        seen += [row[0] for row in answer["assistants"]]
        if call := answer.get("next_call", {}):
            assert call["name"] == "list_outbound_assistants"
            call = call["arguments"]
            page = min(100, answer["total"] - len(seen) + len(answer["assistants"]))
            assert answer["left_out"] == f"{page - len(answer['assistants'])} of {page} rows of this page"
            assert call["cursor"] == answer["next_cursor"]
            assert {**call, "cursor": ""} == {
                "status": "active",
                "limit": 100,
                "sort": "-updated,name",
                "max_tokens": 600,
                "cursor": "",
            }
    whole: list[int] = []
    cursor = ""
    while not whole or cursor:
        page = await answered(agent_of_500, status="active", limit=100, sort="-updated,name", cursor=cursor)
        whole += [row[0] for row in page["assistants"]]
        cursor = page.get("next_cursor", "")
    assert seen == whole


@pytest.mark.parametrize("limit", [500, 700, 3_000, 8_000, 20_000])
@pytest.mark.parametrize("shown", [{}, {"response_format": "detailed"}, {"fields": "name,system_prompt"}], ids=str)
async def test_no_answer_takes_more_than_it_may(agent_of_500: Agent, limit: int, shown: dict[str, str]) -> None:
    answer = await answered(agent_of_500, **shown, limit=100, max_tokens=limit)
    assert tokens(answer) <= limit
    assert answer["assistants"]
    assert ("left_out" in answer) == ("next_call" in answer) == (len(answer["assistants"]) < 100)


async def test_unreadable_records_leave_room_for_the_others(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.always(BadRecords())
    answer = await answered(agent, max_tokens=500)
    assert tokens(answer) <= 500
    assert 0 < len(answer["rejected"]) < answer["rejected_total"]
    assert answer["assistants"]


PROMPT = "".join(f"{number:06}: 🌞 „Grüß Gott“\n" for number in range(1, 2_000))


async def test_a_long_prompt_is_read_piece_by_piece_and_nothing_is_lost(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt=PROMPT)
    call: dict[str, Any] = {"assistant": "Sales", "max_tokens": 2_000}
    read = ""
    while call:
        answer = await answered(agent, "get_outbound_assistant", **call)
        assert tokens(answer) <= 2_000
        read += answer["assistant"]["system_prompt"]
        assert answer["assistant"]["id"] == 42
        if call := answer.get("next_call", {}):
            assert answer["left_out"] == f"system_prompt: {len(PROMPT) - len(read):,} more characters"
            assert call["name"] == "get_outbound_assistant"
            call = call["arguments"]
            assert call == {"assistant": "42", "prompt_offset": len(read), "max_tokens": 2_000}
    assert read == PROMPT


async def test_a_prompt_that_goes_on_comes_with_what_tells_whether_it_has_changed(agent: Agent) -> None:
    whole = (await answered(agent, "get_outbound_assistant", assistant="42"))["assistant"]
    rest = (await answered(agent, "get_outbound_assistant", assistant="42", prompt_offset="100"))["assistant"]
    assert rest == {
        "id": 42,
        "name": "Sales Follow-up",
        "updated": whole["updated"],
        "system_prompt": whole["system_prompt"][100:],
    }


async def test_a_place_behind_the_end_of_a_prompt_is_refused(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt="short")
    error = await agent.refused("get_outbound_assistant", assistant="42", prompt_offset=5)
    assert error["message"] == "“5” is no place in this prompt. Valid: 0 to 4."
    error = await agent.refused("get_outbound_assistant", assistant="42", prompt_offset=-1)
    assert error["message"] == "“prompt_offset” can't be -1. It takes a whole number from 0."


LONG = {"note": "word " * 4_000}


async def test_other_parts_that_are_too_long_are_had_with_a_larger_budget(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, initial_message="Hi! " * 3_000, variables=LONG, custom=LONG, system_prompt=PROMPT[:9_000])
    answer = await answered(agent, "get_outbound_assistant", assistant="42", max_tokens=1_000)
    assert tokens(answer) <= 1_000
    about = answer["assistant"]
    assert about["initial_message"].startswith("Hi! Hi!")
    assert about["system_prompt"]
    assert not {"variables", "extra"} & set(about)
    assert answer["left_out"].startswith("initial_message: ")
    for words in ("variables: all of its 20,011 bytes", "extra: all of its ", "system_prompt: "):
        assert words in answer["left_out"]
    whole = await answered(agent, "get_outbound_assistant", **answer["next_call"]["arguments"])
    assert "left_out" not in whole
    assert whole["assistant"]["variables"] == LONG
    assert len(whole["assistant"]["system_prompt"]) == 9_000


async def test_what_no_budget_holds_is_told_and_the_prompt_goes_on(
    agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.change(42, variables={"note": "word " * 100_000}, system_prompt=PROMPT)
    answer = await answered(agent, "get_outbound_assistant", assistant="42")
    assert "variables: all of its 500,011 bytes" in answer["left_out"]
    assert set(answer["next_call"]["arguments"]) == {"assistant", "prompt_offset"}
    clock.advance(31)
    demo_api.change(57, variables={"note": "word " * 100_000}, system_prompt="")
    answer = await answered(agent, "get_outbound_assistant", assistant="57")
    assert "variables" in answer["left_out"]
    assert "next_call" not in answer


@pytest.mark.parametrize(
    "shown", [{"response_format": "detailed"}, {"fields": "name,system_prompt,variables"}], ids=str
)
async def test_a_row_that_has_no_room_alone_is_cut_and_can_be_had_whole(
    agent: Agent, demo_api: DemoApi, shown: dict[str, str]
) -> None:
    demo_api.change(42, system_prompt=PROMPT, variables=LONG)
    answer = await agent.call(**shown, search="Sales Foll,Solar", sort="id", max_tokens=1_000)
    assert tokens(answer) <= 1_100  # as objects; the table that came is smaller
    (row,) = answer["assistants"]
    assert PROMPT.startswith(row["system_prompt"])
    assert not row.get("variables")
    assert "2 of 3 rows of this page" in answer["left_out"]
    assert answer["next_call"] == {"name": "get_outbound_assistant", "arguments": {"assistant": "42"}}
    rest = await agent.call(**shown, search="Sales Foll,Solar", sort="id", cursor=answer["next_cursor"])
    assert [row["id"] for row in rest["assistants"]] == [57, 312]


@pytest.mark.parametrize(("sent", "meant"), [("500", 500), (100_000.0, 100_000)])
async def test_the_budget_has_its_own_bounds(agent: Agent, sent: Any, meant: int) -> None:
    assert await agent.call(max_tokens=sent) == await agent.call(max_tokens=meant)
    for wrong in (499, 100_001, "some"):
        error = await agent.refused(max_tokens=wrong)
        assert "It takes a whole number from 500 to 100000." in error["message"]
