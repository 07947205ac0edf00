"""Callers who bring their own Famulor key: it is used for their request alone, and kept nowhere."""

import hashlib
import hmac
import secrets
from functools import partial
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from pydantic import SecretStr, ValidationError
from starlette.datastructures import Headers

from mcp_server.access.layers import Caller
from mcp_server.access.refusals import KeyMalformed, KeyMissing
from mcp_server.state import own_core
from shared.runtime import open_core
from shared.settings import Account, Settings
from shared.telemetry import SILENT, Telemetry

HEADER = "x-famulor-key"
ACCOUNT = "default"
SHOWN = 8
"""Characters of a caller's mark in the log: enough to tell callers apart."""


class CallerKeys:
    """Every request's core is its caller's own, opened with their key and closed after it.

    Famulor, not we, decides whether the key is good: who brings a wrong one learns so from the first tool.
    """

    def __init__(self, settings: Settings, telemetry: Telemetry = SILENT) -> None:
        self._settings = settings
        self._telemetry = telemetry
        # Marks mean nothing outside of this process: nobody can try keys on what a log says.
        self._salt = secrets.token_bytes(32)

    async def admit(self, headers: Headers) -> Caller:
        """A caller known by a mark of the key. Raises KeyMissing, KeyMalformed."""
        key = self._account(headers).api_key.get_secret_value()
        mark = hmac.new(self._salt, key.encode(), hashlib.sha256).hexdigest()
        return Caller(f"key-{mark[:SHOWN]}", client=mark)

    async def with_core(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """A middleware of the protocol: within it, the core is the caller's own.

        Not one of HTTP: in a session, a call may outlive the request that brought it.
        """
        assert ctx.request is not None  # noqa: S101 # over HTTP, every message has the request that brought it
        account = self._account(ctx.request.headers)
        settings = self._settings.model_copy(update={"famulor_accounts": {ACCOUNT: account}})
        async with own_core(partial(open_core, settings, telemetry=self._telemetry)):
            return await call_next(ctx)

    def _account(self, headers: Headers) -> Account:
        given = headers.getlist(HEADER)
        if len(given) != 1:
            raise KeyMissing
        try:
            return Account(name=ACCOUNT, api_key=SecretStr(given[0]), base_url=self._settings.famulor_base_url)
        except ValidationError as error:
            reason = error.errors(include_input=False, include_url=False)[0]["msg"]
        # Outside the except clause: a chained error would carry the key into a traceback.
        raise KeyMalformed(reason=reason)
