"""Rules about the other settings of an assistant: timezone, name, mode, status, voice, and whether anybody cares."""

from collections.abc import Iterator
from datetime import timedelta

from shared.audit.finding import TONGUES, Evidence, Rule, Words
from shared.audit.ground import Ground, same_name
from shared.audit.languages import NAMES
from shared.audit.timezones import timezones
from shared.models import Assistant, Language, Severity

MODES = frozenset({"pipeline", "multimodal", "dualplex"})
"""Engine modes that Famulor's reference knows."""
STATUSES = frozenset({"active", "inactive", "processing"})
"""Statuses that Famulor's reference and app know."""
YEAR = timedelta(days=365)
_SHOWN = 60
"""Characters of upstream's text in a finding."""
_TOLD = 3
"""Others of the same name that a finding lists."""
_CODE = 2
"""Letters of a language's code (ISO 639-1)."""


def _timezone_unknown(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    name = assistant.timezone
    if name.strip() and not timezones().knows(name):
        yield Evidence(facts={"timezone": name[:_SHOWN], "example": timezones().suggestion(name)})


def _timezone_renamed(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    present = timezones().renamed.get(assistant.timezone)
    if present is not None:
        yield Evidence(facts={"timezone": assistant.timezone, "present": present})


def _name_shared(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    namesakes = ground.by_name.get(same_name(assistant.name), ())
    if assistant.name.strip() and len(namesakes) > 1:
        others = [one.id for one in namesakes[: _TOLD + 1] if one.id != assistant.id][:_TOLD]
        more = ["…"] if len(namesakes) - 1 > len(others) else []
        yield Evidence(facts={"others": ", ".join([str(one) for one in others] + more)})


def _mode_unknown(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if assistant.mode not in MODES:
        yield Evidence(facts={"mode": assistant.mode[:_SHOWN]})


def _status_unknown(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if assistant.status not in STATUSES:
        yield Evidence(facts={"status": assistant.status[:_SHOWN]})


def _untouched(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    touched = assistant.updated_at
    if assistant.status == "active" and touched is not None and ground.now - touched > YEAR:
        yield Evidence(facts={"date": touched.date().isoformat()})


def _voice_language(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    voice = ground.names.voices.get(assistant.voice_id or 0)
    languages = ground.names.languages
    spoken = languages.get(voice.language_id or 0) if voice is not None else None
    wanted = languages.get(assistant.language_id or 0)
    if voice is None or spoken is None or wanted is None:
        return
    codes = _code(spoken), _code(wanted)
    # Codes that aren't two letters stand for "several languages" and the like.
    if codes[0] != codes[1] and all(len(code) == _CODE and code.isalpha() for code in codes):
        named = {"spoken": _named(spoken), "wanted": _named(wanted)}
        in_tongues = {
            f"{one}_{tongue}": words.in_language(tongue) for one, words in named.items() for tongue in TONGUES
        }
        yield Evidence(facts={"voice": voice.name[:_SHOWN]} | in_tongues)


def _code(language: Language) -> str:
    """Without the country: American and British English are one language."""
    return language.iso_2.strip().lower().replace("_", "-").partition("-")[0]


def _named(language: Language) -> Words:
    return NAMES.get(_code(language)) or Words(language.name[:_SHOWN], language.name[:_SHOWN])


RULES: tuple[Rule, ...] = (
    Rule(
        id="timezone-unknown",
        severity=Severity.WARNING,
        title=Words("Unknown timezone", "Unbekannte Zeitzone"),
        what=Words(
            "“{timezone}” is no timezone of the IANA database: calls may come at the wrong time of day.",
            "„{timezone}“ ist keine Zeitzone der IANA-Datenbank: Anrufe können zur falschen Tageszeit kommen.",
        ),
        cure=Words("Choose a name such as {example}.", "Einen Namen wie {example} wählen."),
        check=_timezone_unknown,
    ),
    Rule(
        id="timezone-deprecated",
        severity=Severity.INFO,
        title=Words("Deprecated name of a timezone", "Veralteter Name der Zeitzone"),
        what=Words(
            "“{timezone}” is an old name, kept for old data; {present} keeps the same time.",
            "„{timezone}“ ist ein alter Name, den es nur noch für alte Daten gibt; {present} hat dieselbe Zeit.",
        ),
        cure=Words("Set the timezone to {present}.", "Die Zeitzone auf {present} setzen."),
        check=_timezone_renamed,
    ),
    Rule(
        id="voice-language",
        severity=Severity.WARNING,
        title=Words("Voice of another language", "Stimme einer anderen Sprache"),
        what=Words(
            "The assistant's language is {wanted_en}, but its voice {voice} speaks {spoken_en}.",
            "Die Sprache des Assistenten ist {wanted_de}, seine Stimme {voice} spricht aber {spoken_de}.",
        ),
        cure=Words(
            "Choose a voice that speaks {wanted_en}, or correct the language.",
            "Eine Stimme wählen, die {wanted_de} spricht, oder die Sprache berichtigen.",
        ),
        check=_voice_language,
    ),
    Rule(
        id="mode-unknown",
        severity=Severity.INFO,
        title=Words("Unknown engine mode", "Unbekannter Modus"),
        what=Words(
            "The mode “{mode}” is none that Famulor has described: pipeline, multimodal, dualplex.",
            "Den Modus „{mode}“ hat Famulor nicht beschrieben; bekannt sind pipeline, multimodal und dualplex.",
        ),
        cure=Words(
            "Check in Famulor whether the mode is new or was set by mistake.",
            "In Famulor prüfen, ob der Modus neu ist oder versehentlich gesetzt wurde.",
        ),
        check=_mode_unknown,
    ),
    Rule(
        id="status-unknown",
        severity=Severity.INFO,
        title=Words("Unknown status", "Unbekannter Status"),
        what=Words(
            "The status “{status}” is none that Famulor has described: whether the assistant can call is not known.",
            "Den Status „{status}“ hat Famulor nicht beschrieben: Ob der Assistent anrufen kann, ist nicht bekannt.",
        ),
        cure=Words("Check in Famulor what it means.", "In Famulor prüfen, was er bedeutet."),
        check=_status_unknown,
    ),
    Rule(
        id="name-shared",
        severity=Severity.INFO,
        title=Words("Name used more than once", "Name mehrfach vergeben"),
        what=Words(
            "But for upper and lower case, this name is also that of: {others}.",
            "Abgesehen von Groß- und Kleinschreibung heißt so auch: {others}.",
        ),
        cure=Words(
            "Give each assistant a name of its own, so that nobody starts the wrong one.",
            "Jedem Assistenten einen eigenen Namen geben, damit niemand den falschen startet.",
        ),
        check=_name_shared,
        compares=True,
    ),
    Rule(
        id="untouched",
        severity=Severity.INFO,
        title=Words("Untouched for a year", "Seit einem Jahr unverändert"),
        what=Words(
            "The assistant is active, but was last changed on {date}.",
            "Der Assistent ist aktiv, wurde aber zuletzt am {date} geändert.",
        ),
        cure=Words(
            "Check that offers, names and dates in it still hold; saving it again is enough.",
            "Prüfen, ob Angebote, Namen und Daten darin noch stimmen; neu speichern genügt.",
        ),
        check=_untouched,
    ),
)
