"""What clients really send: repaired where the meaning is plain, refused in words where it is not."""

from typing import Any

import pytest
from mcp.types import Tool

from mcp_server.arguments import ArgumentInvalid, ArgumentMissing, ArgumentUnknown, fitted
from tests.mcp_server.conftest import ERAS, MODERN, Agent, Start


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"limit": "3"}, {"limit": 3}),
        ({"limit": " 3 "}, {"limit": 3}),
        ({"limit": 3.0}, {"limit": 3}),
        ({"limit": ""}, {}),
        ({"limit": None}, {}),
        ({"limit": "null"}, {}),
        ({"language": 2}, {"language": "2"}),
        ({"language": 2.0}, {"language": "2"}),
        ({"search": 4.5}, {"search": "4.5"}),
        ({"search": 10**400}, {"search": f"1{'0' * 400}"}),
        ({"language": [2, "de"]}, {"language": "2,de"}),
        ({"language": "[2, 1]"}, {"language": "2,1"}),
        ({"status": "Active"}, {"status": "active"}),
        ({"status": " ACTIVE , Processing "}, {"status": "active,processing"}),
        ({"mode": "!Pipeline"}, {"mode": "multimodal,dualplex"}),
        ({"webhook": "OFF,Missing"}, {"webhook": "!on"}),
        ({"sort": "-Updated"}, {"sort": "-updated"}),
        ({"response_format": ""}, {}),
        ({"max_tokens": "8000"}, {}),
        ({"status": ["active", "inactive"]}, {"status": "active,inactive"}),
        ({"status": '["!active"]'}, {"status": "!active"}),
        ({"status": []}, {}),
        ({"status": "[]"}, {}),
        ({"status": None, "mode": "", "search": "null", "cursor": " "}, {}),
        ({"search": ["solar, roof", "termin"]}, {"search": '"solar, roof",termin'}),
        ({"search": "[sola"}, {"search": "[sola"}),
        ({"search": '{"a": 1}'}, {"search": '{"a": 1}'}),
        ({"updated_since": "7D"}, {"updated_since": "7d"}),
    ],
)
async def test_what_is_meant_is_understood(agent: Agent, sent: dict[str, Any], meant: dict[str, Any]) -> None:
    assert await agent.call(**sent) == await agent.call(**meant)


WHOLE_NUMBER = "It takes a whole number from 1 to 100."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"stauts": "active"}, "has no argument “stauts”. Did you mean “status”? Its arguments: status, mode, "),
        ({"Lang": "de"}, "Did you mean “language”?"),
        ({f"a{number}": 1 for number in range(500)}, "has no argument “a0”, “a1”, “a2”. Its arguments: status, mode, "),
        ({"x" * 5000: 1}, f"has no argument “{'x' * 40}…”. Its arguments: status, mode, "),
        ({"sort": "x" * 5000}, f"“{'x' * 40}…” is no sort key. Valid: name, id, account, "),
        ({"xyzzy": 1, "plugh": None}, "has no argument “xyzzy”, “plugh”. Its arguments: status, mode, "),
        ({"limit": 0}, f"“limit” can't be 0. {WHOLE_NUMBER}"),
        ({"limit": 101}, f"“limit” can't be 101. {WHOLE_NUMBER}"),
        ({"limit": "-1"}, f'“limit” can\'t be "-1". {WHOLE_NUMBER}'),
        ({"limit": "many"}, f'“limit” can\'t be "many". {WHOLE_NUMBER}'),
        ({"limit": "9" * 5000}, WHOLE_NUMBER),
        ({"limit": 2.5}, f"“limit” can't be 2.5. {WHOLE_NUMBER}"),
        ({"limit": True}, f"“limit” can't be true. {WHOLE_NUMBER}"),
        ({"limit": [5]}, f"“limit” can't be [5]. {WHOLE_NUMBER}"),
        ({"status": True}, "“status” can't be true. It takes text."),
        ({"status": {"is": "active"}}, '“status” can\'t be {"is": "active"}. It takes text.'),
        ({"status": ["active", None]}, '“status” can\'t be ["active", null]. It takes text.'),
        ({"status": [["active"]]}, '“status” can\'t be [["active"]]. It takes text.'),
        ({"status": "[" * 50_000}, None),
        ({"sort": "size"}, "“size” is no sort key. Valid: name, id, account, "),
        ({"webhook": "broken"}, "“broken” is no webhook state. Valid: on, off, missing."),
        ({"fields": "size"}, "“size” is no field. Valid: id, account, name, "),
        ({"response_format": "json"}, '“response_format” can\'t be "json". It takes concise or detailed.'),
        ({"response_format": 1}, "“response_format” can't be 1. It takes concise or detailed."),
        ({"ids": "42"}, "has no argument “ids”. "),
        ({"updated_since": "last week"}, "“last week” is no date or time. Valid: 2026-03-01, "),
        ({"account": "other"}, "There is no account “other”. Known: default."),
    ],
)
async def test_what_can_not_be_meant_is_refused_in_words(
    agent: Agent, arguments: dict[str, Any], words: str | None
) -> None:
    if words is None:
        assert await agent.names(**arguments) == []
        return
    error = await agent.refused(**arguments)
    assert words in error["message"]
    assert len(error["message"].encode()) <= 400
    assert "pydantic" not in error["message"]
    assert error["retryable"] is False


