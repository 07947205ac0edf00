"""Rules about prompts that contradict the assistant's settings: its timezone, its language."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.languages import NAMES, languages_as_facts, own_language
from shared.audit.texts import lowered, sentences
from shared.models import Assistant, Severity

_CODES: Mapping[str, str] = MappingProxyType({name.lower(): code for code, names in NAMES.items() for name in names})
_LANGUAGE = "|".join(_CODES)
# An order that begins its sentence, and holds without a condition: "Sprich nur Englisch."
_ORDER = re.compile(
    r"[\s\d#*•–.)>-]*(?:(?:please|always|only|bitte|immer|you|must|should|shall|will|du|sollst|musst) ){0,3}"
    r"(?:speak|talk|respond|reply|answer|communicate|converse|conduct (?:the|all|every) (?:call|calls|conversation)"
    # Not "Sprechen Sie Französisch?", nor "Sprechen sie Französisch, …".
    r"|sprich|sprichst|sprechen sie(?![^,?.!]{1,30}[,?])|rede|antworte|antwortest|kommuniziere"
    r"|führe (?:das|die|alle) (?:gespräche?|telefonate?))"
    r"(?: (?:only|always|exclusively|strictly|nur|immer|stets|ausschließlich|ausschliesslich|in|auf|fluent|clear|simple"
    r"|british|american|with|everyone|mit|allen|all|customers|kunden)){0,4} "
    rf"(?P<language>{_LANGUAGE})\b"
)
_SPEAKING = ("speak", "talk", "respond", "reply", "answer", "communicate", "converse", "conduct")
_SPRECHEN = ("sprich", "sprechen", "rede", "antworte", "kommuniziere", "führe")
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|except|otherwise|or|until|but|than|wenn|falls|sobald|sofern|außer|sonst|oder|bis|aber"
    r"|words?|terms?|names?|wörter|begriffe|namen|never|not|don't|nie|niemals|nicht|kein\w*)\b"
)

_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "eastern": "America/New_York",
        "est": "America/New_York",
        "edt": "America/New_York",
        "central": "America/Chicago",
        "mountain": "America/Denver",
        "pacific": "America/Los_Angeles",
        "pst": "America/Los_Angeles",
        "pdt": "America/Los_Angeles",
        "utc": "UTC",
        "gmt": "UTC",
        "cet": "Europe/Berlin",
        "cest": "Europe/Berlin",
        "central european": "Europe/Berlin",
        "mez": "Europe/Berlin",
        "mesz": "Europe/Berlin",
        "mitteleuropäische": "Europe/Berlin",
    }
)
"""What zones are called besides their IANA names, in lower case."""
_ZONE = re.compile(
    r"\b(?:(?P<iana>(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z][A-Za-z_]{1,20}(?:/[A-Z][A-Za-z_]{1,20})?)"
    r"|(?P<us>Eastern|Mountain|Pacific|Central(?: European)?)(?: Standard| Daylight| Summer)? Time\b(?! zone)"
    r"|(?P<usual>Eastern|Mountain|Pacific|Central) time ?zone\b"
    r"|(?P<short>EST|EDT|PST|PDT|UTC|GMT|CES?T|MES?Z)\b(?![+-]| ?[+-]\d)"
    r"|(?P<german>[Mm]itteleuropäische)[rn]? (?:Sommer)?[Zz]eit\b)"
)
_SAYING = ("time zone", "timezone", "zeitzone", "times are", "alle zeiten", "zeitangaben", "uhrzeiten")
# Somebody else's zone contradicts nothing.
_OTHERS = re.compile(
    r"\b(?:if|when|unless|customer|customers|caller|caller's|client|clients|their|lead|prospect|headquarters|wenn|falls|kunde|kunden"
    r"|kundin|anrufer|anrufers|deren|zentrale|not|never|nicht|nie|convert|rechne)\b"
)


def _language(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    own, prompt = own_language(assistant, ground.names), assistant.system_prompt
    lower = lowered(prompt)
    if not own or not any(name in lower for name in _CODES):
        return
    # Where its own language is spoken of too, there is more to it than one order.
    if any(name.lower() in lower for name in NAMES[own]):
        return
    for sentence in sentences(prompt, (*_SPEAKING, *_SPRECHEN)):
        order = _ORDER.match(sentence.lower + sentence.following)
        if order and not _CONDITION.search(sentence.lower) and len(_named_in(sentence.lower)) == 1:
            yield Evidence("", languages_as_facts(_CODES[order["language"]], own))
            return


def _named_in(sentence: str) -> set[str]:
    return {code for name, code in _CODES.items() if name in sentence}


def _timezone(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    prompt = assistant.system_prompt
    lower = lowered(prompt)
    if not any(word in lower for word in _SAYING) or (own := _zone(assistant.timezone)) is None:
        return
    named: set[str] = set()
    for sentence in sentences(prompt, _SAYING):
        is_others = _OTHERS.search(sentence.lower) is not None
        for written, found in {found.group(): found for found in _ZONE.finditer(sentence.text)}.items():
            zone = _zone(found["iana"] or _ZONES[found[found.lastgroup or 0].lower()])
            if zone is None:
                continue
            if _agree(own, zone, ground.now):
                return
            if not is_others:
                named.add(written)
    # Several at once are the callers', or the offices'.
    if len(named) == 1:
        yield Evidence("", {"named": named.pop(), "own": assistant.timezone})


def _zone(name: str) -> ZoneInfo | None:
    """What no list knows is another rule's."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _agree(one: ZoneInfo, other: ZoneInfo, now: datetime) -> bool:
    """Whether the clocks show the same, now or half a year on: "GMT" is London's, although not in summer."""
    return any(
        one.utcoffset(moment.astimezone(one).replace(tzinfo=None))
        == other.utcoffset(moment.astimezone(other).replace(tzinfo=None))
        for moment in (now, now + timedelta(days=182))
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="prompt-language",
        severity=Severity.WARNING,
        title=Words("The prompt asks for another language", "Der Prompt verlangt eine andere Sprache"),
        what=Words(
            "The prompt asks for {found_en}, but the assistant speaks {own_en}.",
            "Der Prompt verlangt {found_de}, der Assistent spricht aber {own_de}.",
        ),
        cure=Words(
            "Change the prompt, or choose the other language and a voice that speaks it.",
            "Den Prompt ändern oder die andere Sprache und eine Stimme dafür wählen.",
        ),
        check=_language,
    ),
    Rule(
        id="prompt-timezone",
        severity=Severity.WARNING,
        title=Words("The prompt names another timezone", "Der Prompt nennt eine andere Zeitzone"),
        what=Words(
            "The prompt says that times are in {named}, but the assistant's timezone is {own}.",
            "Laut Prompt gilt die Zeitzone {named}, eingestellt ist aber {own}.",
        ),
        cure=Words(
            "Make them the same: {{{{current_time}}}} is filled in by the timezone that is set.",
            "Beides angleichen: {{{{current_time}}}} richtet sich nach der eingestellten Zeitzone.",
        ),
        check=_timezone,
    ),
)
