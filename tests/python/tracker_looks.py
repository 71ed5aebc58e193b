"""Devices at given minutes, for trackers to look at."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import fleetstatus as fs

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
TELLS_ALL: dict[str, Any] = {"hold": timedelta(0), "outage": None, "flapping": None}
"""Options of a tracker that tells each change at once."""


def at(minutes: float) -> datetime:
    """Give the moment so many minutes after the first."""
    return START + timedelta(minutes=minutes)


def ms(minutes: float) -> int:
    """Give the same in milliseconds, as files have it."""
    return round(at(minutes).timestamp() * 1000)


def record(
    uuid: str | None, heartbeat: str = "online", fleet: str = "acme/kiosk", **more: Any
) -> dict[str, Any]:
    """Make a device without cloudlink that is up or down by its heartbeat."""
    return {
        "uuid": uuid,
        "device_name": f"name-{uuid}",
        "api_heartbeat_state": heartbeat,
        "is_connected_to_vpn": False,
        "last_connectivity_event": "2026-10-01T08:00:00Z",
        "belongs_to__application": {"slug": fleet},
        **more,
    }


def look(minutes: float, *records: dict[str, Any], **options: Any) -> fs.StatusTable:
    """Classify records at a moment."""
    options = {"allow_missing": "all", "on_error": "keep", **options}
    return fs.classify(list(records), now=at(minutes), **options)


def up_or_down(minutes: float, **devices: bool) -> fs.StatusTable:
    """Make a look at devices that are up or not."""
    return look(
        minutes,
        *(record(uuid, "online" if is_up else "offline") for uuid, is_up in devices.items()),
    )


def query(path: Path, sql: str, *values: Any) -> list[Any]:
    """Ask a file by SQL, as anybody could."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def change(path: Path, sql: str) -> None:
    """Change a file behind its tracker's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
