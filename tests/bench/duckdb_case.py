"""DuckDB: SQL with CASE, over JSON lines and over a table of its own, with all cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from polars import selectors

import fleetstatus as fs

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import polars as pl
    import pyarrow as pa

_ENUMS = {
    "LABEL": tuple(fs.StatusScheme.DOCS_2024_11.labels),
    "HEARTBEAT": ("online", "timeout", "offline", "unknown"),
    "PROVISIONING": ("Post-Provisioning", "Rebooting"),
    "REPORTED": ("Idle", "Downloading"),
}
_VARIABLES = "STRUCT(name VARCHAR, value VARCHAR)[]"
_COLUMNS = {
    "uuid": "VARCHAR",
    "device_name": "VARCHAR",
    "is_active": "BOOLEAN",
    "is_frozen": "BOOLEAN",
    "is_connected_to_vpn": "BOOLEAN",
    "api_heartbeat_state": "VARCHAR",
    "last_connectivity_event": "VARCHAR",  # only whether there is one
    "provisioning_state": "VARCHAR",
    "provisioning_progress": "INTEGER",
    "download_progress": "INTEGER",
    "status": "VARCHAR",
    "image_install": "STRUCT(status VARCHAR, download_progress INTEGER)[]",
    "device_config_variable": _VARIABLES,
    "belongs_to__application": f"STRUCT(application_config_variable {_VARIABLES})[]",
    "last_update_status_event": "TIMESTAMP",
}


def _value(variables: str, name: str) -> str:
    return f"list_filter({variables}, lambda v: v.name = '{name}')[1].value"


_DEVICE = "device_config_variable"
_FLEET = "belongs_to__application[1].application_config_variable"
# Few devices have variables at all.
_TURNED_OFF = f"""CASE WHEN len({_DEVICE}) = 0 AND len({_FLEET}) = 0 THEN false ELSE coalesce(
    {_value(_DEVICE, "BALENA_SUPERVISOR_VPN_CONTROL")},
    {_value(_DEVICE, "RESIN_SUPERVISOR_VPN_CONTROL")},
    {_value(_FLEET, "BALENA_SUPERVISOR_VPN_CONTROL")},
    {_value(_FLEET, "RESIN_SUPERVISOR_VPN_CONTROL")}, '') = 'false' END"""
_DOWNLOADS_A_SERVICE = """list_bool_or(list_transform(image_install,
    lambda i: i.status = 'Downloading' AND i.download_progress IS NOT NULL))"""

# Without the columns that hold lists, none of which is in a flat table.
_NESTED = (_DOWNLOADS_A_SERVICE, _TURNED_OFF)
_FLAT = ("false", "false")


def _query(source: str, now: datetime, lists: tuple[str, str]) -> str:
    downloads_a_service, turned_off = lists
    now_utc = f"TIMESTAMP '{now:%Y-%m-%d %H:%M:%S}'"
    return f"""
SELECT CASE
    WHEN is_frozen THEN 'Frozen'::LABEL
    WHEN NOT is_active THEN 'Inactive'::LABEL
    WHEN provisioning_state = 'Post-Provisioning' THEN 'Post Provisioning'::LABEL
    WHEN NOT is_connected_to_vpn AND api_heartbeat_state = 'unknown'
        AND last_connectivity_event IS NULL THEN 'Configuring'::LABEL
    WHEN NOT is_connected_to_vpn AND api_heartbeat_state IN ('offline', 'unknown')
        THEN 'Disconnected'::LABEL
    WHEN api_heartbeat_state IN ('online', 'timeout') AND status = 'Downloading'
        AND download_progress IS NOT NULL THEN 'Updating'::LABEL
    WHEN provisioning_progress IS NOT NULL THEN 'Configuring'::LABEL
    WHEN api_heartbeat_state IN ('online', 'timeout') AND {downloads_a_service} THEN 'Updating'::LABEL
    WHEN api_heartbeat_state <> 'online' THEN 'Reduced Functionality'::LABEL
    WHEN is_connected_to_vpn OR {turned_off} THEN 'Operational'::LABEL
    ELSE 'Reduced Functionality'::LABEL END AS status,
    CASE WHEN last_update_status_event > {now_utc} THEN 0
        ELSE date_sub('second', last_update_status_event, {now_utc}) END
        AS update_status_duration_s,
    uuid, device_name
FROM {source}"""


def connect() -> duckdb.DuckDBPyConnection:
    """Open a database in memory that knows the labels and states as enumerations."""
    connection = duckdb.connect()
    for name, texts in _ENUMS.items():
        listed = ", ".join(f"'{text}'" for text in texts)
        connection.execute(f"CREATE TYPE {name} AS ENUM ({listed})")
    return connection


def classify_lines(connection: duckdb.DuckDBPyConnection, path: Path, now: datetime) -> pa.Table:
    """Answer a file of JSON lines."""
    columns = ", ".join(f"{name}: '{type_}'" for name, type_ in _COLUMNS.items())
    source = f"read_json('{path}', format='newline_delimited', columns={{{columns}}})"
    return connection.sql(_query(source, now, _NESTED)).to_arrow_table()


def load_table(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> None:
    """Make a frame the table `devices`: times in UTC without a zone, states as enumerations."""
    in_utc = selectors.datetime().dt.replace_time_zone(None).dt.cast_time_unit("us")
    connection.register("frame", frame.with_columns(in_utc).to_arrow())
    connection.execute(
        "CREATE OR REPLACE TABLE devices AS SELECT * REPLACE ("
        "api_heartbeat_state::HEARTBEAT AS api_heartbeat_state, "
        "provisioning_state::PROVISIONING AS provisioning_state, "
        "status::REPORTED AS status) FROM frame"
    )
    connection.unregister("frame")


def classify_table(connection: duckdb.DuckDBPyConnection, now: datetime) -> pa.Table:
    """Answer the table `devices`; one without lists has no services and no configuration."""
    has_lists = "image_install" in connection.table("devices").columns
    query = _query("devices", now, _NESTED if has_lists else _FLAT)
    return connection.sql(query).to_arrow_table()
