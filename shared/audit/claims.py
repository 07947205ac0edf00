"""The rule against assistants that pass for people."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.texts import excerpt, lowered, sentences
from shared.models import Assistant, Severity

_PEOPLE = ("human", "mensch", "real person", "actual person", "living person", "echte person", "reale person")
_SELF = ("you are", "you're", "you’re", "dass du", "being a", "ob du", "are you")
_WHAT = (*_PEOPLE, "ai", "ki", "bot", "machine", "maschine", "künstlich", "artificial", "computer", "virtu", "automat")

# "You are human.", but no "human resources", "human-like", "a real person's assistant".
_END = r"(?=\s*(?:[.,;:!?\"”“'’)–-]|$|\b(?:and|named|called|who|from|und|aus|namens|mit)\b))(?!-|['’]s)"
_ADJECTIVE = r"(?:real |actual |living |genuine )"
_A_HUMAN = rf"(?:(?:an? )?{_ADJECTIVE}?human(?: being)?|an? {_ADJECTIVE}person){_END}"
_EIN_MENSCH = rf"(?:ein (?:echter |richtiger |realer )?mensch|eine (?:echte|reale|richtige) person){_END}"
_YOU_ARE = r"you(?: are|'re|’re)"

_IS_TOLD = re.compile(rf"(?<![\"“„'‚«»])\b(?:{_YOU_ARE} {_A_HUMAN}|(?:du bist|sie sind) {_EIN_MENSCH})")
_SAYS_SO = re.compile(rf"\bi(?: am|'m|’m) {_A_HUMAN}|\bich bin {_EIN_MENSCH}")
_SHALL_SAY = re.compile(
    rf"\b(?:say|claim|insist|state|answer|reply|maintain|pretend)(?: that)? {_YOU_ARE} {_A_HUMAN}"
    rf"|\b(?:claim|pretend) to be {_A_HUMAN}"
    rf"|\b(?:pose|act|present yourself|introduce yourself|pass yourself off) as {_A_HUMAN}"
    rf"|\b(?:sage?|behaupte|antworte|erkläre|versichere)\b[^.]{{0,30}}?, dass du {_EIN_MENSCH[: -len(_END)]} bist\b"
    rf"|\b(?:sage?|behaupte|antworte|erkläre|versichere),? du (?:bist|seist) {_EIN_MENSCH}"
    r"|\bbehaupte,? ein (?:echter )?mensch zu sein"
    r"|\b(?:gib|gebe) dich (?:immer |stets )?als (?:ein )?(?:echter |richtiger )?(?:mensch|person) aus\b"
    r"|\btue? so, als (?:ob du|wärst du|seist du) ein (?:echter )?mensch\b"
)
_AN_AI = (
    r"(?:an? |eine? )?(?:ai|ki|bot|chatbot|voicebot|robot|roboter|machine|maschine|computer|artificial|automated"
    r"|virtual|künstliche|automatische|virtuelle|ki-\w+)\b"
)
_NEVER = r"\b(?:nie|niemals|nicht|keinesfalls|auf keinen fall|unter keinen umständen)\b"
_HIDES = re.compile(
    r"\b(?:never|not|don't|don’t|avoid|without) (?:ever )?(?:say|admit|reveal|disclos|mention|tell|acknowledg|confirm"
    rf"|let on)(?:e|ing|ting)?\b[^.]{{0,40}}?\b(?:{_YOU_ARE}|being) {_AN_AI}"
    rf"|\b(?:conceal|hide|deny)(?: the fact)? (?:that {_YOU_ARE}|being) {_AN_AI}"
    rf"|\b(?:sage?|verrate?|erwähne?|offenbare|gestehe|bestätige|teile|gib)\b"
    rf"[^.]{{0,30}}?{_NEVER}[^.]{{0,20}}?, dass du {_AN_AI}"
    rf"|{_NEVER}[^.]{{0,20}}?\b(?:sagen|zugeben|verraten|erwähnen|offenbaren|preisgeben|bestätigen)"
    rf", dass du {_AN_AI}"
    rf"|\b(?:verschweige|verheimliche|leugne|verbirg|bestreite),? dass du {_AN_AI}"
)
_HIDING = (
    *("never", "not", "don", "avoid", "without", "conceal", "hide", "deny"),
    *("nie", "nicht", "kein", "verschweig", "verheimlich", "leugn", "verbirg", "bestreit"),
)
"""One of these is in each match of _HIDES; to look for them is quick."""
_REPLY = r"\b[^.\n]{0,50}\b(?:say|answer|reply|sage?|antworte)(?: mit| with)? ?[\"“„'‚]?"
_ANSWERS = re.compile(
    rf"\b(?:human|real person|mensch|echte person){_REPLY}(?:yes|ja)\b"
    rf"|\b(?:ai|bot|robot|machine|computer|ki|roboter|maschine){_REPLY}(?:no|nein)\b"
)
_QUESTION = re.compile(r"\b(?:(?:whether|if) you(?: are|'re|’re)|are you|ob du|bist du|bin ich|sind sie)\b")
_NOT = re.compile(
    r"\b(?:never|not|no|don't|don’t|cannot|can't|can’t|avoid|instead"
    r"|nie|niemals|nicht|keinesfalls|keine[mnrs]?|statt)\b"
)
_CONDITION = re.compile(r"\b(?:if|when|whether|unless|ob|wenn|falls)\b")
_ALLOWS = re.compile(
    r"\b(?:unless|until|before|except|only|just|instead|rather"
    r"|außer|es sei denn|bevor|sofern|nur|sondern|stattdessen)\b"
)


def _human(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    """At the first place: one is enough, whoever removes it will look for the others."""
    greeting, prompt = assistant.initial_message, assistant.system_prompt
    found = chain(_spoken(greeting), _claims(greeting), _claims(prompt))
    yield from (Evidence("", {"excerpt": excerpt(sentence)}) for sentence in islice(found, 1))


def _spoken(greeting: str) -> Iterator[str]:
    """In a prompt, whoever says "I am human" may be the one who is called."""
    if _SAYS_SO.search(lowered(greeting)):
        yield greeting


def _claims(text: str) -> Iterator[str]:
    for sentence in sentences(text, _PEOPLE):
        if _is_unconditional(_IS_TOLD.search(sentence.lower)) or _is_affirmed(_SHALL_SAY.search(sentence.lower)):
            yield sentence.text
    for sentence in sentences(text, _SELF):
        with_answer = sentence.lower + sentence.following
        if not any(word in with_answer for word in _WHAT):
            continue
        may_hide = any(word in sentence.lower for word in _HIDING)
        hides = may_hide and _HIDES.search(sentence.lower) and not _ALLOWS.search(sentence.lower)
        if hides or (_QUESTION.search(sentence.lower) and _ANSWERS.search(with_answer)):
            yield sentence.text


def _is_affirmed(found: re.Match[str] | None) -> bool:
    return found is not None and not _NOT.search(found.string, 0, found.start())


def _is_unconditional(found: re.Match[str] | None) -> bool:
    return _is_affirmed(found) and found is not None and not _CONDITION.search(found.string, 0, found.start())


RULES: tuple[Rule, ...] = (
    Rule(
        id="claims-human",
        severity=Severity.CRITICAL,
        title=Words("The assistant passes for a human", "Der Assistent gibt sich als Mensch aus"),
        what=Words(
            "The assistant is told to pass for a human, or to hide that it is an AI: “{excerpt}”",
            "Der Assistent soll sich als Mensch ausgeben oder verschweigen, dass er eine KI ist: „{excerpt}“",
        ),
        cure=Words(
            "Have it say that it is an AI, at the latest when it is asked.",
            "Den Assistenten sagen lassen, dass er eine KI ist, spätestens auf Nachfrage.",
        ),
        check=_human,
    ),
)
