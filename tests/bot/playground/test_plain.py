from typing import Any

import pytest

from bot.playground.plain import as_text, block_as_text, view_as_text


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


WORD = {"type": "text", "text": "word"}
BUTTON = {"type": "button", "text": plain("Next page"), "action_id": "next"}

BLOCKS: list[tuple[dict[str, Any], str]] = [
    ({"type": "header", "text": plain("Outbound")}, "Outbound\n========"),
    ({"type": "section", "text": mrkdwn("*Anna*")}, "*Anna*"),
    ({"type": "section", "fields": [mrkdwn("one"), plain("two")]}, "one\ntwo"),
    ({"type": "section", "text": mrkdwn("a"), "accessory": BUTTON}, "a\n[Next page]"),
    ({"type": "context", "elements": [mrkdwn("a"), {"type": "image", "alt_text": "logo"}]}, "a · [image: logo]"),
    ({"type": "divider"}, "-" * 40),
    ({"type": "image", "alt_text": "a chart", "title": plain("Calls")}, "[Calls image: a chart]"),
    ({"type": "video", "alt_text": "a film", "title": plain("How to")}, "[How to image: a film]"),
    ({"type": "actions", "elements": [BUTTON, {**BUTTON, "url": "https://x.example"}]},
     "[Next page] [Next page] https://x.example"),
    ({"type": "actions", "elements": [{"type": "static_select", "placeholder": plain("Sort"), "options": [
        {"text": plain("name"), "value": "n"}, {"text": plain("state"), "value": "s"}]}]}, "[Sort: name / state]"),
    ({"type": "actions", "elements": [{"type": "static_select", "option_groups": [
        {"label": plain("g"), "options": [{"text": plain("a")}]}]}]}, "[static_select: a]"),
    ({"type": "actions", "elements": [{"type": "datepicker"}]}, "[datepicker]"),
    ({"type": "input", "label": plain("Name"), "hint": plain("A word"), "element": {"type": "plain_text_input"}},
     "Name: [plain_text_input]\nA word"),
    ({"type": "input", "label": plain("Name")}, "Name: "),
    ({"type": "markdown", "text": "**bold** &amp; &lt;"}, "**bold** &amp; &lt;"),
    ({"type": "alert", "level": "warning", "text": mrkdwn("Stale")}, "[warning] Stale"),
    ({"type": "card", "title": mrkdwn("Anna"), "body": mrkdwn("active"), "actions": [BUTTON]},
     "Anna\nactive\n[Next page]"),
    ({"type": "table", "rows": [
        [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "On"}],
        [{"type": "rich_text", "elements": [rich(WORD, {"type": "text", "text": "\nx"})]},
         {"type": "raw_number", "value": 7}],
        [{"type": "raw_text", "text": "short"}]]},
     "Name   | On\nword x | 7\nshort"),
    ({"type": "rich_text", "elements": [rich(
        WORD, {"type": "link", "url": "https://x", "text": "x"}, {"type": "link", "url": "https://y"},
        {"type": "emoji", "name": "wave"}, {"type": "user", "user_id": "U1"}, {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"}, {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 7}, {"type": "date", "timestamp": 7, "fallback": "today"},
        {"type": "color", "value": "#fff"}, {"type": "hologram"})]},
     "wordx (https://x)https://y:wave:@U1#C1@S1@here7today#fff[unknown element: hologram]"),
    ({"type": "rich_text", "elements": [
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a\nb"}]},
        {"type": "rich_text_preformatted", "elements": [WORD]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [rich(WORD)]},
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [rich(WORD), rich(WORD)]},
        {"type": "rich_text_spiral"}]},
     "> a\n> b\nword\n  - word\n3. word\n4. word\n[unknown block: rich_text_spiral]"),
    ({"type": "hologram"}, "[unknown block: hologram]"),
    ({}, "[unknown block: None]"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "text"), BLOCKS)
def test_each_block_is_shown_with_all_its_text(block: dict[str, Any], text: str) -> None:
    assert block_as_text(block) == text


def test_blocks_stand_in_for_the_text_and_one_below_the_other() -> None:
    payload = {"text": "fallback", "blocks": [{"type": "section", "text": mrkdwn("a")}, {"type": "divider"}]}
    assert as_text(payload) == f"a\n{'-' * 40}"
    assert as_text({"text": "fallback"}) == "fallback"
    assert as_text({}) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&lt;!channel&gt; R&amp;D", "<!channel> R&D"),
        ("&amp;lt;", "&lt;"),
        ("<https://x.example|Anna>", "Anna (https://x.example)"),
        ("<https://x.example>", "https://x.example"),
        ("<https://x.example|https://x.example>", "https://x.example"),
        ("<@U1> <@U1|ada> <#C1|general> <#C1>", "@U1 @ada #general #C1"),
        ("<!here> <!date^1^{date}|1 March>", "@here 1 March"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_mrkdwn_is_read_as_slack_reads_it(text: str, shown: str) -> None:
    assert as_text({"text": text}) == shown
    assert as_text({"blocks": [{"type": "section", "text": mrkdwn(text)}]}) == shown


def test_plain_text_knows_escapes_but_no_references() -> None:
    assert as_text({"blocks": [{"type": "section", "text": plain("<@U1> R&amp;D")}]}) == "<@U1> R&D"


def test_a_name_cannot_steer_the_terminal() -> None:
    assert as_text({"text": "a\x1b[2Jb\u202ec\x9bd\re\tf\ng"}) == "a�[2Jb�c�d�e\tf\ng"


def test_attachments_follow() -> None:
    payload = {
        "text": "a",
        "attachments": [
            {"pretext": "b", "title": "c", "text": "d"},
            {"blocks": [{"type": "section", "text": mrkdwn("e")}, {"type": "hologram"}]},
            {"fallback": "f"},
            {},
        ],
    }
    assert as_text(payload) == "a\nb\nc\nd\ne\n[unknown block: hologram]\nf"


def test_files_follow_with_their_size() -> None:
    files = [{"title": "All", "name": "a.csv", "size": 7}, {"name": "b.csv"}, {}]
    assert as_text({"text": "a", "files": files}) == "a\n[file: All, 7 bytes]\n[file: b.csv]\n[file: ]"


def test_a_view_has_a_title_and_buttons() -> None:
    blocks = [{"type": "section", "text": mrkdwn("a\x1b[2J")}]
    view = {"title": plain("Form"), "blocks": blocks, "submit": plain("Send"), "close": plain("Close")}
    assert view_as_text(view) == "Form\n====\na�[2J\n[Send] [Close]"
    assert view_as_text({"type": "home", "blocks": [{"type": "divider"}]}) == "-" * 40


@pytest.mark.parametrize("odd", [None, 7, "x", [], ["x"], {}, {"text": 7}, [[7]], {"type": "rich_text_list"}])
@pytest.mark.parametrize("kind", sorted({str(block.get("type")) for block, _ in BLOCKS}))
def test_odd_values_never_raise(kind: str, odd: Any) -> None:
    names = ("text", "fields", "elements", "accessory", "rows", "title", "element", "label", "hint", "body")
    assert isinstance(block_as_text({"type": kind, **dict.fromkeys(names, odd)}), str)
    deeper = {"type": kind, "elements": [{"type": "rich_text_list", "indent": odd, "elements": odd}]}
    assert isinstance(block_as_text(deeper), str)
    assert isinstance(as_text({"text": odd, "blocks": odd, "attachments": odd, "files": odd}), str)
    assert isinstance(view_as_text({"title": odd, "blocks": odd, "submit": odd, "close": odd}), str)
