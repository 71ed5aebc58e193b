"""Records for benchmarks, made anew from a seed: nothing of a real fleet."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEARTBEATS = ["online"] * 8 + ["timeout", "offline", "unknown"]
_UPDATES = ["done"] * 8 + ["downloading", "downloaded", "applying changes", "rejected"]


def selected_records(n_records: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make records with the fields that one query selects, about 700 B each."""
    random = Random(seed)
    for i in range(n_records):
        yield _selected_record(random, i)


def full_records(n_records: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make records with all fields that the API has, about 1.8 kB each."""
    random = Random(seed)
    for i in range(n_records):
        yield _selected_record(random, i) | _other_fields(random, i)


def as_json(records: Iterator[dict[str, Any]]) -> bytes:
    """Write an API response, compact as the API does."""
    return json.dumps({"d": list(records)}, separators=(",", ":")).encode()


def _time(random: Random) -> str:
    day, second = random.randrange(1, 29), random.randrange(86_400)
    hour, rest = divmod(second, 3600)
    return f"2026-10-{day:02}T{hour:02}:{rest // 60:02}:{rest % 60:02}.{random.randrange(1000):03}Z"


def _selected_record(random: Random, i: int) -> dict[str, Any]:
    downloading = random.random() < 0.05
    install = {
        "id": i * 3,
        "status": "Downloading" if downloading else "Running",
        "download_progress": random.randrange(100) if downloading else None,
        "is_provided_by__release": {"__id": 2_000_000 + i % 40},
    }
    return {
        "id": i,
        "uuid": f"{random.getrandbits(128):032x}",
        "device_name": f"device-{i:06}",
        "is_active": random.random() < 0.98,
        "is_frozen": random.random() < 0.01,
        "is_connected_to_vpn": random.random() < 0.85,
        "api_heartbeat_state": random.choice(_HEARTBEATS),
        "last_connectivity_event": _time(random),
        "last_vpn_event": _time(random),
        "changed_api_heartbeat_state_on__date": _time(random),
        "provisioning_state": None,
        "provisioning_progress": None,
        "download_progress": random.randrange(100) if downloading else None,
        "status": "Downloading" if downloading else "Idle",
        "image_install": [install],
        "belongs_to__application": [{"id": i % 12, "slug": f"acme/fleet-{i % 12}"}],
        "update_status": random.choice(_UPDATES),
        "last_update_status_event": _time(random),
        "supervisor_version": random.choice(["16.7.4", "16.12.0", "14.13.8"]),
    }


def _other_fields(random: Random, i: int) -> dict[str, Any]:
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
        "note": "commissioned by the field team " * 4,
        "created_at": _time(random),
        "modified_at": _time(random),
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
