"""`python -m bot.playground.limits FILE…`: the problems of payloads from elsewhere, one a line; exit 1 if any."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.playground.limits import advice, problems

UNREADABLE = 2


def main(arguments: Sequence[str]) -> int:
    """Checks each file, or standard input without any ("-" is it too); a file has one payload or a list of them.

    Returns 0 where Slack would take everything, 1 where not, 2 where a file can't be read. Advice is not counted.
    """
    status = 0
    for name in arguments or ["-"]:
        try:
            content = json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return UNREADABLE
        for place, payload in _payloads(name, content):
            found = problems(payload)
            status = status or int(bool(found))
            sys.stdout.writelines(f"{place}: {line}\n" for line in found)
            sys.stdout.writelines(f"{place}: advice: {line}\n" for line in advice(payload))
    return status


def _payloads(name: str, content: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(content, list):
        yield name, content
        return
    for number, payload in enumerate(content):
        yield f"{name}[{number}]", payload


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
