"""polars: when/then expressions, over JSON lines and over a frame, with all cores.

Labels are made as text, which most write, or as an Enum, which is much faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars import col, element

import fleetstatus as fs

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

LABEL_TEXT = pl.String()
LABEL_ENUM = pl.Enum(fs.StatusScheme.DOCS_2024_11.labels)
_VARIABLES = pl.List(pl.Struct({"name": pl.String, "value": pl.String}))
_FLAT_SCHEMA: dict[str, pl.DataType] = {
    "uuid": pl.String(),
    "device_name": pl.String(),
    "is_active": pl.Boolean(),
    "is_frozen": pl.Boolean(),
    "is_connected_to_vpn": pl.Boolean(),
    "api_heartbeat_state": pl.String(),
    "last_connectivity_event": pl.String(),  # only whether there is one
    "provisioning_state": pl.String(),
    "provisioning_progress": pl.Int32(),
    "download_progress": pl.Int32(),
    "status": pl.String(),
    "last_update_status_event": pl.String(),
}
_NESTED_SCHEMA: dict[str, pl.DataType] = {
    "image_install": pl.List(pl.Struct({"status": pl.String, "download_progress": pl.Int32})),
    "device_config_variable": _VARIABLES,
    "belongs_to__application": pl.List(pl.Struct({"application_config_variable": _VARIABLES})),
}
_TURN_OFF = ("BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL")


def classify_lines(path: Path, now: datetime) -> pl.DataFrame:
    """Answer a file of JSON lines by a schema that says what the lists hold."""
    return _classify_texts(pl.scan_ndjson(path, schema=_FLAT_SCHEMA | _NESTED_SCHEMA), now)


def classify_lines_as_text(path: Path, now: datetime) -> pl.DataFrame:
    """Answer a file of JSON lines whose lists are read as text, then decoded.

    That is several times as fast, since `scan_ndjson` is slow on lists of objects.
    """
    schema = _FLAT_SCHEMA | dict.fromkeys(_NESTED_SCHEMA, pl.String())
    decoded = [col(name).str.json_decode(type_) for name, type_ in _NESTED_SCHEMA.items()]
    return _classify_texts(pl.scan_ndjson(path, schema=schema).with_columns(decoded), now)


def classify_frame(frame: pl.DataFrame, now: datetime, label_type: pl.DataType) -> pl.DataFrame:
    """Answer a frame; one without lists has no services and no configuration."""
    has_lists = not frame.schema.keys().isdisjoint(_NESTED_SCHEMA)
    return _classify(frame.lazy(), now, label_type, has_lists=has_lists)


def _classify_texts(scanned: pl.LazyFrame, now: datetime) -> pl.DataFrame:
    event = col("last_update_status_event").str.to_datetime(time_unit="ms", time_zone="UTC")
    return _classify(scanned.with_columns(event), now, LABEL_ENUM, has_lists=True)


def _classify(
    devices: pl.LazyFrame, now: datetime, label_type: pl.DataType, *, has_lists: bool
) -> pl.DataFrame:
    elapsed = pl.lit(now).dt.cast_time_unit("ms") - col("last_update_status_event")
    return devices.select(
        _status(label_type, has_lists=has_lists).alias("status"),
        elapsed.dt.total_seconds().clip(lower_bound=0).alias("update_status_duration_s"),
        "uuid",
        "device_name",
    ).collect()


def _status(label_type: pl.DataType, *, has_lists: bool) -> pl.Expr:
    downloads_a_service = _downloads_a_service() if has_lists else pl.lit(value=False)
    is_turned_off = _is_turned_off() if has_lists else pl.lit(value=False)
    heartbeat, cloudlink = col("api_heartbeat_state"), col("is_connected_to_vpn")
    reports = heartbeat.is_in(["online", "timeout"])
    downloads = (col("status") == "Downloading") & col("download_progress").is_not_null()
    never_seen = (heartbeat == "unknown") & col("last_connectivity_event").is_null()

    def label(text: str) -> pl.Expr:
        return pl.lit(text, dtype=label_type)

    return (
        pl.when("is_frozen")
        .then(label("Frozen"))
        .when(~col("is_active"))
        .then(label("Inactive"))
        .when(col("provisioning_state") == "Post-Provisioning")
        .then(label("Post Provisioning"))
        .when(~cloudlink & never_seen)
        .then(label("Configuring"))
        .when(~cloudlink & ~reports)
        .then(label("Disconnected"))
        .when(reports & downloads)
        .then(label("Updating"))
        .when(col("provisioning_progress").is_not_null())
        .then(label("Configuring"))
        .when(reports & downloads_a_service)
        .then(label("Updating"))
        .when(heartbeat != "online")
        .then(label("Reduced Functionality"))
        .when(cloudlink | is_turned_off)
        .then(label("Operational"))
        .otherwise(label("Reduced Functionality"))
    )


def _downloads_a_service() -> pl.Expr:
    status = element().struct.field("status")
    progress = element().struct.field("download_progress")
    return col("image_install").list.agg(((status == "Downloading") & progress.is_not_null()).any())


def _is_turned_off() -> pl.Expr:
    fleet = col("belongs_to__application").list.first()
    levels = (col("device_config_variable"), fleet.struct.field("application_config_variable"))
    values = [_value(level, name) for level in levels for name in _TURN_OFF]
    return pl.coalesce(values).eq_missing("false")


def _value(variables: pl.Expr, name: str) -> pl.Expr:
    is_named = element().struct.field("name") == name
    return variables.list.eval(element().struct.field("value").filter(is_named)).list.first()
