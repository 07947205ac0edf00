"""The IANA time zone database: which names it knows, and which of them are names of yesterday.

It is read from the package `tzdata`, so that every machine says the same. A link is no reason to complain: since
2022 the database also keeps Europe/Amsterdam as one. Those that `zone.tab` lists are the present names.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_NEUTRAL = frozenset({"UTC", "GMT"})
"""Links that everybody uses, and rightly."""
_EXAMPLES = {
    "Africa": "Africa/Johannesburg",
    "America": "America/New_York",
    "Asia": "Asia/Dubai",
    "Australia": "Australia/Sydney",
}
_EXAMPLE = "Europe/Berlin"
_LONGEST = 100
"""Characters; the longest name in the database has 32."""


class Timezones(NamedTuple):
    """`present`: names to use. `renamed`: names of yesterday, with the one that keeps the same time."""

    present: frozenset[str]
    renamed: Mapping[str, str]

    def knows(self, name: str) -> bool:
        """Whether it is a name in the database, old or new."""
        return name in self.present or name in self.renamed

    def suggestion(self, name: str) -> str:
        """A name that may be meant, or one that shows how they look: of the same continent, where that is known."""
        written = name[:_LONGEST].strip().replace(" ", "_").casefold()
        for one in sorted(self.present):
            if written in {one.casefold(), one.rpartition("/")[2].casefold()}:
                return one
        return _EXAMPLES.get(name[:_LONGEST].strip().partition("/")[0].title(), _EXAMPLE)


@cache
def timezones() -> Timezones:
    """The database, read once."""
    zone_tab = _lines("zone.tab")
    everything = [line.split() for line in _lines("tzdata.zi")]
    zones = {line[1] for line in everything if line[0] == "Z"}
    links = {line[2]: line[1] for line in everything if line[0] == "L"}
    present = frozenset(zones | {line.split("\t")[2] for line in zone_tab} | _NEUTRAL) - {"Factory"}
    return Timezones(present, {old: new for old, new in links.items() if old not in present})


def _lines(name: str) -> list[str]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
