"""What the writers of a text have left to be filled in: TODO, [Company], lorem ipsum; pure."""

import re
from collections.abc import Iterator

from shared.audit.languages import detected
from shared.audit.texts import lowered, vocabulary

_MARKS = re.compile(r"(?<![\w-])(?:TODO|FIXME|TBD|XXX+)(?![\w-])")
_ENDS_A_LABEL = {"", *":\n\r)].,;!?/"}
_LOREM = re.compile(r"(?i)\blorem(?: ipsum)?\b")
_HERE = re.compile(
    r"(?i)\binsert (?:\w{1,20} ){1,3}here\b|\bhier (?:[\w-]{1,20} ){0,3}(?:einfügen|einsetzen|eintragen)\b"
)
_BLANK = re.compile(r"(?<![\w_])_{3,}(?![\w_])")
# No Markdown link, check box or nested bracket; and nothing that closes an angle bracket, as XML does.
_BRACKETS = re.compile(r"(?<![\w\]!])(?:\[[^\[\]<>\n]{2,40}\](?![(\[:])|<[^\[\]<>\n/=]{2,40}>)")
_PIECES = re.compile(r"[^\W\d_]+")

# What only the writer knows: a model that reads "your appointment is on [date]" fills that in itself.
_OURS = vocabulary(
    """
    company companyname firma firmenname firmennamen unternehmen unternehmensname unternehmensnamen organisation
    organization business brand marke marketingname agentname assistantname
    """
)
_ORDERS = vocabulary(
    """
    insert placeholder platzhalter einfügen einsetzen eintragen ergänzen ausfüllen todo tbd fixme lorem musterfirma
    """
)
_POSSESSIVES = vocabulary(
    """
    your ihr ihre ihren ihrem ihrer dein deine deinen deinem deiner unser unsere our my mein meine agent assistant
    assistent
    """
)
_THINGS = vocabulary(
    """
    name names namen vorname nachname address adresse phone number telefon telefonnummer nummer rufnummer email mail
    e website webseite url link product produkt produktname service dienstleistung leistung team city stadt ort
    industry branche
    """
)
_SMALL = vocabulary(
    """
    the of der des die das den dem von a an here hier full first last
    """
)
# Spoken word for word, a greeting can leave nothing to the model.
_OF_THE_CALLED = vocabulary(
    """
    customer client lead contact caller kunde kunden kundin kundenname kundennamen kontakt date datum time uhrzeit
    termin appointment firstname lastname surname anrede title titel
    """
)


def placeholders(text: str, *, spoken: bool = False) -> Iterator[str]:
    """Each place as it is written. `spoken`: the text is said word for word, so that no model fills anything in."""
    lower = lowered(text)
    if "TODO" in text or "FIXME" in text or "TBD" in text or "XXX" in text:
        yield from (found.group() for found in _MARKS.finditer(text) if spoken or _is_left(found, text, lower))
    if "lorem" in lower:
        yield from (found.group() for found in _LOREM.finditer(text))
    if "insert" in lower or "einfügen" in lower or "einsetzen" in lower or "eintragen" in lower:
        yield from (found.group() for found in _HERE.finditer(text) if not _in_brackets(found, text))
    if "[" in text or "<" in text:
        closing_tags = "</" in text
        for found in _BRACKETS.finditer(text):
            written = found.group()
            is_tag = written[0] == "<" and closing_tags
            is_heading = not spoken and _stands_alone(found, text)
            if not is_tag and not is_heading and _is_to_fill(written, spoken=spoken):
                yield written
    if spoken and "___" in text:
        yield from (found.group() for found in _BLANK.finditer(text))


def _is_left(mark: re.Match[str], text: str, lower: str) -> bool:
    """Nor "TODO" in Spanish and Portuguese, where it is "all", nor in the midst of a sentence that speaks of such."""
    if mark.group() == "TBD":
        return True
    if mark.group()[0] == "X":
        line = lower[max(lower.rfind("\n", 0, mark.start()), mark.start() - 80, 0) : mark.end() + 80]
        return "format" not in line
    before, after = text[max(mark.start() - 80, 0) : mark.start()], text[mark.end() : mark.end() + 1]
    is_label = not before.rpartition("\n")[2].strip(' \t-*•#>(["„“0123456789.)') or after in _ENDS_A_LABEL
    return is_label and (after == ":" or detected(text) not in {"es", "pt"})


def _in_brackets(found: re.Match[str], text: str) -> bool:
    return text[max(found.start() - 1, 0) : found.start()] in {"[", "<"}


def _stands_alone(found: re.Match[str], text: str) -> bool:
    """Alone on its line, as headings do."""
    before = text[max(found.start() - 1, 0) : found.start()]
    after = text[found.end() : found.end() + 1]
    return before in {"", "\n"} and after in {"", "\n", "\r"}


def _is_to_fill(written: str, *, spoken: bool) -> bool:
    words = {word.lower() for word in _PIECES.findall(written)}
    if words & _ORDERS:
        return True
    known = _OURS | _THINGS | _POSSESSIVES | _SMALL | (_OF_THE_CALLED if spoken else frozenset())
    if not words or not words <= known:
        return False
    ours = words & _OURS or (words & _POSSESSIVES and words & _THINGS)
    return bool(ours or (spoken and words & (_THINGS | _OF_THE_CALLED)))
