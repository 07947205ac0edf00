"""What stands before a colon and is no filter of assistants: in standing orders, in histories, in audits."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.words.word import Word
from shared.audit.paging import By
from shared.models import Severity


class Option(StrEnum):
    """What stands before a colon, and is no filter of assistants."""

    ON = "on"
    MINIMUM = "min"
    EXCEPT = "except"
    SINCE = "since"
    UNTIL = "until"
    AFTER = "after"
    RULE = "rule"
    BY = "by"


OPTIONS: Mapping[Option, Word] = MappingProxyType(
    {
        Option.ON: Word("on", "bei", ("events", "ereignisse")),
        Option.MINIMUM: Word("min", "ab", ("minimum", "mindestens")),
        Option.EXCEPT: Word("except", "außer"),
        Option.SINCE: Word("since", "seit"),
        Option.UNTIL: Word("until", "bis", ("till",)),
        Option.AFTER: Word("after", "nach"),
        Option.RULE: Word("rule", "regel", ("rules", "regeln")),
        Option.BY: Word("by", "je", ("group", "gruppiert", "gruppiere")),
    }
)

GROUPS: Mapping[str, Word] = MappingProxyType(
    {
        "status": Word("status", "status"),
        "prompt": Word("prompt", "prompt", ("prompts", "texte", "texts")),
        "webhook": Word("webhook", "webhook", ("webhooks",)),
        "config": Word("config", "konfiguration", ("konfig", "configuration", "einstellungen", "settings")),
        "audit": Word("audit", "prüfung", ("audits", "finding", "findings", "befund", "befunde", "prüfungen")),
        "account": Word("account", "konto", ("konten", "accounts")),
    }
)
"""By the name of a group of kinds (`shared.diff.GROUPS`), what stands behind `on:`."""

SEVERITIES: Mapping[Severity, Word] = MappingProxyType(
    {
        Severity.INFO: Word("info", "info", ("all", "alle", "alles", "hinweis")),
        Severity.WARNING: Word("warning", "warnung", ("warn", "warnings", "warnungen")),
        Severity.CRITICAL: Word("critical", "kritisch", ("kritische", "kritisches")),
    }
)
"""How much a change must matter: behind `min:` and `except:`."""

GROUPINGS: Mapping[By, Word] = MappingProxyType(
    {
        By.SEVERITY: Word("severity", "schwere", ("schweregrad", "severities")),
        By.RULE: Word("rule", "regel", ("rules", "regeln")),
        By.ASSISTANT: Word("assistant", "assistent", ("assistants", "assistenten")),
    }
)
"""What findings of the audit stand together: behind `by:`."""

HERE = Word("here", "hier")
OFF = Word("off", "aus")
NOTHING = Word("nothing", "nichts", ("none", "keine", "nobody"))
"""What comes through quiet hours that let nothing through: `except:nothing`."""
DAILY = Word("daily", "täglich", ("every", "day", "jeden", "tag", "at", "um"))
"""Say nothing more before the time of a digest."""
FILLING = ("for", "für")
"""Say nothing more before a duration."""
