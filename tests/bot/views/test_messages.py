"""Whatever the core answers, Slack takes the message."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking import Asker
from bot.grammar import FINDINGS, Audit, Export, ExportFormat, Find, Listing, Unignore, Unknown
from bot.grammar import Ignore as IgnoreCommand
from bot.playground.limits import advice, problems
from bot.translation import LANGUAGES, Say
from bot.views import apologies, audits, files, guide, ignoring, lists
from bot.views.blocks import Message
from bot.views.overview import overview
from bot.views.rows import PageOf
from bot.words import Verb
from shared.answers import Audited, Origin, Page, Summary
from shared.audit import Audit as Findings
from shared.audit import Ignore
from shared.audit.paging import By, FindingQuery
from shared.audit.paging import page as page_of_findings
from shared.errors import AssistantAmbiguous, Candidate, NotJson, UpstreamError
from shared.models import Assistant, Language, Names, Rejected, Severity, Voice
from shared.query import AssistantQuery, Choice, Unmatched
from tests.bot.views import faults

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

# Short and endless texts, with all that escaping makes longer.
texts = st.text(max_size=20) | st.sampled_from(
    ["", "&" * 300, "*" * 300, "<!channel>" * 500, "x" * 20_000, "\n\n", "@a :b: _c_" * 99, "{a}" * 99]
)
languages = st.sampled_from(LANGUAGES).map(Say)
moments = st.none() | st.datetimes(timezones=st.just(UTC))
assistants = st.builds(
    Assistant,
    account=st.sampled_from(["one", "two"]),
    id=st.integers(1, 2**63 - 1),
    name=texts,
    mode=texts,
    status=texts | st.sampled_from(["active", "inactive"]),
    language_id=st.none() | st.integers(1, 3),
    timezone=texts,
    initial_message=texts,
    system_prompt=texts,
    webhook_url=texts,
    is_webhook_active=st.booleans(),
    updated_at=moments,
)
rejected = st.builds(Rejected, position=st.integers(1, 9_999), id=st.none() | st.integers(1), field=texts, reason=texts)
failures = st.none() | texts.map(lambda text: NotJson(path=text, evidence=text))
names = st.builds(
    Names,
    languages=texts.map(lambda text: {1: Language(id=1, name=text, iso_2=text)}),
    voices=texts.map(lambda text: {1: Voice(id=1, name=text)}),
)
choices = st.builds(Choice, include=st.lists(texts.filter(bool), max_size=3).map(tuple))
queries = st.builds(
    AssistantQuery,
    status=choices,
    mode=choices,
    search=st.lists(choices.filter(bool), max_size=2).map(tuple),
    prompt=st.lists(choices.filter(bool), max_size=2).map(tuple),
)
missing = st.builds(
    Unmatched,
    filter=st.sampled_from(["status", "mode", "language", "timezone"]),
    value=texts,
    occurring=st.lists(texts.filter(bool), max_size=10).map(tuple),
)


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


@st.composite
def pages(draw: st.DrawFn) -> Page:
    rows = draw(st.lists(assistants, max_size=10, unique_by=lambda one: (one.account, one.id)))
    known, cursor, more = draw(names), draw(texts), draw(st.integers(0, 20))
    return Page(
        query=draw(queries),
        assistants=tuple(rows),
        total=len(rows) + more,
        of=len(rows) + 2 * more,
        next_cursor=cursor,
        previous_cursor=draw(texts),
        origins=tuple(draw(st.lists(origins(), min_size=1, max_size=8))),
        names={"one": known, "two": known},
        unmatched=tuple(draw(st.lists(missing, max_size=4))),
        statuses=tuple(draw(st.lists(texts, max_size=40, unique=True))),
    )


def page_of(account: str, number: int) -> str:
    return f"https://example.com/{account}|<>&{number}"


def far_page_of(account: str, number: int) -> str:
    return f"https://example.com/{'x' * 5_000}/{account}/{number}"


def taken(message: Message) -> None:
    assert (problems(message), advice(message)) == ([], [])


@settings(deadline=None, max_examples=60)
@given(pages(), languages, st.sampled_from([page_of, far_page_of]), st.booleans())
def test_every_list_and_every_search_is_a_message_that_slack_takes(
    found: Page,
    say: Say,
    address: PageOf,
    finding: bool,  # noqa: FBT001 # drawn
) -> None:
    command = Find(found.query) if finding else Listing(found.query)
    taken(lists.page(found, command, say, address, shareable=True))
    taken(lists.shared(found, command, say, address, by="U012AB3CD"))
    nothing = files.nothing(found, Export(ExportFormat.CSV, found.query), say)
    taken(nothing)
    assert files.note(found, Export(ExportFormat.JSON, found.query), say)


def test_the_longest_list_that_there_can_be_is_taken() -> None:
    worst, say = "&*<" * 5_000, Say("de")
    assistant = Assistant(account="one", id=2**63 - 1, name=worst, mode=worst, status=worst, timezone=worst)
    rows = [
        assistant.model_copy(update={"id": number, "system_prompt": worst, "updated_at": NOW})
        for number in range(2**63 - 11, 2**63 - 1)
    ]
    unread = tuple(Rejected(position=n, id=n, field=worst, reason=worst) for n in range(1, 6))
    sources = tuple(Origin(f"{n}{worst}", NOW, 60, 0, unread, NotJson(path=worst, evidence=worst)) for n in range(8))
    known = Names(languages={}, voices={})
    query = AssistantQuery(prompt=(Choice(include=("&*<",)),), status=Choice(include=(worst,)))
    lost = tuple(Unmatched("status", worst, (worst,) * 10) for _ in range(5))
    found = Page(query, tuple(rows), 10, 10, worst, sources, {"one": known}, lost, worst, 1, (worst,))
    for command in (Listing(query), Find(query)):
        message = lists.page(found, command, say, lambda *_: "https://example.com/" + "x" * 179, shareable=True)
        taken(message)
        assert message["text"].endswith("…")
        taken(lists.shared(found, command, say, lambda *_: "https://example.com/" + "x" * 179, by="U012AB3CD"))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(assistants, max_size=12),
    st.lists(origins(), min_size=1, max_size=8),
    faults.audits(),
    languages,
    st.booleans(),
)
def test_every_overview_is_a_message_that_slack_takes(
    known: list[Assistant],
    sources: list[Origin],
    audit: Findings,
    say: Say,
    sees_prompts: bool,  # noqa: FBT001 # drawn
) -> None:
    asker = Asker("U012AB3CD", say, sees_prompts=sees_prompts)
    taken(overview(Summary.of_all(known, sources, audit), known[:3], asker, page_of))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(origins(), min_size=1, max_size=8),
    faults.audits(),
    st.builds(FindingQuery, assistants=queries, severity=st.sampled_from(Severity), by=st.sampled_from(By)),
    st.integers(1, FINDINGS),
    languages,
    st.booleans(),
)
def test_every_page_of_an_audit_is_a_message_that_slack_takes(
    sources: list[Origin],
    audit: Findings,
    query: FindingQuery,
    limit: int,
    say: Say,
    sees_prompts: bool,  # noqa: FBT001 # drawn
) -> None:
    asker = Asker("U012AB3CD", say, sees_prompts=sees_prompts)
    query = query.model_copy(update={"limit": limit})
    seen = 0
    while True:
        audited = Audited(query.assistants, (), audit, 30, tuple(sources), {})
        found = page_of_findings(audit, query)
        taken(audits.page(audited, found, Audit(query), asker, far_page_of if seen else page_of))
        seen += len(found.findings)
        if not found.next_cursor:
            break
        query = query.model_copy(update={"cursor": found.next_cursor})
    assert seen == found.total


@settings(deadline=None, max_examples=30)
@given(faults.decisions, texts, languages)
def test_every_answer_about_an_ignored_finding_is_one_that_slack_takes(standing: Ignore, name: str, say: Say) -> None:
    command = Unignore(str(standing.assistant), standing.rule, Choice(include=(standing.account,)))
    taken(ignoring.ignored(standing, name, say))
    taken(ignoring.heeded(command, name, standing, say))
    taken(ignoring.heeded(command, name, None, say))
    form = ignoring.form(IgnoreCommand(command.reference, command.rule, account=command.account), say)
    assert problems(form) == []


@settings(deadline=None)
@given(texts, languages)
def test_every_other_message_is_one_that_slack_takes(text: str, say: Say) -> None:
    error = NotJson(path=text, evidence=text)
    nearest = [Candidate("agency", number, text) for number in range(5)]
    ambiguous = AssistantAmbiguous(reference=text, nearest=nearest)
    for message in (
        apologies.problem(error, say),
        apologies.problem(ambiguous, say),
        guide.candidates(ambiguous, say, lambda one: f"compare 1 {one.id}"),
        guide.unknown(Unknown(text, ""), say),
        guide.unknown(Unknown("", text[:500], text[:500]), say),
        guide.invalid(error, Verb.OUTBOUND, say),
        guide.guide(None, say),
        *(guide.guide(verb, say) for verb in Verb),
    ):
        taken(message)
