"""Addresses that people paste: which pages they lead to; pure. A link is anybody's text."""

import re
from urllib.parse import SplitResult, urlsplit

LONGEST = 2_000
"""Characters; no page of ours has a longer address."""

_PRINTABLE = re.compile(r"[!-~]+")
_ID = re.compile(r"[0-9]{1,18}")


def ids_in(url: str) -> tuple[int, ...]:
    """The numbers in its path, each once; none where it is no plain address."""
    parts = _parts(url)
    return tuple(dict.fromkeys(map(int, _ID.findall(parts.path)))) if parts else ()


def is_same_page(url: str, page: str) -> bool:
    """Whether the address leads to this page: exactly its host and path.

    What else stands behind (`?tab=calls`, `#top`, a slash) is forgiven; another host never is.
    """
    one, other = _parts(url), _parts(page)
    return one is not None and other is not None and _place(one) == _place(other)


def _parts(url: str) -> SplitResult | None:
    """None for what a browser and we might read differently."""
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None


def _place(parts: SplitResult) -> tuple[str, str | None, int | None, str]:
    port = parts.port if parts.port != {"http": 80, "https": 443}[parts.scheme] else None
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/")
