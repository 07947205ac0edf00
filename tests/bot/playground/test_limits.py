from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CardBlock,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    ExternalDataSelectElement,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownBlock,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    TableBlock,
    VideoBlock,
)
from slack_sdk.models.views import View

from bot.playground.limits import BLOCKS, advice, problems, rules

Payload = dict[str, Any]


def plain(length: int = 1) -> Payload:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Payload:
    return {"type": "mrkdwn", "text": "x" * length}


def message(*blocks: Any) -> Payload:
    return {"text": "x", "blocks": list(blocks)}


def modal(*blocks: Any, **others: Any) -> Payload:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **others}


def home(*blocks: Any, **others: Any) -> Payload:
    return {"type": "home", "blocks": list(blocks), **others}


def section(length: int = 1, **others: Any) -> Payload:
    return {"type": "section", "text": mrkdwn(length), **others}


def actions(*elements: Any) -> Payload:
    return {"type": "actions", "elements": list(elements)}


def button(**others: Any) -> Payload:
    return {"type": "button", "text": plain(), **others}


def option(number: int = 0, **others: Any) -> Payload:
    return {"text": plain(), "value": str(number), **others}


def select(kind: str, *options: Any, **others: Any) -> Payload:
    return {"type": kind, "options": list(options), **others}


def confirm(**others: Any) -> Payload:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **others}


def text_input(**others: Any) -> Payload:
    return {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}, **others}


def text_element(**others: Any) -> Payload:
    return {"type": "plain_text_input", **others}


def rich(*elements: Any, kind: str = "rich_text_section", **others: Any) -> Payload:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements), **others}]}


def image(**others: Any) -> Payload:
    return {"type": "image", "image_url": "https://x", "alt_text": "x", **others}


def table(rows: int = 1, columns: int = 1, length: int = 1) -> Payload:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * length}] * columns] * rows}


def markdown(length: int) -> Payload:
    return {"type": "markdown", "text": "x" * length}


def options(count: int) -> list[Payload]:
    return [option(number) for number in range(count)]


