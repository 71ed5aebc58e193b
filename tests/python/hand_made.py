"""Snapshots of a few devices, written by hand: what the oracle of changes is itself tested with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from oracle_snapshot import Row, Snapshot
from oracle_tracker import NaiveTracker

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
LABELS = {
    "both-links": "Operational",
    "cloudlink-only": "Reduced Functionality",
    "heartbeat-only": "Reduced Functionality",
    "heartbeat-late": "Reduced Functionality",
    "no-link": "Disconnected",
    "frozen": "Frozen",
    "never-connected": "Configuring",
    "downloading-release": "Updating",
    "cloudlink-disabled": "Operational",
    "unknown": None,
    None: None,
}
LINKS = {
    "both-links": (True, "online"),
    "cloudlink-only": (True, "offline"),
    "heartbeat-only": (False, "online"),
    "heartbeat-late": (True, "timeout"),
    "no-link": (False, "offline"),
    "never-connected": (False, "unknown"),
    "cloudlink-disabled": (False, "online"),
}
UP, DOWN, LATE = "both-links", "no-link", "heartbeat-late"


def at(minutes: float) -> datetime:
    """Give the moment so many minutes after the first."""
    return T0 + timedelta(minutes=minutes)


def row(
    uuid: str | None, reason: str | None = UP, *, since: float | None = None, **values: Any
) -> Row:
    """Build a row of a table; ``since`` in minutes after the first moment."""
    cloudlink, heartbeat = LINKS.get(str(reason), (True, "online"))
    time = None if since is None else at(since)
    assert set(values) <= {*PLAIN, "status", "cloudlink"}
    return {
        "uuid": uuid,
        "reason": reason,
        "status": LABELS[reason],
        "status_since": time,
        "heartbeat_since": time,
        "cloudlink_since": time,
        "heartbeat_state": heartbeat,
        "cloudlink": cloudlink,
        "cloudlink_expected": reason != "cloudlink-disabled",
        **PLAIN,
        **values,
    }


PLAIN: Row = {
    "device_name": None,
    "fleet": "acme/weather",
    "update_status": None,
    "update_status_since": None,
    "release": None,
    "release_id": None,
    "error": None,
}


def snapshot(minutes: float, *rows: Row, missing: tuple[str, ...] = ()) -> Snapshot:
    """Build a snapshot of a moment, in minutes after the first."""
    return Snapshot(rows, at(minutes), frozenset(missing))


def reasons(minutes: float, **by_uuid: str | None) -> Snapshot:
    """Build a snapshot of devices that differ in their reasons alone."""
    return snapshot(minutes, *(row(uuid, reason) for uuid, reason in by_uuid.items()))


def picked(rows: list[Row], *columns: str) -> list[tuple[Any, ...]]:
    """Give some columns of rows of changes."""
    return [tuple(row[name] for name in columns) for row in rows]


def kinds(rows: list[Row]) -> list[tuple[Any, ...]]:
    """Give of which device rows tell what."""
    return picked(rows, "uuid", "kind", "before", "after")


def plain_tracker(**options: Any) -> NaiveTracker:
    """Make a tracker that tells all at once, and nothing but devices, unless it is told to."""
    plain = {"hold": timedelta(0), "outage": None, "flapping": None, "max_removed": 1.0}
    return NaiveTracker(**(plain | options))
