"""Bundle, wheel, server.json and the locks, held against the code and against the formats' rules."""

import ast
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from bot.playground import LocalSlack
from bundle.build import NOT_FOR_AGENTS, ROOT, contents, write
from bundle.pins import pins
from shared.demo import DEMO_KEY, DemoApi
from shared.settings import Settings

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(asyncio.run(contents()), tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(bundle).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def manifest(unpacked: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((unpacked / "manifest.json").read_text(encoding="utf-8"))
    return read


def started(manifest: dict[str, Any], folder: Path, **user_config: str) -> StdioServerParameters:
    """What a host starts: the manifest's command, with its variables filled in.

    uv is told to take this environment as it is, in place of installing one: so no network is needed.
    """
    values = {"__dirname": str(folder), **{f"user_config.{name}": value for name, value in user_config.items()}}

    def filled_in(text: str) -> str:
        return re.sub(r"\$\{([^}]*)\}", lambda place: values[place[1]], text)

    config = manifest["server"]["mcp_config"]
    here = {"UV_PROJECT_ENVIRONMENT": sys.prefix, "UV_NO_SYNC": "1", "UV_OFFLINE": "1"}
    return StdioServerParameters(
        command=str(Path(sys.executable).with_name(config["command"])),
        args=[filled_in(argument) for argument in config["args"]],
        env={**here, **{name: filled_in(value) for name, value in config["env"].items()}},
    )


# ----------------------------------------------------------------------------------------------------- the bundle


def test_the_same_sources_make_the_same_bundle(bundle: Path, tmp_path: Path) -> None:
    again = write(asyncio.run(contents()), tmp_path)
    assert again.name == bundle.name == f"famulor-mcp-{PROJECT['version']}.mcpb"
    assert again.read_bytes() == bundle.read_bytes()


def test_the_bundle_holds_what_its_manifest_names_and_nothing_of_the_bot_or_the_demo(
    unpacked: Path, manifest: dict[str, Any]
) -> None:
    assert (unpacked / manifest["server"]["entry_point"]).is_file()
    icon = (unpacked / manifest["icon"]).read_bytes()
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(icon[16:20]) == int.from_bytes(icon[20:24]) == 512
    files = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    outside = {name for name in files if not name.startswith(("mcp_server/", "shared/"))}
    assert outside == {"manifest.json", "pyproject.toml", "LICENSE", "icon.png"}
    assert not [name for name in files if name.endswith(".pyc") or "/demo/" in name]


def test_every_file_of_the_program_is_in_the_bundle(unpacked: Path) -> None:
    for package in ("mcp_server", "shared"):
        for path in (ROOT / package).rglob("*"):
            if path.suffix not in {"", ".pyc"} and "demo" not in path.parts:
                assert (unpacked / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


async def test_the_bundles_command_starts_the_bundled_server_with_the_users_key(
    unpacked: Path, manifest: dict[str, Any]
) -> None:
    async with DemoApi() as api:
        command = started(manifest, unpacked, api_key=DEMO_KEY, base_url=api.base_url)
        async with Client(stdio_client(command)) as client:
            offered = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool("list_outbound_assistants", {"status": "active", "webhook": "missing"})
            info = client.server_info
    assert [tool["name"] for tool in manifest["tools"]] == offered
    assert all(len(tool["description"]) > 20 for tool in manifest["tools"])
    assert answer.structured_content is not None
    assert answer.structured_content["total"] == 1
    assert info is not None
    assert info.version == manifest["version"]


async def test_it_is_the_bundles_own_code_that_runs(unpacked: Path, manifest: dict[str, Any], tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(unpacked, changed)
    (changed / "mcp_server" / "__main__.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    for folder, code in ((unpacked, 0), (changed, 7)):
        command = started(manifest, folder, api_key=DEMO_KEY, base_url="https://famulor.invalid")
        process = await asyncio.create_subprocess_exec(
            command.command, *command.args, "--version", env=command.env, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == code


def test_the_key_is_asked_for_as_a_secret_and_the_address_has_the_programs_default(manifest: dict[str, Any]) -> None:
    asked = manifest["user_config"]
    assert asked["api_key"] == {**asked["api_key"], "type": "string", "sensitive": True, "required": True}
    assert asked["base_url"]["default"] == Settings.model_fields["famulor_base_url"].default
    # A place that nothing fills in reaches the program as it stands: whatever has no default must be required.
    assert all(one.get("required") or "default" in one for one in asked.values())
    environment = manifest["server"]["mcp_config"]["env"]
    assert {name.lower() for name in environment} <= set(Settings.model_fields)
    assert sorted(environment.values()) == sorted(f"${{user_config.{name}}}" for name in asked)


def imported(folder: Path) -> Iterator[str]:
    """The top-level packages that some file in the folder imports, at any depth of its code."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (name.name.partition(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def test_whatever_the_bundle_imports_is_installed_in_the_locked_version_and_nothing_of_the_bots(
    unpacked: Path,
) -> None:
    project = tomllib.loads((unpacked / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {pin.partition("==")[0] for pin in project["dependencies"]}
    assert all(f"\n{pin} \\\n" in lock for pin in project["dependencies"])
    foreign = set(imported(unpacked)) - sys.stdlib_module_names - {"mcp_server", "shared"}
    distributions = packages_distributions()
    # Who uses a server's database installs its driver as well; what is missing then says so.
    optional = {re.split(r"\W{2}", one)[0] for extra in PROJECT["optional-dependencies"].values() for one in extra}
    for package in foreign:
        assert {name.lower().replace("_", "-") for name in distributions[package]} & (pinned | optional), package
    assert not NOT_FOR_AGENTS & pinned
    assert {key: project[key] for key in ("name", "version", "license", "requires-python")} == {
        key: PROJECT[key] for key in ("name", "version", "license", "requires-python")
    }


LOCK = """\
# by make lock
direct==1.0 \\
    --hash=sha256:00
    # via project (pyproject.toml)
of-both==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:00 \\
    --hash=sha256:11
    # via
    #   direct
    #   other
deeper==3.0 \\
    --hash=sha256:00
    # via of-both
other==4.0 \\
    --hash=sha256:00
    # via project (pyproject.toml)
"""


def test_pins_are_what_is_wanted_and_what_that_needs() -> None:
    assert pins(LOCK, {"direct"}) == ("deeper==3.0", "direct==1.0", "of-both==2.0 ; sys_platform == 'win32'")
    with pytest.raises(LookupError, match="lacks absent"):
        pins(LOCK, {"direct", "absent"})


# ---------------------------------------------------------------------------------------------------- server.json
# The rules of the registry's schema of 2025-12-11 for what our file uses, and those of the official registry.


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Input(Strict):
    description: str
    placeholder: str = ""
    isRequired: bool = False  # noqa: N815 # the format's own names
    isSecret: bool = False  # noqa: N815


class Header(Strict):
    name: Annotated[str, Field(pattern=r"^[A-Za-z-]+$")]
    description: str
    value: str
    variables: dict[str, Input]


class Remote(Strict):
    type: Literal["streamable-http"]
    url: Annotated[str, Field(pattern=r"^https://[^\s]+$")]
    variables: dict[str, Input]
    headers: list[Header]


class ServerFile(Strict):
    schema_: Annotated[HttpUrl, Field(alias="$schema")]
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", min_length=3, max_length=200)]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(min_length=1, max_length=100)]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+([-+].*)?$", max_length=255)]
    remotes: list[Remote]


def test_server_json_keeps_the_registrys_rules() -> None:
    server = ServerFile.model_validate_json((ROOT / "server.json").read_bytes())
    assert str(server.schema_).endswith("/schemas/2025-12-11/server.schema.json")
    for remote in server.remotes:
        assert set(re.findall(r"\{(\w+)\}", remote.url)) == set(remote.variables)
        for header in remote.headers:
            assert set(re.findall(r"\{(\w+)\}", header.value)) == set(header.variables)
            assert all(variable.isSecret for variable in header.variables.values())


# ------------------------------------------------------------------------------------------------------- make dist


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` makes."""
    folder = tmp_path_factory.mktemp("dist")
    dist(folder)
    return folder


def dist(folder: Path) -> None:
    # The environment that these tests run in is set up already.
    make = ("make", "--silent", "--directory", str(ROOT), "--old-file", ".venv/.synced", "dist")
    given = (f"DIST={folder}", f"BIN={Path(sys.executable).parent}")
    subprocess.run([*make, *given], check=True)  # noqa: S603 # this project's own target


@pytest.fixture(scope="module")
def installed(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in an environment of its own, with nothing of ours that is not in it; the folder of its programs."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = distributions.glob("*.whl")
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)  # noqa: S603
    into = ("pip", "install", "--quiet", "--python", str(folder / "bin" / "python"))
    subprocess.run([uv, *into, "--constraints", str(ROOT / "requirements.lock"), str(wheel)], check=True)  # noqa: S603
    return folder / "bin"


def test_the_same_sources_make_the_same_distributions(distributions: Path, tmp_path: Path) -> None:
    dist(tmp_path)
    made = {path.name: path.read_bytes() for path in distributions.iterdir()}
    assert made == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    version = PROJECT["version"]
    assert {f"famulor_chatops-{version}-py3-none-any.whl", f"famulor_chatops-{version}.tar.gz"} <= made.keys()


async def test_the_wheel_alone_runs_both_programs(installed: Path, tmp_path: Path) -> None:
    async with DemoApi() as api, LocalSlack() as slack:
        environment = {
            "PATH": os.defpath,
            "FAMULOR_API_KEY": DEMO_KEY,
            "FAMULOR_BASE_URL": api.base_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'famulor.sqlite3'}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }

        async def run(program: str, argument: str) -> str:
            process = await asyncio.create_subprocess_exec(
                *(str(installed / program), argument),
                cwd=tmp_path,
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            out, _none = await process.communicate()
            assert process.returncode == 0, out.decode()
            return out.decode()

        for program in ("famulor-bot", "famulor-mcp"):
            assert await run(program, "--version") == f"{program} {PROJECT['version']}\n"
            findings = (await run(program, "doctor")).splitlines()
            assert "✓ ok      Store: opens, is of this version, and can be written" in findings
            assert not [line for line in findings if line.startswith("✗")]


# ----------------------------------------------------------------------------------------------------------- the lock


def wanted() -> Iterator[Requirement]:
    """All that pyproject.toml asks for: to build, to run, with every extra, to develop."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    for group in (
        project["build-system"]["requires"],
        PROJECT["dependencies"],
        *extras,
        *project["dependency-groups"].values(),
    ):
        yield from map(Requirement, group)


def test_the_lock_has_what_pyproject_asks_for_and_says_so() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entry = re.compile(r"^(\S+)==(\S+?)(?: ; .*)? \\\n(?:    --hash.*\n)+    # via(.*(?:\n    #   .*)*)", re.MULTILINE)
    locked = {name: (version, whence) for name, version, whence in entry.findall(lock)}
    ours = PROJECT["name"]
    asked = {canonicalize_name(one.name): one.specifier for one in wanted()}
    for name, specifier in asked.items():
        assert specifier.contains(locked[name][0], prereleases=True), f"{name}: make lock"
    # And nothing that it asked for once only.
    direct = {name for name, (_version, whence) in locked.items() if ours in whence}
    assert direct == set(asked)


# ------------------------------------------------------------------------------------------------------- versions


async def said(program: str) -> str:
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name(program)), "--version", stdout=asyncio.subprocess.PIPE
    )
    out, _none = await process.communicate()
    return out.decode()


async def test_there_is_one_version(manifest: dict[str, Any]) -> None:
    version = PROJECT["version"]
    assert json.loads((ROOT / "server.json").read_text(encoding="utf-8"))["version"] == version
    assert manifest["version"] == version
    assert re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[1] == version  # type: ignore[index] # it has a newest entry
    for program in ("famulor-bot", "famulor-mcp"):
        assert await said(program) == f"{program} {version}\n"


# ----------------------------------------------------------------------------------------------- the checks' locks


def test_the_checks_are_held_to_exact_versions_and_hashes_and_to_no_registry() -> None:
    checks = ROOT / "checks"
    lock = (checks / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert re.findall(r"^\S+==\S+", lock, re.MULTILINE)
    assert "--hash=sha256:" in lock
    wanted = json.loads((checks / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    packages = json.loads((checks / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["devDependencies"] == wanted
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
