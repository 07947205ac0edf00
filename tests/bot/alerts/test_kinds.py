"""Everything that can change in Famulor, from the change to the message, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.playground import GENERAL, PARTNERS, Message
from shared.demo import DemoApi, faults
from shared.models import Kind
from tests.bot.alerts.conftest import World

KEY_REJECTED = faults.Unauthorized()


@dataclass(frozen=True)
class Case:
    """What somebody does to the demo API, and what #general (English) and #partners (German) read of it."""

    does: Callable[[DemoApi], object]
    english: tuple[str, ...]
    german: tuple[str, ...]
    polls: int = 1


def _set(**fields: object) -> Callable[[DemoApi], object]:
    return lambda api: api.change(42, **fields)


def _create(api: DemoApi) -> None:
    record = next(one for one in api.assistants if one["id"] == 42)
    api.assistants.append({**record, "id": 4711, "name": "Brand new"})


def _delete(api: DemoApi) -> None:
    api.assistants[:] = [one for one in api.assistants if one["id"] != 4711]


def _break_record(api: DemoApi) -> None:
    api.change(57, name=None)


CASES = {
    Kind.DEACTIVATED: Case(
        _set(status="inactive"),
        ("*Warning*", "`42` was switched off", "8 active assistants left", "A-1 ·", "account default", "*Open*"),
        ("*Warnung*", "`42` wurde ausgeschaltet", "Noch 8 Assistenten sind aktiv", "A-2 ·", "Konto default"),
    ),
    Kind.ACTIVATED: Case(
        _set(status="active"),
        ("✅ *Over*", "`42` was switched on", "9 assistants are active now", "*Closed*"),
        ("✅ *Vorbei*", "`42` wurde eingeschaltet", "Jetzt sind 9 Assistenten aktiv", "*Geschlossen*"),
    ),
    Kind.PROMPT: Case(
        lambda api: api.change(
            42, system_prompt=next(one for one in api.assistants if one["id"] == 42)["system_prompt"] + "\n- Be brief."
        ),
        ("*Warning*: The prompt of", "0 words taken out, 2 words put in", "lines that differ:", "+ - Be brief."),
        ("*Warnung*: Der Prompt von", "0 Wörter entfernt, 2 Wörter hinzugefügt", "geänderte Zeilen:", "+ - Be brief."),
    ),
    Kind.GREETING: Case(
        _set(initial_message="Good day!"),
        ("*Info*: The greeting of", "+ Good day!"),
        ("*Info*: Die Begrüßung von", "+ Good day!"),
    ),
    Kind.VARIABLES: Case(
        _set(variables={"customer_name": "Mia", "api_token": "canary-token"}),
        ("Variables of", "new: `api_token`", "api_token", "•••"),
        ("Variablen von", "neu: `api_token`", "•••"),
    ),
    Kind.VOICE: Case(
        _set(voice_id=202),
        ("speaks with another voice: Alex (201) → ", "(202)"),
        ("spricht mit einer anderen Stimme: Alex (201) → ", "(202)"),
    ),
    Kind.LANGUAGE: Case(
        _set(language_id=1),
        ("speaks another language: English (2) → German (1)",),
        ("spricht eine andere Sprache: English (2) → German (1)",),
    ),
    Kind.TIMEZONE: Case(
        _set(timezone="Asia/Tokyo"),
        ("is in another timezone:", "→ Asia/Tokyo"),
        ("ist in einer anderen Zeitzone:", "→ Asia/Tokyo"),
    ),
    Kind.MODE: Case(
        _set(mode="dualplex"), ("runs in another mode:", "→ dualplex"), ("läuft in einem anderen Modus:", "→ dualplex")
    ),
    Kind.WEBHOOK_HOST: Case(
        _set(webhook_url="https://collector.example.net/in?token=canary-secret"),
        ("🚨 *Critical*", "moved to another host", "Post-call data now goes to `collector.example.net`", "token=•••"),
        (
            "🚨 *Kritisch*",
            "geht an einen anderen Host",
            "Anrufdaten gehen jetzt an `collector.example.net`",
            "token=•••",
        ),
    ),
    Kind.WEBHOOK_PATH: Case(
        _set(webhook_url="https://collector.example.net/out"),
        ("has another address on `collector.example.net`", "/in?token=•••", "/out"),
        ("hat auf `collector.example.net` eine andere Adresse", "/out"),
    ),
    Kind.WEBHOOK_OFF: Case(
        _set(is_webhook_active=False),
        ("The webhook of", "was switched off", "Post-call data is no longer sent"),
        ("Der Webhook von", "wurde ausgeschaltet", "Anrufdaten werden nicht mehr gesendet"),
    ),
    Kind.WEBHOOK_ON: Case(
        _set(is_webhook_active=True),
        ("was switched on", "Post-call data now goes to `collector.example.net`"),
        ("wurde eingeschaltet", "Anrufdaten gehen jetzt an `collector.example.net`"),
    ),
    Kind.RENAMED: Case(
        _set(name="*Bold* <!channel>"),
        ("was renamed; it was called *Sales Follow-up*",),
        ("wurde umbenannt und hieß vorher *Sales Follow-up*",),
    ),
    Kind.OTHER: Case(
        _set(folder="Sales", internal_secret="canary-field"),
        ("More fields of", "new: `", "`folder`", "`internal_secret`", "•••"),
        ("Weitere Felder von", "neu: `", "`folder`", "`internal_secret`", "•••"),
    ),
    Kind.CREATED: Case(
        _create,
        ("*Info*: *Brand new", "`4711` was created", "10 assistants are active now", "*Mode*", "dualplex"),
        ("`4711` wurde angelegt", "*Modus*"),
    ),
    Kind.DELETED: Case(
        _delete,
        ("*Warning*: *Brand new", "`4711` was deleted", "Whoever starts a call with the id 4711 is refused"),
        ("`4711` wurde gelöscht", "Wer mit der ID 4711 einen Anruf startet"),
    ),
    Kind.UNREADABLE: Case(
        _break_record,
        ("*Warning*: The record of", "`57` can't be read any more", "Reason:", "name"),
        ("Der Datensatz von", "`57` ist nicht mehr lesbar", "Grund:"),
    ),
    Kind.READABLE: Case(
        lambda api: api.change(57, name="Solar-Erstberatung"),
        ("✅ *Over*", "The record of", "can be read again"),
        ("✅ *Vorbei*", "ist wieder lesbar"),
    ),
    Kind.KEY_REJECTED: Case(
        lambda api: api.always(KEY_REJECTED),
        ("🚨 *Critical*: Famulor no longer accepts the key of *default*", "What to do: Create a new key"),
        (
            "🚨 *Kritisch*: Famulor nimmt den Schlüssel von *default* nicht mehr an",
            "Grund: Famulor nimmt den API-Schlüssel des Kontos „default“",
            "Was zu tun ist: ",
        ),
    ),
    Kind.RECOVERED: Case(
        lambda api: api.clear_faults(),
        ("✅ *Over*: Famulor accepts the key of *default* again",),
        ("✅ *Vorbei*: Famulor nimmt den Schlüssel von *default* wieder an",),
    ),
    Kind.UNREACHABLE: Case(
        lambda api: api.always(faults.ServerError(status=501)),
        ("*Warning*: *default* can't be reached: nothing that changes there is seen", "501"),
        ("*Warnung*: *default* ist nicht erreichbar", "501"),
        polls=3,
    ),
}


