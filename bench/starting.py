"""How long a client waits for the tools of a famulor-mcp that it starts: `python -m bench.starting`.

From the spawn to the answer to the first `tools/list`, over standard input and output. The floor is the SDK's own
server with one tool.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.rows import Aim, Row, rows_table

AT_LEAST = 9
"""Rounds: starts differ more from one another than what happens in a process that runs."""
AIM = Aim(1.15, "≤")
VERSION = "2025-11-25"
"""Of the protocol that nearly all clients speak over standard input and output."""

OURS = ("-m", "mcp_server")
FLOOR = ("-m", "bench.trivial")


def seconds(arguments: Sequence[str]) -> float:
    """From the spawn of Python with these arguments to its tools; raises RuntimeError where there are none."""
    # No .env is read, and none of the user's settings.
    environment = {"PATH": os.environ["PATH"], "FAMULOR_API_KEY": "bench", "PYTHONPATH": os.getcwd()}  # noqa: PTH109 # a text
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 # programs of this project
        (sys.executable, *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None  # noqa: S101 # asked for above
        assert process.stdout is not None  # noqa: S101 # the same
        client = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
        for message in (
            {"id": 1, "method": "initialize", "params": client},
            {"method": "notifications/initialized"},
            {"id": 2, "method": "tools/list", "params": {}},
        ):
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()
        answers = map(json.loads, process.stdout)
        tools: Mapping[str, Any] = next((answer for answer in answers if answer.get("id") == 2), {})  # noqa: PLR2004 # above
        took = time.perf_counter() - began
        process.stdin.close()
    if not tools.get("result", {}).get("tools"):
        raise RuntimeError(f"{arguments} lists no tools")
    return took


def rows(rounds: int) -> list[Row]:
    """The row of the performance table; from five rounds on, nine are made."""
    several = rounds if rounds == 1 else max(rounds, AT_LEAST)
    taken: dict[tuple[str, ...], list[float]] = {OURS: [], FLOOR: []}
    for number in range(several + 1):
        for arguments, figures in taken.items():
            took = seconds(arguments)
            if number:  # the first warms up: it may compile
                figures.append(took)
    return [Row("spawn to first tools/list, over stdio", "s", taken[OURS], taken[FLOOR], AIM)]


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.starting", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=AT_LEAST, help="of each program (default: %(default)s)")
    print(rows_table(rows(parser.parse_args().rounds)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
