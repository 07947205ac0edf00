"""Many changes in one message: what one poll found at once, or what was held back; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.translation import Say
from bot.views import blocks, changes, phrases
from bot.views.blocks import Block, Message
from bot.views.changes import NO_NAMES
from bot.views.escape import mrkdwn
from bot.views.rows import PageOf
from bot.words import COMMAND, VERBS, Verb
from shared.models import Change, Kind, Names, Severity

NamesOf = Mapping[str, Names]
"""Names for ids, by account."""
NOBODY: NamesOf = MappingProxyType({})

GRAVEST = 3
"""Of many changes, the gravest are told in the message itself."""
_MOST = 40
"""Changes in a thread's one message."""
_CHARACTERS = 11_000
"""Of a message; Slack takes about 13,000 in all."""
_EACH = 900
_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class Many:
    """Changes, at least one: `latest` are those that can be told, oldest first, `kinds` counts all of them."""

    latest: Sequence[Change]
    kinds: Mapping[Kind, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.kinds.values())


def summary(many: Many, say: Say, page_of: PageOf, names: NamesOf = NOBODY) -> Message:
    """What one poll of an account found at once; the details go into its thread."""
    headline = say.count(many.total, "{number} change at once", "{number} changes at once")
    return _message(f"📦 *{headline}* · {_accounts(many, say)}", many, say, page_of, names)


def digest(many: Many, say: Say, page_of: PageOf, names: NamesOf = NOBODY) -> Message:
    """What was held back, told now; the details go into its thread."""
    headline = say.count(many.total, "{number} change was held back", "{number} changes were held back")
    return _message(f"🗞️ *{headline}* · {_accounts(many, say)}", many, say, page_of, names)


def details(many: Many, say: Say, page_of: PageOf, names: NamesOf = NOBODY) -> Message:
    """Each change as a line, oldest first, as many as fit; the rest is counted."""
    sections: list[Block] = []
    lines = (_line(change, say, page_of, names) for change in many.latest[:_MOST])
    for section in map(blocks.section, lines):
        if sum(map(blocks.size, sections)) + blocks.size(section) > _CHARACTERS:
            break
        sections.append(section)
    hidden = many.total - len(sections)
    text = say.count(len(sections), "{number} change in detail", "{number} changes in detail")
    if hidden <= 0:
        return blocks.message(text, sections)
    rest = say.count(hidden, "{number} more change is not shown.", "{number} more changes are not shown.")
    return blocks.message(f"{text}. {rest}", [*sections, blocks.context(rest)])


def _message(headline: str, many: Many, say: Say, page_of: PageOf, names: NamesOf) -> Message:
    numbers = " · ".join(counts(many.kinds, say))
    gravest = sorted(many.latest, key=lambda change: -change.severity.rank)[:GRAVEST]
    lines = [changes.sentence(change, say, names=names.get(change.account, NO_NAMES)) for change in gravest]
    hint = say(
        "The details are in the thread; whole texts: {command}",
        command=f"`{COMMAND} {VERBS[Verb.HISTORY].word(say.language)}`",
    )
    return blocks.message(
        ". ".join([headline, numbers, *lines]),
        [
            blocks.section(headline),
            blocks.section(numbers),
            *(blocks.section(blocks.cut(_line(change, say, page_of, names), _EACH)) for change in gravest),
            blocks.context(hint),
        ],
    )


def _line(change: Change, say: Say, page_of: PageOf, names: NamesOf) -> str:
    address = "" if change.assistant is None else page_of(change.account, change.assistant)
    severity = "" if change.severity is Severity.INFO else f"*{changes.severity(change.severity, say)}*: "
    told = changes.sentence(change, say, address, names.get(change.account, NO_NAMES))
    return f"{changes.symbol(change.severity)} {severity}{told} · {phrases.moment(change.seen_at)}"


def counts(kinds: Mapping[Kind, int], say: Say) -> Iterator[str]:
    """How many of each kind, the most frequent first."""
    for kind, number in sorted(kinds.items(), key=lambda one: (-one[1], list(Kind).index(one[0]))):
        yield f"{kind_name(kind, say)} {say.number(number)}"


def kind_name(kind: Kind, say: Say) -> str:  # noqa: C901, PLR0911, PLR0912 # one return a kind
    """What a kind of change is called in a count or a table."""
    match kind:
        case Kind.CREATED:
            return say("created")
        case Kind.DELETED:
            return say("deleted")
        case Kind.ACTIVATED:
            return say("switched on")
        case Kind.DEACTIVATED:
            return say("switched off")
        case Kind.RENAMED:
            return say("renamed")
        case Kind.PROMPT:
            return say("prompt changed")
        case Kind.GREETING:
            return say("greeting changed")
        case Kind.VARIABLES:
            return say("variables changed")
        case Kind.VOICE:
            return say("voice changed")
        case Kind.LANGUAGE:
            return say("language changed")
        case Kind.TIMEZONE:
            return say("timezone changed")
        case Kind.MODE:
            return say("mode changed")
        case Kind.WEBHOOK_ON:
            return say("webhook switched on")
        case Kind.WEBHOOK_OFF:
            return say("webhook switched off")
        case Kind.WEBHOOK_HOST:
            return say("webhook host changed")
        case Kind.WEBHOOK_PATH:
            return say("webhook path changed")
        case Kind.OTHER:
            return say("other fields changed")
        case Kind.SAVED:
            return say("saved")
        case Kind.FINDING:
            return say("findings changed")
        case Kind.KEY_REJECTED:
            return say("key rejected")
        case Kind.UNREACHABLE:
            return say("account unreachable")
        case Kind.RECOVERED:
            return say("account recovered")
        case Kind.UNREADABLE:
            return say("record unreadable")
        case Kind.READABLE:
            return say("record readable again")


def _accounts(many: Many, say: Say) -> str:
    names = list(dict.fromkeys(mrkdwn(change.account, 60) for change in many.latest))
    number = len(names)
    shown = phrases.listed(names, _ACCOUNTS, say)
    return say.count(number, "account {accounts}", "accounts {accounts}", accounts=shown)
