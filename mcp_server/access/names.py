"""Under which names we answer, and which web pages may call: against pages that bend their name to our address."""

import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_server.access.layers import Layer, method_and_headers
from mcp_server.access.refusals import HostUnknown, OriginRefused
from shared.settings import is_loopback

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")
_ORIGIN = re.compile(rf"https?://({_HOST.pattern})")


class Names(Layer):
    """Refuses other hosts and origins. Loopback's names always pass: no page can bend those.

    `hosts`: names in lower case; one without a port stands for all ports. `origins`: exactly as browsers send them.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str]) -> None:
        super().__init__(app)
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        _method, headers = method_and_headers(scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._ours(hosts[0].lower()):
            raise HostUnknown
        if len(origins) > 1 or not all(self._welcome(origin.lower()) for origin in origins):
            raise OriginRefused
        await self.app(scope, receive, send)

    def _ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        name = found[1].strip("[]") if found else ""
        return host in self._hosts or name in self._hosts or is_loopback(name)

    def _welcome(self, origin: str) -> bool:
        found = _ORIGIN.fullmatch(origin)
        return origin in self._origins or (found is not None and is_loopback(found[2].strip("[]")))
