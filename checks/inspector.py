"""The MCP Inspector in its command-line mode, strict: what it is asked, and what it must find."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from checks.check import Check, Judge, succeeds

ERAS = ("legacy", "modern")
TOOLS = {
    "list_outbound_assistants",
    "get_outbound_assistant",
    "audit_outbound_assistants",
    "list_outbound_assistant_changes",
}


def checks(about: str, target: Sequence[str]) -> Iterator[Check]:
    """All that is looked at, in both eras, at a server that `target` starts or names."""
    for era in ERAS:
        for name, arguments, judge in _looks():
            yield Check(
                about=f"Inspector, {about}, {era}",
                name=name,
                script="mcp-inspector",
                arguments=("--cli", *target, "--protocol-era", era, "--format", "json", *arguments),
                judge=judge,
            )


def refusals(about: str, target: Sequence[str]) -> Iterator[Check]:
    """The same server must not answer who has no token, or a wrong one."""
    for name, header in (("no token", ()), ("wrong token", ("--header", "Authorization: Bearer wrong"))):
        yield Check(
            about=f"Inspector, {about}",
            name=f"{name}: refused",
            script="mcp-inspector",
            arguments=("--cli", *target, *header, "--stored-auth-only", "--method", "tools/list"),
            judge=lambda code, _out: "" if code else "it was answered",
        )


def _looks() -> Iterator[tuple[str, tuple[str, ...], Judge]]:
    yield "tools/list --strict", ("--method", "tools/list", "--strict"), _offers_the_tools
    yield "tools/call list", _call("list_outbound_assistants", status="active", webhook="missing"), _found("118")
    yield "tools/call get", _call("get_outbound_assistant", assistant="Zahnarzt"), _found("Zahnarzt-Terminerinnerung")
    yield "tools/call audit", _call("audit_outbound_assistants", rule="timezone-*"), _says("America/Boston")
    yield "tools/call refused", _call("list_outbound_assistants", state="active"), _says("no argument", code=5)
    yield "tools/list --app-info", ("--method", "tools/list", "--app-info", "--advertise-apps"), _says('"hasApp":true')
    for listing in ("resources/list", "resources/templates/list", "prompts/list"):
        yield listing, ("--method", listing), succeeds
    yield "resources/read", ("--method", "resources/read", "--uri", "famulor://assistants/outbound/57"), _says("Mia")
    yield (
        "prompts/get",
        ("--method", "prompts/get", "--prompt-name", "review_assistant", "--prompt-args", "assistant=57"),
        _says("Mia"),
    )


def _call(tool: str, **arguments: str) -> tuple[str, ...]:
    return ("--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments))


def _result(out: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(out)
    result: dict[str, Any] = answer["result"]
    return result


def _offers_the_tools(code: int, out: str) -> str:
    if code:
        return f"exit code {code}"
    offered = {tool["name"] for tool in _result(out)["tools"]}
    return "" if offered == TOOLS else f"offers {', '.join(sorted(offered))}"


def _found(text: str) -> Judge:
    def judge(code: int, out: str) -> str:
        if code:
            return f"exit code {code}"
        answer = json.dumps(_result(out)["structuredContent"], ensure_ascii=False)
        return "" if text in answer else f"{text} is not in the answer"

    return judge


def _says(words: str, code: int = 0) -> Judge:
    def judge(ended: int, out: str) -> str:
        if ended != code:
            return f"exit code {ended}"
        return "" if words in out else f"“{words}” is not in the answer"

    return judge
