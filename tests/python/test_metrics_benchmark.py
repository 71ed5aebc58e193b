"""What `python tests/bench metrics` compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
import metric_works
import prometheus_lists
from answers import NOW, DifferentAnswersError
from fleet_data import full_records
from metric_works import check_devices, compare_metrics, samples
from targets import METRIC_TARGETS
from timing import Stopwatch

if TYPE_CHECKING:
    from pathlib import Path

DEVICES = fs.classify(list(full_records(400)), now=NOW)


@pytest.mark.slow
def test_every_line_of_the_table_is_measured(tmp_path: Path) -> None:
    results = list(compare_metrics(50, Stopwatch(1), tmp_path))
    assert [result.target for result in results] == METRIC_TARGETS
    assert all(result.ours.median > 0 for result in results)


def test_prometheus_client_writes_the_same_devices() -> None:
    check_devices(DEVICES)
    written = samples(fs.openmetrics(DEVICES, detail="all", limit=None))
    assert len(written) > len(DEVICES)


def test_other_metrics_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus_lists, "_BY_STATUS", {"disconnected"})
    with pytest.raises(DifferentAnswersError, match="other metrics"):
        metric_works.check_devices(DEVICES)
