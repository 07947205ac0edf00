"""The one boundary where databases' and drivers' errors become ours."""

import errno
import sqlite3
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from shared.errors import (
    StoreDamaged,
    StoreError,
    StoreFault,
    StoreFull,
    StoreReadOnly,
    StoreRefused,
    StoreUnavailable,
)

SQLITE: Mapping[int, type[StoreError]] = {
    sqlite3.SQLITE_IOERR_WRITE: StoreFull,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_BUSY: StoreUnavailable,
    sqlite3.SQLITE_LOCKED: StoreUnavailable,
    sqlite3.SQLITE_PROTOCOL: StoreUnavailable,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
    sqlite3.SQLITE_NOMEM: StoreUnavailable,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
}
"""https://www.sqlite.org/rescode.html: extended codes, and primary ones for all of theirs that are not named."""

POSTGRESQL: Mapping[str, type[StoreError]] = {
    "08": StoreUnavailable,
    "25006": StoreReadOnly,
    "28": StoreRefused,
    "3D": StoreRefused,
    "40": StoreUnavailable,
    "42501": StoreReadOnly,
    "53": StoreUnavailable,
    "53100": StoreFull,
    "55": StoreUnavailable,
    "57": StoreUnavailable,
    "58": StoreUnavailable,
    "XX001": StoreDamaged,
    "XX002": StoreDamaged,
}
"""https://www.postgresql.org/docs/current/errcodes-appendix.html: codes, and classes for all of theirs not named."""

FILES: Mapping[int | None, type[StoreError]] = {
    errno.ENOSPC: StoreFull,
    errno.EDQUOT: StoreFull,
}
"""Of making a file; everything else is a path that can't be written."""


@contextmanager
def translated() -> Iterator[None]:
    """Raises StoreError in place of what a database raises. The cause goes along; it holds no values and no address."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise meaning(error) from error


def meaning(error: Exception) -> StoreError:
    """What a database's, driver's or network's error means to people."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        kind = SQLITE.get(code) or SQLITE.get(code & 0xFF, StoreFault)
        return kind(evidence=getattr(cause, "sqlite_errorname", code))
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        kind = POSTGRESQL.get(state) or POSTGRESQL.get(state[:2], StoreFault)
        return kind(evidence=f"SQLSTATE {state}")
    evidence = type(cause).__name__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return StoreRefused(evidence=evidence)
    # The last two, without a code of the server's: the driver found its connection broken.
    if isinstance(error, OSError | NoConnectionLeft | InterfaceError | InternalError):
        return StoreUnavailable(evidence=evidence)
    return StoreFault(evidence=evidence)


def unwritable(error: OSError) -> StoreError:
    """What it means that a database's file or folder can't be made."""
    return FILES.get(error.errno, StoreReadOnly)(evidence=error.strerror or type(error).__name__)
