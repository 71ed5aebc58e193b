"""How things come about: the changes of a device, with their times, that a story is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from a_week.device import Change, Device

if TYPE_CHECKING:
    from random import Random

    from a_week.device import Record

Event = tuple[datetime, Change]
Events = Iterator[Event]

_POLL_INTERVAL_S = {"northwind/field-gateway": 3600}
_GRACE = timedelta(seconds=15)


def seconds(random: Random, shortest: float, longest: float) -> timedelta:
    """Draw a time, in whole milliseconds."""
    return timedelta(milliseconds=random.randrange(round(1000 * shortest), round(1000 * longest)))


def lose_links(
    device: Device, at: datetime, back: datetime, random: Random, *, by_power: bool
) -> Events:
    """Lose power or network: the tunnel is missed at once, the heartbeat after its window."""
    yield at + seconds(random, 20, 110), device.cloudlink(is_up=False)
    window_s = 1.5 * _POLL_INTERVAL_S.get(device.fleet, 900)
    late = at + seconds(random, 0.3 * window_s, window_s)
    back += seconds(random, 40, 240)
    if late + _GRACE < back:
        yield late, device.heartbeat("timeout")
        yield late + _GRACE, device.heartbeat("offline")
    yield back, device.heartbeat("online")
    if by_power:
        yield back, device.report()
    yield back + seconds(random, 1, 30), device.cloudlink(is_up=True)


def restart(device: Device, at: datetime, random: Random) -> Events:
    """Reboot: the tunnel is away for a minute or two, which the heartbeat does not notice."""
    yield at, device.cloudlink(is_up=False)
    back = at + seconds(random, 45, 120)
    yield back, device.report()
    yield back + seconds(random, 1, 10), device.cloudlink(is_up=True)


def reconnect(device: Device, at: datetime, random: Random) -> Events:
    """Get another tunnel server."""
    yield at, device.cloudlink(is_up=False)
    yield at + seconds(random, 2, 20), device.cloudlink(is_up=True)


def flap(device: Device, at: datetime, until: datetime, random: Random) -> Events:
    """Lose the tunnel again and again, for a quarter of an hour or so."""
    is_up = False
    while at < until or is_up:
        yield at, device.cloudlink(is_up=is_up)
        is_up = not is_up
        at += seconds(random, 660, 1260)


def update(device: Device, at: datetime, to: Record, minutes: float, random: Random) -> Events:
    """Download a release and start it; old supervisors do not report how far they are."""
    download = timedelta(minutes=minutes)
    yield at, device.report("downloading")
    for quarter in range(4):
        step = device.install(to, status="Downloading", progress=25 * quarter)
        yield at + download * quarter / 4, step
    at += download
    yield at, device.install(to, status="Downloaded")
    yield at, device.report("downloaded")
    at += seconds(random, 5, 20)
    yield at, device.report("applying changes")
    at += seconds(random, 20, 90)
    yield at, device.install(to, status="Running")
    yield at, device.report("done")


def update_that_waits(
    device: Device, at: datetime, to: Record, minutes: float, random: Random
) -> Events:
    """Download a release, and wait for an app that holds the update lock."""
    events = list(update(device, at, to, minutes, random))
    yield from events[:-3]


def update_that_is_rejected(
    device: Device, at: datetime, to: Record, minutes: float, random: Random
) -> Events:
    """Download a release whose requirements the device does not meet."""
    events = list(update(device, at, to, minutes, random))
    yield from events[:-3]
    yield events[-1][0], device.report("rejected")
