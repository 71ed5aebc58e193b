"""Why a condition on changes cannot be judged: a snapshot lacks what its answer needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fleetstatus as fs
from fleetstatus.cli._unjudged import without_heartbeats

if TYPE_CHECKING:
    from collections.abc import Iterable

_UPDATES = ("update_status",)
_UPDATE_EVENTS = (*_UPDATES, "last_update_status_event")
# Fields without which a snapshot cannot tell changes of a kind.
_NEEDED = {
    "update": _UPDATES,
    "restarted": _UPDATE_EVENTS,
    "refreshed": _UPDATE_EVENTS,
    "release": ("is_running__release",),
    "moved": ("belongs_to__application",),
    "renamed": ("device_name",),
}
_SINCE = {
    "changed_api_heartbeat_state_on__date",
    "last_vpn_event",
    "last_connectivity_event",
}
_BY_LINKS = {"status", "reason", "attention"}


def why_unjudged(column: str, value: str, snapshots: Iterable[fs.StatusTable]) -> str | None:
    """Say what a snapshot lacks to tell the changes that a condition counts; None if nothing.

    Parameters
    ----------
    column, value
        What the condition counts: a kind of change, or changes to a value of a column.
    """
    tables = list(snapshots)
    why = (_why(column, value, table) for table in tables)
    found = next((text for text in why if text is not None), None)
    if found is None and (column, value) == ("kind", "removed") and _hides_removals(tables[-1]):
        return "a record that could not be read has no uuid, and may be of any device"
    return found


def _why(column: str, value: str, table: fs.StatusTable) -> str | None:
    missing = table.fields_missing
    for field in _needed(column, value):
        if field in missing:
            return f"{field} is not in the data"
    if (column, value) == ("kind", "relinked") and missing.keys() >= _SINCE:
        return "no time of a link is in the data"
    is_by_links = column in _BY_LINKS and value != fs.Attention.UPDATE_FAILED
    return without_heartbeats(table, column, value) if is_by_links else None


def _needed(column: str, value: str) -> tuple[str, ...]:
    if column == "update_status" or value == fs.Attention.UPDATE_FAILED:
        return _UPDATES
    return _NEEDED.get(value, ()) if column == "kind" else ()


def _hides_removals(table: fs.StatusTable) -> bool:
    rows = zip(table["uuid"].to_list(), table["error"].to_list(), strict=True)
    return any(uuid is None and error is not None for uuid, error in rows)
