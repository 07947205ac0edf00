"""What the audit finds, told to channels: from what somebody does in Famulor to the message, and when it is over."""

import pytest

from bot.playground import GENERAL, PARTNERS
from shared.audit import Ignore
from shared.models import Kind, Severity
from tests.bot.alerts.conftest import OpenWorld, World
from tests.bot.conftest import Ask, See

AUDIT = frozenset({"audit"})
URL = "http://hooks.example.com/in"


@pytest.fixture
async def audited(open_world: OpenWorld) -> World:
    """#general wants to hear of findings alone, every rule but one on; #partners of the grave ones, in German."""
    world: World = await open_world(audit_rules={"webhook-odd-host": "off"})
    await world.subscribe(groups=AUDIT)
    await world.subscribe(PARTNERS, groups=AUDIT, minimum=Severity.WARNING)
    await world.speak_german(PARTNERS)
    return world


async def test_one_message_follows_what_is_wrong_until_nothing_is_left(audited: World, ask_in: Ask) -> None:
    (opened,) = await audited.changed(42, initial_message="", name="*Sales* <!channel>")
    for part in (
        "⚠️ *Warning*: 1 new finding in",
        "`42`: There is no greeting",
        "⚠️ Warning: The greeting is empty: whoever picks up hears nothing at first.",
        "What to do: ",
        "Like this it is not ready to call",
        "A-1 ·",
        "*Open*",
        "Acknowledge",
    ):
        assert part in opened.as_text()
    assert "<!channel>" not in str(opened.payload)
    (german,) = audited.posts(PARTNERS)
    for part in ("*Warnung*: 1 neuer Befund bei", "So ist der Assistent nicht anrufbereit", "Was zu tun ist: "):
        assert part in german.as_text()

    # Another one opens, and is told in the thread; what stands there already is counted.
    (open_still,) = await audited.changed(42, webhook_url=URL)
    assert [one.as_text() for one in audited.thread(open_still)][-1].count("1 new finding in") == 1
    assert "Webhook without encryption" in open_still.as_text()
    assert "1 more finding is open." in open_still.as_text()

    (one_left,) = await audited.changed(42, initial_message="Hello, an AI assistant of Acme is speaking.")
    assert "*Info*: Resolved in" in one_left.as_text()
    assert "*Resolved*\n• The greeting is empty" in one_left.as_text()
    assert "*Open*" in one_left.as_text()

    (over,) = await audited.changed(42, webhook_url="https://hooks.example.com/in")
    assert over.as_text().startswith("✅ *Over*: Nothing is wrong with")
    for part in ("resolved: Webhook without encryption", "It is ready to call now", "*Closed*"):
        assert part in over.as_text()
    assert "as it was before" not in over.as_text()
    # Who wanted to hear of grave ones only hears how they end, too.
    (german,) = audited.posts(PARTNERS)
    for part in (
        "✅ *Vorbei*: Bei",
        "ist nichts mehr zu beanstanden; behoben: ",
        "Damit ist der Assistent anrufbereit",
    ):
        assert part in german.as_text()

    again = await audited.changed(42, initial_message="")
    assert [one.as_text().count("*Open*") for one in again] == [0, 1]
    explained = (await ask_in("explain A-3")).as_text()
    assert "`on:audit`" in explained
    assert "posted" in explained


async def test_whoever_asked_for_other_things_hears_nothing_of_it_and_who_asked_for_all_hears_both(
    open_world: OpenWorld,
) -> None:
    world: World = await open_world(audit_rules={})
    await world.subscribe(groups={"status", "prompt", "webhook", "config", "account"})
    await world.subscribe(PARTNERS)
    (greeting,) = await world.changed(42, initial_message="")
    assert "The greeting of" in greeting.as_text()
    assert len(world.posts(PARTNERS)) == 2


async def test_an_assistant_that_goes_takes_its_findings_with_it(audited: World) -> None:
    await audited.changed(42, initial_message="")
    audited.api.assistants[:] = [one for one in audited.api.assistants if one["id"] != 42]
    (over,) = await audited.told()
    assert "✅ *Over*: *Sales Follow-up" in over.as_text()
    assert "is gone, and with it what was wrong: There is no greeting" in over.as_text()
    assert "ready to call" not in over.as_text()


async def test_what_is_ignored_is_not_told(audited: World) -> None:
    ignore = Ignore(account="default", assistant=42, rule="greeting-empty", reason="r", by="U1", at=audited.clock.now())
    await audited.runtime.store.ignores.add(ignore)
    assert await audited.changed(42, initial_message="") == []


async def test_prompts_are_nobodys_who_may_not_read_them(open_world: OpenWorld, ask_in: Ask) -> None:
    world: World = await open_world(audit_rules={}, slack_prompts="admins", slack_admins=("U0ADMIN001",))
    await world.subscribe(groups=AUDIT)
    (told,) = await world.changed(42, system_prompt="Sell to {secret_project}. " * 30)
    assert "A variable is not declared" in told.as_text()
    assert "secret_project" not in str(told.payload)
    assert "secret_project" not in str((await ask_in("explain A-1")).payload)


async def test_history_and_then_and_now_tell_of_findings(audited: World, ask_in: Ask, see_in: See) -> None:
    await audited.changed(42, initial_message="")
    await audited.changed(42, webhook_url=URL)
    await audited.changed(42, initial_message="Hello, an AI assistant of Acme is speaking.")
    history = (await ask_in("history 42")).as_text()
    assert "`42`: There is no greeting" in history
    assert history.count("Resolved in") == 1
    assert history.count("new finding in") == 2
    then = (await see_in("diff 42 since:1d")).as_text()
    # What came and went meanwhile makes no difference.
    assert "1 new finding in *Sales Follow-up* `42`: Webhook without encryption" in then
    assert "There is no greeting" not in then
    await audited.changed(42, webhook_url="https://hooks.example.com/in")
    assert "finding" not in (await see_in("diff 42 since:1d")).as_text()


async def test_a_channel_can_ask_for_findings_alone_in_either_language(audited: World, ask_in: Ask) -> None:
    await audited.changed(42, initial_message="", timezone="Mars/Base")
    preview = (await ask_in("subscribe on:audit")).as_text()
    assert "2 new findings in" in preview
    assert "timezone:" not in preview
    german = (await ask_in("abonniere bei:befunde ab:warnung")).as_text()
    assert "it would hear of `on:audit min:warning`" in german
    assert "`on:audit` What the audit finds, and what was resolved" in (await ask_in("help subscribe")).as_text()


async def test_many_at_once_are_told_in_one_message(audited: World) -> None:
    numbers = [one["id"] for one in audited.api.assistants][:7]
    for number in numbers:
        audited.api.change(number, initial_message="", timezone="Europe/Paris")
    (summary,) = await audited.told()
    assert "*7 changes at once*" in summary.as_text()
    assert "findings changed 7" in summary.as_text()
    details = audited.thread(summary)[-1].as_text()
    assert details.count("There is no greeting") == 7
    changes = await audited.runtime.store.history.changes(kinds={Kind.FINDING}, limit=100)
    assert {stored.change.assistant for stored in changes} == set(numbers)
    assert audited.posts(GENERAL) == [summary]
