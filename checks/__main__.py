"""`python -m checks`: runs them all against the demo, prints a table; the exit code is 1 where one has failed."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bundle.build import ROOT, contents, write
from checks import bundles, conformance, inspector
from checks.check import Check, Node, Outcome
from checks.servers import PROGRAM, serving, serving_with_token

FETCHED = ROOT / ".venv" / "checks"


async def main() -> int:
    """The exit code."""
    with tempfile.TemporaryDirectory() as folder:
        # The Inspector keeps what it learns in the home folder.
        node = Node(FETCHED, {"HOME": folder, "NO_COLOR": "1"})
        if not node.is_there:
            _say("There is no node yet: `make conformance` fetches it.")
            return 2
        failed: list[Outcome] = []
        count = 0
        async for check in _checks(Path(folder)):
            outcome = await node.run(check)
            count += 1
            _say(f"{'FAIL' if outcome.wrong else 'ok':4}  {outcome.seconds:4.1f} s  {check.about:44} {check.name}")
            if outcome.wrong:
                failed.append(outcome)
    for outcome in failed:
        _say(f"\n{outcome.check.about}: {outcome.check.name}: {outcome.wrong}\n{outcome.said.strip()}")
    _say(f"\n{count - len(failed)} of {count} checks passed.")
    return 1 if failed else 0


async def _checks(folder: Path) -> AsyncIterator[Check]:
    """Each with the server that it needs, which runs until the next check is asked for."""
    for check in bundles.checks(write(await contents(), folder), folder / "unpacked"):
        yield check
    for check in inspector.checks("stdio", (PROGRAM, "--demo")):
        yield check
    async with serving("--demo") as address:
        for check in inspector.checks("HTTP", ("--server-url", address, "--transport", "http")):
            yield check
        for check in conformance.checks(address):
            yield check
    async with serving_with_token(folder) as (address, token):
        target = ("--server-url", address, "--transport", "http")
        for check in inspector.checks("HTTP, token", (*target, "--header", f"Authorization: Bearer {token}")):
            yield check
        for check in inspector.refusals("HTTP, token", target):
            yield check


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 # a table for people


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
