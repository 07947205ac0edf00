"""Which variables an assistant's texts use, held against those it declares."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models import Assistant
from shared.variables import SYSTEM_VARIABLES, uses, variables


def assistant(**fields: Any) -> Assistant:
    given = {"account": "default", "id": 1, "name": "A", "mode": "pipeline", "status": "active"}
    return Assistant.model_validate(given | fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hallo {customer_name}!", [("customer_name", False, "{customer_name}")]),
        ("Heute ist {{current_date}}.", [("current_date", True, "{{current_date}}")]),
        ("{a}{b}{{c}}", [("a", False, "{a}"), ("b", False, "{b}"), ("c", True, "{{c}}")]),
        (
            "{ spaced }, {{ current_time }}",
            [("spaced", False, "{ spaced }"), ("current_time", True, "{{ current_time }}")],
        ),
        (
            "{größe}, {lead.name}, {first-name}, {_x1}",
            [
                ("größe", False, "{größe}"),
                ("lead.name", False, "{lead.name}"),
                ("first-name", False, "{first-name}"),
                ("_x1", False, "{_x1}"),
            ],
        ),
        ("{{{nested}}}", [("nested", True, "{{nested}}")]),
        ("{{one} and {two}}", [("one", False, "{one}"), ("two", False, "{two}")]),
        ("{a {b}", [("b", False, "{b}")]),
        ('{"json": 1}, \\d{3}, {}, {{}}, {not a name}, {two\nlines}, {unclosed', []),
        ("", []),
    ],
)
def test_a_name_in_braces_is_a_use_and_two_braces_make_it_the_systems(
    text: str, expected: list[tuple[str, bool, str]]
) -> None:
    assert [(use.name, use.system, text[use.start : use.end]) for use in uses(text)] == expected


def test_a_declared_name_may_look_like_anything() -> None:
    text = "{Customer Name}, {1st}, {Other Name}"
    assert [use.name for use in uses(text, {"Customer Name": "", "1st": 0})] == ["Customer Name", "1st"]


def test_what_is_used_is_held_against_what_is_declared() -> None:
    found = variables(
        assistant(
            initial_message="Hi {name}, it is {{current_time}}.",
            system_prompt="{name} bought {product} of {seller}, {product} {{customer_fone}} {{product}} {current_date}",
            variables={"name": "", "product": "desk", "quote": None},
        )
    )
    assert found.declared == {"name": "", "product": "desk", "quote": None}
    assert [use.name for use in found.greeting] == ["name", "current_time"]
    assert [(use.start, use.system) for use in found.prompt if use.name == "product"] == [
        (14, False),
        (37, False),
        (65, True),
    ]
    assert len(found.uses) == len(found.greeting) + len(found.prompt)
    assert found.undeclared == ("seller", "current_date")
    assert found.unused == ("quote",)
    assert found.unknown == ("customer_fone", "product")


def test_every_system_variable_is_known() -> None:
    found = variables(assistant(system_prompt=" ".join(f"{{{{{name}}}}}" for name in SYSTEM_VARIABLES)))
    assert [use.name for use in found.prompt] == list(SYSTEM_VARIABLES)
    assert (found.undeclared, found.unknown) == ((), ())


def test_without_texts_there_is_nothing_to_use() -> None:
    found = variables(assistant(variables={"a": 1}))
    assert (found.uses, found.undeclared, found.unused, found.unknown) == ((), (), ("a",), ())


braces = st.text(st.sampled_from('{}ab_ \n"1ä') | st.characters(), max_size=60)


@given(braces, st.dictionaries(st.text("ab ", max_size=3), st.none()))
def test_any_text_is_read_and_each_use_stands_where_it_says(text: str, declared: dict[str, None]) -> None:
    found = list(uses(text, declared))
    for use in found:
        opening, closing = ("{{", "}}") if use.system else ("{", "}")
        written = text[use.start : use.end]
        assert written.startswith(opening)
        assert written.endswith(closing)
        assert written.strip("{}").strip() == use.name
    assert [use.start for use in found] == sorted({use.start for use in found})


@pytest.mark.parametrize(
    "text",
    [
        "{" * 1_000_000,
        "}" * 1_000_000,
        "{" + "a" * 1_000_000,
        "{" + " " * 1_000_000,
        "{ a" * 333_333,
        "{{" + "a." * 500_000 + "}",
        "{" * 500_000 + "a" + "}" * 500_000,
        "{a-" * 333_333,
    ],
    ids=lambda text: text[:4],
)
def test_a_hostile_text_ends(text: str) -> None:
    assert len(list(uses(text))) <= 1
