"""What may be typed after `famulor-bot list` and `famulor-bot audit`; imports nothing, so that help comes at once."""

import argparse
from enum import IntEnum, StrEnum
from typing import Any


class Format(StrEnum):
    """What an audit is written as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


class Status(IntEnum):
    """The exit status of both programs.

    NO_ANSWER goes before FOUND: what was found in some of the accounts is not all that there is.
    """

    WELL = 0
    FOUND = 1
    WRONG = 2
    NO_ANSWER = 3
    STOPPED = 130


NEVER = "never"
"""As what to fail on: nothing is bad enough."""
_FAIL_ON = ("info", "warning", "critical", NEVER)
_STATUSES = (
    "Exit status: 0 all is well, 2 a setting, an option or a word is wrong, 3 Famulor gave no answer for an account"
)


def add_programs(programs: Any) -> None:
    """Adds the two to the subparsers of `famulor-bot`."""
    listing = programs.add_parser(
        "list",
        help="list assistants in the terminal",
        description="List outbound assistants: in a table, or where nobody looks at it, separated by tabs.",
        epilog=f"{_STATUSES}.",
    )
    _add_words(listing, "active lang:de \"follow up\" '!mode:dualplex' sort:-updated account:agency")
    _add_looks(listing)
    audit = programs.add_parser(
        "audit",
        help="say what is wrong with assistants, in the terminal or for a pipeline",
        description="Say what is wrong with outbound assistants, the worst first, and what to do about it.",
        epilog=(
            f"{_STATUSES}, 1 something was found that --fail-on names. What is told is what counts: with "
            "rule:webhook-* or min:critical the status says nothing of other findings. Findings that somebody ignores "
            "in Slack are ignored here where DATABASE_URL leads to the same store."
        ),
    )
    _add_words(audit, "active lang:de 42 rule:prompt-* min:warning by:assistant")
    audit.add_argument(
        "--format",
        type=Format,
        choices=list(Format),
        default=Format.TEXT,
        metavar="|".join(Format),
        help="text for people (usual), json for programs, sarif 2.1.0 for code scanning, junit for pipelines",
    )
    audit.add_argument(
        "--fail-on",
        choices=_FAIL_ON,
        default="warning",
        metavar="|".join(_FAIL_ON),
        help="the least severity with which the exit status is 1 (usual: warning)",
    )
    audit.add_argument(
        "--probe",
        action="store_true",
        help="ask the hosts of the webhooks too whether they answer (HEAD, public addresses alone)",
    )
    _add_looks(audit)


def _add_words(parser: argparse.ArgumentParser, examples: str) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help=f"the same words as in Slack, in English or German: {examples.replace('%', '%%')}",
    )


def _add_looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plain",
        action="store_true",
        help="no colours, no frames, no progress bar; so it is too without a terminal, or where NO_COLOR is set",
    )
    parser.add_argument(
        "--language", choices=["en", "de"], help="English or German; otherwise what LANG and its like say"
    )
    parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")
