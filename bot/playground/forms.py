"""What people can press, choose and fill in on a message or a view, and what Slack then tells of it: pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
State = dict[str, dict[str, dict[str, Any]]]
"""`state.values`: by block_id, then by action_id."""

# By type of element: under which name its state holds what was chosen, and which property fills it at first.
STATEFUL: dict[str, tuple[str, str]] = {
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "external_select": ("selected_option", "initial_option"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}
BUTTONS = frozenset({"button", "workflow_button", "icon_button", "feedback_buttons"})
MENUS = frozenset({*STATEFUL, "overflow"})
TYPED = frozenset({"email_text_input", "number_input", "plain_text_input", "rich_text_input", "url_text_input"})


@dataclass(frozen=True)
class Control:
    """One interactive element where it stands, ids filled in. `attachment`: in which it is, from 1; 0 is in none."""

    block_id: str
    action_id: str
    element: Json
    block: Json
    attachment: int = 0

    @property
    def type(self) -> str:
        return str(self.element.get("type"))

    @property
    def words(self) -> str:
        """What a person reads on it, or before it."""
        named = self.element.get("text") or self.block.get("label") or self.element.get("placeholder")
        return str(named.get("text", "")) if isinstance(named, Mapping) else ""

    @property
    def is_input(self) -> bool:
        return self.block.get("type") == "input"


def identified(payload: Json) -> dict[str, Any]:
    """The payload as Slack gives it back: every block and every interactive element has its id; in attachments too."""
    known, attachments = _with_ids(payload, ""), payload.get("attachments")
    if isinstance(attachments, list):
        known["attachments"] = [
            _with_ids(one, f"t{number}.") if isinstance(one, Mapping) else one for number, one in enumerate(attachments)
        ]
    return known


def controls(payload: Json) -> list[Control]:
    """Everything interactive, in reading order."""
    known = identified(payload)
    return [
        Control(str(block["block_id"]), str(element["action_id"]), element, block, number)
        for number, part in enumerate((known, *_objects(known.get("attachments"))))
        for block in _objects(part.get("blocks"))
        for element in _elements(block)
    ]


def find(payload: Json, name: str, types: Collection[str], what: str) -> Control:
    """The control that is meant: by `action_id` or block_id/action_id, its words, or the beginning of either.

    Raises:
        LookupError: there is none, or more than one; says which there are.
    """
    among = [control for control in controls(payload) if control.type in types]
    for matching in (
        [one for one in among if name in {one.action_id, f"{one.block_id}/{one.action_id}"}],
        [one for one in among if name in {one.words, one.block_id}],
        [one for one in among if one.action_id.startswith(name)],
        [one for one in among if one.words.casefold().startswith(name.casefold())],
    ):
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise LookupError(f"more than one {what} {name!r}: {_listed(matching)}")
    raise LookupError(f"no {what} {name!r} in this message or view; there is {_listed(among) or 'none'}")


def values(payload: Json, filled: State) -> State:
    """`state.values`: what was filled in, and what the bot had filled in before anybody did."""
    state: State = {}
    for control in controls(payload):
        if control.type in STATEFUL:
            kept = filled.get(control.block_id, {}).get(control.action_id)
            fresh = initial(control.element)
            same = kept is not None and kept["type"] == fresh["type"]
            state.setdefault(control.block_id, {})[control.action_id] = kept if same and kept is not None else fresh
    return state


def initial(element: Json) -> dict[str, Any]:
    """The state of an element that nobody has touched."""
    kind = str(element.get("type"))
    name, before = STATEFUL[kind]
    nothing: Any = [] if name.endswith("s") else None
    return {"type": kind, name: element.get(before, nothing)}


def chosen(element: Json, value: Any, ids: Collection[str] = (), offered: Sequence[Json] = ()) -> dict[str, Any]:
    """What was chosen, as an action and the state carry it: {"selected_option": {…}}. None is nothing.

    `ids`: what a menu of people or channels offers; `offered`: the options that the bot suggested.

    Raises:
        LookupError: the element does not offer that.
    """
    kind = str(element.get("type"))
    if kind == "overflow":
        return {"selected_option": _option(element, value, ())}
    name, _ = STATEFUL[kind]
    if name == "selected_options":
        return {name: [_option(element, one, offered) for one in _many(value)]}
    if name == "selected_option":
        return {name: None if value is None else _option(element, value, offered)}
    if name.startswith("selected_") and kind.endswith("_select"):
        for one in _many(value):
            if one not in ids:
                raise LookupError(f"{kind} does not offer {one!r}; it offers {', '.join(sorted(ids))}")
        return {name: _many(value) if name.endswith("s") else value}
    return {name: value}


def missing(payload: Json, state: State) -> list[str]:
    """The labels of the fields that have to be filled in and are not, and what else Slack's form objects to."""
    words = {control.block_id: control.words for control in controls(payload)}
    return [f"{words[block_id]}: {problem}" for block_id, problem in objections(payload, state).items()]


