"""The measurement of deliveries delivers: every channel is told once a round."""

import sys

import pytest

from bench import delivery


async def test_every_way_tells_every_channel_in_every_round() -> None:
    taken = await delivery.measured(channels=3, rounds=2)
    assert [name.rpartition(" ")[2] for name in taken] == ["chat.postMessage", "SQLite", "PostgreSQL"]
    assert all(len(rounds) == 2 for rounds in taken.values())


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["delivery", "--channels", "2", "--rounds", "1"])
    delivery.main()
    assert "| routed and delivered, on PostgreSQL" in capsys.readouterr().out
