"""One of every block and element that the page draws, and the surfaces that they are drawn on."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.playground import forms
from bot.playground.page.rendering import Surface
from bot.playground.page.rendering.surfaces import Kind
from bot.playground.people import BEN, PERSON
from bot.playground.workspace import GENERAL, Workspace
from tests.clocks import ManualClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Json = dict[str, Any]


def surface(user: str = PERSON, state: forms.State | None = None, kind: Kind = "message", **given: Any) -> Surface:
    """A surface in a fresh workspace; ada is English, ben German, both in Berlin."""
    workspace = given.pop("workspace", None) or Workspace(ManualClock())
    return Surface(workspace.users[user], workspace, state or {}, kind, NOW, **{"key": "m1", **given})


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(*words: str) -> list[Json]:
    return [{"text": plain(word.title()), "value": word} for word in words]


def _select(kind: str, **given: Any) -> Json:
    return {"type": kind, "placeholder": plain(f"Placeholder of {kind}"), **given}


DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
MARKDOWN = """
# Top

**bold** ~~gone~~ <b>raw</b> [link](https://example.org) ![pic](https://example.org/p.png)

| a | b |
|---|---|
| 1 | 2 |

- item
"""
CONFIRM = {
    "title": plain("Sure?"),
    "text": marked("It is *gone* then."),
    "confirm": plain("Do it"),
    "deny": plain("No"),
}
ELEMENTS: list[Json] = [
    {"type": "button", "text": plain("Press me"), "value": "v"},
    {"type": "button", "text": plain("Primary"), "style": "primary", "accessibility_label": "Primary, spoken"},
    {"type": "button", "text": plain("Danger"), "style": "danger", "confirm": CONFIRM},
    {"type": "button", "text": plain("Elsewhere"), "url": "https://example.org/?a=1&b=2"},
    {"type": "workflow_button", "text": plain("Workflow")},
    {
        "type": "overflow",
        "options": [*options("edit", "remove"), {"text": plain("Site"), "url": "https://example.org"}],
    },
    {"type": "overflow", "options": options("forget"), "confirm": CONFIRM},
    _select("static_select", options=options("red", "green"), initial_option=options("green")[0]),
    _select("static_select", option_groups=[{"label": plain("Colours"), "options": options("blue", "pink")}]),
    _select("static_select", options=options("never"), confirm=CONFIRM),
    _select("external_select", initial_option=options("suggested")[0]),
    _select("users_select", initial_user=BEN),
    _select("conversations_select", initial_conversation=GENERAL),
    _select("channels_select"),
    _select("multi_static_select", options=options("one", "two", "three"), initial_options=options("one", "three")),
    _select("multi_external_select"),
    _select("multi_users_select", initial_users=[PERSON, BEN]),
    _select("multi_conversations_select", filter={"include": ["im"]}),
    _select("multi_channels_select", initial_channels=[GENERAL]),
    {"type": "checkboxes", "options": options("tea", "milk"), "initial_options": options("milk")},
    {
        "type": "radio_buttons",
        "options": [{**options("slow")[0], "description": marked("_in time_")}, *options("fast")],
    },
    _select("datepicker", initial_date="2026-03-02"),
    _select("timepicker", initial_time="13:37"),
    {"type": "datetimepicker", "initial_date_time": 1772445600},
]
FIELDS: list[Json] = [
    _select("plain_text_input", initial_value='Say "hi" & <bye>'),
    _select("plain_text_input", multiline=True, initial_value="\n\nfirst\n second"),
    _select("email_text_input", initial_value="ada@example.org"),
    _select("number_input", is_decimal_allowed=True, initial_value="1.5"),
    _select("url_text_input"),
]
RICH: list[Json] = [
    {
        "type": "text",
        "text": "everything",
        "style": dict.fromkeys(("bold", "italic", "strike", "code", "underline"), True),
    },
    {"type": "text", "text": " *literal* :smile: <b>"},
    {"type": "link", "url": "https://example.org/rich", "text": "a link"},
    {"type": "link", "url": "javascript:alert(1)", "text": "a trap"},
    {"type": "user", "user_id": BEN},
    {"type": "channel", "channel_id": GENERAL},
    {"type": "usergroup", "usergroup_id": "S0OPERATOR"},
    {"type": "broadcast", "range": "here"},
    {"type": "emoji", "name": "nameless", "unicode": "1f914"},
    {"type": "emoji", "name": "bell"},
    {"type": "date", "timestamp": 1772359200, "format": "{date_num}", "fallback": "fallback"},
    {"type": "color", "value": "#ff0000"},
]
SECTION = {"type": "rich_text_section", "elements": RICH}
BLOCKS: list[Json] = [
    {"type": "header", "text": plain("A header")},
    {"type": "section", "text": marked("A *section* with an accessory"), "accessory": ELEMENTS[0]},
    {"type": "section", "fields": [marked("*Left*\n1"), plain("right")]},
    {"type": "section", "text": marked("Menu"), "accessory": ELEMENTS[5]},
    {
        "type": "context",
        "elements": [
            marked("a `context`"),
            {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "An icon"},
        ],
    },
    {"type": "divider"},
    *({"type": "actions", "elements": [element]} for element in ELEMENTS),
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain("Good"), "value": "1"},
                "negative_button": {"text": plain("Bad"), "value": "0"},
            },
            {"type": "icon_button", "icon": "trash", "text": plain("Throw away")},
        ],
    },
    *(
        {"type": "input", "label": plain(f"Label of {element['type']}"), "hint": plain("A hint"), "element": element}
        for element in [*FIELDS, *ELEMENTS[10:]]
    ),
    {"type": "input", "label": plain("Told at once"), "element": FIELDS[0], "dispatch_action": True, "optional": True},
    {
        "type": "image",
        "image_url": "https://example.org/big.png",
        "alt_text": "A big image",
        "title": plain("Its title"),
    },
    {"type": "image", "image_url": DOT, "alt_text": "A small image"},
    {"type": "markdown", "text": MARKDOWN},
    {
        "type": "rich_text",
        "elements": [
            SECTION,
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "indent": 1, "elements": [SECTION, SECTION]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "bullet"}]}],
            },
            {"type": "rich_text_quote", "elements": RICH},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "  pre\n  formatted"}]},
        ],
    },
    {
        "type": "table",
        "column_settings": [{"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Head"}, {"type": "raw_text", "text": "Second"}],
            [{"type": "raw_number", "value": 7}, {"type": "rich_text", "elements": [SECTION]}],
        ],
    },
    {"type": "alert", "level": "warning", "text": marked("An *alert*")},
    {
        "type": "card",
        "title": marked("A card"),
        "subtitle": plain("Subtitle"),
        "body": marked("Body"),
        "icon": {"type": "image", "image_url": "https://example.org/c.png", "alt_text": "Card icon"},
        "hero_image": {"type": "image", "image_url": "https://example.org/h.png", "alt_text": "Hero"},
        "actions": [{"type": "button", "text": plain("On the card")}],
    },
    {
        "type": "video",
        "title": plain("A video"),
        "video_url": "https://example.org/v",
        "thumbnail_url": "https://example.org/t.png",
        "alt_text": "What it shows",
        "author_name": "Somebody",
        "description": plain("Described"),
    },
    {"type": "file", "external_id": "ABCD1", "source": "remote"},
]
UNKNOWN: list[Json] = [
    {"type": "data_visualization", "title": "A chart"},
    {"type": "input", "label": plain("A file"), "element": {"type": "file_input"}},
    {"type": "hologram", "depth": [1, 2]},
    {"type": "section", "text": marked("shown all the same"), "accessory": {"type": "lever"}},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_poem"}, {"type": "rich_text_section", "elements": [{"type": "smell"}]}],
    },
    {"type": "table", "rows": [[{"type": "sparkline"}]]},
    {"type": "table"},
    {"type": "header"},
]


def words(value: Any) -> Iterator[str]:
    """Every text and label in a block that is read as it stands, whatever is chosen."""
    if isinstance(value, Mapping):
        if value.get("type") == "plain_text" or (value.get("type") == "text" and isinstance(value.get("text"), str)):
            yield str(value["text"])
        for name, one in value.items():
            yield from words(one) if name != "placeholder" else ()
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
