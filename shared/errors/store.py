"""What is remembered can't be read or written."""

from shared.errors.base import FamulorError


class StoreError(FamulorError):
    """What is remembered can't be read or written. `evidence` is a code or a class, never an address."""


class StoreUnavailable(StoreError):
    """The database does not answer, or not in time."""

    what = "The database can't be reached or is busy ({evidence})."
    retryable = True


class StoreRefused(StoreError):
    """The database lets us not in: user, password, certificate or database name."""

    what = "The database does not let this program in ({evidence})."
    cure = "Check user, password, database name and TLS in DATABASE_URL."


class StoreReadOnly(StoreError):
    """The database may be read and not written."""

    what = "The database can't be written ({evidence})."
    cure = "Give this program's user the right to write to it and to its folder, or change DATABASE_URL."


class StoreFull(StoreError):
    """There is no space left."""

    what = "The database can't grow ({evidence})."
    cure = "Make room on its disk; nothing was written by half."


class StoreDamaged(StoreError):
    """The file is no database, or a broken one."""

    what = "The database is damaged, or is no database ({evidence})."
    cure = "Check DATABASE_URL, or put a backup in its place."


class StoreTooNew(StoreError):
    """A newer version of this program has changed the database's schema."""

    what = "The database was made by a newer version of this program (schema {found}; this version knows {known})."
    cure = "Run the newer version, or set DATABASE_URL to another database."


class StoreFault(StoreError):
    """The database refuses what this program asks of it."""

    what = "The database refused a statement ({evidence})."
    cure = "This is a fault of this program: please report it."


class DriverMissing(StoreError):
    """PostgreSQL is asked for, and its driver is not installed."""

    what = "DATABASE_URL names a PostgreSQL database, and asyncpg is not installed."
    cure = "Install this program with its extra postgres: famulor-chatops[postgres]."


class LeaseLost(StoreError):
    """The work was taken over, or is done already: nothing of ours was written."""

    what = "The account “{account}” is no longer this process's to poll."
