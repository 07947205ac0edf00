"""`famulor-mcp doctor`: a line for each check, with its cure and without a secret."""

import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mcp_server.doctor import report
from mcp_server.streamable_http import Serving
from shared.demo import DEMO_KEY, DemoApi
from tests.mcp_server.access.conftest import Issuer
from tests.mcp_server.conftest import Start

CANARY = "canary-4711"
Examine = Callable[..., Awaitable[tuple[int, list[str]]]]


def http(host: str = "127.0.0.1", port: int = 0) -> Serving:
    return Serving(host, port, "/mcp")


@pytest.fixture
def environment(demo_api: DemoApi, tmp_path: Path) -> dict[str, str]:
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'doctor.sqlite3'}",
    }


@pytest.fixture
def examine(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Examine:
    """The exit status and the lines, with these settings instead of the usual ones; None leaves one out."""

    async def run(
        serving: Serving | None = None, *, caller_keys: bool = False, **given: object
    ) -> tuple[int, list[str]]:
        monkeypatch.chdir(tmp_path)
        for name in [name for name in os.environ if name.startswith(("MCP_", "FAMULOR_"))]:
            monkeypatch.delenv(name)
        for name, value in {**environment, **given}.items():
            if value is not None:
                monkeypatch.setenv(name, str(value))
        lines: list[str] = []
        status = await report(lines.append, serving, caller_keys=caller_keys)
        assert all("\n" not in line for line in lines)
        assert not any(CANARY in line or DEMO_KEY in line for line in lines)
        return status, lines

    return run


async def test_the_program_says_that_all_is_well(start: Start, environment: dict[str, str]) -> None:
    async with start("doctor", **environment) as program:
        code, stdout, stderr = await program.end()
    assert (code, stderr) == (0, "")
    settings, way_in, famulor, store = stdout.splitlines()
    assert settings == "✓ ok      Settings: complete"
    assert way_in == "✓ ok      Way in: standard input and output, of the client that starts it"
    assert famulor.startswith("✓ ok      Famulor, account default at 127.0.0.1: the key of ")
    assert store == "✓ ok      Store: opens, is of this version, and can be written"


async def test_the_demo_needs_none(start: Start) -> None:
    async with start("--demo", "doctor") as program:
        code, _stdout, stderr = await program.end()
    assert code == 2
    assert "the demo needs no doctor" in stderr


async def test_each_thing_that_is_wrong_has_a_line_of_its_own_and_costs_no_other(
    examine: Examine, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    status, lines = await examine(FAMULOR_API_KEY=CANARY, DATABASE_URL=f"sqlite:///{folder}")
    assert status == 1
    assert [line.split(":")[0] for line in lines] == [
        "✓ ok      Settings",
        "✓ ok      Way in",
        "✗ problem Famulor, account default at 127.0.0.1",
        "✗ problem Store",
    ]
    assert "API Keys" in lines[2]


async def test_wrong_settings_are_told_first_and_alone(examine: Examine) -> None:
    status, (line, _rest) = await examine(http("0.0.0.0"))  # noqa: S104 # refused
    assert status == 2
    assert "so callers must prove who they are" in line
    status, lines = await examine(FAMULOR_API_KEY=None, LOG_LEVEL="loud")
    assert status == 2
    assert lines[0].startswith("✗ problem Settings: FAMULOR_API_KEY: is missing.")
    assert lines[1].startswith("✗ problem Settings: LOG_LEVEL: should be")
    assert lines[2:] == ["– skipped Everything else: the settings come first"]


async def test_over_http_it_looks_at_the_port_and_at_who_may_call(
    examine: Examine, tokens: Path, issuer: Issuer, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, lines = await examine(http(port=port))
        assert status == 1
        assert lines[1].startswith(
            f"✗ problem Way in: can't listen on port {port} of 127.0.0.1 (Address already in use)."
        )
        assert lines[2] == "✓ ok      Callers: whoever is on this machine"

    status, lines = await examine(http(), MCP_TOKENS_FILE=tokens)
    assert status == 0
    assert lines[2].startswith("✓ ok      Callers: tokens of ")
    status, lines = await examine(http(), MCP_TOKENS_FILE=tmp_path / "none")
    assert status == 1
    assert lines[2].startswith("✗ problem Callers: MCP_TOKENS_FILE: can't be read (No such file or directory).")

    status, lines = await examine(http(), MCP_OAUTH_ISSUER=issuer.url)
    assert status == 0
    assert lines[2] == f"✓ ok      Callers: {issuer.url} publishes {len(issuer.keys)} usable keys"
    status, lines = await examine(http(), MCP_OAUTH_ISSUER=f"{issuer.url}/none")
    assert status == 1
    assert lines[2].startswith(f"✗ problem Callers: The keys of {issuer.url}/none can't be had (")


async def test_where_callers_bring_their_keys_none_is_needed_or_tried(examine: Examine, demo_api: DemoApi) -> None:
    status, lines = await examine(http(), caller_keys=True, FAMULOR_API_KEY=None)
    assert status == 0
    assert lines[2:] == [
        "✓ ok      Callers: each brings a Famulor key",
        "– skipped Famulor: each caller brings a key, and gets nothing of what is stored",
    ]
    assert demo_api.requests == []
