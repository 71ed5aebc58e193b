"""DuckDB: a full join of two tables of its own, with all cores.

Uuids are texts: those of older devices are too long for DuckDB's type UUID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

import fleetstatus as fs
from change_answers import COMPARED

if TYPE_CHECKING:
    import pyarrow as pa

_ENUMS = {
    "status": tuple(fs.StatusScheme.DOCS_2024_11.labels),
    "reason": tuple(reason.value for reason in fs.Reason),
    "update_status": tuple(status.value for status in fs.UpdateStatus),
}
_TIMES = ("heartbeat_since", "cloudlink_since", "update_status_since")

_DIFFER = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in COMPARED)
_BOTH = ", ".join(f"o.{name} AS old_{name}, n.{name} AS {name}" for name in COMPARED)
_SAME_REASON = "old_status = status AND old_reason = reason"
_MOVED = "({0} IS NOT NULL AND old_{0} IS DISTINCT FROM {0})"
_RELINKED = f"{_MOVED.format('heartbeat_since')} OR {_MOVED.format('cloudlink_since')}"
_REPORTED_ANEW = f"old_update_status IS NOT DISTINCT FROM update_status AND {_MOVED.format('update_status_since')}"
_QUERY = f"""
WITH differing AS MATERIALIZED (
    SELECT {_BOTH} FROM {{old}} o FULL JOIN {{new}} n ON o.uuid = n.uuid WHERE {_DIFFER}
), kept AS MATERIALIZED (SELECT * FROM differing WHERE old_uuid = uuid)
SELECT uuid, 'added' AS kind, NULL AS before, status::VARCHAR AS after
    FROM differing WHERE old_uuid IS NULL
UNION ALL SELECT old_uuid, 'removed', old_status::VARCHAR, NULL FROM differing WHERE uuid IS NULL
UNION ALL SELECT uuid, 'status', old_status::VARCHAR, status::VARCHAR
    FROM kept WHERE old_status <> status
UNION ALL SELECT uuid, 'reason', old_reason::VARCHAR, reason::VARCHAR
    FROM kept WHERE old_status = status AND old_reason <> reason
UNION ALL SELECT uuid, 'relinked', NULL, NULL FROM kept WHERE {_SAME_REASON} AND ({_RELINKED})
UNION ALL SELECT uuid, 'update', old_update_status::VARCHAR, update_status::VARCHAR
    FROM kept WHERE old_update_status IS DISTINCT FROM update_status
UNION ALL SELECT uuid, 'release', old_release, release FROM kept WHERE old_release <> release
UNION ALL SELECT uuid, 'restarted', NULL, NULL
    FROM kept WHERE old_release = release AND {_REPORTED_ANEW}
UNION ALL SELECT uuid, 'refreshed', NULL, NULL
    FROM kept WHERE (old_release IS NULL OR release IS NULL) AND {_REPORTED_ANEW}
UNION ALL SELECT uuid, 'moved', old_fleet, fleet FROM kept WHERE old_fleet <> fleet
UNION ALL SELECT uuid, 'renamed', old_device_name, device_name
    FROM kept WHERE old_device_name <> device_name
"""


def connect() -> duckdb.DuckDBPyConnection:
    """Open a database in memory that knows the labels as enumerations."""
    connection = duckdb.connect()
    for name, labels in _ENUMS.items():
        listed = ", ".join(f"'{label}'" for label in labels)
        connection.execute(f"CREATE TYPE {name}_label AS ENUM ({listed})")
    return connection


def load_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make a table of a snapshot: labels as enumerations, times in UTC without a zone."""
    types = {column: f"{column}_label" for column in _ENUMS} | dict.fromkeys(_TIMES, "TIMESTAMP")
    casts = ", ".join(f"{column}::{type_} AS {column}" for column, type_ in types.items())
    connection.execute("SET TimeZone = 'UTC'")
    connection.register("snapshot", rows)
    connection.execute(f"CREATE TABLE {name} AS SELECT * REPLACE ({casts}) FROM snapshot")
    connection.unregister("snapshot")


def diff_tables(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> pa.Table:
    """Compare two tables."""
    return connection.sql(_QUERY.format(old=old, new=new)).to_arrow_table()
