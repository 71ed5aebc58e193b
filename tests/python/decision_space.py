"""One device record for every combination of the facts that the rules of a scheme read."""

from __future__ import annotations

import itertools
from random import Random
from typing import TYPE_CHECKING, Any

from record_spelling import Record, respelled

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMIT = "c0ffee1234"
Variables = list[tuple[str, str | None]] | None

MODERN_FACTS: dict[str, tuple[Any, ...]] = {
    "is_frozen": (True, False),
    "is_active": (True, False),
    "is_post_provisioning": (True, False),
    "cloudlink": (True, False, None),
    "was_ever_connected": (True, False),
    "heartbeat_state": ("online", "timeout", "offline", "unknown", None),
    "is_cloudlink_expected": (True, False),
    "is_downloading_release": (True, False),
    "is_configuring_os": (True, False),
    "is_downloading_service": (True, False),
}
LIBRARY_FACTS: dict[str, tuple[Any, ...]] = {
    "is_online": (True, False, None),
    "is_active": (True, False, None),
    "last_connectivity": ("never", "before 2013", "after"),
    "is_post_provisioning": (True, False),
    "status": ("Ordered", "Preparing", "Shipped", "Downloading", "other"),
    "is_configuring_os": (True, False),
    "downloading_install": ("newest", "older", None),
}


def decision_space(scheme: str) -> Iterator[Record]:
    """Yield a record for each combination, varied where it makes no difference to the rules.

    The records of the modern schemes include those with one or both links missing, so they ask
    for ``allow_missing``. The same scheme always yields the same records.
    """
    is_library = scheme == "library-2020"
    facts = LIBRARY_FACTS if is_library else MODERN_FACTS
    build = library_record if is_library else modern_record
    for index, values in enumerate(itertools.product(*facts.values())):
        random = Random(index)
        record = build(dict(zip(facts, values, strict=True)), random)
        yield respelled(without_some_nulls(record, random), random)


def some_decision(random: Random) -> Record:
    """Build a record for one combination, seldom one that the first three rules decide."""
    facts = {name: random.choice(values) for name, values in MODERN_FACTS.items()}
    for name in ("is_frozen", "is_active", "is_post_provisioning"):
        facts[name] = (name == "is_active") != (random.randrange(12) == 0)
    facts["cloudlink"] = random.choice([True, False])
    facts["heartbeat_state"] = random.choice(["online", "online", "timeout", "offline", "unknown"])
    facts["is_configuring_os"] = random.randrange(4) == 0
    return modern_record(facts, random)


def modern_record(facts: Record, random: Random) -> Record:
    """Build a record with these facts."""
    return {
        "id": random.randrange(10**6),
        "is_frozen": True if facts["is_frozen"] else random.choice([False, None, 0]),
        "is_active": random.choice([True, None, 1]) if facts["is_active"] else False,
        **cloudlink_fields(facts["cloudlink"], random),
        "api_heartbeat_state": facts["heartbeat_state"],
        "last_connectivity_event": (some_time(random) if facts["was_ever_connected"] else None),
        **configuration(random, is_cloudlink_expected=facts["is_cloudlink_expected"]),
        **release_download(random, is_downloading=facts["is_downloading_release"]),
        **service_download(random, is_downloading=facts["is_downloading_service"]),
        **common_fields(facts, random),
    }


def library_record(facts: Record, random: Random) -> Record:
    """Build a record with these facts; the fields of later schemes may contradict them."""
    other: list[tuple[str | None, int | None]] = [
        ("Idle", 42),
        ("Downloading", None),
        (None, 0),
        ("downloading", 3),
    ]
    ordinary = [(facts["status"], 0), (facts["status"], 42)]
    status, progress = random.choice(other if facts["status"] == "other" else ordinary)
    last = {"never": None, "before 2013": "2012-12-31T23:59:59.999Z", "after": some_time(random)}
    return {
        "is_online": facts["is_online"],
        "is_connected_to_vpn": random.choice([True, False]),
        "api_heartbeat_state": random.choice(["online", "offline", "unknown", None]),
        "is_active": facts["is_active"],
        "is_frozen": random.choice([True, False, None]),
        "last_connectivity_event": last[facts["last_connectivity"]],
        "status": status,
        "download_progress": progress,
        **services_2020(facts["downloading_install"], random),
        "image_install": random.choice([None, [], [downloading(1, 50)]]),
        **common_fields(facts, random),
    }


