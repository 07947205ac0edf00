"""The bundle's files, and the file that holds them.

It is of the kind that the host installs with uv: it brings the sources and exact versions, uv brings Python and what
fits the user's machine. Bringing the dependencies too would make a bundle of 20 MB for each system, as pydantic and
cryptography are compiled. Exact versions stand without hashes, for which a pyproject.toml has no place.
"""

import json
import re
import tomllib
import zipfile
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from mcp import Client

from bundle.pins import pins
from mcp_server.server import build

ROOT = Path(__file__).parents[1]
PACKAGES = ("mcp_server", "shared")
NOT_FOR_AGENTS = frozenset({"aiohttp", "pyyaml", "slack-bolt", "slack-sdk"})
"""Dependencies of the bot and of the demo alone, which the bundle does without."""
DEMO = ROOT / "shared" / "demo"

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, the first that a zip file can tell: the same sources make the same bytes."""


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the bundle with these files into the folder; where it is."""
    path = folder / f"famulor-mcp-{_project()['version']}.mcpb"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is built
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return path


async def contents() -> dict[str, bytes]:
    """The bundle's files by their paths in it."""
    project = _project()
    manifest = json.dumps(await _manifest(project), indent=2, ensure_ascii=False)
    return {
        "manifest.json": f"{manifest}\n".encode(),
        "pyproject.toml": _pyproject(project).encode(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        "icon.png": (ROOT / "bundle" / "icon.png").read_bytes(),
        **{
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for package in PACKAGES
            for path in (ROOT / package).rglob("*")
            if path.is_file() and path.suffix != ".pyc" and not path.is_relative_to(DEMO)
        },
    }


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


async def _manifest(project: dict[str, Any]) -> dict[str, Any]:
    """The template with what pyproject.toml and the server itself know better."""
    template = json.loads((ROOT / "bundle" / "manifest.json").read_text(encoding="utf-8"))
    async with Client(build(_never, open_store=_never)) as client:
        tools = (await client.list_tools()).tools
        prompts = (await client.list_prompts()).prompts
    return {
        **template,
        "version": project["version"],
        "author": project["authors"][0],
        "license": project["license"],
        "compatibility": {"runtimes": {"python": project["requires-python"]}},
        "tools": [{"name": tool.name, "description": (tool.description or "").partition("\n")[0]} for tool in tools],
        # A prompt's text would have to stand in the manifest, and ours are made when they are asked for.
        "prompts_generated": bool(prompts),
    }


def _never() -> AbstractAsyncContextManager[Any]:
    raise AssertionError("Listing what is offered needs neither core nor store.")


def _pyproject(project: dict[str, Any]) -> str:
    """A pyproject.toml from which uv installs the server with the versions that this project is tested with."""
    wanted = {re.split(r"[\[<>=~! ;]", one, maxsplit=1)[0] for one in project["dependencies"]} - NOT_FOR_AGENTS
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return f"""\
[build-system]
requires = {json.dumps(pins(lock, {"hatchling"}))}
build-backend = "hatchling.build"

[project]
name = {json.dumps(project["name"])}
version = {json.dumps(project["version"])}
license = {json.dumps(project["license"])}
requires-python = {json.dumps(project["requires-python"])}
dependencies = {json.dumps(pins(lock, wanted), indent=4)}

[tool.hatch.build.targets.wheel]
packages = {json.dumps(PACKAGES)}
"""
