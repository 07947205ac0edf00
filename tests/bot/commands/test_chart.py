"""`/assistants chart`: a picture in the direct messages of whoever asked, with the same numbers in words."""

import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.drawing import png
from bot.pictures.graphs import Graph, Series
from bot.playground import BEN, GENERAL, PERSON, File, LocalSlack, Message
from shared.demo import DemoApi, faults, many_assistants
from shared.runtime import watch
from tests.bot.conftest import Ask, OpenBot
from tests.clocks import ManualClock


async def chart(slack: LocalSlack, text: str, user: str = PERSON) -> tuple[File, Message]:
    """The picture, and the words that came with it."""
    before = set(slack.workspace.files)
    beside = await (await slack.type_command(f"/assistants {text}", user=user)).reply()
    (name,) = set(slack.workspace.files) - before
    return slack.workspace.files[name], beside


def seen(file: File) -> Image.Image:
    """The picture as whoever opens it sees it."""
    assert file.content is not None
    picture = Image.open(io.BytesIO(file.content))
    assert (picture.format, picture.width) == ("PNG", 1350)
    picture.load()
    assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10  # something is drawn
    return picture


async def test_a_picture_shows_statuses_findings_and_changes_and_the_numbers_stand_beside_it(
    open_bot: OpenBot, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    runtime = await open_bot()
    watching = watch(runtime)
    await watching.tick()
    clock.advance(timedelta(days=3).total_seconds())
    demo_api.change(42, status="inactive")
    demo_api.change(63, name="Renamed", timezone="Europe/Berlin")
    await watching.tick()
    await (await slack.type_command("/assistants ignore 118 webhook-no-url it is a test")).reply()

    file, beside = await chart(slack, "chart")
    whole = seen(file)
    assert file.name == "outbound-assistants-2026-03-04.png"
    assert (file.shares, slack.workspace.messages(GENERAL)) == (("D0LOCALADA",), [])
    shown = beside.as_text()
    assert "*12 outbound assistants, by mode and status*" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["Mode", "active", "inactive", "processing"] in lines
    assert ["pipeline", "5", "1", "0"] in lines
    assert ["Sum", "8", "3", "1"] in lines
    assert ["Severity", "open", "ignored"] in lines
    assert ["Warning", "6", "1"] in lines
    assert "changes in the last 30 days*" in shown
    (day,) = [line for line in lines if line[:2] == ["Mar", "4"]]
    assert sum(map(int, day[2:])) >= 3
    assert not [line for line in lines if line[:2] == ["Mar", "1"]]  # a baseline is no change
    assert (
        "Bar charts. 12 outbound assistants, by mode and status (active: 8, inactive: 3, processing: 1)."
        in file.alt_text
    )
    assert "6 of 12 ready to call" in file.alt_text
    assert len(file.alt_text) <= 1_000

    parts = {}
    for words in ("status", "befunde", "änderungen"):
        file, beside = await chart(slack, f"diagramm {words}", BEN)
        parts[words] = seen(file).height
        assert file.alt_text.startswith("Balkendiagramme. ")
        shown = beside.as_text()
        assert ("12 Outbound-Assistenten nach Modus und Status" in shown) is (words == "status")
        assert ("6 von 12 anrufbereit" in shown) is (words == "befunde")
        assert ("Änderungen in den letzten 30 Tagen" in shown) is (words == "änderungen")
    assert max(parts.values()) < whole.height < sum(parts.values())


async def test_days_are_those_of_whoever_asks_and_before_the_watch_began_nothing_is_known(
    open_bot: OpenBot, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    runtime = await open_bot()
    _file, beside = await chart(slack, "chart changes")
    assert "0 changes in the last 30 days" in beside.as_text()
    await watch(runtime).tick()
    clock.advance(timedelta(hours=11, minutes=30).total_seconds())  # 23:30 in UTC, and the next day in Berlin
    demo_api.change(42, status="inactive")
    await watch(runtime).tick()
    _file, beside = await chart(slack, "diagramm änderungen", BEN)
    assert "\n2. März" in beside.as_text()
    assert "\n1. März" not in beside.as_text()


async def test_hostile_names_of_modes_and_statuses_and_thousands_of_assistants_are_drawn(
    bot: object, slack: LocalSlack, demo_api: DemoApi
) -> None:
    names = ["$\\frac{1", "<!channel>", "```x", "日本語", "a" * 255, "\u202etxt.exe", "\x1b[31m", "😀", "m9", "m10", ""]
    for record, name in zip(demo_api.assistants, names, strict=False):
        record["mode"], record["status"] = name, name[::-1]
    file, beside = await chart(slack, "chart status")
    seen(file)
    shown = beside.as_text()
    assert "<!channel>" in shown  # as text: a mention would read @channel
    assert shown.count("```") == 2  # one table, which nothing in it ends
    assert "others" in shown
    demo_api.assistants[:] = many_assistants(5_000)
    _file, beside = await chart(slack, "chart findings")
    assert "of 5,000 ready to call" in beside.as_text()


async def test_no_assistants_stale_data_and_no_answer_are_told(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    everyone = list(demo_api.assistants)
    demo_api.assistants.clear()
    file, beside = await chart(slack, "chart status")
    seen_colours = Image.open(io.BytesIO(file.content or b"")).convert("RGB").getcolors(1 << 20)
    assert seen_colours
    assert "There are no outbound assistants" in beside.as_text()
    demo_api.assistants[:] = everyone
    await chart(slack, "chart status")
    demo_api.always(faults.NotFound())
    _file, beside = await chart(slack, "chart status")
    assert "*STALE*" in beside.as_text()
    assert "There is no account “nobody”" in (await ask("chart account:nobody")).as_text()
    assert "I don't understand “stats”. Did you mean" in (await ask("chart stats")).as_text()


async def test_without_a_store_the_picture_is_smaller_and_changes_alone_are_an_apology(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack
) -> None:
    runtime = await open_bot()
    async with runtime.store.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE changes RENAME TO elsewhere")
    _file, beside = await chart(slack, "chart")
    assert "Without the changes: The database refused a statement" in beside.as_text()
    assert "12 outbound assistants, by mode" in beside.as_text()
    assert "The database refused a statement" in (await ask_in("chart changes")).as_text()


texts = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(["$x$", "\\alpha$", "$", "_hidden", "\ud83d"])


@pytest.mark.filterwarnings("error")
@settings(deadline=None, max_examples=8)
@given(names=st.lists(texts, min_size=1, max_size=6), upright=st.booleans())
def test_any_text_is_drawn(names: list[str], *, upright: bool) -> None:
    series = [Series(name, [len(names)] * len(names), "#2e8b57", "//") for name in names]
    content = png(
        names[0], [Graph(names[0], names[0], names, series, upright=upright, unknown=1, unknown_name=names[0])]
    )
    assert content.startswith(b"\x89PNG")
