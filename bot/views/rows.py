"""One assistant in a list: what matters about it, what its prompt says, and a button for the rest; pure."""

from collections.abc import Callable, Sequence

from bot.grammar import Find, Listing, Show, written
from bot.translation import Say
from bot.views import blocks, phrases, state
from bot.views.blocks import Block
from bot.views.escape import clean, mrkdwn
from shared.answers import Page
from shared.models import Assistant, Names
from shared.query import Choice
from shared.query.snippets import Snippet, snippets

PageOf = Callable[[str, int], str]
"""Where Famulor shows the assistant of an account that has this id."""

PLACES = 2
"""Of all places where a prompt says it, the first are shown."""
_HIT = 80
"""Characters of what was found; a pattern may find half of the prompt."""


def rows(found: Page, command: Listing | Find, say: Say, page_of: PageOf) -> list[Block]:
    """A block for each assistant; of a search in prompts also one with the places."""
    several = len(found.origins) > 1
    return [
        block
        for assistant in found.assistants
        for block in (
            blocks.section(
                f"{phrases.title(assistant, say, page_of(assistant.account, assistant.id))}\n"
                f"{_facts(assistant, found.names[assistant.account], command, say, several=several)}",
                details(assistant, say),
            ),
            *(_places(assistant, found.query.prompt, say) if isinstance(command, Find) else ()),
        )
    ]


def details(assistant: Assistant, say: Say) -> Block:
    """The button that shows everything about it."""
    return details_of(assistant.account, assistant.id, assistant.name, say)


def details_of(account: str, number: int, name: str, say: Say, row: int | None = None) -> Block:
    """The same of an assistant of which no more is known; `row`: which one, where it has several in a message."""
    return blocks.button(
        say("Details"),
        state.action_id(state.OPEN, f"{account}/{number}" + ("" if row is None else f"/{row}")),
        written(Show(str(number), Choice(include=(account,)))),
        spoken=say("Details of {name} ({id})", name=_spoken(name), id=number),
    )


def brief(found: Page, command: Listing | Find, say: Say) -> str:
    """The same for who is read to."""
    return "; ".join(
        [
            *(_brief(assistant, found.query.prompt, command, say) for assistant in found.assistants),
            *([say("and more")] if found.next_cursor else []),
        ]
    )


def _spoken(name: str) -> str:
    return blocks.cut(" ".join(clean(name).split()), 40)


def _facts(assistant: Assistant, names: Names, command: Listing | Find, say: Say, *, several: bool) -> str:
    facts = [phrases.status(assistant.status, say), mrkdwn(assistant.account, 40) if several else ""]
    if isinstance(command, Listing):
        language = names.language(assistant)
        facts += [
            mrkdwn(assistant.mode, 40),
            say("language {number}", number=language) if language.isdecimal() else mrkdwn(language, 40),
            mrkdwn(assistant.timezone, 60),
            phrases.webhook(assistant.webhook, say),
            say("updated {time}", time=phrases.moment(assistant.updated_at)) if assistant.updated_at else "",
        ]
    return " · ".join(fact for fact in facts if fact)


def _brief(assistant: Assistant, searched: Sequence[Choice], command: Listing | Find, say: Say) -> str:
    title = f"{phrases.name(assistant.name, say, 100)} ({assistant.id}), {phrases.status(assistant.status, say)}"
    if isinstance(command, Find):
        for place in snippets(assistant.system_prompt, *searched, most=1).shown:
            return f"{title}: {mrkdwn(str(place), 200)}"
    return title


def _places(assistant: Assistant, searched: Sequence[Choice], say: Say) -> list[Block]:
    """Where the prompt says it. In rich text nothing is mark-up, and a part of a word can be bold too."""
    places = snippets(assistant.system_prompt, *searched, most=PLACES)
    if not places:
        return []
    further = say.count(
        places.further, "and {number} more place in this prompt", "and {number} more places in this prompt"
    )
    return [
        blocks.rich_list(
            [*(_place(place, say) for place in places.shown), *([[(further, False)]] if places.further else [])]
        )
    ]


def _place(place: Snippet, say: Say) -> list[tuple[str, bool]]:
    return [
        (say("line {number}: ", number=say.number(place.line)), False),
        (clean(place.before), False),
        (blocks.cut(clean(place.hit), _HIT), True),
        (clean(place.after), False),
    ]
