"""Every error says what happened, whether trying again helps, and what to do."""

import string

import pytest

from shared import errors
from shared.errors import (
    AssistantAmbiguous,
    AssistantUnknown,
    Candidate,
    FamulorError,
    FilterInvalid,
    RateLimited,
    SettingsError,
    templates,
)


def kinds(base: type[FamulorError] = FamulorError) -> list[type[FamulorError]]:
    # The doors have errors of their own, where other tests have imported them.
    children = [child for child in base.__subclasses__() if child.__module__.startswith(f"{errors.__name__}.")]
    return [kind for child in children for kind in (child, *kinds(child))]


def spoken(base: type[FamulorError]) -> dict[str, str | int]:
    fields = [name for _text, name, _form, _conversion in string.Formatter().parse(base.what + base.cure) if name]
    return {name: 503 if name == "status" else f"<{name}>" for name in fields}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if hasattr(kind, "what") and kind is not SettingsError])
def test_every_error_explains_itself_and_can_be_restated(kind: type[FamulorError]) -> None:
    error = kind(retry_after=1.2, **spoken(kind))
    assert all(f"{value}" in error.explain() for value in spoken(kind).values())
    assert "{" not in error.explain()
    assert ("Try again in 2 s." in error.explain()) is error.retryable
    restated = error.restated(retry_after=None)
    assert type(restated) is kind
    assert str(restated) == str(error)
    assert restated.retry_after is None


def test_the_tree_at_the_top_of_the_package_names_every_error() -> None:
    assert errors.__doc__ is not None
    drawn = [line.strip("│├└─ ").split()[0] for line in errors.__doc__.splitlines()[2:] if line]
    assert sorted(drawn) == sorted(["FamulorError", *(kind.__name__ for kind in kinds())])


def test_what_upstream_says_is_never_read_as_a_template() -> None:
    error = errors.KeyRejected(account="{0.__class__}", evidence="{account}")
    assert "{0.__class__}" in error.explain()


def test_an_error_that_passes_but_says_not_when_says_in_a_moment() -> None:
    assert RateLimited(account="default", evidence="429").explain().endswith("Try again in a moment.")


TOLD = [kind for kind in kinds() if hasattr(kind, "what") and kind is not SettingsError]


@pytest.mark.parametrize("retry_after", [None, 1.2])
@pytest.mark.parametrize("kind", TOLD)
def test_every_sentence_is_translated_before_it_is_filled_and_can_be_collected(
    kind: type[FamulorError], retry_after: float | None
) -> None:
    asked: list[str] = []

    def translated(template: str) -> str:
        assert template  # a catalogue answers nothing with its own header
        asked.append(template)
        return f"¿{template}?"

    given = {name: value for name, value in spoken(kind).items() if kind is not FilterInvalid or name != "filter"}
    known = {"filter": FilterInvalid.sort_key} if kind is FilterInvalid else {}
    told = kind(retry_after=retry_after, **given, **known).explain(translated)
    assert told.startswith("¿")
    assert told.endswith("?")
    assert all(f"{value}" in told for value in given.values())
    assert asked
    assert set(asked) <= set(templates())


@pytest.mark.parametrize("kind", [AssistantUnknown, AssistantAmbiguous])
def test_candidates_are_told_in_translated_sentences(kind: type[AssistantUnknown]) -> None:
    nearest = (Candidate("a", 1, "{x}"), Candidate("a", 2, "Zwei"))
    german = {
        AssistantUnknown.what: "Es gibt keinen Assistenten „{reference}“.",
        AssistantUnknown.meant: "Meinten Sie {candidates}?",
        AssistantUnknown.between: " oder ",
        AssistantAmbiguous.what: "„{reference}“ heißen mehrere.",
        AssistantAmbiguous.meant: "Fragen Sie noch einmal mit der Nummer: {candidates}.",
    }
    assert set(german) <= set(templates())
    told = kind(reference="{y}", nearest=nearest).explain(lambda template: german.get(template, template))
    assert "„{y}“" in told
    assert "“{x}” (1)" in told
    assert (" oder " in told) is (kind is AssistantUnknown)


def test_templates_are_every_text_of_the_tree_once() -> None:
    found = templates()
    assert len(found) == len(set(found))
    assert {kind.what for kind in kinds() if hasattr(kind, "what")} <= set(found)
    assert {kind.cure for kind in kinds() if kind.cure} <= set(found)
    assert "sort key" in found
    assert errors.__name__ not in found
