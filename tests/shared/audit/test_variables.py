"""Names in braces that nobody fills in, and defaults that nobody uses."""

from typing import Any

import pytest

from shared.audit import RULES, Finding
from tests.shared.audit.worlds import PROMPT, assistant, broken, findings


def about(text: str, declared: tuple[str, ...] = ("customer_name",), **fields: Any) -> list[Finding]:
    """What is said of an assistant whose prompt goes on with the text."""
    return findings(assistant(system_prompt=PROMPT + text, variables=dict.fromkeys(declared, ""), **fields))


def told(finding: Finding) -> tuple[str, str]:
    rule = RULES[finding.rule]
    assert rule.what.de.format(**finding.facts)
    assert rule.cure.de.format(**finding.facts)
    return rule.what.en.format(**finding.facts), rule.cure.en.format(**finding.facts)


@pytest.mark.parametrize(
    "text",
    [
        "Heute ist {{current_date}}, {{ current_time }}, von {{assistant_phone}} an {{customer_phone}}.",
        # Of a person who is called, whoever places the call knows the name and the address.
        "{first_name} {lastName} {Vorname} {nachname} {anrede} {lead.email} {customer-phone} {kundenname} {firma}",
        "{customer} {client_first_name} {Lead City} {contact_id} {patient_name} {ansprechpartner}",
        # Braces that are no variables.
        'Antworte als JSON: {"name": {"first": "…"}, "ok": true} :-} {} {1,2} \\d{3} function() { return {} }',
        '{{ "a": {"b": 1} } und {customer_name} }',
    ],
)
def test_what_is_filled_in_is_well(text: str) -> None:
    assert about(text) == []


def test_a_name_that_is_not_declared_is_told_once_with_the_one_that_may_be_meant() -> None:
    wrong = about("{customer_nme} {customer_nme} {invoice} {listing_id}", ("customer_name", "product"))
    assert [(one.rule, one.subject, one.facts.get("nearest")) for one in wrong] == [
        ("undeclared-variable", "customer_nme", "{customer_name}"),
        ("undeclared-variable", "invoice", "–"),
        ("undeclared-variable", "listing_id", "–"),
        ("unused-variable", "product", None),
    ]
    assert told(wrong[0])[0] == "{customer_nme} is used but not declared (nearest declared name: {customer_name})."


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("{{customer_telephone}}", "{{customer_phone}}"),
        ("{{customer_phne}}", "{{customer_phone}}"),
        ("{{customer_number}}", "{{customer_phone}}"),
        ("{{today}}", "{{current_date}}"),
        ("{{Uhrzeit}}", "{{current_time}}"),
        ("{{assistantName}}", "{{assistant_name}}"),
        ("{{agent_name}}", "{{assistant_name}}"),
    ],
)
def test_a_system_variable_that_there_is_not_is_told_with_the_nearest(variable: str, nearest: str) -> None:
    (wrong,) = about(variable)
    assert wrong.rule == "unknown-system-variable"
    assert wrong.facts == {"variable": variable, "nearest": nearest}
    assert told(wrong)[1].startswith(f"Write {nearest}")


def test_the_number_of_braces_is_right_or_told() -> None:
    wrong = about("{current_date} {{product}} {{first_name}} {{customer_name}}", ("customer_name", "product"))
    assert [(one.rule, one.facts["variable"], one.facts["right"]) for one in wrong] == [
        ("single-braces", "{current_date}", "{{current_date}}"),
        ("double-braces", "{{product}}", "{product}"),
        ("double-braces", "{{first_name}}", "{first_name}"),
        ("double-braces", "{{customer_name}}", "{customer_name}"),
    ]
    assert told(wrong[0])[1] == "Write {{current_date}}."
    # Who declares a variable of that name fills it in.
    assert about("{current_date}", ("customer_name", "current_date")) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("am {arrival. Frage", "{arrival"),
        ("am {arrival um {time}", "{arrival"),
        ("am {{current_date} um", "{{current_date}"),
        ("mit {arrival}}.", "{arrival}}"),
        ("mit arrival}.", "arrival}"),
        ('{"a": 1}} {arrival', "{arrival"),
    ],
)
def test_a_brace_that_is_missing_or_one_too_many_is_one_fault(text: str, written: str) -> None:
    (wrong,) = about(text + " {arrival} {time}", ("customer_name", "arrival", "time"))
    assert (wrong.rule, wrong.facts) == ("unbalanced-braces", {"variable": written})
    assert told(wrong)[0] == f"At {written}, a brace is missing or one too many."


def test_a_default_that_no_text_uses_is_told_unless_a_webhook_may_want_it() -> None:
    declared = ("customer_name", "product", "crm_id", "utm_source")
    assert [one.subject for one in about("", declared)] == ["product"]
    silent = about("", declared, is_webhook_active=False)
    assert [one.subject for one in silent if one.rule == "unused-variable"] == ["product", "crm_id", "utm_source"]
    # What a misspelling means is not told twice.
    assert [one.rule for one in about("{produkt}", ("customer_name", "product"))] == ["undeclared-variable"]


def test_of_many_faults_the_first_are_told_and_long_names_cut() -> None:
    many = " ".join(f"{{unknown_{number}}} {{{{system_{number}}}}} {{open_{number}" for number in range(300))
    wrong = about(many + " {" + "x" * 5000 + "}", tuple(f"declared {number}" for number in range(500)))
    rules = [one.rule for one in wrong]
    assert {rule: rules.count(rule) for rule in rules} == {
        "prompt-long": 1,
        "undeclared-variable": 20,
        "unknown-system-variable": 20,
        "unbalanced-braces": 20,
        "unused-variable": 20,
    }
    assert len({one.key for one in wrong}) == len(wrong)
    (long,) = about("{" + "x" * 5000 + "}")
    assert len(long.subject) <= 80
    assert len(long.facts["variable"]) <= 80


@pytest.mark.parametrize("piece", ["{", "}", "{a", "a}", "{{a}", "{a}}", "{a}", "{ ", "{a-"])
def test_a_hostile_text_ends(piece: str) -> None:
    assert "prompt-long" in broken(assistant(system_prompt=piece * (200_000 // len(piece))))
