"""Logging to standard error, for people or as JSON, each line with what it belongs to; set up once by each program."""

import logging
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from structlog.typing import EventDict

Form = Literal["console", "json"]

NOISY = (
    "alembic",
    "httpx",
    "httpcore",
    "slack_bolt.RequestVerification",
    "aiohttp.access",
    "mcp.server.streamable_http",
    "mcp.server.streamable_http_manager",
    "mcp.server._streamable_http_modern",
    "sse_starlette.sse",
    "httpx2",
    "httpcore2",
    "aiosqlite",
    "matplotlib",
    "PIL",
)
"""They log addresses, session ids or whole requests and answers; below WARNING they say nothing that is for a log."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What moves a terminal's cursor, or begins a line where there is none; tabs and line breaks aside."""

# Not structlog's own: it takes a tenth of a second to load, and what is bound is rarely logged.
_context: ContextVar[Mapping[str, str]] = ContextVar("what a line of the log belongs to", default=MappingProxyType({}))


@contextmanager
def bound(**context: str) -> Iterator[None]:
    """Every line that is logged within, in this task and in those that it starts, says so too; "" says nothing.

    The names that are used: `request` (`new_request`), `account`, `team`, `user` (Slack's id, or the caller of the MCP
    server), `command`, `tool`, `delivery`. Never what people typed, and never a secret.
    """
    before = _context.set({**_context.get(), **{name: value for name, value in context.items() if value}})
    try:
        yield
    finally:
        _context.reset(before)


def new_request() -> str:
    """A short name for one arrival, call or poll: what is logged of it is found by it."""
    return secrets.token_hex(4)


def configure_logging(level: str, form: Form) -> None:
    """One handler on standard error (standard output may be a protocol); repeated calls replace it."""
    handler = logging.StreamHandler(sys.stderr)
    colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    handler.setFormatter(_Lines(form, colours=colours))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


class _Lines(logging.Formatter):
    """structlog's, for the lines of every library; loaded with the first line, which many a program never writes."""

    def __init__(self, form: Form, *, colours: bool) -> None:
        super().__init__()
        self._form = form
        self._colours = colours
        self._formatter: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._formatter is None:
            self._formatter = _formatter(self._form, colours=self._colours)
        return self._formatter.format(record)


def _formatter(form: Form, *, colours: bool) -> logging.Formatter:
    from structlog import dev, processors, stdlib  # noqa: PLC0415 # see _Lines

    render: list[Any] = [processors.JSONRenderer(ensure_ascii=False)]
    if form == "console":
        # The other formatters show the values of variables, or colour what is no terminal.
        render = [_indented, dev.ConsoleRenderer(colors=colours, exception_formatter=dev.plain_traceback)]
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            processors.TimeStamper(fmt="iso", utc=True),
            stdlib.add_log_level,
            stdlib.add_logger_name,
            _with_context,
            processors.format_exc_info,
        ],
        processors=[stdlib.ProcessorFormatter.remove_processors_meta, _plain, *render],
    )


def _with_context(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    return {**event, **_context.get()}


def _plain(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """What came from elsewhere can't steer a terminal; an event is one line."""
    plain = {name: _CONTROLS.sub(_escaped, value) if isinstance(value, str) else value for name, value in event.items()}
    return {**plain, "event": str(plain["event"]).replace("\n", "\\n")}


def _indented(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """A trace ends with what an error says, which must not pass for a line of its own."""
    if "exception" in event:
        event["exception"] = "  " + event["exception"].replace("\n", "\n  ")
    return event


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
