"""The measurement of polls measures polls: every account once a round, one in a hundred assistants changed."""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise

import httpx
import pytest

from bench import polling, upstream
from bench.polling import report_claims
from bench.rounds import Round, report


@pytest.fixture
def address() -> Iterator[str]:
    with upstream.serving(10) as address:
        yield address


async def test_one_assistant_differs_between_every_second_pair_of_answers_to_an_account(address: str) -> None:
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": "Bearer a"}) as http:
        answers = [(await http.get(upstream.PATH)).json() for _ in range(9)]
    differing = [
        sum(one != other for one, other in zip(before, after, strict=True)) for before, after in pairwise(answers)
    ]
    assert sorted(differing) == [0, 0, 0, 0, 1, 1, 1, 1]
    assert {len(one["system_prompt"]) > 1_000 for one in answers[0]} == {True}


def test_what_is_served_is_json_of_so_many_assistants() -> None:
    one, other = upstream.answers(50)
    assert len(json.loads(one)) == len(json.loads(other)) == 50


def test_every_way_polls_every_account_in_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "ACCOUNTS", 3)
    rows = polling.rows(2)
    assert [row.what.rpartition(" ")[2] for row in rows] == ["SQLite", "PostgreSQL"]
    assert all(len(row.ours) == len(row.floor) == 2 and row.ratio for row in rows)


async def test_looks_for_what_is_due_are_measured_with_so_many_accounts() -> None:
    taken = await polling.claims([10, 40], rounds=2)
    assert {name: {count: len(seconds) for count, seconds in by.items()} for name, by in taken.items()} == {
        "SQLite": {10: 2, 40: 2},
        "PostgreSQL": {10: 2, 40: 2},
    }


def test_the_report_shows_medians() -> None:
    rounds = [Round(seconds=2, computed=1), Round(seconds=4, computed=1), Round(seconds=40, computed=1)]
    assert cells(report({"a way": rounds}, 100, "accounts")) == ["a way", "25", "40.0", "10.0"]
    assert cells(report_claims({"A": {1_000: [0.001, 0.002, 9.0]}})) == ["1,000", "2.0"]


def cells(table: str) -> list[str]:
    """Of the first row under the head."""
    return [cell.strip() for cell in table.splitlines()[2].strip("|").split("|")]


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["polling", "--accounts", "2", "--assistants", "2", "--rounds", "1", "--claims", "5"]
    )
    polling.main()
    out = capsys.readouterr().out
    assert "| watched, on PostgreSQL" in out
    assert "| 5 " in out
