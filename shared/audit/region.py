"""Rules that an account may ask for by its region: advice from everyday practice, not law."""

import re
from collections.abc import Iterator

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.languages import detected
from shared.audit.texts import is_blank, lowered
from shared.models import Assistant, Severity

_AI_NOTICE = frozenset({"de", "at", "eu"})
"""Where the EU's AI Act (article 50) has people told that an AI speaks with them."""

# Any of these speaks of the matter, well or badly: that is for people to judge. None at all is what is found.
_OPT_OUT = re.compile(
    r"not (?:want |wish |like )?(?:to )?(?:be )?(?:call|contact|phon|rung)|(?:n't|n’t) (?:want to be )?(?:call|contact)"
    r"|no (?:further|more|other) (?:calls?|contact)|no longer (?:want|wish|call)|stop (?:the )?call|never (?:be )?call"
    r"|opt(?:s|ing|ed)?[ -]?out|unsubscri|do[ -]not[ -]call|dnc\b|\bbe(?:en)? (?:removed|deleted)|call(?:ing)? list"
    r"|(?:remove|delete|take) (?:them|him|her|it|the|their|this|you|your|that)\b"
    r"[^.\n]{0,30}\b(?:number|list|entry|contact|name|off)|removed from|be left alone"
    r"|nicht (?:mehr|wieder|erneut|länger|noch einmal|weiter)[^.\n]{0,20}(?:angeruf|anruf|kontaktier|behellig)"
    r"|(?:keine[nr]?|kein) (?:weitere[nr]? |mehr )?(?:anruf|kontakt|werb)|kontaktverbot"
    r"|widerspruch|widersprechen|widerspricht|ausgetragen|austragen|abgemeldet|abmelde"
    r"|sperrliste|sperrvermerk|gesperrt|robinson"
    r"|(?:von|aus) (?:der|unserer) [^.\n]{0,20}liste"
    r"|nummer[^.\n]{0,30}(?:gelösch|lösch|entfern|streich|gestrich)"
)
_RECORDING = re.compile(
    r"record(?:ed|ing)|transcri|\btaped\b|records? (?:the|this|all|every|calls?)|summari[sz]ed"
    r"|aufgezeichnet|aufzeichn|aufnahme|aufgenommen|mitschn|mitgeschnitten|mitschr|mitgeschrieben|transkri"
    r"|protokoll|mithör|zusammengefasst wird|gespeichert"
)
_MACHINE = re.compile(
    r"\b(?:ai|ki|bots?|chatbots?|voicebots?|robot\w*|roboter\w*|maschine\w*|machine|computer\w*|llm)\b|\b[ak]i-"
    r"|artificial|künstlich|automat|virtual|virtuell|digitale[rn]? (?:assist|stimme|mitarbeit)|digital (?:assist|voice)"
    r"|voice assistant|sprachassist"
)


def _opt_out(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    return _missing(_OPT_OUT, assistant, ground)


def _recording(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    return _missing(_RECORDING, assistant, ground)


def _machine(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    if ground.region in _AI_NOTICE:
        yield from _missing(_MACHINE, assistant, ground)


def _missing(matter: re.Pattern[str], assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    """Of a prompt in other languages than English and German, nothing can be said."""
    prompt = assistant.system_prompt
    if not ground.region or is_blank(prompt):
        return
    spoken_of = any(matter.search(lowered(text)) for text in (prompt, assistant.initial_message))
    if not spoken_of and detected(prompt) in {"de", "en"}:
        yield Evidence()


RULES: tuple[Rule, ...] = (
    Rule(
        id="opt-out-missing",
        severity=Severity.WARNING,
        title=Words("No way out of further calls", "Kein Weg, weitere Anrufe abzulehnen"),
        what=Words(
            "Neither greeting nor prompt says what happens when somebody wants no further calls.",
            "Weder Begrüßung noch Prompt sagen, was geschieht, wenn jemand keine Anrufe mehr möchte.",
        ),
        cure=Words(
            "Have the wish noted, confirmed and obeyed, and the call ended. (Advice, not legal counsel.)",
            "Den Wunsch notieren, bestätigen und beachten und das Gespräch beenden lassen. "
            "(Ein Rat, keine Rechtsberatung.)",
        ),
        check=_opt_out,
    ),
    Rule(
        id="recording-notice-missing",
        severity=Severity.WARNING,
        title=Words("No notice of recording", "Kein Hinweis auf die Aufzeichnung"),
        what=Words(
            "Neither greeting nor prompt mentions that calls are recorded or transcribed.",
            "Weder Begrüßung noch Prompt erwähnen, dass Gespräche aufgezeichnet oder mitgeschrieben werden.",
        ),
        cure=Words(
            "Have it say so at the start and ask for consent, or say that nothing is recorded. "
            "(Advice, not legal counsel.)",
            "Zu Beginn darauf hinweisen und um Zustimmung bitten lassen, oder festhalten, dass nichts aufgezeichnet "
            "wird. (Ein Rat, keine Rechtsberatung.)",
        ),
        check=_recording,
    ),
    Rule(
        id="ai-notice-missing",
        severity=Severity.WARNING,
        title=Words("No notice that an AI is calling", "Kein Hinweis, dass eine KI anruft"),
        what=Words(
            "Neither greeting nor prompt says that an AI is calling.",
            "Weder Begrüßung noch Prompt sagen, dass eine KI anruft.",
        ),
        cure=Words(
            "Have it say so in the greeting. (Advice, not legal counsel.)",
            "In der Begrüßung darauf hinweisen. (Ein Rat, keine Rechtsberatung.)",
        ),
        check=_machine,
    ),
)
