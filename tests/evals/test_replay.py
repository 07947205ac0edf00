"""Every question: the calls that answer it bring what must be said, and nothing that must not."""

from collections import Counter

import pytest

from tests.evals.answers import replay, says, states
from tests.evals.questions import Call, Question, questions
from tests.evals.worlds import WORLDS

QUESTIONS = questions()


async def test_there_are_enough_questions_in_both_languages_and_of_every_kind() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS) >= 32
    assert min(Counter(question.language for question in QUESTIONS).values()) >= 16
    assert {question.world for question in QUESTIONS} == set(WORLDS)
    tools = {call.tool for question in QUESTIONS for call in question.calls}
    async with WORLDS["demo"]() as client:
        assert tools == {tool.name for tool in (await client.list_tools()).tools}


async def test_every_argument_that_a_question_can_need_is_used() -> None:
    used = {name for question in QUESTIONS for way in question.ways for call in way for name in call.arguments}
    async with WORLDS["demo"]() as client:
        known = {name for tool in (await client.list_tools()).tools for name in tool.input_schema["properties"]}
    assert used <= known
    assert known - used <= {"prompt_offset"}


@pytest.mark.parametrize(
    ("question", "way"),
    [(question, way) for question in QUESTIONS for way in question.ways],
    ids=lambda value: value.id if isinstance(value, Question) else "+".join(call.tool[:4] for call in value),
)
async def test_the_calls_bring_the_facts(question: Question, way: tuple[Call, ...]) -> None:
    async with WORLDS[question.world]() as client:
        answers = await replay(client, way)
    last = answers[-1:]
    assert [fact for fact in question.facts if not states(answers, fact)] == []
    if way == question.calls:
        # What is only one of the ways may show more than what was asked for.
        assert [fact for fact in question.absent if states(last, fact)] == []


@pytest.mark.parametrize(
    ("text", "fact", "said"),
    [
        ("Es sind **9** Assistenten.", 9, True),
        ("Neun sind aktiv.", 9, True),
        ("There are 19 of them.", 9, False),
        ("Version 9.5", 9, False),
        ("since 2025-09-09", 9, False),
        ("The  autohaus: nachfassen\nnach Probefahrt", "Autohaus: Nachfassen nach Probefahrt", True),
        ("Nein, nie.", "never | nie", True),
        ("Ja.", "never | nie", False),
        ("I found none.", "does not exist | 0", True),
    ],
)
def test_facts_are_found_in_peoples_words(text: str, fact: int | str, *, said: bool) -> None:
    assert says(text, fact) is said
