"""What a command is about: every verb, and how it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.words.word import Word

COMMAND = "/assistants"
"""The slash command that all of this is typed after."""

COMMANDS = (COMMAND, "/assistenten")
"""Both slash commands; they mean the same."""


class Verb(StrEnum):
    """What a command is about."""

    OUTBOUND = "outbound"
    SHOW = "show"
    COMPARE = "compare"
    FIND = "find"
    EXPORT = "export"
    AUDIT = "audit"
    CHART = "chart"
    IGNORE = "ignore"
    UNIGNORE = "unignore"
    HISTORY = "history"
    DIFF = "diff"
    SUBSCRIBE = "subscribe"
    SUBSCRIPTIONS = "subscriptions"
    UNSUBSCRIBE = "unsubscribe"
    MUTE = "mute"
    UNMUTE = "unmute"
    QUIET = "quiet"
    DIGEST = "digest"
    EXPLAIN = "explain"
    TEST = "test"
    LOG = "log"
    HEALTH = "health"
    SETTINGS = "settings"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Usage:
    """A verb's words, whether it changes anything, and texts that show how it is used, in English and in German."""

    word: Word
    examples: tuple[str, ...]
    german_examples: tuple[str, ...]
    writes: bool = False

    def shown(self, language: str = "en") -> tuple[str, ...]:
        """The examples in a language."""
        return self.german_examples if language == "de" else self.examples


