"""The count of tokens: every question is answered, with less than the raw answer takes."""

import sys

import pytest

from bench import tokens


def test_each_question_is_counted_beside_the_raw_answer() -> None:
    rows = tokens.rows(1, accounts=[12])
    assert [row.what for row in rows] == [f"{question.words} (12 assistants)" for question in tokens.QUESTIONS]
    raw = {tuple(row.floor) for row in rows}
    assert len(raw) == 1
    assert all(0 < row.ours[0] < row.floor[0] for row in rows)
    assert all(row.aim is None for row in rows)


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["tokens", "9"])
    tokens.main()
    assert f"| {tokens.RAW}" in capsys.readouterr().out


def test_a_question_without_an_answer_is_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tokens.Question("Who is that?", "get_outbound_assistant", {"assistant": "nobody"})
    monkeypatch.setattr(tokens, "QUESTIONS", (asked,))
    with pytest.raises(RuntimeError, match="Who is that"):
        tokens.rows(1, accounts=[3])
