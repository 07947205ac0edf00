"""What the documents name is there: files, headings, targets, options, settings, tests."""

import re
import shlex
import sqlite3
import subprocess
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.grammar import Invalid, Unknown, parse
from shared.settings import SlackSettings
from shared.settings.http import HttpSettings
from shared.settings.sources import SECRETS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
}
SETTINGS = {name.upper() for name in {**SlackSettings.model_fields, **HttpSettings.model_fields}}
STARTED = r"(?:^ *|bin/|\)/|^\S+=\S* )(famulor-(?:bot|mcp)(?: [^\n]*)?)$"
"""A program as it is typed: at the beginning, behind its folder, or behind a variable of its own."""
OF_OTHERS = {"FAMULOR_MCP_TOKEN"}
"""Variables that look like settings and are a client's own."""


def without_blocks(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """What a link may name behind #: every heading as GitHub writes it, once more with -1 where it comes again."""
    found: list[str] = []
    for heading in re.findall(r"^#+ +(.*)$", without_blocks(text), re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[`*]", r"\1", heading).strip().lower()
        slug = "".join(
            "-" if one == " " else one for one in plain if one in " -_" or unicodedata.category(one)[0] in "LNM"
        )
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return set(found)


def shell_blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_every_link_leads_somewhere() -> None:
    broken = []
    for name, text in DOCUMENTS.items():
        folder = (ROOT / name).parent
        for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(text)):
            if target.startswith(("https://", "http://")):
                continue
            file, _hash, anchor = target.partition("#")
            path = (folder / file).resolve() if file else ROOT / name
            if not path.exists():
                broken.append(f"{name}: {target}")
            elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
                broken.append(f"{name}: {target} (no such heading)")
    assert broken == []


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("# What it can't know", "what-it-cant-know"),
        ("## `a` and [b](c.md): *d*", "a-and-b-d"),
        ("## Für später – größer", "für-später--größer"),
    ],
)
def test_an_anchor_is_what_github_makes_of_a_heading(heading: str, anchor: str) -> None:
    assert anchors(f"{heading}\n{heading}\n```sh\n# none\n```\n") == {anchor, f"{anchor}-1"}


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, new = set[str](), {"README.md"}
    while new:
        reached |= new
        linked = {
            ((ROOT / name).parent / file).resolve()
            for name in new
            for file in re.findall(r"\]\(([^)#\s:]+\.md)", DOCUMENTS[name])
        }
        new = {path.relative_to(ROOT).as_posix() for path in linked} - reached
    assert reached == set(DOCUMENTS)


def test_every_make_target_is_there_and_every_one_is_explained() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    for name, text in DOCUMENTS.items():
        named = re.findall(r"(?:^|[`\s])make ([a-z]+)\b(?=[`\s]|$)", "\n".join(code(text)), re.MULTILINE)
        assert set(named) <= targets, name
    table = re.findall(r"^\| `make ([a-z]+)` \|", DOCUMENTS["CONTRIBUTING.md"], re.MULTILINE)
    assert {*table, "help", "setup", "demo"} == targets


def code(text: str) -> Iterator[str]:
    """Everything that stands in backticks or in a fenced block."""
    yield from re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`]+)`", without_blocks(text))


def test_every_program_and_option_is_there(helps: dict[str, str]) -> None:
    seen = set()
    for name, text in {**DOCUMENTS, "Makefile": f"`{MAKEFILE}`"}.items():
        for typed in re.findall(STARTED, "\n".join(code(text)), re.MULTILINE):
            words = typed.split("#")[0].split()
            command = " ".join(words[:2]) if " ".join(words[:2]) in helps else words[0]
            if words[0] == "famulor-bot" and len(words) > 1 and re.fullmatch("[a-z]+", words[1]):
                assert command in helps, f"{name}: {typed}"
            for option in re.findall(r"(?<!\S)--[a-z-]+", " ".join(words[1:])):
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", helps[command]), f"{name}: {typed}"
            seen.add(command)
    assert set(helps) <= seen | {"famulor-bot"}


def test_every_setting_that_is_named_is_one() -> None:
    ours = r"\b((?:FAMULOR|SLACK|MCP|AUDIT|WATCH|HISTORY|CACHE|LOG|DATABASE)_[A-Z_]+)\b"
    known = SETTINGS | {f"{name.upper()}_FILE" for name in SECRETS} | OF_OTHERS
    for name, text in DOCUMENTS.items():
        assert set(re.findall(ours, text)) <= known, name


def test_every_command_that_is_named_is_understood() -> None:
    now = datetime.now(UTC)
    seen = 0
    for name, text in DOCUMENTS.items():
        for typed in re.findall(r"`(/assist(?:ants|enten)[^`]*)`", text):
            command = parse(re.sub(r"^/assist(ants|enten) ?", "", typed), now)
            being_built = name == "docs/extending.md" and typed == "/assistants count active"
            assert being_built == isinstance(command, Unknown | Invalid), f"{name}: {typed}"
            seen += 1
    assert seen


def test_every_shell_block_is_shell() -> None:
    blocks = [block for text in DOCUMENTS.values() for block in shell_blocks(text)]
    script = "\n".join(f"block_{number}() {{\n{block}\n}}" for number, block in enumerate(blocks))
    said = subprocess.run(["/bin/bash", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (said.returncode, said.stderr.decode()) == (0, "")
    assert len(blocks) > 5


def test_the_backup_is_a_whole_database_also_of_what_stands_in_the_log_alone(tmp_path: Path) -> None:
    (block,) = (one for one in shell_blocks(DOCUMENTS["docs/operations.md"]) if "VACUUM INTO" in one)
    source, target = (tmp_path / name for name in ("famulor.sqlite3", "backup.sqlite3"))
    words = shlex.split(block.replace("\\\n", ""))
    assert words[-2:] == ["/var/lib/famulor-chatops/famulor.sqlite3", "/var/backups/famulor-chatops.sqlite3"]
    with sqlite3.connect(source) as open_one:
        open_one.execute("PRAGMA journal_mode = WAL")
        open_one.execute("CREATE TABLE kept (text)")
        open_one.execute("INSERT INTO kept VALUES ('still here')")
        open_one.commit()
        subprocess.run([*words[:-2], str(source), str(target)], check=True)  # noqa: S603 # it is our own document
    open_one.close()
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT text FROM kept").fetchall() == [("still here",)]
    copy.close()


def test_every_test_that_stands_against_a_threat_is_there() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| (`tests/.+) \|$", DOCUMENTS["docs/security.md"], re.MULTILINE)
    named = [test for row in rows for test in re.findall(r"`(tests/[^`]+)`", row)]
    assert len(rows) == DOCUMENTS["docs/security.md"].split("## Threats")[1].count("\n|") - 2, "each threat has one"
    for test in named:
        file, _colons, function = test.partition("::")
        assert re.search(rf"^(async )?def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_every_file_that_is_named_is_there() -> None:
    place = r"`((?:bot|mcp_server|shared|tests|docs|deploy|bench|bundle|checks)/[\w./-]*)`"
    will_be = {"bot/catalogues/fr/"}
    for name, text in DOCUMENTS.items():
        named = set(re.findall(place, without_blocks(text))) - will_be
        named |= {f"bench/{module}.py" for module in re.findall(r"`(?:python -m )?bench\.(\w+)", text)}
        assert [path for path in named if not (ROOT / path).exists()] == [], name


def test_every_package_of_the_core_and_the_doors_is_in_the_architecture() -> None:
    text = DOCUMENTS["docs/architecture.md"]
    for package in ("bot", "mcp_server", "shared"):
        for path in (ROOT / package).iterdir():
            if path.is_dir() and path.name != "__pycache__" and [*path.glob("*.py")]:
                assert f"`{package}/{path.name}/`" in text, path
    # Two pages, at sixty lines each.
    assert len(text.splitlines()) <= 130


def test_the_changelog_tells_of_the_version_that_pyproject_names() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in DOCUMENTS["CHANGELOG.md"]


def test_every_package_is_held_to_a_hash_and_to_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    packages = re.split(r"\n(?=[A-Za-z0-9])", lock.split("\n", 2)[2])
    assert all("--hash=sha256:" in package for package in packages)
