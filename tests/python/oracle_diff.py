"""What has changed between two snapshots: a slow, obvious restatement of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus.errors import SnapshotError
from oracle_compare import (
    change_row,
    known_text,
    other_changes,
    state_of,
    status_change,
    whole_seconds,
)
from oracle_snapshot import Row, Snapshot, is_readable, select

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

SOURCES_OF_A_MOMENT = {"given", "fetched_at"}


def diff_rows(
    old: Snapshot, new: Snapshot, *, complete: bool = True, fleets: Collection[str] | None = None
) -> list[Row]:
    """List what has changed, as rows with the columns of changes.

    Both snapshots are of the same scheme. Raises SnapshotError where the new one is older, or of
    the same moment with other answers, and ValueError for a fleet that is in neither.
    """
    if fleets is not None:
        there_are = {row["fleet"] for row in (*old.rows, *new.rows)}
        for fleet in fleets:
            if fleet not in there_are:
                message = f"no device is of the fleet {fleet!r}"
                raise ValueError(message)
    not_before, is_same_moment = order(old, new)
    rows = changes(old, new, not_before, complete, fleets)
    if rows and is_same_moment:
        message = f"both snapshots are of {new.now}, and they differ"
        raise SnapshotError(message)
    return rows


def order(old: Snapshot, new: Snapshot) -> tuple[datetime, bool]:
    """Give the moment of the old snapshot, and whether the new one is of the same moment."""
    not_before = old.now
    if {old.now_source, new.now_source} <= SOURCES_OF_A_MOMENT:
        is_older, is_same = new.now < old.now, new.now == old.now
    elif old.newest_event is not None and new.newest_event is not None:
        is_older = new.newest_event < old.newest_event
        # A quiet fleet has no newer events; files of other moments still are two snapshots.
        is_same = new.newest_event == old.newest_event and new.now == old.now
        if old.now > new.now:
            not_before = min(old.now, old.newest_event)
    else:
        is_older = is_same = False
    if is_older:
        message = f"the new snapshot ({new.now}) is older than the old one ({old.now})"
        raise SnapshotError(message)
    return not_before, is_same


def changes(
    old: Snapshot,
    new: Snapshot,
    not_before: datetime,
    complete: bool,
    fleets: Collection[str] | None,
) -> list[Row]:
    """Compare device by device: those of the new snapshot in its order, then those removed."""
    before = {row["uuid"]: row for row in select(old, None, {}).rows}
    after = select(new, fleets, {uuid: row["fleet"] for uuid, row in before.items()})
    bounds = (not_before, new.now)
    rows: list[Row] = []
    for row in after.rows:
        if not is_readable(row):
            continue
        if row["uuid"] not in before:
            rows.append(appeared(row, bounds))
        elif is_readable(before[row["uuid"]]):
            rows += compared(before[row["uuid"]], row, old.missing, new.missing, bounds)
    there = after.uuids
    if complete and after.can_remove:
        rows += [
            disappeared(row, bounds)
            for uuid, row in before.items()
            if uuid not in there and is_readable(row) and (fleets is None or row["fleet"] in fleets)
        ]
    return rows


def appeared(row: Row, bounds: tuple[datetime, datetime]) -> Row:
    """Build the row of a device that only the new snapshot has."""
    return change_row(
        uuid=row["uuid"],
        device_name=row["device_name"],
        fleet=row["fleet"],
        kind="added",
        after=row["status"],
        reason=row["reason"],
        not_before=bounds[0],
        not_after=bounds[1],
    )


def disappeared(row: Row, bounds: tuple[datetime, datetime]) -> Row:
    """Build the row of a device that only the old snapshot has."""
    return change_row(
        uuid=row["uuid"],
        device_name=row["device_name"],
        fleet=row["fleet"],
        kind="removed",
        before=row["status"],
        reason_before=row["reason"],
        not_before=bounds[0],
        not_after=bounds[1],
    )


def compared(
    old_row: Row,
    new_row: Row,
    old_missing: frozenset[str],
    new_missing: frozenset[str],
    bounds: tuple[datetime, datetime],
) -> list[Row]:
    """Build the rows of a device that both snapshots have."""
    before, after = state_of(old_row, old_missing), state_of(new_row, new_missing)
    status = status_change(before, after, *bounds)
    since = {
        "status": old_row["status_since"],
        "reason": old_row["status_since"],
        "update": before["update_status_since"],
    }
    return [
        change_row(
            uuid=new_row["uuid"],
            device_name=known_text(new_row["device_name"], old_row["device_name"]),
            fleet=known_text(new_row["fleet"], old_row["fleet"]),
            reason_before=old_row["reason"],
            reason=new_row["reason"],
            not_before=bounds[0],
            not_after=bounds[1],
            previous_duration_s=whole_seconds(since.get(change["kind"]), change["at"] or bounds[1]),
            **change,
        )
        for change in [*([status] if status else []), *other_changes(before, after, *bounds)]
    ]
