"""Secrets that users keep in assistants: what may be shown of webhook URLs, variables, unknown fields, texts; pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from pydantic import JsonValue

MASK = "•••"

_SECRET_NAME = re.compile(
    r"api[_-]?key|access[_-]?key|private[_-]?key|token|secret|passw|passphrase|pwd|credential|authori[sz]ation|bearer"
    r"|kennwort|passwort|geheim|zugangs",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"(?:sk|pk|rk|whsec|ghp|gho|github_pat|glpat|hf|xox[abeprs]|xapp)[-_][\w-]{8,}"  # keys that name their issuer
    r"|AKIA[0-9A-Z]{12,}|AIza[\w-]{30,}"  # Amazon's and Google's
    r"|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|bearer\s+\S{8,}",
    re.IGNORECASE,
)
# Shapes that no ordinary word has, unlike those above ("SK-Versicherung"). What comes before a value is told by a look
# behind, and no two parts of a value share a character: the time goes with the length.
_CERTAIN_WORD = re.compile(
    r"(?<![\w-])(?P<openai>[sr]k[-_])"
    r"(?:(?:live|test|proj|ant|or|svcacct|admin)[-_][\w-]{12,}|(?=[A-Za-z]*[0-9])[A-Za-z0-9]{20,})"
    r"|(?<![\w-])(?P<issuer>whsec_|gh[opusr]_|github_pat_|glpat-|hf_|xox[abeprs]-|xapp-|shpat_)"
    r"(?=[A-Za-z_-]*[0-9])[\w+/=-]{16,}"
    r"|(?<!\w)(?P<amazon>AKIA)[0-9A-Z]{16}(?!\w)"
    r"|(?<!\w)(?P<google>AIza)[\w-]{30,}"
    r"|(?<![\w-])(?P<jwt>eyJ)[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r"|(?<![\w.])(?P<sendgrid>SG\.)[\w-]{16,}\.[\w-]{16,}"
    # Famulor's own are Laravel's: a number, a bar, forty letters and digits or a few more.
    r"|(?<![\w|])(?P<laravel>[0-9]{1,9}\|)[A-Za-z0-9]{40,60}(?!\w)"
    r"|(?P<hook>hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/]{20,}"
    r"|(?P<url>(?:https?|s?ftp)://)[^\s/:@?#{}]{1,80}:[^\s/@{}<>*]{3,80}@"
)
_MARKS_OF_WORDS = (
    *("sk-", "sk_", "rk-", "rk_", "whsec_", "gho_", "ghp_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_"),
    *("xox", "xapp-", "shpat_", "AKIA", "AIza", "eyJ", "SG.", "|", "hooks.slack.com/", "://"),
)
"""Each match of _CERTAIN_WORD has one of these; most texts have none, and to look is quick."""
_SHORTEST_WORD = 16
"""Characters; whatever is shorter is none of these, and needn't be looked at."""
# A value behind its name: letters and digits mixed, neither a date nor "8-stellig" nor an address.
_CERTAIN_VALUE = re.compile(
    r"(?i)(?<![\w-])(?P<name>(?:"
    r"(?:(?:(?:client|webhook|app|api)[ _-]?)?secret|(?:(?:access|auth|api)[ _-]?)?token)[\"'`]?[ \t]{0,3}[:=]"
    r"|(?:(?:api|access|auth)[ _-]?(?:key|schlüssel)|password|passwort|kennwort|passphrase)[\"'`]?[ \t]{0,3}"
    r"(?:[:=]|(?:is|ist|lautet)\b))[ \t]{0,3}[\"'`„“]?)"
    r"(?![0-9]{1,4}-|https?:)(?=[^\s0-9]{0,60}[0-9])(?=[^\sA-Za-z]{0,60}[A-Za-z])[^\s\"'`„“”,;{}<>\[\]•*]{8,}"
    r"|\b(?P<bearer>bearer ++)(?=[A-Za-z_.~+/-]*[0-9])[\w.~+/-]{16,}=*"
    r"|(?P<pem>-----begin [a-z ]{0,30}private key-----)[\sa-z0-9+/=]*"
)
_NAMES_OF_VALUES = ("passw", "passphrase", "kennwort", "secret", "token", "schlüssel", "bearer ", "private key-")
_KEYS = tuple(f"{kind}{gap}key" for kind in ("api", "access", "auth") for gap in ("", " ", "-", "_"))
"""In lower case; each match of _CERTAIN_VALUE has one of either. In nearly no text is any, and to look is quick."""
_FEW = 8
"""Names in a text: around so many, it is searched; where there are more, all of it is."""
_BEFORE = 20
_BEHIND = 300
"""Characters around a name, in which its value is looked for."""
# Hook providers put the secret into the path: a long word of letters and digits mixed, as no person writes one.
_SECRET_SEGMENT = re.compile(r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[\w-]{16,}")
SHOWN_OF_A_SEGMENT = 4
"""Characters of a masked path segment that stay, so that two hooks can be told apart."""


def masked_url(url: str) -> str:
    """The URL with its host and path, without credentials, the query's values, and what looks secret in the path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return MASK
    if not host:
        return MASK if parts.query or parts.username else url
    credentials = f"{MASK}@" if parts.username or parts.password else ""
    path = "/".join(map(_masked_segment, parts.path.split("/")))
    query = f"?{'&'.join(map(_masked_parameter, parts.query.split('&')))}" if parts.query else ""
    fragment = f"#{MASK}" if parts.fragment else ""
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{credentials}{place}{f':{port}' if port else ''}{path}{query}{fragment}"


def masked_values(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The same names; a value is masked where its name or its looks say that it is secret. Empty ones stay empty."""
    return {name: _masked(name, value) for name, value in values.items()}


def _masked_segment(segment: str) -> str:
    return f"{segment[:SHOWN_OF_A_SEGMENT]}{MASK}" if _SECRET_SEGMENT.fullmatch(segment) else segment


def _masked_parameter(parameter: str) -> str:
    """`name=•••`; a word that stands alone may be the secret itself."""
    name, equals, _value = parameter.partition("=")
    return f"{name}={MASK}" if equals else MASK


def _masked(name: str, value: JsonValue) -> JsonValue:
    if value in ("", None) or isinstance(value, bool):
        return value
    # An invisible character inside a name hides nothing from its reader, so it may hide nothing from us.
    if _SECRET_NAME.search("".join(character for character in name if unicodedata.category(character) != "Cf")):
        return MASK
    match value:
        case str():
            return _SECRET_VALUE.sub(MASK, value)
        case dict():
            return masked_values(value)
        case list():
            return [_masked(name, one) for one in value]
        case _:
            return value


def masked_text(text: str) -> str:
    """The text with those keys and passwords masked that `secrets_in` finds in it."""
    return _CERTAIN_VALUE.sub(_masked_match, _CERTAIN_WORD.sub(_masked_match, text))


def secrets_in(text: str) -> Iterator[str]:
    """Keys and passwords that certainly are some: who issued each or what it is called, the rest masked.

    One may come twice.
    """
    # Searching all of the text for all of the shapes would cost ten times as much.
    if any(mark in text for mark in _MARKS_OF_WORDS):
        for word in [word for word in text.split() if len(word) >= _SHORTEST_WORD]:
            yield from map(_masked_match, _CERTAIN_WORD.finditer(word))
    lower = text.lower()
    names = _NAMES_OF_VALUES + (_KEYS if "key" in lower else ())
    places = list(islice((at for name in names for at in _places_of(name, lower)), _FEW + 1))
    if len(places) > _FEW:
        named = _CERTAIN_VALUE.finditer(text)
    else:
        near = (_CERTAIN_VALUE.search(text, max(at - _BEFORE, 0), at + _BEHIND) for at in places)
        named = (found for found in near if found)
    # A key that names its issuer has been told, whatever the text calls it.
    yield from (_masked_match(found) for found in named if not _CERTAIN_WORD.search(found.group()))


def _places_of(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def _masked_match(found: re.Match[str]) -> str:
    return f"{found[found.lastgroup or 0]}{MASK}"
