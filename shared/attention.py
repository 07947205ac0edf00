"""What somebody should look at: assistants that can't work as they are, accounts without good data; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import FamulorError
from shared.models import Assistant, Rejected, WebhookState
from shared.variables import variables


class Concern(StrEnum):
    """What is the matter, the worst first."""

    NO_DATA = "no-data"
    STALE = "stale"
    UNREADABLE = "unreadable"
    NO_PROMPT = "no-prompt"
    NO_GREETING = "no-greeting"
    WEBHOOK_WITHOUT_URL = "webhook-without-url"
    UNKNOWN_VARIABLES = "unknown-variables"
    UNDECLARED_VARIABLES = "undeclared-variables"


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at.

    `assistant` is None where an account is meant, or the record that could not be read (`rejected`). `variables`: the
    names that UNKNOWN_VARIABLES and UNDECLARED_VARIABLES are about. `failure`: why there is NO_DATA, or it is STALE.
    """

    concern: Concern
    account: str
    assistant: Assistant | None = None
    variables: tuple[str, ...] = ()
    rejected: Rejected | None = None
    failure: FamulorError | None = None


def of_assistants(assistants: Iterable[Assistant]) -> Iterator[Attention]:
    """What is to be looked at in these, in their order."""
    for assistant in assistants:
        used = variables(assistant)
        concerns = (
            (Concern.NO_PROMPT, not assistant.system_prompt.strip()),
            (Concern.NO_GREETING, not assistant.initial_message.strip()),
            (
                Concern.WEBHOOK_WITHOUT_URL,
                assistant.is_webhook_active and assistant.webhook is WebhookState.MISSING,
            ),
        )
        for concern, holds in concerns:
            if holds:
                yield Attention(concern, assistant.account, assistant)
        if used.unknown:
            yield Attention(Concern.UNKNOWN_VARIABLES, assistant.account, assistant, used.unknown)
        if used.undeclared:
            yield Attention(Concern.UNDECLARED_VARIABLES, assistant.account, assistant, used.undeclared)


def of_account(
    account: str, failure: FamulorError | None, rejected: Iterable[Rejected], *, answered: bool
) -> Iterator[Attention]:
    """What is to be looked at in an account's answer, or in having none."""
    if failure is not None:
        yield Attention(Concern.STALE if answered else Concern.NO_DATA, account, failure=failure)
    for record in rejected:
        yield Attention(Concern.UNREADABLE, account, rejected=record)
