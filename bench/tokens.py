"""What answers take of a model's attention, beside Famulor's own answer: `python -m bench.tokens`.

Five questions, each asked with the call that answers it, about a small and a large account. An agent without this
server would read the whole list, whatever it wants to know. A token is four bytes, here as everywhere in the project.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

import httpx
from mcp import Client
from mcp.types import CallToolResult, TextContent

from bench import upstream
from bench.rows import Row
from bench.tables import table
from mcp_server.answers.budget import BYTES_A_TOKEN
from mcp_server.server import build
from shared.clock import SystemClock
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import open_store

ACCOUNTS = (50, 500)
KEY = "bench"
RAW = "the raw answer"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the call that answers it."""

    words: str
    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)


QUESTIONS = (
    Question("How many are active?", "list_outbound_assistants", {"status": "active", "limit": 1}),
    Question(
        "Which active ones have no webhook?",
        "list_outbound_assistants",
        {"status": "active", "webhook": "missing", "fields": "name"},
    ),
    Question("Which ones were changed last?", "list_outbound_assistants", {"sort": "-updated", "limit": 5}),
    Question("What is Dentist 00009 told to do?", "get_outbound_assistant", {"assistant": "Dentist 00009"}),
    Question("What is wrong, and how bad is it?", "audit_outbound_assistants"),
)


async def measured(count: int) -> Mapping[str, int]:
    """The tokens of each question's answer about so many assistants, and of Famulor's own."""
    with upstream.serving(count) as address, TemporaryDirectory() as folder:
        settings = from_arguments(Settings, famulor_api_key=KEY, famulor_base_url=address)
        database = f"sqlite:///{folder}/tokens.sqlite3"
        server = build(lambda: open_core(settings), open_store=lambda: open_store(database, SystemClock()))
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http, Client(server) as client:
            raw = await http.get(upstream.PATH, headers={"Authorization": f"Bearer {KEY}-raw"})
            answers = [await client.call_tool(question.tool, dict(question.arguments)) for question in QUESTIONS]
    taken = {question.words: _tokens(question, answer) for question, answer in zip(QUESTIONS, answers, strict=True)}
    return taken | {RAW: -(-len(raw.content) // BYTES_A_TOKEN)}


def _tokens(question: Question, result: CallToolResult) -> int:
    """Raises RuntimeError where there is no answer."""
    text = "".join(part.text for part in result.content if isinstance(part, TextContent))
    if result.is_error:
        raise RuntimeError(f"{question.words} {text}")
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def rows(rounds: int, accounts: Sequence[int] = ACCOUNTS) -> list[Row]:
    """A row for each question and account; the answers are the same in each of the rounds, so one is made."""
    del rounds
    found = []
    for count in accounts:
        taken = dict(asyncio.run(measured(count)))
        raw = taken.pop(RAW)
        found += [
            Row(f"{words} ({count} assistants)", "tokens", [tokens], [raw], digits=0) for words, tokens in taken.items()
        ]
    return found


def main() -> None:
    """Count as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.tokens", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("accounts", nargs="*", type=int, default=ACCOUNTS, help="assistants of each (default: 50 500)")
    counted = {count: asyncio.run(measured(count)) for count in parser.parse_args().accounts}
    head = ("question", *(f"{count} assistants" for count in counted))
    words = (*(question.words for question in QUESTIONS), RAW)
    lines = [(one, *(f"{tokens[one]:,}" for tokens in counted.values())) for one in words]
    print(table(head, lines))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
