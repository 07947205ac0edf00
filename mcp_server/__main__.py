"""`famulor-mcp`: the command line. What is not needed yet is not imported: clients wait for the start."""

import argparse
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp_server.termination import on_termination
from shared.garbage import settle

if TYPE_CHECKING:
    from mcp_server.state import OpenCore, OpenStore
    from shared.core import Core
    from shared.settings import Settings
    from shared.store import Store
    from shared.telemetry import Telemetry

HIGHEST_PORT = 65_535

EXAMPLES = """\
examples:
  famulor-mcp                                  over standard input and output, as clients start it
  famulor-mcp --demo                           the same without a key, on invented assistants
  famulor-mcp --http                           for clients on this machine: http://127.0.0.1:8767/mcp
  famulor-mcp doctor                           check everything that it needs
  famulor-mcp token agency                     a token for the caller “agency”, and its line for MCP_TOKENS_FILE
  MCP_TOKENS_FILE=tokens famulor-mcp --http --host 0.0.0.0
                                               for other machines, behind a proxy that speaks TLS

Settings come from the environment and .env; README.md lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do as the command line says; the exit code: 0 stopped as asked, 1 port taken, 2 wrong settings."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.demo and options.caller_keys:
        parser.error("argument --caller-keys: the demo has one key, its own")
    # Until there is something to stop in order. An exception would end in what is just being imported, as its error.
    on_termination(partial(os._exit, 0))
    if options.command == "token":
        return _token(options.name)
    if options.command == "doctor":
        if options.demo:
            parser.error("argument --demo: the demo needs no doctor")
        return _doctor(options)

    from shared.errors import SettingsError  # noqa: PLC0415 # not for --help

    try:
        return _serve(options)
    except SettingsError as error:
        for problem in error.problems:
            print(f"famulor-mcp: {problem}", file=sys.stderr)  # noqa: T201 # the one who started it reads it
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="famulor-mcp",
        description="Famulor's outbound assistants for AI agents, over the Model Context Protocol.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('famulor-chatops')}")
    parser.add_argument("--demo", action="store_true", help="try it without a key, on invented assistants")
    http = parser.add_argument_group("over HTTP instead of standard input and output")
    http.add_argument("--http", action="store_true", help="serve over streamable HTTP")
    http.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to listen (default: %(default)s); anything but this machine alone demands that callers prove "
        "who they are, by MCP_TOKENS_FILE, MCP_OAUTH_ISSUER or --caller-keys, and TLS is a proxy's business",
    )
    http.add_argument("--port", type=_port, default=8767, help="default: %(default)s; 0 takes any")
    http.add_argument("--path", type=_path, default="/mcp", help="default: %(default)s")
    http.add_argument(
        "--stateless",
        action="store_true",
        help="no sessions, so that any of several replicas may answer; clients before 2026 are not told of changes",
    )
    http.add_argument("--json", action="store_true", help="answers in one piece: faster, but without progress")
    http.add_argument(
        "--caller-keys",
        action="store_true",
        help="every caller brings a Famulor key of their own in the header X-Famulor-Key, kept for that request only",
    )
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    token = commands.add_parser("token", help="make a token for a caller, and its line for MCP_TOKENS_FILE")
    token.add_argument("name", help="who it is for; the log will say so")
    commands.add_parser(
        "doctor",
        help="check everything that this server needs, with --http what that needs too, and say how to cure it",
        description="Check settings, Famulor's keys, the store and, after --http, the port and who may call.",
        epilog="Exit status: 0 all is well, 1 something is not, 2 a setting is missing or wrong.",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to {HIGHEST_PORT}")
    return int(text)


def _path(text: str) -> str:
    return f"/{text.strip('/')}"


def _token(name: str) -> int:
    from mcp_server.access.tokens import NAME, hashed, new_token  # noqa: PLC0415 # who serves may not need it

    if not NAME.fullmatch(name):
        print("famulor-mcp: a name has letters, digits and . _ - (40 at most).", file=sys.stderr)  # noqa: T201 # the same
        return 2
    token = new_token()
    print(  # noqa: T201 # the one time that anybody sees it
        f"For the caller, shown this once:\n  Authorization: Bearer {token}\n\n"
        f"A line for the file that MCP_TOKENS_FILE names (chmod 600):\n  {name}:{hashed(token)}"
    )
    return 0


def _doctor(options: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415 # not for --help
    from contextlib import suppress  # noqa: PLC0415

    from shared.logs import configure_logging  # noqa: PLC0415

    configure_logging("ERROR", "console")
    from mcp_server import doctor, streamable_http  # noqa: PLC0415

    serving = None
    if options.http:
        serving = streamable_http.Serving(options.host, options.port, options.path, options.stateless, options.json)

    def say(line: str) -> None:
        # Each as soon as it is known, also into a pipe.
        print(line, flush=True)  # noqa: T201 # what it is for

    with suppress(KeyboardInterrupt):
        return asyncio.run(doctor.report(say, serving, caller_keys=options.caller_keys))
    return 1


def _serve(options: argparse.Namespace) -> int:
    """Serve until asked to stop; the exit code. Raises SettingsError."""
    # A start makes much and drops next to nothing: looking for garbage would be a tenth of its time.
    gc.disable()
    from shared.tracing import tracing  # noqa: PLC0415 # not for --help

    # The demo uses nothing of the user's environment.
    with tracing("famulor-mcp", {} if options.demo else os.environ), ExitStack() as stack:
        serve = _over_http(options, stack) if options.http else _over_stdio(options, stack)
        settle()
        gc.enable()
        on_termination(sys.exit)
        return serve()


def _over_stdio(options: argparse.Namespace, stack: ExitStack) -> Callable[[], int]:
    from shared.settings import Settings, from_arguments, load_settings  # noqa: PLC0415 # slow, so not for --help

    # The demo uses nothing of the user's environment.
    settings = from_arguments(Settings, famulor_api_key="demo") if options.demo else load_settings(Settings)
    _configure_logging(settings)
    telemetry = _telemetry(settings, stack)
    from mcp_server import stdio  # noqa: PLC0415 # half a second of imports
    from mcp_server.server import build  # noqa: PLC0415

    open_core, open_store = (
        _demo() if options.demo else (partial(_core, settings, telemetry), partial(_store, settings))
    )
    server = build(open_core, open_store=open_store, fresh_for=settings.cache_seconds, telemetry=telemetry)
    return partial(stdio.serve, server)


def _over_http(options: argparse.Namespace, stack: ExitStack) -> Callable[[], int]:
    from shared.settings import from_arguments, load_settings  # noqa: PLC0415 # slow, so not for --help
    from shared.settings.http import HttpSettings  # noqa: PLC0415

    given = {"mcp_caller_keys": True} if options.caller_keys else {}
    settings = (
        from_arguments(HttpSettings, famulor_api_key="demo") if options.demo else load_settings(HttpSettings, **given)
    )
    _configure_logging(settings)
    telemetry = _telemetry(settings, stack)
    from mcp_server import streamable_http  # noqa: PLC0415 # half a second of imports
    from mcp_server.server import build  # noqa: PLC0415

    serving = streamable_http.Serving(
        host=options.host, port=options.port, path=options.path, stateless=options.stateless, json=options.json
    )
    streamable_http.check(serving, settings)
    open_core: OpenCore = partial(_core, settings, telemetry)
    open_store: OpenStore | None = partial(_store, settings)
    if options.demo:
        open_core, open_store = _demo()
    elif settings.mcp_caller_keys:
        # What is stored was seen with other keys than a caller's own.
        open_core, open_store = _nobodys, None
    # The older era is told of changes in its session, by a core that lives on.
    pushes = not (options.stateless or settings.mcp_caller_keys)
    server = build(
        open_core, open_store=open_store, fresh_for=settings.cache_seconds, pushes=pushes, telemetry=telemetry
    )
    return partial(streamable_http.serve, server, serving, settings)


def _configure_logging(settings: "Settings") -> None:
    """Before the SDK is imported: it would set logging up in its own way."""
    from shared.logs import configure_logging  # noqa: PLC0415

    configure_logging(settings.log_level, settings.log_format)


def _telemetry(settings: "Settings", stack: ExitStack) -> "Telemetry":
    """Who is told what happens, until the program ends. Raises SettingsError."""
    from shared.metrics import counting  # noqa: PLC0415 # not for --help

    return stack.enter_context(counting(settings.metrics_host, settings.metrics_port))


@asynccontextmanager
async def _core(settings: "Settings", telemetry: "Telemetry") -> AsyncIterator["Core"]:
    """A core with the user's settings."""
    from shared.runtime import open_core  # noqa: PLC0415

    async with open_core(settings, telemetry=telemetry) as core:
        settle()  # the first call has loaded as much as the start
        yield core


def _nobodys() -> AbstractAsyncContextManager["Core"]:
    """No core: where callers bring their keys, nothing may be asked with another one."""
    raise RuntimeError("A call without a key of its caller's own.")


@asynccontextmanager
async def _store(settings: "Settings") -> AsyncIterator["Store"]:
    """The store that `famulor-bot run` fills with the same settings."""
    from shared.clock import SystemClock  # noqa: PLC0415
    from shared.store import open_store  # noqa: PLC0415

    url = settings.database_url.get_secret_value() if settings.database_url else None
    async with open_store(url, SystemClock()) as store:
        yield store


def _demo() -> "tuple[OpenCore, OpenStore]":
    """A core and a store of the demo's own."""
    from mcp_server.demo import Demo  # noqa: PLC0415 # others need none

    demo = Demo()
    return demo.core, demo.store


if __name__ == "__main__":
    sys.exit(main())
