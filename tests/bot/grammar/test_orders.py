"""What people type about alerts and history → what they order."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.grammar import (
    ROWS,
    Command,
    Diff,
    Digest,
    Explain,
    Help,
    History,
    Hours,
    Invalid,
    Log,
    Mute,
    Once,
    Quiet,
    Subscribe,
    Subscriptions,
    Test,
    Unknown,
    Unmute,
    Unsubscribe,
    asked_for,
    parse,
    written,
)
from bot.words import Verb
from shared.models import Severity
from shared.query import AssistantQuery, Choice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENCY = Choice(include=("agency",))
WEEK = NOW - timedelta(days=7)


def later(**time: float) -> datetime:
    return NOW + timedelta(**time)


def order(**fields: object) -> AssistantQuery:
    return AssistantQuery.model_validate({"limit": ROWS, **fields})


ACTIVE = order(status=Choice(include=("active",)))


@pytest.mark.parametrize(
    ("texts", "command"),
    [
        (("subscribe", "abonniere", "abo hier", "subscribe all here", "subscribe min:info"), Subscribe(order())),
        (
            (
                "subscribe active on:status,webhook min:warning #sales",
                "abonniere #sales aktiv bei: status, webhook ab: warnung",
                "subscribe on:!prompt,!config,!account,!audit active min:critical,warn #sales",
                "subscribe on:webhook active #sales !on:prompt on:status min:warning",
            ),
            Subscribe(ACTIVE, frozenset({"status", "webhook"}), Severity.WARNING, "sales"),
        ),
        (
            ("subscribe active <#C012|sales>", "subscribe active #C012", "subscribe active <#C012>"),
            Subscribe(ACTIVE, channel="C012"),
        ),
        (('subscribe "#sales"',), Subscribe(order(search=(Choice(include=("#sales",)),)))),
        (("subscribe #a #b",), Subscribe(order(), channel="b")),
        (("subscribe on:status,prompt,webhook,config,account,audit",), Subscribe(order())),
        (("subscriptions", "abos", "Abonnements!"), Subscriptions()),
        (("subscriptions all", "abonnements alle"), Subscriptions(everywhere=True)),
        (("subscriptions after:8", "abonnements nach: 8"), Subscriptions(after=8)),
        (("unsubscribe 3", "kündige #3", "kuendige 3", "abbestellen 3"), Unsubscribe(3)),
        (("unsubscribe all", "abbestelle alles"), Unsubscribe(None)),
        (("unsubscribe", "unsubscribe 3 4", "unsubscribe three", "unsubscribe " + "9" * 19), Help(Verb.UNSUBSCRIBE)),
        (("mute 42", "stumm id:42"), Mute("42")),
        (('mute 42 "why"',), Mute("42", reason="why")),
        (
            ("mute Sales Follow-up 3d account:agency", "mute account: agency Sales Follow-up 3 Tage"),
            Mute("Sales Follow-up", AGENCY, later(days=3)),
        ),
        (
            ("mute 42 until 18:00", "stumm 42 bis 18 Uhr", "mute 42 until:6pm", "stumm 42 bis: 18.00"),
            Mute("42", until=time(18)),
        ),
        (("mute 42 until 2026-03-05",), Mute("42", until=datetime(2026, 3, 5))),  # noqa: DTZ001 # on the asker's clock
        (("mute 42 until 2026-03-05T18:00+02:00",), Mute("42", until=datetime(2026, 3, 5, 16, tzinfo=UTC))),
        (("mute 2h 1h",), Mute("2h", until=later(hours=1))),
        (('mute "Call back 2h" 1h',), Mute("Call back 2h", until=later(hours=1))),
        (("mute Hold until called",), Mute("Hold until called")),
        (("mute", 'mute ""', "mute account:agency"), Help(Verb.MUTE)),
        (("unmute 42", "laut 42"), Unmute("42")),
        (("unmute",), Help(Verb.UNMUTE)),
        (
            ("quiet 20:00-08:00", "ruhe 20 bis 8 Uhr", "quiet 8pm to 8am", "quiet 20.00–8.00 except:critical"),
            Quiet(Hours(time(20), time(8))),
        ),
        (
            ("quiet 22:30-6 except:warning Europe/Berlin", "ruhe 22.30-6 außer:warnung zeitzone:europe/berlin"),
            Quiet(Hours(time(22, 30), time(6), "Europe/Berlin", Severity.WARNING)),
        ),
        (("quiet 0-24 except:nothing", "ruhe 0-24 außer:nichts"), Quiet(Hours(time(0), time(0), passes=None))),
        (("quiet off", "ruhe aus"), Quiet(None)),
        (("quiet",), Help(Verb.QUIET)),
        (
            ("digest daily 09:00", "zusammenfassung täglich um 9 Uhr", "digest 9am", "digest 9.00"),
            Digest(Once(time(9))),
        ),
        (("digest 12am UTC",), Digest(Once(time(0), "UTC"))),
        (("digest 12pm",), Digest(Once(time(12)))),
        (("digest off", "zusammenfassung aus"), Digest(None)),
        (("digest", "digest daily"), Help(Verb.DIGEST)),
        (("history", "verlauf alle"), History()),
        (("history 42 since:7d", "verlauf 42 seit: 7d"), History("42", since=WEEK)),
        (('history "all"',), History("all")),
        (("history account:agency after:17",), History(account=AGENCY, after=17)),
        (("diff 42 since:7d",), Diff("42", since=WEEK)),
        (("diff Sales Follow-up",), Diff("Sales Follow-up")),
        (("diff", "diff since:7d"), Help(Verb.DIFF)),
        (("explain A-17", "erkläre a17", "explain alert A 17", "explain #a-17", "EXPLAIN A-17"), Explain(matter=17)),
        (("explain 17", "explain #17", "erklär Änderung 17", "explain change #17"), Explain(change=17)),
        (("explain", "explain B-17", "explain why", "explain " + "9" * 19), Help(Verb.EXPLAIN)),
        (("test", "teste", "testen!"), Test()),
        (("log", "protokoll"), Log()),
        (("log after:9",), Log(9)),
        (("help quiet", "hilfe ruhe"), Help(Verb.QUIET)),
    ],
)
def test_these_texts_order(texts: tuple[str, ...], command: Command) -> None:
    assert {text: parse(text, NOW) for text in texts} == dict.fromkeys(texts, command)


def test_a_mute_says_for_how_long_and_why_in_many_ways() -> None:
    for text in (
        'mute 42 2h "campaign test"',
        "stumm 42 2 Stunden „campaign test“",
        "mute 42 for 120 min campaign test",
    ):
        assert parse(text, NOW) == Mute("42", until=later(hours=2), reason="campaign test")


@pytest.mark.parametrize(
    "text",
    [
        "subscribe on:weather",
        "subscribe on:!status,!prompt,!webhook,!config,!account,!audit",
        "subscribe min:huge",
        "subscribe min:!warning",
        "subscribe sort:name",
        "subscribe updated:7d",
        "subscribe after:abc",
        "subscribe webhook:maybe",
        "subscriptions after:x",
        "subscriptions after:",
        "mute 42 until:later",
        "mute 42 until:2026-99-99",
        "quiet 25-3",
        "quiet 20:00",
        "quiet 13pm-1am",
        "quiet 0am-1am",
        "quiet 20-8 nonsense",
        "quiet 20-8 Mars/Base",
        "quiet 20-8 tz:nowhere",
        "quiet 20-8 except:huge",
        "digest weekly 9",
        "digest 9:75",
        "history since:soon",
        "history after:-1",
        "diff 42 since:yesterday",
        "log after:first",
    ],
)
def test_what_does_not_exist_is_told_and_never_done(text: str) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Invalid)
    assert command.topic is parse(f"help {text.split(maxsplit=1)[0]}", NOW).topic  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("subscribe activ on:status", "subscribe active on:status"),
        ("subscribe #sales on:status dualplx min:warning", "subscribe #sales on:status dualplex min:warning"),
        ("subscribe staus:active", "subscribe status:active"),
        ("unsubscrib 3", "help unsubscribe 3"),
        ("quite 20-8", "help quiet 20-8"),
        ("umute 42", "help unmute 42"),
        ("histroy 42", "history 42"),
        ("explian A-17", "explain A-17"),
    ],
)
def test_a_slip_leads_to_what_only_reads(text: str, suggestion: str) -> None:
    command = parse(text, NOW)
    assert isinstance(command, Unknown)
    assert command.suggestion == suggestion


@pytest.mark.parametrize(
    ("command", "english", "german"),
    [
        (
            Subscribe(ACTIVE, frozenset({"webhook", "status"}), Severity.WARNING, "C012"),
            "subscribe active on:status,webhook min:warning #C012",
            "abonniere aktiv bei:status,webhook ab:warnung #C012",
        ),
        (Subscriptions(everywhere=True, after=8), "subscriptions all after:8", "abonnements alle nach:8"),
        (Unsubscribe(None), "unsubscribe all", "abbestelle alle"),
        (
            Mute("Sales Follow-up", AGENCY, later(hours=2), "test"),
            'mute "Sales Follow-up" account:agency until:2026-03-01T14:00:00Z "test"',
            'stumm "Sales Follow-up" konto:agency bis:2026-03-01T14:00:00Z "test"',
        ),
        (
            Quiet(Hours(time(20), time(8), "UTC", None)),
            "quiet 20:00-08:00 except:nothing UTC",
            "ruhe 20:00-08:00 außer:nichts UTC",
        ),
        (Digest(Once(time(9))), "digest daily 09:00", "zusammenfassung täglich 09:00"),
        (History("all"), 'history "all"', 'verlauf "all"'),
        (Explain(matter=17), "explain A-17", "erkläre A-17"),
        (Log(9), "log after:9", "protokoll nach:9"),
    ],
)
def test_an_order_is_written_in_either_language(command: Command, english: str, german: str) -> None:
    assert not isinstance(command, Unknown)
    assert written(command) == english
    assert written(command, "de") == german


def test_what_is_asked_for_is_written_without_the_channel() -> None:
    assert asked_for(Subscribe(ACTIVE, channel="C012")) == "active"
    assert asked_for(Subscribe(order())) == ""
