"""A question about assistants → a page of the answer; pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, field_validator

from shared.errors import FilterInvalid, LanguagesUnknown
from shared.models import Assistant, Frozen, Moment, Names, WebhookState
from shared.query.choice import Choice, fold
from shared.query.order import Cursor, Sort, complete, ordered

LARGEST_PAGE = 100
MOST_OCCURRING = 10
"""How many values that do occur are told where one does not."""

ANY = Choice()


class AssistantQuery(Frozen):
    """Which assistants, in which order, and which page of them. Without arguments: all of them, by name.

    Every filter must hold. `language` answers to a two-letter code, a name or an id; `webhook` to `on`, `off` and
    `missing`; each choice of `search` is looked for in name and prompt. `updated_before` is the negation of
    `updated_since`. `cursor` is the `next_cursor` of the page before.
    """

    account: Choice = ANY
    ids: Choice = ANY
    status: Choice = ANY
    mode: Choice = ANY
    language: Choice = ANY
    timezone: Choice = ANY
    webhook: Choice = ANY
    search: tuple[Choice, ...] = ()
    updated_since: Moment | None = None
    updated_before: Moment | None = None
    sort: tuple[Sort, ...] = ()
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 25
    cursor: str = ""

    @field_validator("account")
    @classmethod
    def _accounts(cls, account: Choice) -> Choice:
        return with_all(account)

    @field_validator("webhook")
    @classmethod
    def _known_state(cls, webhook: Choice) -> Choice:
        valid = [state.value for state in WebhookState]
        for value in webhook.values:
            if fold(value) not in valid:
                raise FilterInvalid(value=value, filter="webhook state", valid=", ".join(valid))
        return webhook

    @field_validator("ids")
    @classmethod
    def _numbers(cls, ids: Choice) -> Choice:
        for value in ids.values:
            if not value.isdecimal():
                raise FilterInvalid(value=value, filter="assistant id", valid="whole numbers, such as 42")
        return ids


def with_all(account: Choice) -> Choice:
    """The choice with `*` read as every account."""
    return Choice(exclude=account.exclude) if "*" in account.include else account


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value that a filter names and no assistant has; `occurring` are some that do occur, the most frequent first."""

    filter: str
    value: str
    occurring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A page of what a query found: `total` match, `next_cursor` is "" on the last page."""

    assistants: tuple[Assistant, ...]
    total: int
    next_cursor: str
    unmatched: tuple[Unmatched, ...] = ()


def run(query: AssistantQuery, assistants: Sequence[Assistant], names: Mapping[str, Names]) -> Matches:
    """The page that the query asks for; `names` by account.

    Raises CursorInvalid, and LanguagesUnknown where a language is named and its list is not there.
    """
    sort = complete(query.sort)
    cursor = Cursor.read(query.cursor, sort, _question(query)) if query.cursor else None
    tests = _tests(query, names)
    found = [assistant for assistant in assistants if all(test(assistant) for test in tests)]
    rest = found if cursor is None else [one for one in found if cursor.is_before(one, sort)]
    page = ordered(rest, sort)[: query.limit]
    more = len(page) < len(rest)
    return Matches(
        assistants=tuple(page),
        total=len(found),
        next_cursor=cursor_after(page[-1], query) if more else "",
        unmatched=tuple(_unmatched(query, assistants, names)),
    )


def cursor_after(assistant: Assistant, query: AssistantQuery) -> str:
    """The cursor of a page of this query that ends with this assistant."""
    return str(Cursor.after(assistant, complete(query.sort), _question(query)))


def _question(query: AssistantQuery) -> str:
    """What makes two queries the same question: everything but which page of it."""
    return query.model_dump_json(exclude={"limit", "cursor"})


Test = Callable[[Assistant], bool]
AnswersTo = Callable[[Assistant], Sequence[str]]


def _tests(query: AssistantQuery, names: Mapping[str, Names]) -> list[Test]:
    """One test for each filter that is set, the cheap ones first."""
    tests: list[Test] = []

    def by(choice: Choice, answers_to: AnswersTo) -> None:
        if choice:
            folded = choice.folded()
            tests.append(lambda assistant: folded.allows(map(fold, answers_to(assistant))))

    by(query.account, lambda assistant: (assistant.account,))
    by(query.ids, lambda assistant: (str(assistant.id),))
    by(query.status, lambda assistant: (assistant.status,))
    by(query.mode, lambda assistant: (assistant.mode,))
    by(query.webhook, lambda assistant: (assistant.webhook,))
    by(query.timezone, lambda assistant: (assistant.timezone,))
    by(query.language, _languages(query.language, names))
    if query.updated_since:
        tests.append(_updated(query.updated_since, since=True))
    if query.updated_before:
        tests.append(_updated(query.updated_before, since=False))
    tests += [_search(choice.folded()) for choice in query.search if choice]
    return tests


def _languages(choice: Choice, names: Mapping[str, Names]) -> AnswersTo:
    named = [value for value in choice.values if not value.isdecimal()]
    if named and not all(account.languages for account in names.values()):
        raise LanguagesUnknown(language=named[0])

    def answers_to(assistant: Assistant) -> Sequence[str]:
        language = names[assistant.account].languages.get(assistant.language_id or 0)
        number = str(assistant.language_id or "")
        return (number, language.iso_2, language.name) if language else (number,)

    return answers_to


def _updated(moment: datetime, *, since: bool) -> Test:
    # An assistant without a date was not updated since, as far as anybody knows.
    return lambda assistant: (assistant.updated_at is not None and assistant.updated_at >= moment) is since


def _search(choice: Choice) -> Test:
    return lambda assistant: choice.occurs_in((fold(assistant.name), fold(assistant.system_prompt)))


def _unmatched(
    query: AssistantQuery, assistants: Sequence[Assistant], names: Mapping[str, Names]
) -> Iterator[Unmatched]:
    """The named values of open sets that no assistant has: mistyped, or not in use."""
    filters: Mapping[str, tuple[Choice, AnswersTo]] = {
        "status": (query.status, lambda assistant: (assistant.status,)),
        "mode": (query.mode, lambda assistant: (assistant.mode,)),
        "language": (query.language, _languages(query.language, names)),
        "timezone": (query.timezone, lambda assistant: (assistant.timezone,)),
    }
    for name, (choice, answers_to) in filters.items():
        if not choice:
            continue
        occurring = Counter(tuple(answers_to(assistant)) for assistant in assistants)
        known = {fold(answer) for answers in occurring for answer in answers}
        # A language answers to its number, its code and its name: the code is what is shown.
        shown = tuple(answers[1:2] or answers for answers, _count in occurring.most_common(MOST_OCCURRING))
        for value in choice.values:
            if fold(value) not in known:
                yield Unmatched(name, value, tuple(text for (text,) in shown if text))
