"""`python -m tests.evals [QUESTION …]`: what the answers cost; and where EVAL_BASE_URL names a model, how it does.

The exit code: 0 all was asked, 1 a fact was missing or an endpoint failed, 2 wrong settings.
"""

import asyncio
import os
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from shared.logs import configure_logging
from tests.evals import live
from tests.evals.answers import replay, states, tokens
from tests.evals.models import Endpoint
from tests.evals.questions import Question, questions
from tests.evals.tables import table
from tests.evals.worlds import WORLDS


def main(wanted: Sequence[str]) -> int:
    """Ask the wanted questions, all where none is named."""
    known = {question.id: question for question in questions()}
    if unknown := [name for name in wanted if name not in known]:
        return _refuse(f"There is no question {', '.join(unknown)}. There are: {', '.join(known)}.")
    try:
        endpoint = Endpoint.configured(os.environ)
    except ValidationError as error:
        return _refuse(*(f"EVAL_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()))
    configure_logging("CRITICAL", "console")  # what fails is part of the questions
    chosen = [known[name] for name in wanted] or list(known.values())
    complete = asyncio.run(_replayed(chosen))
    if endpoint is None:
        _say("\nNo model is configured: set EVAL_BASE_URL, EVAL_MODEL, EVAL_API_KEY and EVAL_API (openai, anthropic).")
        return 0 if complete else 1
    scores = asyncio.run(live.run(endpoint, chosen))
    _say(f"\n{endpoint.model}\n\n{live.report(scores)}")
    return 1 if not complete or any(score.failure for score in scores) else 0


async def _replayed(chosen: Sequence[Question]) -> bool:
    """Show what the answers to the expected calls cost; whether every fact was in them."""
    rows = []
    for question in chosen:
        async with WORLDS[question.world]() as client:
            answers = await replay(client, question.calls)
        missing = [str(fact) for fact in question.facts if not states(answers, fact)]
        cost = sum(one.tokens for one in answers)
        rows.append((question.id, question.language, len(answers), cost, ", ".join(missing) or "-"))
    async with WORLDS["demo"]() as client:
        offered = (await client.list_tools()).tools
        every_session = tokens(client.instructions or "")
    every_session += sum(tokens(tool.model_dump_json(exclude_none=True, by_alias=True)) for tool in offered)
    whole = (f"{len(rows)} questions", "", sum(row[2] for row in rows), sum(row[3] for row in rows), "")
    _say(table(("question", "language", "calls", "tokens", "missing"), [*rows, whole]))
    _say(f"\nBeside that, each session: instructions and tools/list, {every_session} tokens. (Bytes of UTF-8 ÷ 4.)")
    return all(row[4] == "-" for row in rows)


def _refuse(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201 # for who called it
    return 2


def _say(text: str) -> None:
    print(text)  # noqa: T201 # a table for people


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
