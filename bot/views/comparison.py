"""Two assistants side by side: fields, variables, and their texts as a difference; pure."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from bot.asking import Asked
from bot.grammar import Show, written
from bot.translation import Say
from bot.views import blocks, differences, long_texts, origins, phrases, state
from bot.views.answers import Sheet
from bot.views.blocks import Block
from bot.views.details import ABSENT, ID, Fact, facts, freshness, no_prompts, written_values
from bot.views.escape import clean
from bot.views.long_texts import Part
from shared.answers import Detail, Origin
from shared.query import Choice

MISSING = object()
"""Unlike every value, None too."""

Pair = tuple[Detail, Detail]
Addresses = tuple[str, str]


def comparison(pair: Pair, asked: Asked, command: str, addresses: Addresses) -> Sheet:
    """The page that is asked for. `command` shows the same again, `addresses` is where Famulor shows the two."""
    say = asked.say
    first = [*_fields(pair, asked), blocks.actions(_buttons(pair, addresses, say))]
    pages = long_texts.pages(_texts(pair, asked), say, first)
    pages[0] = [*first, *pages[0]]
    page = min(asked.page, len(pages))
    return Sheet(
        title=say("Comparison"),
        command=command,
        text=_summary(pair, asked),
        blocks=[*_head(pair, addresses, say), *pages[page - 1]],
        page=page,
        pages=len(pages),
    )


def _head(pair: Pair, addresses: Addresses, say: Say) -> list[Block]:
    titles = [
        f"*{number}*  {phrases.title(found.assistant, say, address)} {phrases.status(found.assistant.status, say)}"
        for number, found, address in zip((1, 2), pair, addresses, strict=True)
    ]
    return [*blocks.fields(titles), *freshness(_origins(pair), say)]


def _origins(pair: Pair) -> Sequence[Origin]:
    return list({found.origin.account: found.origin for found in pair}.values())


def _fields(pair: Pair, asked: Asked) -> list[Block]:
    say = asked.say
    if _is_same(pair):
        return [blocks.section(say("These are one and the same assistant."))]
    different, same = _told_apart(pair, asked)
    return [
        blocks.section(say("*Different*: {labels}", labels=", ".join(one.label for one, _other in different))),
        *blocks.fields([text for both in different for text in _side_by_side(*both, say)]),
        *([blocks.context(say("*The same*: {facts}", facts=" · ".join(map(_brief, same))))] if same else []),
    ]


def _told_apart(pair: Pair, asked: Asked) -> tuple[list[tuple[Fact, Fact]], list[Fact]]:
    """The fields that differ, and those that don't."""
    one, other = ({fact.label: fact for fact in facts(found.assistant, found.names, asked)} for found in pair)
    # Two assistants always have two ids; they stand above.
    labels = [label for label in dict.fromkeys([*one, *other]) if label != ID]
    both = [(one.get(label, Fact(label, "")), other.get(label, Fact(label, ""))) for label in labels]
    return [(left, right) for left, right in both if left != right], [left for left, right in both if left == right]


def _side_by_side(left: Fact, right: Fact, say: Say) -> tuple[str, str]:
    if left.shown != right.shown:
        return str(left), str(right)
    return str(left), say("{field}\n(what is masked differs)", field=right)


def _brief(fact: Fact) -> str:
    return f"{fact.label}: {' '.join(fact.shown.split()) or ABSENT}"


def _is_same(pair: Pair) -> bool:
    one, other = (found.assistant for found in pair)
    return (one.account, one.id) == (other.account, other.id)


def _buttons(pair: Pair, addresses: Addresses, say: Say) -> list[Block]:
    shown = list(enumerate(zip(pair, addresses, strict=True), 1))[: 1 if _is_same(pair) else 2]
    return [
        *(
            blocks.button(
                say("Details of {id}", id=found.assistant.id),
                state.action_id(state.OPEN, number),
                written(Show(str(found.assistant.id), Choice(include=(found.assistant.account,)))),
            )
            for number, (found, _address) in shown
        ),
        *(
            blocks.link(
                say("Open {id} in Famulor", id=found.assistant.id), state.action_id(state.LINK, number), address
            )
            for number, (found, address) in shown
            if address
        ),
    ]


def _texts(pair: Pair, asked: Asked) -> Iterator[Part]:
    say = asked.say
    one, other = (found.assistant for found in pair)
    if _is_same(pair):
        return
    yield from _values(say("Variables"), one.variables, other.variables, say)
    if one.extra != other.extra:
        yield from _values(say("More fields"), one.extra, other.extra, say)
    yield from _wording(say("Greeting"), one.initial_message, other.initial_message, say)
    if asked.asker.sees_prompts:
        yield from _wording(say("Prompt"), one.system_prompt, other.system_prompt, say)
    else:
        yield no_prompts(say)


def _values(title: str, one: Mapping[str, JsonValue], other: Mapping[str, JsonValue], say: Say) -> Iterator[Part]:
    if one == other:
        same = say.count(len(one), "The same in both: {number}.", "The same in both: all {number}.")
        yield Part(blocks.section(same if one else say("Neither has any.")), title)
        return
    left, right = written_values(one), written_values(other)
    # Held against each other as they are: two masked values look the same.
    names = [name for name in dict.fromkeys([*one, *other]) if one.get(name, MISSING) != other.get(name, MISSING)]
    table = [(clean(name), left.get(clean(name), ABSENT), right.get(clean(name), ABSENT)) for name in names]
    marked = [
        (name, first, say("{value} (differs)", value=second) if first == second else second)
        for name, first, second in table
    ]
    heading = (say("Name"), say("In the first"), say("In the second"))
    yield from long_texts.preformatted(title, long_texts.columns([heading, *marked]))
    same_ones = len({*one, *other}) - len(names)
    if same_ones:
        yield Part(blocks.context(say.count(same_ones, "{number} other is the same.", "{number} others are the same.")))


def _wording(title: str, before: str, after: str, say: Say) -> Iterator[Part]:
    if before == after:
        yield Part(blocks.section(say("Both are the same.") if before.strip() else say("Neither has one.")), title)
        return
    parts = list(differences.changes(title, before, after, say))
    if not parts:
        yield Part(blocks.section(say("They differ in characters only that can't be seen.")), title)
        return
    amount = differences.amount(before, after, say)
    yield Part(blocks.context(say("{amount}. “−” is in the first only, “+” in the second.", amount=amount)), title)
    yield from parts


def _summary(pair: Pair, asked: Asked) -> str:
    say = asked.say
    one, other = (f"{phrases.name(found.assistant.name, say)} ({found.assistant.id})" for found in pair)
    labels = ", ".join(fact.label for fact, _other in _told_apart(pair, asked)[0])
    concerns = origins.concerns(_origins(pair), say)
    return ". ".join(
        [
            say("{one} and {other} compared. Different: {labels}", one=one, other=other, labels=labels or ABSENT),
            *concerns,
        ]
    )