def common_fields(facts: Record, random: Random) -> Record:
    """Build the fields that all schemes read alike, and some that none reads."""
    states = [None, "", "Waiting for reboot", "Flashing image", "OS update failed"]
    return {
        "uuid": f"{random.getrandbits(128):032x}",
        "provisioning_state": (
            "Post-Provisioning" if facts["is_post_provisioning"] else random.choice(states)
        ),
        "provisioning_progress": random.choice([0, 7, 100]) if facts["is_configuring_os"] else None,
        "changed_api_heartbeat_state_on__date": random.choice([None, some_time(random)]),
        "last_vpn_event": random.choice([None, some_time(random)]),
        "update_status": random.choice([None, "done", "downloaded", "rejected"]),
        "last_update_status_event": random.choice([None, some_time(random)]),
        "created_at": random.choice([None, some_time(random), "1970-01-01T00:00:00Z"]),
        "is_web_accessible": random.choice([None, True, False]),
        "is_running__release": random.choice([None, 7, {"__id": 8, "raw_version": "1.4.2"}]),
        "public_address": "192.0.2.1",
    }


def some_time(random: Random) -> str:
    """Pick a time since 2013."""
    month, day, hour = random.randint(1, 12), random.randint(1, 28), random.randint(0, 23)
    return f"{random.randint(2013, 2026)}-{month:02}-{day:02}T{hour:02}:30:00.25Z"


def cloudlink_fields(flag: bool | None, random: Random) -> Record:
    """Say in one of several ways whether cloudlink is up."""
    if flag is None:
        return {"is_connected_to_vpn": None, "is_online": None}
    return random.choice(
        [
            {"is_connected_to_vpn": flag},
            {"is_connected_to_vpn": flag, "is_online": not flag},
            {"is_connected_to_vpn": None, "is_online": flag},
            {"is_online": int(flag)},
        ]
    )


def configuration(random: Random, *, is_cloudlink_expected: bool) -> Record:
    """Say in one of several ways whether cloudlink is expected."""
    balena, resin = "BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL"
    expected: list[tuple[Variables, Variables]] = [
        ([], []),
        (None, [(balena, "true")]),
        ([(resin, "true")], [(balena, "false")]),
        ([(balena, ""), (resin, "false")], [(balena, "false")]),
        ([(balena, "False")], []),
    ]
    turned_off: list[tuple[Variables, Variables]] = [
        ([(balena, "false")], []),
        ([(balena, None), (resin, "false")], [(balena, "true")]),
        (None, [(resin, "false")]),
        ([("OTHER", "true")], [(resin, "true"), (balena, "false")]),
    ]
    on_device, on_fleet = random.choice(expected if is_cloudlink_expected else turned_off)
    fleet: Record = {
        "slug": "acme/weather",
        "application_config_variable": listed(on_fleet, some_intervals(random)),
        "should_be_running__release": random.choice([None, 7, {"__id": 8}, {"commit": COMMIT}]),
    }
    link = random.choice([fleet | {"__id": 5}, [fleet | {"id": 5}]])
    links: list[Record] = [
        {"belongs_to__application": link},
        {"belongs_to__application": link, "application": {"slug": "acme/tide"}},
        {"belongs_to__application": None, "application": link, "fleet": "acme/tide"},
    ]
    return {
        "device_config_variable": listed(on_device, some_intervals(random)),
        **random.choice(links),
    }


