"""How a list shows its assistants: concise, detailed, or with fields of the asker's choice."""

from typing import Any

import pytest

from shared.demo import DemoApi
from tests.mcp_server.conftest import Agent

CONCISE = ["id", "name", "status", "mode", "language", "timezone", "webhook", "updated"]


async def test_concise_rows_are_a_table_without_prompts(agent: Agent) -> None:
    answer = await agent.call(mode="pipeline")
    assert answer["columns"] == CONCISE
    assert all(list(row) == CONCISE for row in answer["assistants"])
    assert (await agent.call(mode="pipeline", search="greet"))["columns"] == [*CONCISE, "snippet"]


async def test_a_table_has_a_cell_also_for_what_an_assistant_does_not_have(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": 1, "name": "Bare", "mode": "pipeline", "status": "active"}]
    (row,) = (await agent.call())["assistants"]
    assert list(row.values()) == [1, "Bare", "active", "pipeline", "", "", "missing", ""]
    (row,) = (await agent.call(fields="voice_id,voice,variables"))["assistants"]
    assert row == {"id": 1, "voice_id": None, "voice": "", "variables": {}}


async def test_detailed_rows_are_what_is_shown_of_one(agent: Agent) -> None:
    answer = await agent.call(response_format="detailed")
    assert "columns" not in answer
    assert len(answer["assistants"]) == 12
    for row in answer["assistants"]:
        assert row == (await agent.call("get_outbound_assistant", assistant=row["id"]))["assistant"]
    (row,) = (await agent.call(response_format="detailed", search="Sales Foll"))["assistants"]
    assert row["snippet"] == "Sales Follow-up"


@pytest.mark.parametrize(
    ("fields", "columns"),
    [
        ("name", ["id", "name"]),
        ("id", ["id"]),
        ("voice,name,ID,name", ["id", "voice", "name"]),
        (["name", "Status"], ["id", "name", "status"]),
        ('["name", "status"]', ["id", "name", "status"]),
        (' "name" , status,', ["id", "name", "status"]),
        ("system_prompt", ["id", "system_prompt"]),
        ("", CONCISE),
        (",", CONCISE),
    ],
)
async def test_fields_are_the_columns_that_are_named_and_the_id(agent: Agent, fields: Any, columns: list[str]) -> None:
    answer = await agent.call(fields=fields)
    assert answer["columns"] == columns
    assert len(answer["assistants"]) == 12


async def test_fields_come_in_full_and_before_the_response_format(agent: Agent) -> None:
    (row, _other) = (await agent.call(status="inactive", fields="voice,updated,system_prompt"))["assistants"]
    whole = (await agent.call("get_outbound_assistant", assistant=row["id"]))["assistant"]
    assert row == {name: whole[name] for name in ("id", "voice", "updated", "system_prompt")}
    assert (await agent.call(fields="name", response_format="detailed"))["columns"] == ["id", "name"]


async def test_an_unknown_field_is_refused_with_the_names_of_those_there_are(agent: Agent) -> None:
    error = await agent.refused(fields="name,prompt")
    assert error["message"].startswith("“prompt” is no field. Valid: id, account, name, type, status, mode, ")
    assert error["message"].endswith(", extra, system_prompt.")


@pytest.mark.parametrize("text", ["Detailed", " DETAILED ", '"detailed"', ["detailed"]])
async def test_the_response_format_is_understood_in_any_writing(agent: Agent, text: Any) -> None:
    assert "columns" not in await agent.call(response_format=text, limit=1)


async def test_another_response_format_is_refused(agent: Agent) -> None:
    error = await agent.refused(response_format="verbose")
    assert error["message"] == '“response_format” can\'t be "verbose". It takes concise or detailed.'


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({"status": "aktiv"}, "No assistant has the status “aktiv”; there are: active, inactive, processing."),
        ({"status": "active,pausd"}, "No assistant has the status “pausd”; there are: active, inactive, processing."),
        ({"status": "!inactve"}, "No assistant has the status “inactve”; there are: active, inactive, processing."),
        ({"mode": "multi"}, "No assistant has the mode “multi”; there are: pipeline, multimodal, dualplex."),
        ({"language": "fr"}, "No assistant has the language “fr”; there are: de, en."),
        ({"timezone": "Berlin"}, "No assistant has the timezone “Berlin”; there are: Europe/Berlin, Europe/London, "),
    ],
)
async def test_a_value_that_no_assistant_has_is_told_with_those_that_occur(
    agent: Agent, arguments: dict[str, str], hint: str
) -> None:
    assert (await agent.call(**arguments))["hint"].startswith(hint)


async def test_there_is_no_hint_where_all_is_well(agent: Agent, demo_api: DemoApi) -> None:
    for arguments in (
        {},
        {"status": "ACTIVE", "mode": "!dualplex", "language": "German,2", "timezone": "europe/berlin"},
    ):
        assert "hint" not in await agent.call(**arguments)


async def test_without_assistants_there_is_nothing_to_hint_at(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.assistants.clear()
    answer = await agent.call(status="active")
    assert (answer["total"], answer["of"]) == (0, 0)
    assert "hint" not in answer