VERBS: Mapping[Verb, Usage] = MappingProxyType(
    {
        Verb.OUTBOUND: Usage(
            Word("outbound", "ausgehend", ("list", "liste", "ausgehende")),
            ("outbound", "outbound active", 'outbound active mode:dualplex !lang:de "lead"', "outbound sort:-updated"),
            ("ausgehend", "ausgehend aktiv", "ausgehend aktiv modus:dualplex !sprache:de „Lead“", "sortiere:-geändert"),
        ),
        Verb.SHOW: Usage(
            Word("show", "zeige", ("zeig", "zeigen")),
            ("show 42", "show Solar-Erstberatung", "show 42 account:agency"),
            ("zeige 42", "zeige Solar-Erstberatung", "zeige 42 konto:agency"),
        ),
        Verb.COMPARE: Usage(
            Word("compare", "vergleiche", ("vergleich", "vergleichen")),
            ("compare 42 57", 'compare "Sales Follow-up" 57', "compare Sales Follow-up with Survey"),
            ("vergleiche 42 57", "vergleiche „Sales Follow-up“ 57", "vergleiche Sales Follow-up mit Umfrage"),
        ),
        Verb.FIND: Usage(
            Word("find", "suche", ("finde", "finden", "such", "suchen", "search")),
            ('find "refund"', "find refund,goodwill lang:en", 'find active "call back"'),
            ("suche „Erstattung“", "suche Erstattung,Kulanz sprache:de", "suche aktiv „ruft zurück“"),
        ),
        Verb.EXPORT: Usage(
            Word("export", "exportiere", ("exportieren",)),
            ("export csv", "export json active lang:de"),
            ("exportiere csv", "exportiere json aktiv sprache:de"),
        ),
        Verb.AUDIT: Usage(
            Word("audit", "prüfe", ("prüfen", "prüfung", "audits")),
            ("audit", "audit 42", "audit active lang:de min:warning", "audit rule:prompt-* by:assistant"),
            ("prüfe", "prüfe 42", "prüfe aktiv sprache:de ab:warnung", "prüfe regel:prompt-* je:assistent"),
        ),
        Verb.CHART: Usage(
            Word("chart", "diagramm", ("charts", "diagramme")),
            ("chart", "chart findings", "chart changes account:agency"),
            ("diagramm", "diagramm befunde", "diagramm änderungen konto:agency"),
        ),
        Verb.IGNORE: Usage(
            Word("ignore", "ignoriere", ("ignorieren",)),
            ('ignore 42 prompt-long "the campaign needs it"', "ignore Sales Follow-up greeting-empty it listens first"),
            (
                "ignoriere 42 prompt-long „die Kampagne braucht es“",
                "ignoriere Sales Follow-up greeting-empty er hört erst zu",
            ),
            writes=True,
        ),
        Verb.UNIGNORE: Usage(
            Word("unignore", "beachte", ("beachten",)),
            ("unignore 42 prompt-long",),
            ("beachte 42 prompt-long",),
            writes=True,
        ),
        Verb.HISTORY: Usage(
            Word("history", "verlauf", ("historie",)),
            ("history 42", "history", "history 42 since:7d"),
            ("verlauf 42", "verlauf", "verlauf 42 seit:7d"),
        ),
        Verb.DIFF: Usage(
            Word("diff", "unterschied", ("unterschiede",)),
            ("diff 42", "diff 42 since:30d"),
            ("unterschied 42", "unterschied 42 seit:30d"),
        ),
        # Writes only when somebody confirms what it shows first.
        Verb.SUBSCRIBE: Usage(
            Word("subscribe", "abonniere", ("abonnieren", "abo")),
            (
                "subscribe",
                "subscribe active on:status,webhook",
                "subscribe lang:de min:warning #sales",
                "subscribe account:agency on:account here",
            ),
            (
                "abonniere",
                "abonniere aktiv bei:status,webhook",
                "abonniere sprache:de ab:warnung #vertrieb",
                "abonniere konto:agency bei:konto hier",
            ),
        ),
        Verb.SUBSCRIPTIONS: Usage(
            Word("subscriptions", "abonnements", ("subscription", "abonnement", "abos")),
            ("subscriptions", "subscriptions all"),
            ("abonnements", "abonnements alle"),
        ),
        Verb.UNSUBSCRIBE: Usage(
            Word("unsubscribe", "abbestelle", ("abbestellen", "kündige", "kündigen")),
            ("unsubscribe 3", "unsubscribe all"),
            ("abbestelle 3", "abbestelle alle"),
            writes=True,
        ),
        Verb.MUTE: Usage(
            Word("mute", "stumm", ("stummschalten",)),
            ('mute 42 2h "campaign test"', "mute Sales Follow-up 3d", "mute 42 until 18:00"),
            ("stumm 42 2h „Kampagnentest“", "stumm Sales Follow-up 3d", "stumm 42 bis 18 Uhr"),
            writes=True,
        ),
        Verb.UNMUTE: Usage(
            Word("unmute", "laut", ("lautschalten",)),
            ("unmute 42",),
            ("laut 42",),
            writes=True,
        ),
        Verb.QUIET: Usage(
            Word("quiet", "ruhe", ("ruhezeit", "ruhezeiten")),
            ("quiet 20:00-08:00", "quiet 20:00-08:00 except:warning Europe/Berlin", "quiet off"),
            ("ruhe 20-8 Uhr", "ruhe 20:00-08:00 außer:warnung Europe/Berlin", "ruhe aus"),
            writes=True,
        ),
        Verb.DIGEST: Usage(
            Word("digest", "zusammenfassung"),
            ("digest daily 09:00", "digest off"),
            ("zusammenfassung täglich 9 Uhr", "zusammenfassung aus"),
            writes=True,
        ),
        Verb.EXPLAIN: Usage(
            Word("explain", "erkläre", ("erklär", "erklären")),
            ("explain A-17", "explain 123"),
            ("erkläre A-17", "erkläre 123"),
        ),
        Verb.TEST: Usage(Word("test", "teste", ("testen",)), ("test",), ("teste",), writes=True),
        Verb.LOG: Usage(Word("log", "protokoll"), ("log",), ("protokoll",)),
        Verb.HEALTH: Usage(Word("health", "zustand", ("gesundheit",)), ("health",), ("zustand",)),
        Verb.SETTINGS: Usage(
            Word("settings", "einstellungen", ("einstellung", "setting")),
            ("settings",),
            ("einstellungen",),
            writes=True,
        ),
        Verb.HELP: Usage(
            Word("help", "hilfe", ("?", "hilf")),
            ("help", "help find"),
            ("hilfe", "hilfe suche"),
        ),
    }
)
"""Every verb that this version understands, in the order in which the help tells of them."""

BETWEEN = ("and", "und", "with", "mit", "vs", "vs.", "versus", "gegen")
"""What may stand between the two names of a comparison."""
