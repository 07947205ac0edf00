"""The root of every failure that somebody must be told about, and that of settings."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import ClassVar, Self

Translate = Callable[[str], str]
"""A template in another language: what its braces hold is filled in afterwards."""


def as_it_is(template: str) -> str:
    """English, as it stands here."""
    return template


class FamulorError(Exception):
    """Something that whoever asked must be told.

    A class says what happened (`what`) and what a person can do about it (`cure`); an instance fills its
    `details` into both. `retryable`: whether the same call may succeed later. `retry_after`: after
    how many seconds, None where nobody said. Every public text of a class is a template that `explain` translates;
    `templates` finds them.
    """

    what: ClassVar[str]
    cure: ClassVar[str] = ""
    soon: ClassVar[str] = "Try again in a moment."
    later: ClassVar[str] = "Try again in {seconds} s."
    retryable: bool = False

    def __init__(self, *, retry_after: float | None = None, **details: str | int) -> None:
        self.details = details
        self.retry_after = retry_after
        super().__init__(self.what.format(**details))

    def restated(self, retry_after: float | None) -> Self:
        """The same error for somebody who asks later, when less of the wait is left."""
        return type(self)(retry_after=retry_after, **self.details)

    def explain(self, translated: Translate = as_it_is) -> str:
        """What happened, whether trying again helps, and what to do, in one line."""
        return " ".join(self._sentences(translated))

    def _sentences(self, translated: Translate) -> Iterator[str]:
        details = self._said(translated)
        yield translated(self.what).format(**details)
        if self.retryable and self.retry_after is None:
            yield translated(self.soon)
        elif self.retryable:
            yield translated(self.later).format(seconds=math.ceil(self.retry_after or 0))
        if self.cure:
            yield translated(self.cure).format(**details)

    def _said(self, translated: Translate) -> Mapping[str, str | int]:  # noqa: ARG002 # others have words to translate
        """The details as they are said."""
        return self.details


def templates(packages: Collection[str] = ("shared",), tree: type[FamulorError] = FamulorError) -> tuple[str, ...]:
    """Every text of the tree that a translator needs, each once; of the errors in these packages, where imported."""
    ours = tree.__module__.partition(".")[0] in packages
    own = [text for name, text in vars(tree).items() if ours and isinstance(text, str) and not name.startswith("_")]
    below = [text for child in tree.__subclasses__() for text in templates(packages, child)]
    return tuple(dict.fromkeys(text for text in (*own, *below) if text))


class SettingsError(FamulorError):
    """The program can't start with these settings. `problems`: one line each, without any secret."""

    what = "These settings need a change."

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def explain(self, translated: Translate = as_it_is) -> str:  # noqa: ARG002 # a program's words are English
        return "\n".join(self.problems)
