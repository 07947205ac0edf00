"""Whether webhooks' hosts answer, asked only when somebody wants to know: HEAD, to public addresses alone.

A webhook's URL is anybody's text, and this program may stand in a network that nobody outside is meant to see. So a
name is resolved once, everything it resolves to has to be on the internet, and the connection goes to the address
that was looked at: no second look-up can lead elsewhere, no redirect is followed, no proxy of the environment's asked.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from shared.audit.hosts import is_public, literal
from shared.audit.reach import Reach, Reached

AT_ONCE = 5
"""Requests under way."""
CONNECT = 3.0
"""Seconds until a connection has to stand."""
TOTAL = 10.0
"""Seconds for one URL, all its addresses together."""
_TRIED = 3
"""Addresses of one name that are tried."""

Address = IPv4Address | IPv6Address
Resolve = Callable[[str], Awaitable[Sequence[Address]]]
Allowed = Callable[[Address], bool]


async def resolved(host: str) -> Sequence[Address]:
    """The host's addresses as the system's resolver knows them, each once. Raises OSError where there are none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        # A label that is too long, or empty, never reaches the resolver.
        raise OSError(str(error)) from error
    return tuple(dict.fromkeys(ip_address(place[0]) for *_kind, place in found))


async def probe(
    urls: Iterable[str],
    *,
    resolve: Resolve = resolved,
    allowed: Allowed = is_public,
    tls: ssl.SSLContext | None = None,
    total: float = TOTAL,
) -> Mapping[str, Reached]:
    """How far a HEAD request to each URL comes; raises nothing.

    Sent are the URL's path and parameters, which are the receiver's own; no credentials, no cookies, no key of ours.
    `total`: seconds for each. `resolve`, `allowed` and `tls` (whom to trust; the usual authorities when None) are for
    tests.
    """
    different = tuple(dict.fromkeys(urls))
    turns = asyncio.Semaphore(AT_ONCE)
    trusted = tls or httpx.create_ssl_context(trust_env=False)

    async def taking_turns(url: str) -> Reached:
        async with turns:
            try:
                async with asyncio.timeout(total):
                    return await _probe(url, resolve, allowed, trusted)
            except TimeoutError:
                return Reached(Reach.TIMEOUT)

    return dict(zip(different, await asyncio.gather(*map(taking_turns, different)), strict=True))


async def _probe(url: str, resolve: Resolve, allowed: Allowed, tls: ssl.SSLContext) -> Reached:
    try:
        wanted = httpx.URL(url.strip())
    except httpx.InvalidURL:
        return Reached(Reach.NO_URL)
    host = wanted.raw_host.decode("ascii")
    if wanted.scheme not in {"http", "https"} or not host:
        return Reached(Reach.NO_URL)
    try:
        written = literal(host)
        addresses = [written] if written is not None else await resolve(host)
    except OSError:
        return Reached(Reach.NO_ADDRESS)
    if not addresses or not all(map(allowed, addresses)):
        # One address inside is enough to refuse them all: whoever answers for the name may choose the order.
        return Reached(Reach.NOT_PUBLIC if addresses else Reach.NO_ADDRESS)
    reached = Reached(Reach.REFUSED)
    for address in addresses[:_TRIED]:
        reached = await _head(wanted, address, tls)
        if reached.reach is not Reach.REFUSED:
            break
    return reached


async def _head(url: httpx.URL, address: Address, tls: ssl.SSLContext) -> Reached:
    """Ask the host of the URL at this address."""
    there = url.copy_with(host=str(address), username=None, password=None, fragment=None)
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"famulor-chatops/{version('famulor-chatops')} (webhook check)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    # How long an answer may take, whoever calls this watches.
    timeout = httpx.Timeout(None, connect=CONNECT)
    async with httpx.AsyncClient(
        headers=headers, verify=tls, trust_env=False, follow_redirects=False, timeout=timeout
    ) as client:
        # TLS is for the name that was asked for, not for the address.
        request = client.build_request("HEAD", there, extensions={"sni_hostname": url.raw_host.decode("ascii")})
        try:
            response = await client.send(request, stream=True)
        except httpx.HTTPError as error:
            return Reached(_failure(error))
        await response.aclose()
        return Reached(Reach.ANSWERED, response.status_code)


def _failure(error: httpx.HTTPError) -> Reach:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Reach.TLS
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return Reach.REFUSED
        case _:
            return Reach.NO_HTTP
