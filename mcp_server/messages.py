"""Log messages to clients of the older era that ask for them: what the log says of failures, a line at a time.

The newer era has done away with them; there, a tool's error says all there is.
"""

from typing import Any, get_args

from mcp.server.context import ServerRequestContext
from mcp.types import (
    EmptyResult,
    LoggingLevel,
    LoggingMessageNotification,
    LoggingMessageNotificationParams,
    SetLevelRequestParams,
)

_LEVEL = "famulor log level"
_ASCENDING: tuple[LoggingLevel, ...] = get_args(LoggingLevel)
"""`debug` … `emergency`, as the protocol declares them."""


async def set_level(ctx: ServerRequestContext[Any], params: SetLevelRequestParams) -> EmptyResult:
    """`logging/setLevel`: from now on this client hears what is at least this grave."""
    _state(ctx)[_LEVEL] = params.level
    return EmptyResult()


async def warn(ctx: ServerRequestContext[Any], text: str) -> None:
    """A warning for the client of this call, if it has asked for such."""
    level = _state(ctx).get(_LEVEL)
    if level is None or _ASCENDING.index("warning") < _ASCENDING.index(level):
        return
    message = LoggingMessageNotificationParams(level="warning", logger="famulor", data=text)
    # With the call that it is about: a client without a stream of its own for notifications hears it too.
    await ctx.session.send_notification(LoggingMessageNotification(params=message), ctx.request_id)


def _state(ctx: ServerRequestContext[Any]) -> dict[str, Any]:
    # The SDK's handlers may keep state with the connection, but it shows it nowhere else.
    state: dict[str, Any] = ctx.session._connection.state  # noqa: SLF001
    return state
