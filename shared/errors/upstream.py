"""Famulor gave no usable answer."""

from shared.errors.base import FamulorError


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
