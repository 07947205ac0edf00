"""`famulor-bot doctor`: everything that must be right for the app to answer, one line a check with its cure."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from bot.connection import web_client
from bot.doctor.remains import FAMULORS, SLACKS, STORES, WAYS_IN, remains
from bot.doctor.slack import slack
from bot.doctor.surroundings import ENVIRONMENT, WAY_IN, surroundings, way_in
from shared import doctor as checks
from shared.clock import Clock, SystemClock
from shared.core import Core
from shared.doctor import FAMULOR, STORE, Finding, Findings, Level, OpenStore, ok, problem, skipped
from shared.errors import SettingsError
from shared.runtime import Runtime, open_core
from shared.settings import SlackSettings, load_settings
from shared.store import Store, open_store

__all__ = ["Finding", "Level", "report", "warn"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined. `wrong`: settings that are not as they were meant; what needs them is left out."""

    settings: SlackSettings
    core: Core
    open_store: OpenStore
    environment: Mapping[str, str]
    clock: Clock
    wrong: frozenset[str] = frozenset()


async def report(write: Callable[[str], None], environment: Mapping[str, str], clock: Clock | None = None) -> int:
    """Writes a line for each check; the exit status: 0 all is well, 1 something is not, 2 a setting is wrong."""
    clock = clock or SystemClock()
    settings: SlackSettings | None
    wrong: frozenset[str] = frozenset()
    try:
        settings = load_settings(SlackSettings)
        write(str(ok("Settings", "complete")))
    except SettingsError as error:
        for line in error.problems:
            write(str(problem("Settings", line)))
        settings, wrong = remains(error)
    if settings is None:
        write(str(skipped("Slack, Famulor and store", "the settings come first")))
        return 2
    status = 2 if wrong else 0
    url = settings.database_url.get_secret_value() if settings.database_url else None
    async with open_core(settings, clock) as core:
        patient = Patient(settings, core, partial(open_store, url, clock), environment, clock, wrong)
        async for finding in _examined(patient):
            write(str(finding))
            if finding.level is Level.PROBLEM:
                status = status or 1
    return status


async def warn(runtime: Runtime[SlackSettings], environment: Mapping[str, str]) -> None:
    """Logs what is not as it should be with an app that runs."""

    def held() -> AbstractAsyncContextManager[Store]:
        return nullcontext(runtime.store)

    async for finding in _examined(Patient(runtime.settings, runtime.core, held, environment, runtime.clock)):
        if finding.level in {Level.WARNING, Level.PROBLEM}:
            _log.warning("%s: %s", finding.subject, finding.words)


async def _examined(patient: Patient) -> Findings:
    settings = patient.settings
    parts: tuple[tuple[str, frozenset[str], Findings], ...] = (
        (WAY_IN, WAYS_IN, way_in(settings)),
        (ENVIRONMENT, frozenset(), surroundings(settings, patient.environment)),
        ("Slack", SLACKS, slack(web_client(settings), settings, patient.clock)),
        (FAMULOR, FAMULORS, checks.famulor(patient.core)),
        (STORE, STORES, checks.store(patient.open_store)),
    )
    for subject, needed, findings in parts:
        missing = sorted(name.upper() for name in needed & patient.wrong)
        if missing:
            yield skipped(subject, f"{', '.join(missing)} first")
            continue
        try:
            async for finding in findings:
                yield finding
        except Exception:  # noqa: BLE001 # one check must not cost the others
            _log.exception("A check of the doctor failed")
            yield problem(subject, "could not be checked; this is a fault of this program: please report it.")
