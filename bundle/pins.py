"""What the bundle must install: the part of `requirements.lock` that its dependencies reach; pure."""

import re
from collections.abc import Collection

_PACKAGE = re.compile(r"^(?P<pin>(?P<name>[a-z0-9.-]+)==[^\s;]+(?: ; [^\\\n]+?)?) \\$")
_FOR = re.compile(r"^    #(?: via)? +([a-z0-9.-]+)")


def pins(lock: str, wanted: Collection[str]) -> tuple[str, ...]:
    """`name==version ; marker` of the wanted packages and of all that they need, by name.

    Raises LookupError where the lock lacks a wanted one.
    """
    exact: dict[str, str] = {}
    needed_by: dict[str, set[str]] = {}
    name = ""
    for line in lock.splitlines():
        if package := _PACKAGE.match(line):
            name = package["name"]
            exact[name], needed_by[name] = package["pin"], set()
        elif parent := _FOR.match(line):
            needed_by[name].add(parent[1])
    if missing := set(wanted) - exact.keys():
        raise LookupError(f"requirements.lock lacks {', '.join(sorted(missing))}.")
    reached = set(wanted)
    while more := {name for name, parents in needed_by.items() if name not in reached and parents & reached}:
        reached |= more
    return tuple(exact[name] for name in sorted(reached))
