"""What happens in the week, to which device and when. All that is drawn comes from one seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from a_week import stories
from a_week.device import Device, release, time_text
from a_week.stories import seconds

if TYPE_CHECKING:
    from a_week.device import Change, Record
    from a_week.stories import Events

BEGIN = datetime(2026, 11, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(days=7)
FAILED_PAGE = datetime(2026, 11, 6, 20, 40, tzinfo=UTC)
"""When an answer lacks its last page."""

SITE = "westland"
"""Where most of the greenhouses stand."""

_SEED = 20261108
_COOLERS, _KIOSKS = "acme/cold-chain", "acme/kiosk-display"
_GREENHOUSES, _GATEWAYS = "northwind/greenhouse", "northwind/field-gateway"
_RELEASES = {
    _COOLERS: release(3188102, "2.8.0"),
    _KIOSKS: release(3190034, "11.1.0"),
    _GREENHOUSES: release(3175560, "0.42.0"),
    _GATEWAYS: release(3181999, "5.3.0"),
}
_NEW_KIOSKS, _NEW_COOLERS = release(3201177, "11.2.0"), release(3201530, "2.8.1")
# What the OS of the sample's devices does, and will have done soon.
_PASSING = {"", "Writing the new image", "Update successful, rebooting"}


def _time(day: int, hour: int, minute: int = 0) -> datetime:
    """Make a time of the week, by the day of November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def _lost_a_link_just_now(record: Record) -> bool:
    times = (record["last_vpn_event"], record["changed_api_heartbeat_state_on__date"])
    return max(time or "" for time in times) > "2026-11-01T11:30"


