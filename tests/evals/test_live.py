"""The live runner, with a model that plays a script: what it is told, and how it is scored."""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence

import pytest

from tests.evals import live
from tests.evals.fake_models import KEY, MODEL, TOKENS, Breaks, Calls, FakeModel, Says, Step
from tests.evals.live import Score
from tests.evals.models import KINDS, Endpoint
from tests.evals.questions import questions

KNOWN = {question.id: question for question in questions()}
WEBHOOK = KNOWN["active-without-webhook"]
DENTIST = KNOWN["greeting-of-the-dentist"]
LIST, GET = "list_outbound_assistants", "get_outbound_assistant"
RIGHT = Calls(LIST, {"status": "active", "webhook": "missing"})
TRUE = Says("Nur der Customer Satisfaction Survey.")


@pytest.fixture(params=KINDS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def base_url(api: str, address: str) -> str:
    return f"{address}/openai/v1" if api == "openai" else address


async def asked(api: str, model: FakeModel, *names: str, key: str = KEY) -> list[Score]:
    async with model.serving() as address:
        endpoint = Endpoint.model_validate(
            {"api": api, "base_url": base_url(api, address), "model": MODEL, "api_key": key}
        )
        return await live.run(endpoint, [KNOWN[name] for name in names or (WEBHOOK.id,)])


async def scored(api: str, script: Sequence[Step], *names: str, key: str = KEY) -> list[Score]:
    return await asked(api, FakeModel(script), *names, key=key)


async def test_a_model_that_asks_and_reports_rightly_gets_every_point(api: str) -> None:
    (score,) = await scored(api, [RIGHT, TRUE])
    assert score == Score(WEBHOOK, tool=True, arguments=True, facts=True, calls=1, tokens=2 * sum(TOKENS))


async def test_arguments_are_judged_by_what_they_bring(api: str) -> None:
    unusual = Calls(LIST, {"status": "!inactive,!processing", "webhook": "MISSING", "limit": "50", "sort": "-id"})
    (score,) = await scored(api, [unusual, TRUE])
    assert (score.tool, score.arguments, score.facts) == (True, True, True)


async def test_another_way_that_is_as_good_counts_as_well(api: str) -> None:
    script: list[Step] = [
        Calls(LIST, {"search": "zahnarzt", "fields": "initial_message"}),
        Says("„Grüß Gott, hier ist die Zahnarztpraxis am Stadtpark. Spreche ich mit …?“"),
    ]
    (score,) = await scored(api, script, DENTIST.id)
    assert (score.tool, score.arguments, score.facts) == (True, True, True)


async def test_the_wrong_tool_is_scored_as_wrong_even_where_the_answer_is_right(api: str) -> None:
    (score,) = await scored(api, [Calls(GET, {"assistant": "118"}), TRUE])
    assert (score.tool, score.arguments, score.facts) == (False, False, True)


async def test_the_right_tool_with_another_question_is_scored_so(api: str) -> None:
    (score,) = await scored(api, [Calls(LIST, {"status": "active"}), TRUE])
    assert (score.tool, score.arguments, score.facts) == (True, False, True)


async def test_guessing_without_a_call_scores_its_facts_alone(api: str) -> None:
    (score,) = await scored(api, [TRUE])
    assert (score.tool, score.arguments, score.facts, score.calls) == (False, False, True, 0)


@pytest.mark.parametrize("said", ["Keiner.", "Customer Satisfaction Survey und Event Invitation."])
async def test_a_missing_fact_and_a_wrong_one_are_both_wrong(api: str, said: str) -> None:
    (score,) = await scored(api, [RIGHT, Says(said)])
    assert (score.arguments, score.facts) == (True, False)


async def test_pages_count_together(api: str) -> None:
    whole = Calls(LIST, {"limit": 10})
    said = "Real Estate Callback, Recruiting: erstes Gespräch, Sales Follow-up, zweimal Solar-Erstberatung"
    (score,) = await scored(api, [whole, Says(said)], "second-page")
    assert (score.arguments, score.facts) == (True, True)


async def test_a_tool_that_does_not_exist_is_told_to_the_model_and_scored_as_wrong(api: str) -> None:
    model = FakeModel([Calls("delete_assistant", {"id": 42}), TRUE])
    (score,) = await asked(api, model)
    assert (score.tool, score.arguments, score.calls) == (False, False, 1)
    assert "There is no tool “delete_assistant”" in str(model.heard[-1]["messages"][-1])


async def test_malformed_arguments_are_counted_and_may_be_mended(api: str) -> None:
    (score,) = await scored(api, [Calls(LIST, "{status: active"), RIGHT, TRUE])
    assert (score.malformed, score.calls) == (1, 2)
    assert (score.tool, score.arguments, score.facts) == (True, True, True)


async def test_malformed_arguments_alone_are_wrong(api: str) -> None:
    (score,) = await scored(api, [Calls(LIST, "status=active"), TRUE])
    assert (score.malformed, score.tool, score.arguments) == (1, False, False)


async def test_an_endpoint_that_fails_costs_one_question(api: str) -> None:
    script: list[Step] = [Breaks(500, '{"error": "overloaded"}'), RIGHT, TRUE]
    failed, other = await scored(api, script, DENTIST.id, WEBHOOK.id)
    assert failed == Score(DENTIST, failure='500 {"error": "overloaded"}')
    assert (other.tool, other.arguments, other.facts, other.failure) == (True, True, True, "")
    assert f"{DENTIST.id}: 500" in live.report([failed, other])


async def test_what_was_called_before_the_endpoint_failed_still_counts(api: str) -> None:
    (score,) = await scored(api, [RIGHT, Breaks(429)])
    assert (score.tool, score.arguments, score.facts, score.failure) == (True, True, False, "429 {}")


@pytest.mark.parametrize("body", ["not json", "{}", '{"choices": [], "content": [{"type": "text"}]}'])
async def test_an_answer_of_another_shape_is_a_failure(api: str, body: str) -> None:
    (score,) = await scored(api, [Breaks(200, body)])
    assert score.failure.startswith("an answer of another shape")


async def test_a_wrong_key_is_a_failure(api: str) -> None:
    (score,) = await scored(api, [], key="another")
    assert score.failure.startswith("401 ")


async def test_a_model_that_never_comes_to_an_end_is_stopped(api: str) -> None:
    (score,) = await scored(api, [RIGHT] * 20)
    assert (score.calls, score.facts, score.failure) == (8, False, "no answer after 8 turns")


async def test_an_endpoint_that_is_not_there_is_a_failure(api: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    endpoint = Endpoint.model_validate({"api": api, "base_url": address, "model": MODEL})
    (score,) = await live.run(endpoint, [WEBHOOK])
    assert score.failure == "no answer (ConnectError)"


async def test_the_model_gets_the_servers_own_schemas_and_instructions(api: str) -> None:
    model = FakeModel([RIGHT, TRUE])
    await asked(api, model)
    first, second = model.heard
    assert "never instructions" in str(first)
    assert WEBHOOK.ask in str(first["messages"][-1])
    for tool in first["tools"]:
        schema = tool["function"]["parameters"] if api == "openai" else tool["input_schema"]
        assert schema["properties"]
    assert "Customer Satisfaction Survey" in str(second["messages"][-1])


# ---------------------------------------------------------------------------------------------------- the program


async def program(*arguments: str, **environment: str) -> tuple[int, str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EVAL_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.evals",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**inherited, **environment},
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_without_a_model_it_shows_what_the_answers_cost() -> None:
    code, out, err = await program(WEBHOOK.id, DENTIST.id)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["question", "language", "calls", "tokens", "missing"]
    (costs,) = (line for line in lines if line[:1] == [WEBHOOK.id])
    assert costs[1:3] == ["de", "1"]
    assert 20 < int(costs[3]) < 1000
    assert lines[3][:3] == ["2", "questions", "2"]
    assert "No model is configured" in out


async def test_with_a_model_it_asks_it(api: str) -> None:
    async with FakeModel([RIGHT, TRUE]).serving() as address:
        code, out, err = await program(
            WEBHOOK.id,
            EVAL_API=api,
            EVAL_BASE_URL=base_url(api, address),
            EVAL_MODEL=MODEL,
            EVAL_API_KEY=KEY,
        )
    assert (code, err) == (0, "")
    assert [WEBHOOK.id, "yes", "yes", "yes", "1", "0", str(2 * sum(TOKENS))] in [
        line.split() for line in out.splitlines()
    ]
    assert KEY not in out


async def test_a_model_that_can_not_be_asked_is_told_by_the_exit_code(api: str) -> None:
    async with FakeModel([Breaks(503)]).serving() as address:
        code, out, _err = await program(
            WEBHOOK.id, EVAL_API=api, EVAL_BASE_URL=base_url(api, address), EVAL_MODEL=MODEL, EVAL_API_KEY=KEY
        )
    assert code == 1
    assert f"{WEBHOOK.id}: 503" in out


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["what"], {}, "There is no question what. There are: active-without-webhook, "),
        ([], {"EVAL_BASE_URL": "http://127.0.0.1:1"}, "EVAL_MODEL: Field required"),
        ([], {"EVAL_BASE_URL": "here", "EVAL_MODEL": "m"}, "EVAL_BASE_URL: "),
        ([], {"EVAL_BASE_URL": "http://127.0.0.1:1", "EVAL_MODEL": "m", "EVAL_API": "other"}, "EVAL_API: "),
    ],
)
async def test_wrong_settings_are_told_in_words(arguments: list[str], environment: dict[str, str], words: str) -> None:
    code, out, err = await program(*arguments, **environment)
    assert (code, out) == (2, "")
    assert err.startswith(words)
