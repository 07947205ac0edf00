"""The measurement of questions: ours and the floor find the same."""

import sys

import pytest

from bench import querying
from shared.demo import many_assistants
from shared.famulor import wire
from shared.models import Names
from shared.query import run


@pytest.mark.parametrize("question", querying.QUESTIONS, ids=lambda question: question.words)
def test_the_floor_finds_what_the_question_finds(question: querying.Question) -> None:
    assistants, _rejected = wire.assistants(many_assistants(60), "default")
    found = question.floor(assistants)
    page = run(question.query, assistants, {"default": Names()})
    assert page.total == len(found)
    assert set(map(id, page.assistants)) <= set(map(id, found))


def test_every_question_is_asked_in_every_round() -> None:
    rows = querying.rows(rounds=2, assistants=30)
    assert len(rows) == len(querying.QUESTIONS)
    assert all(len(row.ours) == len(row.floor) == 2 for row in rows)


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["querying", "--assistants", "200", "--rounds", "1"])
    querying.main()
    assert "first page of 200" in capsys.readouterr().out
