"""Files for one person: sent into their direct messages, where nobody else sees them."""

import io

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.answers import Attachment

UPLOAD_PATIENCE = 120
"""Seconds for one file: thousands of prompts are some 15 MB."""


async def send(client: AsyncWebClient, user: str, file: Attachment) -> str:
    """The channel that the file is in now. Raises SlackApiError and what the connection raises."""
    opened = await client.conversations_open(users=[user])
    channel = str(opened["channel"]["id"])
    # The SDK's own `files_upload_v2` hands all bytes over at once and gives a large file as long as any call.
    place = await client.files_getUploadURLExternal(
        filename=file.name, length=len(file.content), alt_txt=file.alt_text or None
    )
    await _upload(client, str(place["upload_url"]), file.content)
    await client.files_completeUploadExternal(
        files=[{"id": str(place["file_id"]), "title": file.name}], channel_id=channel, initial_comment=file.text
    )
    return channel


async def _upload(client: AsyncWebClient, url: str, content: bytes) -> None:
    timeout = aiohttp.ClientTimeout(total=UPLOAD_PATIENCE)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(url, data=io.BytesIO(content), proxy=client.proxy, ssl=client.ssl or True) as answer,
    ):
        answer.raise_for_status()
