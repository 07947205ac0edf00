"""What may be shown of secrets that users keep in assistants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.demo import demo_assistants
from shared.masking import MASK, masked_url, masked_values


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("https://crm.example.com/hooks/famulor/sales", "https://crm.example.com/hooks/famulor/sales"),
        ("https://crm.example.com:8443/a?token=s3cret&x=1", "https://crm.example.com:8443/a?token=•••&x=•••"),
        ("https://crm.example.com/?s3cret", "https://crm.example.com/?•••"),
        ("https://crm.example.com/a?;", "https://crm.example.com/a?•••"),
        ("https://user:s3cret@crm.example.com/", "https://•••@crm.example.com/"),
        ("https://crm.example.com/a#s3cret", "https://crm.example.com/a#•••"),
        ("https://hooks.example.com/T0/B0/a1b2c3d4e5f6a7b8c9", "https://hooks.example.com/T0/B0/a1b2•••"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://[::1", MASK),
        ("https://host:port/", MASK),
        ("hooks/sales", "hooks/sales"),
        ("hooks?key=s3cret", MASK),
    ],
)
def test_a_url_shows_where_data_goes_and_not_what_opens_the_door(url: str, shown: str) -> None:
    assert masked_url(url) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("customer_name", "Anna", "Anna"),
        ("crm_api_key", "abc", MASK),
        ("Passwort", "abc", MASK),
        ("to\u200bken", "abc", MASK),
        ("token", "", ""),
        ("token", None, None),
        ("token", 4711, MASK),
        ("has_token", True, True),
        ("note", "use sk-abcdefgh12345678 please", f"use {MASK} please"),
        ("note", "Bearer abcdefgh1234", MASK),
        ("headers", {"Authorization": "x", "Accept": "y"}, {"Authorization": MASK, "Accept": "y"}),
        ("list", ["plain", "ghp_abcdefgh12345678"], ["plain", MASK]),
        ("count", 3, 3),
    ],
)
def test_a_value_is_masked_where_its_name_or_its_looks_are_secret(
    name: str, value: JsonValue, shown: JsonValue
) -> None:
    assert masked_values({name: value}) == {name: shown}


@given(st.text())
def test_no_text_is_too_odd_for_a_url(url: str) -> None:
    assert isinstance(masked_url(url), str)


def test_what_is_no_secret_in_the_demo_is_shown_as_it_is() -> None:
    for record in demo_assistants():
        variables = record["variables"] or {}
        assert masked_values(variables) == variables
