"""All measurements together: which there are, how each is made, and the page that they are written into."""

import importlib
import inspect
import operator
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as bench
from bench.measuring import MEASUREMENTS, Measured, measured
from bench.page import FROM, PAGE, TO, section, written
from bench.rows import Aim, Row
from bench.surroundings import Machine

MACHINE = Machine("A|B", 2, 3.6, "Linux", "Python 3", date(2026, 3, 1), (0.1, 0.2, 0.3), (1.0, 2.0, 3.0))
TOOK = Measured("one", "One", [Row("a thing", "ms", [3, 1, 2], [4, 4, 5], Aim(0.4, "≤"))])


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_every_measurement_gives_rows_for_a_number_of_rounds(name: str) -> None:
    module = importlib.import_module(f"bench.{name}")
    first, *others = inspect.signature(module.rows).parameters.values()
    assert first.name == "rounds"
    assert all(one.default is not one.empty for one in others)
    assert callable(module.main)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_the_page_shows_what_every_measurement_found(name: str) -> None:
    part = PAGE.read_text().partition(f"`python -m bench {name}`")[2].partition("###")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")][2:]
    assert rows
    assert not [row for row in rows if "failed:" in row]


def test_what_stands_around_the_measured_part_stays() -> None:
    page = written(f"# By hand\n\n{FROM}\nold\n{TO}\n\n## Also by hand\n", [TOOK], MACHINE, 5)
    assert page.startswith(f"# By hand\n\n{FROM}\n")
    assert page.endswith(f"{TO}\n\n## Also by hand\n")
    assert "old" not in page
    assert "| a thing | 2 ms | 4 ms | 0.50 | ≤ 0.4 × | no |" in re.sub(r"\.00| +(?= )", "", page)
    assert "Load average before 0.1 0.2 0.3, after 1 2 3." in page
    assert written(page, [TOOK], MACHINE, 5) == page
    assert section(TOOK) in written("", [TOOK], MACHINE, 1)


def test_a_measurement_that_fails_is_a_row_that_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(MEASUREMENTS, "not|there", "Not there")
    assert bench.main(["not|there", "--quick", "--output", str(tmp_path / "page.md")]) == 1
    out = capsys.readouterr().out
    assert "failed: ModuleNotFoundError: No module named 'bench.not/there'" in out
    assert "failed: ModuleNotFoundError" in (tmp_path / "page.md").read_text()


def test_a_process_that_dies_is_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # Called in the process of its own, as the measurement would be: it exits at once.
    dies: Any = os._exit
    monkeypatch.setitem(MEASUREMENTS, dies, "Dying")
    monkeypatch.setattr("bench.measuring.rows", operator.call)
    assert measured(dies, 3).failure.startswith("BrokenProcessPool")


def test_a_name_that_is_none_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["everything"])
    assert "is none of fetching, querying" in capsys.readouterr().err


def test_the_machine_is_told_with_what_runs_on_it() -> None:
    said = str(Machine.here((0.0, 0.0, 0.0)))
    assert re.search(r"\d+ cores, \d+ GiB, .+; Python 3\.\d+\.\d+, SQLite 3[\d.]+, PostgreSQL \d+", said)