LIMITS: list[tuple[str, int, Callable[[int], Payload]]] = [
    ("blocks in a message", 50, lambda n: message(*[{"type": "divider"}] * n)),
    ("blocks in a modal", 100, lambda n: modal(*[{"type": "divider"}] * n)),
    ("blocks in a Home", 100, lambda n: home(*[{"type": "divider"}] * n)),
    ("blocks in an attachment", 50, lambda n: {"attachments": [{"blocks": [{"type": "divider"}] * n}]}),
    ("characters in all", 13_000, lambda n: message(*[section(2_600)] * 4, section(n - 10_400))),
    ("section text", 3_000, lambda n: message(section(n))),
    ("field", 2_000, lambda n: message({"type": "section", "fields": [mrkdwn(n)]})),
    ("fields", 10, lambda n: message({"type": "section", "fields": [plain()] * n})),
    ("header", 150, lambda n: message({"type": "header", "text": plain(n)})),
    ("context elements", 10, lambda n: message({"type": "context", "elements": [mrkdwn()] * n})),
    ("context text", 3_000, lambda n: message({"type": "context", "elements": [mrkdwn(n)]})),
    ("actions elements", 25, lambda n: message(actions(*[button()] * n))),
    ("button text", 75, lambda n: message(actions(button(text=plain(n))))),
    ("button value", 2_000, lambda n: message(actions(button(value="x" * n)))),
    ("button url", 3_000, lambda n: message(actions(button(url="x" * n)))),
    ("button in a section", 75, lambda n: message(section(accessory=button(text=plain(n))))),
    ("option text", 75, lambda n: message(actions(select("static_select", option(text=plain(n)))))),
    ("option value", 150, lambda n: message(actions(select("static_select", option(value="x" * n))))),
    ("options", 100, lambda n: message(actions(select("static_select", *options(n))))),
    ("multi options", 100, lambda n: message(section(accessory=select("multi_static_select", *options(n))))),
    ("overflow", 5, lambda n: message(actions(select("overflow", *options(n))))),
    ("radio buttons", 10, lambda n: message(actions(select("radio_buttons", *options(n))))),
    ("checkboxes", 10, lambda n: message(actions(select("checkboxes", *options(n))))),
    ("options in a group", 100, lambda n: message(actions(
        {"type": "static_select", "option_groups": [{"label": plain(), "options": options(n)}]}))),
    ("group label", 75, lambda n: message(actions(
        {"type": "static_select", "option_groups": [{"label": plain(n), "options": options(1)}]}))),
    ("placeholder", 150, lambda n: message(actions(select("static_select", option(), placeholder=plain(n))))),
    ("action_id", 255, lambda n: message(actions(button(action_id="x" * n)))),
    ("block_id", 255, lambda n: message(section(block_id="x" * n))),
    ("callback_id of a modal", 255, lambda n: modal(callback_id="x" * n)),
    ("callback_id of a Home", 255, lambda n: home(callback_id="x" * n)),
    ("confirm title", 100, lambda n: message(actions(button(confirm=confirm(title=plain(n)))))),
    ("confirm text", 300, lambda n: message(actions(button(confirm=confirm(text=mrkdwn(n)))))),
    ("confirm yes", 30, lambda n: message(actions(button(confirm=confirm(confirm=plain(n)))))),
    ("confirm no", 30, lambda n: message(actions(button(confirm=confirm(deny=plain(n)))))),
    ("image alt text", 2_000, lambda n: message(image(alt_text="x" * n))),
    ("image title", 2_000, lambda n: message(image(title=plain(n)))),
    ("input label", 2_000, lambda n: modal(text_input(label=plain(n)))),
    ("view title", 24, lambda n: modal(title=plain(n))),
    ("view submit", 24, lambda n: modal(submit=plain(n))),
    ("view close", 24, lambda n: modal(close=plain(n))),
    ("modal private_metadata", 3_000, lambda n: modal(private_metadata="x" * n)),
    ("Home private_metadata", 3_000, lambda n: home(private_metadata="x" * n)),
    ("external_id of a modal", 255, lambda n: modal(external_id="x" * n)),
    ("message text", 40_000, lambda n: {"text": "x" * n}),
    ("initial value", 3_000, lambda n: modal(text_input(element=text_element(initial_value="x" * n)))),
    ("max_length", 3_000, lambda n: modal(text_input(element=text_element(max_length=n)))),
    ("min_length", 3_000, lambda n: modal(text_input(element=text_element(min_length=n)))),
    ("option groups", 100, lambda n: message(actions(
        {"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * n}))),
    ("option description", 75, lambda n: message(actions(select("radio_buttons", option(description=plain(n)))))),
    ("accessibility label", 75, lambda n: message(actions(button(accessibility_label="x" * n)))),
    ("column settings", 20, lambda n: message(table() | {"column_settings": [{"align": "left"}] * n})),
    ("blocks of an unfurl", 50, lambda n: {"unfurls": {"https://x/~1": {"blocks": [{"type": "divider"}] * n}}}),
    ("suggested options", 100, lambda n: {"options": options(n)}),
    ("suggested text", 75, lambda n: {"options": [option(text=plain(n))]}),
    ("files", 10, lambda n: modal(text_input(element={"type": "file_input", "max_files": n}))),
    ("markdown", 12_000, lambda n: message(markdown(6_000), markdown(n - 6_000))),
    ("table rows", 100, lambda n: message(table(rows=n))),
    ("table columns", 20, lambda n: message(table(columns=n))),
    ("table characters", 10_000, lambda n: message(
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 5_000},
                                    {"type": "raw_text", "text": "x" * (n - 5_000)}]]})),
]  # fmt: skip


