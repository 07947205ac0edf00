"""What somebody should look at."""

from typing import Any

import pytest

from shared.answers import Origin, Summary
from shared.attention import Concern, of_assistants
from shared.errors import TimedOut
from shared.models import Assistant, Rejected
from tests.clocks import ManualClock


def assistant(number: int = 1, **fields: Any) -> Assistant:
    given = {"account": "default", "id": number, "name": "A", "mode": "pipeline", "status": "active"}
    return Assistant.model_validate(given | {"initial_message": "Hi", "system_prompt": "Be kind."} | fields)


@pytest.mark.parametrize(
    ("fields", "concerns"),
    [
        ({}, []),
        ({"initial_message": " \n"}, [Concern.NO_GREETING]),
        ({"system_prompt": ""}, [Concern.NO_PROMPT]),
        ({"is_webhook_active": True}, [Concern.WEBHOOK_WITHOUT_URL]),
        ({"is_webhook_active": True, "webhook_url": "https://x.example.com"}, []),
        ({"webhook_url": "https://x.example.com"}, []),
        ({"system_prompt": "{a} {{current_date}}", "variables": {"a": ""}}, []),
        ({"system_prompt": "{a} {{current_day}}"}, [Concern.UNKNOWN_VARIABLES, Concern.UNDECLARED_VARIABLES]),
    ],
)
def test_an_assistant_that_cannot_work_as_it_is_needs_attention(
    fields: dict[str, Any], concerns: list[Concern]
) -> None:
    assert [one.concern for one in of_assistants([assistant(**fields)])] == concerns


def test_the_variables_in_question_are_named() -> None:
    unknown, undeclared = of_assistants([assistant(system_prompt="{a} {b} {a} {{c}}", initial_message="{d}")])
    assert unknown.variables == ("c",)
    assert undeclared.variables == ("d", "a", "b")


def test_the_worst_comes_first_then_by_name() -> None:
    clock = ManualClock()
    failure = TimedOut(host="x.example.com", evidence="3 s")
    rejected = Rejected(position=3, id=None, field="id", reason="missing")
    origins = (
        Origin("default", clock.now(), 300, 3, (rejected,), failure),
        Origin("agency", None, 0, 0, (), failure),
        Origin("fine", clock.now(), 0, 0, (), None),
    )
    rows = [
        assistant(1, name="zoe", system_prompt=""),
        assistant(2, name="Änne", system_prompt="", mode="dualplex"),
        assistant(3, name="b", initial_message="{x}", status="inactive"),
    ]
    summary = Summary.of_all(rows, origins)
    assert [(one.concern, one.account, one.assistant and one.assistant.id) for one in summary.attention] == [
        (Concern.NO_DATA, "agency", None),
        (Concern.STALE, "default", None),
        (Concern.UNREADABLE, "default", None),
        (Concern.NO_PROMPT, "default", 2),
        (Concern.NO_PROMPT, "default", 1),
        (Concern.UNDECLARED_VARIABLES, "default", 3),
    ]
    assert summary.attention[0].failure is failure
    assert summary.attention[2].rejected == rejected
    assert (summary.of, list(summary.statuses.items())) == (3, [("active", 2), ("inactive", 1)])
    assert list(summary.modes.items()) == [("pipeline", 2), ("dualplex", 1)]
    assert summary.origins == origins
