"""What one snapshot says, and which of its rows count: section 1 of the rules of changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oracle_fields import DEVICE_READERS
from oracle_links import Release
from oracle_members import written_members
from oracle_values import UnreadableError, is_null

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from fleetstatus import StatusTable

Row = dict[str, Any]

COLUMNS_READ = (
    *("uuid", "device_name", "fleet", "reason", "status", "status_since"),
    *("heartbeat_since", "cloudlink_since", "heartbeat_state", "cloudlink", "cloudlink_expected"),
    *("update_status", "update_status_since", "release", "error"),
)
UNREADABLE = (None, "unknown")


@dataclass(frozen=True)
class Snapshot:
    """A table as the rules of changes see it.

    ``rows`` have the columns of a table by name, and ``release_id``; ``missing`` holds the API
    names of the fields that no record had.
    """

    rows: tuple[Row, ...]
    now: datetime
    missing: frozenset[str] = frozenset()
    now_source: str = "given"
    newest_event: datetime | None = None

    @classmethod
    def of(cls, table: StatusTable, records: Iterable[Mapping[str, object]]) -> Snapshot:
        """Read a table by what everyone sees of it; ids of releases come from its records."""
        is_library = table.scheme == "library-2020"
        rows = tuple(
            {name: row[name] for name in COLUMNS_READ}
            | {
                "release_id": release_id(record),
                "cloudlink_of_rules": is_online(record) if is_library else row["cloudlink"],
            }
            for row, record in zip(table.to_dicts(), records, strict=True)
        )
        return cls(
            rows, table.now, frozenset(table.fields_missing), table.now_source, table.newest_event
        )


def release_id(record: Mapping[str, object]) -> int | None:
    """Read the id of the running release; None where there is none, or none that can be read."""
    field = "is_running__release"
    _, value = written_members(record, [field]).get(field, (field, None))
    if is_null(value):
        return None
    try:
        running = DEVICE_READERS[field](value, "")
    except UnreadableError:
        return None
    return running.id if isinstance(running, Release) else None


def is_online(record: Mapping[str, object]) -> bool:
    """Read the only flag that library-2020 knows of cloudlink; null means down."""
    _, value = written_members(record, ["is_online"]).get("is_online", ("", None))
    return not is_null(value) and bool(value)


def is_readable(row: Row) -> bool:
    """Tell whether a row says anything of its device."""
    return row["reason"] not in UNREADABLE


@dataclass(frozen=True)
class Selected:
    """The rows of a snapshot that count, each of another device, and how many do not."""

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    can_remove: bool

    @property
    def uuids(self) -> frozenset[str]:
        """Devices that are in the snapshot, whether or not their row can be read."""
        return frozenset(row["uuid"] for row in self.rows)


def select(
    snapshot: Snapshot, fleets: Collection[str] | None, fleets_before: Mapping[str, str | None]
) -> Selected:
    """Find the last row of each uuid, without those of other fleets than ``fleets``.

    A row without a fleet counts for the fleet that its device had before.
    """

    def is_ignored(row: Row) -> bool:
        if fleets is None or (row["uuid"] is None and row["fleet"] is None):
            return False
        fleet = row["fleet"] or fleets_before.get(row["uuid"])
        return fleet not in fleets

    last = {row["uuid"]: i for i, row in enumerate(snapshot.rows)}
    counts = Counter({"unreadable": 0, "duplicates": 0, "without_uuid": 0})
    counted: list[Row] = []
    can_remove = not any(row["uuid"] is None and row["error"] is not None for row in snapshot.rows)
    for i, row in enumerate(snapshot.rows):
        if is_ignored(row):
            continue
        if row["uuid"] is None:
            counts["without_uuid"] += 1
        elif last[row["uuid"]] != i:
            counts["duplicates"] += 1
        else:
            counts["unreadable"] += not is_readable(row)
            counted.append(row)
    return Selected(tuple(counted), counts, can_remove)
