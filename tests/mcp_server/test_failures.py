"""Whatever fails, the model gets words: what happened, whether to try again, what to do."""

import logging
import time
from contextlib import AbstractAsyncContextManager

import pytest
from mcp import MCPError

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.demo.faults import FAULTS, EchoedKey, Fault, Forbidden, Hang, NotFound, Reset, TooManyRequests, Unauthorized
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.mcp_server.conftest import Agent, connected

SPOILED = (*(kind() for kind in FAULTS.values()), TooManyRequests(retry_after=600), faults.Body(b"[{]"))


@pytest.mark.parametrize("fault", SPOILED, ids=repr)
async def test_every_fault_ends_in_an_answer_or_in_words_before_the_deadline(fault: Fault) -> None:
    # The machine's own clock: these deadlines are real.
    async with DemoApi() as demo_api:
        demo_api.always(fault)
        settings = from_arguments(
            Settings,
            famulor_api_key=DEMO_KEY,
            famulor_base_url=demo_api.base_url,
            famulor_read_timeout=0.3,
            famulor_total_timeout=0.6,
        )
        async with connected(build(lambda: open_core(settings))) as agent:
            began = time.monotonic()
            result = await agent.client.call_tool("list_outbound_assistants")
            assert time.monotonic() - began < 5
            if result.is_error:
                error = await agent.refused()
                assert 20 < len(error["message"].encode()) <= 400
                assert not set(error["message"]) & set("<>\n")
                assert DEMO_KEY not in str(result)
            else:
                assert isinstance(result.structured_content, dict)
                assert result.structured_content["of"] > 0


@pytest.mark.parametrize(
    ("fault", "kind", "retryable", "advice"),
    [
        (Unauthorized(), "KeyRejected", False, "Create a new key in Famulor"),
        (Forbidden(), "PermissionMissing", False, "Give the key that permission"),
        (NotFound(), "EndpointMissing", False, "Check FAMULOR_BASE_URL"),
        (Hang(), "TimedOut", True, "Try again in a moment."),
        (Reset(), "Unreachable", True, "Try again in a moment."),
        (EchoedKey(), "ServerFault", True, "Try again in a moment."),
    ],
)
async def test_an_error_says_whether_to_try_again_and_what_to_do(
    agent: Agent,
    demo_api: DemoApi,
    fault: Fault,
    kind: str,
    retryable: bool,  # noqa: FBT001 # a column of the table
    advice: str,
) -> None:
    demo_api.always(fault)
    error = await agent.refused()
    assert (error["kind"], error["retryable"]) == (kind, retryable)
    assert advice in error["message"]
    assert "retry_after" not in error
    assert DEMO_KEY not in error["message"]


async def test_an_error_says_when_to_try_again(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.always(TooManyRequests(retry_after=599.5))
    error = await agent.refused()
    assert error["kind"] == "RateLimited"
    assert error["retry_after"] == 600
    assert error["message"].endswith("Try again in 600 s.")


async def test_a_failure_of_our_own_shows_a_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> AbstractAsyncContextManager[Core]:
        raise RuntimeError("canary")

    async with connected(build(broken)) as agent:
        with caplog.at_level(logging.ERROR):
            error = await agent.refused()
        assert error["kind"] == "Unexpected"
        assert "canary" not in str(error)
        (record,) = caplog.records
        reference = error["message"].partition("(reference ")[2].partition(")")[0]
        assert len(reference) == 8
        assert reference in record.getMessage()
        assert "RuntimeError: canary" in caplog.text  # where the one who runs the server looks


async def test_an_error_of_the_protocol_stays_one(server: FamulorServer) -> None:
    @server.tool()
    async def demand() -> str:
        raise MCPError(code=-32021, message="The client lacks something.")

    async with connected(server) as agent:
        with pytest.raises(MCPError, match="The client lacks something"):
            await agent.client.call_tool("demand")


async def test_who_runs_the_server_reads_what_does_not_work(
    agent: Agent, demo_api: DemoApi, caplog: pytest.LogCaptureFixture
) -> None:
    demo_api.always(Unauthorized())
    await agent.refused()
    await agent.refused(status=True)
    (record,) = [record for record in caplog.records if record.name == "mcp_server.calls"]
    assert record.levelname == "WARNING"
    assert "Famulor does not accept the API key" in record.getMessage()
