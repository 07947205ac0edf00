"""A row of docs/performance.md: ours, the floor that was measured beside it in the same run, and what was aimed at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from bench.tables import table

HEAD = ("what", "ours", "the floor", "ratio", "aim", "reached")


@dataclass(frozen=True, slots=True)
class Aim:
    """What the ratio ours ÷ floor should be, or a figure of ours alone: at most (times, memory) or at least (rates)."""

    bound: float
    sense: Literal["≤", "≥"]
    unit: str = "×"

    def reached(self, figure: float) -> bool:
        """Whether the figure keeps to it."""
        return figure <= self.bound if self.sense == "≤" else figure >= self.bound

    def __str__(self) -> str:
        return f"{self.sense} {self.bound:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: figures of each round in `unit`, ours and the floor's taken in turn; no floor: ours alone."""

    what: str
    unit: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    aim: Aim | None = None
    digits: int = 2

    @property
    def ratio(self) -> float | None:
        """The median of ours over the median of the floor."""
        return median(self.ours) / median(self.floor) if self.floor else None

    def cells(self) -> tuple[str, ...]:
        """As `HEAD` names them."""
        ours, ratio = median(self.ours), self.ratio
        reached = ""
        if self.aim is not None:
            reached = "yes" if self.aim.reached(ours if ratio is None else ratio) else "no"
        return (
            self.what,
            f"{ours:,.{self.digits}f} {self.unit}",
            f"{median(self.floor):,.{self.digits}f} {self.unit}" if self.floor else "–",
            "–" if ratio is None else f"{ratio:.2f}",
            "–" if self.aim is None else str(self.aim),
            reached or "–",
        )


def rows_table(rows: Iterable[Row]) -> str:
    """The rows under `HEAD`, in Markdown."""
    return table(HEAD, [row.cells() for row in rows])
