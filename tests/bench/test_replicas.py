"""The measurement of several watches counts what each has polled, and holds it against what the upstream was asked."""

import subprocess
import sys

import pytest

from bench import replicas
from bench.replicas import Group


def test_two_watches_poll_every_account_once_a_round(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--replicas", "2", "--accounts", "5", "--assistants", "3", "--rounds", "2"]
    monkeypatch.setattr(sys, "argv", ["replicas", *arguments])
    replicas.main()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0].partition(":")[0] for row in rows] == ["2 watches on one PostgreSQL"] * 2
    assert (rows[1][1], rows[1][5]) == ("0 polls", "yes")


def test_a_watch_that_ends_ends_the_measurement() -> None:
    program = [sys.executable, "-c", "print('ready'); input(); raise SystemExit(3)"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 # as above
        group = Group.of(1, [process])
        with pytest.raises(RuntimeError, match="ended: 3"):
            group.round()
