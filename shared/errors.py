"""Every failure that somebody must be told about, in words.

FamulorError
├── UpstreamError            Famulor gave no usable answer
│   ├── KeyRejected          401, a redirect to a login page, or HTML with 200
│   │   └── PermissionMissing    403
│   ├── EndpointMissing      404
│   ├── RequestRefused       422 and every other status
│   ├── RateLimited          429, or our own budget is used up      try again
│   ├── ServerFault          5xx and 408                            try again (501 and its like: no)
│   ├── TimedOut             connect, read or total deadline        try again
│   ├── Unreachable          no such host, refused, reset           try again
│   ├── AnswerTruncated      the body ended before its end          try again
│   ├── CertificateRejected  TLS
│   ├── AnswerUnreadable
│   │   ├── NotJson
│   │   ├── UnexpectedShape
│   │   └── AnswerTooLarge
│   └── LanguagesUnknown     a filter by language needs their list  try again
├── QuestionError            what was asked has no answer: the asker's turn
│   ├── FilterInvalid
│   ├── CursorInvalid
│   ├── AccountUnknown
│   ├── AssistantUnknown
│   └── AssistantAmbiguous
├── StoreError               what is remembered can't be read or written
│   ├── StoreUnavailable     no connection, locked, timed out       try again
│   ├── StoreRefused         the database lets us not in
│   ├── StoreReadOnly        we may read and not write
│   ├── StoreFull            no space left
│   ├── StoreDamaged         no database, or a broken one
│   ├── StoreTooNew          a newer version of this program made it
│   ├── StoreFault           a fault of this program
│   ├── DriverMissing        PostgreSQL without its extra
│   └── LeaseLost            somebody else has taken the work over
└── SettingsError            the program can't start with these settings
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

Translate = Callable[[str], str]
"""A template in another language: what its braces hold is filled in afterwards."""


def as_it_is(template: str) -> str:
    """English, as it stands here."""
    return template


class FamulorError(Exception):
    """Something that whoever asked must be told.

    A class says what happened (`what`) and what a person can do about it (`cure`); an instance fills its
    `details` into both. `retryable`: whether the same call may succeed later. `retry_after`: after
    how many seconds, None where nobody said. Every public text of a class is a template that `explain` translates;
    `templates` finds them.
    """

    what: ClassVar[str]
    cure: ClassVar[str] = ""
    soon: ClassVar[str] = "Try again in a moment."
    later: ClassVar[str] = "Try again in {seconds} s."
    retryable: bool = False

    def __init__(self, *, retry_after: float | None = None, **details: str | int) -> None:
        self.details = details
        self.retry_after = retry_after
        super().__init__(self.what.format(**details))

    def restated(self, retry_after: float | None) -> Self:
        """The same error for somebody who asks later, when less of the wait is left."""
        return type(self)(retry_after=retry_after, **self.details)

    def explain(self, translated: Translate = as_it_is) -> str:
        """What happened, whether trying again helps, and what to do, in one line."""
        return " ".join(self._sentences(translated))

    def _sentences(self, translated: Translate) -> Iterator[str]:
        details = self._said(translated)
        yield translated(self.what).format(**details)
        if self.retryable and self.retry_after is None:
            yield translated(self.soon)
        elif self.retryable:
            yield translated(self.later).format(seconds=math.ceil(self.retry_after or 0))
        if self.cure:
            yield translated(self.cure).format(**details)

    def _said(self, translated: Translate) -> Mapping[str, str | int]:  # noqa: ARG002 # others have words to translate
        """The details as they are said."""
        return self.details


def templates(packages: Collection[str] = ("shared",), tree: type[FamulorError] = FamulorError) -> tuple[str, ...]:
    """Every text of the tree that a translator needs, each once; of the errors in these packages, where imported."""
    ours = tree.__module__.partition(".")[0] in packages
    own = [text for name, text in vars(tree).items() if ours and isinstance(text, str) and not name.startswith("_")]
    below = [text for child in tree.__subclasses__() for text in templates(packages, child)]
    return tuple(dict.fromkeys(text for text in (*own, *below) if text))


class UpstreamError(FamulorError):
    """Famulor gave no usable answer."""


class KeyRejected(UpstreamError):
    """Famulor does not accept the API key (401), or shows a login page instead of an answer."""

    what = "Famulor does not accept the API key of the account “{account}” ({evidence})."
    cure = (
        "Create a new key in Famulor under API Keys and set FAMULOR_API_KEY (or FAMULOR_ACCOUNTS); "
        "on a white-label host check FAMULOR_BASE_URL too."
    )


class PermissionMissing(KeyRejected):
    """The key is known, but may not do this (403)."""

    what = "The API key of the account “{account}” may not read assistants ({evidence})."
    cure = "Give the key that permission in Famulor under API Keys, or set FAMULOR_API_KEY to one that has it."


class EndpointMissing(UpstreamError):
    """There is nothing at this path (404)."""

    what = "{host} has nothing at {path} (404{message})."
    cure = "Check FAMULOR_BASE_URL: it is the address of the Famulor app without /api."


class RequestRefused(UpstreamError):
    """Famulor refuses the request (422, and every status without a class of its own)."""

    what = "Famulor refused the request ({status}{message})."
    cure = "This is a fault of this program or a change at Famulor's: please report it."


class RateLimited(UpstreamError):
    """Too many requests: Famulor says so (429), or our own count does."""

    what = "Famulor's rate limit for the account “{account}” is used up ({evidence})."
    retryable = True


class ServerFault(UpstreamError):
    """Famulor has a fault of its own (5xx, 408). `status` decides whether trying again helps."""

    what = "Famulor has a fault of its own ({status}{message})."

    @property
    def retryable(self) -> bool:  # type: ignore[override] # the one class whose instances differ
        """501 and its like stay as they are; the rest passes."""
        return self.details["status"] in RETRIED_STATUSES


RETRIED_STATUSES = frozenset({408, 500, 502, 503, 504})


class TimedOut(UpstreamError):
    """A deadline passed: to connect, between two pieces of the answer, or for everything together."""

    what = "{host} did not answer in time ({evidence})."
    retryable = True


class Unreachable(UpstreamError):
    """No connection, or one that broke before an answer came."""

    what = "{host} can't be reached ({evidence})."
    retryable = True


class AnswerTruncated(UpstreamError):
    """The answer began and broke off."""

    what = "Famulor's answer broke off before its end ({evidence})."
    retryable = True


class CertificateRejected(UpstreamError):
    """TLS: the other side is not proved to be who we asked for."""

    what = "The TLS certificate of {host} is not accepted ({evidence})."
    cure = (
        "Check FAMULOR_BASE_URL, this machine's clock and its certificates; "
        "behind a proxy that opens TLS, set SSL_CERT_FILE."
    )


class AnswerUnreadable(UpstreamError):
    """An answer came that this program can't read."""


