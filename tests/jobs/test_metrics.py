"""Metrics in Prometheus' text format; the rules and the dashboard that ship ask only for metrics that there are."""

import json
import re
from pathlib import Path

import yaml

from domain.clock import utc_now
from jobs.config import Config
from jobs.installation import Installation
from jobs.metrics import Metric, collect, exposition, write_metrics

REPOSITORY = Path(__file__).resolve().parents[2]


def test_labels_are_escaped_and_counters_are_told_from_gauges() -> None:
    hostile = Metric("undercut_x_total", "Says.", True, (((("source", 'a"\n\\b'),), 2.0),))
    assert exposition(iter([hostile])) == (
        '# HELP undercut_x_total Says.\n# TYPE undercut_x_total counter\nundercut_x_total{source="a\\"\\n\\\\b"} 2\n'
    )


def test_what_ships_for_prometheus_asks_for_what_there_is(tmp_path: Path) -> None:
    installation = Installation(Config(data_folder=tmp_path))
    known = {metric.name for metric in collect(installation, utc_now())}
    rules = yaml.safe_load((REPOSITORY / "deploy/prometheus/alerts.yml").read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    dashboard = json.loads((REPOSITORY / "deploy/grafana/undercut.json").read_text())
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert {name for expression in asked for name in re.findall(r"undercut_\w+", expression)} <= known

    write_metrics(installation, tmp_path / "undercut.prom")
    assert "undercut_workers 0" in (tmp_path / "undercut.prom").read_text()
    installation.close()


def test_the_compose_file_has_a_database_and_two_workers() -> None:
    services = yaml.safe_load((REPOSITORY / "deploy/compose.yml").read_text())["services"]
    assert set(services) == {"database", "worker-1", "worker-2"}
    assert services["worker-1"]["hostname"] != services["worker-2"]["hostname"]
