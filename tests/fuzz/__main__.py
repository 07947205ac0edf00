"""`python -m tests.fuzz [TARGET…]`: looks for texts that break what reads other people's texts, and prints a table.

Each test of this folder is a target. Where atheris is installed (Linux, x86_64), it is led by what the code does
with each text; elsewhere hypothesis draws at random. The exit status is 1 where something broke; what broke it is kept.
"""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tables import table

ROOT = Path(__file__).parents[2]
TARGETS = {
    target: file.stem
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    for target in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}
"""Each with its module."""
SECONDS = 30
GRACE = 120
"""Seconds beyond those asked for: to start, and to make what was found as small as can be."""


@dataclass(frozen=True, slots=True)
class Search:
    """What came of one target: the texts that were made of what was drawn, and tried.

    `reached`: how many branches of the code, None where nobody counted.
    """

    target: str
    texts: int
    seconds: float
    reached: int | None
    broke: bool
    said: str


def guided(target: str, seconds: int, kept: Path) -> Search:
    """Led by the code's branches. A text that breaks it is written into the folder."""
    options = (f"-artifact_prefix={kept}/{target}-", "-timeout=60")
    program = (sys.executable, "-m", "tests.fuzz.guided", TARGETS[target], target, str(seconds))
    status, said, took = _run([*program, *options], seconds)
    made = re.search(r"^made: (\d+)", said, re.MULTILINE)
    reached = re.findall(r"cov: (\d+)", said)
    return Search(
        target, int(made[1]) if made else 0, took, int(reached[-1]) if reached else None, broke=status != 0, said=said
    )


def drawn(target: str, seconds: int, kept: Path) -> Search:
    """At random, again and again until the time is over; what breaks it is kept in hypothesis' own database."""
    test = f"{Path(__file__).with_name(TARGETS[target])}.py::{target}"
    database = {"HYPOTHESIS_PROFILE": "search", "HYPOTHESIS_STORAGE_DIRECTORY": str(kept)}
    looks = ("-q", "-p", "no:cacheprovider", "--hypothesis-show-statistics")
    texts, took, status, said = 0, 0.0, 0, ""
    while took < seconds and status == 0:
        status, said, more = _run([sys.executable, "-m", "pytest", *looks, test], seconds, database)
        texts += sum(map(int, re.findall(r"(\d+) passing", said)))
        took += more
    return Search(target, texts, took, None, broke=status != 0, said=said)


def _run(command: Sequence[str], seconds: int, environment: dict[str, str] | None = None) -> tuple[int, str, float]:
    began = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603 # ourselves
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return 1, (error.stdout or b"").decode(errors="replace") + "\nIt did not end.", time.monotonic() - began
    return done.returncode, done.stdout.decode(errors="replace"), time.monotonic() - began


def main(arguments: Sequence[str] | None = None) -> int:
    """Search as the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"these alone: {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each target (default: %(default)s)")
    parser.add_argument("--kept", type=Path, default=ROOT / ".hypothesis" / "broken", help="where what broke it goes")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.targets) - set(TARGETS)):
        parser.error(f"no target: {', '.join(unknown)}")
    options.kept.mkdir(parents=True, exist_ok=True)
    search = guided if importlib.util.find_spec("atheris") else drawn
    found = []
    for target in options.targets or TARGETS:
        found.append(search(target, options.seconds, options.kept.resolve()))
        if found[-1].broke:
            _say(found[-1].said)
        _say(f"{target}: {'broken' if found[-1].broke else 'held'}")
    head = ("target", "texts", "seconds", "branches reached", "verdict")
    rows = [
        (one.target, f"{one.texts:,}", f"{one.seconds:.0f}", str(one.reached or "–"), "broken" if one.broke else "held")
        for one in found
    ]
    _say(f"\n{table(head, rows)}")
    if any(one.broke for one in found):
        _say(f"\nWhat broke it is in {options.kept}.")
    return int(any(one.broke for one in found))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 # what it is for


if __name__ == "__main__":
    sys.exit(main())
