"""All measurements, each in a process of its own, and the page that shows them: `python -m bench [NAME…]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.measuring import MEASUREMENTS, measured
from bench.page import PAGE, section, written
from bench.surroundings import Machine, load

ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and print it; all of it is written down too. The exit status: 1 where one failed."""
    options = _parser().parse_args(arguments)
    rounds = 1 if options.quick else options.rounds
    before, found = load(), []
    for name in options.names or MEASUREMENTS:
        found.append(measured(name, rounds))
        print(section(found[-1]), flush=True)  # noqa: T201 # what it is for
    page = options.output or (None if options.names or options.quick else PAGE)
    if page is not None:
        machine = Machine.here(before)
        page.write_text(written(page.read_text() if page.exists() else "", found, machine, rounds))
    return int(any(one.failure for one in found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure, each beside its floor, and print a table; docs/performance.md where all is measured.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help=f"these alone: {', '.join(MEASUREMENTS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each way, in turn (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="one round: whether it works, not how fast")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the page here, whatever was measured")
    return parser


def _name(text: str) -> str:
    if text not in MEASUREMENTS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(MEASUREMENTS)}")
    return text


if __name__ == "__main__":
    sys.exit(main())
