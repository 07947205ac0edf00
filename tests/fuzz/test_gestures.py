"""Buttons, menus and forms with anything in them, as nobody but a forger sends them: no fault, nobody else's rights."""

import json
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.connection import connected
from bot.playground import LocalSlack
from bot.playground.people import BEN, PERSON
from bot.playground.workspace import GENERAL, TEAM
from bot.views import state
from bot.views.alerts import ACKNOWLEDGE, MUTE, UNMUTE
from bot.views.backlog import RETRY
from bot.views.ignoring import HEED, IGNORE
from bot.views.lookup import LOOKUP
from bot.views.preferences import SET
from bot.views.previews import CONFIRM
from bot.views.subscriptions import RESUME
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.fuzz import bots
from tests.fuzz.keeping import Kept, fewer
from tests.fuzz.signing import signed
from tests.fuzz.test_texts import PAYLOAD, RECORDS, like, texts, values, words

NUMBER = RECORDS[0]["id"]
VERBS = (
    *(state.RUN, state.REFRESH, state.OPEN, state.VARY, state.TURN, state.JSON, state.SHARE, state.LINK),
    *(SET, CONFIRM, RESUME, ACKNOWLEDGE, MUTE, UNMUTE, RETRY, IGNORE, HEED),
)
TEXTS = (
    *("outbound active", "find prompt:Termin", f"show {NUMBER}", f"show {NUMBER} prompt", f"diff {NUMBER}", "explain"),
    *(f"ignore {NUMBER} prompt-short: mine", f"unignore {NUMBER} prompt-short", f"mute {NUMBER}", "mutes", "settings"),
    *(
        f"subscribe outbound channel:{GENERAL}",
        "unsubscribe 1",
        "unsubscribe all",
        "subscriptions",
        "log",
        "export csv",
    ),
    *(GENERAL, BEN, PERSON, "1", "1 3600", "#1", "9" * 40, "de"),
)
text = st.one_of(
    st.sampled_from(TEXTS),
    st.lists(words | texts(6), max_size=6).map(" ".join),
    st.builds(lambda whole, at, put: whole[:at] + put + whole[at:], st.sampled_from(TEXTS), st.integers(0, 20), words),
    texts(60),
)
anything = text | values
ids = st.builds("{}:{}".format, st.sampled_from(VERBS), st.sampled_from(["", "0", "1", "9" * 250, "sort:x"]) | text)
actions = st.fixed_dictionaries(
    {"action_id": ids, "action_ts": st.just("1.0")},
    optional={
        "value": anything,
        "block_id": text,
        "selected_option": st.fixed_dictionaries({"value": anything}) | values,
        "selected_options": values,
    },
)
forms = st.fixed_dictionaries(
    {
        "id": st.just("V1"),
        "type": st.sampled_from(["modal", "home"]),
        "callback_id": st.sampled_from([LOOKUP, IGNORE]),
        "private_metadata": text | st.builds("{} {}".format, st.sampled_from(["de", "en", "xx"]), text),
        "state": st.builds(
            lambda typed: {"values": {"asked": {"asked": {"value": typed}}, "reason": {"reason": {"value": typed}}}},
            anything,
        )
        | st.fixed_dictionaries({"values": st.dictionaries(st.sampled_from(["asked", "reason"]), values)}),
    }
)
pressed = st.builds(lambda action, view: {"actions": [action], **view}, actions, forms.map(lambda one: {"view": one}))
gestures = st.one_of(
    actions.map(lambda action: {"type": "block_actions", "actions": [action]}),
    pressed.map(lambda gesture: {"type": "block_actions", **gesture}),
    forms.map(lambda view: {"type": "view_submission", "view": view}),
)


@dataclass(frozen=True, slots=True)
class World:
    """A bot with one admin, and what the admin has set."""

    slack: LocalSlack
    runtime: Runtime[SlackSettings]
    before: Sequence[object]


