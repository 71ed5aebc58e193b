"""Looks that a tracker must refuse."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fleetstatus.errors import SnapshotError
from oracle_compare import other_changes, state_of, status_change
from oracle_snapshot import Selected, Snapshot, is_readable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from oracle_told import Device

MIN_MISSING = 3


def looked_for(remembered: Mapping[str, Device], fleets: Collection[str] | None) -> list[Device]:
    """List the known devices that a look would hold if none were removed."""
    return [
        device
        for device in remembered.values()
        if device.removed_at is None and (fleets is None or device.state["fleet"] in fleets)
    ]


def missing_devices(
    selected: Selected, remembered: Mapping[str, Device], fleets: Collection[str] | None
) -> list[Device]:
    """List the devices that were looked for and are not there."""
    if not selected.can_remove:
        return []
    there = selected.uuids
    return [d for d in looked_for(remembered, fleets) if d.uuid not in there]


def is_read_at(device: Device, now: datetime) -> bool:
    """Tell whether a look of a moment has read a device already."""
    return device.removed_at is None and device.last_read == now


def check_fleets(
    snapshot: Snapshot,
    fleets: Collection[str] | None,
    remembered: Mapping[str, Device],
    asked: Collection[str],
) -> None:
    """Refuse a fleet that nobody knows."""
    known = {device.state["fleet"] for device in remembered.values()} | set(asked)
    known |= {row["fleet"] for row in snapshot.rows}
    for fleet in fleets or ():
        if fleet not in known:
            message = f"no device is of the fleet {fleet!r}"
            raise ValueError(message)


def check_moment(
    snapshot: Snapshot,
    last_look: datetime | None,
    selected: Selected,
    remembered: Mapping[str, Device],
    missing: list[Device],
) -> None:
    """Refuse an older moment, and other answers for a moment that was read already."""
    now = snapshot.now
    if last_look is not None and now < last_look:
        message = f"the look of {now} is older than the last one ({last_look})"
        raise SnapshotError(message)
    differs = any(device.last_read == now for device in missing)
    for row in selected.rows:
        device = remembered.get(row["uuid"])
        if device is not None and is_readable(row) and is_read_at(device, now):
            state = state_of(row, snapshot.missing)
            differs |= status_change(device.state, state, now, now) is not None
            differs |= bool(other_changes(device.state, state, now, now))
    if differs:
        message = f"another look of {now} has read other answers"
        raise SnapshotError(message)


def check_missing(
    missing: list[Device],
    remembered: Mapping[str, Device],
    fleets: Collection[str] | None,
    limit: float,
) -> None:
    """Refuse a snapshot that seems to have lost devices."""
    if len(missing) < MIN_MISSING or limit == 1:
        return
    known = looked_for(remembered, fleets)
    gone = Counter(device.state["fleet"] for device in missing)
    there_were = Counter(device.state["fleet"] for device in known)
    all_gone = any(
        isinstance(fleet, str) and n >= MIN_MISSING and n == there_were[fleet]
        for fleet, n in gone.items()
    )
    if all_gone or len(missing) / len(known) > limit:
        message = f"{len(missing)} of {len(known)} devices are missing: max_removed=1.0"
        raise SnapshotError(message)
