"""What has changed, page by page, and one assistant then and now; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.asking import Asked
from bot.grammar import Diff, Explain, History, Show, written
from bot.translation import Say
from bot.views import blocks, changes, differences, long_texts, origins, phrases, state
from bot.views.answers import Sheet
from bot.views.before_after import before_after, where
from bot.views.blocks import Block, Message
from bot.views.changes import NO_NAMES
from bot.views.details import freshness
from bot.views.escape import mrkdwn
from bot.views.long_texts import Part
from bot.views.rows import PageOf
from shared.answers import Detail
from shared.diff import diff
from shared.models import Assistant, Change, Kind, Names
from shared.query import Choice
from shared.store import StoredChange

ROWS = 10
"""Changes of one page."""
_EACH = 900


@dataclass(frozen=True, slots=True)
class Past:
    """A page of changes, newest first. `older`: there are more. `begins`: since when each account's are known."""

    command: History
    changes: Sequence[StoredChange]
    older: bool
    begins: Mapping[str, datetime | None]
    names: Mapping[str, Names] = field(default_factory=dict)


def page(past: Past, say: Say, page_of: PageOf) -> Message:
    """The changes, each with a button that says what came of it."""
    title, begins = _title(past, say), _begins(past.begins, say)
    rows = [_row(stored, past, say, page_of) for stored in past.changes]
    return blocks.message(
        phrases.sentences([title, *(_line(stored, past, say) for stored in past.changes), *begins]),
        [
            blocks.section(f"*{title}*"),
            *(rows or [blocks.section(_nothing(past, say))]),
            *_turns(past, say),
            *([blocks.context(" · ".join(begins))] if begins else []),
        ],
    )


@dataclass(frozen=True, slots=True)
class Then:
    """One assistant now (`found`) and `before`, None where nothing is known of then.

    `findings`: what was found in it, or resolved, meanwhile, as one change; None where that is nothing.
    `begins`: since when its account is watched. `created`: it came to be after `since`, so it is as it was first.
    `latest`: the last change that is known.
    """

    found: Detail
    before: Assistant | None
    since: datetime
    begins: datetime | None
    created: Change | None = None
    latest: Change | None = None
    findings: Change | None = None


def then_and_now(then: Then, asked: Asked, command: Diff, address: str) -> Sheet:
    """The page that is asked for. `command` shows the same again."""
    say, assistant = asked.say, then.found.assistant
    differing = _differing(then)
    told = _compared(then, differing, say)
    first = [blocks.section("\n".join(told)), blocks.actions(_buttons(then, say, address))]
    pages = long_texts.pages(_parts(then, differing, asked), say, first)
    pages[0] = [*first, *pages[0]]
    number = min(asked.page, len(pages))
    title = phrases.title(assistant, say, address)
    concerns = origins.concerns([then.found.origin], say)
    lines = [changes.sentence(change, say, names=then.found.names) for change in differing]
    return Sheet(
        title=say("Then and now"),
        command=written(command, say.language),
        text=phrases.sentences([f"{phrases.name(assistant.name, say)} ({assistant.id})", *told, *lines, *concerns]),
        blocks=[
            blocks.section(f"{title} {phrases.status(assistant.status, say)}"),
            *freshness([then.found.origin], say),
            *pages[number - 1],
        ],
        page=number,
        pages=len(pages),
    )


def _title(past: Past, say: Say) -> str:
    command = past.command
    whose = say("all assistants")
    if command.reference:
        named = next((stored.change.name for stored in past.changes if stored.change.name), "")
        whose = f"{phrases.name(named, say, 150)} ({command.reference})" if named else mrkdwn(command.reference, 60)
    elif command.account:
        whose = say("account {account}", account=mrkdwn(str(command.account), 100))
    if command.since is None:
        return say("History: {whose}", whose=whose)
    return say("History since {moment}: {whose}", moment=phrases.moment(command.since), whose=whose)


def _row(stored: StoredChange, past: Past, say: Say, page_of: PageOf) -> Block:
    change = stored.change
    address = "" if change.assistant is None else page_of(change.account, change.assistant)
    several = len(past.begins) > 1 and change.assistant is not None
    seen = say("seen {moment}", moment=phrases.moment(change.seen_at))
    facts = [
        changes.severity(change.severity, say),
        f"#{stored.id}",
        mrkdwn(change.account, 60) if several else "",
        say("changed in Famulor {moment}", moment=phrases.moment(change.changed_at)) if change.changed_at else "",
        seen,
    ]
    shown = blocks.cut(changes.line(change, say, address, _names(past, change)), _EACH)
    explain = blocks.button(
        say("Explain"),
        state.action_id(state.OPEN, stored.id),
        written(Explain(change=stored.id)),
        spoken=say("Explain change {number}", number=stored.id),
    )
    return blocks.section(f"{shown}\n{' · '.join(filter(None, facts))}", explain)


