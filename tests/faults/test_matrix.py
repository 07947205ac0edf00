"""docs/faults.md has a row for everything that can be broken on purpose, and `make faults` says what is held."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from bot.playground import faults as slack_faults
from shared.demo.faults import FAULTS
from tests.faults.matrix import Fault, Outcome, faults_of, verdicts

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
MATRIX = faults_of(DOCUMENT)


def names_in(area: str) -> set[str]:
    """What stands in backticks in the first column of an area."""
    return {name for fault in MATRIX if fault.area == area for name in re.findall(r"`([^`]+)`", fault.name)}


def test_every_test_that_a_row_names_is_there() -> None:
    for test in {test for fault in MATRIX for test in fault.held_by}:
        file, _colons, function = test.partition("::")
        assert re.search(rf"^(async )?def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_every_fault_that_can_be_played_has_a_row() -> None:
    assert names_in("Famulor") >= set(FAULTS)
    assert names_in("Slack") >= {kind.__name__ for kind in get_args(slack_faults.Fault)}


def test_each_row_says_what_people_see_and_what_happens_next() -> None:
    rows = [line for line in DOCUMENT.split("\n## ", 1)[1].splitlines() if re.match(r"\| (?!---|fault )", line)]
    assert len(rows) == len(MATRIX)
    assert {row.count(" | ") for row in rows} == {3}


def test_a_row_is_held_where_all_of_its_tests_ran_and_passed() -> None:
    passed, failed = Outcome("t.py::a", "passed"), Outcome("t.py::a", "failed")
    skipped, other = Outcome("t.py::b", "skipped", "no server"), Outcome("t.py::b", "passed")
    rows = [Fault("Area", "one", ("t.py::a",)), Fault("Area", "both", ("t.py::a", "t.py::b"))]

    def words(*outcomes: Outcome) -> list[str]:
        return [verdict.word for verdict in verdicts(rows, outcomes)]

    assert words(passed, other) == ["held", "held"]
    assert words(passed, skipped) == ["held", "skipped"]
    assert words(passed, failed, passed, skipped) == ["not held", "not held"]
    assert words(passed) == ["held", "not held"]
    assert verdicts(rows, [passed, skipped])[1].reason == "no server"


def test_a_row_without_a_test_is_refused() -> None:
    with pytest.raises(ValueError, match="no test holds"):
        faults_of(
            "## Area\n\n| fault | seen | next | held by |\n| --- | --- | --- | --- |\n| it rains | – | – | hope |\n"
        )


def test_the_program_runs_what_is_named_and_its_status_says_whether_all_is_held(tmp_path: Path) -> None:
    tests = {
        "held": "",
        "broken": "raise AssertionError",
        "away": "import pytest; pytest.skip('no server here')",
        "unnamed": "raise AssertionError",
    }
    (tmp_path / "test_it.py").write_text(
        "".join(f"def test_{name}(): {does or 'pass'}\n" for name, does in tests.items())
    )
    (tmp_path / "docs").mkdir()

    def run(*names: str) -> tuple[int, str]:
        rows = "".join(f"| {name} | – | – | `test_it.py::test_{name}` |\n" for name in names)
        table = f"# Title\n\n## Area\n\n| fault | seen | next | held by |\n| --- | --- | --- | --- |\n{rows}"
        (tmp_path / "docs" / "faults.md").write_text(table)
        ran = subprocess.run(  # our own program
            [sys.executable, "-m", "tests.faults", "-p", "no:xdist", "-p", "no:hypothesispytest"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout

    status, told = run("held", "away")
    assert status == 0, told
    assert re.search(r"held +held\n +away +skipped: no server here\n\n1 held, 1 skipped\n$", told)
    status, told = run("held", "broken", "missing")
    assert status == 1
    assert "test_it.py::test_broken failed" in told
    assert "test_it.py::test_missing: it did not run" in told
