"""What a single setting may be: types that name what people really get wrong, and quote no value."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

DEFAULT_BASE_URL = "https://app.famulor.de"


def wrong(reason: str) -> PydanticCustomError:
    """A problem in words that quote no value. Braces are pydantic's, so they are doubled."""
    return PydanticCustomError("wrong", "{reason}", {"reason": reason})


def is_loopback(host: str) -> bool:
    """Whether this host name can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain_secret(value: object) -> object:
    """Names what people really paste by mistake; an HTTP header would carry it to the wrong place or nowhere."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str):
        raise wrong("is no text.")
    if not value:
        raise wrong("is empty.")
    if re.search(r"\$\{?\w+\}?", value):
        raise wrong("holds a literal ${VAR}: nothing put the variable's value in its place. Set the value itself.")
    if value != value.strip():
        raise wrong("has blanks around it. Remove them.")
    if value[0] in "\"'" and value[0] == value[-1]:
        raise wrong("has quotes around it. Remove them.")
    if value.lower().startswith("bearer "):
        raise wrong("begins with “Bearer”. Set the key alone.")
    if not re.fullmatch(r"[!-~]+", value):
        raise wrong("holds characters that a key never has (blanks, line breaks or non-ASCII). Copy it again.")
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong("is not a URL.") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise wrong("is not a URL. It begins with https:// and a host name.")
    if parts.scheme == "http" and not is_loopback(host):
        raise wrong("is plain http:// to another machine: the key would travel unencrypted. Use https://.")
    if parts.username or parts.password:
        raise wrong("holds a user name or password. Leave them out.")
    if parts.query or parts.fragment:
        raise wrong("has a part after ? or #. Leave it out.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _url_as_it_is(value: str) -> str:
    """Issuers are compared letter by letter, also a slash at the end."""
    _url(value)
    return value


def _database_url(value: SecretStr) -> SecretStr:
    """A file or a server; what follows is for the store to read."""
    url = value.get_secret_value()
    if "${" in url:
        raise wrong("holds a literal ${VAR}: nothing put the variable's value in its place. Set the value itself.")
    if url.startswith("sqlite:///"):
        if url in {"sqlite:///", "sqlite:///:memory:"}:
            raise wrong("names no file: what is stored must outlive the program. Write sqlite:///path/to/file.")
        if "?" in url:
            raise wrong("has a part after ?. Leave it out.")
        return value
    if not url.startswith(("postgresql://", "postgres://")):
        raise wrong("is neither sqlite:///path/to/file nor postgresql://user:password@host/database.")
    try:
        _port = urlsplit(url).port
    except ValueError:
        raise wrong("is not a URL. In user and password, write @ : / ? # % as %40 %3A %2F %3F %23 %25.") from None
    return value


def _starts_with(prefix: str, where: str, other: str = "") -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if other and secret.startswith(other):
            raise wrong(f"is the other token ({other}…): the two are swapped. This one begins with {prefix}")
        if not secret.startswith(prefix):
            raise wrong(f"does not begin with {prefix} {where}")
        return value

    return AfterValidator(check)


BOT_TOKEN_PLACE = "in your Slack app under OAuth & Permissions: “Bot User OAuth Token”."  # noqa: S105 # where to find it
APP_TOKEN_PLACE = "in your Slack app under Basic Information: “App-Level Tokens”, scope connections:write."  # noqa: S105 # the same


def _assistant_url(value: str) -> str:
    if "{id}" not in value:
        raise wrong("has no {id} in it. It looks like {base_url}/assistants/{id} or https://…/{id}.")
    _url(value.replace("{base_url}", DEFAULT_BASE_URL).replace("{id}", "1"))
    return value


def _words(value: object) -> object:
    """`a, b` or `a b` → ("a", "b")."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Secret = Annotated[SecretStr, BeforeValidator(_plain_secret)]
Url = Annotated[str, AfterValidator(_url)]
ExactUrl = Annotated[str, AfterValidator(_url_as_it_is)]
AssistantUrl = Annotated[str, AfterValidator(_assistant_url)]
FamulorUrl = Annotated[Url, AfterValidator(lambda url: url.removesuffix("/api"))]
SlackUrl = Annotated[Url, AfterValidator(lambda url: f"{url}/")]
BotToken = Annotated[Secret, _starts_with("xoxb-", BOT_TOKEN_PLACE, other="xapp-")]
AppToken = Annotated[Secret, _starts_with("xapp-", APP_TOKEN_PLACE, other="xoxb-")]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
Seconds = Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)]
