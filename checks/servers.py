"""Our server as a user starts it, for the checks to talk to."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.demo import DEMO_KEY, DemoApi

PROGRAM = str(Path(sys.executable).with_name("famulor-mcp"))
PATIENCE = 20
"""Seconds that a start may take on a busy machine."""


@asynccontextmanager
async def serving(*arguments: str, **environment: str) -> AsyncIterator[str]:
    """`famulor-mcp --http` on a free port; its address. Raises RuntimeError where it ends instead."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FAMULOR_", "MCP_"))}
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        "--http",
        "--port",
        "0",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**inherited, **environment},
    )
    assert process.stderr is not None  # noqa: S101 # asked for above
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(r"serving at (\S+)", said)):
                line = await process.stderr.readline()
                if not line:
                    raise RuntimeError(f"famulor-mcp ended: {said}")
                said += line.decode()
        # What else it says is nobody's business, but a full pipe would hold it up.
        async with asyncio.TaskGroup() as draining:
            draining.create_task(process.stderr.read())
            try:
                yield found[1]
            finally:
                process.terminate()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def serving_with_token(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """The same, for callers with a token alone; its address, and the token."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "token", "inspector", stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    out, _none = await process.communicate()
    token = re.search(r"Bearer (\S+)", out.decode())
    line = re.search(r"inspector:\S+", out.decode())
    if token is None or line is None:
        raise RuntimeError(f"famulor-mcp token made none: {out.decode()}")
    tokens = folder / "tokens"
    tokens.touch(0o600)
    tokens.write_text(f"{line[0]}\n", encoding="utf-8")
    async with (
        DemoApi(limited=False) as api,
        serving(FAMULOR_API_KEY=DEMO_KEY, FAMULOR_BASE_URL=api.base_url, MCP_TOKENS_FILE=str(tokens)) as address,
    ):
        yield address, token[1]
