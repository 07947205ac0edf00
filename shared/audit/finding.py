"""What the audit says: words in two languages, rules, and what they have found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from shared.models import Assistant, Frozen, Severity

if TYPE_CHECKING:
    from shared.audit.ground import Ground

Tongue = Literal["en", "de"]
TONGUES: tuple[Tongue, ...] = get_args(Tongue)


class Words(NamedTuple):
    """The same in English and in German; both are templates that take a finding's facts."""

    en: str
    de: str

    def in_language(self, tongue: str) -> str:
        """German for "de", English for every other."""
        return self.de if tongue == "de" else self.en


class Evidence(NamedTuple):
    """One thing that a rule has found in one assistant.

    `subject` tells it from others of the same rule in the same assistant (a variable's name); "" where there can be
    only one. `facts` fill the templates of the rule's words; they are upstream's texts: short, but untrusted, and
    never a secret.
    """

    subject: str = ""
    facts: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be wrong with an assistant.

    `id` is for settings, commands and documentation, where it is an anchor. `title` names it (no facts), `what` says
    what was found and takes the facts, `cure` says what to do and takes them too. `check` finds nothing in what is
    well; it is pure, takes any text, and its time is linear in the text's length. `compares`: whether it looks at other
    assistants too, so that what it finds in one may change with another.
    """

    id: str
    severity: Severity
    title: Words
    what: Words
    cure: Words
    check: "Callable[[Assistant, Ground], Iterable[Evidence]]"
    compares: bool = False

    @property
    def anchor(self) -> str:
        """Where it is explained, from the root of the project."""
        return f"docs/audit.md#{self.id}"


class Finding(Frozen):
    """One broken rule in one assistant, now.

    The same finding at another time is the one with the same `key`. `assistant` is None only where the id of a
    record could not be read; `name` is "" where the record could not be read.
    """

    account: str
    assistant: int | None
    name: str
    rule: str
    severity: Severity
    subject: str = ""
    facts: Mapping[str, str] = {}

    @property
    def key(self) -> tuple[str, int | None, str, str]:
        """What it is about, whatever its severity and facts: account, assistant, rule, subject."""
        return self.account, self.assistant, self.rule, self.subject


class Ignore(Frozen):
    """Somebody's decision that a rule says nothing of one assistant: `by` whom (as the door names people), and why."""

    account: str
    assistant: int
    rule: str
    reason: str
    by: str
    at: datetime
