"""`famulor-mcp`'s arguments, settings and exit codes."""

from importlib.metadata import version

import pytest

from tests.mcp_server.conftest import Start


async def test_it_tells_its_version(start: Start) -> None:
    async with start("--version") as program:
        assert await program.end() == (0, f"famulor-mcp {version('famulor-chatops')}\n", "")


@pytest.mark.parametrize(
    ("environment", "lines"),
    [
        ({}, ["FAMULOR_API_KEY: is missing."]),
        (
            {"FAMULOR_API_KEY": "Bearer canary", "FAMULOR_BASE_URL": "http://canary.example", "LOG_LEVEL": "loud"},
            ["FAMULOR_API_KEY: begins with “Bearer”.", "FAMULOR_BASE_URL: is plain http://", "LOG_LEVEL: should be"],
        ),
        ({"FAMULOR_ACCOUNTS": '{"agency": "canary"}'}, ["FAMULOR_ACCOUNTS: has another shape."]),
    ],
)
async def test_wrong_settings_are_one_line_each_and_no_secret(
    start: Start, environment: dict[str, str], lines: list[str]
) -> None:
    async with start(**environment) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    problems = stderr.splitlines()
    assert len(problems) == len(lines)
    for problem, line in zip(problems, lines, strict=True):
        assert problem.startswith(f"famulor-mcp: {line}")
    assert "canary" not in stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--http", "--host", "0.0.0.0"], "0.0.0.0 is not this machine alone, and there are no passwords yet"),  # noqa: S104 # refused
        (["--http", "--host", "example.com"], "take 127.0.0.1, ::1 or localhost"),
        (["--http", "--port", "70000"], "70000 is no port: 0 to 65535"),
        (["--http", "--port", "http"], "http is no port: 0 to 65535"),
        (["--serve"], "unrecognized arguments: --serve"),
    ],
)
async def test_wrong_arguments_are_refused_in_words(start: Start, arguments: list[str], words: str) -> None:
    async with start("--demo", *arguments) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    assert words in stderr
    assert "Traceback" not in stderr


async def test_logs_may_be_json(start: Start, environment: dict[str, str]) -> None:
    async with start(**{**environment, "FAMULOR_API_KEY": "rejected"}, LOG_FORMAT="json") as program:
        await program.greet()
        await program.ask("tools/call", name="list_outbound_assistants")
        code, _stdout, stderr = await program.end()
    assert code == 0
    assert stderr.startswith('{"asctime"')
    assert '"levelname": "WARNING"' in stderr
