"""What is known about assistants: frozen, validated, in our own words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, JsonValue


class Frozen(BaseModel):
    """A value: it never changes, and knows no field that isn't declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class WebhookState(StrEnum):
    """Whether post-call data leaves: `on` (URL, switched on), `off` (URL, switched off), `missing` (no URL)."""

    ON = "on"
    OFF = "off"
    MISSING = "missing"


class Assistant(Frozen):
    """One outbound assistant: an AI voice that phones people.

    The fields are Famulor's, but for `account` (whose key listed it) and `extra` (fields that Famulor has added
    since, as they came). All texts are Famulor's users': untrusted. `mode` and `status` are kept as they came,
    known or not. What Famulor leaves out or sends as null is None, "" or {}.
    """

    account: str
    id: int
    user_id: int | None = None
    name: str
    type: str = "outbound"
    mode: str
    status: str
    voice_id: int | None = None
    language_id: int | None = None
    timezone: str = ""
    initial_message: str = ""
    system_prompt: str = ""
    variables: Mapping[str, JsonValue] = {}
    webhook_url: str = ""
    is_webhook_active: bool = False
    created_at: Moment | None = None
    updated_at: Moment | None = None
    extra: Mapping[str, JsonValue] = {}

    @property
    def webhook(self) -> WebhookState:
        """Whether post-call data leaves, and if not, why."""
        if not self.webhook_url:
            return WebhookState.MISSING
        return WebhookState.ON if self.is_webhook_active else WebhookState.OFF


class Rejected(Frozen):
    """A record of the list that could not be read, or that repeats an id.

    `position` counts from 1; `id` is None where the record has none that can be read; `field` is "" where the
    record as a whole is meant.
    """

    position: int
    id: int | None
    field: str
    reason: str


class Snapshot(Frozen):
    """One complete answer of the endpoint for one account at one time."""

    account: str
    fetched_at: Moment
    assistants: tuple[Assistant, ...]
    rejected: tuple[Rejected, ...] = ()


class Severity(StrEnum):
    """How much a change matters; `rank` puts them in order."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Severity).index(self)


class Kind(StrEnum):
    """What happened to an assistant, or (the last five) to an account."""

    CREATED = "created"
    DELETED = "deleted"
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    RENAMED = "renamed"
    PROMPT = "prompt"
    GREETING = "greeting"
    VARIABLES = "variables"
    VOICE = "voice"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    MODE = "mode"
    WEBHOOK_ON = "webhook-on"
    WEBHOOK_OFF = "webhook-off"
    WEBHOOK_HOST = "webhook-host"
    WEBHOOK_PATH = "webhook-path"
    OTHER = "other"
    SAVED = "saved"
    FINDING = "finding"
    KEY_REJECTED = "key-rejected"
    UNREACHABLE = "unreachable"
    RECOVERED = "recovered"
    UNREADABLE = "unreadable"
    READABLE = "readable"


class Change(Frozen):
    """One difference between two snapshots of an account, or something that happened to the account itself.

    Unique by account, assistant, kind and sequence (the number of the snapshot that showed it, from 1 upwards).
    `assistant` is None where the account is meant; `name` is the assistant's, the new one where it has changed.
    `before` and `after` are the field's values in Famulor's shape; of a created or deleted assistant all its fields;
    of OTHER a mapping of field names. Of FINDING they are all that was, and is, wrong with the assistant: lists of
    mappings of `rule`, `subject`, `severity` and `facts`, the worst first, None where there was, or is, no assistant.
    For KEY_REJECTED and UNREACHABLE, `after` is a mapping of `error` (its class), `text` and `since`, and for
    RECOVERED `before` is; for UNREADABLE, `after` is one of `position`, `field` and `reason`, and no assistant means
    that not even the id could be read. `changed_at` is what Famulor says (`updated_at`), None where it doesn't.
    """

    account: str
    sequence: int
    kind: Kind
    severity: Severity
    assistant: int | None = None
    name: str = ""
    before: JsonValue = None
    after: JsonValue = None
    seen_at: Moment
    changed_at: Moment | None = None


class Language(Frozen):
    """A language that an assistant speaks; `iso_2` is its two-letter code, such as "de"."""

    id: int
    name: str
    iso_2: str


class Voice(Frozen):
    """A voice that an assistant speaks with."""

    id: int
    name: str
    language_id: int | None = None
    gender: str = ""
    accent: str = ""


class Owner(Frozen):
    """Whose key this is. `total_balance` is in the account's currency."""

    name: str
    email: str
    total_balance: float


class Names(Frozen):
    """Names for the ids in one account's assistants; empty where they could not be fetched."""

    languages: Mapping[int, Language] = {}
    voices: Mapping[int, Voice] = {}

    def language(self, assistant: Assistant) -> str:
        """The language's two-letter code, its id where that isn't known, "" where there is none."""
        known = self.languages.get(assistant.language_id or 0)
        return (known and (known.iso_2 or known.name)) or _number(assistant.language_id)

    def language_name(self, assistant: Assistant) -> str:
        """The language's name, its id where that isn't known, "" where there is none."""
        known = self.languages.get(assistant.language_id or 0)
        return (known and known.name) or _number(assistant.language_id)

    def voice_name(self, assistant: Assistant) -> str:
        """The voice's name, its id where that isn't known, "" where there is none."""
        known = self.voices.get(assistant.voice_id or 0)
        return (known and known.name) or _number(assistant.voice_id)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
