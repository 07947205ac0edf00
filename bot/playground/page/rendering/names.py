"""The names of form fields: which control each is, and what was filled in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground import forms
from bot.playground.people import User

Json = Mapping[str, Any]


def named(block_id: str, action_id: str, *index: int) -> str:
    """`block_id|action_id`, and after it the index of an option; what is `|` in an id is `%7C`."""
    ids = (part.replace("%", "%25").replace("|", "%7C") for part in (block_id, action_id))
    return "|".join((*ids, *map(str, index)))


def meant(payload: Json, action: str) -> tuple[forms.Control, str | None]:
    """The control of this message or view that an `action` names, and the value of its option, if it names one.

    Raises:
        LookupError: there is no such control, or no such option.
    """
    for control in forms.controls(payload):
        if named(control.block_id, control.action_id) == action:
            return control, None
        for index, option in enumerate(forms.options(control.element) if control.type == "overflow" else ()):
            if named(control.block_id, control.action_id, index) == action:
                return control, option_value(option)
    raise LookupError(f"there is nothing named {action!r} here")


def option_value(option: Json) -> str:
    """What a form sends for an option; one without a value is known by its words."""
    text = option.get("text")
    words = text.get("text") if isinstance(text, Mapping) else text
    return str(option.get("value") or words or "")


def filled(payload: Json, form: Mapping[str, Sequence[str]], user: User) -> dict[str, Any]:
    """What a form of this message or view holds, by `block_id/action_id`: what `LocalSlack.fill` and `submit` take.

    `form`: all the values by name. A field that it does not have was left as it is, unless any number may be chosen
    there, of which a browser may send none. `user`: whose zone the times of day are in.
    """
    values = {}
    for control in forms.controls(payload):
        name = named(control.block_id, control.action_id)
        if control.type in forms.STATEFUL and (name in form or _takes_several(control)):
            values[f"{control.block_id}/{control.action_id}"] = _value(control, form.get(name, ()), user)
    return values


def _value(control: forms.Control, sent: Sequence[str], user: User) -> Any:
    # Browsers send a line's end as HTTP has it.
    chosen = [one.replace("\r\n", "\n") for one in sent if one]
    if _takes_several(control):
        return chosen
    if not chosen:
        return None
    match control.type:
        case "datetimepicker":
            return int(datetime.fromisoformat(chosen[0]).replace(tzinfo=ZoneInfo(user.tz)).timestamp())
        case "rich_text_input":
            text = {"type": "rich_text_section", "elements": [{"type": "text", "text": chosen[0]}]}
            return {"type": "rich_text", "elements": [text]}
    return chosen[0]


def _takes_several(control: forms.Control) -> bool:
    return forms.STATEFUL[control.type][0].endswith("s")
