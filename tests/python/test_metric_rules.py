"""Alert rules and the dashboard: right by promtool, and about metrics that there are."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from command_line import invoke
from fleetstatus import _core
from promtool import promtool

FOLDER = files("fleetstatus") / "alerts"
RULES = (FOLDER / "rules.yml").read_text(encoding="utf-8")
DASHBOARD = (FOLDER / "dashboard.json").read_text(encoding="utf-8")
TESTS = Path(__file__).parents[1] / "prometheus" / "rules_test.yml"
FAMILIES = {
    name + ("_total" if kind == "counter" else ""): set(labels)
    for name, kind, _, labels, _ in _core.metric_families()
}
ALERTS = re.findall(r"alert: (\w+)", RULES)
SELECTOR = re.compile(r"(fleetstatus_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
VALUES = {
    "attention": {*_core.attentions(), ""},
    "kind": {kind for kind, _ in _core.change_kinds()},
}


def queries() -> list[str]:
    """List the queries of the dashboard."""
    panels: list[dict[str, Any]] = json.loads(DASHBOARD)["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def test_the_command_prints_them() -> None:
    assert invoke("rules").out == RULES
    assert invoke("rules", "--dashboard").out == DASHBOARD


@pytest.mark.parametrize("text", [RULES, DASHBOARD], ids=["rules", "dashboard"])
def test_they_ask_for_metrics_labels_and_values_that_there_are(text: str) -> None:
    asked = list(SELECTOR.finditer(text.replace('\\"', '"')))
    assert len(asked) > 10
    for one in asked:
        assert one[1] in FAMILIES, one[0]
        for label, how, value in MATCHER.findall(one[2] or ""):
            assert label in FAMILIES[one[1]], one[0]
            if how in {"=", "!="} and label in VALUES:
                assert value in VALUES[label], one[0]


def test_every_metric_is_on_the_dashboard() -> None:
    asked = {one[1] for query in queries() for one in SELECTOR.finditer(query)}
    assert set(FAMILIES) - asked == {"fleetstatus_newest_event_timestamp_seconds"}


def test_labels_that_panels_name_are_those_of_their_metrics() -> None:
    for panel in json.loads(DASHBOARD)["panels"]:
        for target in panel["targets"]:
            shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            by = set(re.findall(r"\w+", " ".join(re.findall(r" by \(([^)]*)\)", target["expr"]))))
            assert shown <= by, panel["title"]


def test_promtool_takes_the_rules() -> None:
    said = promtool("check", "rules", str(FOLDER / "rules.yml"))
    assert f"SUCCESS: {len(ALERTS)} rules found" in said


def test_promtool_takes_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    variables = {"$fleet": ".*", "$__rate_interval": "5m"}
    lines = ["groups:", "  - name: dashboard", "    rules:"]
    for number, query in enumerate(queries()):
        text = query
        for name, value in variables.items():
            text = text.replace(name, value)
        lines += [f"      - record: panel:{number}", f"        expr: {json.dumps(text)}"]
    (tmp_path / "panels.yml").write_text("\n".join(lines), encoding="utf-8")
    said = promtool("check", "rules", str(tmp_path / "panels.yml"))
    assert f"SUCCESS: {len(queries())} rules found" in said


@pytest.mark.slow
def test_each_alert_fires_when_it_should_and_not_before(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / TESTS.name).write_bytes(TESTS.read_bytes())
    assert "SUCCESS" in promtool("test", "rules", TESTS.name, cwd=tmp_path)


def test_each_alert_is_tested_on_both_sides() -> None:
    text = TESTS.read_text(encoding="utf-8")
    for alert in ALERTS:
        quiet = re.findall(rf"alertname: {alert}, exp_alerts: \[\]", text)
        fires = re.findall(rf"alertname: {alert}\n\s+exp_alerts:\n\s+- exp_labels", text)
        assert quiet, alert
        assert fires, alert
