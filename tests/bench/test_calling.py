"""The measurement of calls: both servers answer every one, and an error is no answer."""

import asyncio
import sys

import pytest

from bench import calling


def test_both_servers_are_called_by_few_and_many(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["calling", "--calls", "3", "--rounds", "1"])
    calling.main()
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split("|")[1].split(", ")[-1].strip() for row in rows] == ["1 at once", "8 at once", "64 at once"]


def test_a_tool_that_is_not_there_is_no_measurement() -> None:
    http = ("--http", "--port", "0")
    with calling.serving("-m", "bench.trivial", *http) as address, pytest.raises(RuntimeError, match="no-such-tool"):
        asyncio.run(calling.measured({"no-such-tool": address}, calls=1, rounds=1))
