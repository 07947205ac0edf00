"""What was done in a soak, and what came of it: counted while it goes on."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What was done, and what came of it."""

    commands: int = 0
    answered: int = 0
    between: int = 0
    """Commands that Slack itself answered, as nobody was connected."""
    killed: int = 0
    """Commands that were acknowledged by a bot that was killed before it had answered."""
    unanswered: list[str] = field(default_factory=list)
    calls: int = 0
    uncalled: list[str] = field(default_factory=list)
    """Calls that got no tool result."""
    changed: set[int] = field(default_factory=set)
    changed_at: list[float] = field(default_factory=list)
    longest_wait: float = 0.0
    """Seconds from a change until its channel had heard of it."""
    faults: Counter[str] = field(default_factory=Counter)
    lost_answers: int = 0
    """How often Slack took a post and did not say so: each may be posted twice."""

    def look(self, told: int) -> None:
        """So many are told by now. They are told in their order, or nearly."""
        if told < len(self.changed_at):
            self.longest_wait = max(self.longest_wait, time.monotonic() - self.changed_at[told])
