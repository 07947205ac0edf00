"""How many tool calls a second famulor-mcp answers over HTTP, from its cache: `python -m bench.calling`.

The floor is a trivial tool of the SDK's own server behind the same gate, in the same uvicorn, with the same settings.
Both run all the time, each in a process of its own, and so do the clients, who cost them as little as they can:
requests of the protocol's newer era (2026-07-28), which knows no sessions and answers in one piece. The older one
streams each answer, which costs both servers more and hides what the tool itself takes.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp

from bench import upstream
from bench.rows import Aim, Row, rows_table

ASSISTANTS = 50
CLIENTS = (1, 8, 64)
CALLS = 400
"""Of all clients together, in a round of one way."""
ROUNDS = 5
AIM = Aim(0.7, "≥")
VERSION = "2026-07-28"

OURS = "list_outbound_assistants"
FLOOR = "trivial"


async def measured(addresses: Mapping[str, str], calls: int, rounds: int) -> Mapping[int, Mapping[str, list[float]]]:
    """Calls a second by the number of clients and by tool; `addresses`: where each tool is."""
    taken: dict[int, dict[str, list[float]]] = {clients: {tool: [] for tool in addresses} for clients in CLIENTS}
    # Shorter than the servers keep them: a server waits while the other one has its turn.
    connector = aiohttp.TCPConnector(limit=max(CLIENTS), keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=connector) as http:
        for number in range(rounds + 1):
            for clients, by_tool in taken.items():
                for tool, figures in by_tool.items():
                    began = time.perf_counter()
                    await _called(http, addresses[tool], tool, clients, calls)
                    if number:  # the first round warms up
                        figures.append(calls / (time.perf_counter() - began))
    return taken


async def _called(http: aiohttp.ClientSession, address: str, tool: str, clients: int, calls: int) -> None:
    """So many calls by so many clients; raises RuntimeError where one of them is not answered."""
    headers = {
        "accept": "application/json, text/event-stream",
        "content-type": "application/json",
        "mcp-protocol-version": VERSION,
        "mcp-method": "tools/call",
        "mcp-name": tool,
    }
    about = "io.modelcontextprotocol"
    meta = {
        f"{about}/protocolVersion": VERSION,
        f"{about}/clientInfo": {"name": "bench", "version": "1"},
        f"{about}/clientCapabilities": {},
    }
    params = {"name": tool, "arguments": {}, "_meta": meta}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    left = iter(range(calls))

    async def client() -> None:
        for _ in left:
            async with http.post(address, data=body, headers=headers) as response:
                answer = await response.read()
                if b'"result"' not in answer or b'"isError":true' in answer:
                    raise RuntimeError(f"{tool}: {response.status} {answer[:300].decode(errors='replace')}")

    await asyncio.gather(*(client() for _ in range(clients)))


@contextmanager
def serving(*arguments: str, **settings: str) -> Iterator[str]:
    """The address of a server, as long as the context lasts; nothing of the user's settings is used."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), **settings}  # noqa: PTH109 # a text
    with subprocess.Popen(  # noqa: S603 # programs of this project
        (sys.executable, *arguments), stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None  # noqa: S101 # asked for above
        try:
            yield next(line.split()[-1] for line in process.stderr if "serving at http" in line)
        finally:
            process.terminate()


def rows(rounds: int, calls: int = CALLS) -> list[Row]:
    """A row for each number of clients."""
    with upstream.serving(ASSISTANTS) as famulor:
        settings = {"FAMULOR_API_KEY": "bench", "FAMULOR_BASE_URL": famulor, "CACHE_SECONDS": "3600"}
        settings["LOG_LEVEL"] = "WARNING"
        http = ("--http", "--port", "0")
        with (
            serving("-m", "mcp_server", *http, **settings) as ours,
            serving("-m", "bench.trivial", *http, **settings) as floor,
        ):
            taken = asyncio.run(measured({OURS: ours, FLOOR: floor}, calls, rounds))
    return [
        Row(f"`{OURS}` over HTTP, warm, {clients} at once", "calls/s", by[OURS], by[FLOOR], AIM, digits=0)
        for clients, by in taken.items()
    ]


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.calling", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=CALLS, help="in a round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each server (default: %(default)s)")
    options = parser.parse_args()
    print(rows_table(rows(options.rounds, options.calls)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
