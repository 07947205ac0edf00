"""Which assistants are meant: the labels of filters, and the values that have names of their own."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.words.word import Word
from shared.models import WebhookState
from shared.query import SortField


class Filter(StrEnum):
    """What stands before a colon."""

    STATUS = "status"
    MODE = "mode"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    WEBHOOK = "webhook"
    UPDATED = "updated"
    ACCOUNT = "account"
    ID = "id"
    NAME = "name"
    PROMPT = "prompt"
    SORT = "sort"
    AFTER = "after"


FILTERS: Mapping[Filter, Word] = MappingProxyType(
    {
        Filter.STATUS: Word("status", "status"),
        Filter.MODE: Word("mode", "modus"),
        Filter.LANGUAGE: Word("lang", "sprache", ("language",)),
        Filter.TIMEZONE: Word("tz", "zeitzone", ("timezone",)),
        Filter.WEBHOOK: Word("webhook", "webhook"),
        Filter.UPDATED: Word("updated", "geändert", ("aktualisiert", "changed")),
        Filter.ACCOUNT: Word("account", "konto"),
        Filter.ID: Word("id", "id", ("nummer", "ids")),
        Filter.NAME: Word("name", "name"),
        Filter.PROMPT: Word("prompt", "prompt"),
        Filter.SORT: Word("sort", "sortiere", ("sortierung", "sortiert")),
        Filter.AFTER: Word("after", "nach"),
    }
)
"""The labels of filters, in the order in which they are written down; AFTER is the cursor of another page."""

STATUSES: Mapping[str, Word] = MappingProxyType(
    {
        "active": Word("active", "aktiv", ("aktive", "aktiven")),
        "inactive": Word("inactive", "inaktiv", ("inaktive", "inaktiven")),
    }
)
"""By Famulor's word, the statuses that need no `status:` before them."""

MODES: Mapping[str, Word] = MappingProxyType(
    {mode: Word(mode, mode) for mode in ("pipeline", "multimodal", "dualplex")}
)
"""By Famulor's word, the modes that need no `mode:` before them."""

WEBHOOKS: Mapping[str, Word] = MappingProxyType(
    {
        WebhookState.ON.value: Word("on", "an", ("ein",)),
        WebhookState.OFF.value: Word("off", "aus"),
        WebhookState.MISSING.value: Word("missing", "fehlt", ("none", "kein", "keiner")),
    }
)

SORT_FIELDS: Mapping[str, Word] = MappingProxyType(
    {
        SortField.NAME.value: Word("name", "name"),
        SortField.ID.value: Word("id", "id", ("nummer",)),
        SortField.ACCOUNT.value: Word("account", "konto"),
        SortField.STATUS.value: Word("status", "status"),
        SortField.MODE.value: Word("mode", "modus"),
        SortField.LANGUAGE.value: Word("language", "sprache", ("lang",)),
        SortField.TIMEZONE.value: Word("timezone", "zeitzone", ("tz",)),
        SortField.WEBHOOK.value: Word("webhook", "webhook"),
        SortField.CREATED.value: Word("created", "erstellt"),
        SortField.UPDATED.value: Word("updated", "geändert", ("aktualisiert", "changed")),
    }
)

VALUES: Mapping[Filter, Mapping[str, Word]] = MappingProxyType(
    {
        Filter.STATUS: STATUSES,
        Filter.MODE: MODES,
        Filter.WEBHOOK: WEBHOOKS,
        Filter.SORT: SORT_FIELDS,
    }
)
"""The values that have names of their own, by what they are called in an AssistantQuery."""

EVERYTHING = Word("all", "alle", ("alles",))
"""Says nothing more in a list: `outbound all`."""

FORMATS: Mapping[str, Word] = MappingProxyType(
    {"csv": Word("csv", "csv", ("excel", "xlsx")), "json": Word("json", "json")}
)
"""The kinds of file that a list can be had as; Excel opens the CSV."""
