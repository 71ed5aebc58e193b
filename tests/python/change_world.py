"""Devices that live at random: what the API would say of them at one moment after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

Record = dict[str, Any]

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
FLEETS = ("acme/weather", "acme/tide", "acme/snow")
# Ids and versions: of two releases with one version, of one id with two versions, of no id.
RELEASES: list[object] = [
    {"__id": 7, "raw_version": "1.0.0"},
    {"__id": 8, "raw_version": "1.0.0"},
    {"__id": 9, "raw_version": "1.1.0"},
    {"__id": 9, "raw_version": "1.1.1"},
    {"raw_version": "1.1.0"},
    {"__id": 10, "commit": "c0ffee1234"},
    {"commit": "c0ffee9999"},
    {"__id": 11},
    "1.0.0",
    None,
]
UPDATE_STATUSES = (
    *("done", "downloading", "downloaded", "applying changes", "rejected", "aborted", None),
)
NEVER = "1970-01-01T00:00:00Z"


def text_of(time: datetime | None) -> str | None:
    """Spell a time as the API does."""
    return None if time is None else time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Device:
    """One device, by the fields of its record."""

    uuid: str
    fleet: str | None
    name: str | None
    is_there: bool = True
    flips: bool = False  # loses and finds its link all the time
    cloudlink: bool = True
    heartbeat: str = "online"
    fields: Record = field(default_factory=dict)

    def record(self) -> Record:
        """Write the device as the API would."""
        slug = None if self.fleet is None else {"__id": len(self.fleet), "slug": self.fleet}
        return {
            "uuid": self.uuid,
            "device_name": self.name,
            "belongs_to__application": slug,
            "is_connected_to_vpn": self.cloudlink,
            "is_online": self.cloudlink,
            "api_heartbeat_state": self.heartbeat,
            **self.fields,
        }


def new_device(random: Random, number: int, now: datetime, n_fleets: int) -> Device:
    """Register a device, most often one that works."""
    before = now - random.choice([5 * MINUTE, HOUR, 30 * HOUR])
    device = Device(
        uuid=f"{number:02d}abcdef{number:02d}",
        fleet=random.choice([*FLEETS[:n_fleets] * 4, None]),
        name=random.choice([f"name-{number}"] * 6 + ["", None]),
        flips=random.random() < 0.2,
    )
    device.fields = {
        "is_active": True,
        "is_frozen": False,
        "last_connectivity_event": text_of(before),
        "last_vpn_event": random.choice([text_of(before), None]),
        "changed_api_heartbeat_state_on__date": text_of(before),
        "created_at": random.choice([text_of(before - HOUR), None]),
        "provisioning_state": None,
        "provisioning_progress": None,
        "status": "Idle",
        "download_progress": None,
        "image_install": [],
        "current_services": {},
        "device_config_variable": [],
        "is_running__release": random.choice(RELEASES),
        "update_status": random.choice(UPDATE_STATUSES),
        "last_update_status_event": random.choice([text_of(before), None]),
    }
    if random.random() < 0.15:
        device.cloudlink, device.heartbeat = False, "unknown"
        device.fields |= {"last_connectivity_event": None, "last_vpn_event": None}
        device.fields["changed_api_heartbeat_state_on__date"] = None
    return device


def set_cloudlink(device: Device, is_up: bool, at: datetime) -> None:
    """Take cloudlink up or down; up again is another tunnel server."""
    device.cloudlink = is_up
    device.fields["last_connectivity_event"] = text_of(at)
    if device.fields["last_vpn_event"] is not None:
        device.fields["last_vpn_event"] = text_of(at)


def set_heartbeat(device: Device, state: str, at: datetime) -> None:
    """Give the heartbeat a state, and the time that goes with it."""
    device.heartbeat = state
    device.fields["changed_api_heartbeat_state_on__date"] = text_of(at)


def move_cloudlink(random: Random, device: Device, at: datetime) -> None:
    set_cloudlink(device, random.choice([True, False]), at)


def move_heartbeat(random: Random, device: Device, at: datetime) -> None:
    set_heartbeat(device, random.choice(["online", "online", "timeout", "offline", "unknown"]), at)


def flip_links(_random: Random, device: Device, at: datetime) -> None:
    is_up = not device.cloudlink
    set_cloudlink(device, is_up, at)
    set_heartbeat(device, "online" if is_up else "offline", at)


def grow_late(_random: Random, device: Device, at: datetime) -> None:
    set_heartbeat(device, "timeout", at)


def move_update(random: Random, device: Device, at: datetime) -> None:
    device.fields["update_status"] = random.choice(UPDATE_STATUSES)
    if random.random() < 0.9:
        device.fields["last_update_status_event"] = text_of(at)


def restart(_random: Random, device: Device, at: datetime) -> None:
    device.fields["last_update_status_event"] = text_of(at)


def install(random: Random, device: Device, at: datetime) -> None:
    device.fields["is_running__release"] = random.choice(RELEASES)
    if random.random() < 0.7:
        move_update(random, device, at)


def move_lifecycle(random: Random, device: Device, _at: datetime) -> None:
    changes: list[Record] = [
        {"is_active": False},
        {"is_frozen": True},
        {"is_active": True, "is_frozen": False},
        {"provisioning_state": "Post-Provisioning"},
        {"provisioning_state": None, "provisioning_progress": None},
        {"provisioning_state": "Updating the OS", "provisioning_progress": 30},
        {"status": random.choice(["Ordered", "Preparing", "Shipped", "Idle"])},
    ]
    device.fields |= random.choice(changes)


def download(random: Random, device: Device, _at: datetime) -> None:
    changes: list[Record] = [
        {"status": "Downloading", "download_progress": 20},
        {"status": "Idle", "download_progress": None},
        {"image_install": [{"id": 5, "status": "Downloading", "download_progress": 1}]},
        {"image_install": []},
    ]
    device.fields |= random.choice(changes)
    device.fields["current_services"] = {"main": device.fields["image_install"]}


def configure(random: Random, device: Device, _at: datetime) -> None:
    value = random.choice(["false", "true"])
    device.fields["device_config_variable"] = random.choice(
        [[], [{"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": value}]]
    )


def move_fleet(random: Random, device: Device, _at: datetime) -> None:
    device.fleet = random.choice([*FLEETS, None])


def rename(random: Random, device: Device, _at: datetime) -> None:
    device.name = random.choice(["new", "name", None, ""])


def come_or_go(_random: Random, device: Device, _at: datetime) -> None:
    device.is_there = not device.is_there


def say_never(random: Random, device: Device, _at: datetime) -> None:
    name = random.choice(
        ["last_vpn_event", "changed_api_heartbeat_state_on__date", "last_update_status_event"]
    )
    device.fields[name] = random.choice([NEVER, None])


EVENTS: Mapping[Callable[[Random, Device, datetime], None], int] = {
    move_cloudlink: 6,
    move_heartbeat: 6,
    flip_links: 6,
    grow_late: 4,
    move_update: 3,
    restart: 3,
    install: 3,
    move_lifecycle: 3,
    download: 2,
    configure: 4,
    move_fleet: 1,
    rename: 1,
    come_or_go: 2,
    say_never: 1,
}


def live(
    random: Random,
    devices: list[Device],
    before: datetime,
    now: datetime,
    rate: float,
    *,
    is_calm: bool = False,
) -> None:
    """Let things happen to devices between two moments; some clocks are ahead, or late."""
    rate = rate / 10 if is_calm else rate
    for device in devices:
        if device.flips and not is_calm and random.random() < 0.7:
            flip_links(random, device, moment(random, before, now))
        while random.random() < rate:
            [event] = random.choices([*EVENTS], [*EVENTS.values()])
            event(random, device, moment(random, before, now))


def moment(random: Random, before: datetime, now: datetime) -> datetime:
    """Pick a time between two looks, or on their edges, or a little or far outside of them."""
    between = before + (now - before) * random.random()
    between -= timedelta(microseconds=between.microsecond % 1000)
    edges = [before, now, before - MINUTE, now + MINUTE]
    outside = [before - 61 * SECOND, now + 61 * SECOND, now + HOUR, before - 3 * HOUR]
    kinds: list[list[datetime]] = [[between]] * 8 + [edges, outside]
    return random.choice(random.choice(kinds))


def cut_links(random: Random, devices: list[Device], before: datetime, now: datetime) -> None:
    """Let a power cut or a repair pass over a fleet, or over all of them."""
    fleet = random.choice([*FLEETS, None])
    is_up = random.random() < 0.5
    for device in devices:
        if fleet in {None, device.fleet} and random.random() < 0.85:
            set_cloudlink(device, is_up, moment(random, before, now))
            if random.random() < 0.7:
                set_heartbeat(device, "online" if is_up else "offline", moment(random, before, now))
