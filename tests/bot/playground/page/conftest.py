from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.playground import LocalSlack
from tests.bot.playground.page.looking import Browser


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    path = Path(__file__).parents[4] / "manifest.yml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def ada(http: aiohttp.ClientSession, slack: LocalSlack) -> Browser:
    return Browser(http, slack)


@pytest.fixture
def ben(http: aiohttp.ClientSession, slack: LocalSlack) -> Browser:
    return Browser(http, slack, "ben")
