"""The measurement of audits audits an account of different, whole prompts."""

import sys

import pytest

from bench import audits


def test_every_assistant_has_a_prompt_of_its_own_of_three_kilobytes() -> None:
    prompts = {one.system_prompt for one in audits.account(40).assistants}
    assert len(prompts) == 40
    assert all(audits.PROMPT_BYTES - 4 <= len(prompt.encode()) <= audits.PROMPT_BYTES for prompt in prompts)


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["audits", "30", "--region", "de"])
    audits.main()
    assert "| 30 " in capsys.readouterr().out
