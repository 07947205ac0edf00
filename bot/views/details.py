"""Everything about one assistant, page by page; pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from bot.access import PromptsForAdmins
from bot.asking import Asked, Asker
from bot.translation import Say
from bot.views import blocks, findings, ignoring, long_texts, origins, phrases, state, variables
from bot.views.answers import Sheet
from bot.views.blocks import HEADER_LIMIT, Block
from bot.views.escape import clean, code, mrkdwn, plain
from bot.views.long_texts import Part
from bot.words import COMMAND, VERBS, Verb
from shared.answers import Detail, Origin
from shared.audit import Audit
from shared.masking import masked_url, masked_values
from shared.models import Assistant, Names, WebhookState

ABSENT = "–"
ID = "ID"
"""The label of the one field in which all assistants differ."""
# What `clean` takes out of other texts; JSON has a way to write it.
_STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fact:
    """One field as it is shown (mrkdwn); `hidden` is what that leaves out, to tell two of them apart."""

    label: str
    shown: str
    hidden: str = ""

    def __str__(self) -> str:
        return f"*{self.label}*\n{self.shown or ABSENT}"


def detail(found: Detail, audit: Audit, asked: Asked, command: str, address: str) -> Sheet:
    """The page that is asked for; `audit` says what is wrong with this one.

    `command` shows the same again, `address` is where Famulor shows it.
    """
    say, assistant = asked.say, found.assistant
    first = [
        *blocks.fields(list(map(str, facts(assistant, found.names, asked)))),
        *_further(assistant, command, address, say),
    ]
    parts = [*_findings(audit, asked.asker), *_texts(assistant, asked)]
    pages = long_texts.pages(parts, say, first)
    pages[0] = [*first, *pages[0]]
    page = min(asked.page, len(pages))
    return Sheet(
        title=plain(assistant.name, 24) or say("(no name)"),
        command=command,
        text=summary(found, say),
        blocks=[*_head(found, say), *pages[page - 1]],
        page=page,
        pages=len(pages),
    )


def as_json(found: Detail, asked: Asked, command: str) -> Sheet:
    """The assistant as JSON, to be copied: secrets masked, and the prompt only for who may see it."""
    say, assistant = asked.say, found.assistant
    note = say("Secrets are masked.")
    if not asked.asker.sees_prompts:
        note = f"{note} {say.error(PromptsForAdmins())}"
    written = _written(assistant, with_prompt=asked.asker.sees_prompts)
    # Escaped already: cleaning would take away what stands in it.
    parts = [Part(blocks.preformatted(piece)) for piece in long_texts.pieces(written)]
    pages = long_texts.pages(parts, say)
    page = min(asked.page, len(pages))
    return Sheet(
        title="JSON",
        command=command,
        text=say("{name} ({id}) as JSON", name=phrases.name(assistant.name, say), id=assistant.id),
        blocks=[*_head(found, say), blocks.context(note), *pages[page - 1]],
        page=page,
        pages=len(pages),
        verb=state.JSON,
    )


def summary(found: Detail, say: Say) -> str:
    """The assistant in one line, with what is wrong with the data."""
    assistant = found.assistant
    return ". ".join(
        [
            ", ".join(
                filter(
                    None,
                    [
                        f"{phrases.name(assistant.name, say)} ({assistant.id})",
                        phrases.status(assistant.status, say),
                        mrkdwn(assistant.mode, 40),
                        phrases.webhook(assistant.webhook, say),
                    ],
                )
            ),
            *origins.concerns([found.origin], say),
        ]
    )


def facts(assistant: Assistant, names: Names, asked: Asked) -> list[Fact]:
    """All fields but the long texts, with names for ids and without secrets."""
    say = asked.say
    long_name = len(plain(assistant.name, HEADER_LIMIT + 1)) > HEADER_LIMIT
    return [
        *([Fact(say("Name"), phrases.name(assistant.name, say, 1_300))] if long_name else []),
        Fact(say("Status"), f"{phrases.symbol(assistant.status)} {phrases.status(assistant.status, say)}"),
        Fact(say("Mode"), mrkdwn(assistant.mode, 60)),
        Fact(say("Language"), _named(names.language_name(assistant), assistant.language_id)),
        Fact(say("Voice"), _named(names.voice_name(assistant), assistant.voice_id)),
        Fact(say("Timezone"), _timezone(assistant.timezone, asked.now, say)),
        Fact(say("Webhook"), _webhook(assistant, say), hidden=assistant.webhook_url),
        Fact(ID, f"`{assistant.id}`"),
        Fact(say("Account"), mrkdwn(assistant.account, 60)),
        Fact(say("Type"), mrkdwn(assistant.type, 60)),
        Fact(say("User"), "" if assistant.user_id is None else f"`{assistant.user_id}`"),
        Fact(say("Created"), phrases.moment(assistant.created_at) if assistant.created_at else ""),
        Fact(say("Updated"), phrases.moment(assistant.updated_at) if assistant.updated_at else ""),
    ]


def freshness(found: Sequence[Origin], say: Say) -> list[Block]:
    """What is wrong with the data, and from when it is: on every page, and before what may be cut."""
    return [*map(blocks.section, origins.concerns(found, say)), blocks.context(origins.fetched(found, say))]


def written_values(values: Mapping[str, JsonValue]) -> dict[str, str]:
    """Values without secrets, as JSON, by their names without what would steer the screen."""
    masked = masked_values({clean(name): value for name, value in values.items()})
    return {name: clean(json.dumps(value, ensure_ascii=False)) for name, value in masked.items()}


def no_prompts(say: Say) -> Part:
    """Says who may see prompts."""
    return Part(blocks.section(mrkdwn(say.error(PromptsForAdmins()))), say("Prompt"))


def _head(found: Detail, say: Say) -> list[Block]:
    name = plain(found.assistant.name, HEADER_LIMIT) or say("(no name)")
    return [blocks.header(name), *freshness([found.origin], say)]


def _further(assistant: Assistant, command: str, address: str, say: Say) -> list[Block]:
    compare = f"{COMMAND} {VERBS[Verb.COMPARE].word(say.language)} {assistant.id} …"
    return [
        blocks.actions(
            [
                *([blocks.link(say("Open in Famulor"), state.action_id(state.LINK), address)] if address else []),
                blocks.button("JSON", state.action_id(state.JSON), command, spoken=say("Show as JSON")),
            ]
        ),
        blocks.context(say("To compare it with another one: {command}", command=code(compare))),
    ]


def _findings(audit: Audit, asker: Asker) -> Iterator[Part]:
    """What is wrong with it, and what nobody wants to hear of any more."""
    say = asker.say
    title = say("Audit")
    if not audit.findings and not audit.ignored:
        yield Part(blocks.section(say("Nothing was found.")), title)
    for number, one in enumerate(audit.findings):
        text = findings.paragraph([findings.graded(one, say), f"`{one.rule}`"], one, asker)
        button = ignoring.button(one, say, number) if asker.admin else None
        yield Part(blocks.section(text, button), title, first=not number)
    for number, ignored in enumerate(audit.ignored):
        text = f"{findings.title(ignored.finding.rule, say)}\n{findings.decision(ignored.ignore, say)}"
        button = ignoring.back_button(ignored.ignore, say, ignoring.HEED, number) if asker.admin else None
        yield Part(blocks.section(text, button), title, first=not number and not audit.findings)


def _texts(assistant: Assistant, asked: Asked) -> Iterator[Part]:
    say = asked.say
    yield from _text(say("Greeting"), assistant.initial_message, say("There is no greeting."))
    yield from variables.table(
        assistant, written_values(assistant.variables), say, sees_prompt=asked.asker.sees_prompts
    )
    extra = "\n".join(f"{name}: {value}" for name, value in written_values(assistant.extra).items())
    yield from long_texts.preformatted(say("More fields"), extra)
    if not asked.asker.sees_prompts:
        yield no_prompts(say)
    else:
        yield from _text(say("Prompt"), assistant.system_prompt, say("There is no prompt."))


def _text(title: str, text: str, none: str) -> Iterator[Part]:
    if text.strip():
        yield from long_texts.preformatted(title, text)
    else:
        yield Part(blocks.section(none), title)


def _named(name: str, number: int | None) -> str:
    """`Mia (151)`, or the number alone where it has no name."""
    if number is None or name == str(number):
        return name
    return f"{mrkdwn(name, 100)} ({number})"


def _timezone(name: str, now: datetime, say: Say) -> str:
    if not name:
        return ""
    shown = mrkdwn(name, 60)
    try:
        local = now.astimezone(ZoneInfo(name))
    except (LookupError, ValueError, OSError):  # no such zone, no name of one, or a folder's name
        return say("{timezone}\n⚠️ No timezone of this name is known.", timezone=shown)
    return say("{timezone}\nlocal time: {time}", timezone=shown, time=say.time(local))


def _webhook(assistant: Assistant, say: Say) -> str:
    address = code(masked_url(assistant.webhook_url), 500)
    match assistant.webhook:
        case WebhookState.ON:
            return say("on: {address}", address=address)
        case WebhookState.OFF:
            return say("off: {address}", address=address)
        case WebhookState.MISSING if assistant.is_webhook_active:
            return say("⚠️ switched on, but without a URL")
        case WebhookState.MISSING:
            return phrases.webhook(assistant.webhook, say)
    assert_never(assistant.webhook)


def _written(assistant: Assistant, *, with_prompt: bool) -> str:
    fields: dict[str, JsonValue] = assistant.model_dump(mode="json", exclude=None if with_prompt else {"system_prompt"})
    masked = {
        "webhook_url": masked_url(assistant.webhook_url),
        "variables": masked_values(assistant.variables),
        "extra": masked_values(assistant.extra),
    }
    whole = json.dumps({**fields, **masked}, ensure_ascii=False, indent=2)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", whole)
