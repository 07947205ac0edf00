"""Who asks what, where: what every door of Slack's brings, in one shape."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.translation import Say


@dataclass(frozen=True, slots=True)
class Asker:
    """A person of the workspace, and what they may do. `zone` is their IANA timezone, "" where it isn't known."""

    user: str
    say: Say
    zone: str = ""
    admin: bool = False
    sees_prompts: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that is read by the grammar: typed, or carried by a button.

    `place` is the channel it was asked in, "" in a Home or from a global shortcut. `page` (from 1) is which page of
    a long answer is wanted. `anew`: what is remembered of Famulor's answers is not good enough.
    `shareable`: the answer may offer to be posted into `place`; one in a modal, which is in no channel, may not.
    """

    text: str
    asker: Asker
    now: datetime
    team: str
    place: str = ""
    page: int = 1
    anew: bool = False
    shareable: bool = True

    @property
    def say(self) -> Say:
        """The words of the asker's language."""
        return self.asker.say

    def instead(self, text: str) -> Self:
        """The same person asks something else."""
        return replace(self, text=text, page=1)
