from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.limits import BLOCKS, advice, problems

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
    ("a table on Home", home(table()), "unsupported type: table [json-pointer:/blocks/0]"),
    ("an empty cell", message(table(length=0)), "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0]"),
    ("rows that are no list", message({"type": "table", "rows": 7}), "must be an array [json-pointer:/blocks/0/rows]"),
    ("a row that is no list", message({"type": "table", "rows": [7]}),
     "must be an array [json-pointer:/blocks/0/rows/0]"),
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


def test_a_message_without_blocks_has_no_limits_here() -> None:
    assert problems({"text": "x" * 50_000}) == []
    assert problems({"text": "x", "attachments": ["x", {"fields": [{"title": "x"}]}]}) == []


def test_a_payload_that_is_no_object_is_a_problem() -> None:
    assert problems([]) == ["must be an object [json-pointer:]"]


def test_advice_is_what_slack_accepts_all_the_same() -> None:
    without = "without a text, notifications and screen readers say nothing of the blocks [json-pointer:/text]"
    assert advice({"blocks": []}) == advice({"text": " "}) == advice(None) == [without]
    assert advice({"text": "x" * 4_000}) == []
    assert advice({"text": "x" * 4_001}) == ["should be at most 4000 characters [json-pointer:/text]"]


def test_a_payload_may_be_as_deep_as_it_likes() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"type": [deep]}
    assert isinstance(problems(message({"type": "section", "text": deep})), list)


KEYS = ["type", "text", "blocks", "elements", "fields", "options", "rows", "confirm", "block_id", "action_id", "title"]
HOSTILE = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.sampled_from(sorted({*BLOCKS, "modal", "home", "button"})),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(payload=HOSTILE)
def test_no_payload_makes_the_check_itself_fail(payload: Any) -> None:
    assert all(isinstance(problem, str) for problem in problems(payload) + advice(payload))
