"""Slack's Web API, as far as the bot uses it: arguments in, an answer or a refusal out."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.directory_api import DirectoryApi
from bot.playground.files_api import FilesApi
from bot.playground.manifest import Permissions
from bot.playground.messages_api import MessagesApi
from bot.playground.method import Answer, Arguments, Method
from bot.playground.record import unnested
from bot.playground.refusal import SlackRefusesError
from bot.playground.views import Views
from bot.playground.workspace import Workspace


@dataclass(frozen=True)
class App:
    """The app as Slack knows it: its two tokens, and what they may do."""

    bot_token: str
    app_token: str
    permissions: Permissions


@dataclass(frozen=True)
class Addresses:
    """`socket` gives a new address for Socket Mode, `upload` one that takes one upload."""

    socket: Callable[[], str]
    upload: Callable[[str], str]


class WebApi:
    """Answers each call as Slack would, or raises `SlackRefusesError`."""

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        messages: MessagesApi,
        *,
        app: App,
        addresses: Addresses,
    ) -> None:
        self._app = app
        self._methods = {
            **messages.methods(),
            **DirectoryApi(workspace, app.permissions).methods(),
            **FilesApi(workspace, messages, addresses.upload).methods(),
            "apps.connections.open": Method(lambda _: {"url": addresses.socket()}, tokens=("xapp",)),
            "views.open": Method(views.open),
            "views.publish": Method(views.publish),
            "views.push": Method(views.push),
            "views.update": Method(views.update),
        }

    @property
    def scopes(self) -> str:
        """What every answer says in `X-OAuth-Scopes`."""
        return ",".join(sorted(self._app.permissions.scopes))

    def call(self, name: str, token: str, arguments: Arguments) -> Answer:
        """One call, after the checks that Slack makes of every call."""
        method = self._methods.get(name)
        if method is None:
            raise SlackRefusesError("unknown_method", req_method=name)
        self._authorise(method, token)
        return {"ok": True, **method.run(_read(arguments))}

    def _authorise(self, method: Method, token: str) -> None:
        if not token:
            raise SlackRefusesError("not_authed")
        if token not in {self._app.bot_token, self._app.app_token}:
            raise SlackRefusesError("invalid_auth")
        if not token.startswith(method.tokens):
            raise SlackRefusesError("not_allowed_token_type")
        needed = method.scopes.split()
        if needed and not self._app.permissions.scopes & set(needed):
            raise SlackRefusesError("missing_scope", needed=",".join(needed), provided=self.scopes)


def _read(arguments: Arguments) -> Arguments:
    try:
        return unnested(arguments)
    except (ValueError, RecursionError) as error:
        broken = "invalid_blocks_format" if isinstance(arguments.get("blocks"), str) else "invalid_arguments"
        raise SlackRefusesError(broken) from error
