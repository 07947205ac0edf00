"""What changed in a long text is worked out once, however many channels are told of it."""

from bot.translation import Say
from bot.views.before_after import before_after
from bot.views.blocks import Block
from bot.views.changes import NO_NAMES
from shared.models import Change, Kind, Names

REMEMBERED = 100
"""Changes; those that are told at the same time."""

_LONG = frozenset({Kind.PROMPT, Kind.GREETING})
"""To compare two prompts takes longer than all the rest of an alert; it needs no names."""


class Differences:
    """`before_after`, for changes of one store: there, account, assistant, kind and sequence stand for one change."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], list[Block]] = {}

    def __call__(self, change: Change, say: Say, *, prompts: bool, names: Names = NO_NAMES) -> list[Block]:
        """What `before_after` gives."""
        if change.kind not in _LONG:
            return before_after(change, say, prompts=prompts, names=names)
        key = (change.account, change.assistant, change.kind, change.sequence, say.language, prompts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = before_after(change, say, prompts=prompts, names=names)
            if len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        return found