@pytest.fixture
async def bilingual(world: World) -> World:
    await world.subscribe(PARTNERS)
    await world.speak_german(PARTNERS)
    return world


def newest(world: World, channel: str) -> Message:
    """What was posted or brought up to date last, threads aside."""
    feed, found = world.slack.workspace.feed(channel), None
    while not feed.empty():
        message = feed.get_nowait()
        found = found if message.thread_ts else message
    assert found is not None
    return found


async def test_every_kind_of_change_is_told_in_both_languages(bilingual: World) -> None:
    world = bilingual
    for kind, case in CASES.items():
        case.does(world.api)
        for _poll in range(case.polls):
            await world.told(after=3600)
        for channel, words in ((GENERAL, case.english), (PARTNERS, case.german)):
            told = newest(world, channel)
            for word in words:
                assert word in told.as_text(), (kind, told.as_text())
            assert "canary" not in str(told.payload)
            assert told.text
            assert "<!channel>" not in str(told.payload)
    # What is wrong with an assistant has tests of its own.
    assert set(CASES) == set(Kind) - {Kind.SAVED, Kind.FINDING}


async def test_what_was_merely_saved_is_nobodys_news(world: World) -> None:
    assert await world.changed(42) == []


async def test_the_message_has_what_one_can_do_about_it(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    labels = [
        element.get("text", element.get("placeholder"))["text"]
        for block in post.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert labels == ["Details", "Mute for 2 hours", "Mute for …", "Acknowledge", "Open in Famulor"]
