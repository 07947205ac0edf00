"""Help, and what is said to who asked otherwise: always with a button that goes on from there."""

import re

import pytest

from bot.grammar import Invalid, Unknown, parse
from bot.playground import BEN, PERSON, LocalSlack, View
from bot.words import COMMAND, FILTERS, VERBS, Filter, Verb
from shared.audit import RULES
from shared.demo import DemoApi
from tests.bot.conftest import Ask, OpenBot, See
from tests.bot.reading import buttons, names, title
from tests.clocks import ManualClock


@pytest.mark.parametrize("text", ["help", "hilfe", "?", "Hilfe!"])
async def test_help_tells_of_every_command_in_the_readers_language(ask: Ask, text: str) -> None:
    for user, language in ((PERSON, "en"), (BEN, "de")):
        shown = (await ask(text, user=user)).as_text()
        assert [verb for verb in VERBS if f"*{VERBS[verb].word(language)}* · " not in shown] == []


async def test_every_example_is_understood_as_its_command(ask: Ask, clock: ManualClock) -> None:
    for user, language in ((PERSON, "en"), (BEN, "de")):
        for verb, usage in VERBS.items():
            shown = (await ask(f"help {verb}", user=user)).as_text()
            examples = re.findall(rf"^• `{COMMAND} (.+)`$", shown, re.MULTILINE)
            assert examples == list(usage.shown(language))
            understood = [parse(example, clock.now()) for example in examples]
            assert not [one for one in understood if isinstance(one, Unknown | Invalid)]


@pytest.mark.parametrize("text", ["help outbound", "hilfe liste", "help status", "hilfe aktiv"])
async def test_help_for_lists_tells_of_every_filter(ask: Ask, text: str) -> None:
    for user, language in ((PERSON, "en"), (BEN, "de")):
        shown = (await ask(text, user=user)).as_text()
        labels = [FILTERS[label](language) for label in Filter if label is not Filter.AFTER]
        assert [label for label in labels if f"• `{label}:` " not in shown] == []


@pytest.mark.parametrize("verb", [Verb.AUDIT, Verb.IGNORE])
async def test_help_for_the_audit_tells_of_every_rule(ask: Ask, verb: Verb) -> None:
    for user, language in ((PERSON, "en"), (BEN, "de")):
        shown = (await ask(f"help {verb}", user=user)).as_text().replace("\u200b", "")
        titles = {rule.id: rule.title.in_language(language) for rule in RULES.values()}
        assert [rule for rule, title in titles.items() if f"• `{rule}` {title}" not in shown] == []


async def test_help_for_files_tells_of_their_columns(ask: Ask) -> None:
    shown = (await ask("help export")).as_text()
    assert "*Columns:* `account`, `id`, `name`" in shown
    assert "Secrets are masked" in shown


async def test_the_topics_are_buttons(ask: Ask, slack: LocalSlack) -> None:
    topic = await (await slack.press(await ask("hilfe", user=BEN), "suche")).reply()
    assert topic.replaced
    assert "/assistants suche „Erstattung“" in topic.as_text()
    others = [verb for verb in VERBS if verb not in {Verb.FIND, Verb.HELP}]
    assert list(buttons(topic)) == [VERBS[verb].word("de") for verb in others]


@pytest.mark.parametrize("text", ["show", "zeige", "help show", "hilfe zeige", "show account:default", "compare 42"])
async def test_a_command_that_lacks_something_is_answered_with_its_help(ask: Ask, slack: LocalSlack, text: str) -> None:
    interaction = await slack.type_command(f"{COMMAND} {text}")
    answer = await interaction.answer()
    shown = answer.as_text()
    assert f"/assistants {'compare' if 'compare' in text else 'show'} 42" in shown
    assert "/assistants outbound" not in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("outbond activ", "outbound active"),
        ("outbound inaktif", "outbound inaktiv"),
        ("outbound mod:dualplex", "outbound mode:dualplex"),
        ("hilfee", "hilfe"),
        ("fnd preise", "find preise"),
    ],
)
async def test_a_typing_error_is_answered_with_what_was_meant_and_a_button_that_runs_it(
    ask: Ask, slack: LocalSlack, typed: str, meant: str
) -> None:
    answer = await ask(typed)
    assert f"Did you mean `/assistants {meant}`?" in answer.as_text()
    run = await (await slack.press(answer, f"Yes: {meant}")).reply()
    assert run.replaced
    assert run.as_text() == (await ask(meant)).as_text()


