"""What a rule may look at besides the assistant itself: its neighbours, names, the day, what the account asks for."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.audit.hosts import target
from shared.audit.likeness import original_name, runs
from shared.audit.reach import Reached
from shared.models import Assistant, Names, WebhookState


class Copy(NamedTuple):
    """An inactive assistant that may be a copy of an active one, with the runs of words in its prompt."""

    assistant: Assistant
    runs: AbstractSet[int]


@dataclass(frozen=True)
class Ground:
    """One account's assistants, all of them, with what is known around them.

    `region`: whose rules for calls the account wants to be reminded of ("de", "us" …), "" for none.
    Where `names` are empty, they could not be had: rules that need them find nothing. `reached`: what webhooks' hosts
    have answered, by URL; empty where nobody has asked them.
    """

    account: str
    assistants: tuple[Assistant, ...]
    names: Names
    now: datetime
    region: str = ""
    reached: Mapping[str, Reached] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Assistant, ...]]:
        """The assistants of each name, whatever its case and the spaces around it."""
        found: dict[str, list[Assistant]] = {}
        for one in self.assistants:
            found.setdefault(same_name(one.name), []).append(one)
        return {name: tuple(those) for name, those in found.items()}

    @cached_property
    def webhook_hosts(self) -> Mapping[str, int]:
        """How many assistants send their data to each host, the host of most first."""
        found = (target(one.webhook_url) for one in self.assistants if one.webhook is WebhookState.ON)
        return dict(Counter(one.host for one in found if one is not None).most_common())

    @cached_property
    def inactive_copies(self) -> Mapping[str, Copy]:
        """Of the inactive assistants that share their name with an active one, but for a copy's mark, the newest."""
        called = {original_name(one.name) for one in self.assistants if one.status == "active"} - {""}
        newest: dict[str, Assistant] = {}
        for one in sorted(self.assistants, key=_age):
            name = original_name(one.name)
            if one.status == "inactive" and name in called:
                newest[name] = one
        return {name: Copy(one, runs(one.system_prompt)) for name, one in newest.items()}


@lru_cache(maxsize=16_384)
def same_name(name: str) -> str:
    """What two names have in common that people take for one: not their case, not the spaces around words."""
    return " ".join(name.casefold().split())


def _age(one: Assistant) -> tuple[bool, float, int]:
    return one.updated_at is not None, one.updated_at.timestamp() if one.updated_at else 0, one.id