@pytest.mark.parametrize(("most", "payload"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_a_limit_is_kept_at_n_and_broken_at_one_more(most: int, payload: Any) -> None:
    assert problems(payload(most)) == []
    [problem] = problems(payload(most + 1))
    assert str(most) in problem or str(most + 1) in problem


REFUSED: list[tuple[str, Payload, str]] = [
    ("an unknown block", message({"type": "hologram"}), "unsupported type: hologram [json-pointer:/blocks/0/type]"),
    ("a text as a block", message(section(), mrkdwn()), "unsupported type: mrkdwn [json-pointer:/blocks/1/type]"),
    ("no block", message("x"), "must be an object [json-pointer:/blocks/0]"),
    ("blocks that are no list", {"blocks": "x"}, "must be an array [json-pointer:/blocks]"),
    ("empty actions", message(actions()), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ("empty fields", message(section(fields=[])), "no fewer than 1 items allowed [json-pointer:/blocks/0/fields]"),
    ("fields that are no list", message(section(fields=7)), "must be an array [json-pointer:/blocks/0/fields]"),
    ("an empty section", message({"type": "section"}),
     "missing required field: text or fields [json-pointer:/blocks/0]"),
    ("an empty text", message(section(0)), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("an empty field", message({"type": "section", "fields": [plain(0)]}),
     "must be more than 0 characters [json-pointer:/blocks/0/fields/0/text]"),
    ("a bare text", message({"type": "section", "text": "x"}),
     "must be a mrkdwn or plain_text object [json-pointer:/blocks/0/text]"),
    ("a header in mrkdwn", message({"type": "header", "text": mrkdwn()}),
     "must be a plain_text object [json-pointer:/blocks/0/text]"),
    ("an image without words", message(image(alt_text=None)),
     "missing required field: alt_text [json-pointer:/blocks/0]"),
    ("a button in a context", message({"type": "context", "elements": [button()]}),
     "unsupported element: button [json-pointer:/blocks/0/elements/0]"),
    ("a text among actions", message(actions(plain())),
     "unsupported element: plain_text [json-pointer:/blocks/0/elements/0]"),
    ("the same action twice", message(actions(button(action_id="a")), actions(button(action_id="a"))),
     "action_id already exists: a [json-pointer:/blocks/1/elements/0/action_id]"),
    ("the same block twice", message(section(block_id="b"), section(block_id="b")),
     "block_id already exists: b [json-pointer:/blocks/1/block_id]"),
    ("an empty id", message(section(block_id="")),
     "must be a string of less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ("an id that is no text", message(section(block_id=["b"])),
     "must be a string of less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ("two tables", message(table(), table()), "only one table is allowed [json-pointer:/blocks/1]"),
    ("a table on Home", home(table()), "unsupported type: table [json-pointer:/blocks/0/type]"),
    ("an empty cell", message(table(length=0)), "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0]"),
    ("rows that are no list", message({"type": "table", "rows": 7}), "must be an array [json-pointer:/blocks/0/rows]"),
    ("a row that is no list", message({"type": "table", "rows": [7]}),
     "must be an array [json-pointer:/blocks/0/rows/0]"),
    ("an option that is none", message(actions(select("static_select", 7))),
     "must be an object [json-pointer:/blocks/0/elements/0/options/0]"),
    ("an option in mrkdwn", message(actions(select("static_select", option(text=mrkdwn())))),
     "must be a plain_text object [json-pointer:/blocks/0/elements/0/options/0/text]"),
    ("a link in a menu", message(actions(select("static_select", option(url="https://x")))),
     "only options of an overflow menu have a url [json-pointer:/blocks/0/elements/0/options/0/url]"),
    ("a menu without options", message(actions({"type": "static_select"})),
     "missing required field: options or option_groups [json-pointer:/blocks/0/elements/0]"),
    ("two kinds of options", message(actions(select(
        "static_select", option(), option_groups=[{"label": plain(), "options": [option()]}]))),
     "only one of options and option_groups is allowed [json-pointer:/blocks/0/elements/0]"),
    ("a first choice that is not there", message(actions(select("static_select", option(), initial_option=option(1)))),
     "must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]"),
    ("first choices that are not there", message(actions(select("checkboxes", option(), initial_options=[option(1)]))),
     "must be one of the options [json-pointer:/blocks/0/elements/0/initial_options/0]"),
    ("a style of its own", message(actions(button(style="secondary"))),
     "must be one of danger, primary [json-pointer:/blocks/0/elements/0/style]"),
    ("a property of its own", message(section(color="red")),
     "invalid additional property: color [json-pointer:/blocks/0]"),
    ("emoji in mrkdwn", message(section(text={**mrkdwn(), "emoji": True})),
     "invalid additional property: emoji [json-pointer:/blocks/0/text]"),
    ("verbatim in plain_text", message({"type": "section", "fields": [{**plain(), "verbatim": True}]}),
     "invalid additional property: verbatim [json-pointer:/blocks/0/fields/0]"),
    ("a view with what Slack adds", modal(id="V1"), "invalid additional property: id [json-pointer:]"),
    ("a field beside a section", message(section(accessory={"type": "plain_text_input"})),
     "unsupported element: plain_text_input [json-pointer:/blocks/0/accessory]"),
    ("a button as a field", modal(text_input(element=button())),
     "unsupported element: button [json-pointer:/blocks/0/element]"),
    ("a file in a message", message(text_input(element={"type": "file_input"})),
     "unsupported element: file_input [json-pointer:/blocks/0/element]"),
    ("markdown in a modal", modal(markdown(1)), "unsupported type: markdown [json-pointer:/blocks/0/type]"),
    ("a number that is none", modal(text_input(element=text_element(max_length="5"))),
     "must be a number from 1 to 3000 [json-pointer:/blocks/0/element/max_length]"),
    ("more than may be", modal(text_input(element=text_element(max_length=2, initial_value="xxx"))),
     "must not be longer than max_length [json-pointer:/blocks/0/element/initial_value]"),
    ("a least above the most", modal(text_input(element=text_element(min_length=3, max_length=2))),
     "must not be more than max_length [json-pointer:/blocks/0/element/min_length]"),
    ("a number field of no kind", modal(text_input(element={"type": "number_input"})),
     "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]"),
    ("an empty rich text", message({"type": "rich_text", "elements": []}),
     "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ("a rich text of texts", message({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}),
     "unsupported element: text [json-pointer:/blocks/0/elements/0]"),
    ("an empty word in a rich text", message(rich({"type": "text", "text": ""})),
     "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]"),
    ("a link to nowhere", message(rich({"type": "link", "text": "x"})),
     "missing required field: url [json-pointer:/blocks/0/elements/0/elements/0]"),
    ("a broadcast to the world", message(rich({"type": "broadcast", "range": "world"})),
     "must be one of channel, everyone, here [json-pointer:/blocks/0/elements/0/elements/0/range]"),
    ("a list without a style", message(rich(
        {"type": "rich_text_section", "elements": []}, kind="rich_text_list")),
     "missing required field: style [json-pointer:/blocks/0/elements/0]"),
    ("two with the focus", modal(*[text_input(element=text_element(focus_on_load=True))] * 2),
     "only one element may have the focus [json-pointer:/blocks/1/element/focus_on_load]"),
    ("a view over a quarter of a megabyte", home(*[section(3_000)] * 90),
     "view_too_large: must be less than 250001 bytes [json-pointer:]"),
    ("the arguments of a call", {"trigger_id": "1", "view": modal(title=None)},
     "missing required field: title [json-pointer:/view]"),
    ("an input without submit, in a call", {"view": modal(text_input(), submit=None)},
     "missing required field: submit, as there is an input [json-pointer:/view/submit]"),
    ("an unfurl", {"unfurls": {"https://x/~": {"blocks": [{"type": "hologram"}]}}},
     "unsupported type: hologram [json-pointer:/unfurls/https:~1~1x~1~0/blocks/0/type]"),
    ("an input without submit", modal(text_input(), submit=None),
     "missing required field: submit, as there is an input [json-pointer:/submit]"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "problem"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_slack_refuses_is_named_with_its_place(payload: Any, problem: str) -> None:
    assert problems(payload) == [problem]


def test_ids_may_be_the_same_where_they_are_of_different_kinds() -> None:
    assert problems(message(section(block_id="a"), actions(button(action_id="a")))) == []


def test_a_cell_counts_whatever_shows_in_it() -> None:
    cells = [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}
        for element in (
            {"type": "emoji", "name": "wave"},
            {"type": "user", "user_id": "U1"},
            {"type": "link", "url": "https://x"},
            {"type": "text", "text": "x"},
        )
    ]
    assert problems(message({"type": "table", "rows": [[*cells, {"type": "raw_number", "value": 7}]]})) == []


def test_what_stands_outside_of_blocks_has_no_limits_here() -> None:
    assert problems({"text": "x", "attachments": ["x", {"fields": [{"title": "x"}]}]}) == []


def test_a_form_with_everything_is_taken() -> None:
    menu = select("static_select", *options(3), initial_option=option(1), placeholder=plain())
    checks = select("checkboxes", option(text=mrkdwn()), option(1), initial_options=[option(1)])
    dispatch = {"trigger_actions_on": ["on_enter_pressed"]}
    text = text_element(multiline=True, min_length=1, max_length=9, initial_value="x", dispatch_action_config=dispatch)
    conversations = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
    assert problems(modal(
        section(accessory=select("overflow", option(url="https://x"), option(1))),
        text_input(element=menu), text_input(element=checks), text_input(element=text), actions(conversations),
        rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "emoji", "name": "wave"}),
        notify_on_close=True, clear_on_close=True,
    )) == []  # fmt: skip


def test_the_limits_of_the_sdk_are_ours() -> None:
    sdk = {
        ("section", "text"): SectionBlock.text_max_length,
        ("header", "text"): HeaderBlock.text_max_length,
        ("image", "alt_text"): ImageBlock.alt_text_max_length,
        ("image", "image_url"): ImageBlock.image_url_max_length,
        ("image", "title"): ImageBlock.title_max_length,
        ("input", "label"): InputBlock.label_max_length,
        ("input", "hint"): InputBlock.hint_max_length,
        ("button", "text"): ButtonElement.text_max_length,
        ("button", "url"): ButtonElement.url_max_length,
        ("button", "value"): ButtonElement.value_max_length,
        ("option", "text"): Option.label_max_length,
        ("option group", "label"): OptionGroup.label_max_length,
        ("confirm", "title"): ConfirmObject.title_max_length,
        ("confirm", "text"): ConfirmObject.text_max_length,
        ("confirm", "confirm"): ConfirmObject.confirm_max_length,
        ("video", "title"): VideoBlock.title_max_length,
        ("card", "body"): CardBlock.body_max_length,
        ("modal", "title"): View.title_max_length,
        ("modal", "private_metadata"): View.private_metadata_max_length,
    }
    ours = {**rules.LENGTHS, "section": {"text": rules.LENGTHS["mrkdwn"]["text"]}}
    measured = {(kind, name): ours[kind][name] for kind, name in sdk}
    assert measured == sdk
    assert (View.blocks_max_length, SectionBlock.block_id_max_length) == (rules.BLOCKS_IN_A_VIEW, rules.LONGEST_ID)
    assert rules.COUNTS["actions"]["elements"][1] == ActionsBlock.elements_max_length
    assert rules.COUNTS["context"]["elements"][1] == ContextBlock.elements_max_length
    assert rules.COUNTS["overflow"]["options"][1] == OverflowMenuElement.options_max_length


@pytest.mark.parametrize(
    "model",
    [
        SectionBlock(text="x"), HeaderBlock(text="x"), ActionsBlock(elements=[]), ContextBlock(elements=[]),
        InputBlock(label="x", element=PlainTextInputElement()), MarkdownBlock(text="x"), TableBlock(rows=[]),
        ButtonElement(text="x"), OverflowMenuElement(options=[]), StaticSelectElement(), PlainTextInputElement(),
        CheckboxesElement(), RadioButtonsElement(), ExternalDataSelectElement(),
    ],
    ids=lambda model: type(model).__name__,
)  # fmt: skip
def test_every_property_of_the_sdk_is_known(model: Any) -> None:
    # Its elements all inherit the alternative text of images.
    assert model.attributes - rules.PROPERTIES[model.type] <= {"alt_text"}


def test_a_payload_that_is_no_object_is_a_problem() -> None:
    assert problems([]) == ["must be an object [json-pointer:]"]


def test_advice_is_what_slack_accepts_all_the_same() -> None:
    without = "without a text, notifications and screen readers say nothing of the blocks [json-pointer:/text]"
    others: list[Payload] = [home(), modal(), {"view": modal()}, {"unfurls": {}}, {"options": []}]
    assert [advice(other) for other in others] == [[]] * 5
    assert advice({"blocks": []}) == advice({"text": " "}) == advice(None) == [without]
    assert advice({"text": "x" * 4_000}) == []
    assert advice({"text": "x" * 4_001}) == ["should be at most 4000 characters [json-pointer:/text]"]


def test_a_view_that_is_no_json_is_looked_at_all_the_same() -> None:
    assert problems(home({"type": "divider", "block_id": "x"} | {"type": "section", "text": {1, 2}})) == [
        "must be a mrkdwn or plain_text object [json-pointer:/blocks/0/text]"
    ]


def test_a_payload_may_be_as_deep_as_it_likes() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"type": [deep]}
    assert isinstance(problems(message({"type": "section", "text": deep})), list)


KEYS = [
    "options",
    "option_groups",
    "element",
    "accessory",
    "unfurls",
    "view",
    "style",
    "initial_option",
    "initial_options",
    "max_length",
    "include",
    "type",
    "text",
    "blocks",
    "elements",
    "fields",
    "options",
    "rows",
    "confirm",
    "block_id",
    "action_id",
    "title",
]
HOSTILE = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.sampled_from(sorted({*BLOCKS, "modal", "home", "button"})),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(payload=HOSTILE)
def test_no_payload_makes_the_check_itself_fail(payload: Any) -> None:
    assert all(isinstance(problem, str) for problem in problems(payload) + advice(payload))
