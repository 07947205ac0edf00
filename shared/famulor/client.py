"""One account's client: a pooled connection, deadlines, a budget, one retry policy."""

import asyncio
import functools
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TypeVar

import httpx

from shared.clock import Clock
from shared.errors import (
    AnswerTooLarge,
    AnswerTruncated,
    CertificateRejected,
    KeyRejected,
    NotJson,
    TimedOut,
    Unreachable,
    UpstreamError,
)
from shared.famulor import wire
from shared.famulor.budget import RateBudget
from shared.famulor.refusals import refusal
from shared.famulor.retrying import retrying
from shared.models import Language, Owner, Snapshot, Voice
from shared.settings import Account, is_loopback
from shared.telemetry import SILENT, Telemetry, timed

T = TypeVar("T")

BODY_LIMIT = 64
"""MiB, after decompression. Five thousand assistants of 3 KB are 15."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. `total` holds over all attempts, retries and waits together."""

    connect: float = 5
    read: float = 15
    total: float = 30


class FamulorClient:
    """Famulor as one account sees it. Every method raises UpstreamError, and nothing else, when it can't answer."""

    def __init__(
        self,
        account: Account,
        clock: Clock,
        deadlines: Deadlines,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        telemetry: Telemetry = SILENT,
    ) -> None:
        self.account = account
        self._clock = clock
        self._deadlines = deadlines
        self._telemetry = telemetry
        self._budget = RateBudget(account.name, clock, telemetry)
        self._key = account.api_key.get_secret_value()
        base_url = httpx.URL(account.base_url)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={
                "Accept": "application/json",
                # What can't be bombed with: gzip expands at most a thousandfold, chunk by chunk.
                "Accept-Encoding": "gzip",
                "Authorization": f"Bearer {self._key}",
                "User-Agent": f"famulor-chatops/{version('famulor-chatops')}",
            },
            timeout=httpx.Timeout(deadlines.read, connect=deadlines.connect),
            follow_redirects=False,
            transport=transport,
            verify=_trusted(),
            # A proxy of the environment's is for the world outside, not for a demo on this machine.
            trust_env=not is_loopback(base_url.host),
        )

    async def aclose(self) -> None:
        """Close the pooled connections."""
        await self._http.aclose()

    @property
    def host(self) -> str:
        """Where the key goes, and nowhere else."""
        return self._http.base_url.host

    def requests_left(self) -> Mapping[int, int]:
        """How many requests each rate limit leaves at this moment, by its seconds."""
        return self._budget.left()

    def spare(self) -> int:
        """How many requests the account's rate limits leave at this moment."""
        return self._budget.spare()

    async def outbound_assistants(self) -> Snapshot:
        """Every outbound assistant of the account, with the records that could not be read."""
        path = "/api/user/assistants/outbound"
        records = await self._get(path, wire.list_of_records)
        assistants, rejected = wire.assistants(records, self.account.name)
        return Snapshot(
            account=self.account.name, fetched_at=self._clock.now(), assistants=assistants, rejected=rejected
        )

    async def languages(self) -> Mapping[int, Language]:
        """Languages by their id."""
        return wire.by_id(await self._get("/api/user/assistants/languages", wire.list_of_records), Language)

    async def voices(self) -> Mapping[int, Voice]:
        """Voices by their id."""
        return wire.by_id(await self._get("/api/user/assistants/voices", wire.list_of_records), Voice)

    async def owner(self) -> Owner:
        """Whose key this is: the cheap way to check one."""
        return await self._get("/api/user/me", wire.owner)

    async def _get(self, path: str, read: Callable[[bytes, str], T]) -> T:
        deadline = self._clock.monotonic() + self._deadlines.total
        again = partial(self._telemetry.upstream_retry, self.account.name)
        return await retrying(self._clock, deadline, again)(self._attempt, path, read, deadline)

    async def _attempt(self, path: str, read: Callable[[bytes, str], T], deadline: float) -> T:
        await self._budget.take(until=deadline)
        with timed(partial(self._telemetry.upstream_call, self.account.name), self._clock.monotonic):
            try:
                async with asyncio.timeout(deadline - self._clock.monotonic()):
                    return read(await self._body(path), path)
            except TimeoutError as error:
                raise TimedOut(host=self._http.base_url.host, evidence=f"{self._deadlines.total:g} s in all") from error

    async def _body(self, path: str) -> bytes:
        with_headers = False
        try:
            async with self._http.stream("GET", path) as response:
                with_headers = True
                body = await self._read(response, path)
        except httpx.RequestError as error:
            raise self._translated(error, path, begun=with_headers) from error
        refused = refusal(response, body, account=self.account.name, key=self._key, now=self._clock.now())
        if refused is not None:
            raise refused
        return body

    async def _read(self, response: httpx.Response, path: str) -> bytes:
        chunks, size = [], 0
        async for chunk in response.aiter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > BODY_LIMIT * 2**20:
                raise AnswerTooLarge(path=path, limit=BODY_LIMIT)
        return b"".join(chunks)

    def _translated(  # noqa: PLR0911 # one return for each line of the table
        self, error: httpx.RequestError, path: str, *, begun: bool
    ) -> UpstreamError:
        host = self._http.base_url.host
        match error:
            case httpx.ConnectTimeout():
                return TimedOut(host=host, evidence=f"{self._deadlines.connect:g} s to connect")
            case httpx.TimeoutException():
                return TimedOut(host=host, evidence=f"{self._deadlines.read:g} s without a word")
            case httpx.DecodingError():
                return NotJson(path=path, evidence="its compression is broken")
            case httpx.RemoteProtocolError() if "location header" in str(error):
                return KeyRejected(account=self.account.name, evidence="a redirect to an unreadable address")
            case _ if (reason := _certificate_problem(error)) is not None:
                return CertificateRejected(host=host, evidence=reason)
            case _ if begun:
                return AnswerTruncated(evidence="the connection was closed")
            case _:
                return Unreachable(host=host, evidence=_connection_problem(error))


def _certificate_problem(error: BaseException) -> str | None:
    """What TLS says against the other side; None where it is another failure."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        if isinstance(cause, ssl.SSLError):
            return cause.reason or "no TLS connection"
        cause = cause.__cause__ or cause.__context__
    return None


def _connection_problem(error: BaseException) -> str:
    """The operating system's word for it: "Connection refused", "Name or service not known"."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return "the connection was closed"


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whom a client believes, the same for all accounts: httpx would read all certificates anew for each, 0.7 MiB."""
    return httpx.create_ssl_context()
