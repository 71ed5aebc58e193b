"""Rows of openBalena's tables, made from a seed, and the same devices as its API returns them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_START = datetime(2026, 10, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BALENA, _RESIN = "BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL"
_NAMES = [
    'say "hi"',
    "it's",
    "back\\slash\\n",
    "two\nlines\r\n",
    "tab\there",
    "Kühlraum 七 \U0001f980",
    "\x7f\u200e\u2028",
    "",
    "\\.",
    "{}",
    "null",
    "=1+1",
    "x'; drop table device; --",
    " blanks ",
]
_INSTALLS = ["Downloading", "Downloading", "Downloaded", "Running", "deleted", "exited"]
_VARIABLES = {
    _BALENA: ["false", "true", "", "False"],
    _RESIN: ["false", "true", "0"],
    "RESIN_SUPERVISOR_POLL_INTERVAL": ["3600000", "900000ms", "often"],
    "BALENA_SUPERVISOR_POLL_INTERVAL": ["86400000"],
    "RESIN_HOST_CONFIG_gpu_mem": ['"16"'],
}
_VERSIONS: list[Row] = [
    {"revision": 0},
    {"revision": 3},
    {"revision": None},
    {"revision": 0, "semver prerelease": "rc.1"},
    {"revision": None, "semver prerelease": "beta", "variant": "prod"},
    {"revision": 2, "semver build": "rev2", "variant": "dev"},
    {"revision": 2, "semver build": "rev21"},
    {"revision": 0, "semver build": 'b"1'},
]
_FLEETS = ["acme/cold-chain", "acme/tide", "northwind/greenhouse", "a/it's; \\x27 %s :b ?", "b/ü"]


def openbalena_tables(n_devices: int, *, seed: int = 1) -> Tables:
    """Make the rows of all tables, by the names of their columns."""
    random = Random(seed)
    fleets: list[Row] = [
        {"id": number, "slug": slug, "app name": slug.partition("/")[2], "uuid": f"{number:032x}"}
        for number, slug in enumerate(_FLEETS, 1)
    ]
    releases = [_release(random, number, fleets) for number in range(1, 61)]
    for fleet in fleets[:-1]:  # the last one has no target
        own = [one["id"] for one in releases if one["belongs to-application"] == fleet["id"]]
        fleet["should be running-release"] = random.choice(own)
    devices = [_device(random, number, fleets, releases) for number in range(1, n_devices + 1)]
    return {
        "application": fleets,
        "release": releases,
        "device": devices,
        "image install": [row for one in devices for row in _installs(random, one, releases)],
        "device config variable": [
            row for one in devices for row in _variables(random, 0.2, device=one["id"])
        ],
        "application config variable": [
            row for one in fleets for row in _variables(random, 0.4, application=one["id"])
        ],
        "device tag": [row for one in devices for row in _tags(random, one)],
    }


def _time(random: Random) -> datetime:
    return _START + timedelta(microseconds=random.randrange(20 * 86_400_000_000))


def _release(random: Random, number: int, fleets: list[Row]) -> Row:
    return {
        "id": number,
        "created at": _time(random),
        "belongs to-application": fleets[number % len(fleets)]["id"],
        "commit": f"{random.getrandbits(160):040x}",
        "semver major": random.randrange(3),
        "semver minor": random.randrange(12),
        "semver patch": number,
        "semver prerelease": "",
        "semver build": "",
        "variant": "",
        "note": random.choice(_NAMES),
        **_VERSIONS[number % len(_VERSIONS)],
    }


def _device(random: Random, number: int, fleets: list[Row], releases: list[Row]) -> Row:
    is_connected = random.random() < 0.6
    downloads = random.random() < 0.2
    target = random.choice(releases)["id"]
    return {
        "id": number,
        "created at": _time(random),
        "api heartbeat state": random.choice(["online", "online", "timeout", "offline", "unknown"]),
        "changed api heartbeat state on-date": random.choice([None, _time(random)]),
        "uuid": f"{random.getrandbits(128):032x}",
        "device name": random.choice([*_NAMES, *[f"sensor-{number:05}"] * len(_NAMES)]),
        "note": random.choice([None, *_NAMES]),
        "belongs to-application": random.choice([None, *[one["id"] for one in fleets] * 3]),
        "is online": is_connected,
        "last connectivity event": random.choice([None, _EPOCH, *[_time(random)] * 8]),
        "is connected to vpn": is_connected,
        "last vpn event": random.choice([None, _time(random)]),
        "cpu temp": random.choice([None, 48]),
        "is running-release": random.choice([None, 999, target, random.choice(releases)["id"]]),
        "download progress": random.choice([None, 0, 40]) if downloads else None,
        "status": "Downloading" if downloads else random.choice(["Idle", None, ""]),
        "os version": random.choice([None, "balenaOS 6.1.2", 'a "b"\\']),
        "supervisor version": random.choice([None, "16.7.4", "17.0.1", "14.13.8", "old"]),
        "provisioning progress": random.choice([*[None] * 9, 0, 80]),
        "provisioning state": random.choice(
            [*[None] * 9, "", "Post-Provisioning", "OS update failed", 'a "b"']
        ),
        "is pinned on-release": random.choice([None, None, target]),
        "update status": random.choice(
            [None, "done", "downloading", "downloaded", "applying changes", "rejected", "aborted"]
        ),
        "last update status event": random.choice([None, *[_time(random)] * 5]),
    }


def _installs(random: Random, device: Row, releases: list[Row]) -> list[Row]:
    wanted = device["is pinned on-release"]
    return [
        {
            "device": device["id"],
            "installs-image": image,
            "download progress": random.choice([None, 0, 33, 100]),
            "status": random.choice(_INSTALLS),
            "is provided by-release": random.choice(
                [wanted or releases[0]["id"], random.choice(releases)["id"]]
            ),
        }
        for image in range(random.choice([0, 1, 2, 4]))
    ]


def _variables(random: Random, chance: float, **owner: int) -> list[Row]:
    return [
        owner | {"name": name, "value": random.choice(values)}
        for name, values in _VARIABLES.items()
        if random.random() < chance
    ]


def _tags(random: Random, device: Row) -> list[Row]:
    return [
        {"device": device["id"], "tag key": key, "value": random.choice(["north", *_NAMES])}
        for key in ("site", 'cold "room"')
        if random.random() < 0.5
    ]


# As the API returns them


def api_records(tables: Tables) -> list[Row]:
    """Give all devices as openBalena's API does, with tags and without what it computes."""
    fleets = {one["id"]: one for one in tables["application"]}
    releases = {one["id"]: one for one in tables["release"]}
    return [_api_record(one, fleets, releases, tables) for one in tables["device"]]


