"""Slack's side of HTTP: what a request URL is sent instead of envelopes, signed."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.playground.payloads import VERIFICATION_TOKEN
from bot.playground.sockets import NotConnectedError
from shared.clock import Clock

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FIRST_ERROR, FIRST_SERVER_ERROR = 300, 500
CHALLENGE = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"


class RequestRefusedError(Exception):
    """The bot answered, but not with success; `code` is how Slack calls that."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.code = "http_service_error" if status >= FIRST_SERVER_ERROR else "http_client_error"


@dataclass(frozen=True)
class RequestUrl:
    """Where the bot listens. `age`: how many seconds before now, by `clock`, a request claims to be signed."""

    url: str
    signing_secret: str
    clock: Clock
    age: float = 0.0

    async def send(self, envelope: Mapping[str, Any], within: float) -> Mapping[str, Any] | None:
        """Sends what is in the envelope; the answer to it, if any.

        Raises:
            NotConnectedError: nobody listens there.
            RequestRefusedError: the answer has another status than 2xx.
            TimeoutError: there was none within so many seconds.
        """
        body, content_type = _body(envelope)
        headers = {"Content-Type": content_type, **_retry(envelope)}
        return _said(*await self._post(body, headers, within))

    async def verify(self, within: float) -> bool:
        """Whether the address answers Slack's challenge, as it has to before it is sent anything.

        Raises what `send` raises.
        """
        challenge = {"token": VERIFICATION_TOKEN, "challenge": CHALLENGE, "type": "url_verification"}
        text, _ = await self._post(json.dumps(challenge), {"Content-Type": JSON}, within)
        return CHALLENGE in {text.strip(), (_object(text) or {}).get("challenge")}

    async def _post(self, body: str, headers: Mapping[str, str], within: float) -> tuple[str, str]:
        signed = {**headers, **self._signature(body), "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        try:
            async with (
                asyncio.timeout(within),
                aiohttp.ClientSession() as session,
                session.post(self.url, data=body.encode(), headers=signed, allow_redirects=False) as response,
            ):
                text = await response.text()
        except aiohttp.ClientConnectionError as error:
            raise NotConnectedError from error
        if response.status >= FIRST_ERROR:
            raise RequestRefusedError(response.status)
        return text, response.content_type

    def _signature(self, body: str) -> dict[str, str]:
        """https://docs.slack.dev/authentication/verifying-requests-from-slack ."""
        timestamp = str(int(self.clock.now().timestamp() - self.age))
        base = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Mapping[str, Any]) -> tuple[str, str]:
    match envelope["type"]:
        case "slash_commands":
            return urlencode(envelope["payload"]), FORM
        case "interactive":
            return urlencode({"payload": json.dumps(envelope["payload"])}), FORM
    return json.dumps(envelope["payload"]), JSON


def _retry(envelope: Mapping[str, Any]) -> dict[str, str]:
    attempt = envelope.get("retry_attempt", 0)
    reason = "http_timeout" if envelope.get("retry_reason") == "timeout" else str(envelope.get("retry_reason", ""))
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}


def _said(text: str, content_type: str) -> Mapping[str, Any] | None:
    if not text.strip():
        return None
    return _object(text) if content_type == JSON else {"text": text}


def _object(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
