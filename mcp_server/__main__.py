"""`famulor-mcp`: the command line. What is not needed yet is not imported: clients wait for the start."""

import argparse
import gc
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp_server.termination import on_termination

if TYPE_CHECKING:
    from mcp_server.calls import FamulorServer
    from mcp_server.state import OpenCore
    from shared.core import Core

HIGHEST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve as the command line says; the exit code: 0 stopped as asked, 1 port taken, 2 wrong settings."""
    options = _parser().parse_args(arguments)
    on_termination(sys.exit)  # until there is something to stop in order
    # A start makes much and drops next to nothing: looking for garbage would be a tenth of its time.
    gc.disable()
    open_core = _demo() if options.demo else _configured()
    if open_core is None:
        return 2
    from mcp_server.server import build  # noqa: PLC0415 # half a second of imports: not for --help

    server = build(open_core)
    serve: Callable[[FamulorServer], int]
    if options.http:
        from mcp_server import streamable_http  # noqa: PLC0415

        serve = partial(streamable_http.serve, host=options.host, port=options.port, path=options.path)
    else:
        from mcp_server import stdio  # noqa: PLC0415

        serve = stdio.serve
    gc.freeze()
    gc.enable()
    return serve(server)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="famulor-mcp",
        description="Famulor's outbound assistants for AI agents, over the Model Context Protocol. "
        "Serves over standard input and output; settings come from the environment and .env.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('famulor-chatops')}")
    parser.add_argument("--demo", action="store_true", help="try it without a key, on invented assistants")
    parser.add_argument("--http", action="store_true", help="serve over streamable HTTP instead, on this machine only")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="with --http (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8767, help="with --http (default: %(default)s; 0 takes any)")
    parser.add_argument("--path", type=_path, default="/mcp", help="with --http (default: %(default)s)")
    return parser


def _loopback(text: str) -> str:
    from shared.settings.values import is_loopback  # noqa: PLC0415

    if not is_loopback(text):
        raise argparse.ArgumentTypeError(
            f"{text} is not this machine alone, and there are no passwords yet: take 127.0.0.1, ::1 or localhost"
        )
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to {HIGHEST_PORT}")
    return int(text)


def _path(text: str) -> str:
    return f"/{text.strip('/')}"


def _configured() -> "OpenCore | None":
    """How to open a core with the user's settings; None after saying what is wrong with them."""
    from shared.errors import SettingsError  # noqa: PLC0415
    from shared.logs import configure_logging  # noqa: PLC0415
    from shared.settings import Settings, load_settings  # noqa: PLC0415

    try:
        settings = load_settings(Settings)
    except SettingsError as error:
        for problem in error.problems:
            print(f"famulor-mcp: {problem}", file=sys.stderr)  # noqa: T201 # the one who started it reads it
        return None
    # Before the SDK is imported: it would set logging up in its own way.
    configure_logging(settings.log_level, settings.log_format)

    @asynccontextmanager
    async def open_configured() -> AsyncIterator["Core"]:
        from shared.runtime import open_core  # noqa: PLC0415

        async with open_core(settings) as core:
            yield core

    return open_configured


def _demo() -> "OpenCore":
    """How to open a core on a demo API of its own; nothing of the user's environment is used."""
    from shared.logs import configure_logging  # noqa: PLC0415

    configure_logging("INFO", "console")

    @asynccontextmanager
    async def open_demo() -> AsyncIterator["Core"]:
        from shared.demo import DEMO_KEY, DemoApi  # noqa: PLC0415
        from shared.runtime import open_core  # noqa: PLC0415
        from shared.settings import Settings, from_arguments  # noqa: PLC0415

        async with DemoApi() as api:
            settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url)
            async with open_core(settings) as core:
                yield core

    return open_demo


if __name__ == "__main__":
    sys.exit(main())
