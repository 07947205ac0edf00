"""`famulor-bot`: Famulor's outbound assistants in Slack."""

import argparse
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import FrameType

from bot.parts import Part
from bot.terminal.arguments import Status, add_programs


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; the exit status: 0 done, 1 could not start, 2 wrongly set up.

    `list` and `audit` have theirs in `bot.terminal.arguments`.
    """
    parser = _parser()
    asked, words = parser.parse_known_args(arguments)
    if words and (asked.program not in {"list", "audit"} or any(word.startswith("-") for word in words)):
        parser.error(f"unrecognized arguments: {' '.join(words)}")
    # Imported only now so that help comes at once, and the two signals are heard from the beginning.
    if asked.program == "manifest":
        from bot.manifest import MOST_DOMAINS, printed  # noqa: PLC0415

        if len(asked.unfurl_domain) > MOST_DOMAINS:
            parser.error(f"--unfurl-domain: Slack takes at most {MOST_DOMAINS}")
        sys.stdout.write(printed(asked.host or "", asked.unfurl_domain))
        return 0
    if asked.program in {"list", "audit"}:
        # An option may stand between the words; argparse takes those behind it for something else.
        return _in_terminal(asked, [*asked.words, *words])
    # Being told to stop is no failure, not even before there is an event loop to end in good order.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from bot import programs  # noqa: PLC0415

    match asked.program:
        case "demo":
            return programs.demo(once=asked.once, browser=not asked.no_browser)
        case "doctor":
            return programs.doctor()
    return programs.run(asked.only or tuple(Part))


def _in_terminal(asked: argparse.Namespace, words: Sequence[str]) -> int:
    try:
        from bot.terminal import running  # noqa: PLC0415
        from shared.logs import bound  # noqa: PLC0415

        looks = running.Looks(asked.plain, asked.language, asked.output or "")
        with bound(command=asked.program):
            if asked.program == "list":
                return running.list_assistants(words, looks)
            strictness = running.Strictness.named(asked.fail_on, probe=asked.probe)
            return running.audit_assistants(words, looks, asked.format, strictness)
    except KeyboardInterrupt:
        return Status.STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="famulor-bot",
        description="Famulor's outbound assistants in Slack: type /assistants there.",
        epilog="Settings are environment variables or lines of a file .env in this folder; the demo needs none.",
    )
    parser.add_argument("--version", action="version", version=f"famulor-bot {version('famulor-chatops')}")
    programs = parser.add_subparsers(required=True, metavar="COMMAND", dest="program")
    run = programs.add_parser(
        "run",
        help="answer in your Slack workspace, watch your assistants and deliver alerts until stopped",
        description="Answer in your Slack workspace, watch and alert until stopped with Ctrl-C or SIGTERM.",
        epilog=(
            "Needs FAMULOR_API_KEY, SLACK_BOT_TOKEN and SLACK_APP_TOKEN (Socket Mode), or in its place "
            "SLACK_SIGNING_SECRET (HTTP, at SLACK_HTTP_HOST:SLACK_HTTP_PORT). Of the Slack settings, deliver alone "
            "needs SLACK_BOT_TOKEN, and watch alone none. Parts in processes of their own need one DATABASE_URL."
        ),
    )
    run.add_argument(
        "--only",
        type=_parts,
        action="extend",
        metavar="slack|watch|deliver",
        help="not everything in this process: answer, watch, or deliver alerts; several with commas or repeated",
    )
    programs.add_parser(
        "doctor",
        help="check everything that the app needs, and say how to cure it",
        description="Check settings, Famulor's keys, Slack's tokens, scopes and channels, the clock and the store.",
        epilog="Exit status: 0 all is well, 1 something is not, 2 a setting is missing or wrong.",
    )
    add_programs(programs)
    manifest = programs.add_parser(
        "manifest",
        help="print the manifest that makes the app in Slack",
        description="Print the app's manifest: at https://api.slack.com/apps, Create New App, From a manifest.",
    )
    manifest.add_argument(
        "--host",
        type=_host,
        metavar="bot.example.com",
        help="for an app that Slack reaches over HTTP, under this name; otherwise it is for Socket Mode",
    )
    manifest.add_argument(
        "--unfurl-domain",
        type=_domain,
        action="append",
        default=[],
        metavar="app.example.com",
        help="where your Famulor is, in place of app.famulor.de; may be given up to five times",
    )
    demo = programs.add_parser(
        "demo",
        help="try everything on this machine, without any account",
        description="Start a demo Famulor API, a local Slack with its page, the bot and the MCP server until Ctrl-C.",
        epilog="Uses no account, no key and none of your settings.",
    )
    demo.add_argument("--once", action="store_true", help="stop after the first answer")
    demo.add_argument("--no-browser", action="store_true", help="say where the page is, and open it nowhere")
    return parser


def _parts(text: str) -> list[Part]:
    names = text.replace(",", " ").split()
    if not names or not set(names) <= set(Part):
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(Part)}")
    return [Part(name) for name in names]


def _domain(text: str) -> str:
    name = text.strip().lower().removeprefix("https://").rstrip("/")
    if not re.fullmatch(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", name):
        raise argparse.ArgumentTypeError(f"{text!r} is no host name, such as bot.example.com")
    return name


def _host(text: str) -> str:
    name, colon, port = text.strip().lower().removeprefix("https://").rstrip("/").partition(":")
    if colon and not (port.isdecimal() and port.isascii() and 0 < int(port) < 65_536):  # noqa: PLR2004 # ports end there
        raise argparse.ArgumentTypeError(f"{text!r} has no port after the colon, such as bot.example.com:8443")
    return _domain(name) + colon + port


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Nothing is open yet. An exception would end in what is just being imported, as its error.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
