"""`/assistants export …`: the list as a file, in the direct messages of whoever asked."""

import csv
import io
import json
from typing import Any

import pytest

from bot.exports import COLUMNS
from bot.playground import BEN, GENERAL, PERSON, File, LocalSlack, Message
from shared.demo import DemoApi, faults, many_assistants
from tests.bot.conftest import Ask, OpenBot
from tests.bot.reading import title

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


async def export(slack: LocalSlack, text: str, user: str = PERSON) -> tuple[File, Message]:
    """The file, and what was said beside it."""
    before = set(slack.workspace.files)
    interaction = await slack.type_command(f"/assistants {text}", user=user)
    beside = await interaction.reply()
    (name,) = set(slack.workspace.files) - before
    return slack.workspace.files[name], beside


def records(file: File) -> list[dict[str, str]]:
    """The rows of a CSV file as a spreadsheet reads them."""
    assert file.content is not None
    assert file.content.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def objects(file: File) -> list[dict[str, Any]]:
    """What is in a JSON file."""
    assert file.content is not None
    content: list[dict[str, Any]] = json.loads(file.content)
    return content


@pytest.mark.parametrize("text", ["export csv active", "exportiere csv aktiv", "export excel status:active"])
async def test_all_that_match_are_in_the_file_and_only_who_asked_gets_it(
    bot: object, slack: LocalSlack, demo_api: DemoApi, text: str
) -> None:
    file, beside = await export(slack, text)
    assert file.name == "outbound-assistants-2026-03-01.csv"
    assert file.shares == ("D0LOCALADA",)
    assert [row["name"] for row in records(file)] == sorted(demo_api.active_names())
    assert "9 outbound assistants as CSV · `/assistants outbound active` · fetched" in beside.as_text()
    assert slack.workspace.messages(GENERAL) == []


async def test_who_speaks_german_is_told_in_german_and_gets_the_same_columns(bot: object, slack: LocalSlack) -> None:
    file, beside = await export(slack, "exportiere csv", BEN)
    assert "12 Outbound-Assistenten als CSV · `/assistants ausgehend`" in beside.as_text()
    assert list(records(file)[0]) == list(COLUMNS)


async def test_the_csv_is_what_spreadsheets_read(bot: object, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt='Say "hi",\nthen wait; ä€😀', updated_at=None)
    file, _beside = await export(slack, "export csv id:42")
    assert file.content is not None
    lines = file.content.removeprefix(BYTE_ORDER_MARK).decode().split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[-1] == ""
    assert '"Say ""hi"",\nthen wait; ä€😀"' in lines[1]
    (row,) = records(file)
    assert row["prompt"] == 'Say "hi",\nthen wait; ä€😀'
    assert row["updated"] == ""
    assert row["id"] == "42"
    assert row["language"] == "en"
    assert row["voice"] == "Alex"
    assert row["created"] == "2025-03-11T09:24:37Z" or row["created"].startswith("2025-03-11T09:24")
    assert row["page"] == f"{demo_api.base_url}/assistants/42"
    assert json.loads(row["variables"])["product"] == "standing desks"


FORMULAS = ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "\n=1", '=cmd|"/c calc"!A1']


async def test_no_cell_is_a_formula(bot: object, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {
            "id": number,
            "name": text,
            "mode": text,
            "status": text,
            "timezone": text,
            "initial_message": text,
            "system_prompt": text,
            "webhook_url": text,
            "variables": {text: text},
        }
        for number, text in enumerate(FORMULAS, 1)
    ]
    file, _beside = await export(slack, "export csv sort:id")
    rows = records(file)
    assert [row["name"] for row in rows] == [f"'{text}" for text in FORMULAS]
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []
    exact, _beside = await export(slack, "export json sort:id")
    assert [record["name"] for record in objects(exact)] == FORMULAS


async def test_secrets_are_masked_in_either_file(bot: object, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(
        42,
        webhook_url="https://user:canary1@hooks.example.com/a?token=canary2#canary3",
        variables={"crm_token": "canary4", "city": "Berlin"},
        integration={"api_key": "canary5"},
    )
    for kind in ("csv", "json"):
        file, _beside = await export(slack, f"export {kind} id:42")
        assert file.content is not None
        assert b"canary" not in file.content
        assert "https://•••@hooks.example.com/a?token=•••#•••" in file.content.decode()
        assert b"Berlin" in file.content


async def test_json_is_an_array_that_programs_and_people_read(bot: object, slack: LocalSlack) -> None:
    file, beside = await export(slack, "export json active lang:de")
    assert file.name == "outbound-assistants-2026-03-01.json"
    (first, *_others) = objects(file)
    assert list(first) == list(COLUMNS)
    assert first["id"] == 101
    assert isinstance(first["variables"], dict)
    assert file.content is not None
    assert file.content.startswith(b'[\n  {\n    "account": "default",')
    assert "für".encode() in file.content
    assert "as JSON · `/assistants outbound active lang:de`" in beside.as_text()


async def test_prompts_are_in_the_file_of_who_may_see_them_alone(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    for kind in ("csv", "json"):
        whole, _beside = await export(slack, f"export {kind}")
        assert whole.content is not None
        assert b"# Who you are" in whole.content
        less, _beside = await export(slack, f"export {kind}", BEN)
        assert less.content is not None
        assert b"# Who you are" not in less.content
        assert b'"prompt"' not in less.content
    assert list(records((await export(slack, "export csv", BEN))[0])[0]) == [
        name for name in COLUMNS if name != "prompt"
    ]
    # A search that finds an assistant by its prompt would tell what the prompt says.
    refused = await (await slack.type_command("/assistants export csv prompt:preise", user=BEN)).reply()
    assert "Prompts sehen nur Admins" in refused.as_text()
    by_name, _beside = await export(slack, "export csv solar", BEN)
    assert {row["id"] for row in records(by_name)} == {"57", "312"}


async def test_nothing_found_is_said_instead_of_sending_an_empty_file(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("export csv status:paused")
    assert "No assistant matches, so there is no file." in answer.as_text()
    assert "There are: active, inactive, processing." in answer.as_text()
    assert slack.workspace.files == {}
    assert title(await (await slack.press(answer, "All outbound")).reply()) == "12 outbound assistants"


@pytest.mark.parametrize("kind", ["csv", "json"])
async def test_five_thousand_assistants_are_in_one_file_in_their_order(
    bot: object, slack: LocalSlack, demo_api: DemoApi, kind: str
) -> None:
    demo_api.assistants[:] = many_assistants(5_000)
    file, beside = await export(slack, f"export {kind} sort:-id")
    rows: list[dict[str, Any]] = records(file) if kind == "csv" else objects(file)
    assert [int(row["id"]) for row in rows] == sorted((one["id"] for one in demo_api.assistants), reverse=True)
    assert f"5,000 outbound assistants as {kind.upper()}" in beside.as_text()
    asked = [request for request in demo_api.requests if request.path.endswith("/outbound")]
    assert len(asked) == 1  # one snapshot, however many there are


async def test_stale_data_and_unreadable_records_are_told_beside_the_file(
    bot: object, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.assistants[0]["name"] = None
    _file, beside = await export(slack, "export csv")
    assert "1 record can't be read and is missing here." in beside.as_text()
    demo_api.always(faults.NotFound())
    _file, beside = await export(slack, "export csv")
    assert "*STALE*" in beside.as_text()


async def test_accounts_that_can_not_be_asked_are_no_file(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.always(faults.Unauthorized())
    assert "Famulor does not accept the API key" in (await ask("export csv")).as_text()
    assert slack.workspace.files == {}
