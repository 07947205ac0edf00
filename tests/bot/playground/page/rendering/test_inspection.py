import json
from urllib.parse import unquote

from bot.playground import Interaction, Message, View
from bot.playground.limits import problems
from bot.playground.page.rendering import inspected
from bot.playground.workspace import GENERAL
from tests.bot.playground.page.rendering.gallery import BLOCKS, plain
from tests.bot.playground.page.rendering.markup import Element, read


def copied(page: Element) -> list[object]:
    """What the buttons copy."""
    return [
        json.loads(page.one(id=one.attributes["data-copies"]).text) for one in page if "data-copies" in one.attributes
    ]


def test_a_message_is_shown_as_the_builder_takes_it_with_the_envelope_that_it_came_of() -> None:
    interaction = Interaction("/assistants", user="U1")
    interaction.envelope = {"envelope_id": "e1", "payload": {"text": "</code><script>"}}
    payload = {"text": "brief", "blocks": BLOCKS[:2]}
    page = read(inspected(Message(GENERAL, "1.1", payload), interaction))
    assert copied(page) == [{"blocks": BLOCKS[:2]}, interaction.envelope]
    assert json.loads(unquote(page.one("a").attributes["href"].partition("#")[2])) == {"blocks": BLOCKS[:2]}
    assert "Slack takes all of it." in page.text


def test_what_slack_objects_to_is_listed_and_what_people_miss() -> None:
    payload = {"blocks": [{"type": "header", "text": plain("x" * 151)}, {"type": "nonsense"}]}
    page = read(inspected(Message(GENERAL, "1.1", payload), language="de"))
    listed = [one.text for one in page.all("li")]
    assert listed[: len(problems(payload))] == problems(payload) != []
    assert "notifications" in listed[-1]
    assert "Es kam nicht von einer Interaktion." in page.text


def test_a_text_becomes_a_block_a_card_comes_along_and_a_view_is_shown_as_it_was_sent() -> None:
    card = {"blocks": BLOCKS[:1]}
    said = inspected(Message(GENERAL, "1.1", {"text": "only *this*", "attachments": [card]}))
    assert copied(read(said)) == [
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "only *this*"}}], "attachments": [card]}
    ]
    view = {"type": "modal", "title": plain("T"), "blocks": BLOCKS}
    page = read(inspected(View("V1", "h", view)))
    assert copied(page) == [view]


def test_what_is_too_long_for_an_address_is_only_copied() -> None:
    blocks = [{"type": "section", "text": plain("ä" * 2_900)}] * 4
    page = read(inspected(Message(GENERAL, "1.1", {"text": "x", "blocks": blocks})))
    assert page.all("a") == []
    assert copied(page) == [{"blocks": blocks}]
