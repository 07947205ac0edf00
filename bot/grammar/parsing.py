"""A text → the command that it means. Never raises: every text means something."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.grammar import auditing, charts, known, lexer, names, orders
from bot.grammar.commands import (
    Command,
    Export,
    ExportFormat,
    Find,
    Health,
    Help,
    Invalid,
    Listing,
    Overview,
    Request,
    Settings,
    Test,
    Unknown,
)
from bot.grammar.filters import Seek, Stranger, query
from bot.grammar.lexer import Word, quoted
from bot.grammar.markup import kept, plain
from bot.words import VERBS, Verb
from shared.errors import FamulorError
from shared.query import LARGEST_PAGE

MOST_SLIPS = 3
"""A text with more words than these that nobody knows is no slip of the pen: nothing is suggested."""

LONGEST_SUGGESTION = 500
"""Characters; a longer text is not run by a button."""

FEW_WORDS = 3
"""A text of so many words may be a name; a longer one without a known word is not for us."""

Understood = Request | Stranger


def parse(text: str, now: datetime) -> Command:
    """The command that this text, as Slack sends it, means at `now`."""
    words = _words(plain(text))
    if words and known.VERB_OF.get(words[0].key) is Verb.SUBSCRIBE:
        # It is about a channel, which may be called otherwise tomorrow.
        words = _words(plain(text, channel_ids=True))
    try:
        understood = _understood(words, now)
    except FamulorError as error:
        return Invalid(error, known.VERB_OF.get(words[0].key, Verb.OUTBOUND))
    if isinstance(understood, Stranger):
        return Unknown(
            word=words[understood.position].shown,
            suggestion=_instead(words, understood.position, understood.meant, now),
            literally=_instead(words, understood.position, understood.literally, now),
        )
    return understood


def _words(text: str) -> Sequence[Word]:
    words = lexer.words(text)
    if words and words[0].key in known.COMMAND_NAMES:
        words = words[1:]
    if words and words[0].label in known.VERB_OF:
        # As in "show: 42".
        words = (*lexer.words(f"{words[0].label} {words[0].rest}"), *words[1:])
    return words


def _understood(words: Sequence[Word], now: datetime) -> Understood:
    if not words:
        return Overview()
    first = words[0]
    # As in "@Famulor help!"
    for key in (first.key, first.key.rstrip("!?.")):
        if key in known.VERB_OF:
            understood = _READERS[known.VERB_OF[key]](words[1:], now)
            return _further(understood, 1) if isinstance(understood, Stranger) else understood
    is_value = any(value.key in known.BARE_OF for value in first.values)
    if is_value or first.label in known.FILTER_OF or first.key in known.SAYS_NOTHING:
        return _listing(words, now)
    return _first_stranger(words)


def _further(stranger: Stranger, words: int) -> Stranger:
    return replace(stranger, position=stranger.position + words)


def _listing(words: Sequence[Word], now: datetime) -> Listing | Stranger:
    asked = query(words, now)
    return asked if isinstance(asked, Stranger) else Listing(asked)


def _find(words: Sequence[Word], now: datetime) -> Find | Help | Stranger:
    # "find active" looks for the word, as nothing else is looked for.
    for bare in (True, False):
        asked = query(words, now, Seek.PROMPT, bare=bare)
        if isinstance(asked, Stranger):
            return asked
        if asked.prompt:
            return Find(asked)
    return Help(Verb.FIND)


def _export(words: Sequence[Word], now: datetime) -> Export | Stranger:
    places = [place for place, word in enumerate(words) if word.key in known.FORMAT_OF]
    near = known.slipped(words[0].key, known.FORMAT_OF) if words and not places else ""
    if near:
        return Stranger(0, near, quoted(words[0].shown, always=True))
    others = [place for place in range(len(words)) if place not in places]
    asked = query([words[place] for place in others], now, limit=LARGEST_PAGE)
    if isinstance(asked, Stranger):
        return replace(asked, position=others[asked.position])
    return Export(ExportFormat(known.FORMAT_OF[words[places[0]].key]) if places else ExportFormat.CSV, asked)


def _help(words: Sequence[Word]) -> Help:
    topic = (words[0].key or words[0].label) if words else ""
    if topic in known.FILTER_OF or topic in known.BARE_OF:
        return Help(Verb.OUTBOUND)
    return Help(known.VERB_OF.get(topic))


_READERS: Mapping[Verb, Callable[[Sequence[Word], datetime], Understood]] = {
    Verb.OUTBOUND: _listing,
    Verb.SHOW: lambda words, _now: names.show(words),
    Verb.COMPARE: lambda words, _now: names.compare(words),
    Verb.FIND: _find,
    Verb.EXPORT: _export,
    Verb.AUDIT: auditing.audit,
    Verb.CHART: lambda words, _now: charts.chart(words),
    Verb.IGNORE: lambda words, _now: auditing.ignore(words),
    Verb.UNIGNORE: lambda words, _now: auditing.unignore(words),
    Verb.HISTORY: orders.history,
    Verb.DIFF: orders.diff,
    Verb.SUBSCRIBE: orders.subscribe,
    Verb.SUBSCRIPTIONS: lambda words, _now: orders.subscriptions(words),
    Verb.UNSUBSCRIBE: lambda words, _now: orders.unsubscribe(words),
    Verb.MUTE: orders.mute,
    Verb.UNMUTE: lambda words, _now: orders.unmute(words),
    Verb.QUIET: lambda words, _now: orders.quiet(words),
    Verb.DIGEST: lambda words, _now: orders.digest(words),
    Verb.EXPLAIN: lambda words, _now: orders.explain(words),
    Verb.TEST: lambda _words, _now: Test(),
    Verb.LOG: lambda words, _now: orders.log(words),
    Verb.HEALTH: lambda _words, _now: Health(),
    Verb.SETTINGS: lambda _words, _now: Settings(),
    Verb.HELP: lambda words, _now: _help(words),
}
"""What reads the words behind a verb."""


def _first_stranger(words: Sequence[Word]) -> Stranger:
    """A first word that is no verb and no filter: nothing that was misspelt, and nothing that would write, is run."""
    first = words[0]
    searched = f"{Verb.OUTBOUND} {first.shown if _is_quoted(first) else quoted(first.shown, always=True)}"
    if first.label:
        near = known.nearest(first.label, known.FILTER_OF)
        return Stranger(0, f"{near}:{first.rest}" if near else "", searched)
    near = known.nearest(
        first.key,
        (*known.VERB_OF, *known.BARE_OF, *(known.FILTER_OF if len(words) > 1 else ())),
    )
    if near in known.VERB_OF:
        return Stranger(0, f"{Verb.HELP} {near}" if _writes(near) else near, searched)
    if near:
        return Stranger(0, f"{near}:" if near in known.FILTER_OF else near, searched)
    if len(words) > FEW_WORDS:
        return Stranger(0)
    is_id = len(words) == 1 and first.key.removeprefix("#").isdecimal()
    return Stranger(0, f"{Verb.SHOW if is_id else Verb.OUTBOUND} {first.raw}")


def _is_quoted(word: Word) -> bool:
    return not word.label and all(value.quoted for value in word.values)


def _writes(verb: str) -> bool:
    return verb in known.VERB_OF and VERBS[known.VERB_OF[verb]].writes


def _instead(words: Sequence[Word], position: int, replacement: str, now: datetime) -> str:
    """The text with one word replaced, and with further slips put right; "" where it is no command that only reads."""
    for _slip in range(MOST_SLIPS):
        raw = [word.raw for word in words]
        raw[position] = replacement
        text = " ".join(raw)
        if not replacement or len(text) > LONGEST_SUGGESTION:
            return ""
        words = _words(text)
        try:
            understood = _understood(words, now)
        except FamulorError:
            return ""
        if _writes(words[0].key):
            return ""
        if not isinstance(understood, Stranger):
            return kept(text)
        position, replacement = understood.position, understood.meant
    return ""
