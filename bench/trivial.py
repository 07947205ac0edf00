"""The least that an MCP server can be: the SDK's own, with one tool that says the same to everybody.

`python -m bench.trivial` serves it over standard input and output, with `--http` as famulor-mcp serves over HTTP.
"""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.server import MCPServer


def server() -> "MCPServer[Any]":
    """With one tool, called `trivial`."""
    from mcp.server import MCPServer  # noqa: PLC0415 # it would set logging up in its own way

    made: MCPServer[Any] = MCPServer("trivial")

    @made.tool()
    async def trivial() -> str:
        """Say that all is well."""
        return "All is well."

    return made


def main() -> int:
    """Serve as the command line says."""
    if "--http" not in sys.argv:
        server().run("stdio")
        return 0
    from shared.logs import configure_logging  # noqa: PLC0415 # over stdio nobody needs it

    configure_logging("WARNING", "console")
    from mcp_server.streamable_http import Serving, serve  # noqa: PLC0415 # the same
    from shared.garbage import settle  # noqa: PLC0415 # the same
    from shared.settings import from_arguments  # noqa: PLC0415 # the same
    from shared.settings.http import HttpSettings  # noqa: PLC0415 # the same

    settings = from_arguments(HttpSettings, famulor_api_key="bench")
    settle()
    # What it lacks of our server's is for callers with keys of their own.
    return serve(server(), Serving("127.0.0.1", 0, "/mcp"), settings)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
