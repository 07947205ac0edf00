"""`python -m bot.playground.limits` as people run it, and as a function."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.playground.limits.__main__ import main

GOOD = {"text": "x", "blocks": [{"type": "divider"}]}
BAD = {"text": "x", "blocks": [{"type": "hologram"}]}
LINE = "unsupported type: hologram [json-pointer:/blocks/0/type]"


def written(path: Path, content: Any) -> str:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_problems_are_printed_with_their_file_and_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = written(tmp_path / "good.json", GOOD), written(tmp_path / "bad.json", BAD)
    assert main([good]) == 0
    assert main([good, bad]) == 1
    assert capsys.readouterr().out == f"{bad}: {LINE}\n"


def test_a_file_may_hold_many_payloads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = written(tmp_path / "many.json", [GOOD, BAD])
    assert main([many]) == 1
    assert capsys.readouterr().out == f"{many}[1]: {LINE}\n"


def test_advice_is_printed_and_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(tmp_path / "a.json", {"blocks": [{"type": "divider"}]})]) == 0
    assert "advice: without a text" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["{", "[" * 100_000])
def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    broken = written(tmp_path / "broken.json", content)
    assert main([broken]) == 2
    assert main([str(tmp_path / "nowhere.json")]) == 2
    assert capsys.readouterr().err.startswith(f"{broken}: ")


def test_a_payload_may_come_by_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(BAD)))
    assert main([]) == 1
    assert capsys.readouterr().out == f"-: {LINE}\n"


def test_it_is_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.playground.limits", written(tmp_path / "bad.json", BAD)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # our own program
    assert (ended.returncode, ended.stdout.endswith(f"{LINE}\n"), ended.stderr) == (1, True, "")
