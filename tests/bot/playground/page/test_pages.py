from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, GENERAL, PERSON, RANDOM, LocalSlack, User
from bot.playground.page.state import MOST_MESSAGES
from bot.playground.page.words import WORDS
from tests.bot.playground.bots import RunBot, actions, button, home
from tests.bot.playground.page.looking import Browser, read, region, words
from tests.bot.playground.page.rendering.markup import Element
from tests.clocks import ManualClock

HOSTILE = "<script>alert(1)</script>\"'></textarea><img src=x onerror=alert(1)>&amp; {{ 7 * 7 }} \u202e"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.fixture
async def slack(clock: ManualClock, manifest: dict[str, Any]) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(manifest=manifest, clock=clock) as slack:
        yield slack


def articles(page: Element, name: str = "messages") -> list[Element]:
    return region(page, name).all("article")


def names(page: Element) -> Iterator[str]:
    """What everything that can be focused is called, as a screen reader says it."""
    labels = {one.attributes["for"]: words(one) for one in page.all("label") if "for" in one.attributes}
    for one in page:
        hidden = one.attributes.get("type") == "hidden" or "hidden" in one.attributes or "disabled" in one.attributes
        if one.tag in {"a", "button", "input", "select", "textarea"} and not hidden:
            unused = one.attributes.get("tabindex") == "-1"
            name = one.attributes.get("aria-label") or labels.get(one.attributes.get("id", "")) or words(one)
            yield "unused" if unused else name


async def test_the_entrance_leads_to_the_first_channel_and_every_place_is_linked_from_there(
    ada: Browser, slack: LocalSlack
) -> None:
    page = await ada.look("/")
    assert words(page.one("h1")) == "#general"
    places = {words(link): link.attributes["href"] for link in page.one("nav", id="places").all("a")}
    assert list(places) == ["general", "random", "partners", "Messages", "Home", "AAda EN · Admin", "BBen DE"]
    assert [words((await ada.look(address)).one("h1")) for address in list(places.values())[:5]] == [
        *("#general", "#random", "#partners", "Famulor", "Famulor · Home")
    ]
    # Ben is not in #partners, and his Slack speaks German.
    theirs = await ada.look(places["BBen DE"])
    assert theirs.one("html").attributes["lang"] == "de"
    assert "partners" not in words(theirs.one("nav", id="places"))
    assert words((await ada.look("/as/ben")).one("h1")) == "#general"


