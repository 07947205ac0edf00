"""Which assistants, in which order, page by page."""

import base64
import string
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import CursorInvalid, FilterInvalid, LanguagesUnknown
from shared.models import Assistant, Language, Names
from shared.query import AssistantQuery, Choice, Matches, Sort, SortField, Unmatched, cursor_after, run
from shared.query.order import BY_NAME, complete, ordered
from shared.query.run import predicate

NAMES = {
    "default": Names(
        languages={
            1: Language(id=1, name="German", iso_2="de"),
            2: Language(id=2, name="English", iso_2="en"),
        }
    )
}
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def assistant(number: int, **fields: Any) -> Assistant:
    given = {"account": "default", "id": number, "name": f"A{number}", "mode": "pipeline", "status": "active"}
    return Assistant.model_validate(given | fields)


ASSISTANTS = [
    assistant(1, name="Älteste", language_id=1, timezone="Europe/Berlin", updated_at=MOMENT),
    assistant(
        2, name="zoe", language_id=2, status="inactive", mode="dualplex", system_prompt="Offer a REFUND, please."
    ),
    assistant(
        3, name="Bert", language_id=1, webhook_url="https://x.example.com", updated_at=MOMENT - timedelta(days=8)
    ),
    assistant(4, name="anna", status="Processing", webhook_url="https://x.example.com", is_webhook_active=True),
]


def ids(query: AssistantQuery, assistants: Sequence[Assistant] = ASSISTANTS) -> list[int]:
    return [one.id for one in run(query, assistants, NAMES).assistants]


def test_without_a_question_all_come_by_name() -> None:
    matches = run(AssistantQuery(), ASSISTANTS, NAMES)
    assert [one.name for one in matches.assistants] == ["Älteste", "anna", "Bert", "zoe"]
    assert (matches.total, matches.next_cursor) == (4, "")


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("status", "active", {1, 3}),
        ("status", "ACTIVE,inactive", {1, 2, 3}),
        ("status", "!active", {2, 4}),
        ("status", "processing", {4}),
        ("status", "nowhere", set()),
        ("mode", "dualplex", {2}),
        ("mode", "!dualplex", {1, 3, 4}),
        ("language", "de", {1, 3}),
        ("language", "German", {1, 3}),
        ("language", "2", {2}),
        ("language", "!de", {2, 4}),
        ("timezone", "europe/berlin", {1}),
        ("webhook", "on", {4}),
        ("webhook", "off,missing", {1, 2, 3}),
        ("webhook", "!Missing", {3, 4}),
        ("ids", "2,3", {2, 3}),
        ("ids", "!2", {1, 3, 4}),
        ("account", "default", {1, 2, 3, 4}),
        ("account", "!default", set()),
        ("account", "def*", {1, 2, 3, 4}),
        ("account", "*", {1, 2, 3, 4}),
        ("timezone", "Europe/*", {1}),
        ("timezone", "!*/*", {2, 3, 4}),
        ("timezone", "*", {1, 2, 3, 4}),
        ("status", "*active", {1, 2, 3}),
        ("mode", "!dual*", {1, 3, 4}),
        ("language", "ger*", {1, 3}),
        ("webhook", "o*", {3, 4}),
        ("webhook", "*", {1, 2, 3, 4}),
        ("ids", "*", {1, 2, 3, 4}),
    ],
)
def test_each_filter_takes_any_of_its_values_and_leaves_out_the_negated(
    field: str, value: str, found: set[int]
) -> None:
    assert set(ids(AssistantQuery.model_validate({field: Choice.parse(value)}))) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["refund"], {2}),
        (["refund,bert"], {2, 3}),
        (["refund", "bert"], set()),
        (["refund", "ZOE"], {2}),
        (["!refund"], {1, 3, 4}),
        (["aelteste"], {1}),
        ([""], {1, 2, 3, 4}),
    ],
)
def test_every_word_is_looked_for_in_name_and_prompt(words: list[str], found: set[int]) -> None:
    assert set(ids(AssistantQuery(search=tuple(map(Choice.parse, words))))) == found


