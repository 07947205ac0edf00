"""What `get_outbound_assistant` answers: everything about one assistant, of a long prompt as much as has room."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mcp_server import render
from mcp_server.answers import budget
from mcp_server.answers.fields import everything
from mcp_server.answers.origins import reason
from mcp_server.answers.results import NOTE, Answer, Line, NextCall
from shared.errors import FilterInvalid

if TYPE_CHECKING:
    from shared.core import Detail

CONTINUED = ("id", "account", "name", "updated", "system_prompt")
"""What an answer holds that goes on with a prompt. Another `updated` than before: it is another prompt, too."""
WORDS = 400
"""Bytes kept free for saying what was left out, and the call that brings it."""


class DetailAnswer(Answer):
    """One assistant. Fields that it doesn't have are absent."""

    note: Line
    assistant: Mapping[str, JsonValue]
    left_out: Line = ""
    next_call: NextCall | None = None
    fetched_at: Line
    stale: bool
    stale_reason: Line = ""


def detail_answer(detail: "Detail", *, several: bool, max_tokens: int, prompt_offset: int) -> DetailAnswer:
    """All that has room; with an offset, the prompt from that character on.

    `several`: whether there is more than one account to tell apart. Raises FilterInvalid: the prompt ends before.
    """
    fields = everything(detail.assistant, detail.names, several=several)
    if prompt_offset:
        fields = _continued(fields, prompt_offset)
    whole = _answer(detail, fields)
    needed = whole.tokens
    if needed <= max_tokens:
        return whole
    around = budget.size(whole) - budget.size(fields) + WORDS
    kept, left_out = budget.shortened(fields, max_tokens * budget.BYTES_A_TOKEN - around)
    shown = len(str(kept.get("system_prompt", "")))
    more: dict[str, JsonValue] = {}
    if shown and (len(left_out) == 1 or needed > budget.MOST_TOKENS):
        limit = {} if max_tokens == budget.DEFAULT_TOKENS else {"max_tokens": max_tokens}
        more = {"prompt_offset": prompt_offset + shown, **limit}
    elif needed <= budget.MOST_TOKENS:
        more = {"max_tokens": needed}
    account = {"account": detail.assistant.account} if several else {}
    arguments = {"assistant": str(detail.assistant.id), **account, **more}
    next_call = NextCall(name="get_outbound_assistant", arguments=arguments) if more else None
    return _answer(detail, kept, "; ".join(left_out), next_call)


def _continued(fields: Mapping[str, JsonValue], offset: int) -> dict[str, JsonValue]:
    prompt = str(fields.get("system_prompt", ""))
    if offset >= len(prompt):
        raise FilterInvalid(value=offset, filter="place in this prompt", valid=f"0 to {max(len(prompt) - 1, 0)}")
    return {**{name: fields[name] for name in CONTINUED if name in fields}, "system_prompt": prompt[offset:]}


def _answer(
    detail: "Detail", fields: Mapping[str, JsonValue], left_out: str = "", next_call: NextCall | None = None
) -> DetailAnswer:
    return DetailAnswer(
        note=NOTE,
        assistant=fields,
        left_out=left_out,
        next_call=next_call,
        fetched_at=render.time(detail.origin.fetched_at),
        stale=detail.origin.stale,
        stale_reason=reason(detail.origin),
    )
