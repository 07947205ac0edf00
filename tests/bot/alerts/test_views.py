"""Whatever has changed, Slack takes the message, and nothing of others' steers it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from string import Formatter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.limits import advice, problems
from bot.translation import LANGUAGES, Say
from bot.views import alerts, changes, digests
from bot.views.alerts import Scene
from bot.views.blocks import Message
from bot.views.digests import Many
from shared.alerts import Matter, Mute, Standing, family
from shared.audit import RULES
from shared.models import Assistant, Change, Kind, Names, Severity, Voice

FACTS = {
    field
    for rule in RULES.values()
    for words in (*rule.what, *rule.cure)
    for _text, field, *_rest in Formatter().parse(words)
    if field
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

texts = st.text(max_size=20) | st.sampled_from(
    ["", "&" * 300, "*" * 300, "<!channel>" * 500, "x" * 20_000, "\n\n", "@a :b: _c_" * 99, "{a}" * 99, "\u202e", "`|`"]
)
says = st.sampled_from(LANGUAGES).map(Say)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=9),
    max_leaves=9,
)
urls = st.sampled_from(["", "https://a.example/x?y=canary", "http://[", "https://user:canary@h:9/p", "nonsense"])
moments = st.none() | st.just(NOW)
findings = st.fixed_dictionaries(
    {
        "rule": st.sampled_from([*RULES, "of-another-version"]),
        "subject": texts,
        "severity": st.sampled_from(Severity).map(str),
        "facts": st.fixed_dictionaries(dict.fromkeys(FACTS, texts)) | st.dictionaries(texts, texts, max_size=2),
    }
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.PROMPT: texts,
    Kind.GREETING: texts,
    Kind.VARIABLES: st.dictionaries(texts, json_values, max_size=30),
    Kind.OTHER: st.dictionaries(texts, json_values, max_size=30),
    Kind.WEBHOOK_HOST: urls,
    Kind.WEBHOOK_PATH: urls,
    Kind.FINDING: st.lists(findings, max_size=9, unique_by=str),
    Kind.UNREACHABLE: st.builds(
        lambda error, text: {"error": error, "text": text},
        st.sampled_from(["TimedOut", "KeyRejected", "Nonsense", "UpstreamError", "SettingsError", "math"]),
        texts | st.just("api.example did not answer in time (30 s)."),
    ),
}


@st.composite
def found(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(Kind))
    # Also what another version would have written down.
    value = VALUES.get(kind, json_values) | json_values
    of_account = kind in {Kind.KEY_REJECTED, Kind.UNREACHABLE, Kind.RECOVERED}
    return Change(
        account=draw(texts),
        sequence=1,
        kind=kind,
        severity=draw(st.sampled_from(Severity)),
        assistant=None if of_account or draw(st.booleans()) else draw(st.integers(1, 2**63 - 1)),
        name=draw(texts),
        before=draw(value),
        after=draw(value),
        seen_at=NOW,
        changed_at=draw(moments),
    )


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    told = draw(st.lists(found(), min_size=1, max_size=12))
    acknowledged = draw(st.booleans())
    return Matter(
        id=draw(st.integers(1, 2**63 - 1)),
        place="T1/C1",
        account=told[-1].account,
        assistant=told[-1].assistant,
        family=family(told[-1].kind),
        opened_at=NOW,
        changes=tuple(told),
        total=len(told) + draw(st.integers(0, 999)),
        standing=draw(st.sampled_from(Standing)),
        closed_at=draw(moments),
        acknowledged_by="U123" if acknowledged else "",
        acknowledged_at=NOW if acknowledged else None,
    )


assistants = st.builds(
    Assistant,
    account=texts,
    id=st.just(1),
    name=texts,
    mode=texts,
    status=texts,
    webhook_url=urls,
    is_webhook_active=st.booleans(),
)
scenes = st.builds(
    Scene,
    address=st.sampled_from(["", "https://app.example/assistants/1", "https://app.example/" + "x" * 300]),
    names=texts.map(lambda text: Names(voices={1: Voice(id=1, name=text)})),
    assistant=st.none() | assistants,
    active=st.none() | st.integers(0, 9),
    prompts=st.booleans(),
    mute=st.none() | st.just(Mute(place="T1/C1", account="a", assistant=1, until=NOW, by="U123")),
)


def is_taken(message: Message) -> bool:
    """Within Slack's limits, with a text for who is read to, and without a mention of anybody."""
    assert problems(message) == []
    assert advice(message) == []
    assert message["text"].strip()
    read = [message["text"], *marked_up(message["blocks"])]
    return not any("<!" in text.replace("<!date^", "") or "<@U0" in text for text in read)


def marked_up(value: Any) -> Iterator[str]:
    """The texts in which Slack reads formatting and mentions."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for one in value.values():
            yield from marked_up(one)
    elif isinstance(value, list):
        for one in value:
            yield from marked_up(one)


@settings(max_examples=60, deadline=None)
@given(matter=matters(), scene=scenes, say=says)
def test_every_alert_and_its_story_fit(matter: Matter, scene: Scene, say: Say) -> None:
    assert is_taken(alerts.alert(matter, scene, say))
    assert is_taken(alerts.news(matter, matter.changes, scene, say))


@settings(max_examples=40, deadline=None)
@given(latest=st.lists(found(), min_size=1, max_size=60), more=st.integers(0, 9_999), say=says)
def test_every_summary_and_digest_fits(latest: list[Change], more: int, say: Say) -> None:
    many = Many(latest, {latest[0].kind: len(latest) + more})
    for shown in (digests.summary, digests.digest, digests.details):
        assert is_taken(shown(many, say, lambda account, number: f"https://app.example/{number}"))


@settings(max_examples=100, deadline=None)
@given(change=found(), say=says)
def test_a_line_is_one_line_and_tells_no_secret(change: Change, say: Say) -> None:
    line = changes.line(change, say)
    assert "\n" not in line
    assert len(line) <= 2_000
    assert "canary" not in line


@settings(deadline=None)
@given(reason=texts, numbers=st.lists(st.integers(1, 2**63 - 1), max_size=50), say=says)
def test_word_to_a_person_fits(reason: str, numbers: list[int], say: Say) -> None:
    assert is_taken(alerts.paused("C123", reason, numbers, say))


def test_every_kind_has_a_name_in_either_language() -> None:
    for language in LANGUAGES:
        names = [digests.kind_name(kind, Say(language)) for kind in Kind]
        assert len(set(names)) == len(Kind)


def test_a_number_is_read_as_it_is_written() -> None:
    assert [alerts.number_in(text) for text in ("A-17", " a-3 ", "A-", "17", "A--1", "A-1x", "A-" + "9" * 19)] == [
        *(17, 3),
        *(None,) * 5,
    ]
