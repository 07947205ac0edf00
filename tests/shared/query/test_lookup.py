"""One assistant by what people call it."""

import pytest

from shared.errors import AssistantAmbiguous, AssistantUnknown, Candidate
from shared.models import Assistant
from shared.query import lookup
from shared.query.lookup import CANDIDATES


def assistant(number: int, name: str, account: str = "default") -> Assistant:
    return Assistant(account=account, id=number, name=name, mode="pipeline", status="active")


ASSISTANTS = [
    assistant(42, "Sales Follow-up"),
    assistant(57, "Sales Follow-up Süd"),
    assistant(101, "Umfrage"),
    assistant(7, "42"),
    assistant(8, "Doppelt"),
    assistant(9, "doppelt"),
]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("42", 42),
        (" #42 ", 42),
        ("sales follow-up", 42),
        ("Sales Follow-up S", 57),
        ("sued", 57),
        ("UMF", 101),
        ("frage", 101),
        ("doppelt", 9),
        ("Doppelt", 8),
    ],
)
def test_an_id_goes_before_a_name_and_a_whole_name_before_a_part(reference: str, found: int) -> None:
    assert lookup(reference, ASSISTANTS).id == found


@pytest.mark.parametrize(("reference", "candidates"), [("DOPPELT", {8, 9}), ("sales", {42, 57})])
def test_a_name_of_several_lists_them(reference: str, candidates: set[int]) -> None:
    with pytest.raises(AssistantAmbiguous) as caught:
        lookup(reference, ASSISTANTS)
    assert all(str(number) in caught.value.explain() for number in candidates)
    assert "Ask again with one of their ids" in caught.value.explain()


def test_a_near_miss_is_told_what_it_may_have_meant() -> None:
    with pytest.raises(AssistantUnknown) as caught:
        lookup("Umfarge", ASSISTANTS)
    assert caught.value.explain() == "There is no outbound assistant “Umfarge”. Did you mean “Umfrage” (101)?"


@pytest.mark.parametrize("reference", ["", "  ", "#", "nothing like it at all", "{braces} and %s"])
def test_what_nobody_is_called_is_told(reference: str) -> None:
    with pytest.raises(AssistantUnknown) as caught:
        lookup(reference, ASSISTANTS)
    assert "List the assistants to see their names and ids." in caught.value.explain()


def test_candidates_of_several_accounts_say_whose_they_are() -> None:
    with pytest.raises(AssistantAmbiguous) as caught:
        lookup("Umfrage", [assistant(1, "Umfrage", "a"), assistant(2, "Umfrage", "b")])
    assert "“Umfrage” (1, a), “Umfrage” (2, b)" in caught.value.explain()


def test_candidates_are_data_beside_the_words() -> None:
    with pytest.raises(AssistantAmbiguous) as ambiguous:
        lookup("sales", ASSISTANTS)
    assert ambiguous.value.nearest == (
        Candidate("default", 42, "Sales Follow-up"),
        Candidate("default", 57, "Sales Follow-up Süd"),
    )
    with pytest.raises(AssistantUnknown) as unknown:
        lookup("Umfarge", ASSISTANTS)
    assert unknown.value.nearest == (Candidate("default", 101, "Umfrage"),)


def test_of_very_many_candidates_a_few_are_named() -> None:
    with pytest.raises(AssistantAmbiguous) as caught:
        lookup("twin", [assistant(number, "Twin") for number in range(1, 5_000)])
    assert len(caught.value.nearest) == CANDIDATES
