"""Devices as metrics for Prometheus, in its text format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from fleetstatus import _core
from fleetstatus._changes.changes import Changes
from fleetstatus._changes.counted import Told, told_in
from fleetstatus._classify import classify
from fleetstatus._coerce import check_choice, to_limit
from fleetstatus._table.table import StatusTable
from fleetstatus._tracker.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._types import Source

DETAILS = tuple(_core.metrics_details())
FORMATS = tuple(_core.metrics_formats())
DEFAULT_LIMIT = 1000

Detail = Literal["none", "attention", "all"]


def openmetrics(
    devices: Source | StatusTable,
    *,
    changes: Changes | Tracker | None = None,
    detail: Detail = "attention",
    limit: int | None = DEFAULT_LIMIT,
    format: Literal["prometheus", "openmetrics"] = "prometheus",
) -> str:
    """Write devices as metrics that Prometheus reads.

    Parameters
    ----------
    devices
        A table, or anything that `classify` takes; it is read with ``on_error="keep"``. If several
        rows have one uuid, the last counts.
    changes
        Changes to count in ``fleetstatus_changes_total``: `Changes`, or a `Tracker`, whose counters
        only increase. None: the metric is left out.
    detail
        Which devices have metrics of their own: ``none``, those that need ``attention``, or
        ``all``. The metrics are ``fleetstatus_device_attention`` and, if it is known since when,
        ``fleetstatus_device_attention_since_timestamp_seconds``. Each is a time series, which costs
        Prometheus memory.
    limit
        Maximum number of these devices, worst first; ``fleetstatus_devices_omitted`` counts the
        rest. None: all.
    format
        The text format: ``prometheus`` (0.0.4), also for files of the node exporter, or
        ``openmetrics`` (1.0).

    Returns
    -------
    str
        Counts by fleet and status, class of attention and update status (zeros too, so that alerts
        see an increase), then the metrics of devices and changes. For a device without a fleet, the
        label ``fleet`` is empty. Metrics are left out if the data does not have what they need:
        devices off their target if no record has a target release, disagreements if no record has
        an answer of the API.

    Raises
    ------
    ValueError, TypeError
        If an argument has a wrong value or type. Also the errors of `classify`.

    Notes
    -----
    The label ``after`` is a status, reason or update status; for other changes (of a release, a
    name or a fleet) it is empty.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> text = fs.openmetrics(devices.where(fleet="acme/cold-chain"))
    >>> for line in text.splitlines()[1:4]:
    ...     print(line)
    # TYPE fleetstatus_devices gauge
    fleetstatus_devices{fleet="acme/cold-chain",status="Operational"} 85
    fleetstatus_devices{fleet="acme/cold-chain",status="Reduced Functionality"} 10
    """
    check_choice(detail, DETAILS, name="detail")
    check_choice(format, FORMATS, name="format")
    most = to_limit(limit)
    table = devices if isinstance(devices, StatusTable) else classify(devices, on_error="keep")
    return _core.openmetrics(
        table._core,
        changes=_counts(changes),
        detail=detail,
        limit=sys.maxsize if most is None else min(most, sys.maxsize),
        format=format,
    )


def _counts(changes: object) -> list[tuple[str, str, str, int]] | None:
    if changes is None:
        return None
    told: Mapping[Told, int]
    if isinstance(changes, Changes):
        told = told_in([(name, changes[name]) for name in Told._fields])
    elif isinstance(changes, Tracker):
        told = changes._told()
    else:
        message = f"changes is a {type(changes).__name__}, expected Changes, a Tracker or None"
        raise TypeError(message)
    return [(*key, count) for key, count in told.items()]
