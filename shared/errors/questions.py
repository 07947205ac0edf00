"""What was asked has no answer: it is the asker's turn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.errors.base import FamulorError, Translate


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
