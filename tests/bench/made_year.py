"""A tracker's file with a year of looks: the first by the tracker itself, the others made."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import fleetstatus as fs
from answers import NOW
from fleet_data import full_records
from fleetstatus._tracker import files, schema, writes
from made_log import EVERY_MS, Device, MadeLog

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from made_log import MadeLook

_AT_ONCE = 2000  # looks that are written in one transaction
_DEVICES = """
SELECT device, uuid, device_name, fleet, reason, status, span_first, update_status, release,
  update_status_since
FROM devices ORDER BY device
"""
_STATES = (
    "UPDATE kept_devices SET seen_since = ?1, told_since = ?1, span_first = ?1 WHERE device = ?2"
)


def make_year(path: Path, n_devices: int, n_looks: int) -> int:
    """Write a file that has so many looks, one every five minutes.

    Returns
    -------
    int
        Moment of the last look, in milliseconds.
    """
    begin = round(NOW.timestamp() * 1000)
    with fs.Tracker(path) as tracker:
        tracker.update(fs.classify(full_records(n_devices), now=NOW))
    with closing(files.connect(str(path))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        devices = [Device(*row) for row in connection.execute(_DEVICES)]
        looks = MadeLog(devices, begin, n_looks).looks()
        while some := list(islice(looks, _AT_ONCE)):
            with files.writing(connection):
                _write(connection, some)
        end = begin + (n_looks - 1) * EVERY_MS
        with files.writing(connection):
            connection.executemany(_STATES, [(device.first, device.number) for device in devices])
            writes.write_settings(connection, {"pruned": end})
    return end


def _write(connection: sqlite3.Connection, looks: Iterable[MadeLook]) -> None:
    """Write looks by the statements of the tracker; see `fleetstatus._tracker.writes`."""
    [*first, newest] = connection.execute(
        "SELECT complete, fleets, lacking, n_rows, unreadable, duplicates, without_uuid, flaps, "
        "newest_event FROM looks WHERE look = 1"
    ).fetchone()
    names = ", ".join(["look", "device", *schema.change_columns()])
    marks = ", ".join("?" * (len(schema.change_columns()) + 2))
    counts: Counter[str] = Counter()
    for look in looks:
        connection.executemany(
            "INSERT OR REPLACE INTO ended_spans VALUES(?, ?, ?, ?, ?)", look.ended_spans
        )
        connection.executemany(f"INSERT INTO changes({names}) VALUES({marks})", look.changes)
        newest = max([newest or 0, *(change.at for change in look.changes)])
        connection.execute(
            f"INSERT INTO looks VALUES({', '.join('?' * 11)})",
            (look.number, look.moment, *first, newest),
        )
        counts.update(f"changes:{change.kind}" for change in look.changes)
        counts["looks"] += 1
    writes.add_to_counters(connection, counts)
