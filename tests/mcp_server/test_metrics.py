"""The MCP server's counts, as a user asks for them: by METRICS_PORT."""

import asyncio
import re
import socket
from urllib.request import urlopen

from tests.mcp_server.conftest import Start


async def test_over_standard_input_it_counts_its_tools_and_says_nothing_on_standard_output(
    start: Start, environment: dict[str, str]
) -> None:
    async with start(**environment, METRICS_PORT="0") as program:
        address = re.search(r"http://\S+/metrics", (await program.stderr.readline()).decode())
        assert address is not None
        await program.greet()
        await program.ask("tools/call", name="list_outbound_assistants")
        text = await asyncio.to_thread(lambda: urlopen(address[0]).read().decode())  # noqa: S310 # our own
        code, stdout, _stderr = await program.end()
    assert (code, stdout) == (0, "")
    assert 'famulor_tools_total{outcome="ok",tool="list_outbound_assistants"} 1.0' in text
    assert 'famulor_upstream_calls_total{account="default",result="ok"}' in text


async def test_a_port_that_is_taken_is_a_wrong_setting(start: Start, environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with start("--http", "--port", "0", **environment, METRICS_PORT=port) as program:
            code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    assert stderr.startswith(
        f"famulor-mcp: METRICS_PORT: nobody can listen on port {port} of 127.0.0.1 (Address already"
    )


async def test_the_demo_reads_no_setting_and_listens_nowhere(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with start("--demo", METRICS_PORT=str(taken.getsockname()[1])) as program:
            await program.greet()
            assert (await program.end())[0] == 0