@pytest.mark.parametrize(
    "path",
    [
        *("/as/nobody", "/as/nobody/home", "/as/famulor/home", "/as/ben/C0PARTNERS", "/as/ada/C0NOWHERE"),
        *("/as/ada/C0NOWHERE/live", "/as/ada/C0NOWHERE/hints", "/files/F000000001", "/static/../pages.py"),
    ],
)
async def test_where_nothing_is_nothing_is_found(path: str, slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{slack.url}{path[1:]}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["", "as/ada/C0GENERAL1", "as/ada/home", "static/page.js", "static/page.css", "nothing"]
)
async def test_every_answer_forbids_what_is_not_from_here(
    path: str, slack: LocalSlack, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{slack.url}{path}") as answer:
        assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    async with http.get(f"{slack.url}{path}", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_a_page_names_only_its_own_files_and_all_that_it_names_is_there(
    ada: Browser, slack: LocalSlack, http: aiohttp.ClientSession
) -> None:
    page = await ada.look()
    named = [one.attributes.get("src") or one.attributes["href"] for one in (*page.all("script"), *page.all("link"))]
    assert len(named) > 3
    for address in named:
        assert address.startswith("/static/")
        async with http.get(ada.address(address)) as answer:
            assert answer.status == 200


async def test_a_conversation_is_shown_as_whoever_looks_may_see_it(
    ada: Browser, ben: Browser, slack: LocalSlack, clock: ManualClock, client: AsyncWebClient
) -> None:
    first = slack.workspace.post(GENERAL, {"text": "Good morning"}, author=PERSON)
    clock.advance(60)
    slack.workspace.post(GENERAL, {"text": "Anybody here?"}, author=PERSON)
    clock.advance(2 * 86_400)
    answer = slack.workspace.post(GENERAL, {"text": "Nearly"})
    slack.workspace.replace(answer, {"text": "Yes"})
    slack.workspace.post(GENERAL, {"text": "Who?"}, author=BEN, thread_ts=first.ts)
    slack.workspace.post(GENERAL, {"text": "Me"}, author=PERSON, thread_ts=first.ts)
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="Between us")
    gone = slack.workspace.post(GENERAL, {"text": "Forget it"})
    slack.workspace.delete(gone)

    page = await ada.look()
    assert [words(one) for one in region(page, "messages").all("h2")] == ["Sunday, March 1, 2026", "Today"]
    said = articles(page)
    assert ["follows" in one.classes for one in said] == [False, True, False, False]
    assert [("Between us" in one.text, "Only visible to you" in one.text) for one in said][-1] == (True, True)
    assert "2 replies" in said[0].text
    assert "edited" in said[2].text
    assert "Nearly" not in page.text
    assert "Forget it" not in page.text
    assert page.one("time", datetime="2026-03-01T13:00:00+01:00").text.split() == ["1:00", "PM"]

    theirs = await ben.look()
    assert "Between us" not in theirs.text
    assert "13:00" in theirs.text
    assert "2 Antworten" in theirs.text
    assert "Heute" in theirs.text

    thread = await ada.look(f"C0GENERAL1?thread={first.ts}")
    assert [words(one.one("form", data_surface="")) for one in articles(thread, "thread")] == [
        *("Good morning", "Who?", "Me")
    ]
    assert region(await ada.look("C0GENERAL1?thread=1.1"), "thread").all("article") == []


async def test_what_the_last_message_was_made_of_is_shown_or_what_is_asked_for(ada: Browser, slack: LocalSlack) -> None:
    assert "has not said anything" in words(region(await ada.look(), "panel"))
    first = slack.workspace.post(GENERAL, {"text": "First"})
    slack.workspace.post(GENERAL, {"text": "Last"})
    slack.workspace.post(GENERAL, {"text": "Mine"}, author=PERSON)
    assert '"Last"' in region(await ada.look(), "panel").text
    assert '"First"' in region(await ada.look(f"C0GENERAL1?inspect={first.ts}"), "panel").text
    assert '"Last"' in region(await ada.look("C0GENERAL1?inspect=1.1"), "panel").text


async def test_nothing_that_people_or_bots_write_becomes_part_of_the_page(
    ada: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    slack.workspace.add_user(User("U0HOSTILE1", HOSTILE), channels=[GENERAL])
    slack.workspace.add_channel("C0HOSTILE1", HOSTILE, members=(PERSON, BOT_USER))
    slack.workspace.post(GENERAL, {"text": HOSTILE}, author="U0HOSTILE1")
    await client.chat_postMessage(channel=GENERAL, text=HOSTILE, blocks=[actions(button("go", HOSTILE[:75]))])
    await client.views_publish(user_id=PERSON, view=home(actions(button("go", HOSTILE[:75]))))
    announced = await client.files_upload_v2(content="a,b", filename=f"{HOSTILE}.csv", title=HOSTILE, channel=GENERAL)
    assert announced["ok"]
    for path in ("C0GENERAL1", "C0HOSTILE1", "home", f"C0GENERAL1?panel={'%22%3E%3Cscript%3E'}"):
        page = await ada.look(path)
        assert len(page.all("script")) == 1
        assert not page.all("img")
        assert not [name for one in page for name in one.attributes if name.startswith("on") or name == "style"]
        assert "49" not in words(page.one("nav", id="places"))


async def test_everything_is_reachable_and_has_a_name(ada: Browser, slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=GENERAL, text="Well?", blocks=[actions(button("yes"), button("no"))])
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="Between us")
    for path in ("C0GENERAL1", "C0GENERAL1?panel=inspect", "messages", "home", "C0RANDOM01?thread=1.1"):
        page = await ada.look(path)
        assert all(names(page)), path
        assert len(page.all("main")) == len(page.all("h1")) == 1
        ids = {one.attributes["id"] for one in page if "id" in one.attributes}
        # The dialog's title comes with what is in the dialog.
        for one in (one for one in page if one.tag != "dialog"):
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "popovertarget"):
                assert set(one.attributes.get(name, "").split()) <= ids, (path, one.attributes)
        tokens = [form.all("input", name="token") for form in page.all("form") if form.attributes["method"] == "post"]
        assert tokens or path == "home"
        assert all(len(token) == 1 for token in tokens)
        assert len({token[0].attributes["value"] for token in tokens}) <= 1