@pytest.mark.parametrize(
    ("field", "words", "found"),
    [
        ("name", ["zoe"], {2}),
        ("name", ["refund"], set()),
        ("name", ["!*e*"], {4}),
        ("name", ["a*e", "*st*"], {1}),
        ("prompt", ["refund"], {2}),
        ("prompt", ["zoe"], set()),
        ("prompt", ["offer*please"], {2}),
        ("prompt", ["please*offer"], set()),
        ("prompt", ["!refund"], {1, 3, 4}),
        ("prompt", ["*"], {1, 2, 3, 4}),
        ("search", ["offer*please"], {2}),
        ("search", ["zoe*refund"], set()),
    ],
)
def test_a_word_can_be_looked_for_in_one_place_and_in_pieces(field: str, words: list[str], found: set[int]) -> None:
    assert set(ids(AssistantQuery.model_validate({field: tuple(map(Choice.parse, words))}))) == found


def test_updated_since_and_its_negation_share_out_all() -> None:
    since = MOMENT - timedelta(days=7)
    assert ids(AssistantQuery(updated_since=since)) == [1]
    assert set(ids(AssistantQuery(updated_before=since))) == {2, 3, 4}


def test_filters_are_all_to_hold() -> None:
    assert ids(AssistantQuery(status=Choice.parse("active"), webhook=Choice.parse("off"))) == [3]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", [1, 4, 3, 2]),
        ("-name", [2, 3, 4, 1]),
        ("id", [1, 2, 3, 4]),
        ("-updated", [1, 3, 4, 2]),
        ("status,-id", [3, 1, 2, 4]),
        ("webhook,name", [1, 2, 3, 4]),
        ("mode", [2, 1, 4, 3]),
        ("language", [4, 1, 3, 2]),
        ("timezone,created,account,-id", [4, 3, 2, 1]),
    ],
)
def test_a_list_is_sorted_by_several_keys_each_in_its_direction(sort: str, order: list[int]) -> None:
    assert ids(AssistantQuery(sort=Sort.parse(sort))) == order
    assert Sort.parse(",".join(map(str, Sort.parse(sort)))) == Sort.parse(sort)


@pytest.mark.parametrize(
    ("field", "value"),
    [("webhook", "perhaps"), ("webhook", "x*"), ("ids", "Anna"), ("ids", "!4x"), ("ids", "4*")],
)
def test_a_value_that_no_assistant_could_have_is_refused_naming_the_valid_ones(field: str, value: str) -> None:
    with pytest.raises(FilterInvalid) as caught:
        AssistantQuery.model_validate({field: Choice.parse(value)})
    assert "Valid: " in caught.value.explain()


def test_an_unknown_sort_key_is_refused_naming_the_valid_ones() -> None:
    with pytest.raises(FilterInvalid, match="“age” is no sort key") as caught:
        Sort.parse("name,age")
    assert all(field in caught.value.explain() for field in SortField)


def test_a_language_whose_list_is_missing_is_an_error_and_its_number_is_none() -> None:
    query = AssistantQuery(language=Choice.parse("1,de"))
    with pytest.raises(LanguagesUnknown, match="“de”"):
        run(query, ASSISTANTS, {"default": Names()})
    numbered = AssistantQuery(language=Choice.parse("1"))
    assert [one.id for one in run(numbered, ASSISTANTS, {"default": Names()}).assistants] == [1, 3]


texts = st.text(alphabet=string.ascii_letters + "äöüß é", max_size=3)
assistants = st.lists(
    st.builds(
        assistant,
        st.integers(1, 60),
        name=texts,
        status=st.sampled_from(["active", "inactive"]),
        updated_at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)),  # noqa: DTZ001 # hypothesis adds the zone,
    ),
    unique_by=lambda one: one.id,
    max_size=30,
)
sorts = st.lists(st.builds(Sort, field=st.sampled_from(SortField), descending=st.booleans()), max_size=3).map(tuple)


def pages(query: AssistantQuery, rows: Sequence[Assistant]) -> list[Matches]:
    found = [run(query, rows, NAMES)]
    while found[-1].next_cursor:
        found.append(run(query.model_copy(update={"cursor": found[-1].next_cursor}), rows, NAMES))
    return found


@given(assistants, sorts, st.integers(1, 7))
def test_paging_visits_every_match_once_and_in_order(rows: list[Assistant], sort: tuple[Sort, ...], limit: int) -> None:
    query = AssistantQuery(status=Choice.parse("active"), sort=sort, limit=limit)
    whole = run(query.model_copy(update={"limit": 100}), rows, NAMES)
    visited = [one for page in pages(query, rows) for one in page.assistants]
    assert visited == list(whole.assistants)
    assert {page.total for page in pages(query, rows)} == {len(visited)}


