"""Static tokens: random, made by `famulor-mcp token NAME`, kept as hashes in a file that names their bearers."""

import hashlib
import hmac
import logging
import os
import re
import secrets
import stat
from pathlib import Path

from starlette.datastructures import Headers

from mcp_server.access.authentication import bearer_token
from mcp_server.access.layers import Caller
from mcp_server.access.refusals import TokenRejected
from shared.errors import SettingsError

_log = logging.getLogger(__name__)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_LINE = re.compile(rf"({NAME.pattern}):([0-9a-f]{{64}})")
_EVERYBODY = stat.S_IROTH | stat.S_IWOTH


def new_token() -> str:
    """256 random bits: what nobody can guess needs no slow hash either."""
    return f"famulor_mcp_{secrets.token_urlsafe(32)}"


def hashed(token: str) -> str:
    """What the file holds of a token: SHA-256, as hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


class FileBroken(Exception):
    """The file holds something else than tokens; the text says where, and quotes nothing."""


def parse(text: str) -> tuple[tuple[str, str], ...]:
    """Lines of `name:hash` → names and hashes. Blank lines and those with # in front are left out.

    A name may have several tokens, so that one can be changed without a gap. Raises FileBroken.
    """
    tokens = []
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise FileBroken(f"line {number} is not name:hash")
        tokens.append((found[1], found[2]))
    return tuple(tokens)


class TokensFile:
    """The tokens of a file, read again when it changes. A file that can't be read leaves them as they were.

    Raises SettingsError where it can't be read in the beginning.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self._tokens: tuple[tuple[str, str], ...] = ()
        problem = self._read()
        if problem is None and not self._tokens:
            problem = "holds no token yet"
        if problem is not None:
            raise SettingsError([f"MCP_TOKENS_FILE: {problem}. `famulor-mcp token NAME` makes a line for it."])

    @property
    def names(self) -> tuple[str, ...]:
        """Whose tokens it holds."""
        return tuple(dict.fromkeys(name for name, _hash in self._tokens))

    async def admit(self, headers: Headers) -> Caller:
        """Whose token it is. Raises CredentialsMissing, TokenRejected."""
        given = hashed(bearer_token(headers))
        if problem := self._read():
            _log.error("MCP_TOKENS_FILE: %s. The tokens stay as they were.", problem)
        # All are compared, and in constant time: how long it takes tells nothing.
        names = [name for name, known in self._tokens if hmac.compare_digest(known, given)]
        if not names:
            raise TokenRejected
        return Caller(names[0], client=names[0])

    def _read(self) -> str | None:
        """Read the file if it has changed; what is wrong with it, told once for each change."""
        try:
            status = self._path.stat()
            now: tuple[int, ...] = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        except OSError as error:
            status, now, problem = None, (-1,), f"can't be read ({os.strerror(error.errno or 0)})"
        if now == self._seen:
            return None
        self._seen = now
        if status is None:
            return problem
        if status.st_mode & _EVERYBODY:
            _log.warning("MCP_TOKENS_FILE: everybody on this machine may read or change it. Take that away: chmod 600.")
        try:
            self._tokens = parse(self._path.read_text(encoding="utf-8"))
        except OSError as error:
            return f"can't be read ({os.strerror(error.errno or 0)})"
        except UnicodeDecodeError:
            return "is not UTF-8 text"
        except FileBroken as error:
            return str(error)
        return None
