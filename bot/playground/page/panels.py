"""What can stand beside the conversation."""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from bot.playground.page.state import Tab
from bot.words.word import Word


class Panel(Protocol):
    """One panel, opened with `?panel={name}`; the first of all stands there where nothing else does.

    It is drawn anew with all news (`workspace.news.tell()`). Its forms post to `tab.at(f"panel/{name}/{act}")` and
    carry the hidden field `token`; what else they carry comes to `act`.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> Word: ...

    def rendered(self, tab: Tab, token: str) -> Markup: ...

    async def act(self, act: str, fields: Mapping[str, str], tab: Tab) -> None:
        """Does what was asked for. A LookupError says that there is nothing of this name."""
