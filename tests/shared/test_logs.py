"""What a program writes about itself."""

import json
import logging
from collections.abc import Iterator

import pytest

from shared.logs import configure_logging


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_log_for_people_goes_to_standard_error_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")
    configure_logging("INFO", "console")
    logging.getLogger("shared").info("ready")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("INFO     shared: ready") == 1


def test_a_log_for_machines_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logging.getLogger("shared").info("ready", extra={"account": "default"})
    line = json.loads(capsys.readouterr().err)
    assert (line["levelname"], line["name"], line["message"], line["account"]) == ("INFO", "shared", "ready", "default")


@pytest.mark.parametrize("noisy", ["httpx", "slack_bolt.RequestVerification"])
def test_what_logs_addresses_and_bodies_is_kept_quiet_at_debug(capsys: pytest.CaptureFixture[str], noisy: str) -> None:
    configure_logging("DEBUG", "console")
    logging.getLogger(noisy).info("https://hooks.example.com/secret")
    logging.getLogger("shared").debug("heard")
    assert "secret" not in (heard := capsys.readouterr().err)
    assert "heard" in heard