async def test_an_unknown_tool_is_refused_with_the_names_of_those_there_are(agent: Agent) -> None:
    error = await agent.refused("list_assistants", status="active")
    assert (
        error["message"]
        == "There is no tool “list_assistants”. There are: list_outbound_assistants, get_outbound_assistant, "
        "audit_outbound_assistants, list_outbound_assistant_changes."
    )


NO_OBJECT: list[tuple[Any, int | None]] = [
    (None, 12),
    ([], 12),
    ("", 12),
    ("null", 12),
    ("{}", 12),
    ('{"status": "inactive"}', 2),
    ([1, 2], None),
    ("status=inactive", None),
    (7, None),
    (True, None),
]


@pytest.mark.parametrize("envelope", [{}, MODERN], ids=ERAS)
async def test_arguments_that_are_no_object_are_unpacked_or_refused(start: Start, envelope: dict[str, Any]) -> None:
    # On the wire: a client's own models would not let most of these out.
    async with start("--demo") as program:
        if not envelope:
            await program.greet()
        for arguments, total in NO_OBJECT:
            called = {"name": "list_outbound_assistants", "arguments": arguments}
            result = (await program.ask("tools/call", **called, **envelope))["result"]
            assert result["isError"] is (total is None)
            if total is None:
                assert "has no argument “arguments”. Its arguments: status, " in result["content"][0]["text"]
            else:
                assert result["structuredContent"]["total"] == total
        without = (await program.ask("tools/call", name="list_outbound_assistants", **envelope))["result"]
        assert without["structuredContent"]["total"] == 12


TOOL = Tool(
    name="show",
    input_schema={
        "type": "object",
        "properties": {
            "reference": {"type": "string"},
            "whole": {"type": "boolean", "default": False},
            "count": {"type": "integer"},
            "free": {},
        },
        "required": ["reference"],
    },
)


def test_a_tools_own_schema_says_what_fits() -> None:
    sent = {"reference": 42, "whole": "True", "count": "7", "free": {"any": "thing"}}
    assert fitted(TOOL, sent) == {"reference": "42", "whole": True, "count": 7, "free": {"any": "thing"}}
    assert fitted(TOOL, {"reference": "x", "whole": False}) == {"reference": "x", "whole": False}


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({}, ArgumentMissing, "show needs the argument “reference”. It takes text."),
        ({"reference": None}, ArgumentMissing, "show needs the argument “reference”. It takes text."),
        ({"reference": "x", "whole": "perhaps"}, ArgumentInvalid, "It takes true or false."),
        ({"reference": "x", "whole": 1}, ArgumentInvalid, "It takes true or false."),
        ({"reference": "x", "count": "some"}, ArgumentInvalid, "It takes a whole number."),
        ({"reference": "x", "y": 1}, ArgumentUnknown, "Its arguments: reference, whole, count, free."),
    ],
)
def test_a_tools_own_schema_says_what_does_not_fit(
    arguments: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as caught:
        fitted(TOOL, arguments)
    assert isinstance(caught.value, ArgumentInvalid | ArgumentMissing | ArgumentUnknown)
    assert words in caught.value.explain()


def test_a_tool_without_arguments_says_so() -> None:
    with pytest.raises(ArgumentUnknown) as caught:
        fitted(Tool(name="ping", input_schema={"type": "object"}), {"a": 1})
    assert caught.value.explain() == "ping has no argument “a”. Its arguments: none."