class NotJson(AnswerUnreadable):
    """The answer is no JSON."""

    what = "Famulor's answer to {path} is not JSON ({evidence})."
    cure = "Check FAMULOR_BASE_URL; if it is right, Famulor has changed: please report it."


class UnexpectedShape(AnswerUnreadable):
    """The answer is JSON of another shape."""

    what = "Famulor's answer to {path} has an unknown shape ({evidence})."
    cure = "Check FAMULOR_BASE_URL; if it is right, Famulor has changed: please report it."


class AnswerTooLarge(AnswerUnreadable):
    """The answer is larger than we are willing to hold."""

    what = "Famulor's answer to {path} is larger than {limit} MiB."
    cure = "Check FAMULOR_BASE_URL: this is more than any account's assistants."


class LanguagesUnknown(UpstreamError):
    """A filter names a language, and the list of languages could not be fetched."""

    what = "The list of languages could not be fetched, so the language “{language}” can't be looked up."
    cure = "Filter by the language's number instead, or leave the filter out."
    retryable = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assistant that may have been meant."""

    account: str
    id: int
    name: str


class QuestionError(FamulorError):
    """What was asked has no answer: it is the asker's turn."""


class FilterInvalid(QuestionError):
    """A filter, sort key or limit that does not exist. `filter` is one of the words below, or a door's own."""

    what = "“{value}” is no {filter}."
    cure = "Valid: {valid}."
    webhook_state: ClassVar[str] = "webhook state"
    assistant_id: ClassVar[str] = "assistant id"
    sort_key: ClassVar[str] = "sort key"
    time: ClassVar[str] = "date or time"
    rule: ClassVar[str] = "rule of the audit"

    def _said(self, translated: Translate) -> Mapping[str, str | int]:
        return {**self.details, "filter": translated(str(self.details["filter"]))}


