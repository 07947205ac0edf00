"""docs/performance.md: what was measured stands between two marks, and whatever is around them stays; pure."""

from collections.abc import Sequence
from pathlib import Path

from bench.measuring import Measured
from bench.rows import HEAD, rows_table
from bench.surroundings import Machine
from bench.tables import table

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
FROM = "<!-- measured: from here on `make bench` writes -->"
TO = "<!-- measured: until here -->"


def section(one: Measured) -> str:
    """Its heading, how to run it alone, and its table."""
    failed = (one.name, f"failed: {one.failure}", *["–"] * (len(HEAD) - 2))
    found = table(HEAD, [failed]) if one.failure else rows_table(one.rows)
    return f"### {one.heading}\n\n`python -m bench {one.name}`\n\n{found}\n"


def written(page: str, found: Sequence[Measured], machine: Machine, rounds: int) -> str:
    """The page with these tables in the place of the ones that it has; a page without marks gets them at its end."""
    before, _, rest = page.partition(FROM)
    after = rest.partition(TO)[2]
    said = f"Medians of {rounds} rounds. {machine}" if rounds > 1 else f"One round. {machine}"
    return "\n".join([f"{before}{FROM}\n", f"{said}\n", *map(section, found), f"{TO}{after}"])