async def test_in_german_too(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("ausgehned actve", user=BEN)
    assert "„ausgehned“ verstehe ich nicht. Meintest du `/assistants ausgehend active`?" in answer.as_text()
    run = await (await slack.press(answer, "Ja: ausgehend active")).reply()
    assert title(run) == "9 von 12 Outbound-Assistenten"


async def test_the_word_as_it_was_typed_is_the_second_button(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, name="Activ")
    answer = await ask("outbound activ")
    assert 'Or take it as it is: `/assistants outbound "activ"`' in answer.as_text()
    assert "Activ" in names(await (await slack.press(answer, "As typed")).reply())


async def test_a_guess_never_runs_what_writes(ask: Ask) -> None:
    for typed in ("setings", "einstelungen", "settigns"):
        assert "settings" not in buttons(await ask(typed)).values()


@pytest.mark.parametrize("text", ["outbound activ activ activ activ", "and now something else entirely, please"])
async def test_what_nobody_understands_is_answered_with_the_way_to_the_help(
    ask: Ask, slack: LocalSlack, text: str
) -> None:
    answer = await ask(text)
    assert "I don't understand “" in answer.as_text()
    assert "/assistants help" in (await (await slack.press(answer, "Help")).reply()).as_text()


async def test_a_value_that_does_not_exist_is_told_with_those_that_do(ask: Ask) -> None:
    assert "“maybe” is no webhook state. Valid: on, off, missing." in (await ask("outbound webhook:maybe")).as_text()
    german = await ask("outbound sortiere:farbe", user=BEN)
    assert "„farbe“" in german.as_text()
    assert list(buttons(german)) == ["Hilfe"]


@pytest.mark.parametrize("text", ["show solar", "zeige solar", "compare solar 42", "vergleiche 42 solar"])
async def test_a_name_that_several_have_is_answered_with_a_button_for_each(
    see: See, slack: LocalSlack, text: str
) -> None:
    view = await see(text)
    assert "Several outbound assistants answer to “solar”." in view.as_text()
    assert set(buttons(view)) >= {"Solar-Erstberatung (57)", "SOLAR-Erstberatung (312)"}


async def test_the_button_of_a_candidate_opens_it(see: See, slack: LocalSlack) -> None:
    view = await see("show solar")
    pushed = await slack.press(view, "SOLAR-Erstberatung (312)")
    await pushed.view()
    opened = await pushed.view()
    assert "SOLAR-Erstberatung" in opened.as_text()
    assert opened.id != view.id


async def test_near_misses_are_buttons_and_nothing_near_is_said(see: See) -> None:
    near = await see("zeige Event Invitaton", user=BEN)
    assert "Event Invitation (140)" in buttons(near)
    nothing = await see("show qqqqqqq")
    assert buttons(nothing) == {}
    assert "There is no outbound assistant “qqqqqqq”." in nothing.as_text()


async def test_candidates_of_several_accounts_are_told_apart(
    open_bot: OpenBot, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.keys.add("other-key")
    await open_bot(famulor_accounts={"agency": {"api_key": "other-key", "base_url": demo_api.base_url}})
    interaction = await slack.type_command(f"{COMMAND} show 42")
    await interaction.view()
    view = await interaction.view()
    assert isinstance(view, View)
    assert list(buttons(view)) == ["Sales Follow-up (42, default)", "Sales Follow-up (42, agency)"]


async def test_candidates_of_any_name_fit(see: See, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {"id": number, "name": f"x {name}", "mode": "m", "status": "s"}
        for number, name in enumerate(["<!channel>", "&" * 255, "*b*", "\u202e", "=1+1"], 1)
    ]
    view = await see("show x")
    assert len(buttons(view)) == 5
    assert "<!channel>" not in str(view.payload)