def objections(payload: Json, state: State) -> dict[str, str]:
    """What Slack's form objects to before it is sent, by block_id."""
    found = {}
    for control in controls(payload):
        if control.is_input and control.type in STATEFUL:
            value = state[control.block_id][control.action_id][STATEFUL[control.type][0]]
            problem = _objection(control, value)
            if problem:
                found[control.block_id] = problem
    return found


def _objection(control: Control, value: Any) -> str:
    if value in (None, "", []):
        return "" if control.block.get("optional") else "Please complete this required field."
    if control.type == "plain_text_input" and isinstance(value, str):
        least, most = control.element.get("min_length", 0), control.element.get("max_length", 3_000)
        if not least <= len(value) <= most:
            return f"between {least} and {most} characters"
    return ""


def options(element: Json) -> list[Json]:
    """The options of a menu, those in groups too."""
    groups = [element, *_objects(element.get("option_groups"))]
    return [option for group in groups for option in _objects(group.get("options"))]


def _option(element: Json, value: Any, offered: Sequence[Json]) -> Json:
    among = [*options(element), *offered]
    for option in among:
        text = option.get("text")
        if value == option.get("value") or (isinstance(text, Mapping) and value == text.get("text")):
            return option
    there = ", ".join(repr(option.get("value")) for option in among)
    raise LookupError(f"{element.get('type')} does not offer {value!r}; it offers {there or 'nothing'}")


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _with_ids(part: Json, before: str) -> dict[str, Any]:
    blocks = part.get("blocks")
    if not isinstance(blocks, list):
        return dict(part)
    return {
        **part,
        "blocks": [
            _identified(f"{before}{number}", block) if isinstance(block, Mapping) else block
            for number, block in enumerate(blocks)
        ],
    }


def _identified(number: str, block: Json) -> Json:
    named = {**block, "block_id": block.get("block_id", f"b{number}")}
    for place in ("accessory", "element"):
        if _is_interactive(block.get(place)):
            named[place] = _with_action_id(block[place], f"a{number}")
    for place in ("elements", "actions"):
        if isinstance(block.get(place), list) and block.get("type") != "rich_text":
            named[place] = [
                _with_action_id(element, f"a{number}.{index}") if _is_interactive(element) else element
                for index, element in enumerate(block[place])
            ]
    return named


def _elements(block: Json) -> Iterator[Json]:
    alone = _objects([block.get("accessory"), block.get("element")])
    yield from (element for element in alone if _is_interactive(element))
    for place in ("elements", "actions"):
        yield from (element for element in _objects(block.get(place)) if _is_interactive(element))


def _is_interactive(element: Any) -> bool:
    return isinstance(element, Mapping) and str(element.get("type")) in MENUS | BUTTONS


def _with_action_id(element: Json, action_id: str) -> dict[str, Any]:
    return {**element, "action_id": element.get("action_id", action_id)}


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _listed(among: Sequence[Control]) -> str:
    return ", ".join(f"{one.action_id!r} ({one.words})" for one in among)
