"""Texts that nobody would write, for whatever reads other people's: an answer or a refusal, never a fault."""

import base64
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from bot import arrivals
from bot.grammar import Invalid, Unknown, parse, written
from bot.views.state import LONGEST_MENU, Shown, menu_ids, menu_text
from shared.demo import demo_assistants
from shared.errors import CursorInvalid, SettingsError, UpstreamError
from shared.famulor import wire
from shared.models import Language, Names, Voice
from shared.query import AssistantQuery, run
from shared.settings import SlackSettings, load_settings
from shared.settings.http import HttpSettings
from tests.fuzz.keeping import fewer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RECORDS = demo_assistants()
ASSISTANTS, _REJECTED = wire.assistants(RECORDS, "default")
CURSOR = run(AssistantQuery(limit=3), ASSISTANTS, {"default": Names()}).next_cursor
CANARY = "canary-4711"
NAMES = sorted(name.upper() for name in {**SlackSettings.model_fields, **HttpSettings.model_fields})


def texts(longest: int | None = None) -> st.SearchStrategy[str]:
    """Half of it in ASCII: drawn from all of Unicode, hardly a text has a letter that code looks for."""
    return st.text(st.characters(max_codepoint=127), max_size=longest) | st.text(max_size=longest)


def anything(floats: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Whatever JSON can say, with these numbers in it."""
    scalars = st.none() | st.booleans() | st.integers() | floats | texts(20)
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(8), inner, max_size=4)
    )


values = anything(st.floats())
"""Python reads and writes NaN and infinity too."""


def like(example: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The example with anything in the place of some of its fields, some of them missing, and others besides."""
    changed = st.dictionaries(st.sampled_from(sorted(example)), values, max_size=5)
    missing = st.sets(st.sampled_from(sorted(example)), max_size=2)
    return st.builds(
        lambda new, gone: {name: value for name, value in {**example, **new}.items() if name not in gone},
        changed,
        missing,
    )


bodies = st.one_of(
    st.binary(),
    values.map(lambda value: json.dumps(value).encode()),
    st.lists(like(RECORDS[0]), max_size=3).map(lambda records: json.dumps(records).encode()),
    st.builds(
        lambda at, put: _spliced(json.dumps(RECORDS[:2]).encode(), at, put), st.integers(0), st.binary(max_size=8)
    ),
)


def _spliced(whole: bytes, at: int, put: bytes) -> bytes:
    at %= len(whole)
    return whole[:at] + put + whole[at + len(put) :]


@given(bodies)
def test_a_body_is_assistants_or_a_refusal(body: bytes) -> None:
    path = "/api/user/assistants/outbound"
    try:
        records = wire.list_of_records(body, path)
    except UpstreamError:
        return
    found, rejected = wire.assistants(records, "default")
    assert len(found) + len(rejected) == len(records)
    assert len(wire.by_id(records, Language)) <= len(records)
    assert len(wire.by_id(records, Voice)) <= len(records)


@given(bodies)
def test_an_owner_is_one_or_a_refusal(body: bytes) -> None:
    try:
        owner = wire.owner(body, "/api/user/me")
    except UpstreamError:
        return
    assert isinstance(owner.name, str)


PIECES = """
outbound active inactive mode:pipeline !status: updated:>7d updated:<2026-01-01 sort:-updated,name page:2 after:
prompt:“ name:* id:42,101 webhook:missing subscribe on:status min:warning quiet 22:00-07:00 mute 42 bis find history
since: Konto: diff export csv sprache aktiv hilfe , ! : * " ' <@U1> <https://a|b> @ #
"""
words = st.sampled_from([*PIECES.split(), "\N{ZERO WIDTH SPACE}"])


@given(texts() | st.lists(words | texts(6), max_size=8).map(" ".join))
def test_a_command_is_understood_or_refused_and_what_is_written_is_read_as_the_same(text: str) -> None:
    command = parse(text, now=NOW)
    if isinstance(command, Unknown | Invalid):
        return
    for language in ("en", "de"):
        again = parse(written(command, language), now=NOW)
        assert again == command, written(command, language)


@given(
    texts()
    | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="))
    | values.map(lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("="))
    | st.builds(
        lambda at, put: _spliced(base64.urlsafe_b64decode(CURSOR + "=="), at, put),
        st.integers(0),
        st.binary(max_size=4),
    ).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="))
)
def test_a_cursor_leads_to_a_page_of_its_question_or_nowhere(cursor: str) -> None:
    try:
        page = run(AssistantQuery(limit=3, cursor=cursor), ASSISTANTS, {"default": Names()})
    except CursorInvalid:
        return
    assert all(one in ASSISTANTS for one in page.assistants)
    assert len(page.assistants) <= 3


@example("[" * 3_000)
@given(texts() | values.map(json.dumps) | st.builds(Shown, texts(), st.integers(1)).map(str))
def test_what_a_modal_carries_is_read_as_a_text_and_a_page(metadata: str) -> None:
    shown = Shown.read(metadata)
    assert isinstance(shown.command, str)
    assert shown.page >= 1
    assert Shown.read(str(shown)) == shown


@given(st.text(min_size=1, max_size=LONGEST_MENU, alphabet="abcdefghijklmnopqrstuvwxyz"), texts(600))
def test_a_menu_carries_its_text_whole_or_there_is_none(what: str, text: str) -> None:
    ids = menu_ids(what, text)
    if ids is not None:
        action_id, block_id = ids
        assert max(map(len, ids)) <= 255
        assert menu_text({"action_id": action_id, "block_id": block_id}) == (what, text)


PAYLOAD: dict[str, Any] = {
    "type": "block_actions",
    "trigger_id": "1.2.3",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "channel_id": "C1", "thread_ts": "1.0"},
    "message": {"ts": "1.0", "blocks": []},
    "view": {"id": "V1", "hash": "1", "type": "modal", "private_metadata": "{}", "state": {"values": {}}},
    "actions": [{"action_id": "run:1", "value": "outbound", "action_ts": "1.0"}],
    "event": {"type": "link_shared", "user": "U1", "channel": "C1", "links": [{"url": "https://a.example"}]},
    "event_id": "Ev1",
    "response_url": "https://hooks.slack.com/actions/1",
}


