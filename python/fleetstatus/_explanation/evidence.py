"""The fields that decided a status, with their values where the record is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetstatus._catalog import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._device import DeviceStatus

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
    """Field of a record, or its stand-in, with its value if that is a scalar."""
    found = None
    for name in (field, *FIELDS[field]["stand_ins"]):
        spellings = {name, FIELDS[name]["database_name"]}
        written = [key for key in record if key in spellings]
        if not written or (found and record[written[-1]] is None):
            continue
        value = record[written[-1]]
        found = (name, value if value is None or isinstance(value, (str, int, float)) else words)
        if value is not None:
            break
    return found
