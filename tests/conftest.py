"""What any test may ask for: an empty database, and what the programs say of themselves."""

import os
import re

import pytest
from hypothesis import settings

from bot.__main__ import main as famulor_bot
from mcp_server.__main__ import main as famulor_mcp
from tests.databases import database_url, postgresql_server, postgresql_url, sqlite_url

__all__ = ["database_url", "postgresql_server", "postgresql_url", "sqlite_url"]

# How long an example takes says something of the machine, not of our code; and what is green on one machine is green
# on the next. HYPOTHESIS_PROFILE=search looks for examples that nobody has seen yet.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture
def helps(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What each program says of itself, by its name and its command."""

    def help_of(name: str, *command: str) -> str:
        with pytest.raises(SystemExit) as caught:
            (famulor_bot if name == "famulor-bot" else famulor_mcp)([*command, "--help"])
        assert caught.value.code == 0
        return capsys.readouterr().out

    found = {name: help_of(name) for name in ("famulor-bot", "famulor-mcp")}
    for name, text in list(found.items()):
        for command in re.findall(r"^    ([a-z]+)\b", text, re.MULTILINE):
            found[f"{name} {command}"] = help_of(name, command)
    return found
