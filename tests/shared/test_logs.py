"""What a program writes about itself."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from shared.logs import bound, configure_logging, new_request


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.NOTSET)


def log_failure(words: str, error: Exception) -> None:
    secret = "canary".upper()
    try:
        raise error if secret else AssertionError
    except type(error):
        logging.getLogger("shared").exception(words)


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_log_for_people_goes_to_standard_error_once_and_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")
    configure_logging("INFO", "console")
    with bound(account="agency", user=""):
        logging.getLogger("shared").info("ready for %s", "all")
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert "[info     ] ready for all" in line
    assert "[shared] account=agency" in line
    assert "user" not in line
    assert "\x1b" not in line


@pytest.mark.parametrize("refused", [False, True])
def test_a_terminal_gets_colours_unless_they_are_refused(monkeypatch: pytest.MonkeyPatch, *, refused: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("NO_COLOR", "1" if refused else "")
    configure_logging("INFO", "console")
    logging.getLogger("shared").warning("look")
    assert ("\x1b[" in terminal.getvalue()) is not refused


def test_a_log_for_machines_has_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    with bound(account="übrig"):
        logging.getLogger("shared").info("ready")
        log_failure("no good", ValueError("it broke"))
    ready, failed = objects(capsys)
    assert ready.pop("timestamp").endswith("Z")
    assert ready == {"event": "ready", "level": "info", "logger": "shared", "account": "übrig"}
    assert failed["level"] == "error"
    assert failed["exception"].splitlines()[-1] == "ValueError: it broke"


async def test_every_line_says_what_it_belongs_to_also_in_tasks_that_were_started(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")
    log = logging.getLogger("anybody")

    async def poll(account: str) -> None:
        with bound(account=account):
            log.info("begun")
            await asyncio.sleep(0)
            await asyncio.to_thread(log.info, "done")

    with bound(request="r1", user="U1"):
        with bound(user="U2"):
            await asyncio.gather(poll("a"), poll("b"))
        log.info("after")
    log.info("outside")
    lines = objects(capsys)
    assert {(one["account"], one["request"], one["user"]) for one in lines[:4]} == {
        ("a", "r1", "U2"),
        ("b", "r1", "U2"),
    }
    assert ("account" in lines[4], lines[4]["user"]) == (False, "U1")
    assert "request" not in lines[5]
    assert new_request() != new_request()


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_came_from_elsewhere_can_neither_steer_a_terminal_nor_make_up_a_line(
    capsys: pytest.CaptureFixture[str], form: Any
) -> None:
    configure_logging("INFO", form)
    hostile = "name\n2026-01-01 [info] fake\r\x1b[2J\x9b31m\u2028"
    with bound(user=hostile):
        logging.getLogger("shared").warning("%s", hostile)
        log_failure("failed", RuntimeError(hostile))
    said = capsys.readouterr().err
    assert not set("\r\x1b\x9b\u2028") & set(said)
    beginnings = [line for line in said.splitlines() if not line.startswith("  ")]
    assert len(beginnings) == 2
    assert all("shared" in line for line in beginnings)


def test_no_value_of_a_variable_stands_in_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")
    log_failure("failed", RuntimeError("refused"))
    said = capsys.readouterr().err
    assert "RuntimeError: refused" in said
    assert "canary" not in said.casefold()


@pytest.mark.parametrize("noisy", ["httpx", "slack_bolt.RequestVerification"])
def test_what_logs_addresses_and_bodies_is_kept_quiet_at_debug(capsys: pytest.CaptureFixture[str], noisy: str) -> None:
    configure_logging("DEBUG", "console")
    logging.getLogger(noisy).info("https://hooks.example.com/secret")
    logging.getLogger("shared").debug("heard")
    assert "secret" not in (heard := capsys.readouterr().err)
    assert "heard" in heard
