"""What may be wrong with the settings beside the texts."""

from datetime import timedelta
from zoneinfo import available_timezones

import pytest

from shared.audit.timezones import timezones
from shared.models import Language, Names
from tests.shared.audit.worlds import LANGUAGES, NOW, VOICES, assistant, broken, facts, findings


@pytest.mark.parametrize(
    "timezone",
    # The middle ones are links in the database of today, and still the names of their countries.
    [
        "Europe/Berlin",
        "Europe/Vienna",
        "Europe/Amsterdam",
        "Europe/Oslo",
        "Asia/Nicosia",
        "UTC",
        "GMT",
        "Etc/GMT-1",
        "",
    ],
)
def test_a_timezone_of_today_is_well(timezone: str) -> None:
    assert broken(assistant(timezone=timezone)) == []


@pytest.mark.parametrize(
    ("timezone", "example"),
    [
        ("America/Boston", "America/New_York"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        (" Europe/Berlin", "Europe/Berlin"),
        ("MEZ", "Europe/Berlin"),
        ("UTC+1", "Europe/Berlin"),
        ("Factory", "Europe/Berlin"),
        ("Australia/Hamburg", "Australia/Sydney"),
        ("../../etc/passwd", "Europe/Berlin"),
        ("{timezone}", "Europe/Berlin"),
        ("x" * 100_000, "Europe/Berlin"),
    ],
)
def test_a_timezone_that_is_none_is_told_with_one_that_may_be_meant(timezone: str, example: str) -> None:
    told = facts(assistant(timezone=timezone))
    assert told["example"] == example
    assert timezone.startswith(told["timezone"])
    assert len(told["timezone"]) <= 60


@pytest.mark.parametrize(
    ("timezone", "present"),
    [
        ("US/Eastern", "America/New_York"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("CET", "Europe/Brussels"),
        ("GB", "Europe/London"),
    ],
)
def test_a_name_of_yesterday_is_told_with_that_of_today(timezone: str, present: str) -> None:
    assert broken(assistant(timezone=timezone)) == ["timezone-deprecated"]
    assert facts(assistant(timezone=timezone)) == {"timezone": timezone, "present": present}


def test_every_name_that_python_knows_is_known_and_every_old_one_leads_to_one_of_today() -> None:
    database = timezones()
    assert {name for name in available_timezones() if not database.knows(name)} <= {"Factory", "localtime"}
    assert set(database.renamed.values()) <= database.present
    assert not database.present & database.renamed.keys()


def test_namesakes_are_told_of_each_other_whatever_their_case_and_spaces() -> None:
    one, other = assistant(1, name="Solar Beratung"), assistant(2, name=" SOLAR  beratung")
    assert facts(one, other) == {"others": "2"}
    assert facts(other, one) == {"others": "1"}
    assert broken(one, assistant(3, name="Solar-Beratung")) == []
    assert broken(assistant(1, name=""), assistant(2, name=" ")) == []


def test_of_many_namesakes_only_some_are_named() -> None:
    crowd = [assistant(number, name="Kopie") for number in range(1, 1000)]
    assert facts(crowd[0], *crowd[1:]) == {"others": "2, 3, 4, …"}
    assert facts(crowd[-1], *crowd[:-1]) == {"others": "1, 2, 3, …"}
    assert facts(*crowd[:4]) == {"others": "2, 3, 4"}


def test_a_mode_or_status_that_nobody_has_described_is_told() -> None:
    for mode in ("pipeline", "multimodal", "dualplex"):
        assert broken(assistant(mode=mode)) == []
    for status in ("active", "inactive", "processing"):
        assert broken(assistant(status=status)) == []
    assert facts(assistant(mode="telepathy")) == {"mode": "telepathy"}
    assert facts(assistant(status="X" * 9999)) == {"status": "X" * 60}


def test_only_an_active_assistant_that_nobody_touched_for_a_year_is_told() -> None:
    last = NOW - timedelta(days=365, seconds=1)
    assert facts(assistant(updated_at=last)) == {"date": "2025-03-01"}
    for fields in (
        {"updated_at": NOW - timedelta(days=365)},
        {"updated_at": None},
        {"updated_at": NOW + timedelta(days=9)},
        {"updated_at": last, "status": "inactive"},
        {"updated_at": last, "status": "processing"},
    ):
        assert broken(assistant(**fields)) == []


def test_a_voice_of_another_language_is_told_where_both_are_known() -> None:
    assert broken(assistant(voice_id=202)) == ["voice-language"]
    assert facts(assistant(voice_id=202)) == {
        "voice": "Emma",
        "spoken_en": "English",
        "spoken_de": "Englisch",
        "wanted_en": "German",
        "wanted_de": "Deutsch",
    }
    # A language that we have no name for keeps Famulor's.
    klingon = Names(languages=LANGUAGES | {9: Language(id=9, name="Klingon", iso_2="xx")}, voices=VOICES)
    (told,) = findings(assistant(voice_id=202, language_id=9), names=klingon)
    assert (told.facts["wanted_de"], told.facts["spoken_de"]) == ("Klingon", "Englisch")


@pytest.mark.parametrize(
    ("voice", "language"),
    [(203, 2), (501, 1), (202, 5), (601, 1), (999, 1), (None, 1), (202, None), (202, 77), (301, 4)],
)
def test_a_voice_of_the_same_or_no_certain_language_is_well(voice: int | None, language: int | None) -> None:
    one = assistant(voice_id=voice, language_id=language)
    assert "voice-language" not in broken(one)


@pytest.mark.parametrize("names", [Names(), Names(languages=LANGUAGES), Names(voices=VOICES)])
def test_without_names_nothing_is_said_of_voices(names: Names) -> None:
    assert broken(assistant(voice_id=202), names=names) == []
