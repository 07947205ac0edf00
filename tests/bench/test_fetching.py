"""The measurement of fetching: time of both ways, and the memory of processes that do it once."""

import re
import sys

import pytest

from bench import fetching


def test_time_and_memory_are_told_of_both_ways(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["fetching", "--assistants", "20", "--rounds", "1"])
    fetching.main()
    out = capsys.readouterr().out
    assert "| 20 assistants fetched and validated" in out
    assert f"| {fetching.FLOOR}" in out
    ours, floor = map(int, re.findall(r"peak memory +\| +(\d+) MiB", out))
    # An interpreter with an HTTP client is some megabytes, and twenty assistants are hardly one.
    assert 10 < floor < 250
    assert 10 < ours < 250
