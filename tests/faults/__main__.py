"""`python -m tests.faults [PYTEST OPTION …]`: the tests that docs/faults.md names are run, and its rows judged.

The exit status: 0 every row is held, or skipped for a reason that is told; 1 one is not.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.matrix import Fault, Outcome, Verdict, faults_of, verdicts

MATRIX = Path("docs/faults.md")


class Record:
    """What pytest tells a plugin of each test, kept."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}

    @property
    def outcomes(self) -> list[Outcome]:
        """One for each test and parameter."""
        return list(self._outcomes.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A hook of pytest's: set-up, call and end of a test are told of one by one; the worst counts."""
        before = self._outcomes.get(report.nodeid)
        if before is None or report.outcome == "failed" or (before.result == "passed" and report.skipped):
            test = report.nodeid.partition("[")[0]
            self._outcomes[report.nodeid] = Outcome(test, report.outcome, _reason(report))


def main(options: Sequence[str]) -> int:
    """Run, and print the table."""
    faults = faults_of(MATRIX.read_text(encoding="utf-8"))
    outcomes = run(faults, options)
    judged = verdicts(faults, outcomes)
    _say(table(judged))
    return 1 if any(verdict.word == "not held" for verdict in judged) else 0


def run(faults: Sequence[Fault], options: Sequence[str]) -> list[Outcome]:
    """What became of the tests that these rows name, each once; those that are not there are missing."""
    named = dict.fromkeys(test for fault in faults for test in fault.held_by)
    there = [test for test in named if _is_there(test)]
    record = Record()
    # Without any test, pytest would run all.
    if there:
        pytest.main(["-q", "-p", "no:cacheprovider", *options, *there], plugins=[record])
    return record.outcomes


def table(judged: Sequence[Verdict]) -> str:
    """The rows by area, each with its verdict, and how many there are of which."""
    width = max((len(verdict.fault.name) for verdict in judged), default=0)
    lines: list[str] = []
    area = ""
    for verdict in judged:
        if verdict.fault.area != area:
            area = verdict.fault.area
            lines += ["", area]
        told = f"{verdict.word}: {verdict.reason}" if verdict.reason else verdict.word
        lines.append(f"  {verdict.fault.name:<{width}}  {told}")
    counts = Counter(verdict.word for verdict in judged)
    return "\n".join([*lines, "", ", ".join(f"{count} {word}" for word, count in counts.items())])


def _is_there(test: str) -> bool:
    """Whether pytest would find it: one that it doesn't find would keep all others from being run."""
    file, _colons, name = test.partition("::")
    path = Path(file)
    return path.is_file() and f"def {name}(" in path.read_text(encoding="utf-8")


def _reason(report: pytest.TestReport) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return ""


def _say(text: str) -> None:
    print(text)  # noqa: T201 # a table for people


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
