"""deploy/alert-rules.yml, prometheus.yml and the dashboard, read by what reads them, and held to what there is."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.models import prometheus
from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

import bot.app  # noqa: F401
import mcp_server.server  # noqa: F401 # both doors: their errors are of the tree too, once they are imported
from shared.clock import SystemClock
from shared.errors import FamulorError, QuestionError, StoreError, UpstreamError
from shared.metrics import Metrics
from tests.programs import found

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "alert-rules.yml"


@pytest.fixture(scope="module")
def metrics() -> dict[str, set[str]]:
    """The labels of every series that /metrics shows once everything has happened, by its name; and a scrape's own."""
    counted = Metrics(SystemClock())
    counted.upstream_call("agency", "ok", 1)
    counted.upstream_retry("agency", "ServerFault", 1)
    counted.upstream_wait("agency", 1)
    counted.upstream_budget("agency", lambda: {10: 20})
    counted.answered("agency", "fresh", 1)
    counted.polled("agency", "ok", 1, 1)
    counted.outbox(1, 1)
    counted.delivered("alert", "ok", 1)
    counted.command("outbound", "ok", 1)
    counted.tool("list_outbound_assistants", "ok", 1)
    known: dict[str, set[str]] = {}
    for family in counted.registry.collect():
        for sample in family.samples:
            known.setdefault(sample.name, {"instance", "job"}).update(sample.labels)
    return known


@pytest.fixture(scope="module")
def dashboard() -> Dashboard:
    """As Grafana's own library reads it."""
    plugins.register_default_plugins()
    return Dashboard.from_json(json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8")))


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found_rules: list[dict[str, Any]] = group["rules"]
    return found_rules


def shown(dashboard: Dashboard) -> Iterator[tuple[str, str]]:
    """Each panel's title with each expression that it shows, what Grafana fills in filled in."""
    for panel in dashboard.panels or []:
        for target in (panel.targets or []) if isinstance(panel, Panel) else []:
            assert isinstance(target, prometheus.Dataquery), panel.title
            yield str(panel.title), target.expr.replace("$__rate_interval", "5m").replace("$account", ".*")


def promtool(*arguments: str) -> str:
    """What Prometheus' own tool says, which finds nothing wrong."""
    done = subprocess.run([found("promtool"), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_rules_and_the_configuration() -> None:
    assert "7 rules found" in promtool("check", "rules", "--lint=all", "--lint-fatal", str(RULES))
    assert "SUCCESS" in promtool("check", "config", str(DEPLOY / "prometheus.yml"))


def test_each_rule_fires_where_it_should_and_is_silent_beside_it() -> None:
    cases = Path(__file__).with_name("alert-rules.test.yml")
    promtool("test", "rules", str(cases))
    asked = [
        test for case in yaml.safe_load(cases.read_text(encoding="utf-8"))["tests"] for test in case["alert_rule_test"]
    ]
    for fires in (True, False):
        tested = {test["alertname"] for test in asked if bool(test["exp_alerts"]) is fires}
        assert tested == {rule["alert"] for rule in rules() if "alert" in rule}


def test_there_are_five_each_with_what_to_do() -> None:
    alerts = [rule for rule in rules() if "alert" in rule]
    assert len(alerts) == 5
    for alert in alerts:
        assert set(alert["annotations"]) == {"summary", "description"}
        assert alert["labels"]["severity"] in {"critical", "warning"}


def test_rules_and_panels_name_metrics_and_labels_that_there_are(
    metrics: dict[str, set[str]], dashboard: Dashboard
) -> None:
    known = {rule["record"]: set[str]() for rule in rules() if "record" in rule} | metrics
    expressions = [(rule.get("alert", ""), rule["expr"]) for rule in rules()] + list(shown(dashboard))
    for where, expression in expressions:
        names = set(re.findall(r"\b(?:famulor|process)[a-z_:\d]*[a-z\d]\b", re.sub(r'job=~"[^"]*"', "", expression)))
        assert names <= known.keys(), where
        assert names, where
        there = set[str]().union(*(known[name] for name in names)) | {"__name__"}
        grouped = ",".join(re.findall(r"\b(?:by|on) \(([^)]*)\)", expression))
        matched = re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', expression)
        assert {one.strip() for one in grouped.split(",") if one.strip()} | set(matched) <= there, where


def test_every_metric_of_ours_has_a_panel(metrics: dict[str, set[str]], dashboard: Dashboard) -> None:
    everything = " ".join(expression for _title, expression in shown(dashboard))
    # Sums and counts come with their buckets; the moment of a counter's making is nothing to look at.
    beside = ("_created", "_sum", "_count")
    ours = {name for name in metrics if name.startswith("famulor_") and not name.endswith(beside)}
    assert {name for name in ours if not re.search(rf"\b{name}\b", everything)} == set()
    assert len(ours) > 20


def test_prometheus_can_read_what_each_panel_shows(dashboard: Dashboard, tmp_path: Path) -> None:
    expressions = [expression for _title, expression in shown(dashboard)]
    as_rules = [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(expressions)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": as_rules}]}), encoding="utf-8")
    assert f"{len(expressions)} rules found" in promtool("check", "rules", str(file))


def test_panels_have_titles_of_their_own_and_stand_side_by_side(dashboard: Dashboard) -> None:
    panels = [panel for panel in dashboard.panels or [] if isinstance(panel, Panel)]
    titles = [panel.title for panel in panels]
    assert len(titles) == len(set(titles))
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel.grid_pos
        assert place is not None
        cells = {(x, y) for x in range(place.x, place.x + place.w) for y in range(place.y, place.y + place.h)}
        assert not cells & taken, panel.title
        assert place.x + place.w <= 24
        taken |= cells


def test_the_rules_name_panels_and_settings_that_there_are(dashboard: Dashboard) -> None:
    titles = {panel.title for panel in dashboard.panels or [] if isinstance(panel, Panel)}
    for rule in rules():
        for named in re.findall(r"panels? ((?:“[^”]+”(?:, | and )?)+)", str(rule.get("annotations"))):
            for title in re.findall(r"“([^”…]+)”", named):
                assert title in titles


def test_what_askers_get_wrong_is_no_failure_and_all_else_is() -> None:
    (record,) = (rule for rule in rules() if rule.get("record") == "famulor:answers_failed:increase15m")
    (pattern,) = re.findall(r'outcome=~"([^"]+)"', record["expr"])

    def below(tree: type[FamulorError]) -> set[str]:
        return {tree.__name__}.union(*(below(child) for child in tree.__subclasses__()))

    counted = {name for name in below(FamulorError) if re.fullmatch(pattern, name)}
    assert (below(QuestionError) - {"QuestionError"}) & counted == set()
    # An issuer whose keys can't be had: refused at the gate, before there is a tool.
    assert below(UpstreamError) - counted == {"KeysMissing"} & below(UpstreamError)
    assert below(StoreError) - counted == set()
    assert all(re.fullmatch(pattern, name) for name in ("KeyError", "busy", "unanswered", "Unexpected"))
    assert not re.fullmatch(pattern, "ok")