@given(assistants, assistants, sorts, st.integers(1, 7))
def test_a_cursor_survives_whatever_comes_and_goes_between_two_pages(
    before: list[Assistant], after: list[Assistant], sort: tuple[Sort, ...], limit: int
) -> None:
    query = AssistantQuery(sort=sort, limit=limit)
    first = run(query, before, NAMES)
    if not first.next_cursor:
        return
    stayed = [one for one in before if one not in first.assistants]
    known = {one.id for one in before}
    mixed = [*stayed, *(one for one in after if one.id not in known)]
    rest = pages(query.model_copy(update={"cursor": first.next_cursor}), mixed)
    visited = [one for page in rest for one in page.assistants]
    assert {one.id for one in stayed} <= {one.id for one in visited}
    assert len(visited) == len({one.id for one in visited})


def back(query: AssistantQuery, rows: Sequence[Assistant], page: Matches) -> list[Matches]:
    """The page, and all that come before it, the first first."""
    found = [page]
    while found[0].previous_cursor:
        found.insert(0, run(query.model_copy(update={"cursor": found[0].previous_cursor}), rows, NAMES))
    return found


@given(assistants, sorts, st.integers(1, 7))
def test_going_back_visits_the_same_pages(rows: list[Assistant], sort: tuple[Sort, ...], limit: int) -> None:
    query = AssistantQuery(sort=sort, limit=limit)
    forward = pages(query, rows)
    assert [page.assistants for page in back(query, rows, forward[-1])] == [page.assistants for page in forward]
    for before, after in pairwise(back(query, rows, forward[-1])):
        again = run(query.model_copy(update={"cursor": before.next_cursor}), rows, NAMES)
        assert (again.assistants, again.total) == (after.assistants, len(rows))


@given(assistants, assistants, sorts, st.integers(1, 7), st.integers(0, 30))
def test_going_back_visits_what_stayed_whatever_came_and_went(
    before: list[Assistant], others: list[Assistant], sort: tuple[Sort, ...], limit: int, page: int
) -> None:
    query = AssistantQuery(sort=sort, limit=limit)
    known = {one.id for one in before}
    forward = pages(query, before)
    seen = forward[: page % len(forward) + 1]
    if len(seen) > 1:
        earlier = {one.id for one in (one for page in seen[:-1] for one in page.assistants)}
        after = [*(one for one in before if one.id % 3), *(one for one in others if one.id not in known)]
        first = run(query.model_copy(update={"cursor": seen[-1].previous_cursor}), after, NAMES)
        visited = [one.id for one in (one for page in back(query, after, first) for one in page.assistants)]
        assert {number for number in earlier if number % 3} <= set(visited)
        assert not [one for one in back(query, after, first)[:-1] if len(one.assistants) < limit and one.next_cursor]
        assert back(query, after, first)[0].assistants == run(query, after, NAMES).assistants


@given(assistants, sorts, st.integers(1, 7))
def test_each_page_says_which_number_its_first_row_has(
    rows: list[Assistant], sort: tuple[Sort, ...], limit: int
) -> None:
    query = AssistantQuery(sort=sort, limit=limit)
    forward = pages(query, rows)
    assert [page.first for page in forward] == list(range(1, len(rows) + 1, limit) if rows else [1])
    assert [page.first for page in back(query, rows, forward[-1])] == [page.first for page in forward]


@pytest.mark.parametrize("query", [AssistantQuery(), AssistantQuery(status=Choice.parse("act*"), limit=1)])
def test_one_assistant_matches_where_the_list_holds_it(query: AssistantQuery) -> None:
    held = {one.id for page in pages(query, ASSISTANTS) for one in page.assistants}
    assert {one.id for one in filter(predicate(query, NAMES), ASSISTANTS)} == held


def test_the_first_page_is_full_even_if_fewer_rows_are_left_before_the_second() -> None:
    query = AssistantQuery(limit=2, sort=Sort.parse("id"))
    second = run(query.model_copy(update={"cursor": run(query, ASSISTANTS, NAMES).next_cursor}), ASSISTANTS, NAMES)
    fewer = ASSISTANTS[1:]
    first = run(query.model_copy(update={"cursor": second.previous_cursor}), fewer, NAMES)
    assert [one.id for one in first.assistants] == [2, 3]
    assert (first.previous_cursor, bool(first.next_cursor)) == ("", True)


