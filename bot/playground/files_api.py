"""`files.*`: a file comes in three steps, and is then shared in a channel, or in none."""

from collections.abc import Callable

from bot.playground.files import File
from bot.playground.messages_api import MessagesApi
from bot.playground.method import Answer, Arguments, Method
from bot.playground.refusal import SlackRefusesError
from bot.playground.workspace import Workspace


class FilesApi:
    """`upload_url` makes the address that takes one upload."""

    def __init__(self, workspace: Workspace, messages: MessagesApi, upload_url: Callable[[str], str]) -> None:
        self._workspace = workspace
        self._messages = messages
        self._upload_url = upload_url

    def methods(self) -> dict[str, Method]:
        return {
            "files.completeUploadExternal": Method(self._complete, "files:write"),
            "files.getUploadURLExternal": Method(self._announce, "files:write"),
        }

    def _announce(self, arguments: Arguments) -> Answer:
        try:
            length = int(arguments.get("length") or 0)
        except (TypeError, ValueError):
            raise SlackRefusesError("invalid_arguments") from None
        name, alt_text = str(arguments.get("filename") or ""), str(arguments.get("alt_txt") or "")
        secret, file = self._workspace.uploads.announce(name, length, alt_text)
        return {"upload_url": self._upload_url(secret), "file_id": file.id}

    def _complete(self, arguments: Arguments) -> Answer:
        named = self._workspace.uploads.uploaded(arguments.get("files"))
        listed = str(arguments.get("channel_id") or arguments.get("channels") or "")
        ids = [one.strip() for one in listed.split(",") if one.strip()]
        for one in ids:
            # By id alone, which a name or a person's id is not.
            if one not in self._workspace.channels:
                raise SlackRefusesError("channel_not_found")
        channels = [self._messages.writable({"channel": one}) for one in ids]
        threads = [self._messages.thread(channel, arguments) for channel in channels]
        shares = tuple(channel.id for channel in channels)
        files: list[File] = [self._workspace.uploads.complete(file, title, shares) for file, title in named]
        shown = {"text": str(arguments.get("initial_comment") or ""), "files": [file.as_slack() for file in files]}
        for channel, thread_ts in zip(channels, threads, strict=True):
            self._messages.show(self._workspace.post(channel.id, shown, thread_ts=thread_ts))
        return {"files": [file.as_slack() for file in files]}
