"""The panel at Famulor's end."""

import aiohttp

from bot.playground import Beside, LocalSlack
from bot.playground.page.beside.famulor import MANNERS
from shared.demo import DEMO_KEY, DemoApi, demo_assistants, faults
from tests.bot.conftest import Ask
from tests.bot.playground.page.beside.visiting import Form, Seen, Visitor
from tests.bot.reading import ids, title
from tests.clocks import ManualClock

HOSTILE = "\n</textarea><script>alert(1)</script>\r\n\"'&{name} {0} \u202e " + "x" * 10_000


async def test_what_is_changed_there_is_what_the_bot_answers(
    ada: Visitor, ben: Visitor, ask: Ask, demo_api: DemoApi
) -> None:
    first = await ada.look("famulor")
    assert "Nothing yet." in first.text

    seen = await ada.press("famulor", "famulor-switch-42")
    assert "Sales Follow-up (42) was switched off." in seen.text
    assert 42 in ids(await ask("outbound inactive"))
    german = await ben.look("famulor")
    assert "Sales Follow-up (42) ist jetzt ausgeschaltet." in german.text
    assert "Einschalten Sales Follow-up 42" in german.text
    seen = await ada.press("famulor", "famulor-switch-42")
    assert "was switched on" in seen.text
    assert 42 in ids(await ask("outbound active"))

    plain = first.tags.count("script")
    seen = await _save(ada, "prompt", HOSTILE)
    record = next(one for one in demo_api.assistants if one["id"] == 42)
    assert record["system_prompt"] == HOSTILE.replace("\r\n", "\n")
    # It is shown as it is, and is no markup.
    assert _form(seen, "prompt-42").fields["prompt-42"] == record["system_prompt"]
    assert seen.tags.count("script") == plain
    seen = await _save(ada, "webhook", "https://hooks.example.com/{x}?a=1&b=<b>")
    assert "is https://hooks.example.com/{x}?a=1&b=<b> now" in seen.text
    assert "hooks.example.com" in (await ask("outbound webhook:hooks.example.com")).as_text()
    seen = await _save(ada, "webhook", "  ")
    assert "(42) has no webhook now" in seen.text
    assert record["webhook_url"] is None

    await ada.press("famulor", "famulor-answer-down")
    seen = await ada.press("famulor", "famulor-step")
    assert "Sales Follow-up was switched off." in seen.text
    seen = await ada.press("famulor", "famulor-reset")
    assert demo_api.assistants == demo_assistants()
    assert seen.pressed("famulor-answer") == ["truth"]
    # The script begins anew too.
    assert (await ada.press("famulor", "famulor-step")).text.count("Sales Follow-up was switched off.") == 2


async def test_the_api_answers_as_it_is_told_and_the_bot_says_so(
    ada: Visitor, ask: Ask, demo_api: DemoApi, http: aiohttp.ClientSession, clock: ManualClock
) -> None:
    assert (await ada.look("famulor")).pressed("famulor-answer") == ["truth"]
    # Any fault, twice in a row too, ends where the next one begins.
    for manner in (*MANNERS, *MANNERS[:1]):
        seen = await ada.press("famulor", f"famulor-answer-{manner.name}")
        assert seen.pressed("famulor-answer") == [manner.name]
        assert f"The API answers now: {manner.word.english}." in seen.text
        assert set(demo_api.standing().values()) == ({manner.fault} if manner.fault else set())
    statuses = {}
    for name in ("down", "key", "limit", "truth"):
        await ada.press("famulor", f"famulor-answer-{name}")
        key = {"Authorization": f"Bearer {DEMO_KEY}"}
        async with http.get(f"{demo_api.base_url}/api/user/me", headers=key) as answer:
            statuses[name] = answer.status
    assert statuses == {"down": 503, "key": 401, "limit": 429, "truth": 200}

    await ada.press("famulor", "famulor-answer-down")
    assert "Try again" in (await ask("outbound")).as_text()
    await ada.press("famulor", "famulor-answer-key")
    clock.advance(3600)
    assert "key" in (await ask("outbound")).as_text()
    await ada.press("famulor", "famulor-answer-truth")
    clock.advance(3600)
    assert title(await ask("outbound")) == "12 outbound assistants"


async def test_what_was_ordered_elsewhere_is_shown(ada: Visitor, demo_api: DemoApi) -> None:
    demo_api.next_answers(faults.NotFound(), faults.NotFound())
    demo_api.always(faults.Drip(), path="/api/user/me")
    seen = await ada.look("famulor")
    assert "Ordered elsewhere: not-found, drip" in seen.text
    assert seen.pressed("famulor-answer") == []
    seen = await ada.press("famulor", "famulor-answer-truth")
    assert "Ordered elsewhere" not in seen.text
    assert not demo_api.queued()
    demo_api.always(faults.ServerError(502))
    assert "Ordered elsewhere: server-error" in (await ada.look("famulor")).text


async def test_what_is_not_there_is_said_and_changes_nothing(ada: Visitor, demo_api: DemoApi) -> None:
    form = (await ada.look("famulor")).form("famulor-step")
    wrong: list[tuple[str, dict[str, str]]] = [
        ("switch", {"id": "4"}),
        ("switch", {"id": "٤٢"}),
        ("switch", {}),
        ("prompt", {"id": "' OR 1=1", "prompt-42": "x"}),
        ("answer", {"as": "<b>"}),
        ("explode", {"id": "42"}),
    ]
    for number, (act, fields) in enumerate(wrong, 1):
        action = form.action.replace("/step", f"/{act}")
        assert await ada.post(action, {**form.fields, **fields}) == 200
        assert (await ada.look("famulor")).text.count("There is no") == number
        assert await ada.post(action, {**fields, "token": "another"}) == 403
    assert demo_api.assistants == demo_assistants()
    assert not demo_api.standing()


async def test_panels_stand_only_where_there_is_something_to_drive(
    http: aiohttp.ClientSession, manifest: dict[str, object]
) -> None:
    for beside, panels in ((None, set()), (Beside(), {"faults"}), (Beside(agents_url="x:"), {"faults", "agents"})):
        async with LocalSlack(manifest=manifest, beside=beside) as slack:
            html = (await Visitor(http, slack.url).look("")).html
            assert {name for name in ("famulor", "faults", "agents") if f"?panel={name}" in html} == panels


def _form(seen: Seen, field: str) -> Form:
    return next(one for one in seen.forms if field in one.fields)


async def _save(visitor: Visitor, kind: str, text: str) -> Seen:
    """Writes into assistant 42's field, and saves it."""
    form = _form(await visitor.look("famulor"), f"{kind}-42")
    (button,) = form.buttons
    sent = {**form.fields, f"{kind}-42": text, button.name: button.value}
    assert await visitor.post(form.action, sent) == 200
    return await visitor.look("famulor")
