"""The same devices in every form that contenders read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import polars as pl
from polars import col

from fleet_data import as_json, as_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fleet_data import Record

# Frames are fast, so that they hold the devices this many times.
FRAME_REPEATS = 10

_TIME = pl.Datetime("ms", "UTC")
_HEARTBEAT = pl.Enum(["online", "timeout", "offline", "unknown"])
_UPDATE = pl.Enum(["done", "downloading", "downloaded", "applying changes", "rejected", "aborted"])
_VARIABLES = pl.List(pl.Struct({"name": pl.String, "value": pl.String}))
_INSTALL = pl.Struct(
    {
        "status": pl.String,
        "download_progress": pl.Int32,
        "is_provided_by__release": pl.Struct({"__id": pl.Int64}),
    }
)
_FLEET = pl.Struct({"id": pl.Int64, "slug": pl.String, "application_config_variable": _VARIABLES})
# As a careful user has it: times are times, states are Enum or Categorical, lists are lists.
_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.Int64(),
    "uuid": pl.String(),
    "device_name": pl.String(),
    "is_active": pl.Boolean(),
    "is_frozen": pl.Boolean(),
    "is_connected_to_vpn": pl.Boolean(),
    "api_heartbeat_state": _HEARTBEAT,
    "last_connectivity_event": _TIME,
    "changed_api_heartbeat_state_on__date": _TIME,
    "provisioning_state": pl.Categorical(),
    "provisioning_progress": pl.Int32(),
    "download_progress": pl.Int32(),
    "status": pl.Categorical(),
    "image_install": pl.List(_INSTALL),
    "device_config_variable": _VARIABLES,
    "belongs_to__application": pl.List(_FLEET),
    "update_status": _UPDATE,
    "last_update_status_event": _TIME,
    "supervisor_version": pl.Categorical(),
}
_LISTS = [name for name, type_ in _SCHEMA.items() if isinstance(type_, pl.List)]


@dataclass(frozen=True)
class Inputs:
    """Devices as an API response, as a file of JSON lines, and as dicts."""

    name: str
    content: bytes
    lines: Path
    records: list[Record]


def make_inputs(name: str, made: Iterable[Record], directory: Path) -> Inputs:
    """Write devices in all forms. Dicts are those that orjson makes."""
    content = as_json(made)
    records = orjson.loads(content)["d"]
    lines = directory / f"{name}.ndjson"
    lines.write_bytes(as_lines(records))
    return Inputs(name, content, lines, records)


def make_frame(records: list[Record]) -> pl.DataFrame:
    """Make a frame of the devices, repeated, in one chunk."""
    as_text = {
        name: type_ if type_.is_nested() else _text_of(type_) for name, type_ in _SCHEMA.items()
    }
    frame = pl.DataFrame(records, schema=as_text)
    times = [name for name, type_ in _SCHEMA.items() if type_ == _TIME]
    states = {
        name: type_
        for name, type_ in _SCHEMA.items()
        if isinstance(type_, (pl.Enum, pl.Categorical))
    }
    typed = frame.with_columns(
        col(times).str.to_datetime(time_unit="ms", time_zone="UTC"),
        *(col(name).cast(type_) for name, type_ in states.items()),
    )
    return pl.concat([typed] * FRAME_REPEATS, rechunk=True)


def without_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave services, configuration and fleets out, so that only numbers, codes and texts stay."""
    return frame.drop(_LISTS)


def _text_of(type_: pl.DataType) -> pl.DataType:
    is_text = isinstance(type_, (pl.Datetime, pl.Enum, pl.Categorical))
    return pl.String() if is_text else type_