def some_intervals(random: Random) -> Variables:
    """Set the poll interval, or do not; no rule reads it."""
    names = ["BALENA_SUPERVISOR_POLL_INTERVAL", "RESIN_SUPERVISOR_POLL_INTERVAL"]
    values = ["900000", "1200001", "60000", "900000ms", "", None]
    return [(name, random.choice(values)) for name in names if not random.randrange(4)]


def listed(*variables: Variables) -> list[Record] | None:
    """Write variables as the API does; if the first are null, so is the list."""
    if variables[0] is None:
        return None
    return [{"name": name, "value": value} for some in variables for name, value in some or []]


def release_download(random: Random, *, is_downloading: bool) -> Record:
    """Say whether the device reports a download."""
    no_download = [
        *((None, None), ("Idle", 42), ("Downloading", None), ("downloading", 0)),
        *(("updating", 42), ("reduced-functionality", 42)),  # without the API's own answer
    ]
    download = [("Downloading", 0), ("Downloading", 42), ("Downloading", 100)]
    status, progress = random.choice(download if is_downloading else no_download)
    return {"status": status, "download_progress": progress}


def downloading(install_id: int | None, progress: int | None) -> Record:
    """Build an install that downloads."""
    return {"id": install_id, "status": "Downloading", "download_progress": progress}


def service_download(random: Random, *, is_downloading: bool) -> Record:
    """Say in one of several ways whether an install is on its way."""
    running = {"id": 1, "status": "Running", "download_progress": None}
    no_download = [[], [running], [downloading(2, None)], [running | {"download_progress": 50}]]
    download = [[downloading(1, 0)], [running, downloading(2, 30)], [downloading(0, 99), running]]
    installs = random.choice(download if is_downloading else no_download) + others(random)
    return random.choice(
        [
            {"image_install": installs},
            {"image_install": None, "current_services": {"main": [], "other": installs}},
            {
                "image_install": None,
                "current_services_by_app": {"acme/weather": {"main": installs}},
            },
            {"image_install": installs, "current_services": {"main": [downloading(7, 7)]}},
        ]
    )


def others(random: Random) -> list[Record]:
    """Add installs that are not on their way, but may count for the progress."""
    return [
        {
            "id": 20 + i,
            "status": random.choice(["Running", "Downloaded", "deleted"]),
            "download_progress": random.choice([None, 0, 33, 50, 99]),
            **release_of_install(random),
        }
        for i in range(random.randrange(3))
    ]


def release_of_install(random: Random) -> Record:
    """Say in one of several ways, or not, which release an install belongs to."""
    if random.randrange(4):
        return {"is_provided_by__release": random.choice([None, 7, {"__id": 8}, [{"id": 7}]])}
    return random.choice([{}, {"release_id": 7}, {"commit": COMMIT}])


def services_2020(place: str | None, random: Random) -> Record:
    """Place a download in a service: in its newest install, in an older one, or nowhere."""
    done = {"status": "Running", "download_progress": None}
    newest = [downloading(9, 10), {"id": 3, **done}]
    older = [downloading(2, 10), {"id": 9, **done}]
    nowhere = [[], [{"id": 3, **done}], [downloading(3, None)]]
    chosen = {"newest": newest, "older": older, None: random.choice(nowhere)}[place]
    random.shuffle(chosen)
    if place is None and not random.randrange(5):
        return {"current_services": None}
    services = {"main": [{"id": 1, **done}], "other": chosen}
    if not random.randrange(4):  # a service of one name, of another fleet
        by_fleet = {"acme/tide": {"other": [{"id": 99, **done}]}, "acme/weather": services}
        return {"current_services_by_app": by_fleet}
    return {"current_services": services}


def without_some_nulls(record: Record, random: Random) -> Record:
    """Leave about half of the nulls out."""
    return {k: v for k, v in record.items() if v is not None or random.getrandbits(1)}
