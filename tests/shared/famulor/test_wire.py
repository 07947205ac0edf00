"""Records as they come in the wild."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.demo import DemoApi, demo_assistants, faults
from shared.errors import UpstreamError
from shared.famulor import FamulorClient, wire
from shared.models import Assistant, Rejected, WebhookState

RECORD: dict[str, Any] = {"id": 7, "name": "Anna", "mode": "pipeline", "status": "active"}


def one(**fields: Any) -> Assistant:
    (assistant,), rejected = wire.assistants([{**RECORD, **fields}], "default")
    assert rejected == ()
    return assistant


@pytest.mark.parametrize(
    "date", ["2025-07-15T14:32:15.000000Z", "2025-07-15T14:32:15Z", "2025-07-15 14:32:15", "2025-07-15T16:32:15+02:00"]
)
def test_every_documented_date_is_the_same_moment_in_utc(date: str) -> None:
    assert one(created_at=date).created_at == datetime(2025, 7, 15, 14, 32, 15, tzinfo=UTC)


def test_what_php_sends_for_empty_is_read() -> None:
    assistant = one(
        variables=[],
        webhook_url=None,
        is_webhook_active=None,
        system_prompt=None,
        voice_id=None,
        updated_at=None,
        user_id="12",
        id="42",
    )
    assert (assistant.id, assistant.user_id, assistant.variables) == (42, 12, {})
    assert (assistant.system_prompt, assistant.voice_id, assistant.updated_at) == ("", None, None)
    assert one(is_webhook_active=1, webhook_url="https://x.example.com").webhook is WebhookState.ON


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"webhook_url": "https://x.example.com", "is_webhook_active": True}, "on"),
        ({"webhook_url": "https://x.example.com", "is_webhook_active": False}, "off"),
        ({"webhook_url": "", "is_webhook_active": True}, "missing"),
        ({}, "missing"),
    ],
)
def test_a_webhook_is_on_off_or_missing(fields: dict[str, Any], state: str) -> None:
    assert one(**fields).webhook == state


def test_unknown_modes_states_and_fields_are_kept() -> None:
    assistant = one(mode="telepathy", status="processing", folder={"id": 3}, labels=["a"])
    assert (assistant.mode, assistant.status) == ("telepathy", "processing")
    assert assistant.extra == {"folder": {"id": 3}, "labels": ["a"]}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("text", Rejected(position=2, id=None, field="", reason="should be an object")),
        (None, Rejected(position=2, id=None, field="", reason="should be an object")),
        ({**RECORD, "id": "x"}, (None, "id")),
        ({**RECORD, "id": True}, (None, "id")),
        ({**RECORD, "id": 0}, (None, "id")),
        ({**RECORD, "id": 2**63}, (None, "id")),
        ({**RECORD, "id": 8.5}, (None, "id")),
        ({**RECORD, "id": 8, "name": None}, (8, "name")),
        ({"id": 8, "name": "x", "mode": "m"}, (8, "status")),
        ({**RECORD, "id": 8, "is_webhook_active": "perhaps"}, (8, "is_webhook_active")),
        ({**RECORD, "id": 8, "created_at": "yesterday"}, (8, "created_at")),
        ({**RECORD, "id": 8, "variables": ["a"]}, (8, "variables")),
        ({**RECORD, "id": 8, "folder": float("inf")}, (8, "folder")),
        ({**RECORD, "name": "Bert"}, (7, "id")),
    ],
    ids=str,
)
def test_one_bad_record_is_set_aside_and_costs_no_other(record: object, expected: Rejected | tuple[int, str]) -> None:
    found, (rejected,) = wire.assistants([RECORD, record, {**RECORD, "id": 9}], "default")
    assert [assistant.id for assistant in found] == [7, 9]
    assert rejected.position == 2
    assert rejected.reason
    if isinstance(expected, Rejected):
        assert rejected == expected
    else:
        assert (rejected.id, rejected.field) == expected


async def test_the_demos_bad_records_are_reported_and_the_rest_is_there(
    client: FamulorClient, demo_api: DemoApi
) -> None:
    demo_api.always(faults.BadRecords())
    snapshot = await client.outbound_assistants()
    assert snapshot.rejected
    unread = {one.position for one in snapshot.rejected if one.field != "id" or one.id is None}
    assert len(snapshot.assistants) >= len(demo_api.assistants) - len(unread)


def test_a_byte_order_mark_nan_and_half_an_emoji_are_survived() -> None:
    body = b'\xef\xbb\xbf[{"id": 1, "name": "cut \\ud83d", "mode": "m", "status": "s", "score": NaN}]'
    (assistant,), rejected = wire.assistants(wire.list_of_records(body, "/path"), "default")
    assert (assistant.name, assistant.extra, rejected) == ("cut ?", {"score": None}, ())
    assistant.model_dump_json().encode()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=6,
)


@given(st.lists(values | st.fixed_dictionaries({}, optional=dict.fromkeys(demo_assistants()[0], values)), max_size=5))
def test_no_record_whatever_it_holds_raises_or_is_lost(records: list[object]) -> None:
    found, rejected = wire.assistants(records, "default")
    assert len(found) + len(rejected) == len(records)


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()))
def test_no_body_whatever_it_holds_ends_in_anything_but_an_upstream_error(body: bytes) -> None:
    with contextlib.suppress(UpstreamError):
        wire.assistants(wire.list_of_records(body, "/path"), "default")
