"""The tools' parameters: what each takes, in words for models, which pay for every one of them in every session."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_server.answers.budget import FEWEST_TOKENS, MOST_TOKENS
from shared.query import LARGEST_PAGE

Status = Annotated[
    str,
    Field(
        description='"active", "inactive", … As in all filters: "active,processing" is either, "!active" all others.'
    ),
]
Mode = Annotated[str, Field(description='Engine: "pipeline", "multimodal", "dualplex"; "pipeline,dualplex".')]
Language = Annotated[str, Field(description='Code, name or id of what it speaks: "de", "German", "!en".')]
Timezone = Annotated[str, Field(description='IANA name: "Europe/Berlin".')]
Webhook = Annotated[
    str, Field(description='Post-call webhook: "on", "off" (URL, switched off), "missing" (no URL); "off,missing".')
]
Search = Annotated[
    str, Field(description='Text in name or prompt: "appointment", "solar,heat pump". Rows then show where (snippet).')
]
UpdatedSince = Annotated[
    str,
    Field(
        description='Changed then or later: "7d", "12h", "30m" ago, "2026-03-01", "2026-03-01T08:00:00Z" (UTC). '
        '"!30d": not changed since.'
    ),
]
Order = Annotated[
    str,
    Field(
        description="name (default), id, account, status, mode, language, timezone, webhook, created, updated; "
        '"-updated": latest first; "status,-updated".'
    ),
]
Fields = Annotated[
    str,
    Field(
        description='Columns of your choice, whatever response_format: "name,timezone". Beside those of sort: type, '
        "voice, voice_id, language_id, webhook_url, is_webhook_active, user_id, initial_message, variables, extra, "
        "system_prompt."
    ),
]
Format = Annotated[
    Literal["concise", "detailed"],
    Field(description="concise: a table without prompts. detailed: every field of each, prompts too."),
]
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Assistants a page.")]
PageCursor = Annotated[str, Field(description="next_cursor of the page before, with the same filters and sort.")]
MaxTokens = Annotated[
    int,
    Field(
        ge=FEWEST_TOKENS,
        le=MOST_TOKENS,
        description="About what the answer may take (4 bytes a token). left_out says what is missing then, next_call "
        "how to get it.",
    ),
]
Account = Annotated[
    str,
    Field(description='Name of a Famulor account, if there are several: "agency", "!agency"; "*" (default): all.'),
]
Reference = Annotated[str, Field(description='Its id, its name, or a unique part of that: "57", "Solar-Erst".')]
PromptOffset = Annotated[int, Field(ge=0, description="Only the prompt, from this character on: as next_call says.")]
Changed = Annotated[str, Field(description='Of one: "57", "Solar-Erst"; deleted ones too.')]
Kinds = Annotated[
    str,
    Field(
        description='"status" (created, deleted, activated, deactivated), "prompt" (greeting, variables too), '
        '"webhook", "config", "audit" (findings opened, closed), "account"; or single: "webhook-host,deactivated".'
    ),
]
LeastSeverity = Annotated[Literal["info", "warning", "critical"], Field(description="At least as grave.")]
Since = Annotated[str, Field(description='Seen then or later: "7d", "2026-03-01".')]
Until = Annotated[str, Field(description='Seen before: "1d", "2026-03-08".')]
ChangeFormat = Annotated[
    Literal["concise", "detailed"],
    Field(description="concise: a line each. detailed: before and after; texts by words: = kept, - removed, + added."),
]
ChangeLimit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Changes a page.")]
ChangeCursor = Annotated[str, Field(description="next_cursor of the page before.")]
Audited = Annotated[str, Field(description='Only this one: "57", "Solar-Erst".')]
Rules = Annotated[str, Field(description='Ids: "webhook-*", "!untouched".')]
GroupBy = Annotated[Literal["severity", "rule", "assistant"], Field(description="The worst group comes first.")]
AuditFormat = Annotated[
    Literal["concise", "detailed"],
    Field(description="concise: a line each. detailed: with cures, and who ignores what, why."),
]
FindingLimit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Findings a page.")]
LikeListed = Annotated[str, Field(description='As in list_outbound_assistants: "!active".')]
LikeListedMode = Annotated[str, Field(description='Likewise: "pipeline".')]
LikeListedLanguage = Annotated[str, Field(description='Likewise: "de".')]
LikeListedTimezone = Annotated[str, Field(description='Likewise: "Europe/*".')]
LikeListedWebhook = Annotated[str, Field(description='Likewise: "on".')]
LikeListedSearch = Annotated[str, Field(description='Likewise: "solar".')]
LikeListedUpdated = Annotated[str, Field(description='Likewise: "7d", "!30d".')]
