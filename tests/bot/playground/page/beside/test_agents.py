"""The panel of the agents' door: an MCP server's tools, called from the page."""

import json
from typing import Any

import aiohttp
import pytest

from bot.playground import Beside, LocalSlack
from bot.playground.page.beside import protocol
from bot.playground.page.beside.agents import EXAMPLES
from shared.demo import DemoApi, faults
from tests.bot.playground.page.beside.visiting import Seen, Visitor

TOOLS = {"list_outbound_assistants", "get_outbound_assistant", "audit_outbound_assistants"}


class TestOnAServer:
    """An MCP server that answers; it keeps no history, and so has no tool for that."""

    @pytest.fixture
    def beside(self, agents_url: str) -> Beside:
        return Beside(agents_url=agents_url)

    async def test_its_address_tools_and_answers_are_shown_with_what_they_cost(
        self, ada: Visitor, ben: Visitor, agents_url: str
    ) -> None:
        seen = await ada.look("agents")
        assert seen.by_id["agents-url"] == agents_url
        config = json.loads(seen.by_id["agents-config"])
        assert config["mcpServers"]["famulor-demo"] == {"type": "http", "url": agents_url}
        assert not TOOLS & set(seen.text.split())
        seen = await ada.press("agents", "agents-list")
        assert set(seen.text.split()) >= TOOLS
        assert "In every session the descriptions cost about" in seen.text

        for example in EXAMPLES:
            seen = await ada.press("agents", f"agents-example-{example.name}")
            assert seen.pressed("agents-example") == [example.name]
            form = seen.form("agents-call").fields
            assert {example.call.tool, example.call.arguments} <= set(form.values())
            seen = await ada.press("agents", "agents-call")
            refused = "The tool answers with an error" in seen.text
            assert refused == (example.name in {"mistake", "changes"})
        # The last one's mistake is explained, as to an agent.
        assert "Did you mean “status”?" in seen.text

        seen = await _call(ada, "list_outbound_assistants", '{"status": "inactive", "limit": 1}')
        answer = json.loads(seen.by_id["agents-text"])
        assert (answer["total"], len(answer["assistants"])) == (2, 1)
        assert json.loads(seen.by_id["agents-structured"]) == answer
        # As the evaluations count: bytes of the text as it is sent, four to a token.
        sent = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        assert f"About {-(-len(sent) // 4)} tokens: an estimate" in seen.text
        assert f"Etwa {-(-len(sent) // 4)} Tokens: geschätzt" in (await ben.look("agents")).text

    async def test_what_can_not_be_called_is_said(self, ada: Visitor) -> None:
        for arguments in ("{", "[]", "42", '"x"', "null", "[" * 100_000):
            seen = await _call(ada, "list_outbound_assistants", arguments)
            assert "The arguments must be a JSON object." in seen.text
            assert "agents-text" not in seen.by_id
        # What was typed is still there, and no markup.
        seen = await _call(ada, '"><script>', '</textarea>"<script>')
        fields = seen.form("agents-call").fields
        assert {'"><script>', '</textarea>"<script>'} <= set(fields.values())
        assert "The arguments must be a JSON object." in seen.text
        # No arguments are none; no such tool is the server's to say, whatever its name.
        seen = await _call(ada, "list_outbound_assistants", "")
        assert json.loads(seen.by_id["agents-text"])["total"] == 12
        for tool in ("nonsense", "Ünsinn 🤖", "a\r\nX-Evil: 1"):
            seen = await _call(ada, tool, "{}")
            assert "There is no tool" in seen.text or "does not answer" in seen.text
        form = (await ada.look("agents")).form("agents-list")
        assert await ada.post(form.action.replace("/tools", "/shell"), form.fields) == 200
        example = {**form.fields, "name": "none"}
        assert await ada.post(form.action.replace("/tools", "/example"), example) == 200
        seen = await ada.look("agents")
        assert "There is nothing called shell to ask" in seen.text
        assert "There is no example called none." in seen.text


@pytest.mark.parametrize(
    ("agents_url", "why"),
    [
        ("http://127.0.0.1:9/mcp", "Cannot connect"),
        ("http://127.0.0.1:{port}/mcp", "HTTP 404"),
        ("http://127.0.0.1:{port}/api/auth.test", "HTTP 200"),
        ("nonsense", "nonsense"),
    ],
)
async def test_a_server_that_does_not_answer_is_told(
    http: aiohttp.ClientSession, manifest: dict[str, Any], unused_tcp_port: int, agents_url: str, why: str
) -> None:
    slack = LocalSlack(manifest=manifest, beside=Beside(agents_url=agents_url.format(port=unused_tcp_port)))
    await slack.start(unused_tcp_port)
    ada = Visitor(http, slack.url)
    for button in ("agents-call", "agents-list"):
        seen = await ada.press("agents", button)
        assert "The MCP server does not answer: " in seen.text
        assert why in seen.text
    assert "Der MCP-Server antwortet nicht: " in (await Visitor(http, slack.url, "ben").look("agents")).text
    await slack.stop()


async def test_a_server_that_hangs_is_given_up(
    http: aiohttp.ClientSession, demo_api: DemoApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE", 0.05)
    demo_api.always(faults.Hang())
    async with LocalSlack(beside=Beside(agents_url=f"{demo_api.base_url}/api/mcp")) as slack:
        seen = await Visitor(http, slack.url).press("agents", "agents-call")
    assert "The MCP server does not answer: 0.05 s" in seen.text


async def _call(visitor: Visitor, tool: str, arguments: str) -> Seen:
    fields = (await visitor.look("agents")).form("agents-call").fields
    number = fields["round"]
    return await visitor.press("agents", "agents-call", {f"tool-{number}": tool, f"arguments-{number}": arguments})
