"""An assistant's variables as a table: what is declared, what its texts use, and what doesn't fit together; pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.translation import Say
from bot.views import blocks, long_texts, phrases
from bot.views.escape import clean, code
from bot.views.long_texts import Part
from shared.models import Assistant
from shared.variables import SYSTEM_VARIABLES, Variables, variables

NAMED = 20
"""Of many variables with the same problem, the first are named."""


def table(assistant: Assistant, defaults: Mapping[str, str], say: Say, *, sees_prompt: bool) -> Iterator[Part]:
    """All that are declared (`defaults`, as they may be shown) or used, and below what is wrong with them.

    Who may not see the prompt is told of the greeting's alone.
    """
    found = variables(assistant if sees_prompt else assistant.model_copy(update={"system_prompt": ""}))
    title = say("Variables")
    rows = [*_rows(found, defaults, say)]
    if not rows:
        yield Part(blocks.section(say("None is declared or used.")), title)
        return
    where = say("Used in") if sees_prompt else say("Used in the greeting")
    yield from long_texts.preformatted(title, long_texts.columns([(say("Name"), say("Default"), where), *rows]))
    for note in _notes(found, say, sees_prompt=sees_prompt):
        yield Part(blocks.section(note))


def _rows(found: Variables, defaults: Mapping[str, str], say: Say) -> Iterator[tuple[str, str, str]]:
    called = _places(found, say, system=False)
    filled_in = _places(found, say, system=True)
    for name in found.declared:
        yield clean(name), defaults[clean(name)], called.get(name, "–")
    for name in found.undeclared:
        yield clean(name), say("(not declared)"), called[name]
    for name, places in filled_in.items():
        known = say("(filled in at the call)") if name in SYSTEM_VARIABLES else say("(no system variable)")
        yield f"{{{{{clean(name)}}}}}", known, places


def _places(found: Variables, say: Say, *, system: bool) -> dict[str, str]:
    """In which texts each variable is used, in the order in which they come."""
    texts = ((say("greeting"), found.greeting), (say("prompt"), found.prompt))
    places: dict[str, dict[str, None]] = {}
    for text, uses in texts:
        for use in uses:
            if use.system is system:
                places.setdefault(use.name, {})[text] = None
    return {name: ", ".join(texts) for name, texts in places.items()}


def _notes(found: Variables, say: Say, *, sees_prompt: bool) -> Iterator[str]:
    if found.undeclared:
        yield say(
            "⚠️ Used, but not declared: {names}. Each call has to bring a value.",
            names=_named([f"{{{name}}}" for name in found.undeclared], say),
        )
    if found.unknown:
        yield say(
            "⚠️ No system variable: {names}. Nothing is filled in there.",
            names=_named([f"{{{{{name}}}}}" for name in found.unknown], say),
        )
    # The prompt may use it.
    if found.unused and sees_prompt:
        yield say("Declared, but not used: {names}.", names=_named(found.unused, say))


def _named(names: Sequence[str], say: Say) -> str:
    return phrases.listed([code(name, 60) for name in names], NAMED, say)