async def test_a_long_conversation_begins_with_its_latest_messages_and_nothing_is_lost(
    ada: Browser, slack: LocalSlack
) -> None:
    for number in range(MOST_MESSAGES + 5):
        slack.workspace.post(RANDOM, {"text": f"Number {number}."}, author=BEN)
    page = await ada.look("C0RANDOM01")
    shown = words(region(page, "messages"))
    assert len(articles(page)) == MOST_MESSAGES
    assert "Number 4." not in shown
    earlier = next(link for link in region(page, "messages").all("a") if words(link) == "Show earlier messages")
    assert len(articles(await ada.look(earlier.attributes["href"]))) == MOST_MESSAGES + 5


async def test_shared_files_are_shown_or_downloaded_and_are_never_pages(
    ada: Browser, slack: LocalSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
    for name, content in (("a.png", picture), ("b.html", b"<script>alert(1)</script>"), ("c.csv", b"x,y")):
        await client.files_upload_v2(content=content, filename=name, title=f"File {name}", channel=GENERAL)
    slack.workspace.post(GENERAL, {"text": "No files", "files": [{"id": "F000000009"}, "F000000001", {}]})
    slack.workspace.post(GENERAL, {"text": "None either", "files": "F000000001"})
    waiting = await client.files_getUploadURLExternal(filename="d.png", length=3)
    page = await ada.look()
    assert [one.attributes["src"] for one in page.all("img")] == ["/files/F000000001"]
    assert page.one("img").attributes["alt"] == "File a.png"
    links = {
        link.attributes["download"]: link.attributes["href"] for link in page.all("a") if "download" in link.attributes
    }
    assert list(links) == ["a.png", "b.html", "c.csv"]
    got: dict[str, tuple[str, str, bytes]] = {}
    for name, address in links.items():
        async with http.get(ada.address(address)) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            got[name] = (answer.content_type, answer.headers["Content-Disposition"], await answer.read())
    assert got == {
        "a.png": ("image/png", "inline", picture),
        "b.html": ("application/octet-stream", "attachment", b"<script>alert(1)</script>"),
        "c.csv": ("application/octet-stream", "attachment", b"x,y"),
    }
    async with http.get(ada.address(f"/files/{waiting['file_id']}")) as answer:
        assert answer.status == 404


async def test_the_bot_hears_who_looks_at_its_home_and_what_it_publishes_is_there(
    ada: Browser, ben: Browser, slack: LocalSlack, run_bot: RunBot
) -> None:
    async def publish(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=home(actions(button("go", "Everything"))))

    await run_bot(slack, lambda app: app.event("app_home_opened")(publish))
    assert "has not published" in words(region(await ben.look("messages"), "messages")) or slack.views.homes == {}
    assert "has not published" in words(region(await ada.look("home"), "home"))
    seen = slack.workspace.news.count
    while PERSON not in slack.views.homes:
        seen = await slack.workspace.news.after(seen)
    page = await ada.look("home")
    assert "Everything" in words(region(page, "home"))
    assert '"Everything"' in region(page, "panel").text
    assert BEN not in slack.views.homes


async def test_hints_come_as_options_and_what_is_typed_is_text(ada: Browser, http: aiohttp.ClientSession) -> None:
    async def hinted(typed: str, place: str = "C0GENERAL1") -> list[Element]:
        async with http.get(ada.address(f"{place}/hints"), params={"text": typed}) as answer:
            assert answer.status == 200
            return read(await answer.text()).all("li", role="option")

    assert [one.attributes["data-insert"] for one in await hinted("/ass")] == [
        "/assistants ",
        "/assistenten ",
        "lookup",
    ]
    assert [one.attributes["data-insert"] for one in await hinted("@fam")] == ["@Famulor "]
    assert await hinted(HOSTILE) == []


def test_every_word_is_said_in_both_languages() -> None:
    assert {name for name, word in WORDS.items() if not (word.english and word.german)} == set()
