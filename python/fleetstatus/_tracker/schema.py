"""The tables of a tracker's file, for us and for whoever reads it with SQL.

All moments are integers, milliseconds since 1970 in UTC. The file is SQLite's, in WAL mode; the
header has `APPLICATION_ID`, and `VERSION` as its ``user_version``.

A newer package reads files of all older versions: for each version there is one step in
`MIGRATIONS` that makes the next one of it, run in one transaction when the file is opened. An
older package refuses a newer file. So a change of any table, also of a column that the engine
lists, means a new version and a step.
"""

from __future__ import annotations

from fleetstatus import _core
from fleetstatus._tracker.records import stored_columns

APPLICATION_ID = 0x464C5354  # "FLST"
VERSION = 1

MIGRATIONS: dict[int, tuple[str, ...]] = {}
"""Statements that make version n + 1 of version n."""

_SQL_TYPES = {
    "int64": "INTEGER",
    "int32": "INTEGER",
    "uint16": "INTEGER",
    "bool": "INTEGER",
    "timestamp[ms, UTC]": "INTEGER",
}

_SETTINGS = """
CREATE TABLE settings(
  -- What holds for the whole file, each value as JSON. scheme: vocabulary of the statuses, which a
  -- file keeps; carry: names and types of the carried columns; fields_seen, gaps, app_names,
  -- has_silent_link, has_heartbeat: what the tables of all looks held; gap_ms: the gap of the last
  -- look; pruned: moment of the look that deleted old rows last; kept_from: moment from which on
  -- the log is whole.
  name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
"""

_LOOKS = """
CREATE TABLE looks(
  -- One row a look. complete: whether it was meant to hold every device, or every device of its
  -- fleets; fleets: JSON list, null for all; lacking: JSON list of the fields that its data lacked;
  -- unreadable, duplicates, without_uuid: rows that took no part; flaps: changes that went back
  -- before they were told; newest_event: the latest time in the data.
  look INTEGER PRIMARY KEY, moment INTEGER NOT NULL, complete INTEGER NOT NULL, fleets TEXT,
  lacking TEXT NOT NULL, n_rows INTEGER NOT NULL, unreadable INTEGER NOT NULL,
  duplicates INTEGER NOT NULL, without_uuid INTEGER NOT NULL, flaps INTEGER NOT NULL,
  newest_event INTEGER)
"""

_KEPT_DEVICES = """
CREATE TABLE kept_devices(
  -- Every device that is remembered, as it was when `newer_devices` was merged into it last; read
  -- the view `devices`. first_read: moment of the first look that read it.
  device INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, first_read INTEGER NOT NULL,
  {states},
  {records},
  error TEXT, carried TEXT)
"""

_NEWER_DEVICES = """
CREATE TABLE newer_devices(
  -- What looks have found out about kept devices since; the last row of a device holds. So a look
  -- writes to the end of a table, not to pages all over it.
  written INTEGER PRIMARY KEY, device INTEGER NOT NULL,
  {states},
  {records},
  error TEXT, carried TEXT)
"""

_DEVICES = """
CREATE VIEW devices AS
  -- Every device that is remembered, removed ones too. The second group of columns is what the
  -- tracker knows of it, such as what it was seen in last (reason, status), since when
  -- (seen_since), and which look did not find it any more (removed_at). The third is its last good
  -- record, by the names of the columns of tables; error: what was wrong with the record, if
  -- anything; carried: JSON object of carried columns, times in milliseconds.
  SELECT device, uuid, first_read,
  {names}
  FROM kept_devices WHERE device NOT IN (SELECT device FROM newer_devices)
  UNION ALL SELECT device, uuid, first_read,
  {newer_names}
  FROM newer_devices AS newer JOIN kept_devices USING(device) WHERE NOT EXISTS (
    SELECT 1 FROM newer_devices AS later
    WHERE later.device = newer.device AND later.written > newer.written)
"""

