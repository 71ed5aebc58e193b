"""Outages of many devices at once, of a fleet or of all fleets together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oracle_compare import State, change_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle_snapshot import Row
    from oracle_told import Device

LOOKED_BACK = timedelta(minutes=10)
ALL_FLEETS = None


@dataclass
class Outage:
    """An outage that lasts: what was said of it, and which devices are of it."""

    said: str
    members: set[str] = field(default_factory=set)


def has_link(state: State) -> bool:
    """Tell whether a device has its link, as far as is known."""
    if state["cloudlink"] is True:
        return True
    is_heard = state["heartbeat_state"] in {"online", "timeout"}
    return state["cloudlink_expected"] is False and is_heard


def is_without(device: Device) -> bool:
    """Tell whether the last row read of a device shows it without its link."""
    return not device.links[-1][1]


def had_link_before(device: Device, now: datetime, read: set[str]) -> bool:
    """Tell whether a device had its link at a look of the last minutes, or the one before.

    The look before a device was removed is no look before its return.
    """
    if any(linked and moment >= now - LOOKED_BACK for moment, linked in device.links):
        return True
    if device.is_back and device.uuid in read:
        return False
    # The previous look that read it: the last one, unless this look is the last one.
    earlier = device.links[:-1] if device.uuid in read else device.links
    return bool(earlier) and earlier[-1][1]


def has_lost_link(device: Device, now: datetime, read: set[str]) -> bool:
    """Tell whether this look is the first to find a device without its link."""
    if device.uuid not in read or not is_without(device):
        return False
    if device.is_back:
        return had_link_before(device, now, read)
    return len(device.links) > 1 and device.links[-2][1]


def look_at_outages(
    outages: dict[str | None, Outage],
    devices: Iterable[Device],
    *,
    now: datetime,
    before: datetime | None,
    read: set[str],
    fleets_read: set[str],
    numbers: tuple[int, float],
) -> tuple[list[Row], set[str]]:
    """Begin, carry on and end outages; give the rows that tell so, and the devices of outages.

    A device is of an outage in the look that ends it, or that misses the device, too.

    ``read`` are the devices that this look has read, ``fleets_read`` their fleets, ``before`` is
    the moment of the look before.
    """
    there = [device for device in devices if device.removed_at is None]
    rows = []
    bounds = (before, now)
    lasting = dict(outages)
    involved = members_of(outages)
    for fleet in lasting:
        rows += carry_on(outages, fleet, there, read, now=now, before=before)
    involved |= members_of(lasting)
    may_begin = [*sorted(fleets_read), *([ALL_FLEETS] if len(fleets_read) > 1 else [])]
    for fleet in may_begin:
        if fleet in lasting:
            continue
        looked_for = [d for d in there if fleet is ALL_FLEETS or d.state["fleet"] == fleet]
        had_link = [device for device in looked_for if had_link_before(device, now, read)]
        lost = [device for device in had_link if is_without(device)]
        if len(lost) >= numbers[0] and len(lost) / len(had_link) >= numbers[1]:
            said = f"{len(lost)} of {len(had_link)}"
            outages[fleet] = Outage(said, {device.uuid for device in lost})
            rows.append(outage_row("outage", fleet, None, said, bounds))
    return rows, involved | members_of(outages)


def members_of(outages: dict[str | None, Outage]) -> set[str]:
    """Name the devices of outages."""
    return {uuid for outage in outages.values() for uuid in outage.members}


def carry_on(
    outages: dict[str | None, Outage],
    fleet: str | None,
    there: list[Device],
    read: set[str],
    *,
    now: datetime,
    before: datetime | None,
) -> list[Row]:
    """Add the devices that lose their link, and tell when fewer than half are without it."""
    outage = outages[fleet]
    outage.members &= {device.uuid for device in there}
    outage.members |= {
        device.uuid
        for device in there
        if (fleet is ALL_FLEETS or device.state["fleet"] == fleet)
        and has_lost_link(device, now, read)
    }
    without = [d for d in there if d.uuid in outage.members and is_without(d)]
    if outage.members and 2 * len(without) >= len(outage.members):
        return []
    del outages[fleet]
    now_said = f"{len(without)} of {len(outage.members)}"
    return [outage_row("outage-over", fleet, outage.said, now_said, (before, now))]


def outage_row(
    kind: str,
    fleet: str | None,
    before: str | None,
    after: str,
    bounds: tuple[datetime | None, datetime],
) -> Row:
    """Build a row that stands for a fleet, or with null for all fleets."""
    return change_row(
        fleet=fleet,
        kind=kind,
        before=before,
        after=after,
        not_before=bounds[0],
        not_after=bounds[1],
        in_outage=True,
    )
