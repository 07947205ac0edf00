from bot.playground import LocalSlack, Message, View
from bot.playground.page.rendering import filled, inspected, meant, rendered, rendered_attachments, rendered_text
from bot.playground.people import BEN, PERSON
from shared.demo import DemoApi
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.playground.page.rendering.gallery import surface
from tests.bot.playground.page.rendering.markup import Element, read, sent

TYPED = {
    PERSON: (
        *("help", "outbound active", "compare 42 57", 'find "quote"', "health", "settings", "history 42", "nonsense"),
        *("subscribe active on:status", "mute 42 2h test", "quiet 20-8", "export csv", "audit", "test", "log"),
    ),
    BEN: ("hilfe", "show 42", "abonnieren aktiv"),
}


def drawn(slack: LocalSlack, what: Message | View, user: str) -> Element:
    """The whole of it as this user sees it."""
    on = surface(user, slack.state(what), workspace=slack.workspace)
    blocks, text = what.payload.get("blocks"), what.payload.get("text", "")
    html = rendered(blocks, on) if blocks else rendered_text(text, on)
    return read(html + rendered_attachments(what.payload.get("attachments") or (), on))


async def test_all_that_the_bot_says_can_be_shown_filled_in_and_inspected(
    bot: Runtime[SlackSettings], slack: LocalSlack, demo_api: DemoApi
) -> None:
    for user, typed in TYPED.items():
        shown: list[Message | View] = []
        for one in typed:
            interaction = await slack.type_command(f"/assistants {one}", user=user)
            answer = await interaction.answer()
            # A modal is opened at once, and filled when the answer is there.
            shown.append(await interaction.view() if isinstance(answer, View) else answer)
        shown.append(await (await slack.open_home(user)).view())
        for what in shown:
            page = drawn(slack, what, user)
            assert not [one for one in page.all("details") if "unknown" in one.classes], what.as_text()
            assert page.text.strip()
            # A form that nobody has touched changes nothing.
            before = slack.state(what)
            slack.fill(what, filled(what.payload, sent(page), slack.workspace.users[user]), user=user)
            assert slack.state(what) == before
            came_of = slack.came_of(what)
            assert came_of is not None
            assert str(came_of.envelope["envelope_id"]) in read(inspected(what, came_of)).text

    card = await (await slack.share_link(f"Look: {demo_api.base_url}/assistants/42")).reply()
    assert "Sales Follow-up" in drawn(slack, card, PERSON).one("strong").text
    action = drawn(slack, card, PERSON).one("button", name="action").attributes["value"]
    control, _ = meant(card.payload, action)
    pressed = await slack.press(card, f"{control.block_id}/{control.action_id}")
    assert pressed.envelope["payload"]["container"]["type"] == "message_attachment"
    waiting, details = await pressed.view(), await pressed.view()
    assert waiting.id == details.id
    assert "Sales Follow-up" in drawn(slack, details, PERSON).one("h3").text
