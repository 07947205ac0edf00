"""OAuth 2.1: tokens that an authorization server signs for us, checked against the keys that it publishes."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import jwt
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_server import render
from mcp_server.access.authentication import bearer_token
from mcp_server.access.layers import Caller, Layer
from mcp_server.access.refusals import CredentialsMissing, IssuerSilent, ScopeMissing, TokenRejected
from shared.cache import Cache
from shared.clock import Clock
from shared.errors import UpstreamError
from shared.settings.http import HttpSettings
from shared.settings.values import Url

_log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "ES256", "EdDSA")
"""Signed with a key that only the issuer has: never `none`, never one that we would have to share."""
LEEWAY = 30
"""Seconds by which two machines' clocks may differ."""
FRESH = 60.0
"""Seconds for which the issuer's keys are not asked for again: a new one is known that soon."""
PAUSE = 10.0
"""Seconds after a failure in which they are not asked for again."""
OLDEST = 3600.0
"""Seconds for which keys are used that can't be fetched anew: a withdrawn one must not live on for ever."""
TIMEOUT = 5.0
"""Seconds for all of asking the issuer."""
LONGEST_NAME = 60
"""Characters of a caller's name in the log."""
WELL_KNOWN = "/.well-known/oauth-protected-resource"

_address = TypeAdapter(Url)


class KeysMissing(UpstreamError):
    """The issuer's keys could not be fetched."""

    what = "The keys of {issuer} can't be had ({evidence})."
    retryable = True


@dataclass(frozen=True, slots=True)
class Keys:
    """What the issuer published; `fetched_at` is the clock's monotonic time."""

    keys: tuple[jwt.PyJWK, ...]
    fetched_at: float

    def find(self, name: str | None) -> jwt.PyJWK | None:
        """The key of this name; the only one, where a token names none."""
        found = [key for key in self.keys if name is None or key.key_id == name]
        return found[0] if len(found) == 1 else None


class IssuerKeys:
    """The keys of one issuer, fetched when they are needed and remembered for a while.

    Asked is nobody but the configured issuer and the address that it names, and over TLS (or on this machine).
    """

    def __init__(self, issuer: str, address: str | None, clock: Clock) -> None:
        self._issuer = issuer
        self._address = address
        self._clock = clock
        self._cache = Cache(self.fetched, fresh_for=FRESH, pause=PAUSE, clock=clock)

    async def current(self) -> Keys:
        """The keys. Raises IssuerSilent where there are none that may still be used."""
        try:
            held = await self._cache.get()
        except UpstreamError as error:
            _log.warning("%s", error)
            raise IssuerSilent(retry_after=PAUSE) from None
        if held.stale is not None and self._clock.monotonic() - held.value.fetched_at > OLDEST:
            _log.warning("%s", held.stale)
            raise IssuerSilent(retry_after=PAUSE)
        return held.value

    async def fetched(self) -> Keys:
        """The keys as they are published now. Raises KeysMissing."""
        try:
            # Redirects are not followed: where the keys come from is nobody's to change on the way.
            async with asyncio.timeout(TIMEOUT), httpx2.AsyncClient(follow_redirects=False, timeout=TIMEOUT) as http:
                found = await _json(http, self._address or await self._published(http))
                listed = jwt.PyJWKSet.from_dict(found).keys
        except (httpx2.HTTPError, TimeoutError, jwt.PyJWTError, ValueError) as error:
            evidence = render.line(str(error)) or type(error).__name__
            raise KeysMissing(issuer=self._issuer, evidence=evidence) from error
        return Keys(tuple(key for key in listed if key.algorithm_name in ALGORITHMS), self._clock.monotonic())

    async def _published(self, http: httpx2.AsyncClient) -> str:
        """The address of the keys, from the issuer's metadata. Raises HTTPError, ValueError."""
        problem: Exception = ValueError("it publishes no metadata")
        for address in metadata_addresses(self._issuer):
            try:
                metadata = await _json(http, address)
            except (httpx2.HTTPError, ValueError) as error:
                problem = error
                continue
            if metadata.get("issuer") != self._issuer:
                problem = ValueError("its metadata names another issuer")
                continue
            try:
                return _address.validate_python(metadata.get("jwks_uri"))
            except ValidationError:
                problem = ValueError("its metadata names no usable address for its keys")
        raise problem


