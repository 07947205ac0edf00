"""`python -m checks.advisories`: which locked packages have a known weakness, as pip-audit finds it."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundle.build import ROOT

LOCK = ROOT / "requirements.lock"
PATIENCE = 600
"""Seconds for asking about all of them; an index that answers takes ten."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """A known weakness of a locked package, and the versions without it."""

    package: str
    version: str
    name: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        cure = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no version without it yet"
        return f"{self.package} {self.version}: {self.name} ({cure})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What could be learned: of how many packages, of how many nothing, and what is wrong with which."""

    known: int
    unknown: int
    advisories: tuple[Advisory, ...]


def read(answer: dict[str, Any]) -> Answer:
    """pip-audit's JSON."""
    packages = answer["dependencies"]
    known = [one for one in packages if "skip_reason" not in one]
    advisories = tuple(
        Advisory(one["name"], one["version"], weakness["id"], tuple(weakness["fix_versions"]))
        for one in known
        for weakness in one["vulns"]
    )
    return Answer(len(known), len(packages) - len(known), advisories)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 1 where a package has a known weakness; with --strict also where that can't be known."""
    parser = argparse.ArgumentParser(prog="python -m checks.advisories", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--strict", action="store_true", help="fail where the index knows nothing of a package")
    parser.add_argument("--lock", type=Path, default=LOCK, help="a requirements file with exact versions and hashes")
    parser.add_argument("--osv", metavar="URL", help="ask this OSV service in place of the package index")
    options = parser.parse_args(arguments)
    service = ("--vulnerability-service", "osv", "--osv-url", options.osv) if options.osv else ()
    command = (sys.executable, "-m", "pip_audit", "--requirement", str(options.lock), "--disable-pip")
    looks = ("--require-hashes", "--format", "json", "--desc", "off", "--progress-spinner", "off")
    asked = subprocess.run(  # noqa: S603 # a program of this environment
        [*command, *looks, *service], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    try:
        answer = read(json.loads(asked.stdout))
    except ValueError:
        reason = next(iter(asked.stderr.strip().splitlines()[-1:]), "it said nothing")
        _say(f"warning: advisories could not be asked for ({reason}).")
        return int(options.strict)
    for advisory in answer.advisories:
        _say(str(advisory))
    _say(f"{answer.known} packages looked up, {len(answer.advisories)} known weaknesses.")
    if answer.unknown:
        _say(f"warning: of {answer.unknown} packages the index gives no advisories; they were not looked up.")
    return int(bool(answer.advisories or (options.strict and answer.unknown)))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 # what it is for


if __name__ == "__main__":
    sys.exit(main())
