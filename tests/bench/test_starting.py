"""The measurement of starts: both programs come up and list tools."""

import sys

import pytest

from bench import starting


def test_both_programs_list_their_tools(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["starting", "--rounds", "1"])
    starting.main()
    assert "| spawn to first tools/list" in capsys.readouterr().out


def test_a_program_without_tools_is_no_start() -> None:
    with pytest.raises(RuntimeError, match="lists no tools"):
        starting.seconds(("-c", "input()"))
