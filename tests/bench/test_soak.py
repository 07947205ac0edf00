"""The soak soaks: a short one of the real programs stands, and whatever should not stand is told."""

import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.soak import verdict
from bench.soak.__main__ import soaked
from bench.soak.load import Load, Plan
from bench.soak.programs import Sample, errors, started
from bench.soak.tally import Tally
from bench.soak.world import running

SHORT = Plan(
    seconds=600,
    commands=40,
    ends=((0.5, signal.SIGTERM),),
    typing=0.05,
    calling=0.05,
    changing=0.3,
    disturbing=0.3,
)


def held(checks: Sequence[verdict.Check]) -> dict[str, bool | None]:
    return {check.what: check.held for check in checks}


async def test_a_short_soak_with_faults_and_a_restart_loses_nothing_and_says_so(
    sqlite_url: str, tmp_path: Path
) -> None:
    said: list[str] = []
    checks = await soaked(sqlite_url, SHORT, seed=7, folder=tmp_path, say=said.append)
    assert [(check.what, check.found, check.evidence) for check in checks if check.held is False] == []
    found = {check.what: check.found for check in checks}
    commands = int(found["commands without an answer"].rpartition(" ")[2])
    assert commands >= 40
    assert all(f"{program}: memory" in found for program in ("bot", "mcp_server"))
    assert "0 of 0" not in found.values()
    assert "SIGTERM" in "".join(said)


async def test_a_soak_finds_what_a_broken_product_loses(sqlite_url: str, tmp_path: Path) -> None:
    plan = replace(SHORT, commands=4, ends=(), people=1, agents=1)
    async with running(sqlite_url, plan.assistants, tmp_path) as world:
        # Nobody is there any more, and nobody says that there should be nobody.
        await world.end(world.running("bot"), signal.SIGKILL)
        await world.end(world.running("mcp_server"), signal.SIGTERM)
        load = Load(world, plan, random.Random(1))  # noqa: S311 # no secret
        await load.run()
        checks = verdict.of_work(load.tally, world.told(), 0, owed=1, kills=0)
        await world.end(world.running("bot"), signal.SIGTERM)
    assert held(checks) == {
        "commands without an answer": False,
        "tool calls without a result": False,
        "changes that were not told": False,
        "longest wait for a change": True,
        "changes told twice": True,
        "deliveries still owed": False,
    }
    assert world.exits == ["bot had ended by itself", "bot ended with -9"]
    assert held(verdict.of_programs([], world.exits))["programs that ended otherwise"] is False


def life(seconds: int, memory: float = 0.0, files: float = 0.0) -> list[Sample]:
    """A process that takes so much more with every second; the first ones are of no account."""
    return [
        Sample(at, 100 + memory * at + (-50 if at < seconds / 4 else 0), 20 + int(files * at), 5, 6)
        for at in map(float, range(seconds))
    ]


def test_what_grows_is_told_from_what_sways_and_from_what_warms_up() -> None:
    assert set(held(verdict.of_process("bot", life(300))).values()) == {True}
    growing = held(verdict.of_process("bot", life(300, memory=0.1, files=0.1)))
    assert growing == {
        "bot: memory": False,
        "bot: open files": False,
        "bot: connections": True,
        "bot: threads": True,
    }
    assert set(held(verdict.of_process("bot", life(30, memory=10))).values()) == {None}
    assert set(held(verdict.of_process("bot", [])).values()) == {None}


def test_a_change_may_be_told_twice_only_as_often_as_an_answer_was_lost_or_a_bot_killed() -> None:
    told = Counter({1: 2, 2: 1, 3: 2})
    for lost_answers, kills, allowed in ((1, 1, True), (2, 0, True), (1, 0, False)):
        tally = Tally(changed={1, 2, 3}, lost_answers=lost_answers)
        assert held(verdict.of_work(tally, told, 0, 0, kills))["changes told twice"] is allowed


def test_a_change_that_a_summary_only_counts_is_told_as_well() -> None:
    tally = Tally(changed={1, 2, 3, 4})
    for unnamed, told in ((2, True), (1, False)):
        assert held(verdict.of_work(tally, Counter({1: 1, 3: 1}), unnamed, 0, 0))["changes that were not told"] is told


def test_a_change_is_told_while_others_still_happen() -> None:
    tally = Tally(changed={1, 2}, changed_at=[-1_000.0, time.monotonic()])
    tally.look(told=2)
    tally.look(told=1)
    assert held(verdict.of_work(tally, Counter([1, 2]), 0, 0, 0))["longest wait for a change"] is True
    tally.look(told=0)
    assert held(verdict.of_work(tally, Counter([1, 2]), 0, 0, 0))["longest wait for a change"] is False


def test_errors_and_tracebacks_are_found_among_what_a_program_logs(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    fine = ['{"level": "info", "event": "Connected"}', '{"level": "warning"}', "famulor-mcp: serving at http://x/mcp"]
    bad = ['{"level": "error", "event": "No"}', '{"level": "info", "exception": "…"}', "Traceback (most recent call"]
    log.write_text("\n".join([*fine, *bad, ""]), encoding="utf-8")
    assert errors(log) == bad


async def test_a_program_that_ends_before_it_is_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    async with started("mcp_server", "--http", environment={}, folder=tmp_path) as program:
        with pytest.raises(RuntimeError, match="FAMULOR_API_KEY"):
            await program.says("serving at")
    program.look()
    assert program.samples == []
