"""Write metrics of a fleet, and of all of its devices."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

import fleetstatus as fs
import prometheus_lists
import targets
from answers import NOW, DifferentAnswersError
from fleet_data import full_records
from prometheus_lists import ATTENTION, SINCE
from timing import Work
from writing import write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timing import Result, Stopwatch

_FEW = 2000


def compare_metrics(n_devices: int, watch: Stopwatch, directory: Path) -> Iterator[Result]:
    """Compare line by line of the table.

    Raises
    ------
    DifferentAnswersError
        If the metrics of devices differ.
    """
    file = directory / "metrics.ndjson"
    write_lines(file, full_records(n_devices))
    check_devices(fs.classify(file, now=NOW)[:_FEW])
    fresh = _Fresh(file)
    lists = prometheus_lists.lists_of(fs.classify(file, now=NOW))
    gc.collect()
    gc.freeze()
    try:
        yield from watch.time(
            Work(
                n_devices=n_devices,
                ours={
                    targets.FLEET_METRICS: lambda: fs.openmetrics(fresh.table, detail="none"),
                    targets.DEVICE_METRICS: lambda: fs.openmetrics(
                        fresh.table, detail="all", limit=None
                    ),
                },
                peers={targets.PROMETHEUS_CLIENT: lambda: prometheus_lists.write(*lists)},
                clock="cpu",
                expected=None,
                silent={targets.CLASSIFY: lambda: fs.classify(file, now=NOW, threads=1)},
                before={
                    targets.FLEET_METRICS: fresh.classify,
                    targets.DEVICE_METRICS: fresh.classify,
                },
            )
        )
    finally:
        gc.unfreeze()


class _Fresh:
    """A table that has not been asked for anything, since answers are made once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.classify()

    def classify(self) -> None:
        self.table = fs.classify(self._file, now=NOW)


def check_devices(table: fs.StatusTable) -> None:
    """Stop if prometheus_client writes other metrics of devices."""
    ours = samples(fs.openmetrics(table, detail="all", limit=None))
    peer = samples(prometheus_lists.write(*prometheus_lists.lists_of(table)).decode())
    if ours != peer:
        message = f"{targets.PROMETHEUS_CLIENT}: other metrics"
        raise DifferentAnswersError(message)


def samples(text: str) -> dict[Any, float]:
    """Read the metrics of devices."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        if family.name in {ATTENTION, SINCE}
        for sample in family.samples
    }
