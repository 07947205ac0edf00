"""PostgreSQL: how a connection is made."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.errors import DriverMissing, StoreRefused
from shared.store.faults import meaning

CONNECT_TIMEOUT = 10
STATEMENT_TIMEOUT = 60
"""Seconds. Pruning is the longest statement; a migration has as long as it takes."""


def engine_for(url: str, statement_timeout: float | None = STATEMENT_TIMEOUT) -> AsyncEngine:
    """A pool of connections; one that broke while nobody used it is replaced unnoticed.

    The URL is read by asyncpg as libpq reads it: `?sslmode=`, several hosts, a socket's folder.
    """
    try:
        import asyncpg  # type: ignore[import-untyped] # noqa: PLC0415 # an extra of the package
    except ImportError as error:
        raise DriverMissing from error

    async def connect() -> Any:
        try:
            return await asyncpg.connect(url, timeout=CONNECT_TIMEOUT, command_timeout=statement_timeout)
        except asyncpg.ClientConfigurationError:
            raise StoreRefused(evidence="the URL can't be read") from None  # the cause quotes it
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise meaning(error) from error

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, pool_pre_ping=True, hide_parameters=True)
