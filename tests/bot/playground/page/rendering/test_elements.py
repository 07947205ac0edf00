from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import forms
from bot.playground.page.rendering import filled, meant, named, rendered, rendered_attachments
from bot.playground.people import BEN, PERSON
from bot.playground.workspace import GENERAL, RANDOM
from tests.bot.playground.page.rendering.gallery import BLOCKS, CONFIRM, ELEMENTS, FIELDS, Json, options, plain, surface
from tests.bot.playground.page.rendering.markup import read, sent

GALLERY: Json = {"blocks": BLOCKS}


def values(payload: Json, state: forms.State | None = None) -> dict[str, Any]:
    """What every field holds, by its name."""
    return {
        f"{block_id}/{action_id}": held[forms.STATEFUL[held["type"]][0]]
        for block_id, actions in forms.values(payload, state or {}).items()
        for action_id, held in actions.items()
    }


def as_chosen(value: Any) -> Any:
    """The same as a form has it: options by their value, nothing as None."""
    if isinstance(value, list):
        return [as_chosen(one) for one in value]
    return value["value"] if isinstance(value, dict) and "value" in value else value or None


def test_a_form_that_nobody_touches_sends_what_the_bot_had_filled_in() -> None:
    page = read(rendered(BLOCKS, surface()))
    held = {name: as_chosen(value) for name, value in values(GALLERY).items()}
    # A menu from which nothing was chosen sends nothing.
    assert held | filled(GALLERY, sent(page), surface().user) == held
    assert {'Say "hi" & <bye>', "\n\nfirst\n second", 1772445600, "green"} <= {
        value for value in filled(GALLERY, sent(page), surface().user).values() if isinstance(value, str | int)
    }


def test_what_was_filled_in_goes_before_what_the_bot_had_filled_in() -> None:
    payload = {
        "blocks": [
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {**ELEMENTS[7], "action_id": "colour"},
                    {**ELEMENTS[14], "action_id": "numbers"},
                    {**ELEMENTS[19], "action_id": "drinks"},
                ],
            }
        ]
    }
    state: forms.State = {
        "b": {
            "colour": {"type": "static_select", "selected_option": options("red")[0]},
            "numbers": {"type": "multi_static_select", "selected_options": options("two")},
            "drinks": {"type": "checkboxes", "selected_options": []},
        }
    }
    page = read(rendered(payload["blocks"], surface(state=state)))
    assert sent(page) == {"b|colour": ["red"], "b|numbers": ["two"]}
    assert filled(payload, sent(page), surface().user) == {"b/colour": "red", "b/numbers": ["two"], "b/drinks": []}
    assert page.one("summary").text == "Two"


def test_everything_that_can_be_pressed_says_which_control_it_is() -> None:
    page = read(rendered(BLOCKS, surface()))
    pressed = [one.attributes["value"] for one in page.all("button", name="action")]
    dispatched = [one.attributes["data-dispatch"] for one in page if "data-dispatch" in one.attributes]
    meanings = [meant(GALLERY, action) for action in [*pressed, *dispatched]]
    known = {
        (control.block_id, control.action_id)
        for control in forms.controls(GALLERY)
        if control.type in forms.BUTTONS | {"overflow"}
    }
    assert known <= {(control.block_id, control.action_id) for control, _ in meanings}
    assert {"edit", "remove", "Site", "forget"} == {option for _, option in meanings if option is not None}
    with pytest.raises(LookupError, match=r"nothing named 'b0\|nothing'"):
        meant(GALLERY, "b0|nothing")


def test_a_field_of_a_form_tells_only_where_the_bot_asked_for_it() -> None:
    page = read(rendered(BLOCKS, surface()))
    telling = {one.attributes["data-dispatch"] for one in page if "data-dispatch" in one.attributes}
    inputs = {
        named(one.block_id, one.action_id): bool(one.block.get("dispatch_action"))
        for one in forms.controls(GALLERY)
        if one.is_input
    }
    assert {name for name in inputs if name in telling} == {name for name, tells in inputs.items() if tells} != set()


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
@settings(max_examples=100)
def test_no_two_controls_have_one_name(block: str, action: str, other_block: str, other_action: str) -> None:
    same = (block, action) == (other_block, other_action)
    assert (named(block, action) == named(other_block, other_action)) == same
    payload = {"blocks": [{"type": "actions", "block_id": block, "elements": [{**ELEMENTS[0], "action_id": action}]}]}
    control, option = meant(payload, named(block, action))
    assert (control.block_id, control.action_id, option) == (block, action, None)


def test_what_asks_first_has_its_button_behind_the_question() -> None:
    for number, asking in ((2, "button"), (9, "static_select"), (6, "overflow")):
        element = {**ELEMENTS[number], "action_id": "a"}
        assert (element["type"], element["confirm"]) == (asking, CONFIRM)
        page = read(rendered([{"type": "actions", "block_id": "b", "elements": [element]}], surface()))
        dialog = page.one("div", role="alertdialog")
        assert "popover" in dialog.attributes
        opening = page.all("button", popovertarget=dialog.attributes["id"])[0]
        assert opening.attributes["type"] == "button"
        assert [one.text.strip() for one in dialog.all("button")] == ["No", "Do it"]
        assert meant(
            {"blocks": [{"type": "actions", "block_id": "b", "elements": [element]}]},
            page.one("button", name="action").attributes["value"],
        )
        assert page.one("button", name="action") in list(dialog)
        assert not [one for one in page if "data-dispatch" in one.attributes]
        assert page.one(id=dialog.attributes["aria-labelledby"]).text == "Sure?"
        assert page.one(id=dialog.attributes["aria-describedby"]).one("strong").text == "gone"
    plain_words = {**ELEMENTS[0], "confirm": {"title": plain("T"), "text": plain("x"), "style": "danger"}}
    german = read(rendered([{"type": "actions", "elements": [plain_words]}], surface(BEN)))
    assert [one.text.strip() for one in german.one("div", role="alertdialog").all("button")] == ["Abbrechen", "Ja"]
    assert "danger" in german.one("button", name="action").classes


