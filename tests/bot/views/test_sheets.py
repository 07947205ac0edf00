"""Whatever an assistant holds, Slack takes every page about it, as a modal and as a message."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking import Asked, Asker
from bot.playground.limits import advice, problems
from bot.translation import LANGUAGES, Say
from bot.views import comparison, details, shells
from bot.views.answers import Sheet
from shared.answers import Detail, Origin
from shared.audit import Audit
from shared.errors import NotJson
from shared.models import Assistant, Language, Names, Voice
from tests.bot.views import faults

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGES = 40
"""More than any of these examples fills."""

texts = st.text(max_size=20) | st.sampled_from(
    ["", "&" * 300, "*" * 300, "<!channel>" * 500, "x" * 20_000, "\n" * 5_000, "@a :b: _c_" * 99, "{a}" * 999, "\u202e"]
)
values = st.dictionaries(texts, texts | st.integers() | st.none() | st.lists(texts, max_size=3), max_size=5)
assistants = st.builds(
    Assistant,
    account=st.just("one"),
    id=st.integers(1, 2**63 - 1),
    name=texts,
    type=texts,
    mode=texts,
    status=texts | st.sampled_from(["active", "inactive"]),
    voice_id=st.none() | st.integers(1, 3),
    language_id=st.none() | st.integers(1, 3),
    timezone=texts | st.sampled_from(["Europe/Berlin", "America/Boston"]),
    initial_message=texts,
    system_prompt=texts,
    variables=values,
    webhook_url=texts,
    is_webhook_active=st.booleans(),
    updated_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    extra=values,
)
names = st.builds(
    Names,
    languages=texts.map(lambda text: {1: Language(id=1, name=text, iso_2=text)}),
    voices=texts.map(lambda text: {1: Voice(id=1, name=text)}),
)
failures = st.none() | texts.map(lambda text: NotJson(path=text, evidence=text))
origins = failures.map(lambda failure: Origin("one", NOW, 60, 1, (), failure))
found = st.builds(Detail, assistant=assistants, origin=origins, names=names)
askers = st.builds(
    Asker,
    user=st.just("U012AB3CD"),
    say=st.sampled_from(LANGUAGES).map(Say),
    admin=st.booleans(),
    sees_prompts=st.booleans(),
)
askeds = st.builds(Asked, text=st.just("show 1"), asker=askers, now=st.just(NOW), team=st.just("T1"))


def taken(sheet: Sheet, say: Say) -> None:
    view, message = shells.as_modal(sheet, say, sheet.command), shells.as_message(sheet, say)
    assert (problems(view), problems(message), advice(message)) == ([], [], [])


@settings(deadline=None, max_examples=15)
@given(found, faults.audits(), askeds)
def test_every_page_about_one_is_taken(one: Detail, audit: Audit, asked: Asked) -> None:
    def detail(at: Asked) -> Sheet:
        return details.detail(one, audit, at, "show 1", "https://example.com/1")

    def as_json(at: Asked) -> Sheet:
        return details.as_json(one, at, "show 1")

    for show in (detail, as_json):
        first = show(asked)
        assert 1 <= first.pages < PAGES
        for page in range(1, first.pages + 1):
            sheet = show(replace(asked, page=page))
            assert (sheet.page, sheet.pages) == (page, first.pages)
            taken(sheet, asked.say)


@settings(deadline=None, max_examples=15)
@given(found, found, askeds)
def test_every_page_about_two_is_taken(one: Detail, other: Detail, asked: Asked) -> None:
    addresses = ("https://example.com/1", "https://example.com/2")
    pages = comparison.comparison((one, other), asked, "compare 1 2", addresses).pages
    for page in {1, 2, (pages + 1) // 2, pages}:
        taken(comparison.comparison((one, other), replace(asked, page=page), "compare 1 2", addresses), asked.say)
