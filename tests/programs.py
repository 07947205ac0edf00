"""Programs of others that some tests ask: where they are, or why those tests can't run."""

import os
import shutil
import sys
from pathlib import Path

import pytest

# Debian keeps what administrators run where other users don't look.
_BESIDE = ("/usr/sbin", "/sbin")


def found(*names: str, beside_python: bool = False) -> str:
    """The path of the first of them that is here; without any the test is skipped, but never in CI.

    `beside_python`: it comes with the environment that the tests run in.
    """
    everywhere = os.pathsep.join([os.environ.get("PATH", os.defpath), *_BESIDE])
    path = str(Path(sys.executable).parent) if beside_python else everywhere
    for name in names:
        if program := shutil.which(name, path=path):
            return program
    missing = f"There is no {' or '.join(names)} here."
    give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    return give_up(missing)
