"""Secrets that users keep in assistants: what may be shown of webhook URLs, variables and unknown fields; pure."""

import re
import unicodedata
from collections.abc import Mapping
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
