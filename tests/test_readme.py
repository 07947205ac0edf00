"""Both READMEs say what is true, and the same."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from bot.__main__ import main as famulor_bot
from bot.grammar import Invalid, Unknown, parse
from bot.words import GROUPS as GROUP_WORDS
from bot.words import VERBS
from mcp_server.__main__ import main as famulor_mcp
from mcp_server.server import build
from shared.diff import GROUPS
from shared.models import Kind
from shared.settings import SlackSettings
from shared.settings.http import HttpSettings
from shared.settings.sources import SECRETS

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
GERMAN = (ROOT / "README.de.md").read_text(encoding="utf-8")

HEADINGS = {
    "# Famulor chat-ops": "# Famulor chat-ops",
    "## Into my Slack": "## In mein Slack",
    "## Into my agent": "## In meinen Agenten",
    "## Commands": "## Befehle",
    "## In a terminal": "## Im Terminal",
    "## Tools": "## Werkzeuge",
    "## Settings": "## Einstellungen",
    "## What is promised": "## Was versprochen ist",
    "### Alerts": "### Meldungen",
    "### And what isn't": "### Und was nicht",
    "## When it doesn't work": "## Wenn es nicht geht",
    "## Further reading": "## Weiterlesen",
}

BOTH = pytest.mark.parametrize("readme", [ENGLISH, GERMAN], ids=["english", "german"])


def section(readme: str, heading: str) -> str:
    """What stands under a heading, which is named in English."""
    title = f"## {heading}"
    return re.split(r"\n## ", readme.split(f"{title if readme is ENGLISH else HEADINGS[title]}\n", 1)[1], maxsplit=1)[0]


def tables(readme: str, heading: str) -> list[list[list[str]]]:
    """The tables under a heading: rows of cells, without the head and without backticks."""
    found = re.findall(r"(?:^\|.*\n?)+", section(readme, heading), re.MULTILINE)
    return [
        [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in one.splitlines()[2:]]
        for one in found
    ]


def headings(readme: str) -> list[str]:
    return re.findall(r"^#+ .*", re.sub(r"```.*?```", "", readme, flags=re.DOTALL), re.MULTILINE)


def shape(readme: str) -> list[tuple[str, int, int]]:
    """Each heading's level, with how many items and how many rows of tables stand under it."""
    parts = re.split(r"^(#+) .*\n", readme, flags=re.MULTILINE)[1:]
    return [
        (level, len(re.findall(r"^(?:- |\d+\. )", text, re.MULTILINE)), len(re.findall(r"^\|", text, re.MULTILINE)))
        for level, text in zip(parts[::2], parts[1::2], strict=True)
    ]


def test_the_german_one_says_the_same_in_the_same_order() -> None:
    assert headings(ENGLISH) == list(HEADINGS)
    assert headings(GERMAN) == list(HEADINGS.values())
    assert shape(GERMAN) == shape(ENGLISH)
    files = [set(re.findall(r"\]\(((?!README)[^)#]+)", readme)) for readme in (ENGLISH, GERMAN)]
    assert files[0] == files[1]


def test_what_is_typed_and_what_is_named_is_the_same_in_both() -> None:
    for heading, columns in (("Commands", 2), ("In a terminal", 1), ("Tools", 1), ("Settings", 2)):
        of_both = [
            [[row[:columns] for row in table] for table in tables(readme, heading)] for readme in (ENGLISH, GERMAN)
        ]
        assert of_both[0] == of_both[1]
    blocks = [
        [re.sub(r" +#.*", "", block) for block in re.findall(r"```.*?```", readme, re.DOTALL)]
        for readme in (ENGLISH, GERMAN)
    ]
    assert blocks[0] == blocks[1]


def test_every_setting_stands_there_with_its_default() -> None:
    # What has no default, or none that a person would write, stands without one.
    (table,) = tables(ENGLISH, "Settings")
    assert {row[0]: row[1] for row in table} == {
        name.upper(): str(field.default) if isinstance(field.default, str | int | float) else ""
        for name, field in {**SlackSettings.model_fields, **HttpSettings.model_fields}.items()
    }
    assert len(table) == len({row[0] for row in table})


@BOTH
def test_every_secret_that_may_come_from_a_file_is_named(readme: str) -> None:
    before_the_table = section(readme, "Settings").split("\n|", 1)[0]
    assert set(re.findall(r"`([A-Z_]+)`", before_the_table)) == {name.upper() for name in SECRETS}


def test_the_example_environment_names_real_settings_alone() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#? ?([A-Z_]+)=", example, flags=re.MULTILINE)
    assert set(named) <= {name.upper() for name in SlackSettings.model_fields}
    assert "FAMULOR_API_KEY" in named


def test_every_verb_stands_there_in_both_languages_and_both_mean_the_same() -> None:
    now = datetime.now(UTC)
    rows = tables(ENGLISH, "Commands")[0]
    typed = [(row[0].removeprefix("/assistants").strip(), row[1].removeprefix("…").strip()) for row in rows]
    for english, german in typed:
        # Reasons, and what is looked for, are in the language of who types them.
        said, said_in_german = (parse(re.sub('["„][^"“]*["“]', '"words"', text), now) for text in (english, german))
        assert not isinstance(said, Unknown | Invalid), english
        assert said_in_german == said, german
    first = [
        {cell.removeprefix("/assistants ").partition(" ")[0] for cell in cells} for cells in zip(*typed, strict=True)
    ]
    assert {usage.word.english for usage in VERBS.values()} <= first[0]
    assert {usage.word.german for usage in VERBS.values()} <= first[1]


def test_what_a_channel_can_hear_of_is_every_kind_of_change() -> None:
    table = tables(ENGLISH, "Commands")[1]
    assert table == [
        [
            GROUP_WORDS[name].english,
            GROUP_WORDS[name].german,
            ", ".join(kind for kind in Kind if kind in kinds),
        ]
        for name, kinds in GROUPS.items()
    ]


def test_the_programs_are_those_that_their_help_names(capsys: pytest.CaptureFixture[str]) -> None:
    offered = []
    for name, program in (("famulor-bot", famulor_bot), ("famulor-mcp", famulor_mcp)):
        with pytest.raises(SystemExit):
            program(["--help"])
        offered += [
            f"{name} {found}" for found in re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE)
        ]
    (table,) = tables(ENGLISH, "In a terminal")
    assert sorted(row[0] for row in table) == sorted([*offered, "famulor-mcp"])


async def test_the_tools_are_those_that_the_server_offers() -> None:
    (table,) = tables(ENGLISH, "Tools")
    assert [row[0] for row in table] == [
        tool.name for tool in await build(open_nothing, open_store=open_nothing).list_tools()
    ]


def open_nothing() -> NoReturn:
    raise AssertionError("listing the tools asks nobody")
