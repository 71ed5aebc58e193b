"""A tracker of a fleet, stated as plainly as can be: a dict of devices, and all that it saw."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import oracle_history as history
from fleetstatus.errors import SnapshotError
from oracle_compare import (
    State,
    change_row,
    is_same_status,
    known_text,
    merged,
    other_changes,
    state_of,
    whole_seconds,
)
from oracle_outages import Outage, has_link, look_at_outages
from oracle_refusals import check_fleets, check_missing, check_moment, is_read_at, missing_devices
from oracle_snapshot import Row, Selected, Snapshot, is_readable, select
from oracle_told import Device, begin, forget_told, look_at

if TYPE_CHECKING:
    from collections.abc import Collection


class NaiveTracker:
    """What `Tracker` must tell, look by look; a look that is refused changes its count alone."""

    def __init__(
        self,
        *,
        hold: timedelta = timedelta(minutes=2),
        gap: timedelta = timedelta(minutes=15),
        max_removed: float = 0.2,
        outage: tuple[int, float] | None = (3, 0.55),
        flapping: tuple[int, int] | None = (6, 2),
        forget: timedelta = timedelta(days=90),
    ) -> None:
        self.hold, self.gap, self.max_removed = hold, gap, max_removed
        self.outage, self.flapping, self.forget = outage, flapping, forget
        self.devices: dict[str, Device] = {}
        self.last_look: datetime | None = None
        self.clock = timedelta(0)  # looked-at time
        self.had_complete = False
        self.fleets_asked: set[str] = set()
        self.lasting: dict[str | None, Outage] = {}
        self.counts: Counter[str] = Counter()
        self.told: Counter[str] = Counter()

    def update(
        self,
        snapshot: Snapshot,
        *,
        complete: bool = True,
        fleets: Collection[str] | None = None,
        max_removed: float | None = None,
    ) -> list[Row]:
        """Look once more, and give the rows of changes."""
        now = snapshot.now
        remembered = self.remembered(now)
        check_fleets(snapshot, fleets, self.devices, self.fleets_asked)
        fleets_before = {uuid: known_text(d.state["fleet"]) for uuid, d in remembered.items()}
        selected = select(snapshot, fleets, fleets_before)
        missing = missing_devices(selected, remembered, fleets) if complete else []
        try:
            check_moment(snapshot, self.last_look, selected, remembered, missing)
            limit = self.max_removed if max_removed is None else max_removed
            check_missing(missing, remembered, fleets, limit)
        except SnapshotError:
            self.counts["refused"] += 1
            raise
        rows = self.take(snapshot, selected, missing, fleets)
        self.had_complete |= complete and fleets is None
        self.fleets_asked |= set(fleets or ())
        self.last_look = now
        self.counts["looks"] += 1
        self.counts.update(selected.counts)
        self.told.update(row["kind"] for row in rows)
        return rows

    def remembered(self, now: datetime) -> dict[str, Device]:
        """Give the devices without those removed long ago."""
        return {
            uuid: device
            for uuid, device in self.devices.items()
            if not self.is_forgotten(device, now)
        }

    def is_forgotten(self, device: Device, now: datetime) -> bool:
        """Tell whether a device was removed so long ago that its return is that of a new one."""
        return device.removed_at is not None and now - device.removed_at > self.forget

    # What is told

    def take(
        self,
        snapshot: Snapshot,
        selected: Selected,
        missing: list[Device],
        fleets: Collection[str] | None,
    ) -> list[Row]:
        """Remember what a look saw; give what it tells."""
        now, before = snapshot.now, self.last_look
        if before is not None and now - before <= self.gap:
            self.clock += now - before
        rows: list[Row] = []
        read: set[str] = set()
        fleets_read: set[str] = set()
        for row in filter(is_readable, selected.rows):
            device = self.devices.get(row["uuid"])
            if device is None or not is_read_at(device, now):
                state = state_of(row, snapshot.missing)
                rows += self.read(device, state, now, fleets)
                read.add(row["uuid"])
                fleet = self.devices[row["uuid"]].state["fleet"]
                fleets_read |= {fleet} if isinstance(fleet, str) else set()
        rows += [self.remove(device, now) for device in missing]
        if self.outage is None:
            return rows
        of_many, involved = look_at_outages(
            self.lasting,
            self.devices.values(),
            now=now,
            before=before,
            read=read,
            fleets_read=fleets_read,
            numbers=self.outage,
        )
        return of_many + [row | {"in_outage": row["uuid"] in involved} for row in rows]

    def read(
        self, device: Device | None, state: State, now: datetime, fleets: Collection[str] | None
    ) -> list[Row]:
        """Remember one row; give what it tells."""
        if device is None or device.removed_at is not None:
            return self.appear(device, state, now, fleets)
        before, last_read = device.state, device.last_read
        event = history.read_event(before, state, last_read, now)
        device.events.append(event)
        device.state, device.is_back = merged(before, state), False
        device.links.append((now, has_link(device.state)))
        if not is_same_status(before, state):
            device.seen_since = event[2]["at"] or now
        since = device.seen_since
        status, has_gone_back = look_at(
            device, now, self.clock, hold=self.hold, flapping=self.flapping, since=since
        )
        device.last_read = now
        self.counts["flaps"] += has_gone_back
        others = other_changes(before, state, last_read, now)
        for change in others:
            if change["kind"] == "update":
                end = change["at"] or now
                change["previous_duration_s"] = whole_seconds(device.update_since, end)
                device.update_since = end
        bounds = {"not_before": last_read, "not_after": now}
        reasons = {"reason_before": before["reason"], "reason": state["reason"]}
        who: Row = {"uuid": device.uuid}
        for name in ("device_name", "fleet"):
            who[name] = known_text(state[name], before[name])
        return [
            change_row(**(who | bounds | reasons | change))
            for change in [*([status] if status else []), *others]
        ]

    def appear(
        self, device: Device | None, state: State, now: datetime, fleets: Collection[str] | None
    ) -> list[Row]:
        """Remember the first row of a device, or the first after it was removed."""
        known = device
        if device is None or self.is_forgotten(device, now):
            is_told = self.tells_added(state, fleets)
            device = Device(state["uuid"], state, now, now)
            if known is None:
                since = begin_of(state["status_since"], now)
                device.update_since = begin_of(state["update_status_since"], now)
            else:  # what it was before stays in its history
                since = device.update_since = now
                device.events, device.state = known.events, known.state
            told = {"kind": "added", "not_before": self.last_look}
            self.devices[device.uuid] = device
        else:
            is_told, since = True, now
            device.update_since = now
            told = {"kind": "returned", "not_before": device.removed_at}
            device.removed_at, device.is_back = None, True
        device.events.append(history.read_event(None, state, None, now))
        device.state = merged(device.state, state)
        device.last_read = now
        device.links.append((now, has_link(device.state)))
        device.seen_since = since
        begin(device, now, since, is_told=is_told or not self.hold)
        if not is_told:
            return []
        row = change_row(
            uuid=device.uuid,
            device_name=known_text(device.state["device_name"]),
            fleet=known_text(device.state["fleet"]),
            after=state["status"],
            reason=state["reason"],
            not_after=now,
            **told,
        )
        return [row]

    def tells_added(self, state: State, fleets: Collection[str] | None) -> bool:
        """Tell whether there was anything to compare a new device with."""
        if self.last_look is None:
            return False
        is_first_of_fleet = fleets is not None and state["fleet"] not in self.fleets_asked
        return self.had_complete or not is_first_of_fleet

    def remove(self, device: Device, now: datetime) -> Row:
        """Remember that a device is gone; give the row that tells it."""
        device.removed_at = now
        device.events.append(("removed", now, {}))
        before = device.told.state if device.told else device.state
        forget_told(device)
        return change_row(
            uuid=device.uuid,
            device_name=known_text(device.state["device_name"]),
            fleet=known_text(device.state["fleet"]),
            kind="removed",
            before=before["status"],
            reason_before=before["reason"],
            not_before=device.last_read,
            not_after=now,
        )

    # What the log answers

    def time_in_status(self, by: str | None = None) -> dict[Any, dict[str, float]]:
        """Give the seconds of each status by group."""
        assert self.last_look is not None
        return history.time_in_status(self.devices.values(), self.last_look, self.gap, by)

    def outages(self) -> list[dict[str, Any]]:
        """List the times that devices had no link."""
        assert self.last_look is not None
        return history.outages(self.devices.values(), self.last_look, self.gap)

    def outages_by(self, by: str) -> dict[Any, dict[str, Any]]:
        """Sum outages up by what their devices are in now."""
        groups = {uuid: history.value_of(d, by) for uuid, d in self.devices.items()}
        return history.outages_by(self.outages(), groups)

    def timeline(self, uuid: str) -> list[history.Span]:
        """List what a device was in, in order."""
        return history.spans_of(self.devices[uuid].events, self.gap)

    def counters(self) -> dict[str, Any]:
        """Count what all looks came to."""
        names = ("looks", "refused", "flaps", "unreadable", "duplicates", "without_uuid")
        return {name: self.counts[name] for name in names} | {"changes": dict(self.told)}


def begin_of(time: object, now: datetime) -> datetime:
    """Give since when the first look of a device knows something: the look's moment, or earlier."""
    return time if isinstance(time, datetime) and time <= now else now
