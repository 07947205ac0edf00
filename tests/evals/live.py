"""A model answers the questions with the real server's tools, and is scored."""

from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from mcp import Client

from tests.evals.answers import Answer, answer, replay, same, says
from tests.evals.models import KINDS, Asked, Endpoint, EndpointFailed
from tests.evals.questions import Call, Question
from tests.evals.tables import table
from tests.evals.worlds import WORLDS

MOST_TURNS = 8
"""A model that is not done by then has lost its way."""

SYSTEM = """\
{instructions}

It is 2026-03-01, 12:00 UTC. Answer in the language of the question, with the facts that were asked for and no others.
Write names and values as the tools do."""


@dataclass(frozen=True)
class Score:
    """How a model did with one question.

    `tool`: it called what the question needs. `arguments`: one of the calls asked for the right thing. `facts`: its
    answer says all that it must and nothing that it must not. `malformed`: calls whose arguments were no JSON object.
    `failure`: why there is no answer.
    """

    question: Question
    tool: bool = False
    arguments: bool = False
    facts: bool = False
    calls: int = 0
    malformed: int = 0
    tokens: int = 0
    failure: str = ""


async def run(endpoint: Endpoint, questions: Iterable[Question]) -> list[Score]:
    """Ask the model one question after the other; an endpoint that fails costs that question only."""
    async with httpx.AsyncClient() as http:
        return [await _ask(http, endpoint, question) for question in questions]


async def _ask(http: httpx.AsyncClient, endpoint: Endpoint, question: Question) -> Score:
    async with WORLDS[question.world]() as client:
        system = SYSTEM.format(instructions=client.instructions)
        conversation = KINDS[endpoint.api](http, endpoint, system, (await client.list_tools()).tools)
        conversation.ask(question.ask)
        given: list[Answer] = []
        said, failure, calls, malformed, tokens = "", f"no answer after {MOST_TURNS} turns", 0, 0, 0
        for _turn in range(MOST_TURNS):
            try:
                turn = await conversation.turn()
            except EndpointFailed as error:
                failure = str(error)
                break
            tokens += turn.tokens
            if not turn.calls:
                said, failure = turn.text, ""
                break
            calls += len(turn.calls)
            malformed += sum(asked.arguments is None for asked in turn.calls)
            conversation.answered([await _result(client, asked, given) for asked in turn.calls])
        ways = [await replay(client, way) for way in question.ways]
    return Score(
        question,
        tool=any({one.call.tool for one in way} <= {one.call.tool for one in given} for way in ways),
        arguments=any(all(same(one, given) for one in way) for way in ways),
        facts=not failure
        and all(says(said, fact) for fact in question.facts)
        and not any(says(said, fact) for fact in question.absent),
        calls=calls,
        malformed=malformed,
        tokens=tokens,
        failure=failure,
    )


async def _result(client: Client, asked: Asked, given: list[Answer]) -> tuple[Asked, str, bool]:
    """What the tool says to this call, which is added to what was given."""
    if asked.arguments is None:
        return asked, "The arguments are not a JSON object.", True
    one = await answer(client, Call(tool=asked.tool, arguments=asked.arguments))
    given.append(one)
    return asked, one.text, "error" in one.content


def report(scores: Iterable[Score]) -> str:
    """A line for each question, and what all of it comes to."""
    scores = list(scores)
    rows: list[tuple[object, ...]] = [
        (
            score.question.id,
            *("yes" if right else "no" for right in (score.tool, score.arguments, score.facts)),
            score.calls,
            score.malformed,
            score.tokens,
        )
        for score in scores
    ]
    whole = (
        f"{len(scores)} questions",
        sum(score.tool for score in scores),
        sum(score.arguments for score in scores),
        sum(score.facts for score in scores),
        sum(score.calls for score in scores),
        sum(score.malformed for score in scores),
        sum(score.tokens for score in scores),
    )
    lines = table(("question", "tool", "arguments", "facts", "calls", "malformed", "tokens"), [*rows, whole])
    failures = "\n".join(f"{score.question.id}: {score.failure}" for score in scores if score.failure)
    return f"{lines}\n{failures}".strip()
