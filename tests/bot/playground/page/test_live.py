import asyncio
import json

import aiohttp
import pytest
from markupsafe import Markup
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, GENERAL, PERSON, RANDOM, LocalSlack
from bot.playground.page.live import changed
from bot.playground.page.regions import Piece, Region, piece
from tests.bot.playground.bots import actions, button, home, modal
from tests.bot.playground.page.looking import Browser, live, region, words
from tests.bot.playground.page.rendering.markup import Element


def version(one: Element) -> str:
    return next(child.attributes["data-version"] for child in one.children if isinstance(child, Element))


async def test_what_happens_comes_to_whoever_may_see_it_piece_by_piece(
    ada: Browser, ben: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    first = slack.workspace.post(GENERAL, {"text": "Already here"}, author=BEN)
    async with live(ada) as hers, live(ben) as his, live(ada, f"C0GENERAL1?thread={first.ts}") as beside:
        await hers.shows("Already here")
        before = len(hers.told)

        await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="Between us")
        await hers.shows("Between us")
        # Only what is new was sent again: the message, and what is behind it.
        assert [name.partition("-")[0] for name in hers.told[before:]] == ["panel", "main"]

        posted = await client.chat_postMessage(channel=GENERAL, text="Draft", blocks=[actions(button("go"))])
        await his.shows("Go")
        assert "Between us" not in his.words("messages")
        await client.chat_update(channel=GENERAL, ts=posted["ts"], text="Done", blocks=[])
        await his.shows("bearbeitet")
        assert "Go" not in his.words("messages").split()
        assert len(his.pieces["messages"]) == 3
        await client.chat_delete(channel=GENERAL, ts=str(posted["ts"]))
        await his.until(lambda stream: "Done" not in stream.words("messages"))
        assert list(his.pieces["messages"])[1:] == [f"main-{first.ts}"]

        slack.workspace.post(GENERAL, {"text": "In the thread"}, author=PERSON, thread_ts=first.ts)
        await beside.shows("In the thread", "thread")
        await hers.shows("1 reply")
        assert "In the thread" not in hers.words("messages")

        slack.workspace.delete(first)
        await beside.shows("This message was deleted. ", "thread")
        assert "In the thread" in beside.words("thread")


async def test_a_stream_and_a_page_say_the_same(ada: Browser, slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=GENERAL, text="Well?", blocks=[actions(button("go"))])
    await client.views_publish(user_id=PERSON, view=home(actions(button("go"))))
    for path in ("C0GENERAL1", "home", "messages"):
        page = await ada.look(path)
        async with live(ada, path) as stream:
            shown = {one.attributes["data-region"]: one for one in page if "data-region" in one.attributes}
            assert shown.keys() == stream.pieces.keys()
            for name, pieces in stream.pieces.items():
                versions = [one.attributes["data-version"] for one in shown[name] if "data-version" in one.attributes]
                assert versions == [version(one) for one in pieces.values()]


async def test_what_is_unread_elsewhere_is_counted_until_somebody_looks(
    ada: Browser, ben: Browser, slack: LocalSlack
) -> None:
    async with live(ada) as hers:
        for number in range(3):
            slack.workspace.post(RANDOM, {"text": f"Number {number}"}, author=BEN)
        slack.workspace.post(RANDOM, {"text": "Mine"}, author=PERSON)
        await hers.shows("random 3 unread", "channels")
        slack.workspace.post(GENERAL, {"text": "Seen at once"}, author=BEN)
        await hers.shows("Seen at once")
        assert "general 1" not in hers.words("channels")
        await ada.look("C0RANDOM01")
        await hers.until(lambda stream: "unread" not in stream.words("channels"))
    # What Ben has said himself is nothing new to him.
    assert words(region(await ben.look("home"), "channels")) == "generalrandom 1 ungelesen"


async def test_modals_and_homes_open_change_and_close_by_themselves(
    ada: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    async with live(ada, "home") as hers:
        await client.views_publish(user_id=PERSON, view=home(actions(button("go", "Everything"))))
        await hers.shows("Everything", "home")
        interaction = await slack.shortcut("any")
        assert interaction.failed_because == "dispatch_failed"
        trigger = interaction.envelope["payload"]["trigger_id"]
        opened = await client.views_open(trigger_id=trigger, view=modal(actions(button("one"))))
        await hers.shows("One", "dialog")
        await client.views_update(view_id=opened["view"]["id"], view=modal(actions(button("two"))))
        await hers.shows("Two", "dialog")
        assert list(hers.pieces["dialog"]) == [f"modal-{opened['view']['id']}"]
        await slack.close()
        await hers.until(lambda stream: not stream.pieces["dialog"])


async def test_a_language_that_is_changed_changes_the_page(
    ada: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="Between us")
    async with live(ada) as hers:
        assert "Messages" in hers.words("apps")
        await hers.shows("Only visible to you")
        slack.workspace.set_locale(PERSON, "de-DE")
        await hers.shows("Nachrichten", "apps")
        await hers.shows("Nur für dich sichtbar")


async def test_a_quiet_stream_says_that_it_is_still_there(
    ada: Browser, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.page.live.HEARTBEAT", 0.01)
    async with ada.http.get(ada.address("C0GENERAL1/live")) as answer:
        async for line in answer.content:
            if line.startswith(b":"):
                break
        assert line == b": still here\n"


async def test_streams_end_with_the_playground_and_those_that_are_left_do_no_harm(http: aiohttp.ClientSession) -> None:
    async with LocalSlack() as slack:
        ada = Browser(http, slack)
        for _ in range(3):
            async with live(ada):
                pass
        answers = [await http.get(ada.address("C0GENERAL1/live")) for _ in range(20)]
        for number in range(50):
            slack.workspace.post(GENERAL, {"text": f"Number {number}."}, author=BEN)
        await slack.stop()
        bodies = await asyncio.gather(*(answer.read() for answer in answers), return_exceptions=True)
        assert all(isinstance(body, (bytes, aiohttp.ClientError)) for body in bodies)


def test_nothing_is_told_of_a_region_that_is_as_it_was() -> None:
    one, other, newer = piece("one", Markup("1")), piece("other", Markup("2")), piece("one", Markup("3"))
    before = {one.id: one.version, other.id: other.version}

    def told(*pieces: Piece, since: dict[str, str] | None) -> tuple[list[str], list[str]]:
        change = json.loads(changed(Region("any", pieces), since))
        assert change["region"] == "any"
        return change["order"], list(change["pieces"])

    assert changed(Region("any", (one, other)), before) == ""
    assert told(other, one, since=before) == (["other", "one"], [])
    assert told(other, since=before) == (["other"], [])
    assert told(newer, other, since=before) == (["one", "other"], ["one"])
    assert told(since=None) == ([], [])
