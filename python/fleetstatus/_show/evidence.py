"""The fields that decided a status, with their values where the record is known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._table.device import DeviceStatus

# Any one of several fields answers; older names of one field come from the engine.
_ALTERNATIVES = {
    "is_connected_to_vpn": ("is_online",),
    "image_install": ("current_services", "current_services_by_app"),
}

# Fields that decide a fact, and the fact in words.
Fact = tuple[list[str], str]


def fields_that_decided(
    facts: list[Fact], device: DeviceStatus, record: Mapping[str, Any]
) -> tuple[tuple[str, Any], ...]:
    """Fields that decided, each with its value; with its words where the value is not known."""
    columns = {
        "is_connected_to_vpn": device.cloudlink,
        "api_heartbeat_state": device.heartbeat_state,
    }
    because = []
    for fields, words in facts:
        in_record = [found for field in fields if (found := _field_in(record, field, words))]
        because += in_record or [(field, columns.get(field, words)) for field in fields]
    return tuple(because)


def _field_in(record: Mapping[str, Any], field: str, words: str) -> tuple[str, Any] | None:
    """Field of a record, or the one that is read in its place, with its value if a scalar."""
    found = None
    for name in (field, *_ALTERNATIVES.get(field, ()), *_older_names().get(field, ())):
        spellings = {name, name.replace("__", "-").replace("_", " ")}
        written = [key for key in record if key in spellings]
        if not written or (found and record[written[-1]] is None):
            continue
        value = record[written[-1]]
        found = (name, value if value is None or isinstance(value, (str, int, float)) else words)
        if value is not None:
            break
    return found


@cache
def _older_names() -> dict[str, list[str]]:
    """Older names of each field, of the same kind: a text `fleet` holds no configuration."""
    fields = {field["name"]: field for field in _core.fields()}
    names: dict[str, list[str]] = {}
    for name, field in fields.items():
        newer = field["alias_of"]
        if newer is not None and field["kind"] == fields[newer]["kind"]:
            names.setdefault(newer, []).append(name)
    return names
