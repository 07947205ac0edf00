"""A question about assistants → a page of the answer; pure."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from operator import attrgetter
from typing import Annotated, Any

from pydantic import Field, field_validator

from shared.errors import FilterInvalid, LanguagesUnknown
from shared.models import Assistant, Frozen, Moment, Names, WebhookState
from shared.query.choice import ANYTHING, Choice, FoldedChoice, Pattern, fold
from shared.query.order import BY_NAME, KINDS, Sort, complete
from shared.query.paging import Cursor, part

LARGEST_PAGE = 100
MOST_OCCURRING = 10
"""How many values that do occur are told where one does not."""

ANY = Choice()


class AssistantQuery(Frozen):
    """Which assistants, in which order, and which page of them. Without arguments: all of them, by name.

    Every filter must hold, and in each `*` stands for any text. `language` answers to a two-letter code, a name or an
    id; `webhook` to `on`, `off` and `missing`; each choice of `search` is looked for in name and prompt, of `name` and
    `prompt` in that one only. `updated_before` is the negation of `updated_since`. `cursor` is the `next_cursor` or
    `previous_cursor` of another page.
    """

    account: Choice = ANY
    ids: Choice = ANY
    status: Choice = ANY
    mode: Choice = ANY
    language: Choice = ANY
    timezone: Choice = ANY
    webhook: Choice = ANY
    search: tuple[Choice, ...] = ()
    name: tuple[Choice, ...] = ()
    prompt: tuple[Choice, ...] = ()
    updated_since: Moment | None = None
    updated_before: Moment | None = None
    sort: tuple[Sort, ...] = ()
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 25
    cursor: str = ""

    @field_validator("webhook")
    @classmethod
    def _known_state(cls, webhook: Choice) -> Choice:
        valid = [state.value for state in WebhookState]
        for value in webhook.values:
            if not any(map(Pattern.of(value).names, valid)):
                raise FilterInvalid(value=value, filter=FilterInvalid.webhook_state, valid=", ".join(valid))
        return webhook

    @field_validator("ids")
    @classmethod
    def _numbers(cls, ids: Choice) -> Choice:
        for value in ids.values:
            if value.strip(ANYTHING) and not value.isdecimal():
                raise FilterInvalid(value=value, filter=FilterInvalid.assistant_id, valid="whole numbers, such as 42")
        return ids


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value that a filter names and no assistant has; `occurring` are some that do occur, the most frequent first."""

    filter: str
    value: str
    occurring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A page of what a query found: `total` match, and `first` is the number of the page's first row among them.

    `next_cursor` is "" on the last page, `previous_cursor` on the first.
    """

    assistants: tuple[Assistant, ...]
    total: int
    next_cursor: str
    previous_cursor: str = ""
    unmatched: tuple[Unmatched, ...] = ()
    first: int = 1


def run(
    query: AssistantQuery,
    assistants: Sequence[Assistant],
    names: Mapping[str, Names],
    *,
    by_name: Sequence[Assistant] = (),
) -> Matches:
    """The page that the query asks for; `names` by account.

    `by_name`: the assistants in the order `BY_NAME`, where somebody has them so: then they need not be sorted here.

    Raises CursorInvalid, and LanguagesUnknown where a language is named and its list is not there.
    """
    sort, question = complete(query.sort), _question(query)
    kinds = [KINDS[one.field] for one in sort]
    cursor = Cursor.read(query.cursor, kinds, question) if query.cursor else None
    in_order = sort == BY_NAME and bool(by_name)
    found = list(by_name if in_order else assistants)
    for value, allows in _filters(query, names):
        found = list(compress(found, map(allows, map(value, found))))
    page = part(found, cursor, sort, question, query.limit, in_order=in_order)
    return Matches(
        assistants=tuple(page.rows),
        total=len(found),
        first=page.first,
        next_cursor=str(page.after or ""),
        previous_cursor=str(page.before or ""),
        unmatched=tuple(_unmatched(query, assistants, names)),
    )


def predicate(query: AssistantQuery, names: Mapping[str, Names]) -> Callable[[Assistant], bool]:
    """Whether an assistant is among those that the query asks for, on whichever page; made once, to be asked often.

    Raises LanguagesUnknown.
    """
    filters = _filters(query, names)
    return lambda assistant: all(allows(value(assistant)) for value, allows in filters)


def is_of_accounts_alone(query: AssistantQuery) -> bool:
    """Whether it asks for all assistants of its accounts, in whichever order and on whichever page."""
    asked = query.model_fields_set - {"account", "sort", "limit", "cursor"}
    return all(getattr(query, name) == AssistantQuery.model_fields[name].default for name in asked)


def cursor_after(assistant: Assistant, query: AssistantQuery) -> str:
    """The cursor of a page of this query that ends with this assistant."""
    return str(Cursor.after(assistant, complete(query.sort), _question(query)))


def _question(query: AssistantQuery) -> str:
    """What makes two queries the same question: everything but which page of it."""
    return query.model_dump_json(exclude={"limit", "cursor"})


AnswersTo = Callable[[Assistant], tuple[str, ...]]
Filter = tuple[Callable[[Assistant], Any], Callable[[Any], bool]]
"""What it looks at, and whether it takes that: apart, so that each value is weighed once, whoever has it."""


def _filters(query: AssistantQuery, names: Mapping[str, Names]) -> list[Filter]:
    """One for each filter that is set, the cheap ones first."""
    filters: list[Filter] = [
        (attrgetter(field), _allows(choice))
        for field, choice in (
            ("account", query.account),
            ("id", query.ids),
            ("status", query.status),
            ("mode", query.mode),
            ("webhook", query.webhook),
            ("timezone", query.timezone),
        )
        if choice
    ]
    if query.language:
        filters.append((_languages(query.language, names), _allows_one_of(query.language)))
    updated = attrgetter("updated_at")
    if query.updated_since:
        filters.append((updated, _updated(query.updated_since, since=True)))
    if query.updated_before:
        filters.append((updated, _updated(query.updated_before, since=False)))
    searches: tuple[tuple[tuple[Choice, ...], AnswersTo], ...] = (
        (query.name, lambda assistant: (assistant.name,)),
        (query.search, attrgetter("name", "system_prompt")),
        (query.prompt, lambda assistant: (assistant.system_prompt,)),
    )
    for choices, texts in searches:
        filters += [(texts, _search(choice.folded())) for choice in choices if choice]
    return filters


def _allows(choice: Choice) -> Callable[[object], bool]:
    folded = choice.folded()
    # Thousands of assistants share a handful of values.
    return functools.cache(lambda value: folded.allows((fold(str(value)),)))


def _allows_one_of(choice: Choice) -> Callable[[tuple[str, ...]], bool]:
    folded = choice.folded()
    return functools.cache(lambda answers: folded.allows(map(fold, answers)))


def _languages(choice: Choice, names: Mapping[str, Names]) -> AnswersTo:
    named = [value for value in choice.values if not value.isdecimal()]
    if named and not all(account.languages for account in names.values()):
        raise LanguagesUnknown(language=named[0])

    def answers_to(assistant: Assistant) -> tuple[str, ...]:
        language = names[assistant.account].languages.get(assistant.language_id or 0)
        number = str(assistant.language_id or "")
        return (number, language.iso_2, language.name) if language else (number,)

    return answers_to


def _updated(moment: datetime, *, since: bool) -> Callable[[datetime | None], bool]:
    # An assistant without a date was not updated since, as far as anybody knows.
    return lambda updated: (updated is not None and updated >= moment) is since


def _search(choice: FoldedChoice) -> Callable[[tuple[str, ...]], bool]:
    return lambda texts: choice.occurs_in(map(fold, texts))


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
        if choice and (missing := _missing(choice, answers_to, assistants)):
            # Only now are they counted: most questions name nothing that isn't there.
            occurring = Counter(map(answers_to, assistants)).most_common(MOST_OCCURRING)
            # A language answers to its number, its code and its name: the code is what is shown.
            shown = tuple(text for answers, _count in occurring for text in answers[1:2] or answers if text)
            yield from (Unmatched(name, value, shown) for value in missing)


def _missing(choice: Choice, answers_to: AnswersTo, assistants: Sequence[Assistant]) -> Sequence[str]:
    """The values of the choice that no assistant answers to."""
    missing = {value: Pattern.of(value) for value in choice.values}
    seen: set[tuple[str, ...]] = set()
    for assistant in assistants:
        if not missing:
            break
        answers = answers_to(assistant)
        if answers not in seen:
            seen.add(answers)
            known = [fold(answer) for answer in answers]
            missing = {value: pattern for value, pattern in missing.items() if not any(map(pattern.names, known))}
    return tuple(missing)
