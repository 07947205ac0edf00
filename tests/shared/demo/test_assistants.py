"""The twelve of the demo: believable, and faulty only where it is said."""

import json
import re
from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from shared.demo import PLANTED, DemoApi, demo_assistants
from shared.demo.assistants import PROVIDERS_OF_MODE, demo_voices

SYSTEM_VARIABLES = {
    "customer_phone",
    "assistant_phone",
    "assistant_id",
    "assistant_name",
    "current_date",
    "current_time",
}


def faults_of(record: dict[str, Any], names: Counter[str]) -> set[str]:
    """What a careful reader finds who does not know how the audit looks for it."""
    texts = record["system_prompt"] + record["initial_message"]
    system = set(re.findall(r"\{\{(\w+)\}\}", texts))
    used = set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", texts))
    url = record.get("webhook_url") or ""
    found = {
        "name-shared": names[record["name"].casefold()] > 1,
        "undeclared-variable": used != set(record["variables"]),
        "unknown-system-variable": not system <= SYSTEM_VARIABLES,
        "webhook-no-url": bool(record.get("is_webhook_active")) and not url,
        "webhook-off": bool(url) and not record.get("is_webhook_active"),
        "webhook-not-https": bool(url) and urlsplit(url).scheme != "https",
        "prompt-placeholder": "TODO" in texts,
        "timezone-unknown": record["timezone"] not in available_timezones(),
        "greeting-long": len(record["initial_message"]) > 200,
    }
    return {word for word, broken in found.items() if broken}


def test_what_is_wrong_is_what_was_planted() -> None:
    records = demo_assistants()
    names = Counter(record["name"].casefold() for record in records)
    assert {record["id"]: faults for record in records if (faults := faults_of(record, names))} == {
        number: set(rules) for number, rules in PLANTED.items()
    }


def test_later_their_dates_are_as_much_later_and_nothing_else_is_different() -> None:
    dates = "created_at", "updated_at"
    for written, moved in zip(demo_assistants(), demo_assistants(date(2027, 3, 1)), strict=True):
        assert {name for name in written if written[name] != moved[name]} == set(dates)
        for name in dates:
            shape, later = [re.sub(r"\d", "0", record[name]) for record in (written, moved)]
            assert shape == later
            days = [date.fromisoformat(record[name][:10]) for record in (written, moved)]
            assert (days[1] - days[0]).days == 365
    assert demo_assistants(date(2020, 1, 1)) == demo_assistants()


def test_there_are_twelve_of_several_kinds() -> None:
    records = demo_assistants()
    assert len({record["id"] for record in records}) == 12
    assert Counter(record["language_id"] for record in records) == {1: 7, 2: 5}
    assert {record["mode"] for record in records} == {"pipeline", "multimodal", "dualplex"}
    assert Counter(record["status"] for record in records) == {"active": 9, "inactive": 2, "processing": 1}
    assert next(record["name"] for record in records if record["id"] == 42) == "Sales Follow-up"


def test_they_show_what_the_wire_may_hold() -> None:
    records = demo_assistants()
    assert [] in [record["variables"] for record in records]
    assert any("webhook_url" not in record for record in records)
    assert any("folder" in record for record in records)
    shapes = {re.sub(r"\d", "0", record["created_at"]) for record in records}
    assert shapes == {"0000-00-00T00:00:00.000000Z", "0000-00-00T00:00:00Z", "0000-00-00 00:00:00"}


def test_prompts_are_as_long_as_real_ones() -> None:
    assert all(500 <= len(record["system_prompt"].encode()) <= 3000 for record in demo_assistants())


def test_hosts_are_reserved_for_examples() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", json.dumps([*demo_assistants(), *demo_voices()])))
    assert hosts
    assert all(re.search(r"(^|\.)example\.(com|net|org)$", host) for host in hosts)


def test_voices_suit_the_mode() -> None:
    providers = {voice["id"]: voice["synthesizer_provider_id"] for voice in demo_voices()}
    assert all(providers[record["voice_id"]] in PROVIDERS_OF_MODE[record["mode"]] for record in demo_assistants())


def test_each_demo_api_has_its_own_copy() -> None:
    one, other = DemoApi(), DemoApi()
    one.assistants[0]["variables"]["product"] = "changed"
    assert other.assistants[0]["variables"]["product"] != "changed"
