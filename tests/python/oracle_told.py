"""What a tracker remembers of one device, and which of its status changes it tells when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from oracle_compare import Change, State, is_same_status, status_change, whole_seconds

FLAPPING_TIME = timedelta(hours=3)
LATE = "heartbeat-late"
NO_HOLD = timedelta(0)


@dataclass
class Told:
    """The status that the log told last, as of the last look that read the same."""

    state: State
    since: datetime
    read_at: datetime
    late: tuple[State, datetime] | None = None  # a later look that read it, if it is late


@dataclass
class Run:
    """Looks in a row that read one reason; a late heartbeat does not interrupt it."""

    state: State  # of its first look
    first: datetime


@dataclass
class Device:
    """What a tracker knows of one device."""

    uuid: str
    state: State
    last_read: datetime
    seen_since: datetime  # when the present status began, as far as looks tell
    events: list[tuple[str, datetime, dict[str, Any]]] = field(default_factory=list)
    links: list[tuple[datetime, bool]] = field(default_factory=list)
    told: Told | None = None
    run: Run | None = None
    hold_start: datetime | None = None  # of a change that is held
    update_since: datetime | None = None
    removed_at: datetime | None = None
    is_back: bool = False  # no look has read it since it returned
    status_changes: list[timedelta] = field(default_factory=list)  # by the looked-at clock
    last_label: str | None = None
    is_flapping: bool = False


def is_late(state: State) -> bool:
    """Tell whether a look found the heartbeat late."""
    return bool(state["reason"] == LATE)


def begin(device: Device, now: datetime, since: datetime, *, is_told: bool) -> None:
    """Take the first row of a device, or the first after it was removed, as what is told.

    A late heartbeat of a device whose first row tells nothing is not taken.
    """
    device.run = Run(device.state, now)
    device.told = None
    device.last_label = None
    if not is_late(device.state):
        device.last_label = device.state["status"]
    if is_told or not is_late(device.state):
        device.told = Told(device.state, since, now)


def forget_told(device: Device) -> None:
    """End what waits to be told, when a device was removed."""
    device.hold_start = None
    device.status_changes.clear()
    device.is_flapping = False


def look_at(
    device: Device,
    now: datetime,
    clock: timedelta,
    *,
    hold: timedelta,
    flapping: tuple[int, int] | None,
    since: datetime,
) -> tuple[Change | None, bool]:
    """Tell what is to be told of a device's reason, and whether a change has gone back.

    The device holds what the look of ``now`` saw; ``since`` is when its span began.
    """
    state = device.state
    if device.run is None or (
        not is_same_status(device.run.state, state) and (hold == NO_HOLD or not is_late(state))
    ):
        device.run = Run(state, now)
        if device.told is not None and device.told.late is not None:
            device.told.state, device.told.read_at = device.told.late
    if flapping is not None:
        change = flaps(device, flapping, clock, now, since)
        if change is not None or device.is_flapping:
            return change, False
    if is_late(state) and hold != NO_HOLD:
        if device.told is not None and is_same_status(device.told.state, state):
            device.told.late = (state, now)
        return None, False
    if device.told is None:
        device.told = Told(state, since, now)
        return None, False
    if is_same_status(device.told.state, state):
        device.told.state, device.told.read_at = state, now
        has_gone_back = device.hold_start is not None
        device.hold_start = None
        return None, has_gone_back
    return held(device, device.told, device.run, now, hold), False


def held(device: Device, told: Told, run: Run, now: datetime, hold: timedelta) -> Change | None:
    """Tell a change once it has lasted ``hold``."""
    change = status_change(told.state, run.state, told.read_at, run.first)
    assert change is not None
    if device.hold_start is None:
        device.hold_start = change["at"] or now
    if hold != NO_HOLD and now - device.hold_start < hold:
        return None
    end = change["at"] or run.first
    told_before, device.hold_start = told, None
    device.told = Told(device.state, end, now)
    return change | {
        "reason_before": told_before.state["reason"],
        "reason": device.state["reason"],
        "not_before": told_before.read_at,
        "not_after": run.first,
        "previous_duration_s": whole_seconds(told_before.since, end),
    }


def flaps(
    device: Device,
    flapping: tuple[int, int],
    clock: timedelta,
    now: datetime,
    since: datetime,
) -> Change | None:
    """Count status changes, and tell when there are too many, and when they have become few."""
    state = device.state
    if is_late(state):
        return None
    if device.last_label is not None and device.last_label != state["status"]:
        device.status_changes.append(clock)
    device.last_label = state["status"]
    n_changes = sum(clock - at < FLAPPING_TIME for at in device.status_changes)
    most, least = flapping
    if device.is_flapping and n_changes <= least:
        kind = "settled"
    elif not device.is_flapping and n_changes >= most:
        kind = "flapping"
    else:
        return None
    before = device.told.state if device.told else {"status": None, "reason": None}
    device.is_flapping = kind == "flapping"
    device.hold_start = None
    device.told = Told(state, since, now)
    return {
        "kind": kind,
        "before": before["status"],
        "after": state["status"],
        "reason_before": before["reason"],
        "reason": state["reason"],
        "not_before": device.last_read,
        "not_after": now,
    }