@asynccontextmanager
async def _opened() -> AsyncIterator[World]:
    async with bots.opened(by_socket=False) as (slack, runtime):
        async with connected(runtime, grace=60) as address:
            slack.deliver_to(f"{address}/slack/events")
            for order in ("subscribe outbound on:status", f"mute {NUMBER} 1h"):
                await (await slack.type_command(f"/assistants {order}", user=PERSON)).reply()
        yield World(slack, runtime, await _set(runtime))


async def _set(runtime: Runtime[SlackSettings]) -> Sequence[object]:
    """All that only admins may change."""
    store = runtime.store
    place = f"{TEAM}/{GENERAL}"
    return [
        await store.ignores.all(),
        await store.subscriptions.of(),
        await store.mutes.of(place),
        await store.places.get(place),
        await store.journal.read(limit=100),
    ]


_kept = Kept(_opened)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _kept.close()


@fewer(0.15)
@given(st.lists(gestures, min_size=6, max_size=12))
@example([{"type": "block_actions", "actions": [{"action_id": "vary:", "value": ""}]}])
@example([{"type": "block_actions", "actions": [{"action_id": "turn:1", "value": "9" * 2_000}], "view": {"id": "V1"}}])
@example([{"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": LOOKUP, "state": []}}])
def test_what_is_forged_is_answered_and_gives_nobody_an_admins_rights(forged: Sequence[dict[str, Any]]) -> None:
    async def send(world: World) -> None:
        seen = len(world.slack.sent)
        with _faults() as faults:
            # Whoever leaves waits for the answers that are owed.
            async with connected(world.runtime, grace=60) as address, aiohttp.ClientSession() as session:
                for gesture in forged:
                    payload = {"user": {"id": BEN, "team_id": TEAM}, "channel": {"id": GENERAL}, **gesture}
                    body = urlencode({"payload": json.dumps(payload)}).encode()
                    headers = signed(body, world.slack.signing_secret)
                    async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                        assert answer.status == 200, gesture
        assert not faults, (forged, faults)
        assert await _set(world.runtime) == world.before, forged
        prompts = [json.dumps(record["system_prompt"][:80])[1:-1] for record in RECORDS if record["system_prompt"]]
        said = json.dumps([one.payload for one in world.slack.sent[seen:]])
        assert not [prompt for prompt in prompts if prompt in said], forged

    _kept.asked(send)


# Nothing is answered outside this machine.
ENVELOPE = {**PAYLOAD, "response_url": ""}
garbage = st.one_of(
    st.binary(max_size=200),
    st.one_of(values, like(ENVELOPE), like({**ENVELOPE, "type": "event_callback", "team_id": TEAM})).map(
        lambda payload: json.dumps(payload).encode()
    ),
    like(ENVELOPE).map(lambda payload: urlencode({"payload": json.dumps(payload)}).encode()),
    st.dictionaries(
        st.sampled_from(["command", "text", "user_id", "team_id", "payload", "ssl_check"]), text, max_size=4
    ).map(lambda fields: urlencode(fields, errors="replace").encode()),
)


@fewer(0.12)
@given(st.lists(garbage, min_size=4, max_size=10))
def test_the_app_outlives_whatever_is_signed(bodies: Sequence[bytes]) -> None:
    async def send(world: World) -> None:
        async with connected(world.runtime, grace=60) as address, aiohttp.ClientSession() as session:
            for body in bodies:
                headers = signed(body, world.slack.signing_secret)
                async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                    # 401: the verifier reads UTF-8 only. 500: Bolt's own failure at what Slack alone could sign.
                    assert answer.status in {200, 400, 401, 500}, body
            world.slack.deliver_to(f"{address}/slack/events")
            assert (await (await world.slack.type_command("/assistants help")).reply()).as_text()

    _kept.asked(send)


@contextmanager
def _faults() -> Iterator[list[str]]:
    """What is logged meanwhile as a fault of the program."""
    said: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''!r}")

    listening = Listening(logging.ERROR)
    logging.getLogger().addHandler(listening)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(listening)
