"""Metrics of devices by prometheus_client, in its fastest way: a collector of whole families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import fleetstatus as fs

    Labels = Sequence[str]
    Samples = list[tuple[Labels, float]]

ATTENTION = "fleetstatus_device_attention"
SINCE = "fleetstatus_device_attention_since_timestamp_seconds"
LABELS = ("fleet", "uuid", "device_name", "attention")

_BY_STATUS = {"disconnected", "reduced", "never-connected"}
_BY_UPDATE = {"update-stuck", "update-failed"}


def lists_of(table: fs.StatusTable) -> tuple[Samples, Samples]:
    """List the labels and the values that are to be written, off the clock."""
    columns = [[text or "" for text in table[name].to_list()] for name in LABELS]
    labels = list(zip(*columns, strict=True))
    times = zip(
        table["status_since"].to_list(),
        table["update_status_since"].to_list(),
        table["update_status"].to_list(),
        strict=True,
    )
    needs = [(one, 1.0 if one[3] else 0.0) for one in labels]
    since: Samples = []
    for one, (status_since, update_since, update) in zip(labels, times, strict=True):
        moment = None
        if one[3] in _BY_STATUS:
            moment = status_since
        elif one[3] == "update-stuck" or update in {"Rejected", "Aborted"}:
            moment = update_since if one[3] in _BY_UPDATE else None
        if moment is not None:
            since.append((one, moment.timestamp()))
    return needs, since


class _Devices(Collector):
    def __init__(self, needs: Samples, since: Samples) -> None:
        self._families = ((ATTENTION, needs), (SINCE, since))

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give both families."""
        for name, samples in self._families:
            family = GaugeMetricFamily(name, "Attention.", labels=LABELS)
            for labels, value in samples:
                family.add_metric(labels, value)
            yield family


def write(needs: Samples, since: Samples) -> bytes:
    """Write them."""
    registry = CollectorRegistry()
    registry.register(_Devices(needs, since))
    return generate_latest(registry)
