"""Tools called with anything at all: an answer or a refusal in words, and the next call is answered as before."""

import inspect
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mcp import Client
from mcp.types import TextContent

from mcp_server import tools
from mcp_server.server import build
from shared.clock import SystemClock
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import open_store
from tests.fuzz.keeping import Kept, fewer
from tests.fuzz.test_texts import CURSOR, RECORDS, texts, values, words

TOOLS = {
    tool.__name__: [name for name in inspect.signature(tool).parameters if name != "ctx"]
    for tool in (
        tools.list_outbound_assistants,
        tools.get_outbound_assistant,
        tools.list_outbound_assistant_changes,
        tools.audit_outbound_assistants,
    )
}
EVERY = sorted({name for names in TOOLS.values() for name in names})
TEXTS = (
    *("active", "!inactive", "7d", "2026-03-01", "-updated", "name", "id", "warning", "0001-01-01", "9999-12-31"),
    *(str(RECORDS[0]["id"]), "detailed", "default", "0", "1", "25", "-1", "9" * 30),
)
moments = st.sampled_from(["0", "-62135596800", "253402300799", "9" * 30, "1772443800", ""])
cursors = st.builds(
    lambda moment, at, put: f"{moment}.{CURSOR[:at]}{put}{CURSOR[at + len(put) :]}",
    moments,
    st.integers(0, len(CURSOR)),
    texts(3),
)
arguments = st.dictionaries(
    st.sampled_from(EVERY) | texts(8), st.sampled_from(TEXTS) | cursors | words | values, max_size=5
)
# NaN is none of JSON's.
calls = st.tuples(
    st.sampled_from([*TOOLS, "no_tool"]),
    arguments.map(lambda given: json.loads(json.dumps(given), parse_constant=str)),
)


@asynccontextmanager
async def _opened() -> AsyncIterator[Client]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'fuzz.sqlite3')}"
        async with DemoApi(limited=False) as api:
            demo = from_arguments(
                Settings, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url, cache_seconds=3_600
            )
            clock = SystemClock()
            server = build(lambda: open_core(demo, clock), clock, open_store=lambda: open_store(url, clock))
            async with Client(server) as client:
                yield client


_kept = Kept(_opened)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _kept.close()


@fewer(0.3)
@given(st.lists(calls, min_size=1, max_size=6))
@example([("list_outbound_assistants", {"cursor": "-62135596800.x", "updated_since": "7d"})])
@example([("list_outbound_assistant_changes", {"cursor": "-62135596800.x", "since": "7d"})])
@example([("audit_outbound_assistants", {"cursor": "-62135596800.x", "updated_since": "7d"})])
@example([("list_outbound_assistants", {"updated_since": "9" * 30 + "d"})])
def test_a_tool_answers_or_refuses_in_words_whatever_its_arguments(asked: Sequence[tuple[str, dict[str, Any]]]) -> None:
    async def call(client: Client) -> None:
        for tool, given_arguments in asked:
            result = await client.call_tool(tool, given_arguments)
            (content,) = result.content
            assert isinstance(content, TextContent)
            assert result.structured_content
            # A fault of the program is told with a reference to its log.
            assert not (result.is_error and "for a reason of its own" in content.text), (tool, given_arguments)

    _kept.asked(call)
