"""`famulor-bot audit`: findings for people, for pipelines and for code scanning, and the exit status of each."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from shared.audit import RULES, Ignore
from shared.demo import DEMO_KEY, PLANTED, DemoApi, faults
from shared.store import open_store
from tests.bot.terminal.conftest import Run
from tests.clocks import ManualClock

WARNINGS = {
    "Customer Satisfaction Survey (118)": "webhook-no-url",
    "Membership Renewal (305)": "unknown-system-variable",
}
"""Some of what is planted."""


async def test_people_read_who_has_what_and_what_to_do_in_their_language(run: Run) -> None:
    english = await run("audit")
    assert english.status == 1
    assert english.out.startswith("5 of 12 ready to call\n10 findings: 7 warnings, 3 notes\n\nWarning · 7 findings\n")
    assert english.err == ""
    for bearer, rule in WARNINGS.items():
        assert f"\n  {bearer} · {rule}\n    {RULES[rule].what.en.partition('{')[0]}" in english.out
    assert english.out.count("\n    Cure: ") == sum(map(len, PLANTED.values()))
    assert await run("audit") == english  # nothing in it depends on the time

    for arguments, environment in (
        (["--language", "de"], {}),
        ([], {"LANG": "de_AT.UTF-8"}),
        ([], {"LANG": "fr_FR", "LANGUAGE": "de:en"}),
        ([], {"LC_ALL": "de_DE", "LANG": "en_US"}),
    ):
        german = await run("audit", "ab:warnung", "je:assistent", *arguments, **environment)
        assert "5 von 12 anrufbereit\n" in german.out
        assert "\n\nMembership Renewal (305) · 1 Befund\n\n  Warnung · unknown-system-variable\n" in german.out
        assert "\n    Abhilfe: " in german.out
    by_rule = await run("audit", "by:rule", "rule:webhook-*", LANGUAGE="de", LC_ALL="C")
    assert (
        "\n\nWebhook without URL · webhook-no-url · 1 finding\n\n  Customer Satisfaction Survey (118) · Warning\n"
        in by_rule.out
    )
    assert by_rule.out.count("Cure:") == 3


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--fail-on", "info"], 1),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "never"], 0),
        (["42"], 0),
        (["101", "--fail-on", "info"], 1),
        (["57"], 0),  # a note, and a warning is the usual limit
        (["rule:webhook-*,!webhook-no-url", "lang:en"], 0),
        (["min:critical", "--fail-on", "info"], 0),  # what is told is what counts
        (["inactive"], 0),
        (["lang:en", "--plain", "active"], 1),
        (["name:Membership Renewal"], 1),
        (["Membership Renewal"], 1),
        (['"Membership Renewal" status:processing'], 1),
        (["status:inactive", "Membership Renewal"], 0),
    ],
)
async def test_the_exit_status_follows_from_what_is_told(run: Run, arguments: list[str], status: int) -> None:
    ended = await run("audit", *arguments)
    assert (ended.status, ended.err) == (status, "")
    assert (" findings" in ended.out or " finding:" in ended.out) or not status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["activ"], "I don't understand “activ”. Did you mean famulor-bot audit active?"),
        (["rule:nonsense"], "“nonsense” is no rule of the audit. Valid: "),
        (["account:nobody"], "There is no account “nobody”. Known: default."),
        (["sort:name"], "means nothing in an audit"),
        (["--format", "pdf"], "invalid Format value: 'pdf'"),
        (["--fail-on", "sometimes"], "invalid choice: 'sometimes'"),
        (["active", "--colour"], "unrecognized arguments: --colour"),
        (["webhook:vielleicht", "--language", "de"], "„vielleicht“"),
        (["--output", "nowhere/report.txt"], "nowhere/report.txt can't be written (No such file or directory)."),
    ],
)
async def test_what_is_wrong_in_the_words_is_told_on_standard_error(run: Run, arguments: list[str], words: str) -> None:
    ended = await run("audit", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err


async def test_settings_that_are_missing_or_wrong_are_told(run: Run) -> None:
    missing = await run("audit", FAMULOR_API_KEY="")
    assert (missing.status, missing.out) == (2, "")
    assert missing.err.startswith("FAMULOR_API_KEY: is missing.")
    wrong = await run("audit", AUDIT_RULES="nonsense:off")
    assert (wrong.status, "AUDIT_RULES: there is no rule “nonsense”" in wrong.err) == (2, True)
    regraded = await run("audit", "118", AUDIT_RULES="webhook-no-url:critical")
    assert "1 finding: 1 critical" in regraded.out


async def test_an_account_that_gives_no_answer_is_told_and_is_not_well(run: Run, demo_api: DemoApi) -> None:
    accounts = {
        "good": {"api_key": DEMO_KEY, "base_url": demo_api.base_url},
        "bad": {"api_key": "canary-key", "base_url": demo_api.base_url},
    }
    two = {"FAMULOR_API_KEY": "", "FAMULOR_ACCOUNTS": json.dumps(accounts)}
    ended = await run("audit", "--fail-on", "never", **two)
    assert ended.status == 3
    assert "5 of 12 ready to call" in ended.out
    assert "\n  Membership Renewal (305) · unknown-system-variable · good\n" in ended.out
    assert ended.err.startswith("Nothing of the account bad: Famulor does not accept the API key")
    assert "canary" not in ended.out + ended.err

    sarif = Sarif.model_validate_json((await run("audit", "--format", "sarif", **two)).out)
    (invocation,) = sarif.runs[0].invocations or []
    assert not invocation.execution_successful
    suites = {suite.name: suite for suite in JUnitXml.fromstring((await run("audit", "--format=junit", **two)).out)}
    assert (suites["bad"].errors, suites["bad"].tests, suites["good"].errors) == (1, 1, 0)
    (error,) = next(iter(suites["bad"])).result
    assert isinstance(error, Error)
    nobody = await run("audit", "account:bad", **two)
    assert (nobody.status, nobody.out) == (3, "")
    demo_api.always(faults.NotFound())
    assert (await run("audit", "--format", "json")).status == 3


async def test_json_has_all_that_was_found_and_nothing_that_steers_a_terminal(run: Run, demo_api: DemoApi) -> None:
    hostile = "\x1b]0;gotcha\x07\x9b31m \u202eexe.txt \u2028 \ud83d"
    demo_api.change(42, name=hostile, timezone=hostile[:-1])
    ended = await run("audit", "--format", "json", "57,101,305")
    found = json.loads(ended.out)
    assert (found["version"], found["assistants"], found["ready"]) == (1, 3, 1)
    assert {(one["assistant"], one["rule"]) for one in found["findings"]} == {
        (number, rule) for number in (57, 101, 305) for rule in PLANTED[number]
    }
    one = next(one for one in found["findings"] if one["assistant"] == 305)
    assert one["what"] == "{{customer_telephone}} is no system variable; the nearest is {{customer_phone}}."
    assert (one["severity"], one["explained_in"]) == ("warning", "docs/audit.md#unknown-system-variable")
    assert one["page"].endswith("/assistants/305")
    assert [account["assistants"] for account in found["accounts"]] == [12]
    for form in ("json", "sarif", "junit", "text"):
        out = (await run("audit", "42", "--format", form)).out
        assert "timezone-unknown" in out
        assert not set(out) & {*"\x1b\x07\x9b\u202e\u2028"}
    (evil,) = json.loads((await run("audit", "42", "rule:timezone-unknown", "--format=json")).out)["findings"]
    assert evil["name"] == hostile.replace("\ud83d", "?")  # lossless, but for half a character


async def test_a_probe_asks_no_host_that_is_not_public(run: Run, demo_api: DemoApi) -> None:
    demo_api.change(42, webhook_url=f"{demo_api.base_url}/private", is_webhook_active=True)
    before = len(demo_api.requests)
    assert "webhook-unreachable" not in (await run("audit", "42")).out
    probed = await run("audit", "42", "--probe")
    assert "could not be reached as it should (not-public)" in probed.out
    assert [request.path for request in demo_api.requests[before:] if "private" in request.path] == []


async def test_code_scanning_reads_sarif_with_rules_results_and_fingerprints(run: Run, demo_api: DemoApi) -> None:
    def read(text: str) -> Any:
        log = Sarif.model_validate_json(text)
        content = json.loads(text)
        assert content["version"] == "2.1.0"
        assert len(log.runs) == 1
        return content["runs"][0]

    first = read((await run("audit", "--format", "sarif")).out)
    rules = {rule["id"]: rule for rule in first["tool"]["driver"]["rules"]}
    assert list(rules) == list(RULES)
    for name, rule in rules.items():
        assert rule["help"]["markdown"].endswith(f"([docs/audit.md#{name}](docs/audit.md#{name}))")
        assert "{'" not in rule["help"]["text"]
    found = {
        (one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], one["ruleId"]): one
        for one in first["results"]
    }
    assert set(found) == {(f"default/{number}", rule) for number, those in PLANTED.items() for rule in those}
    for (_bearer, rule), one in found.items():
        assert first["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == rule
        assert one["level"] == {"info": "note", "warning": "warning", "critical": "error"}[RULES[rule].severity]
    prints = [one["partialFingerprints"]["findingKey/v1"] for one in first["results"]]
    assert len(set(prints)) == len(prints)

    # The same finding, whatever it is called, graded and said in.
    demo_api.change(118, name="[Another](javascript:alert(1)) name")
    again = read(
        (await run("audit", "118", "--format", "sarif", "--language", "de", AUDIT_RULES="webhook-no-url:critical")).out
    )
    (same,) = again["results"]
    assert same["partialFingerprints"] == found["default/118", "webhook-no-url"]["partialFingerprints"]
    assert (same["level"], again["language"]) == ("error", "de")
    assert "](" not in same["message"]["text"]


async def test_pipelines_read_junit_with_a_test_for_each_assistant(run: Run, demo_api: DemoApi) -> None:
    def failed(text: str) -> dict[str, str]:
        report = JUnitXml.fromstring(text)
        cases = [case for suite in report for case in suite]
        results = {str(case.name): case.result for case in cases}
        assert report.tests == len(cases)
        assert report.failures == sum(1 for found in results.values() if found)
        return {name: found[0].type for name, found in results.items() if found and isinstance(found[0], Failure)}

    usual = await run("audit", "--format", "junit")
    assert len([case for suite in JUnitXml.fromstring(usual.out) for case in suite]) == 12
    assert {name.split()[0] for name in failed(usual.out)} == {"101", "118", "119", "163", "204", "221", "305"}
    assert "info" in failed((await run("audit", "--format", "junit", "--fail-on", "info")).out).values()
    never = await run("audit", "--format", "junit", "--fail-on", "never")
    assert (never.status, failed(never.out)) == (0, {})
    assert "unknown-system-variable" in never.out
    # What XML has no place for, and records that can't be read, with and without an id.
    demo_api.change(118, name="\x00 \ufffe <b>&amp; ]]>")
    demo_api.assistants[0]["name"] = None
    demo_api.assistants[1].pop("id")
    torn = failed((await run("audit", "--format", "junit")).out)
    assert len([name for name in torn if "Unreadable record" in name]) == 2
    assert "Record no." in (await run("audit")).out


async def test_what_is_ignored_in_slack_is_ignored_here_and_no_store_is_made_for_that(
    run: Run, database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    ignore = Ignore(
        account="default", assistant=118, rule="webhook-no-url", reason="a \x1b[31mtest", by="U1", at=clock.now()
    )
    nothing = await run("audit", "118", DATABASE_URL=database_url)
    assert nothing.status == 1
    assert not list(tmp_path.rglob("*.sqlite3"))  # noqa: ASYNC240 # nothing else waits for this loop
    async with open_store(database_url, clock) as store:
        await store.ignores.add(ignore)
    ended = await run("audit", "118", DATABASE_URL=database_url)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("1 of 1 ready to call\n")
    line = "Customer Satisfaction Survey (118) · webhook-no-url · ignored by U1 on 2026-03-01: a [31mtest"
    assert f"1 finding is ignored\n  {line}\n" in ended.out
    (told,) = json.loads((await run("audit", "118", "--format", "json", DATABASE_URL=database_url)).out)["ignored"]
    assert (told["rule"], told["reason"], told["ignored_by"]) == ("webhook-no-url", ignore.reason, "U1")
    sarif = json.loads((await run("audit", "118", "--format", "sarif", DATABASE_URL=database_url)).out)
    (result,) = sarif["runs"][0]["results"]
    assert result["suppressions"][0]["kind"] == "external"


async def test_a_store_that_says_nothing_of_ignoring_and_one_that_is_damaged(run: Run, tmp_path: Path) -> None:
    old, broken = tmp_path / "old.sqlite3", tmp_path / "broken.sqlite3"
    with sqlite3.connect(old) as connection:
        connection.execute("CREATE TABLE something (else_ TEXT)")
    connection.close()
    before = old.read_bytes()
    ended = await run("audit", "118", DATABASE_URL=f"sqlite:///{old}")
    assert (ended.status, ended.err, old.read_bytes()) == (1, "", before)
    broken.write_bytes(b"This is no database. " * 100)
    ended = await run("audit", "118", DATABASE_URL=f"sqlite:///{broken}")
    assert ended.status == 1
    assert ended.err.startswith("What is ignored can't be read: The database is damaged")
    assert "webhook-no-url" in ended.out


async def test_a_report_goes_into_a_file_and_the_score_to_standard_error(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    ended = await run("audit", "--output", str(target))
    assert (ended.status, ended.out, ended.err) == (1, "", "5 of 12 ready to call\n")
    assert target.read_text(encoding="utf-8") == (await run("audit")).out
