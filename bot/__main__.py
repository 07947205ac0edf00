"""`famulor-bot`: Famulor's outbound assistants in Slack."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import FrameType


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; the exit status: 0 done, 1 could not start, 2 wrongly set up."""
    asked = _parser().parse_args(arguments)
    # Being told to stop is no failure, not even before there is an event loop to end in good order.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    # Imported here so that help comes at once, and the two signals are heard from the beginning.
    from bot import programs  # noqa: PLC0415

    if asked.program == "demo":
        return programs.demo(once=asked.once)
    return programs.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="famulor-bot",
        description="Famulor's outbound assistants in Slack: type /assistants there.",
        epilog="Settings are environment variables or lines of a file .env in this folder; the demo needs none.",
    )
    parser.add_argument("--version", action="version", version=f"famulor-bot {version('famulor-chatops')}")
    programs = parser.add_subparsers(required=True, metavar="COMMAND", dest="program")
    programs.add_parser(
        "run",
        help="answer in your Slack workspace until stopped",
        description="Answer /assistants in your Slack workspace (Socket Mode) until stopped with Ctrl-C or SIGTERM.",
        epilog="Needs FAMULOR_API_KEY, SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
    )
    demo = programs.add_parser(
        "demo",
        help="try everything on this machine, without any account",
        description="Start a demo Famulor API, a local Slack, the bot and the MCP server until stopped with Ctrl-C.",
        epilog="Uses no account, no key and none of your settings.",
    )
    demo.add_argument("--once", action="store_true", help="stop after the first answer")
    return parser


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
