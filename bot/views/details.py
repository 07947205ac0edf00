"""Everything about one assistant as a message."""

import json
from collections.abc import Mapping
from typing import assert_never

from pydantic import JsonValue

from bot.views import blocks, origins, phrases
from bot.views.blocks import HEADER_LIMIT, SECTION_LIMIT, Block, Message
from bot.views.escape import code, mrkdwn, pieces, plain
from shared.core import Detail
from shared.masking import masked_url, masked_values
from shared.models import Assistant, WebhookState

# Slack takes about 13,000 characters in one message; what is around the long texts needs its share.
_LONG_TEXTS = 9_000
# So that no other text leaves the prompt without room.
_GREETING, _VARIABLES, _EXTRA = 1_500, 1_500, 1_500
_ABSENT = "–"


def detail(found: Detail) -> Message:
    """All fields, with names for ids, without secrets, and the texts as far as they fit."""
    assistant = found.assistant
    concerns = origins.concerns([found.origin])
    title = f"{phrases.name(assistant.name)} ({assistant.id})"
    facts = [f"*{label}:* {value or _ABSENT}" for label, value in _facts(found).items()]
    return blocks.message(
        ". ".join(
            [
                f"{title}, {phrases.status(assistant.status)}",
                f"{mrkdwn(assistant.mode, 40)}, {phrases.webhook(assistant.webhook)}",
                *concerns,
            ]
        ),
        [
            blocks.header(plain(assistant.name, HEADER_LIMIT) or "(no name)"),
            *blocks.fields(facts),
            *_texts(assistant),
            *map(blocks.section, concerns),
            blocks.context(origins.fetched([found.origin])),
        ],
    )


def _facts(found: Detail) -> Mapping[str, str]:
    assistant, names = found.assistant, found.names
    return {
        "Status": f"{phrases.symbol(assistant.status)} {phrases.status(assistant.status)}",
        "ID": f"`{assistant.id}`",
        **({"Name": phrases.name(assistant.name, 600)} if len(assistant.name) > HEADER_LIMIT else {}),
        "Account": mrkdwn(assistant.account, 60),
        "Type": mrkdwn(assistant.type, 60),
        "Mode": mrkdwn(assistant.mode, 60),
        "Voice": _named(names.voice_name(assistant), assistant.voice_id),
        "Language": _named(names.language_name(assistant), assistant.language_id),
        "Timezone": mrkdwn(assistant.timezone, 60),
        "User": "" if assistant.user_id is None else f"`{assistant.user_id}`",
        "Created": phrases.moment(assistant.created_at) if assistant.created_at else "",
        "Updated": phrases.moment(assistant.updated_at) if assistant.updated_at else "",
        "Webhook": _webhook(assistant),
    }


def _named(name: str, number: int | None) -> str:
    """`Mia (151)`, or the number alone where it has no name."""
    if number is None or name == str(number):
        return name
    return f"{mrkdwn(name, 100)} ({number})"


def _webhook(assistant: Assistant) -> str:
    match assistant.webhook:
        case WebhookState.ON:
            return f"on {_address(assistant.webhook_url)}"
        case WebhookState.OFF:
            return f"off {_address(assistant.webhook_url)}"
        case WebhookState.MISSING:
            return "switched on, but without a URL" if assistant.is_webhook_active else "none"
    assert_never(assistant.webhook)


def _address(url: str) -> str:
    return code(masked_url(url), 500)


def _texts(assistant: Assistant) -> list[Block]:
    greeting = _text("Greeting", assistant.initial_message, _GREETING)
    variables = _text("Variables", _lines(masked_values(assistant.variables)), _VARIABLES)
    extra = _text("More fields", _lines(masked_values(assistant.extra)), _EXTRA)
    taken = sum(len(block["text"]["text"]) for block in (*greeting, *variables, *extra))
    prompt = _text("Prompt", assistant.system_prompt, _LONG_TEXTS - taken)
    return [*greeting, *prompt, *variables, *extra]


def _text(title: str, text: str, most: int) -> list[Block]:
    """A title and a text of others under it; says so where it had to be cut."""
    shown, left_out = pieces(text, SECTION_LIMIT, most)
    if not shown:
        return []
    cut = f"✂️ {phrases.count(left_out, 'more character')}: the whole {title.lower()} does not fit into a message."
    return [
        blocks.section(f"*{title}*"),
        *map(blocks.literal, shown),
        *([blocks.section(cut)] if left_out else []),
    ]


def _lines(values: Mapping[str, JsonValue]) -> str:
    return "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
