"""Where a webhook URL leads, read from its text alone; and which addresses are on the internet; pure."""

import re
import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from shared.masking import masked_values

_NOT_GLOBAL_UNICAST = (
    # Of 2000::/3, all that is ever given to hosts (RFC 4291): what leads back to IPv4, or is for documents.
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_RELAYS = ip_network("192.88.99.0/24")

_INNER_DOMAINS = frozenset({"localhost", "local", "internal", "intranet", "lan", "corp", "home", "test", "invalid"})
"""Last labels that no public name server knows: RFC 6761, RFC 6762, ICANN's .internal, and what companies use."""
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*+|[0-9]++)(?:\.(?:0x[0-9a-f]*+|[0-9]++))*+", re.IGNORECASE)
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f\\]")
_LONGEST_HOST = 253
"""Characters of a name in the DNS (RFC 1035)."""


class Target(NamedTuple):
    """Where a URL leads. `host` in lower case, IPv6 without brackets; `secrets`: names of parameters that hold one."""

    scheme: str
    host: str
    credentials: bool
    secrets: tuple[str, ...]


@lru_cache(maxsize=4_096)
def target(url: str) -> Target | None:
    """Where this URL leads; None for what is no URL. Kept for the next rule, and the next poll, that asks."""
    url = url.strip()
    if _UNFIT.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").rstrip("."), parts.port
        # More parameters than anybody writes are not looked at.
        parameters = parse_qsl(parts.query[:10_000])
    except ValueError:
        return None
    if not parts.scheme or not host or len(host) > _LONGEST_HOST:
        return None
    if _NUMERIC.fullmatch(host) and literal(host) is None:
        return None
    secrets = tuple(dict.fromkeys(name for name, value in parameters if masked_values({name: value})[name] != value))
    return Target(parts.scheme.lower(), host, "@" in parts.netloc, secrets)


def is_inner(host: str) -> bool:
    """Whether the name or address can only be reached from inside some network, as far as its text says."""
    address = literal(host)
    if address is not None:
        return not is_public(address)
    labels = host.lower().rstrip(".").split(".")
    return len(labels) == 1 or labels[-1] in _INNER_DOMAINS or labels[-2:] == ["home", "arpa"]


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that the host is written as, also in the ways that C libraries understand (127.1, 0x7f000001)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not _NUMERIC.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is one host's on the internet: a global unicast address that hides no other inside."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in _RELAYS
    return (
        address.scope_id is None
        and address in _GLOBAL_UNICAST
        and not any(address in network for network in _NOT_GLOBAL_UNICAST)
    )
