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

from shared.errors.base import (
    FamulorError,
    SettingsError,
    Translate,
    as_it_is,
    templates,
)
from shared.errors.questions import (
    AccountUnknown,
    AssistantAmbiguous,
    AssistantUnknown,
    Candidate,
    CursorInvalid,
    FilterInvalid,
    QuestionError,
)
from shared.errors.store import (
    DriverMissing,
    LeaseLost,
    StoreDamaged,
    StoreError,
    StoreFault,
    StoreFull,
    StoreReadOnly,
    StoreRefused,
    StoreTooNew,
    StoreUnavailable,
)
from shared.errors.upstream import (
    RETRIED_STATUSES,
    AnswerTooLarge,
    AnswerTruncated,
    AnswerUnreadable,
    CertificateRejected,
    EndpointMissing,
    KeyRejected,
    LanguagesUnknown,
    NotJson,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    ServerFault,
    TimedOut,
    UnexpectedShape,
    Unreachable,
    UpstreamError,
)

__all__ = [
    "RETRIED_STATUSES",
    "AccountUnknown",
    "AnswerTooLarge",
    "AnswerTruncated",
    "AnswerUnreadable",
    "AssistantAmbiguous",
    "AssistantUnknown",
    "Candidate",
    "CertificateRejected",
    "CursorInvalid",
    "DriverMissing",
    "EndpointMissing",
    "FamulorError",
    "FilterInvalid",
    "KeyRejected",
    "LanguagesUnknown",
    "LeaseLost",
    "NotJson",
    "PermissionMissing",
    "QuestionError",
    "RateLimited",
    "RequestRefused",
    "ServerFault",
    "SettingsError",
    "StoreDamaged",
    "StoreError",
    "StoreFault",
    "StoreFull",
    "StoreReadOnly",
    "StoreRefused",
    "StoreTooNew",
    "StoreUnavailable",
    "TimedOut",
    "Translate",
    "UnexpectedShape",
    "Unreachable",
    "UpstreamError",
    "as_it_is",
    "templates",
]
