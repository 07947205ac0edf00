"""What can be wrong with one object of a payload by itself."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.limits import rules
from bot.playground.limits.things import located, text_of, type_of

Json = Mapping[str, Any]


def problems_of(at: str, kind: str, thing: Json) -> Iterator[str]:
    """Everything that is wrong with this object, whatever it stands in."""
    for check in _CHECKS:
        yield from check(at, kind, thing)


def count_problems(at: str, parts: object, least: int, most: int) -> Iterator[str]:
    """A list that is none, too long or too short."""
    if parts is None:
        return
    if not isinstance(parts, list):
        yield located(at, "must be an array")
    elif len(parts) > most:
        yield located(at, f"no more than {most} items allowed")
    elif len(parts) < least:
        yield located(at, f"no fewer than {least} items allowed")


def _range_problems(at: str, number: object, least: int, most: int) -> Iterator[str]:
    if number is None:
        return
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        yield located(at, f"must be a number from {least} to {most}")


def _required_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    for alternatives in rules.REQUIRED.get(kind, ()):
        if all(thing.get(name) is None for name in alternatives):
            yield located(at, f"missing required field: {' or '.join(alternatives)}")
    name = rules.RICH_REQUIRED.get(kind)
    if name is not None and thing.get(name) in (None, ""):
        yield located(at, f"missing required field: {name}")


def _measured_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    for name, most in rules.LENGTHS.get(kind, {}).items():
        if len(text_of(thing.get(name))) > most:
            yield located(f"{at}/{name}", f"must be less than {most + 1} characters")
    for name, (least, most) in rules.COUNTS.get(kind, {}).items():
        yield from count_problems(f"{at}/{name}", thing.get(name), least, most)
    for name, (least, most) in rules.RANGES.get(kind, {}).items():
        yield from _range_problems(f"{at}/{name}", thing.get(name), least, most)


def _word_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    for name, words in rules.WORDS.get(kind, {}).items():
        said = thing.get(name)
        for word in said if isinstance(said, list) else [said]:
            if isinstance(word, str) and word not in words:
                yield located(f"{at}/{name}", f"must be one of {', '.join(sorted(words))}")


def _text_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    for name, types in rules.TEXTS.get(kind, {}).items():
        if thing.get(name) is not None and type_of(thing[name]) not in types:
            yield located(f"{at}/{name}", f"must be a {' or '.join(sorted(types))} object")
    if (kind in rules.EITHER or kind in rules.BY_PLACE.values()) and not text_of(thing):
        yield located(f"{at}/text", "must be more than 0 characters")


def _property_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    known = rules.PROPERTIES.get(type_of(thing) if kind in rules.BY_PLACE.values() else kind)
    if known:
        yield from (located(at, f"invalid additional property: {name}") for name in thing if name not in known)


def _part_problems(at: str, kind: str, thing: Json) -> Iterator[str]:
    for name, types in rules.PARTS.get(kind, {}).items():
        value = thing.get(name)
        if name in {"accessory", "element"}:
            parts = [] if value is None else [(f"{at}/{name}", value)]
        else:
            listed = value if isinstance(value, list) else []
            parts = [(f"{at}/{name}/{number}", part) for number, part in enumerate(listed)]
        yield from (
            located(place, f"unsupported element: {type_of(part)}")
            for place, part in parts
            if type_of(part) not in types
        )


def _menu_problems(at: str, kind: str, menu: Json) -> Iterator[str]:
    if kind not in rules.WITH_OPTIONS:
        return
    if menu.get("options") is not None and menu.get("option_groups") is not None:
        yield located(at, "only one of options and option_groups is allowed")
    groups = [(at, menu), *(_listed(f"{at}/option_groups", menu.get("option_groups")))]
    options = [one for place, group in groups for one in _listed(f"{place}/options", _part(group, "options"))]
    for place, option in options:
        yield from _option_problems(place, kind, option)
    first = _listed(f"{at}/initial_options", menu.get("initial_options"))
    if menu.get("initial_option") is not None:
        first.append((f"{at}/initial_option", menu["initial_option"]))
    for place, option in first:
        if option not in [one for _, one in options]:
            yield located(place, "must be one of the options")


def _option_problems(at: str, kind: str, option: Any) -> Iterator[str]:
    if not isinstance(option, Mapping):
        yield located(at, "must be an object")
        return
    if kind not in rules.CHECKS and type_of(option.get("text")) == "mrkdwn":
        yield located(f"{at}/text", "must be a plain_text object")
    if kind != "overflow" and option.get("url") is not None:
        yield located(f"{at}/url", "only options of an overflow menu have a url")


def _text_input_problems(at: str, kind: str, element: Json) -> Iterator[str]:
    if kind != "plain_text_input":
        return
    least, most, value = element.get("min_length"), element.get("max_length"), element.get("initial_value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield located(f"{at}/min_length", "must not be more than max_length")
    if isinstance(most, int) and isinstance(value, str) and len(value) > most:
        yield located(f"{at}/initial_value", "must not be longer than max_length")


def _listed(at: str, values: object) -> list[tuple[str, Any]]:
    return [(f"{at}/{number}", value) for number, value in enumerate(values)] if isinstance(values, list) else []


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


_CHECKS: tuple[Callable[[str, str, Json], Iterator[str]], ...] = (
    _required_problems,
    _measured_problems,
    _word_problems,
    _text_problems,
    _property_problems,
    _part_problems,
    _menu_problems,
    _text_input_problems,
)
