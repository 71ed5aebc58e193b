"""A table as text and as HTML."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleetstatus import _html
from fleetstatus._text import in_devices, in_words, label_text, moment, visible
from fleetstatus.enums import Capability

if TYPE_CHECKING:
    from fleetstatus.device import DeviceStatus
    from fleetstatus.table import StatusTable

_FIRST_ROWS = 8
_SHOWN = ("fleet", "device_name", "status", "reason", "status_since", "update_status", "attention")


def device_title(table: StatusTable, row: int) -> str:
    """Name of a device, or what else it can be told by."""
    device = table[row]
    return visible(device.device_name or device.uuid or device.id or f"row {row}")


def about(table: StatusTable) -> list[str]:
    """Say what the data is: as of when, the newest event, gaps, duplicates, unreadable rows."""
    lines = [f"as of {moment(table.now)}, {_newest_event(table)}"]
    lines += [f"{field} not in the data: {hides}" for field, hides in table.fields_missing.items()]
    if duplicates := len(table.duplicates()):
        lines.append(f"{duplicates:,} rows share a uuid with another row")
    if unreadable := sum(1 for error in table["error"] if error is not None):
        lines.append(f"{unreadable:,} records could not be read in full; see the column error")
    return lines


def _newest_event(table: StatusTable) -> str:
    if table.newest_event is None:
        return "no event in the data"
    age = table.now - table.newest_event
    if age.total_seconds() < 0:
        return f"newest event {in_words(-age)} after"
    return f"newest event {in_words(age)} before"


def counts(table: StatusTable) -> list[tuple[str | None, int]]:
    """Count the devices of each status, in the scheme's order, null last."""
    return [(row["label"], row["devices"]) for row in table.summary()] if len(table) else []


def table_text(table: StatusTable) -> str:
    """Tell the counts and what the data is."""
    lines = [f"{in_devices(len(table))}, {table.scheme}"]
    lines += [f"  {count:>8,}  {label_text(label)}" for label, count in counts(table) if count]
    return "\n".join([*lines, *about(table)])


def table_html(table: StatusTable) -> str:
    """Draw the shares of the statuses, and the first rows."""
    title = _html.paragraph(f"{in_devices(len(table))}, {table.scheme}", kind="title")
    notes = "".join(_html.paragraph(line, kind="note") for line in about(table))
    if not len(table):
        return _html.page(title, notes)
    rows = [_cells(table[row]) for row in range(min(len(table), _FIRST_ROWS))]
    parts = [title, _html.status_bar(counts(table)), _html.table(_SHOWN, rows)]
    if len(table) > _FIRST_ROWS:
        more = f"and {len(table) - _FIRST_ROWS:,} more rows"
        parts.append(_html.paragraph(more, kind="note"))
    return _html.page(*parts, notes)


def _cells(device: DeviceStatus) -> list[str]:
    texts = (
        device.fleet,
        device.device_name or device.uuid,
        _html.key(device.status, device),
        device.reason,
        None if device.status_since is None else moment(device.status_since),
        device.update_status,
        device.attention,
    )
    return ["" if text is None else text for text in texts]


def device_html(device: DeviceStatus) -> str:
    """List what is known of a device."""
    columns = {field.name: getattr(device, field.name) for field in fields(device)}
    known = columns | columns.pop("carried")
    rows = [(name, shown(value)) for name, value in known.items() if value is not None]
    title = _html.paragraph(
        device.device_name or device.uuid or device.id or "device", kind="title"
    )
    return _html.page(title, _html.table(("", ""), rows, prose=("",)))


def shown(value: object) -> str:
    """Write a value of a device for people."""
    if isinstance(value, Capability):
        return ", ".join((one.name or "").lower().replace("_", " ") for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else str(value)
