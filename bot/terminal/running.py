"""The two programs from start to end: settings, words, the core, the answer, the exit status."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass

from bot.terminal import audits, lists, texts, words
from bot.terminal.arguments import NEVER, Format, Status
from bot.terminal.audits import Shown
from bot.terminal.junit import as_junit
from bot.terminal.reports import as_json
from bot.terminal.sarif import as_sarif
from bot.terminal.screen import NotWritten, Screen, abandon
from bot.translation import Say
from bot.views import findings
from bot.views.rows import PageOf
from shared.answers import Audited, Origin
from shared.audit import Ignore, Reached
from shared.audit.paging import page
from shared.clock import SystemClock
from shared.errors import FamulorError, QuestionError, SettingsError, StoreError
from shared.logs import configure_logging
from shared.models import Severity, WebhookState
from shared.runtime import open_core
from shared.settings import Settings, load_settings
from shared.store import ignores_at

ONE_ANSWER = 3600.0
"""Seconds for which an answer is fresh: a program that ends soon asks each account once."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How the answer is to look; `language` None is the environment's, `output` "" standard output."""

    plain: bool = False
    language: str | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Strictness:
    """What makes an audit fail, and whether webhooks' hosts are asked too; None: nothing is bad enough."""

    fail_on: Severity | None = Severity.WARNING
    probe: bool = False

    @classmethod
    def named(cls, fail_on: str, *, probe: bool) -> "Strictness":
        """As on a command line."""
        return cls(None if fail_on == NEVER else Severity(fail_on), probe)


def list_assistants(typed: Sequence[str], looks: Looks) -> int:
    """Shows the assistants that the words ask for; the exit status."""
    return _running(looks, lambda say, screen: _list(typed, say, screen))


def audit_assistants(typed: Sequence[str], looks: Looks, form: Format, strictness: Strictness) -> int:
    """Says what is wrong with the assistants that the words ask for; the exit status."""
    return _running(looks, lambda say, screen: _audit(typed, say, screen, form, strictness))


async def _list(typed: Sequence[str], say: Say, screen: Screen) -> Status:
    settings = load_settings(Settings, cache_seconds=ONE_ANSWER)
    command = words.listing(typed, SystemClock().now())
    async with open_core(settings) as core, screen.progress(say, len(core.chosen(command.query.account))) as progress:
        found = await core.find(command.query, progress)
    if screen.draws:
        screen.show(*lists.drawn(found, command, say, settings.page_of, screen.width))
    else:
        screen.write(lists.lines(found, say))
    for line in (*texts.unmatched(found.unmatched, say), *texts.concerns(found.origins, say, records=True)):
        screen.note(line)
    return _complete(found.origins)


async def _audit(typed: Sequence[str], say: Say, screen: Screen, form: Format, strictness: Strictness) -> Status:
    settings = load_settings(Settings, cache_seconds=ONE_ANSWER)
    command = words.audit(typed, SystemClock().now())
    asked = command.query.assistants
    async with open_core(settings) as core:
        ignores = await _ignores(settings, say, screen)
        async with screen.progress(say, len(core.chosen(asked.account))) as progress:
            audited = await core.audit(asked, ignores, progress)
        if strictness.probe:
            audited = await core.audit(asked, ignores, reached=await _probed(audited))
    shown = Shown(audited, page(audited.audit, command.query), command.query.by)
    if form is Format.TEXT and screen.draws:
        screen.show(*audits.drawn(shown, say, settings.page_of))
    else:
        screen.write(_written(form, shown, strictness, say, settings.page_of))
    # Records that can't be read are findings; only where words narrow the audit down they are none.
    for line in texts.concerns(audited.origins, say, records=False):
        screen.note(line)
    if screen.elsewhere:
        screen.note(findings.score(audited.audit, say))
    failing = strictness.fail_on is not None and any(
        one.severity.rank >= strictness.fail_on.rank for one in shown.found.findings
    )
    return _complete(audited.origins) or (Status.FOUND if failing else Status.WELL)


def _written(form: Format, shown: Shown, strictness: Strictness, say: Say, page_of: PageOf) -> str:
    match form:
        case Format.TEXT:
            return audits.paragraphs(shown, say)
        case Format.JSON:
            return as_json(shown.audited, shown.found.findings, say, page_of)
        case Format.SARIF:
            return as_sarif(shown.audited, shown.found.findings, say, page_of)
        case Format.JUNIT:
            return as_junit(shown.audited, shown.found.findings, say, strictness.fail_on)


async def _ignores(settings: Settings, say: Say, screen: Screen) -> Sequence[Ignore]:
    """What somebody decided in Slack; where that can't be read, everything is told rather than nothing."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    try:
        return await ignores_at(url, SystemClock())
    except StoreError as error:
        screen.note(say("What is ignored can't be read: {reason}", reason=say.error(error)))
        return []


async def _probed(audited: Audited) -> Mapping[str, Reached]:
    from shared.probe import probe  # noqa: PLC0415 # only who asks for it

    return await probe(one.webhook_url for one in audited.assistants if one.webhook is WebhookState.ON)


def _complete(origins: Sequence[Origin]) -> Status:
    return Status.NO_ANSWER if any(one.failure for one in origins) else Status.WELL


def _running(looks: Looks, program: Callable[[Say, Screen], Coroutine[None, None, Status]]) -> int:
    """The exit status: the program's, or that of what went wrong, with words on standard error."""
    configure_logging("ERROR", "console")
    # Both end a progress bar in good order, also where a shell in the background has Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    say = words.say_for(looks.language, os.environ)
    screen = Screen(os.environ, plain=looks.plain, file=looks.output)
    try:
        return asyncio.run(program(say, screen))
    except KeyboardInterrupt:
        return Status.STOPPED
    except BrokenPipeError:
        # As of `famulor-bot list | head`: whoever read has read enough.
        abandon()
        return Status.WELL
    except FamulorError as error:
        screen.note(texts.one_line(say.error(error)) if not isinstance(error, SettingsError) else error.explain())
        wrong = isinstance(error, SettingsError | QuestionError | NotWritten)
        return Status.WRONG if wrong else Status.NO_ANSWER
