"""What people type to have a list → the query that they mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.grammar import ROWS, Invalid, Listing, Unknown, parse, written
from bot.grammar.filters import MOST_VALUES, TooManyValues
from shared.errors import FilterInvalid
from shared.query import AssistantQuery, Choice, Sort, SortField

NOW = datetime(2026, 3, 1, 12, 30, 15, 999, tzinfo=UTC)


def listing(**fields: Any) -> Listing:
    return Listing(AssistantQuery(limit=ROWS, **fields))


def some(*include: str, but: tuple[str, ...] = ()) -> Choice:
    return Choice(include=include, exclude=but)


def test_all_of_it_at_once_in_any_order() -> None:
    expected = listing(
        status=some("active"),
        mode=some("dualplex"),
        language=some(but=("de",)),
        search=(some("lead"),),
        sort=(Sort(field=SortField.UPDATED, descending=True),),
    )
    assert parse('outbound active mode:dualplex !lang:de "lead" sort:-updated', NOW) == expected
    assert parse('sort:-updated "lead" !lang:de outbound dualplex active', NOW) == expected
    assert parse("aktiv lead Sortierung: -geaendert AUSGEHEND !sprache:de Modus:Dualplex", NOW) == expected


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("outbound", {}),
        ("outbound all", {}),
        ("alle", {}),
        ("liste alle", {}),
        ("active", {"status": some("active")}),
        ("!inactive", {"status": some(but=("inactive",))}),
        ("! inactive", {"status": some(but=("inactive",))}),
        ("aktive,inaktive", {"status": some("active", "inactive")}),
        ("outbound active, inactive", {"status": some("active", "inactive")}),
        ("outbound active inactive", {"status": some("active", "inactive")}),
        ("status:processing", {"status": some("processing")}),
        ("status: aktiv", {"status": some("active")}),
        ("pipeline,MULTIMODAL", {"mode": some("pipeline", "multimodal")}),
        ("modus:pipeline mode:dualplex", {"mode": some("pipeline", "dualplex")}),
        ("outbound mode:", {}),
        ("status: mode:x", {"mode": some("x")}),
        ("lang:de, en", {"language": some("de", "en")}),
        ("lang:de, aktiv", {"language": some("de"), "status": some("active")}),
        ("!language:de,!en", {"language": some("en", but=("de",))}),
        ("tz:Europe/*", {"timezone": some("Europe/*")}),
        ("zeitzone:!Europe/Berlin", {"timezone": some(but=("Europe/Berlin",))}),
        ("webhook:on", {"webhook": some("on")}),
        ("webhook:aus,fehlt", {"webhook": some("off", "missing")}),
        ("!webhook:an", {"webhook": some(but=("on",))}),
        ("konto:agency", {"account": some("agency")}),
        ("id:42,57", {"ids": some("42", "57")}),
        (
            "name:solar prompt:refund prompt:!call",
            {"name": (some("solar"),), "prompt": (some("refund"), some(but=("call",)))},
        ),
        ("after:abc-_", {"cursor": "abc-_"}),
        ("nach: abc", {"cursor": "abc"}),
        (
            "sort:konto,-erstellt",
            {"sort": (Sort(field=SortField.ACCOUNT), Sort(field=SortField.CREATED, descending=True))},
        ),
        ("!sort:updated", {"sort": (Sort(field=SortField.UPDATED, descending=True),)}),
        ("outbound lead", {"search": (some("lead"),)}),
        ("outbound lead refund", {"search": (some("lead"), some("refund"))}),
        ("outbound lead,refund", {"search": (some("lead", "refund"),)}),
        ("outbound lead, refund", {"search": (some("lead", "refund"),)}),
        ("outbound !lead", {"search": (some(but=("lead",)),)}),
        ("outbound ref*d", {"search": (some("ref*d"),)}),
        ("outbound 12:30", {"search": (some("12:30"),)}),
        ("outbound https://a.de", {"search": (some("https://a.de"),)}),
        ("outbound Recruiting: erstes", {"search": (some("Recruiting"), some("erstes"))}),
        ('outbound "active"', {"search": (some("active"),)}),
        ('outbound "mode:x"', {"search": (some("mode:x"),)}),
        ('outbound "outbound"', {"search": (some("outbound"),)}),
        ("outbound audit", {"search": (some("audit"),)}),
        ("outbound O'Brien", {"search": (some("O'Brien"),)}),
    ],
)
def test_a_list_is_narrowed_down_by(text: str, fields: dict[str, Any]) -> None:
    assert parse(text, NOW) == listing(**fields)


@pytest.mark.parametrize(
    "quoted",
    [
        '"two words"',
        "„two words“",
        "„two words”",
        "“two words”",
        "”two words”",
        "»two words«",
        "« two words »",
        "‚two words‘",
        "‘two words’",
        "'two words'",
        "‹two words›",
        "＂two words＂",
        '"two words',
        "„two words",
        "‚two words",
        '„two words"',
    ],
)
def test_quotes_of_any_kind_make_one_word(quoted: str) -> None:
    assert parse(f"outbound {quoted}", NOW) == listing(search=(some("two words"),))
    assert parse(f"outbound lang:{quoted}", NOW) == listing(language=some("two words"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"say ""hi"" now"', 'say "hi" now'),
        ("‘don’t call’", "don’t call"),
        ("'it's over'", "it's over"),
        ('"a, b"', "a, b"),
        ('"!x"', "!x"),
        ('5"', "5"),
        ('""lead""', "lead"),
    ],
)
def test_what_stands_in_quotes_is_meant_as_it_stands(text: str, value: str) -> None:
    assert parse(f"outbound {text}", NOW) == listing(search=(some(value),))


@pytest.mark.parametrize(
    ("text", "since", "before"),
    [
        ("updated:7d", datetime(2026, 2, 22, 12, 30, 15, tzinfo=UTC), None),
        ("geändert:12h", datetime(2026, 3, 1, 0, 30, 15, tzinfo=UTC), None),
        ("ge\u0061\u0308ndert:12h", datetime(2026, 3, 1, 0, 30, 15, tzinfo=UTC), None),
        ("GEAENDERT:2026-01-02", datetime(2026, 1, 2, tzinfo=UTC), None),
        ("!updated:30d", None, datetime(2026, 1, 30, 12, 30, 15, tzinfo=UTC)),
        ("updated:!30d", None, datetime(2026, 1, 30, 12, 30, 15, tzinfo=UTC)),
        (
            "updated:2026-01-02T10:00:00Z,!2026-02-01",
            datetime(2026, 1, 2, 10, tzinfo=UTC),
            datetime(2026, 2, 1, tzinfo=UTC),
        ),
    ],
)
def test_times_are_counted_back_from_now(text: str, since: datetime | None, before: datetime | None) -> None:
    assert parse(text, NOW) == listing(updated_since=since, updated_before=before)


def test_a_query_is_repeated_in_canonical_words_of_the_readers_language() -> None:
    query = parse(
        "sortiere:-updated webhook:aus konto:agency !tz:utc aktiv modus:DUALPLEX lead,!„x y“ name:solar "
        "prompt:a updated:7d,!1d id:42 nach:abc",
        NOW,
    )
    assert isinstance(query, Listing)
    assert written(query) == (
        'outbound active mode:dualplex tz:!utc webhook:off "lead",!"x y" name:solar prompt:a '
        "updated:2026-02-22T12:30:15Z,!2026-02-28T12:30:15Z id:42 account:agency sort:-updated after:abc"
    )
    assert written(query, "de") == (
        'ausgehend aktiv modus:dualplex zeitzone:!utc webhook:aus "lead",!"x y" name:solar prompt:a '
        "geändert:2026-02-22T12:30:15Z,!2026-02-28T12:30:15Z id:42 konto:agency sortiere:-geändert nach:abc"
    )


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("webhook:foo", "foo", "missing"),
        ("updated:gestern", "gestern", "7d"),
        ("outbound sort:bla", "bla", "updated"),
        ("export id:x", "x", "42"),
        ("find lead webhook:foo", "foo", "missing"),
    ],
)
def test_a_value_that_does_not_exist_is_answered_with_those_that_do(text: str, value: str, valid: str) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Invalid)
    assert isinstance(command.error, FilterInvalid)
    assert f"“{value}”" in str(command.error)
    assert valid in command.error.explain()


def test_nobody_keeps_the_others_waiting_with_an_endless_question() -> None:
    assert isinstance(parse(f"outbound {'x ' * MOST_VALUES}", NOW), Listing)
    for words in (f"outbound {'x ' * (MOST_VALUES + 1)}", f"find {'x,' * (MOST_VALUES + 1)}", "export " + "x: " * 999):
        command = parse(words, NOW)
        assert isinstance(command, Invalid)
        assert isinstance(command.error, TooManyValues)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("OUTBOUND   Active", "outbound active"),
        ("\u200boutbound\ufeff aktiv", "outbound active"),
        ("outbound\u00a0aktiv\u3000mode:x", "outbound active mode:x"),
        ("outbound mode：“dualplex, pipeline”", 'outbound mode:"dualplex, pipeline"'),
        ("outbound mode:dualplex，pipeline", "outbound mode:dualplex,pipeline"),
        ("ｏｕｔｂｏｕｎｄ ！active", "outbound !active"),
        ("outbound &lt;A&amp;B&gt;", 'outbound "<A&B>"'),
        ("outbound a\x00b", "outbound a b"),
        ("outbound <https://a.de|a.de>", "outbound a.de"),
        ("outbound <https://a.de/x>", 'outbound "https://a.de/x"'),
        ("outbound <mailto:a@b.de|a@b.de>", 'outbound "a@b.de"'),
        ("outbound <mailto:a@b.de>", 'outbound "a@b.de"'),
        ("outbound <#C1|general>", 'outbound "#general"'),
        ("outbound <#C1>", 'outbound "#C1"'),
        ("outbound <@U1> <@U2|bob>", 'outbound "@U1" "@bob"'),
        ("outbound <!channel> <!subteam^S1|@team>", 'outbound "@channel" "@team"'),
        ("outbound <!date^1^{date}|Feb>", 'outbound "Feb"'),
        ("outbound , ! - : active", "outbound active"),
        (": outbound: active", "outbound active"),
        ("/assistenten outbound active", "outbound active"),
        ("list active", "outbound active"),
    ],
)
def test_spellings_that_mean_the_same(text: str, like: str) -> None:
    assert isinstance(parse(like, NOW), Listing)
    assert parse(text, NOW) == parse(like, NOW)


@pytest.mark.parametrize(
    ("text", "word", "suggestion", "literally"),
    [
        ("outbound activ", "activ", "outbound active", 'outbound "activ"'),
        ("outbound lead inactve", "inactve", "outbound lead inactive", 'outbound lead "inactve"'),
        ("outbound !dualplx", "!dualplx", "outbound !dualplex", 'outbound !"dualplx"'),
        ("outbound acitve", "acitve", "outbound active", 'outbound "acitve"'),
        ("outbound active,inactiv", "active,inactiv", "outbound active,inactive", 'outbound "active","inactiv"'),
        ("outbound staus:active", "staus:active", "outbound status:active", 'outbound "staus:active"'),
        ("outbound staus: active", "staus:", "outbound status: active", 'outbound "staus:" active'),
        ("outbound !sparche:de", "!sparche:de", "outbound !sprache:de", 'outbound "!sparche:de"'),
        ("outbound colour:red", "colour:red", "", 'outbound "colour:red"'),
        ("outbound mode pipeline", "mode", "outbound mode: pipeline", 'outbound "mode" pipeline'),
        ("outbound sort -updated", "sort", "outbound sort: -updated", 'outbound "sort" -updated'),
        ("outbound active,pipeline", "active,pipeline", "outbound active pipeline", 'outbound "active","pipeline"'),
        ('outbound active,"x y"', 'active,"x y"', 'outbound active "x y"', 'outbound "active","x y"'),
        ("outbound activ staus:x dualplx", "activ", "outbound active status:x dualplex", ""),
        ("outbound activ webhook:foo", "activ", "", ""),
        ("outbound activ activ activ activ", "activ", "", ""),
        ("export activ json", "activ", "export active json", 'export "activ" json'),
        ("export cvs active", "cvs", "export csv active", 'export "cvs" active'),
        ("find promt:x", "promt:x", "find prompt:x", 'find "promt:x"'),
    ],
)
def test_a_slip_in_a_list_is_answered_with_what_was_meant(
    text: str, word: str, suggestion: str, literally: str
) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Unknown)
    assert (command.word, command.suggestion) == (word, suggestion)
    if literally:
        assert command.literally == literally


def test_a_long_text_with_a_slip_is_not_run_by_a_button() -> None:
    command = parse(f"outbound activ {'x' * 1000}", NOW)
    assert command == Unknown("activ", "", "")
