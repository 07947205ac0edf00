"""Interactive elements as form controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground import forms, offers, plain
from bot.playground.page.rendering import dates
from bot.playground.page.rendering.drawing import Drawing
from bot.playground.page.rendering.names import named, option_value
from bot.playground.page.rendering.templates import drawn

Json = Mapping[str, Any]

_TEMPLATES = {
    "button": "button",
    "channels_select": "select",
    "checkboxes": "choices",
    "conversations_select": "select",
    "datepicker": "input",
    "datetimepicker": "input",
    "email_text_input": "input",
    "external_select": "select",
    "feedback_buttons": "feedback_buttons",
    "icon_button": "button",
    "multi_channels_select": "multi_select",
    "multi_conversations_select": "multi_select",
    "multi_external_select": "multi_select",
    "multi_static_select": "multi_select",
    "multi_users_select": "multi_select",
    "number_input": "input",
    "overflow": "overflow",
    "plain_text_input": "input",
    "radio_buttons": "choices",
    "rich_text_input": "textarea",
    "static_select": "select",
    "timepicker": "input",
    "url_text_input": "input",
    "users_select": "select",
    "workflow_button": "button",
}
_INPUTS = {
    "datepicker": "date",
    "datetimepicker": "datetime-local",
    "email_text_input": "email",
    "number_input": "number",
    "timepicker": "time",
    "url_text_input": "url",
}
GROUPS = frozenset({"checkboxes", "radio_buttons"})
"""Elements that are several controls, and so are named otherwise than by a `<label>`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu. `shown` may have formatting, `plain` has none."""

    value: str
    shown: Markup
    plain: str
    description: Markup
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    """One interactive element as its template draws it. `options`: by the name of their group, "" for none.

    `dispatch`: what `action` is when the bot is told of it at once, or ""; `labelled`: a label of its own stands
    before it; `described`: the ids of what explains it; `action`: its name.
    """

    element: Json
    action: str
    id: str
    value: str
    options: Sequence[tuple[str, Sequence[Option]]]
    dispatch: str
    labelled: bool
    described: str
    is_invalid: bool
    is_optional: bool
    block_id: str
    action_id: str

    @property
    def type(self) -> str:
        return str(self.element.get("type"))

    @property
    def input_type(self) -> str:
        """Of the HTML element."""
        return _INPUTS.get(self.type, "text")

    @property
    def style(self) -> str:
        """The class of a button; nothing that is not one of Slack's."""
        style = self.element.get("style")
        return f" {style}" if style in {"danger", "primary"} else ""

    @property
    def confirm(self) -> Json | None:
        """What asks before it does what it does."""
        confirm = self.element.get("confirm")
        return confirm if isinstance(confirm, Mapping) else None

    @property
    def flat(self) -> list[Option]:
        """All options."""
        return [option for _, options in self.options for option in options]

    @property
    def chosen(self) -> list[Option]:
        """Those that are chosen."""
        return [option for option in self.flat if option.is_chosen]

    @property
    def is_suggested(self) -> bool:
        """Whether the bot suggests the options while somebody types."""
        return self.type.endswith("external_select")

    def option_action(self, index: int) -> str:
        """What `action` is when this option of an overflow menu is pressed."""
        return named(self.block_id, self.action_id, index)


def element(thing: Json, block: Json, drawing: Drawing) -> Markup:
    """The control, or what says that this page has none of this kind."""
    template = _TEMPLATES.get(str(thing.get("type")))
    if template is None:
        return drawing.unknown(thing)
    if thing.get("type") == "plain_text_input" and thing.get("multiline"):
        template = "textarea"
    return drawn(f"elements/{template}.html", template, field(thing, block, drawing), drawing)


def field(thing: Json, block: Json, drawing: Drawing) -> Field:
    """The element with all that its template asks for."""
    block_id, action_id = str(block.get("block_id")), str(thing.get("action_id"))
    held = _held(thing, drawing.state.get(block_id, {}).get(action_id, {}))
    action, is_input = named(block_id, action_id), block.get("type") == "input"
    tells = (not is_input or bool(block.get("dispatch_action"))) and not isinstance(thing.get("confirm"), Mapping)
    own = drawing.id(block_id, action_id)
    notes = [f"{own}-hint"] if is_input and block.get("hint") else []
    wrong = is_input and block_id in drawing.on.errors
    return Field(
        element=thing,
        action=action,
        id=own,
        value=_value(thing, held, drawing),
        options=_options(thing, held, drawing),
        dispatch=action if tells else "",
        labelled=is_input,
        described=" ".join([*notes, *([f"{own}-error"] if wrong else [])]),
        is_invalid=wrong,
        is_optional=bool(block.get("optional")),
        block_id=block_id,
        action_id=action_id,
    )


def _held(thing: Json, state: Json) -> Any:
    name, _ = forms.STATEFUL.get(str(thing.get("type")), ("", ""))
    return state.get(name)


def _value(thing: Json, held: Any, drawing: Drawing) -> str:
    """What a text field or picker has in it."""
    if held is None:
        return ""
    match thing.get("type"):
        case "datetimepicker":
            return dates.moment(held, drawing.on.user).replace(tzinfo=None).isoformat(timespec="minutes")
        case "rich_text_input":
            return plain.block_as_text(held)
    return str(held)


def _options(thing: Json, held: Any, drawing: Drawing) -> list[tuple[str, list[Option]]]:
    kind = str(thing.get("type"))
    if kind.endswith(("users_select", "channels_select", "conversations_select")):
        return [("", _people_and_places(thing, held, drawing))]
    chosen = [option_value(one) for one in drawing.objects(held)]
    groups = [("", drawing.objects(thing.get("options")))]
    if kind.endswith("external_select"):
        offered = [*drawing.on.offered.get(str(thing.get("action_id")), ()), *drawing.objects(held)]
        groups = [("", list({option_value(one): one for one in offered}.values()))]
    for group in drawing.objects(thing.get("option_groups")):
        groups.append((drawing.plain(group.get("label")), drawing.objects(group.get("options"))))
    return [(label, [_option(one, chosen, drawing) for one in options]) for label, options in groups if options]


def _option(option: Json, chosen: Sequence[str], drawing: Drawing) -> Option:
    text, value = option.get("text"), option_value(option)
    return Option(
        value=value,
        shown=drawing.text(text),
        plain=drawing.plain(text),
        description=drawing.text(option.get("description")),
        is_chosen=value in chosen,
        url=str(option.get("url") or ""),
    )


def _people_and_places(thing: Json, held: Any, drawing: Drawing) -> list[Option]:
    workspace, user = drawing.on.workspace, drawing.on.user
    chosen = [held] if isinstance(held, str) else held or []
    offered = offers.ids(workspace, thing, user.id)
    names = {one.id: f"@{one.name}" for one in workspace.users.values()}
    for channel in workspace.channels.values():
        names[channel.id] = names.get(channel.name, channel.name) if channel.is_direct else f"#{channel.name}"
    return [
        Option(one, Markup(), names[one], Markup(), one in chosen, "") for one in sorted(offered, key=names.__getitem__)
    ]
