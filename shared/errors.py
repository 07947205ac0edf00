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
└── SettingsError            the program can't start with these settings
"""

import math
from collections.abc import Sequence
from typing import ClassVar, Self


class FamulorError(Exception):
    """Something that whoever asked must be told.

    A class says what happened (`what`) and what a person can do about it (`cure`); an instance fills its
    `details` into both. `retryable`: whether the same call may succeed later. `retry_after`: after
    how many seconds, None where nobody said.
    """

    what: ClassVar[str]
    cure: ClassVar[str] = ""
    retryable: bool = False

    def __init__(self, *, retry_after: float | None = None, **details: str | int) -> None:
        self.details = details
        self.retry_after = retry_after
        super().__init__(self.what.format(**details))

    def restated(self, retry_after: float | None) -> Self:
        """The same error for somebody who asks later, when less of the wait is left."""
        return type(self)(retry_after=retry_after, **self.details)

    def explain(self) -> str:
        """What happened, whether trying again helps, and what to do, in one line."""
        return " ".join(part for part in (str(self), self._again(), self.cure.format(**self.details)) if part)

    def _again(self) -> str:
        if not self.retryable:
            return ""
        if self.retry_after is None:
            return "Try again in a moment."
        return f"Try again in {math.ceil(self.retry_after)} s."


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


class QuestionError(FamulorError):
    """What was asked has no answer: it is the asker's turn."""


class FilterInvalid(QuestionError):
    """A filter, sort key or limit that does not exist."""

    what = "“{value}” is no {filter}."
    cure = "Valid: {valid}."


class CursorInvalid(QuestionError):
    """A cursor that we did not give out, or not for this question."""

    what = "The cursor does not belong to this question."
    cure = "Ask again without a cursor and with the same filters to start from the first page."


class AccountUnknown(QuestionError):
    """No account of that name is configured."""

    what = "There is no account “{account}”. Known: {known}."


class AssistantUnknown(QuestionError):
    """No assistant has this id or name. `candidates`: names that come near, best first."""

    what = "There is no outbound assistant “{reference}”."

    def __init__(
        self, *, retry_after: float | None = None, candidates: Sequence[str] = (), **details: str | int
    ) -> None:
        super().__init__(retry_after=retry_after, **details)
        self.candidates = tuple(candidates)

    def explain(self) -> str:
        return f"{self} {self._nearest()}"

    def _nearest(self) -> str:
        if not self.candidates:
            return "List the assistants to see their names and ids."
        return f"Did you mean {' or '.join(self.candidates)}?"


class AssistantAmbiguous(AssistantUnknown):
    """Several assistants answer to this name."""

    what = "Several outbound assistants answer to “{reference}”."

    def _nearest(self) -> str:
        return f"Ask again with one of their ids: {', '.join(self.candidates)}."


class SettingsError(FamulorError):
    """The program can't start with these settings. `problems`: one line each, without any secret."""

    what = "These settings need a change."

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def explain(self) -> str:
        return "\n".join(self.problems)