_ENDED_SPANS = """
CREATE TABLE ended_spans(
  -- What each device was in before, from when until when. Reason `removed` has no status. Time
  -- between two spans is unknown: nobody looked.
  device INTEGER NOT NULL, first INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL,
  status TEXT,
  PRIMARY KEY(device, first)) WITHOUT ROWID
"""

_OPEN_SPANS = """
CREATE VIEW open_spans AS
  -- The span of each device that lasts.
  SELECT device, span_first AS first, NULL AS until,
    iif(removed_at IS NULL, reason, 'removed') AS reason,
    iif(removed_at IS NULL, status, NULL) AS status
  FROM devices
"""

_SPANS = """
CREATE VIEW spans AS
  -- All of both; `until` is null while a span lasts.
  SELECT * FROM ended_spans UNION ALL SELECT * FROM open_spans
"""

_CHANGES = """
CREATE TABLE changes(
  -- What was told, and by which look: the columns of `Changes`. `device` is null for an outage of
  -- many, and for a device that is forgotten.
  change INTEGER PRIMARY KEY, look INTEGER NOT NULL, device INTEGER,
  {columns})
"""

_OUTAGES = """
CREATE TABLE outages(
  -- Outages of many devices, of a fleet or (fleet null) of all; began, over: looks.
  outage INTEGER PRIMARY KEY, fleet TEXT, began INTEGER NOT NULL, over INTEGER, said TEXT NOT NULL,
  members TEXT NOT NULL /* JSON list of devices */)
"""

_COUNTERS = """
CREATE TABLE counters(
  -- Counts over the whole file, which outlive the log: looks, refused, flaps, unreadable,
  -- duplicates, without_uuid, `changes:<kind>`, and `told:` with a JSON list of fleet, kind and
  -- the status, reason or update status after it.
  name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID
"""

_INDEXES = (
    "CREATE INDEX looks_by_moment ON looks(moment)",
    "CREATE INDEX devices_removed ON kept_devices(removed_at) WHERE removed_at IS NOT NULL",
    "CREATE INDEX newer_devices_by_device ON newer_devices(device)",
    "CREATE INDEX changes_by_look ON changes(look)",
    "CREATE INDEX changes_by_device ON changes(device, change) WHERE device IS NOT NULL",
)


def state_columns() -> list[str]:
    """Name the columns of `devices` that the engine gives and loads, in its order."""
    return _core.tracker_state_columns()


def record_columns() -> dict[str, str]:
    """Name the further columns that tables are made of, with SQL types."""
    kept = {"uuid", "known_since", *state_columns()}
    return {
        name: _SQL_TYPES.get(kind.type, "TEXT")
        for name, kind in stored_columns().items()
        if name not in kept
    }


def written_columns() -> list[str]:
    """Name the columns of devices that looks write anew."""
    return [*state_columns(), *record_columns(), "error", "carried"]


def change_columns() -> dict[str, str]:
    """Name the columns of `Changes`, with SQL types."""
    return {name: _SQL_TYPES.get(column.type, "TEXT") for name, column in _core.empty_changes()}


def statements() -> list[str]:
    """Give the statements that make an empty file."""
    written = written_columns()
    columns = {
        "states": _listed(dict.fromkeys(state_columns(), "")),
        "records": _listed(record_columns()),
    }
    return [
        statement.strip()
        for statement in (
            _SETTINGS,
            _LOOKS,
            _KEPT_DEVICES.format(**columns),
            _NEWER_DEVICES.format(**columns),
            _DEVICES.format(
                names=_listed(dict.fromkeys(written, "")),
                newer_names=_listed({f"newer.{name}": "" for name in written}),
            ),
            _ENDED_SPANS,
            _OPEN_SPANS,
            _SPANS,
            _CHANGES.format(columns=_listed(change_columns())),
            _OUTAGES,
            _COUNTERS,
            *_INDEXES,
        )
    ]


def _listed(columns: dict[str, str]) -> str:
    lines = [""]
    for name, kind in columns.items():
        column = f"{name} {kind}".rstrip()
        if len(lines[-1]) + len(column) > 90:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{column}"
    return ",\n  ".join(lines)
