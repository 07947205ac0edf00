"""Asks the store what has changed: the words of a question → changes, and how far the history reaches."""

import asyncio
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mcp_server.answers import budget
from mcp_server.answers.changes import ChangeListing, ChangesAnswer, Found, Watched
from mcp_server.answers.cursors import continued
from mcp_server.state import State
from shared.diff import GROUPS, SEVERITIES
from shared.errors import AssistantAmbiguous, AssistantUnknown, CursorInvalid, FilterInvalid
from shared.models import Assistant, Kind, Severity
from shared.query import Choice, lookup
from shared.query.choice import Pattern, fold
from shared.query.moments import moment, span, written

if TYPE_CHECKING:
    # At run time they would bring the HTTP client and the database, which nobody needs before the first call.
    from shared.store import StoredChange
    from shared.store.history import History

MOST_FORMER = 1_000
"""Deletions and renamings, the latest, among which a name is looked for that no assistant has now."""

_ID = re.compile(r"#? ?([0-9]{1,18})")
_CURSOR = re.compile(r"([0-9]{1,18})-([0-9a-f]{12})")
_WITH_NAMES = frozenset({Kind.VOICE, Kind.LANGUAGE, Kind.CREATED, Kind.DELETED})


@dataclass(frozen=True, slots=True)
class Asked:
    """The tool's arguments as they were given, "" where they leave a condition out."""

    assistant: str = ""
    account: str = ""
    kinds: str = ""
    min_severity: str = "info"
    since: str = ""
    until: str = ""
    response_format: str = "concise"
    limit: int = 25
    max_tokens: int = budget.DEFAULT_TOKENS
    cursor: str = ""

    @property
    def call(self) -> Mapping[str, JsonValue]:
        """What the next page is asked for with: all arguments that say something, but for the cursor."""
        given: dict[str, JsonValue] = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name != "cursor"
        }
        return {name: value for name, value in given.items() if value != getattr(NOTHING_GIVEN, name)}

    @property
    def fingerprint(self) -> str:
        """What two pages of the same question have in common, and no others."""
        question = (self.assistant, self.account, self.kinds, self.min_severity, self.since, self.until)
        return hashlib.blake2b(repr(question).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


NOTHING_GIVEN = Asked()


@dataclass(frozen=True, slots=True)
class _Question:
    """The same, understood. No account but these; `kinds` are those that may be grave enough."""

    accounts: Sequence[str]
    assistant: int | None
    kinds: Collection[Kind]
    minimum: Severity
    since: datetime | None
    until: datetime | None


async def changes_answer(state: State, asked: Asked) -> ChangesAnswer:
    """A page of the changes that were asked for, the latest first.

    Raises QuestionError, and StoreError where the database can't be used.
    """
    now = state.clock.now()
    asked_at, place = continued(asked.cursor, now)
    before_id = _before(place, asked) if place else None
    since, until = _period(asked, asked_at)
    kinds, minimum = kinds_of(asked.kinds), Severity(asked.min_severity)
    core = await state.core()
    sources = core.chosen(Choice.parse(asked.account))
    accounts = [source.account for source in sources]
    async with state.store() as store:
        history = store.history
        watched, present = await _watched(history, accounts)
        changes: Sequence[StoredChange] = ()
        if any(one.since for one in watched):
            accounts, number = await _meant(history, asked.assistant, accounts, present)
            question = _Question(accounts, number, _grave_enough(kinds, minimum), minimum, since, until)
            changes = await _changes(history, question, before_id, asked.limit + 1)
    page = changes[: asked.limit]
    named = {one.change.account for one in page if one.change.kind in _WITH_NAMES}
    names = await core.names([source for source in sources if source.account in named])
    listing = ChangeListing(
        detailed=asked.response_format == "detailed",
        several=len(core.accounts) > 1,
        max_tokens=asked.max_tokens,
        asked_at=asked_at,
        now=now,
        fingerprint=asked.fingerprint,
        call=asked.call,
    )
    shown = [one for one in watched if one.account in accounts]
    found = Found(page, shown, names, more=len(changes) > asked.limit, since=since)
    # To compare a page of long prompts takes seconds, which are other callers' too.
    return await asyncio.to_thread(listing.answer, found)


def kinds_of(text: str) -> frozenset[Kind]:
    """`prompt,webhook-host` → the kinds of that group, and that one; `!config`: all others. Raises FilterInvalid."""
    choice = Choice.parse(text)
    wanted = frozenset[Kind]().union(*map(_kinds, choice.include)) if choice.include else frozenset(Kind)
    return wanted.difference(*map(_kinds, choice.exclude))


def _kinds(value: str) -> frozenset[Kind]:
    named = fold(value).replace("_", "-").replace(" ", "-")
    found = GROUPS.get(named) or frozenset(kind for kind in Kind if Pattern.of(named).names(kind.value))
    if not found:
        groups = ", ".join(GROUPS)
        single = ", ".join(kind.value for kind in Kind if kind is not Kind.SAVED and kind.value not in GROUPS)
        raise FilterInvalid(value=value, filter="kind of change", valid=f"{groups}; or of these {single}")
    return found


def _grave_enough(kinds: Collection[Kind], minimum: Severity) -> Collection[Kind]:
    """Those of which a change may be as grave: none is graver than its kind."""
    return [kind for kind in kinds if SEVERITIES[kind].rank >= minimum.rank]


def _before(place: str, asked: Asked) -> int:
    """Where a page begins. Raises CursorInvalid."""
    found = _CURSOR.fullmatch(place)
    if found is None or found[2] != asked.fingerprint:
        raise CursorInvalid
    return int(found[1])


def _period(asked: Asked, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when, and before when. Raises FilterInvalid."""
    since, until = span(asked.since, now)
    if asked.until:
        end = moment(asked.until, now)
        until = end if until is None else min(until, end)
    if since and until and since >= until:
        raise FilterInvalid(value=asked.since, filter="time before “until”", valid=f"earlier than {written(until)}")
    return since, until


async def _watched(history: "History", accounts: Sequence[str]) -> tuple[list[Watched], list[Assistant]]:
    """How far each account's history reaches, and the assistants that were there at its last poll."""
    watched: list[Watched] = []
    present: list[Assistant] = []
    for account in accounts:
        state = await history.state(account)
        since = await history.first_seen(account)
        watched.append(Watched(account, since, state.polled_at, state.failing))
        present += state.assistants
    return watched, present


async def _meant(
    history: "History", reference: str, accounts: list[str], present: Sequence[Assistant]
) -> tuple[list[str], int | None]:
    """The accounts and the assistant that are meant: by its id, its name, or one that it had once.

    Raises AssistantUnknown, AssistantAmbiguous.
    """
    if not reference.strip():
        return accounts, None
    if found := _ID.fullmatch(reference.strip()):
        number = int(found[1])
        ever = any(one.id == number for one in present) or await history.changes(
            accounts=accounts, assistant=number, limit=1
        )
        if ever:
            return accounts, number
    one = _called(reference, present)
    if one is None:
        former = await _former(history, accounts)
        one = _called(reference, former) or lookup(reference, [*present, *former])
    return [one.account], one.id


def _called(reference: str, assistants: Sequence[Assistant]) -> Assistant | None:
    """The one of this name, None where there is none. Raises AssistantAmbiguous."""
    try:
        return lookup(reference, assistants)
    except AssistantAmbiguous:
        raise
    except AssistantUnknown:
        return None


async def _former(history: "History", accounts: Sequence[str]) -> list[Assistant]:
    """Assistants under names that they have no longer, each once."""
    changes = await history.changes(accounts=accounts, kinds=[Kind.DELETED, Kind.RENAMED], limit=MOST_FORMER)
    found: dict[tuple[str, int, str], Assistant] = {}
    for change in (stored.change for stored in changes):
        name = change.before if change.kind is Kind.RENAMED else change.name
        if isinstance(name, str) and change.assistant is not None:
            one = Assistant(account=change.account, id=change.assistant, name=name, mode="", status="")
            found.setdefault((change.account, change.assistant, name), one)
    return list(found.values())


async def _changes(history: "History", question: _Question, before_id: int | None, count: int) -> "list[StoredChange]":
    """The first `count` that match; several looks, where many are less grave than others of their kind."""
    found: list[StoredChange] = []
    while len(found) < count:
        some = await history.changes(
            accounts=question.accounts,
            assistant=question.assistant,
            kinds=question.kinds,
            since=question.since,
            until=question.until,
            before_id=before_id,
            limit=count,
        )
        found += [one for one in some if one.change.severity.rank >= question.minimum.rank]
        if len(some) < count:
            break
        before_id = some[-1].id
    return found[:count]
