"""The words behind the verbs about the audit → what they ask for; pure.

`rule:`, `min:` and `by:` are options, numbers before any other word are ids, and everything else filters as in a list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from bot.grammar import known, names, options
from bot.grammar.commands import FINDINGS, Audit, Help, Ignore, Unignore
from bot.grammar.filters import Stranger, query
from bot.grammar.lexer import Value, Word, choice
from bot.grammar.options import NUMBER
from bot.words import FILTERS, Filter, Option, Verb
from shared.audit import RULES
from shared.audit.paging import FindingQuery
from shared.errors import FilterInvalid, QuestionError
from shared.models import Severity

_NAME_AND_RULE = 2


class NotInAnAudit(QuestionError):
    """A filter that a list knows, and an audit can't."""

    what = "“{label}:” means nothing in an audit, which tells the worst first."
    cure = "Leave it out, or say what stands together: by:rule, by:assistant."


def audit(typed: Sequence[Word], now: datetime) -> Audit | Stranger:
    """Filters and options, in any order. Raises what a list raises, OrderInvalid and NotInAnAudit."""
    rest, said = options.parted(typed, {Option.RULE, Option.MINIMUM, Option.BY})
    asked = query(list(_with_ids([typed[place] for place in rest])), now)
    if isinstance(asked, Stranger):
        return replace(asked, position=rest[asked.position])
    if asked.sort:
        raise NotInAnAudit(label=FILTERS[Filter.SORT]())
    severities = options.severities(said.get(Option.MINIMUM, ()))
    return Audit(
        FindingQuery(
            assistants=asked.model_copy(update={"cursor": ""}),
            rule=choice(said.get(Option.RULE, ())),
            severity=min(severities, key=lambda one: one.rank, default=Severity.INFO),
            by=options.grouping(said.get(Option.BY, ())),
            limit=FINDINGS,
            cursor=asked.cursor,
        )
    )


def ignore(typed: Sequence[Word]) -> Ignore | Help:
    """A name, a rule, and why: `42 prompt-long "the campaign needs it"`. Raises FilterInvalid."""
    words, account = names.without_account(typed)
    place = _rule(words)
    if place is None:
        if len(words) < _NAME_AND_RULE:
            return Help(Verb.IGNORE)
        raise _no_rule(words[1])
    reference, reason = names.reference(words[:place]), names.reference(words[place + 1 :])
    return Ignore(reference, _named(words[place]), reason, account) if reference else Help(Verb.IGNORE)


def unignore(typed: Sequence[Word]) -> Unignore | Help:
    """A name and a rule. Raises FilterInvalid."""
    words, account = names.without_account(typed)
    place = _rule(words)
    if place is None:
        if len(words) < _NAME_AND_RULE:
            return Help(Verb.UNIGNORE)
        raise _no_rule(words[-1])
    reference = names.reference(words[:place])
    return Unignore(reference, _named(words[place]), account) if reference else Help(Verb.UNIGNORE)


def _with_ids(words: Sequence[Word]) -> Iterator[Word]:
    """The words, with numbers as filters where no other word without a label stands before them."""
    leading = True
    for word in words:
        if word.label:
            yield word
            continue
        numbers = [NUMBER.fullmatch(value.key) for value in word.values]
        leading = leading and bool(numbers) and all(numbers) and not any(value.negated for value in word.values)
        values = tuple(Value(str(int(found[1]))) for found in numbers if found)
        yield replace(word, label=str(Filter.ID), rest=word.shown, values=values) if leading else word


def _rule(words: Sequence[Word]) -> int | None:
    """Where the rule stands: never at the beginning, which is a name whatever it looks like."""
    return next((place for place in range(1, len(words)) if _named(words[place])), None)


def _named(word: Word) -> str:
    """The rule's id, also behind `rule:`; "" where the word is none."""
    if word.label and known.OPTION_OF.get(word.label) is Option.RULE and len(word.values) == 1:
        named = word.values[0].key
    else:
        named = word.key
    return named if named in RULES else ""


def _no_rule(word: Word) -> FilterInvalid:
    near = get_close_matches(word.key, RULES, n=3)
    valid = ", ".join(dict.fromkeys((*near, *RULES)))
    return FilterInvalid(value=word.shown, filter=FilterInvalid.rule, valid=valid)
