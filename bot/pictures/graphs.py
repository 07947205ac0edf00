"""What a picture shows: bars of numbers, with all the words already in the reader's language; pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every bar: its name, a number for each bar, and its looks; `hatch` tells it apart without colour."""

    name: str
    values: Sequence[int]
    colour: str
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Stacked bars: their names (`bars`, which `what` says what they are), and their parts.

    `upright`: many narrow bars in a row, of which not every name has room. `unknown`: so many bars at the beginning
    stand for what nobody knows, and `unknown_name` says that. `nothing` is said where there are no bars.
    """

    title: str
    what: str
    bars: Sequence[str]
    series: Sequence[Series]
    upright: bool = False
    unknown: int = 0
    unknown_name: str = ""
    nothing: str = ""
