"""docs/extending.md, step by step: in a copy of the tree everything that it describes is there afterwards."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.demo import demo_assistants
from tests.extending.walking import ROOT, Step, walk_throughs

PATIENCE = 300
"""Seconds; a program that hangs is ended."""


def test_whoever_follows_all_of_them_has_a_command_a_tool_an_alert_kind_and_a_language(tmp_path: Path) -> None:
    followed = walk_throughs()
    assert list(followed) == ["A command", "A tool", "An alert kind", "A language"]
    unneeded = shutil.ignore_patterns("__pycache__")
    for package in ("bot", "mcp_server", "shared", "tests/extending"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=unneeded)
    for file in ("manifest.yml", "tests/clocks.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    for steps in followed.values():
        for step in steps:
            step.done(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.extending.extended"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    came_of = json.loads(ended.stdout)
    active = sum(one["status"] == "active" for one in demo_assistants())
    counted, helped = came_of["command"]
    assert f"{active} of 12 assistants" in counted
    assert "how many there are, with the filters of a list" in helped
    assert came_of["tool"] == {"total": active, "of": 12}
    assert "belongs to somebody else" in came_of["alert"]
    assert "webhook désactivé" in came_of["language"]


@pytest.mark.parametrize(
    "step",
    [
        Step("there.py", "one line\n", "another\n"),
        Step("there.py", "twice\n", "once\n"),
        Step("there.py", "", "new\n"),
    ],
)
def test_a_step_that_no_longer_fits_the_code_fails(step: Step, tmp_path: Path) -> None:
    (tmp_path / "there.py").write_text("twice\ntwice\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"there\.py"):
        step.done(tmp_path)