@pytest.mark.parametrize("element", [*FIELDS, *ELEMENTS[7:9], *ELEMENTS[10:]], ids=lambda one: str(one["type"]))
def test_a_field_is_named_explained_and_corrected(element: Json) -> None:
    block = {"type": "input", "block_id": "b", "label": plain("Label"), "hint": plain("Hint"), "element": element}
    page = read(rendered([block], surface(kind="modal", errors={"b": "Wrong <b>"})))
    label = next(one for one in page if "label" in one.classes)
    labelled = [one for one in page if one.attributes.get("aria-labelledby") == label.attributes["id"]]
    control = page.one(id=label.attributes["for"]) if "for" in label.attributes else labelled[0]
    described = [page.one(id=one).text for one in control.attributes["aria-describedby"].split()]
    assert described == ["Hint", "Wrong <b>"]
    assert page.one("p", role="alert").text == "Wrong <b>"
    if "for" in label.attributes:
        assert control.attributes["aria-invalid"] == "true"


def test_every_field_outside_of_a_form_has_a_name_for_screen_readers() -> None:
    page = read(rendered([{"type": "actions", "elements": [one]} for one in ELEMENTS], surface()))
    for one in page:
        if one.tag == "select" or (one.tag == "input" and one.attributes["type"] not in {"checkbox", "radio"}):
            assert one.attributes["aria-label"], one
    assert page.one("button", aria_label="Primary, spoken").text == "Primary"
    # The group is named; each of its boxes by the label around it.
    assert all(group.attributes["aria-label"] for group in [*page.all(role="group"), *page.all(role="radiogroup")])


def test_nothing_can_be_used_on_a_surface_that_is_over() -> None:
    page = read(rendered([{"type": "actions", "elements": [one]} for one in ELEMENTS], surface(disabled=True)))
    assert sent(page) == {}
    for one in page:
        if one.tag in {"input", "select"} or (one.tag == "button" and one.attributes.get("type") == "submit"):
            inside = any(one in list(dialog) for dialog in page.all(role="alertdialog"))
            assert inside or "disabled" in one.attributes, one


def test_menus_of_people_and_places_offer_what_the_user_may_see() -> None:
    on = surface(BEN)
    on.workspace.add_channel("C0SECRET", "secret", members=(PERSON,), is_private=True)
    on.workspace.direct_channel(PERSON)
    elements = [{"type": f"{kind}_select", "action_id": kind} for kind in ("users", "channels", "conversations")]
    page = read(rendered([{"type": "actions", "block_id": "b", "elements": elements}], on))
    offered = {
        name: [one.text for one in page.one("select", name=f"b|{name}").all("option")][1:]
        for name in ("users", "channels", "conversations")
    }
    assert offered["users"] == ["@ada", "@ben", "@eve", "@famulor"]
    assert offered["channels"] == ["#general", "#partners", "#random"]
    assert offered["conversations"] == ["#general", "#partners", "#random", "@ben"]
    assert {GENERAL, RANDOM} <= {one.attributes["value"] for one in page.all("option")}


def test_a_menu_whose_options_the_bot_suggests_can_be_searched() -> None:
    element = {**ELEMENTS[10], "action_id": "sought"}
    page = read(
        rendered(
            [{"type": "actions", "block_id": "b", "elements": [element]}],
            surface(offered={"sought": options("found", "suggested")}),
        )
    )
    assert page.one("button", name="suggest").attributes["value"] == "b|sought"
    assert page.one("input", name="typed|b|sought").attributes["type"] == "search"
    menu = page.one("select", name="b|sought").all("option")
    assert [(one.text, "selected" in one.attributes) for one in menu] == [("Found", False), ("Suggested", True)]


def test_what_was_typed_is_read_as_it_was_meant() -> None:
    user = surface().user
    for element, typed, meaning in (
        ({"type": "plain_text_input"}, "a\r\nb", "a\nb"),
        ({"type": "plain_text_input"}, "", None),
        ({"type": "datetimepicker"}, "2026-03-02T11:00", 1772445600),
        ({"type": "timepicker"}, "07:00", "07:00"),
    ):
        payload = {"blocks": [{"type": "input", "block_id": "b", "element": {**element, "action_id": "a"}}]}
        assert filled(payload, {"b|a": [typed]}, user) == {"b/a": meaning}
    rich = {
        "blocks": [
            {
                "type": "input",
                "block_id": "b",
                "label": plain("L"),
                "element": {"type": "rich_text_input", "action_id": "a"},
            }
        ]
    }
    value = filled(rich, {"b|a": ["two\r\nlines"]}, user)["b/a"]
    state = {"b": {"a": {"type": "rich_text_input", "rich_text_value": value}}}
    assert read(rendered(rich["blocks"], surface(state=state))).one("textarea").text == "two\nlines"


def test_buttons_in_attachments_are_found_and_told_apart_from_those_of_the_message() -> None:
    payload: Json = {
        "blocks": [BLOCKS[1]],
        "attachments": [{"blocks": [BLOCKS[1]]}, {"text": "none"}, {"blocks": [BLOCKS[1]]}],
    }
    page = read(rendered(payload["blocks"], surface()) + rendered_attachments(payload["attachments"], surface()))
    actions = [one.attributes["value"] for one in page.all("button", name="action")]
    assert [meant(payload, action)[0].attachment for action in actions] == [0, 1, 3]
