"""DATABASE_URL: what it may be, and what is never told of it."""

import pytest
from pydantic import ValidationError

from shared.settings import Settings, from_arguments

CANARY = "canary-4711-secret"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///famulor.sqlite3",
        "sqlite:////var/lib/famulor/Größe und mehr.sqlite3",
        "postgresql://user:p%40ss@db.example.com:5432/famulor?sslmode=require",
        "postgres://user@/famulor?host=/run/postgresql",
        "postgresql://",
    ],
)
def test_a_file_or_a_server_is_taken(url: str) -> None:
    taken = from_arguments(Settings, famulor_api_key="x", database_url=url).database_url
    assert taken is not None
    assert taken.get_secret_value() == url


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite://", "neither"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        (f"sqlite:///{CANARY}?mode=ro", "after ?"),
        (f"mysql://user:{CANARY}@host/db", "neither"),
        (f"postgresql+asyncpg://user:{CANARY}@host/db", "neither"),
        (f" postgresql://user:{CANARY}@host/db", "neither"),
        (f"postgresql://user:{CANARY}/x@host/db", "not a URL"),
        (f"postgresql://user:{CANARY}@[host/db", "not a URL"),
        (f"postgresql://${{USER}}:{CANARY}@host/db", "literal ${VAR}"),
        (CANARY, "neither"),
    ],
)
def test_anything_else_is_refused_in_words_that_quote_nothing(url: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        from_arguments(Settings, famulor_api_key="x", database_url=url)
    (problem,) = refused.value.errors(include_input=False, include_url=False)
    assert told in problem["msg"]
    assert CANARY not in str(problem)