def _api_record(
    device: Row, fleets: dict[int, Row], releases: dict[int, Row], tables: Tables
) -> Row:
    record = {
        api_name(name): api_time(value) if isinstance(value, datetime) else value
        for name, value in device.items()
    }
    fleet = fleets.get(device["belongs to-application"])
    pinned = device["is pinned on-release"]
    target = pinned or (fleet or {}).get("should be running-release")
    return record | {
        "belongs_to__application": [_api_fleet(fleet, releases, tables)] if fleet else [],
        "is_pinned_on__release": linked(pinned, releases),
        "should_be_running__release": linked(target, releases),
        "is_running__release": linked(device["is running-release"], releases),
        "image_install": [
            {
                "id": install["id"],
                "status": install["status"],
                "download_progress": install["download progress"],
                "is_provided_by__release": linked(install["is provided by-release"], releases),
            }
            for install in rows_of(tables, "image install", device)
            if install["status"] != "deleted"
        ],
        "device_config_variable": [
            {"name": row["name"], "value": row["value"]}
            for row in rows_of(tables, "device config variable", device)
        ],
        "device_tag": [
            {"tag_key": row["tag key"], "value": row["value"]}
            for row in rows_of(tables, "device tag", device)
        ],
    }


def _api_fleet(fleet: Row, releases: dict[int, Row], tables: Tables) -> Row:
    return {
        "id": fleet["id"],
        "slug": fleet["slug"],
        "app_name": fleet["app name"],
        "should_be_running__release": linked(fleet.get("should be running-release"), releases),
        "application_config_variable": [
            {"name": row["name"], "value": row["value"]}
            for row in tables["application config variable"]
            if row["application"] == fleet["id"]
        ],
    }


def rows_of(tables: Tables, table: str, device: Row) -> list[Row]:
    """Give the rows of a table that belong to a device, in their order."""
    by_device: dict[int, list[Row]] = _INDEXES.setdefault(id(tables[table]), {})
    if not by_device:
        for number, row in enumerate(tables[table], 1):
            by_device.setdefault(row["device"], []).append({"id": number} | row)
    return by_device.get(device["id"], [])


_INDEXES: dict[int, dict[int, list[Row]]] = {}


def linked(number: int | None, releases: dict[int, Row]) -> list[Row]:
    """Give a release in a list, as the API expands links; an empty one if there is none."""
    release = releases.get(number or 0)
    if release is None:
        return []
    return [
        {
            "id": release["id"],
            "commit": release["commit"],
            "raw_version": raw_version(release),
            "note": release["note"],
        }
    ]


def raw_version(release: Row) -> str:
    """Write the version of a release as the API computes it."""
    core = ".".join(str(release[f"semver {part}"]) for part in ("major", "minor", "patch"))
    before, behind = release["semver prerelease"], release["semver build"]
    revision = release["revision"]
    if revision is None:
        ms = (release["created at"] - _EPOCH) // timedelta(milliseconds=1)
        before = f"{before}.{ms}" if before else str(ms)
    elif revision and f"rev{revision}" not in behind.split("."):
        behind = f"{behind}.rev{revision}" if behind else f"rev{revision}"
    if release["variant"]:
        behind = f"{behind}.{release['variant']}" if behind else release["variant"]
    return core + (f"-{before}" if before else "") + (f"+{behind}" if behind else "")


def api_name(name: str) -> str:
    """Spell a column as the API does."""
    return name.replace("-", "__").replace(" ", "_")


def api_time(time: datetime) -> str:
    """Write a time as the API does, in whole milliseconds."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"
