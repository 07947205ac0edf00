"""What changed in a prompt is worked out once for all who are told of it, and for each as they may read it."""

from bot.alerts.differences import REMEMBERED, Differences
from bot.translation import Say
from bot.views.before_after import before_after
from shared.models import Kind
from tests.shared.alerts.changes import change

ENGLISH, GERMAN = Say("en"), Say("de")


def test_a_prompt_is_compared_once_for_each_language_and_right() -> None:
    shown = Differences()
    told = change(Kind.PROMPT, before="Be brief.", after="Be kind.")
    first = shown(told, ENGLISH, prompts=True)
    assert shown(told.model_copy(), Say("en"), prompts=True) is first
    for say in (ENGLISH, GERMAN):
        for prompts in (True, False):
            expected = before_after(told, say, prompts=prompts)
            assert shown(told, say, prompts=prompts) == expected
            assert shown(told, say, prompts=prompts) == expected
    assert "kind" not in str(shown(told, ENGLISH, prompts=False))


def test_no_two_changes_are_taken_for_each_other_and_old_ones_are_forgotten() -> None:
    shown = Differences()
    told = [change(Kind.PROMPT, number, before="A", after=f"B{number}") for number in range(REMEMBERED + 20)]
    told += [
        change(Kind.GREETING, 1, before="A", after="C"),
        change(Kind.PROMPT, 1, assistant=7, before="A", after="D"),
    ]
    first = [shown(one, ENGLISH, prompts=True) for one in told]
    assert first == [before_after(one, ENGLISH, prompts=True) for one in told]
    assert shown(told[-1], ENGLISH, prompts=True) is first[-1]
    assert shown(told[0], ENGLISH, prompts=True) == first[0]
    assert shown(told[0], ENGLISH, prompts=True) is not first[0]
    status = change(Kind.DEACTIVATED, before="active", after="inactive")
    assert shown(status, GERMAN, prompts=True) == before_after(status, GERMAN, prompts=True)
