"""Links to assistants' pages: told from every other link, however alike it looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.settings import Settings, from_arguments

ACCOUNTS = {
    "agency": {"api_key": "key-1"},
    "client": {"api_key": "key-2", "base_url": "https://phones.example.com/app"},
    "other": {"api_key": "key-3"},
}


def settings(**given: str) -> Settings:
    return from_arguments(Settings, famulor_accounts=ACCOUNTS, **given)


@given(st.sampled_from(sorted(ACCOUNTS)), st.integers(0, 10**18 - 1))
def test_the_address_of_a_page_leads_back_to_its_assistant(account: str, assistant: int) -> None:
    known = settings()
    found = known.assistant_of(known.page_of(account, assistant))
    assert found is not None
    assert account in found[0]
    assert found[1] == assistant


def test_accounts_of_one_host_are_all_named() -> None:
    assert settings().assistant_of("https://app.famulor.de/assistants/42") == (("agency", "other"), 42)
    assert settings().assistant_of("https://phones.example.com/app/assistants/42") == (("client",), 42)


@pytest.mark.parametrize("rest", ["", "/", "?tab=calls&id=7", "#top", "/?x=1#y"])
@pytest.mark.parametrize("host", ["https://app.famulor.de", "HTTPS://APP.Famulor.DE", "https://app.famulor.de:443"])
def test_what_stands_behind_and_how_the_host_is_written_do_not_matter(host: str, rest: str) -> None:
    assert settings().assistant_of(f"{host}/assistants/42{rest}") == (("agency", "other"), 42)


def test_a_pattern_of_ones_own_is_followed() -> None:
    known = settings(famulor_assistant_url="https://console.example.com/{id}/9")
    assert known.assistant_of("https://console.example.com/42/9") == (("agency", "client", "other"), 42)
    assert known.assistant_of("https://app.famulor.de/assistants/42") is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "42",
        "http://app.famulor.de/assistants/42",
        "https://app.famulor.de.evil.example/assistants/42",
        "https://evil.example/https://app.famulor.de/assistants/42",
        "https://evil.example/assistants/42",
        "https://app.famulor.de@evil.example/assistants/42",
        "https://user:x@app.famulor.de/assistants/42",
        "https://app.famulor.de:8443/assistants/42",
        "https://app.famulor.de:port/assistants/42",
        "https://app.famulor.de\\@evil.example/assistants/42",
        "https://app.famulor.de/assistants/42/edit",
        "https://app.famulor.de/assistants/../assistants/42",
        "https://app.famulor.de/assistants/042",
        "https://app.famulor.de/assistants/%34%32",
        "https://app.famulor.de/assistants/٤٢",
        "https://app.famulor.de/assistants/4 2",
        "https://app.famulor.de/assist\tants/42",
        "https://app.famulor.de/assistants/",
        "https://app.famulor.de/?next=/assistants/42",
        "javascript://app.famulor.de/assistants/42",
        "https://[::1/assistants/42",
        "https:///assistants/42",
        "https://app.famulor.de/assistants/42?" + "1" * 3_000,
    ],
)
def test_whatever_else_looks_like_a_page_is_none(url: str) -> None:
    assert settings().assistant_of(url) is None


@given(st.text())
def test_any_text_is_a_page_or_none(text: str) -> None:
    assert settings().assistant_of(text) is None
    assert settings().assistant_of(f"https://app.famulor.de/{text}") is None or "assistants" in text
