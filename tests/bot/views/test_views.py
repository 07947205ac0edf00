"""Whatever the core answers, Slack takes the message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import views
from bot.grammar import ROWS, Unknown
from bot.playground.limits import advice, problems
from bot.views import phrases
from bot.words import Verb
from shared.core import Detail, Origin, Page
from shared.errors import NotJson, UpstreamError
from shared.models import Assistant, Language, Names, Rejected, Voice
from shared.query import AssistantQuery

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

# Short and endless texts, with all that escaping makes longer.
texts = st.text(max_size=20) | st.sampled_from(
    ["", "&" * 300, "*" * 300, "<!channel>" * 500, "x" * 20_000, "\n\n", "@a :b: _c_" * 99]
)
moments = st.none() | st.datetimes(timezones=st.just(UTC))
assistants = st.builds(
    Assistant,
    account=st.sampled_from(["one", "two"]),
    id=st.integers(1, 2**63 - 1),
    name=texts,
    type=texts,
    mode=texts,
    status=texts | st.sampled_from(["active", "inactive"]),
    voice_id=st.none() | st.integers(1, 3),
    language_id=st.none() | st.integers(1, 3),
    timezone=texts,
    initial_message=texts,
    system_prompt=texts,
    variables=st.dictionaries(texts, texts, max_size=3),
    webhook_url=texts | texts.map(lambda path: f"https://u:p@example.com/{path}?{path}"),
    is_webhook_active=st.booleans(),
    created_at=moments,
    updated_at=moments,
    extra=st.dictionaries(texts, texts, max_size=3),
)
rejected = st.builds(Rejected, position=st.integers(1, 9_999), id=st.none() | st.integers(1), field=texts, reason=texts)
failures = st.none() | texts.map(lambda text: NotJson(path=text, evidence=text))


@st.composite
def origins(draw: st.DrawFn) -> Origin:
    failure: UpstreamError | None = draw(failures)
    nothing = failure is not None and draw(st.booleans())
    return Origin(
        account=draw(texts),
        fetched_at=None if nothing else NOW,
        age=draw(st.floats(0, 10**7)),
        total=0,
        rejected=() if nothing else tuple(draw(st.lists(rejected, max_size=5))),
        failure=failure,
    )


names = st.builds(
    Names,
    languages=texts.map(lambda text: {1: Language(id=1, name=text, iso_2=text)}),
    voices=texts.map(lambda text: {1: Voice(id=1, name=text)}),
)


@settings(deadline=None)
@given(
    st.lists(assistants, max_size=ROWS), st.integers(0, 20), st.lists(origins(), min_size=1, max_size=8), names, texts
)
def test_every_page_is_a_message_that_slack_takes(
    rows: list[Assistant], more: int, sources: list[Origin], known: Names, cursor: str
) -> None:
    page = Page(
        query=AssistantQuery(limit=ROWS),
        assistants=tuple(rows),
        total=len(rows) + more,
        of=len(rows) + 2 * more,
        next_cursor=cursor,
        origins=tuple(sources),
        names={"one": known, "two": known},
    )
    message = views.page(page)
    assert (problems(message), advice(message)) == ([], [])


def test_a_text_beyond_what_slack_reads_is_cut() -> None:
    failed = NotJson(path="x" * 500, evidence="y")
    unread = tuple(Rejected(position=n, id=n, field="f" * 60, reason="r" * 150) for n in range(1, 6))
    sources = tuple(Origin(f"{n}" * 300, NOW, 60, 0, unread, failed) for n in range(8))
    page = Page(AssistantQuery(), (), 0, 0, "", sources, {})
    message = views.page(page)
    assert message["text"].endswith("…")
    assert (problems(message), advice(message)) == ([], [])


@settings(deadline=None)
@given(assistants, origins().filter(lambda origin: origin.fetched_at is not None), names)
def test_every_detail_is_a_message_that_slack_takes(assistant: Assistant, origin: Origin, known: Names) -> None:
    message = views.detail(Detail(assistant, origin, known))
    assert (problems(message), advice(message)) == ([], [])


@settings(deadline=None)
@given(texts)
def test_every_other_message_is_one_that_slack_takes(text: str) -> None:
    for message in (
        views.problem(NotJson(path=text, evidence=text)),
        views.unknown(Unknown(text, "")),
        views.unknown(Unknown("", text)),
        views.not_a_command(text),
        views.guide(None),
        *map(views.guide, Verb),
        views.accident("abcd"),
        views.interrupted(),
    ):
        assert (problems(message), advice(message)) == ([], [])


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(age: timedelta, words: str) -> None:
    assert phrases.age(age.total_seconds()) == words
