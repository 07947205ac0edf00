"""What the documents name is there: files, headings, targets, options, settings, tests; and deploy/ is sound."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main as famulor_bot
from bot.grammar import Invalid, Unknown, parse
from mcp_server.__main__ import main as famulor_mcp
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


# ---------------------------------------------------------------------------------------------------------- deploy/


class Unit(dict[str, dict[str, list[str]]]):
    """A systemd unit: section → name → its values, since names may come again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        section: dict[str, list[str]] = {}
        for line in filter(lambda one: one and not one.startswith(("#", ";")), map(str.strip, text.splitlines())):
            if line.startswith("["):
                section = self.setdefault(line.strip("[]"), {})
            else:
                name, _equals, value = line.partition("=")
                section.setdefault(name, []).append(value)


@pytest.mark.parametrize("name", ["famulor-bot", "famulor-mcp"])
def test_a_unit_starts_the_program_with_settings_that_there_are_and_secrets_from_credentials(
    name: str, helps: dict[str, str]
) -> None:
    service = Unit((DEPLOY / f"{name}.service").read_text(encoding="utf-8"))["Service"]
    (start,) = service["ExecStart"]
    program, *rest = shlex.split(start)
    assert program == f"/opt/famulor-chatops/.venv/bin/{name}"
    assert all(word in helps[name] for word in rest)
    environment = dict(one.partition("=")[::2] for one in service["Environment"])
    files = {f"{secret.upper()}_FILE" for secret in SECRETS}
    assert set(environment) <= SETTINGS | files
    handed = {one.partition(":")[0] for one in service["LoadCredential"]}
    assert {environment[variable] for variable in files & set(environment)} == {f"%d/{one}" for one in handed}
    # Their values stand in files of root's, never in the unit.
    assert not {secret.upper() for secret in SECRETS} - {"DATABASE_URL"} & set(environment)
    assert environment["DATABASE_URL"] == f"sqlite:///%S/{service['StateDirectory'][0]}/famulor.sqlite3"
    assert service["RestartPreventExitStatus"] == ["2"]
    assert service["User"] == ["famulor"]
    assert service["NoNewPrivileges"] == service["ProtectHome"] == ["yes"]
    for credential in service["LoadCredential"]:
        assert credential.partition(":")[2] in DOCUMENTS["docs/operations.md"]


ANALYZE = shutil.which("systemd-analyze") or ""


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("*.service"):
        # The program is not installed on the machine that tests it.
        text = re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    said = subprocess.run(  # noqa: S603 # it is where the system keeps it
        [ANALYZE, "verify", "--man=no", *map(str, tmp_path.iterdir())], capture_output=True, check=False
    )
    ours = [line for line in said.stderr.decode().splitlines() if line.startswith(("famulor-", str(tmp_path)))]
    assert ours == []


def instructions(text: str) -> list[tuple[str, str]]:
    """A Containerfile's instructions and what stands behind each, lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in joined]


def test_the_image_holds_the_programs_alone_and_runs_without_rights(helps: dict[str, str]) -> None:
    steps = instructions((DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    names = [name for name, _rest in steps]
    assert set(names) <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "USER", "EXPOSE", "CMD"}
    for image in (rest.split()[0] for name, rest in steps if name == "FROM"):
        assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", image)
    allowed = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for *sources, _target in (rest.split() for name, rest in steps if name == "COPY"):
        if not sources[0].startswith("--from"):
            assert [one for one in sources if not (ROOT / one).exists() or f"!{one}" not in allowed] == []
    # Nothing that is left out of the context by default comes back in, .env least of all.
    assert allowed[1] == "*"
    assert ".env" not in "".join(allowed[1:])
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in {"RUN", "COPY"})
    user = dict(steps)["USER"]
    assert user.isdecimal()
    assert int(user) > 0
    variables = dict(one.partition("=")[::2] for one in shlex.split(dict(steps)["ENV"]))
    assert set(variables) - {"PATH"} <= SETTINGS
    assert dict(steps)["CMD"] == '["famulor-bot", "run"]'
    assert "famulor-bot run" in helps
    assert any("--require-hashes" in rest for name, rest in steps if name == "RUN")
    assert any("--constraints requirements.lock" in rest for name, rest in steps if name == "RUN")


def test_the_proxy_passes_on_to_where_the_programs_listen(helps: dict[str, str]) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    passed = set(re.findall(r"location (?:= )?(\S+) \{[^}]*?proxy_pass http://127\.0\.0\.1:(\d+);", text))
    slack = str(SlackSettings.model_fields["slack_http_port"].default)
    (agents,) = re.findall(r"default: (\d+); 0", helps["famulor-mcp"])
    assert passed == {
        ("/slack/events", slack),
        ("/mcp", agents),
        ("/.well-known/oauth-protected-resource", agents),
    }
    assert "proxy_buffering off;" in text


def test_every_file_of_deploy_is_told_of() -> None:
    told = set(re.findall(r"\]\(\.\./deploy/([^)]+)\)", DOCUMENTS["docs/operations.md"]))
    beside = {"Containerfile.dockerignore"}
    assert told | beside == {path.name for path in DEPLOY.iterdir()}
