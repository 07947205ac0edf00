"""Serves one client over standard input and output."""

import asyncio
import os
import sys
import threading

from mcp_server.calls import FamulorServer
from mcp_server.termination import on_termination

CHUNK = 65_536


def serve(server: FamulorServer) -> int:
    """Serve until standard input ends, or a signal asks to stop; the exit code."""
    standard_input = EndableInput()
    on_termination(standard_input.end)
    try:
        asyncio.run(server.run_stdio_async())
    except* BrokenPipeError:
        # The client left while an answer was on its way: nobody is there to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class EndableInput:
    """Standard input as a pipe that we can end too.

    The SDK reads in a thread that waits for a line or the end, and nothing else gets it out of there: a signal
    would leave the program hanging, or kill it without closing anything. Who ends the pipe ends the conversation as
    the client does.
    """

    def __init__(self) -> None:
        read_end, self._write_end = os.pipe()
        self._source = sys.stdin.fileno()
        sys.stdin = open(read_end, encoding="utf-8")  # noqa: SIM115, PTH123 # stays open as long as the program runs
        threading.Thread(target=self._copy, name="standard input", daemon=True).start()

    def end(self) -> None:
        """What was read so far is the end."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self._write_end)  # not close(): the copying thread may be about to write
        os.close(nothing)

    def _copy(self) -> None:
        try:
            with open(self._write_end, "wb", closefd=False) as pipe:
                while chunk := os.read(self._source, CHUNK):
                    pipe.write(chunk)
                    pipe.flush()
        finally:
            self.end()
