"""The fault matrix: the tables of docs/faults.md, read; and what the tests that a row names came to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NOT_RUN = "it did not run"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row: what goes wrong where, and the tests (`path::name`) that hold what is said of it."""

    area: str
    name: str
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test came to, one of its parameters: `passed`, `failed` or `skipped`, and why it was skipped."""

    test: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row is worth: `held`, `skipped` or `not held`, and why it is not held."""

    fault: Fault
    word: str
    reason: str = ""


def faults_of(document: str) -> list[Fault]:
    """The rows of a document's tables, each below the heading (##) of its area.

    Raises ValueError where a row names no test.
    """
    found = []
    for section in re.split(r"^## ", document, flags=re.MULTILINE)[1:]:
        rows = [line for line in section.splitlines() if line.startswith("|")]
        for row in rows[2:]:
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            tests = tuple(re.findall(r"`([^`]+\.py::\w+)`", cells[-1]))
            if not tests:
                raise ValueError(f"no test holds the row {row!r}")
            found.append(Fault(section.partition("\n")[0].strip(), cells[0], tests))
    return found


def verdicts(faults: Iterable[Fault], outcomes: Sequence[Outcome]) -> list[Verdict]:
    """A row is held where each test it names ran and passed, with all of its parameters."""
    by_test: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_test.setdefault(outcome.test, []).append(outcome)
    return [_verdict(fault, by_test) for fault in faults]


def _verdict(fault: Fault, by_test: Mapping[str, Sequence[Outcome]]) -> Verdict:
    missing = [test for test in fault.held_by if test not in by_test]
    of_row = [outcome for test in fault.held_by for outcome in by_test.get(test, ())]
    failed = [outcome.test for outcome in of_row if outcome.result == "failed"]
    if missing or failed:
        told = [f"{test}: {NOT_RUN}" for test in missing] + [f"{test} failed" for test in dict.fromkeys(failed)]
        return Verdict(fault, "not held", "; ".join(told))
    skipped = [outcome.reason for outcome in of_row if outcome.result == "skipped"]
    return Verdict(fault, "skipped" if skipped else "held", "; ".join(dict.fromkeys(skipped)))