@given(like(PAYLOAD) | st.builds(lambda part, new: {**PAYLOAD, part: new}, st.sampled_from(sorted(PAYLOAD)), values))
def test_whatever_slack_sends_has_the_shape_of_an_arrival(body: dict[str, Any]) -> None:
    for read in (arrivals.command, arrivals.event, arrivals.home, arrivals.interaction):
        arrival = read(body)
        assert all(isinstance(text, str) for text in (arrival.key, arrival.user, arrival.team, arrival.place))
        assert isinstance(arrival.in_modal, bool)


environments = st.dictionaries(
    st.sampled_from([*NAMES, *(f"{name}_FILE" for name in NAMES)]),
    st.one_of(
        texts(30).map(lambda value: value.replace("\0", "")),
        st.sampled_from(
            ["0", "-1", "1e400", "nan", "true", "xoxb-1", "http://a", "https://a.example", "/", "{}", "[]"]
        ),
        values.map(lambda value: json.dumps(value).replace("\0", "")),
    ).map(lambda value: f"{CANARY}{value}" if len(value) % 3 == 0 else value),
    max_size=6,
)


@fewer(0.6)
@given(environments)
def test_an_environment_is_settings_or_lines_that_quote_no_value(environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, environment, clear=True):
        before = os.getcwd()  # noqa: PTH109 # put back below
        os.chdir(folder)
        try:
            for kind in (SlackSettings, HttpSettings):
                try:
                    load_settings(kind)
                except SettingsError as error:
                    lines = error.explain()
                    assert lines
                    assert CANARY not in lines
        finally:
            os.chdir(before)
