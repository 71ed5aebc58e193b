"""Statuses of balena devices and their updates: which, why, since when, and what to do first.

>>> import fleetstatus as fs
>>> devices = fs.classify(fs.sample_fleet())
>>> len(devices.attention()) < len(devices)
True
"""

from importlib import import_module
from typing import TYPE_CHECKING

from fleetstatus._changes.changes import Changes
from fleetstatus._changes.diff import diff
from fleetstatus._check_fields import check_fields
from fleetstatus._classify import classify
from fleetstatus._database import database_query
from fleetstatus._device import DeviceStatus
from fleetstatus._explain import explain
from fleetstatus._explanation.explanation import Explanation
from fleetstatus._openmetrics import openmetrics
from fleetstatus._package import __version__, build_info, heartbeat_window, sample_fleet
from fleetstatus._scan import Scan, scan
from fleetstatus._table.column import Column
from fleetstatus._table.hints import of_package
from fleetstatus._table.summary import Summary
from fleetstatus._table.table import StatusTable
from fleetstatus._tables import concat, empty
from fleetstatus._tracker.tracker import Tracker
from fleetstatus.enums import (
    Attention,
    Capability,
    HeartbeatState,
    Reason,
    StatusScheme,
    UpdateStatus,
)
from fleetstatus.errors import (
    ApiError,
    FleetStatusError,
    JSONError,
    MissingFieldsError,
    NotDevicesError,
    RecordError,
    SnapshotError,
)
from fleetstatus.query import device_options, device_query
from fleetstatus.records import DeviceRecord

__all__ = [
    "ApiError",
    "Attention",
    "Capability",
    "Changes",
    "Column",
    "DeviceRecord",
    "DeviceStatus",
    "Explanation",
    "FleetStatusError",
    "HeartbeatState",
    "JSONError",
    "MissingFieldsError",
    "NotDevicesError",
    "Reason",
    "RecordError",
    "Scan",
    "SnapshotError",
    "StatusScheme",
    "StatusTable",
    "Summary",
    "Tracker",
    "UpdateStatus",
    "__version__",
    "build_info",
    "check_fields",
    "classify",
    "concat",
    "database_query",
    "device_options",
    "device_query",
    "diff",
    "empty",
    "explain",
    "heartbeat_window",
    "openmetrics",
    "sample_fleet",
    "scan",
]

# Modules that need other packages: loaded at first use, so that `import fleetstatus` needs none.
_AT_FIRST_USE = ("balena", "charts", "dask", "duckdb", "metrics", "polars", "ray", "spark")

if TYPE_CHECKING:
    from fleetstatus import balena as balena
    from fleetstatus import charts as charts
    from fleetstatus import dask as dask
    from fleetstatus import duckdb as duckdb
    from fleetstatus import metrics as metrics
    from fleetstatus import polars as polars
    from fleetstatus import ray as ray
    from fleetstatus import spark as spark
else:

    def __getattr__(name):
        if name in _AT_FIRST_USE:
            return import_module(f"{__name__}.{name}")
        message = f"module {__name__!r} has no attribute {name!r}{of_package(name)}"
        raise AttributeError(message)

    def __dir__():
        return sorted({*globals(), *_AT_FIRST_USE})
