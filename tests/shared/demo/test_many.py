"""Assistants by the thousand."""

import json
from itertools import product

from shared.demo import many_assistants


def test_five_thousand_are_about_fifteen_megabytes() -> None:
    assert 13e6 < len(json.dumps(many_assistants(5000))) < 17e6


def test_they_are_the_same_each_time() -> None:
    assert many_assistants(50) == many_assistants(50)
    assert many_assistants(50)[:20] == many_assistants(20)


def test_names_and_ids_are_unique() -> None:
    records = many_assistants(5000)
    assert len({record["name"] for record in records}) == len({record["id"] for record in records}) == 5000


def test_every_mode_meets_every_status_and_timezone() -> None:
    records = many_assistants(1000)
    values = [{record[field] for record in records} for field in ("mode", "status", "timezone")]
    assert {(record["mode"], record["status"], record["timezone"]) for record in records} == set(product(*values))
    assert [len(each) for each in values] == [3, 3, 4]
    assert {record["language_id"] for record in records} == {1, 2, 3, 4}
    assert {(bool(record["webhook_url"]), record["is_webhook_active"]) for record in records} == {
        (True, True),
        (True, False),
        (False, False),
    }


def test_prompts_are_at_most_as_long_as_asked() -> None:
    lengths = {len(record["system_prompt"].encode()) for record in many_assistants(10, prompt_bytes=1000)}
    assert lengths == {600, 700, 800, 900, 1000}