class CursorInvalid(QuestionError):
    """A cursor that we did not give out, or not for this question."""

    what = "The cursor does not belong to this question."
    cure = "Ask again without a cursor and with the same filters to start from the first page."


class AccountUnknown(QuestionError):
    """No account of that name is configured."""

    what = "There is no account “{account}”. Known: {known}."


class AssistantUnknown(QuestionError):
    """No assistant has this id or name. `nearest`: those whose names come near, best first."""

    what = "There is no outbound assistant “{reference}”."
    cure = "List the assistants to see their names and ids."
    meant: ClassVar[str] = "Did you mean {candidates}?"
    between: ClassVar[str] = " or "

    def __init__(
        self, *, retry_after: float | None = None, nearest: Sequence[Candidate] = (), **details: str | int
    ) -> None:
        super().__init__(retry_after=retry_after, **details)
        self.nearest = tuple(nearest)

    def _sentences(self, translated: Translate) -> Iterator[str]:
        yield translated(self.what).format(**self.details)
        if self.nearest:
            yield translated(self.meant).format(candidates=translated(self.between).join(self._called()))
        else:
            yield translated(self.cure)

    def _called(self) -> Iterator[str]:
        """Name and id of each, with the account where there are several."""
        several = len({one.account for one in self.nearest}) > 1
        for one in self.nearest:
            yield f"“{one.name}” ({one.id}{f', {one.account}' if several else ''})"


class AssistantAmbiguous(AssistantUnknown):
    """Several assistants answer to this name: `nearest` are the first few of them."""

    what = "Several outbound assistants answer to “{reference}”."
    meant = "Ask again with one of their ids: {candidates}."
    between = ", "


class StoreError(FamulorError):
    """What is remembered can't be read or written. `evidence` is a code or a class, never an address."""


class StoreUnavailable(StoreError):
    """The database does not answer, or not in time."""

    what = "The database can't be reached or is busy ({evidence})."
    retryable = True


class StoreRefused(StoreError):
    """The database lets us not in: user, password, certificate or database name."""

    what = "The database does not let this program in ({evidence})."
    cure = "Check user, password, database name and TLS in DATABASE_URL."


class StoreReadOnly(StoreError):
    """The database may be read and not written."""

    what = "The database can't be written ({evidence})."
    cure = "Give this program's user the right to write to it and to its folder, or change DATABASE_URL."


class StoreFull(StoreError):
    """There is no space left."""

    what = "The database can't grow ({evidence})."
    cure = "Make room on its disk; nothing was written by half."


class StoreDamaged(StoreError):
    """The file is no database, or a broken one."""

    what = "The database is damaged, or is no database ({evidence})."
    cure = "Check DATABASE_URL, or put a backup in its place."


class StoreTooNew(StoreError):
    """A newer version of this program has changed the database's schema."""

    what = "The database was made by a newer version of this program (schema {found}; this version knows {known})."
    cure = "Run the newer version, or set DATABASE_URL to another database."


class StoreFault(StoreError):
    """The database refuses what this program asks of it."""

    what = "The database refused a statement ({evidence})."
    cure = "This is a fault of this program: please report it."


class DriverMissing(StoreError):
    """PostgreSQL is asked for, and its driver is not installed."""

    what = "DATABASE_URL names a PostgreSQL database, and asyncpg is not installed."
    cure = "Install this program with its extra postgres: famulor-chatops[postgres]."


class LeaseLost(StoreError):
    """The work was taken over, or is done already: nothing of ours was written."""

    what = "The account “{account}” is no longer this process's to poll."


class SettingsError(FamulorError):
    """The program can't start with these settings. `problems`: one line each, without any secret."""

    what = "These settings need a change."

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def explain(self, translated: Translate = as_it_is) -> str:  # noqa: ARG002 # a program's words are English
        return "\n".join(self.problems)
