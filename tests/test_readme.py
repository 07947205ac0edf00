"""The README says what is true."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from bot.__main__ import main
from bot.grammar import Unknown, parse
from mcp_server.server import build
from shared.settings import SlackSettings
from shared.settings.http import HttpSettings
from shared.settings.sources import SECRETS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head; without backticks."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in rows]


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    # What has no default, or none that a person would write, stands without one.
    stated = {row[0]: row[1] for row in table("Settings")}
    assert stated == {
        name.upper(): str(field.default) if isinstance(field.default, str | int | float) else ""
        for name, field in {**SlackSettings.model_fields, **HttpSettings.model_fields}.items()
    }


def test_every_secret_that_may_come_from_a_file_is_named() -> None:
    before_the_table = README.split("## Settings\n", 1)[1].split("\n|", 1)[0]
    named = set(re.findall(r"`([A-Z_]+)`", before_the_table))
    assert named == {name.upper() for name in SECRETS}


def test_the_example_environment_names_real_settings_alone() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#? ?([A-Z_]+)=", example, flags=re.MULTILINE)
    assert set(named) <= {name.upper() for name in SlackSettings.model_fields}
    assert "FAMULOR_API_KEY" in named


def test_every_command_is_one_that_the_bot_understands() -> None:
    for cell in (cell for row in table("Commands") for cell in row[:2]):
        command = parse(cell.removeprefix("/assistants").removeprefix("… "), datetime.now(UTC))
        assert not isinstance(command, Unknown), cell


@pytest.mark.parametrize("name", ["run", "doctor", "manifest", "demo"])
def test_every_program_of_the_bot_is_described(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"famulor-bot {name}" in capsys.readouterr().out
    named = README + (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"famulor-bot {name}" in named


def test_every_program_of_the_bot_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    for name in set(re.findall(r"famulor-bot ([a-z]+)", README)):
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0, name


async def test_the_tools_are_those_that_the_server_offers() -> None:
    assert [row[0] for row in table("Tools")] == [
        tool.name for tool in await build(open_nothing, open_store=open_nothing).list_tools()
    ]


def open_nothing() -> NoReturn:
    raise AssertionError("listing the tools asks nobody")


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        named = re.findall(r"(?:^|`)make ([a-z]+)", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(named) <= targets


def test_every_file_that_is_named_in_the_architecture_exists() -> None:
    named = re.findall(
        r"^\| `([a-z_./]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_changelog_tells_of_the_version_that_pyproject_names() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_names_a_package_registrys_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    packages = re.split(r"\n(?=[A-Za-z0-9])", lock.split("\n", 2)[2])
    assert all("--hash=sha256:" in package for package in packages)
