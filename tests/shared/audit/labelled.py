"""The corpus: accounts written by hand, each assistant labelled with the rules that it breaks; and how the audit does.

Each file of `corpus/` is an account: its `region`, what a probe has `probed` (URL to outcome), and its `assistants` as
Famulor sends them, with `faults` (ids of rules) added. `repeat` makes a prompt so many times as long.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from shared.audit import Audit, Ground, Reach, Reached, audit
from shared.famulor import wire
from tests.shared.audit.worlds import NAMES, NOW

CORPUS = Path(__file__).parent / "corpus"
UNSEEN = "others"
"""The account that was written when the rules were done."""
_USUAL = {
    "user_id": 7,
    "type": "outbound",
    "mode": "pipeline",
    "status": "active",
    "created_at": "2025-09-01T08:00:00Z",
    "updated_at": "2026-02-10T09:00:00Z",
}


class Labelled(NamedTuple):
    """One configuration: what a person says is wrong with it, and what the audit says."""

    account: str
    id: int
    right: Counter[str]
    found: Counter[str]


class Precision(NamedTuple):
    """How one rule does: how many findings it has, how many of them are `right`, how many faults it `missed`."""

    found: int
    right: int
    missed: int


@cache
def configurations() -> tuple[Labelled, ...]:
    """All of the corpus."""
    return tuple(one for path in sorted(CORPUS.glob("*.yaml")) for one in _account(path))


def precision(among: Iterable[Labelled] | None = None) -> Mapping[str, Precision]:
    """Each rule that finds, or should find, something in these; in all of the corpus where none are given."""
    looked_at = tuple(configurations() if among is None else among)
    found = sum((one.found for one in looked_at), Counter[str]())
    right = sum((one.found & one.right for one in looked_at), Counter[str]())
    labelled = sum((one.right for one in looked_at), Counter[str]())
    return {rule: Precision(found[rule], right[rule], labelled[rule] - right[rule]) for rule in found.keys() | labelled}


def total(measured: Mapping[str, Precision]) -> Precision:
    """Of all rules together."""
    return Precision(*map(sum, zip(*measured.values(), strict=True)))


def summary() -> str:
    """The corpus and its outcome in sentences, for docs/audit.md."""
    everything = configurations()
    faultless = [one for one in everything if not one.right]
    unseen = [one for one in everything if one.account == UNSEEN]
    found, right, missed = total(precision(unseen))
    return (
        f"{len(everything)} configurations, {len(faultless)} of them faultless, were written by hand in German, "
        "English and French, each with a list of what is wrong with it. Of the faultless ones, "
        f"{sum(bool(one.found) for one in faultless)} had a false alarm. Most were at hand when the rules were "
        f"written. The {len(unseen)} in {UNSEEN}.yaml were written afterwards, in other words on purpose: there "
        f"{found} faults were found, {right} of them rightly, and {missed} missed."
    )


def _account(path: Path) -> Iterator[Labelled]:
    account: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    labels, records = {}, []
    for entry in account["assistants"]:
        entry["system_prompt"] *= entry.pop("repeat", 1)
        labels[entry["id"]] = Counter(entry.pop("faults"))
        records.append(_USUAL | entry)
    assistants, rejected = wire.assistants(records, path.stem)
    probed = {url: _reached(said) for url, said in account.get("probed", {}).items()}
    around = Ground(path.stem, assistants, NAMES, NOW, account.get("region", ""), probed)
    said = audit(around, rejected=rejected)
    for number, faults in labels.items():
        yield Labelled(path.stem, number, faults, _rules(said, number))


def _rules(said: Audit, number: int) -> Counter[str]:
    return Counter(finding.rule for finding in said.findings if finding.assistant == number)


def _reached(said: str) -> Reached:
    protocol, _space, status = said.partition(" ")
    return Reached(Reach.ANSWERED, int(status)) if protocol == "HTTP" else Reached(Reach(said))