def metadata_addresses(issuer: str) -> tuple[str, str]:
    """Where OAuth (RFC 8414) and OpenID Connect put an issuer's metadata."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    return (
        f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{path}",
        f"{parts.scheme}://{parts.netloc}{path}/.well-known/openid-configuration",
    )


async def _json(http: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    response = await http.get(address)
    if not response.is_success:
        raise ValueError(f"{urlsplit(address).netloc} answers {response.status_code}")
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 # whose type it is, is not our caller's fault
    return found


class OAuth:
    """Admits callers with a token that the issuer signed, for us, for now, and for enough."""

    def __init__(self, settings: HttpSettings, resource: str, clock: Clock) -> None:
        issuer = settings.mcp_oauth_issuer
        assert issuer is not None  # noqa: S101 # it is what chooses this way
        self._issuer = issuer
        self._audience = settings.mcp_oauth_audience or resource
        self._scopes = settings.scopes
        self._metadata = metadata_address(resource)
        self._keys = IssuerKeys(issuer, settings.mcp_oauth_jwks_url, clock)

    async def admit(self, headers: Headers) -> Caller:
        """Who the token is about. Raises CredentialsMissing, TokenRejected, ScopeMissing, IssuerSilent."""
        try:
            claims = await self._checked(bearer_token(headers))
        except (CredentialsMissing, TokenRejected, ScopeMissing) as refusal:
            refusal.challenge += self._directions(after=refusal.challenge)
            raise
        client = str(claims.get("client_id") or claims.get("azp") or "")
        subject = str(claims.get("sub") or client)
        name = render.line(subject, LONGEST_NAME)
        return Caller(name or "unnamed", client=client, issuer=self._issuer, subject=subject)

    async def _checked(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise jwt.InvalidAlgorithmError("its algorithm is not accepted")
            key = (await self._keys.current()).find(header.get("kid"))
            if key is None:
                raise jwt.InvalidKeyError("the issuer has no such key")
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name or ""],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            # Which check failed is for who runs the server; the token itself is for nobody.
            _log.info("A token was rejected: %s", type(error).__name__)
            raise TokenRejected from None
        if not scopes_of(claims).issuperset(self._scopes):
            raise ScopeMissing(scopes=" ".join(self._scopes))
        return claims

    def _directions(self, after: str) -> str:
        """Where clients read how to get a token (RFC 9728), and what to ask for."""
        joint = ", " if "=" in after else " "
        return f'{joint}resource_metadata="{self._metadata}", scope="{" ".join(self._scopes)}"'


def scopes_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """What a token allows: `scope` as the standard says, `scp` as some issuers do."""
    given = claims.get("scope", claims.get("scp", ()))
    words: Iterable[Any] = given.split() if isinstance(given, str) else given if isinstance(given, list) else ()
    return frozenset(word for word in words if isinstance(word, str))


def metadata_address(resource: str) -> str:
    """Where RFC 9728 puts the metadata of a protected resource."""
    parts = urlsplit(resource)
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path.rstrip('/')}"


class Metadata(Layer):
    """Tells clients who issues tokens for us (RFC 9728); they read it before they have one."""

    def __init__(self, app: ASGIApp, settings: HttpSettings, resource: str) -> None:
        super().__init__(app)
        self._paths = {WELL_KNOWN, urlsplit(metadata_address(resource)).path}
        self._metadata = {
            "resource": resource,
            "authorization_servers": [settings.mcp_oauth_issuer],
            "scopes_supported": list(settings.scopes),
            "bearer_methods_supported": ["header"],
        }

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in self._paths and scope["method"] == "GET":
            await JSONResponse(self._metadata, headers={"Access-Control-Allow-Origin": "*"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)
