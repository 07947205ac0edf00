"""Slack's Web API by the SDK's client, whose every failure is one that its callers expect and can read."""

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse


class SlackClient(AsyncWebClient):
    """The SDK's. An answer in plain text, as proxies give it in Slack's place, is a failure of the network."""

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """Raises SlackApiError, and what the connection raises."""
        try:
            return await super().api_call(api_method, **options)
        except AttributeError as error:
            # The SDK looks for “ok” in a text as if it were an object.
            raise aiohttp.ClientPayloadError("Slack's answer is plain text.") from error


def refusal_of(error: SlackApiError) -> str:
    """Slack's word for why it refuses; "" where the answer is none of Slack's own: a proxy's page, or a text."""
    # Of what is no JSON, the SDK hands out a text, or the network's own response.
    content = getattr(error.response, "data", error.response)
    return str(content.get("error") or "") if isinstance(content, dict) else ""


def reason_of(error: SlackApiError) -> str:
    """The same for a log; else the status of the answer."""
    answer = error.response
    return refusal_of(error) or f"HTTP {getattr(answer, 'status_code', None) or getattr(answer, 'status', '')}"
