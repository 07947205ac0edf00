"""What a question about a large account takes, once its answer is remembered: `python -m bench.querying`.

The floor is a list comprehension with the same test: it neither sorts nor pages, and says nothing of what it found.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bench.rows import Aim, Row, rows_table
from shared.demo import many_assistants
from shared.demo.assistants import demo_languages
from shared.famulor import wire
from shared.models import Assistant, Language, Names
from shared.query import AssistantQuery, Choice, Sort, run
from shared.query.choice import fold
from shared.query.order import BY_NAME, ordered

ASSISTANTS = 5_000
ROUNDS = 9
REPEATED = 5
"""Times that each question is asked in a round."""
AIM = Aim(2, "≤")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and its floor: a comprehension over the assistants."""

    words: str
    query: AssistantQuery
    floor: Callable[[Sequence[Assistant]], list[Assistant]]


QUESTIONS = (
    Question(
        "`active`",
        AssistantQuery(status=Choice.parse("active")),
        lambda assistants: [one for one in assistants if fold(one.status) == "active"],
    ),
    Question(
        "`active pipeline`, latest first",
        AssistantQuery(status=Choice.parse("active"), mode=Choice.parse("pipeline"), sort=Sort.parse("-updated")),
        lambda assistants: [one for one in assistants if fold(one.status) == "active" and fold(one.mode) == "pipeline"],
    ),
    Question(
        "search for `solar` in names and prompts",
        AssistantQuery(search=(Choice.parse("solar"),)),
        lambda assistants: [
            one for one in assistants if "solar" in fold(one.name) or "solar" in fold(one.system_prompt)
        ],
    ),
    Question(
        "search for what nobody has",
        AssistantQuery(search=(Choice.parse("windkraft"),)),
        lambda assistants: [
            one for one in assistants if "windkraft" in fold(one.name) or "windkraft" in fold(one.system_prompt)
        ],
    ),
)


def measured(count: int, rounds: int) -> Mapping[str, tuple[list[float], list[float]]]:
    """The milliseconds of each question, ours and the floor's, in turn; the first of each, which warms up, is left out.

    Of the processor: nothing is waited for.
    """
    assistants, _rejected = wire.assistants(many_assistants(count), "default")
    by_name = ordered(assistants, BY_NAME)  # as a source has them, from one fetch to the next
    names = {"default": Names(languages=wire.by_id(demo_languages(), Language))}
    taken: dict[str, tuple[list[float], list[float]]] = {question.words: ([], []) for question in QUESTIONS}
    for number in range(rounds + 1):
        for question in QUESTIONS:
            asked: tuple[Callable[[], object], ...] = (
                partial(run, question.query, assistants, names, by_name=by_name),
                partial(question.floor, assistants),
            )
            for ask, figures in zip(asked, taken[question.words], strict=True):
                began = time.process_time()
                for _ in range(REPEATED):
                    ask()
                if number:
                    figures.append(1000 * (time.process_time() - began) / REPEATED)
    return taken


def rows(rounds: int, assistants: int = ASSISTANTS) -> list[Row]:
    """A row for each question."""
    return [
        Row(f"{words}, first page of {assistants:,}", "ms", ours, floor, AIM)
        for words, (ours, floor) in measured(assistants, rounds).items()
    ]


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.querying", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--assistants", type=int, default=ASSISTANTS, help="of the account (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each question (default: %(default)s)")
    options = parser.parse_args()
    print(rows_table(rows(options.rounds, options.assistants)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
