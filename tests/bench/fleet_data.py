"""Records for benchmarks, made anew from a seed: nothing of a real fleet. Every rule occurs."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Record = dict[str, Any]

_HEARTBEATS = ["online"] * 8 + ["timeout", "offline", "unknown"]
_UPDATES = ["done"] * 8 + ["downloading", "downloaded", "applying changes", "rejected"]
_SUPERVISORS = ["16.7.4", "16.12.0", "17.0.1", "14.13.8"]
_TOO_OLD = "14.13.8"  # to report an update status
_NO_CLOUDLINK = {"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "false"}
_SLOW_POLL = {"name": "RESIN_SUPERVISOR_POLL_INTERVAL", "value": "3600000"}
_GPU_MEMORY = {"name": "RESIN_HOST_CONFIG_gpu_mem", "value": "16"}
_NO_CLOUDLINK_OLD = {"name": "RESIN_SUPERVISOR_VPN_CONTROL", "value": "false"}
_CLOUDLINK = {"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "true"}
_FLEET_VARIABLES = {
    3: [_SLOW_POLL],
    5: [_NO_CLOUDLINK_OLD],
    7: [_GPU_MEMORY, _NO_CLOUDLINK],
}


def selected_records(n_records: int, *, seed: int = 1) -> Iterator[Record]:
    """Make records with the fields that the rules read, as one query selects them."""
    random = Random(seed)
    for i in range(n_records):
        yield _selected_record(random, i)


def full_records(n_records: int, *, seed: int = 1) -> Iterator[Record]:
    """Make records with all fields that the API has."""
    random = Random(seed)
    for i in range(n_records):
        yield _selected_record(random, i) | _other_fields(random, i)


def as_json(records: Iterable[Record]) -> bytes:
    """Write an API response, compact as the API does."""
    return json.dumps({"d": list(records)}, separators=(",", ":")).encode()


def as_lines(records: Iterable[Record]) -> bytes:
    """Write one record a line."""
    return b"".join(
        json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records
    )


def _time(random: Random) -> str:
    day, second = random.randrange(1, 29), random.randrange(86_400)
    hour, rest = divmod(second, 3600)
    return f"2026-10-{day:02}T{hour:02}:{rest // 60:02}:{rest % 60:02}.{random.randrange(1000):03}Z"


def _selected_record(random: Random, i: int) -> Record:
    record = _running_record(random, i)
    chance = random.random()
    if chance < 0.01:
        record |= {
            "is_connected_to_vpn": False,
            "api_heartbeat_state": "unknown",
            "last_connectivity_event": None,
        }
    elif chance < 0.015:
        record |= {"provisioning_state": "Post-Provisioning"}
    elif chance < 0.025:
        record |= {"provisioning_state": "Rebooting", "provisioning_progress": 80}
    return record


def _running_record(random: Random, i: int) -> Record:
    downloads = random.random() < 0.05
    supervisor = random.choice(_SUPERVISORS)
    reports = supervisor != _TOO_OLD
    return {
        "id": i,
        "uuid": f"{random.getrandbits(128):032x}",
        "device_name": f"device-{i:06}",
        "is_active": random.random() < 0.98,
        "is_frozen": random.random() < 0.01,
        "is_connected_to_vpn": random.random() < 0.85,
        "api_heartbeat_state": random.choice(_HEARTBEATS),
        "last_connectivity_event": _time(random),
        "changed_api_heartbeat_state_on__date": _time(random),
        "provisioning_state": None,
        "provisioning_progress": None,
        "download_progress": random.randrange(100) if downloads and random.random() < 0.5 else None,
        "status": "Downloading" if downloads else "Idle",
        "image_install": [_install(random, i, downloads=downloads)],
        "device_config_variable": _device_variables(random),
        "belongs_to__application": [_fleet(i % 12)],
        "update_status": random.choice(_UPDATES) if reports else None,
        "last_update_status_event": _time(random) if reports else None,
        "supervisor_version": supervisor,
    }


def _install(random: Random, i: int, *, downloads: bool) -> Record:
    return {
        "status": "Downloading" if downloads else "Running",
        "download_progress": random.randrange(100) if downloads else None,
        "is_provided_by__release": {"__id": 2_000_000 + i % 40},
    }


def _device_variables(random: Random) -> list[Record]:
    chance = random.random()
    if chance < 0.02:
        return [_GPU_MEMORY, _NO_CLOUDLINK]
    if chance < 0.03:
        return [_CLOUDLINK, _NO_CLOUDLINK_OLD]
    return [_SLOW_POLL] if chance < 0.05 else []


def _fleet(number: int) -> Record:
    return {
        "id": number,
        "slug": f"acme/fleet-{number}",
        "application_config_variable": _FLEET_VARIABLES.get(number, []),
    }


def _other_fields(random: Random, i: int) -> Record:
    address = f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
    return {
        "os_version": "balenaOS 6.1.2",
        "os_variant": "prod",
        "ip_address": address,
        "mac_address": f"{random.getrandbits(48):012X}",
        "public_address": address,
        "latitude": str(random.random() * 90),
        "longitude": str(random.random() * 180),
        "custom_latitude": "",
        "custom_longitude": "",
        "location": "Berlin, Land Berlin, Germany",
        "note": "commissioned by the field team",
        "created_at": _time(random),
        "modified_at": _time(random),
        "last_vpn_event": _time(random),
        "cpu_usage": random.randrange(100),
        "cpu_temp": random.randrange(80),
        "cpu_id": f"{random.getrandbits(64):016x}",
        "memory_usage": random.randrange(2000),
        "memory_total": 3900,
        "storage_block_device": "/dev/mmcblk0p6",
        "storage_usage": random.randrange(20_000),
        "storage_total": 29_000,
        "is_undervolted": False,
        "is_web_accessible": False,
        "is_locked_until__date": None,
        "is_accessible_by_support_until__date": None,
        "local_id": None,
        "logs_channel": None,
        "vpn_address": None,
        "overall_progress": None,
        "is_of__device_type": {"__id": 57, "slug": "raspberrypi4-64"},
        "is_managed_by__device": None,
        "is_running__release": {"__id": 2_000_000 + i % 40, "raw_version": "1.4.2+rev3"},
        "device_tag": [{"tag_key": "site", "value": f"hall {i % 30}"}],
    }