class Plan:
    """All events of the week.

    Parameters
    ----------
    devices
        The fleet, which events also remove devices from and add some to.
    """

    def __init__(self, devices: list[Device]) -> None:
        self._devices = devices
        self._by_name = {device.record["device_name"]: device for device in devices}
        self._random = Random(_SEED)
        for device in devices:
            if device.fleet == _GREENHOUSES and device.site != "harbour":
                device.set(device_tag=[{"tag_key": "site", "value": SITE}])
        self._healthy = [device for device in devices if device.is_healthy]
        self._random.shuffle(self._healthy)

    def events(self) -> Events:
        """Give all events, in no order."""
        yield from self._ends_of_what_is_under_way()
        yield from self._rollout()
        yield from self._losses()
        yield from self._power_cut()
        yield from self._flapping()
        yield from self._people()
        yield from self._new_devices()
        yield from self._last_day()
        yield from self._restarts()

    def _take(self, fleet: str) -> Device:
        """Take a healthy device of a fleet, which nothing else happens to and which reports."""
        device = next(
            one
            for one in self._healthy
            if one.fleet == fleet and one.site != SITE and one.reports_updates
        )
        self._healthy.remove(device)
        return device

    def _add(self, device: Device) -> Change:
        return lambda _: self._devices.append(device)

    def _remove(self, device: Device) -> Change:
        return lambda _: self._devices.remove(device)

    # What happens anyway

    def _ends_of_what_is_under_way(self) -> Events:
        """End what the sample shows half-way, but for what has been stuck for hours."""
        for device in self._devices:
            record = device.record
            if record["api_heartbeat_state"] == "timeout":
                yield BEGIN + seconds(self._random, 5, 15), device.heartbeat("online")
            if record["overall_status"] == "reduced-functionality" and _lost_a_link_just_now(
                record
            ):
                at = BEGIN + seconds(self._random, 400, 800)
                yield at, device.heartbeat("online")
                yield at, device.cloudlink(is_up=True)
                self._healthy.append(device)
            since = record["last_update_status_event"] or ""
            is_recent = record["update_status"] != "done" and since > "2026-11-01T11:00"
            if record["status"] == "Downloading" or is_recent:
                at = BEGIN + seconds(self._random, 60, 300)
                yield at, device.change(status="Idle", download_progress=None)
                target = _RELEASES[device.fleet]
                yield from stories.update(device, at, target, 25, self._random)
                self._healthy.append(device)
            if record["provisioning_state"] in _PASSING:
                at = BEGIN + seconds(self._random, 300, 1500)
                yield at, device.change(provisioning_state=None, provisioning_progress=None)
                self._healthy.append(device)

    def _losses(self) -> Events:
        """Lose three devices a day, for minutes or hours."""
        for day in range(6):
            for by_power in (True, False, False):
                at = BEGIN + timedelta(days=day) + seconds(self._random, 600, 40_000)
                back = at + seconds(self._random, 2400, 30_000)
                device = self._take(self._random.choice([_COOLERS, _COOLERS, _GATEWAYS]))
                yield from stories.lose_links(device, at, back, self._random, by_power=by_power)

    def _restarts(self) -> Events:
        """Restart some of the devices to which nothing else happens every day, reconnect some."""
        quiet = [device for device in self._healthy if device.site != SITE]
        for day in range(7):
            for story in [stories.restart] * 3 + [stories.reconnect] * 6:
                at = BEGIN + timedelta(days=day) + seconds(self._random, 600, 86_000)
                yield from story(self._random.choice(quiet), at, self._random)

    def _power_cut(self) -> Events:
        """Leave a site without power on Wednesday, from 03:17 to 05:02."""
        for device in self._devices:
            if device.site == SITE and device.is_healthy:
                yield from stories.lose_links(
                    device, _time(4, 3, 17), _time(4, 5, 2), self._random, by_power=True
                )

    def _flapping(self) -> Events:
        """Let the tunnel of a device come and go, all Thursday morning."""
        device = self._take(_COOLERS)
        yield from stories.flap(device, _time(5, 6, 5), _time(5, 13), self._random)

    # What people do

    def _rollout(self) -> Events:
        """Install a release on six kiosks on Tuesday, on all others from Wednesday on."""
        kiosks = [one for one in self._healthy if one.fleet == _KIOSKS]
        kiosks.sort(key=lambda one: one.is_pinned or not one.reports_updates)
        self._healthy = [one for one in self._healthy if one.fleet != _KIOSKS]
        for device in kiosks[:6]:
            begin = _time(3, 9, 30)
            yield begin, device.pin(_NEW_KIOSKS)
            at = begin + seconds(self._random, 30, 900)
            minutes = self._random.uniform(15, 40)
            yield from stories.update(device, at, _NEW_KIOSKS, minutes, self._random)
        yield from self._rollout_to_all(kiosks[6:])
        yield from self._downgrade(kiosks[0])

    def _rollout_to_all(self, healthy: list[Device]) -> Events:
        begin = _time(4, 9, 30)
        for device in self._devices:
            if device.fleet == _KIOSKS and not device.is_pinned:
                yield begin, device.follow(_NEW_KIOSKS)
        waiting, rejecting, late, *others = (one for one in healthy if not one.is_pinned)
        for device in (waiting, rejecting, *others):
            at = begin + seconds(self._random, 30, 8 * 3600)
            minutes = self._random.uniform(20, 90)
            story = stories.update
            if device is waiting:
                story = stories.update_that_waits
            elif device is rejecting:
                story = stories.update_that_is_rejected
            yield from story(device, at, _NEW_KIOSKS, minutes, self._random)
        yield from self._late_kiosk(late)

    def _late_kiosk(self, device: Device) -> Events:
        """Let a kiosk miss the rollout, and catch up on Saturday."""
        yield from stories.lose_links(
            device, _time(3, 18, 40), _time(7, 16, 21), self._random, by_power=True
        )
        at = _time(7, 16, 33)
        yield from stories.update(device, at, _NEW_KIOSKS, 22, self._random)

    def _downgrade(self, device: Device) -> Events:
        """Pin a kiosk to the release that it had before."""
        old, at = _RELEASES[_KIOSKS], _time(7, 15, 4)
        yield at, device.pin(old)
        yield from stories.update(device, at + timedelta(minutes=6), old, 12, self._random)

    def _people(self) -> Events:
        """Change a configuration, remove, rename and move devices."""
        device, at = self._by_name["weathered-ridge"], _time(2, 9, 12)
        off = [{"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "false"}]
        yield at, device.change(device_config_variable=off)
        yield at + timedelta(seconds=50), device.report()

        retired, by_mistake = self._by_name["winter-water"], self._take(_COOLERS)
        yield _time(3, 14, 20), self._remove(retired)
        yield _time(3, 14, 21), self._remove(by_mistake)
        yield _time(5, 8, 31), self._add(by_mistake)

        yield _time(6, 11, 2), self._take(_COOLERS).change(device_name="dock-3-freezer")
        moved, greenhouse = self._take(_COOLERS), self._by_name["misty-echo"]
        fields = ("belongs_to__application", "should_be_running__release")
        at = _time(6, 14, 30)
        yield at, moved.change(**{name: greenhouse.record[name] for name in fields})
        yield from stories.update(
            moved, at + timedelta(minutes=4), _RELEASES[_GREENHOUSES], 9, self._random
        )

    def _new_devices(self) -> Events:
        """Register two devices, which boot."""
        for number in (1, 2):
            like, at = self._take(_GATEWAYS), _time(5, 9, 7 * number)
            booted = time_text(at)
            identity: Record = {
                "id": 9_300_000 + number,
                "uuid": f"{self._random.getrandbits(128):032x}",
                "device_name": f"pier-{number}",
                "created_at": time_text(at - timedelta(hours=1)),
                "changed_api_heartbeat_state_on__date": booted,
                "last_update_status_event": booted,
            }
            new = Device(like.record | identity)
            yield at, self._add(new)

    # From Saturday noon to Sunday noon

    def _last_day(self) -> Events:
        """Lose devices of which some come back, before noon or after, and have an update fail."""
        away = (
            (_time(7, 5, 40), _time(7, 15, 18), True),
            (_time(6, 22, 13), _time(7, 18, 2), False),
            (_time(7, 13, 12), END, False),
            (_time(7, 17, 3), _time(7, 20, 12), True),
            (_time(7, 21, 0), END, False),
            (_time(8, 2, 48), END, False),
            (_time(8, 2, 5), _time(8, 3, 7), False),
        )
        for at, back, by_power in away:
            device = self._take(_COOLERS)
            yield from stories.lose_links(device, at, back, self._random, by_power=by_power)
        device, at = self._take(_COOLERS), _time(7, 19, 20)
        yield at, device.pin(_NEW_COOLERS)
        yield from stories.update_that_is_rejected(device, at, _NEW_COOLERS, 14, self._random)
        yield from stories.reconnect(self._take(_COOLERS), _time(8, 11, 57), self._random)