def test_a_page_that_has_become_empty_still_leads_back() -> None:
    query = AssistantQuery(limit=2, sort=Sort.parse("id"))
    cursor = run(query, ASSISTANTS, NAMES).next_cursor
    empty = run(query.model_copy(update={"cursor": cursor}), ASSISTANTS[:2], NAMES)
    assert (empty.assistants, empty.next_cursor) == ((), "")
    assert ids(query.model_copy(update={"cursor": empty.previous_cursor}), ASSISTANTS[:2]) == [1, 2]


@given(assistants, sorts, st.integers(1, 40))
def test_a_page_is_the_beginning_of_the_whole_order(rows: list[Assistant], sort: tuple[Sort, ...], limit: int) -> None:
    whole = list(rows)
    for one in reversed(complete(sort)):
        whole.sort(key=one.key, reverse=one.descending)
    assert list(run(AssistantQuery(sort=sort, limit=limit), rows, NAMES).assistants) == whole[:limit]


@given(assistants, sorts, st.integers(1, 7))
def test_what_is_in_order_already_is_paged_as_if_it_were_not(
    rows: list[Assistant], sort: tuple[Sort, ...], limit: int
) -> None:
    query = AssistantQuery(status=Choice.parse("active"), sort=sort, limit=limit)
    there = pages(query, rows)
    cursors = ["", *(page.next_cursor for page in there), *(page.previous_cursor for page in there)]
    for asked in [query.model_copy(update={"cursor": cursor}) for cursor in cursors]:
        assert run(asked, rows, NAMES, by_name=ordered(rows, BY_NAME)) == run(asked, rows, NAMES)


def test_a_cursor_belongs_to_its_question_alone() -> None:
    cursor = run(AssistantQuery(limit=2), ASSISTANTS, NAMES).next_cursor
    assert ids(AssistantQuery(limit=50, cursor=cursor)) == [3, 2]
    for other in (
        AssistantQuery(cursor=cursor, sort=Sort.parse("-name")),
        AssistantQuery(cursor=cursor, status=Choice.parse("active")),
    ):
        with pytest.raises(CursorInvalid, match="does not belong"):
            run(other, ASSISTANTS, NAMES)


@given(
    st.text()
    | st.binary().map(lambda raw: raw.decode("latin-1"))
    | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True)
)
def test_no_text_is_mistaken_for_a_cursor(text: str) -> None:
    if text:
        with pytest.raises(CursorInvalid):
            run(AssistantQuery(cursor=text), ASSISTANTS, NAMES)


def test_a_cursor_with_values_of_another_kind_is_refused() -> None:
    cursor = run(AssistantQuery(limit=2), ASSISTANTS, NAMES).next_cursor
    raw = base64.urlsafe_b64decode(cursor + "==").replace(b'"anna"', b"4")
    assert b",4," not in base64.urlsafe_b64decode(cursor + "==")
    forged = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises(CursorInvalid):
        run(AssistantQuery(limit=2, cursor=forged), ASSISTANTS, NAMES)


@given(assistants, sorts, st.integers(1, 7))
def test_a_list_can_be_left_after_any_row(rows: list[Assistant], sort: tuple[Sort, ...], count: int) -> None:
    query = AssistantQuery(sort=sort, limit=100)
    whole = run(query, rows, NAMES).assistants
    if whole[:count]:
        cursor = cursor_after(whole[:count][-1], query)
        assert run(query.model_copy(update={"cursor": cursor}), rows, NAMES).assistants == whole[count:]


@pytest.mark.parametrize(
    ("field", "value", "unmatched"),
    [
        ("status", "active,!INACTIVE", ()),
        ("status", "aktiv", (Unmatched("status", "aktiv", ("active", "inactive", "Processing")),)),
        ("mode", "!dual", (Unmatched("mode", "dual", ("pipeline", "dualplex")),)),
        ("language", "German,en,2", ()),
        ("language", "fr", (Unmatched("language", "fr", ("de", "en")),)),
        ("timezone", "Europe/*,*", ()),
        ("timezone", "US/*", (Unmatched("timezone", "US/*", ("Europe/Berlin",)),)),
        ("status", "act*,!x*", (Unmatched("status", "x*", ("active", "inactive", "Processing")),)),
        ("timezone", "Berlin", (Unmatched("timezone", "Berlin", ("Europe/Berlin",)),)),
    ],
)
def test_values_that_no_assistant_has_are_told_with_those_that_occur(
    field: str, value: str, unmatched: tuple[Unmatched, ...]
) -> None:
    query = AssistantQuery.model_validate({field: Choice.parse(value)})
    assert run(query, ASSISTANTS, NAMES).unmatched == unmatched
