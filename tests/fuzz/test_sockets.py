"""What comes by the bot's socket, as only Slack can send it: no rubbish ends the bot, and what is right is taken."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.connection import connected
from bot.playground import LocalSlack
from bot.playground.people import BEN
from bot.playground.workspace import TEAM
from tests.fuzz import bots
from tests.fuzz.keeping import Kept, fewer
from tests.fuzz.test_gestures import ENVELOPE
from tests.fuzz.test_gestures import text as typed_texts
from tests.fuzz.test_texts import like, texts, values

KINDS = ("interactive", "slash_commands", "events_api", "hello", "")
payloads = like(ENVELOPE) | like({**ENVELOPE, "type": "event_callback", "team_id": TEAM}) | values
envelopes = st.builds(
    lambda kind, payload: {"type": kind, "envelope_id": "1", "payload": payload, "accepts_response_payload": True},
    st.sampled_from(KINDS),
    payloads,
)
frames = st.one_of(
    st.binary(max_size=100),
    texts(100),
    (envelopes | envelopes.flatmap(like) | values).map(json.dumps),
    st.builds(lambda whole, at: json.dumps(whole)[:at], envelopes, st.integers(1, 300)),
).filter(lambda frame: isinstance(frame, bytes) or "disconnect" not in frame)
"""That one word the bot obeys: it goes, and comes back by another socket."""


@asynccontextmanager
async def _opened() -> AsyncIterator[LocalSlack]:
    async with bots.opened(by_socket=True) as (slack, runtime), connected(runtime, grace=60):
        await slack.connected()
        yield slack


_kept = Kept(_opened)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _kept.close()


@fewer(0.15)
@given(st.lists(frames, min_size=4, max_size=10), st.lists(typed_texts, max_size=2))
@example(["{", "{}", "[]", "7", "\0", '{"type": 7, "envelope_id": [], "payload": {}}', '{"a":' * 3_000, b"\xff"], [])
def test_the_bot_outlives_its_socket_and_takes_what_is_typed(sent: Sequence[str | bytes], typed: Sequence[str]) -> None:
    async def send(slack: LocalSlack) -> None:
        for frame in sent:
            for socket in slack._sockets._taking:  # noqa: SLF001 # the local Slack itself sends what is right
                await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        for text in (*typed, "help"):
            interaction = await slack.type_command(f"/assistants {text}", user=BEN)
            assert interaction.acknowledged, (sent, text, interaction.error)
        assert (await interaction.reply()).as_text()

    _kept.asked(send)
