"""A table as text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _html
from fleetstatus._text import in_words, moment, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    lines = [f"{len(table):,} devices, {table.scheme}"]
    lines += [f"  {count:>8,}  {label or 'unknown'}" for label, count in counts(table) if count]
    return "\n".join([*lines, *about(table)])


def table_html(table: StatusTable) -> str:
    """Draw the shares of the statuses, and the first rows."""
    heading = f"{len(table):,} devices, {table.scheme}"
    notes = "".join(_html.paragraph(line, note=True) for line in about(table))
    if not len(table):
        return _html.page(_html.paragraph(heading), notes)
    rows = [_cells(table, row) for row in range(min(len(table), _FIRST_ROWS))]
    parts = [_html.paragraph(heading), _html.status_bar(counts(table)), _html.table(_SHOWN, rows)]
    if len(table) > _FIRST_ROWS:
        parts.append(_html.paragraph(f"and {len(table) - _FIRST_ROWS:,} more rows", note=True))
    return _html.page(*parts, notes)


def _cells(table: StatusTable, row: int) -> Sequence[str]:
    device = table[row]
    since = "" if device.status_since is None else moment(device.status_since)
    texts = (
        device.fleet,
        device.device_name or device.uuid,
        str(device),
        device.reason,
        since,
        device.update_status,
        device.attention,
    )
    return ["" if text is None else str(text) for text in texts]
