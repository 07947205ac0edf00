"""Which accounts somebody should look at: those without good data; pure. Of assistants, the audit speaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import FamulorError


class Concern(StrEnum):
    """What is the matter, the worst first."""

    NO_DATA = "no-data"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Attention:
    """One account to look at, and why there is NO_DATA, or it is STALE."""

    concern: Concern
    account: str
    failure: FamulorError


def of_account(account: str, failure: FamulorError | None, *, answered: bool) -> Iterator[Attention]:
    """What is to be looked at in an account's answer, or in having none."""
    if failure is not None:
        yield Attention(Concern.STALE if answered else Concern.NO_DATA, account, failure)
