import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.limits import BLOCKS as KNOWN_TO_SLACK
from bot.playground.limits import problems
from bot.playground.page.rendering import rendered, rendered_attachments
from bot.playground.people import BEN
from bot.playground.workspace import Workspace
from tests.bot.playground.page.rendering.gallery import BLOCKS, ELEMENTS, FIELDS, RICH, UNKNOWN, surface, words
from tests.bot.playground.page.rendering.markup import Element, read
from tests.clocks import ManualClock

TYPES = sorted({*KNOWN_TO_SLACK, *(one["type"] for one in [*ELEMENTS, *FIELDS, *RICH])})
PLACES = ("text", "elements", "element", "accessory", "rows", "fields", "options", "label", "hint", "style", "confirm")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(PLACES) | st.text(max_size=8), inner, max_size=4)
        | st.builds(
            lambda kind, rest: {**rest, "type": kind},
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(PLACES), inner, max_size=4),
        )
    ),
    max_leaves=25,
)


def unknown(page: Element) -> list[tuple[str, Any]]:
    """What the page says that it can't show, and the JSON of it."""
    found = [one for one in page.all("details") if "unknown" in one.classes]
    return [(one.one("summary").text, json.loads(one.one("code").text)) for one in found]


def test_every_block_that_slack_takes_is_drawn_with_all_its_words() -> None:
    assert problems({"blocks": [one for one in BLOCKS if one["type"] in {"section", "context", "rich_text"}]}) == []
    page = read(rendered(BLOCKS, surface()))
    assert unknown(page) == []
    shown = page.text + "".join(
        " ".join(one.attributes.get(name, "") for name in ("placeholder", "label", "value")) for one in page
    )
    assert [word for word in words(BLOCKS) if word not in shown] == []


def test_what_the_page_can_not_draw_says_so_and_shows_its_json() -> None:
    page = read(rendered(UNKNOWN, surface()))
    said = unknown(page)
    assert [sentence.split()[-1] for sentence, _ in said] == [
        *("data_visualization.", "file_input.", "hologram.", "lever.", "rich_text_poem.", "smell.", "sparkline."),
        *("table.", "header."),
    ]
    assert said[2][1]["depth"] == [1, 2]
    assert "shown all the same" in page.text
    german = read(rendered(UNKNOWN[2:3], surface(BEN)))
    assert german.one("summary").text == "Diese Seite kann hologram nicht zeigen."


def test_no_type_of_block_vanishes() -> None:
    for kind in sorted(KNOWN_TO_SLACK - {"divider"}):
        page = read(rendered([{"type": kind, "text": "canary"}], surface()))
        assert "canary" in page.text, kind


def test_blocks_that_are_none_are_shown_too() -> None:
    blocks: list[Any] = ["a", None, 3, {}, [1], {"type": ["x"]}]
    assert len(unknown(read(rendered(blocks, surface())))) == len(blocks)
    nested: Any = "deep"
    for _ in range(5_000):
        nested = [nested]
    page = read(rendered([{"type": "x", "y": nested}], surface()))
    assert page.one("code").text == "(nested too deep to be shown)"


@settings(max_examples=60, deadline=None)
@given(st.lists(ANYTHING, max_size=3))
def test_no_json_makes_the_page_fail_or_an_element_of_its_own(blocks: list[Any]) -> None:
    page = read(rendered(blocks, surface()))
    assert not page.all("script")
    read(rendered_attachments(blocks, surface()))


@pytest.mark.parametrize(
    "hostile",
    ['"><script>alert(1)</script>', "' onload='x", "javascript:alert(1)", "\u202e\ud800\x00</p>", "*א* " * 250, ""],
    ids=("tag", "attribute", "address", "unseen", "long", "nothing"),
)
def test_no_string_anywhere_leaves_its_place(hostile: str) -> None:
    def poisoned(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: poisoned(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [poisoned(one, name) for one in value]
        kept = name in {"type", "style", "initial_date_time", "timestamp"} or not isinstance(value, str)
        return value if kept else hostile

    on = surface(errors={f"b{number}": hostile for number in range(len(BLOCKS))}, key=hostile)
    poison: list[Any] = [poisoned(one) for one in BLOCKS]
    page = read(rendered(poison, on))
    calm = read(rendered(BLOCKS, surface()))
    assert {one.tag for one in page} - {one.tag for one in calm} <= {"div", "p"}
    assert not page.all("script")


def test_an_image_is_shown_where_it_is_here_and_linked_where_it_is_elsewhere() -> None:
    workspace = Workspace(ManualClock())
    _, picture = workspace.uploads.announce("chart 1.png", 3)
    _, sheet = workspace.uploads.announce("sheet.csv", 3)
    blocks: list[dict[str, Any]] = [
        {"type": "image", "slack_file": {"id": picture.id}, "alt_text": "A chart"},
        {"type": "image", "slack_file": {"id": sheet.id}, "alt_text": "No image"},
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "Far away"},
        {"type": "image", "image_url": "data:text/html,<script>", "alt_text": "A trap"},
    ]
    page = read(rendered(blocks, surface(workspace=workspace)))
    assert [(one.attributes["src"], one.attributes["alt"]) for one in page.all("img")] == [
        (f"/files/{picture.id}", "A chart")
    ]
    assert [one.attributes["href"] for one in page.all("a")] == ["https://example.org/a.png"]
    assert all(words in page.text for words in ("No image", "Far away", "A trap"))


def test_attachments_have_their_blocks_or_the_texts_of_old() -> None:
    old = {
        "pretext": "before *it*",
        "title": "Title",
        "title_link": "https://example.org",
        "text": "_text_",
        "fields": [{"title": "Field", "value": "value"}],
        "footer": "foot",
    }
    page = read(
        rendered_attachments([{"blocks": BLOCKS[:3]}, old, {"fallback": "only this"}, {"title": "T"}], surface())
    )
    assert [word for word in words(BLOCKS[:3]) if word not in page.text] == []
    assert [one.text for one in page.all("strong")][-2:] == ["it", "Field"]
    assert page.one("a", href="https://example.org").text == "Title"
    assert all(word in page.text for word in ("text", "value", "foot", "only this"))