def _line(stored: StoredChange, past: Past, say: Say) -> str:
    sentence = changes.sentence(stored.change, say, names=_names(past, stored.change))
    return f"{sentence} ({phrases.moment(stored.change.seen_at)})"


def _names(past: Past, change: Change) -> Names:
    return past.names.get(change.account, NO_NAMES)


def _nothing(past: Past, say: Say) -> str:
    if not any(past.begins.values()):
        return say("Nothing has been watched yet.")
    if past.command.after is not None:
        return say("There is nothing older.")
    return say("Nothing has changed.")


def _begins(begins: Mapping[str, datetime | None], say: Say) -> list[str]:
    several = len(begins) > 1
    known = [
        f"{phrases.moment(begin)}{f' ({mrkdwn(account, 60)})' if several else ''}"
        for account, begin in begins.items()
        if begin is not None
    ]
    missing = [mrkdwn(account, 60) for account, begin in begins.items() if begin is None]
    return [
        *([say("The history begins {moments}", moments=phrases.listed(known, origins.SHOWN, say))] if known else []),
        *(
            [say("Not watched yet: {accounts}.", accounts=phrases.listed(missing, origins.SHOWN, say))]
            if several and missing
            else []
        ),
    ]


def _turns(past: Past, say: Say) -> list[Block]:
    newest = written(replace(past.command, after=None))
    older = written(replace(past.command, after=past.changes[-1].id)) if past.older else ""
    shown = [
        *([blocks.button(say("← Newest"), state.action_id(state.RUN, "newest"), newest)] if past.command.after else []),
        *([blocks.button(say("Older →"), state.action_id(state.RUN, "older"), older)] if older else []),
    ]
    return [blocks.actions(shown)] if shown else []


def _differing(then: Then) -> Sequence[Change]:
    if then.before is None:
        return ()
    now = then.found.origin.fetched_at or then.since
    found = diff([then.before], [then.found.assistant], sequence=1, seen_at=now)
    return [*(change for change in found if change.kind is not Kind.SAVED), *([then.findings] if then.findings else [])]


def _compared(then: Then, differing: Sequence[Change], say: Say) -> list[str]:
    """What is compared with what, and how much of it differs."""
    if then.begins is None:
        return [say("This account has not been watched yet, so nothing is known of how it was.")]
    lines = []
    moment = phrases.moment(then.since)
    if then.created is not None:
        created = phrases.moment(then.created.seen_at)
        lines.append(say("It was created since then, {moment}; compared with how it was first.", moment=created))
    elif then.begins > then.since:
        moment = phrases.moment(then.begins)
        lines.append(say("The history does not reach so far back; it begins {moment}.", moment=moment))
    if then.before is None:
        lines.append(say("Nothing is known of how it was then."))
    elif differing:
        number = len(differing)
        lines.append(
            say.count(
                number, "*{number} difference* between then and now:", "*{number} differences* between then and now:"
            )
        )
    else:
        lines.append(say("*Nothing has changed* since {moment}.", moment=moment))
        if then.latest is not None:
            last = changes.sentence(then.latest, say, names=then.found.names)
            at = phrases.moment(then.latest.seen_at)
            lines.append(say("The last change that is known, {moment}: {change}.", moment=at, change=last))
    return lines


def _parts(then: Then, differing: Sequence[Change], asked: Asked) -> Iterator[Part]:
    say, prompts = asked.say, asked.asker.sees_prompts
    for change in differing:
        title = changes.sentence(change, say, names=then.found.names)
        yield Part(blocks.section(changes.line(change, say, names=then.found.names)))
        if change.kind is Kind.GREETING or (change.kind is Kind.PROMPT and prompts):
            yield from _wording(change, title, say)
        else:
            yield from map(Part, before_after(change, say, prompts=prompts, names=then.found.names))


def _wording(change: Change, title: str, say: Say) -> Iterator[Part]:
    """The whole difference, over as many pages as it takes."""
    parts = list(differences.changes(title, changes.text(change.before), changes.text(change.after), say))
    if not parts:
        yield Part(blocks.context(say("The two differ in characters only that can't be seen.")))
        return
    yield Part(blocks.context(say("{place}. “−” was taken out, “+” was put in.", place=where(change, say))))
    yield from parts


def _buttons(then: Then, say: Say, address: str) -> list[Block]:
    assistant = then.found.assistant
    account = Choice(include=(assistant.account,))
    return [
        blocks.button(
            say("Details"), state.action_id(state.OPEN, "details"), written(Show(str(assistant.id), account))
        ),
        blocks.button(
            say("History"), state.action_id(state.OPEN, "history"), written(History(str(assistant.id), account))
        ),
        *([blocks.link(say("Open in Famulor"), state.action_id(state.LINK), address)] if address else []),
    ]
