"""Files on their way into the local Slack, and those that are there."""

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.playground.people import BOT_USER
from bot.playground.refusal import SlackRefusesError

LARGEST = 1_000_000_000
"""Bytes: https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""


@dataclass(frozen=True)
class File:
    """`length`: the bytes that were announced; `content` is None until they have come. `shares`: channel ids."""

    id: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    is_complete: bool = False
    shares: tuple[str, ...] = field(default=())

    def as_slack(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.length,
            "user": BOT_USER,
            "alt_txt": self.alt_text,
            "channels": list(self.shares),
        }


class Files:
    """Three steps: an address for the upload, the upload, the completion. By id in `all`."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[str, str] = {}
        self.all: dict[str, File] = {}

    def announce(self, name: str, length: int, alt_text: str = "") -> tuple[str, File]:
        """The last part of the upload's address, which takes one upload, and the file to be.

        Raises:
            SlackRefusesError: `invalid_arguments`, `file_upload_size_restricted`.
        """
        if not name or length <= 0:
            raise SlackRefusesError("invalid_arguments")
        if length > LARGEST:
            raise SlackRefusesError("file_upload_size_restricted")
        file = File(f"F{next(self._numbers):09d}", name, length, alt_text)
        secret = secrets.token_urlsafe(24)
        self._waiting[secret] = file.id
        self.all[file.id] = file
        return secret, file

    def receive(self, secret: str, content: bytes) -> File:
        """Takes the bytes in.

        Raises:
            SlackRefusesError: `invalid_upload_url`, also at the second time, and `upload_incomplete`.
        """
        file = self.all.get(self._waiting.get(secret, ""))
        if file is None:
            raise SlackRefusesError("invalid_upload_url")
        if len(content) != file.length:
            raise SlackRefusesError("upload_incomplete")
        del self._waiting[secret]
        return self._keep(replace(file, content=content))

    def uploaded(self, named: object) -> list[tuple[File, str]]:
        """The files of a completion, each with its title; changes nothing.

        Raises:
            SlackRefusesError: `invalid_arguments`, `file_not_found`.
        """
        if not isinstance(named, list) or not named:
            raise SlackRefusesError("invalid_arguments")
        return [self._uploaded(one) for one in named]

    def complete(self, file: File, title: str, shares: tuple[str, ...]) -> File:
        return self._keep(replace(file, title=title, shares=shares, is_complete=True))

    def _uploaded(self, named: object) -> tuple[File, str]:
        if not isinstance(named, Mapping):
            raise SlackRefusesError("invalid_arguments")
        file = self.all.get(str(named.get("id", "")))
        if file is None or file.content is None or file.is_complete:
            raise SlackRefusesError("file_not_found")
        return file, str(named.get("title") or file.name)

    def _keep(self, file: File) -> File:
        self.all[file.id] = file
        return file
