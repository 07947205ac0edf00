"""Requests that carry Slack's signature of now."""

import hashlib
import hmac
from collections.abc import Mapping

from shared.clock import SystemClock


def signed(body: bytes, secret: str) -> Mapping[str, str]:
    """The headers that make it one of Slack's."""
    timestamp = str(int(SystemClock().now().timestamp()))
    digest = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    kind = "application/json" if body[:1] in {b"{", b"["} else "application/x-www-form-urlencoded"
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": kind,
    }
