"""Device records that vary each field that the rules of the API read: at random, and by pairs."""

from __future__ import annotations

import itertools
import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Record = dict[str, Any]

HIGHEST = 2**31 - 1
BALENA, RESIN = "BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL"
UNSET = object()


def variables(*named: tuple[str, object]) -> list[Record]:
    """List configuration variables as the API does."""
    return [{"name": name, "value": value} for name, value in named if value is not UNSET]


def install(status: str | None, progress: int | None, release: object = None) -> Record:
    """Build an image install, whose link is there even if it leads nowhere."""
    link = {"__id": release} if isinstance(release, int) else release
    return {"status": status, "download_progress": progress, "is_provided_by__release": link}


def install_without_link(status: str | None, progress: int | None, **release: object) -> Record:
    """Build an image install as SDKs do, with the id or the commit of its release, or neither."""
    return {"status": status, "download_progress": progress, **release}


COMMIT = "c0ffee1234"
BY_COMMIT, BY_BOTH = {"commit": COMMIT}, {"__id": 7, "commit": COMMIT}
LINKS = [None, {"__id": None}, {"__id": 7}, {"__id": 8}, {"commit": ""}, BY_COMMIT, BY_BOTH]
VARIABLES = [
    *(
        variables((BALENA, balena), (RESIN, resin))
        for balena, resin in itertools.product([UNSET, None, "", "false", "true"], repeat=2)
    ),
    *(variables((BALENA, value)) for value in ("False", "false ", "0")),
    variables((RESIN, "false"), (BALENA, "true")),
    variables(("SUPERVISOR_VPN_CONTROL", "false")),
    None,
]
INSTALL_STATUSES = ["Downloading", "Downloaded", "downloading", "deleted", None]
SINGLE_INSTALLS = [
    [install(status, progress, release)]
    for status in INSTALL_STATUSES
    for progress in (None, 0, 33)
    for release in (None, 7)
]
SEVERAL_INSTALLS = [
    [install("Downloading", 10), install("Downloaded", None, 7), install("Downloaded", 50, 8)],
    [install("Downloading", 10), install("deleted", 50, 7), install(None, 50, 8)],
    [install("Downloading", 10), install("Downloading", None)],
    [install("Downloading", 0), install("Downloading", 1)],  # mean 0.5
    [install("Downloading", 0), install("Downloading", -1)],  # mean -0.5
    [install("Downloading", HIGHEST, 8), install("Downloading", HIGHEST, 7)],
    [install("Downloading", 10), install("Downloaded", 50, BY_BOTH)],
    [install("Downloading", 10), install("Downloaded", 50, BY_COMMIT)],
    [install("Downloading", 10), install("Downloaded", 50, {})],
    [install("Downloading", 10), install_without_link("Downloaded", 50)],
    [install("Downloading", 10), install_without_link("deleted", 50)],
    [install_without_link("Downloading", 10), install("Downloaded", 50, 7)],
    [install("Downloading", 10), install_without_link("Downloaded", 50, release_id=7)],
    [install("Downloading", 10), install_without_link("Downloaded", 50, release_id=8)],
    [install("Downloading", 10), install_without_link("Downloaded", 50, commit=COMMIT)],
    [install("Downloading", 10), install_without_link(None, 50, release_id=8, commit=COMMIT)],
]

# The first value of each is the usual one.
FIELD_VALUES: dict[str, list[Any]] = {
    "is_active": [True, None, False],
    "is_frozen": [None, False, True],
    "is_connected_to_vpn": [True, False, None],
    "is_online": [True, False, None],
    "api_heartbeat_state": ["online", "timeout", "offline", "unknown"],
    "last_connectivity_event": ["2026-10-20T08:00:00Z", "1970-01-01T00:00:00Z", None],
    "provisioning_state": [None, "", "post-provisioning", "Post-Provisioning"],
    "provisioning_progress": [None, 0, 42, 100, -1],
    "status": ["Idle", "Downloading", "downloading", None],
    "download_progress": [None, 0, 50, 100, 101, -1, HIGHEST],
    "image_install": [[], None, *SINGLE_INSTALLS, *SEVERAL_INSTALLS],
    "current_services": [
        None,
        {"main": [], "other": []},
        {
            "main": [install_without_link("Downloaded", 50, release_id=7, commit=COMMIT)],
            "other": [install_without_link("Downloading", 20)],
        },
        {"main": [install_without_link("Downloading", None)], "other": []},
    ],
    "current_services_by_app": [
        None,
        {"acme/weather": {"main": [install_without_link("Downloading", 30)]}},
        {
            "acme/weather": {
                "main": [install_without_link("Downloading", 30, commit=COMMIT)],
            },
            "acme/tide": {"main": [install_without_link("Downloaded", 60, commit=COMMIT)]},
        },
    ],
    "device_config_variable": VARIABLES,
    "fleet.application_config_variable": VARIABLES,
    "fleet.should_be_running__release": LINKS,
    "is_pinned_on__release": LINKS,
    "should_be_running__release": LINKS,
}
USUAL = {name: values[0] for name, values in FIELD_VALUES.items()}
# What differs from the usual around a pair, so that each field decides in one of them.
BASES: list[Record] = [
    {},
    {"is_connected_to_vpn": False},
    {
        "is_connected_to_vpn": False,
        "api_heartbeat_state": "unknown",
        "last_connectivity_event": None,
        "status": "Downloading",
        "download_progress": 50,
    },
    {"api_heartbeat_state": "unknown", "image_install": SEVERAL_INSTALLS[0]},
    {"image_install": None, "current_services": FIELD_VALUES["current_services"][2]},
    {"image_install": None, "current_services_by_app": FIELD_VALUES["current_services_by_app"][2]},
]
RELEASES_OF_INSTALLS: list[Record] = [
    *[{"is_provided_by__release": link} for link in LINKS],
    *[{"is_provided_by__release": {"__id": release}} for release in (7, 7, 7, 8, 8)],
    *({}, {"release_id": 7}, {"commit": COMMIT}, {"release_id": 8, "commit": COMMIT}),
]


def pairwise_records() -> list[Record]:
    """Give every pair of values of every two fields, in several surroundings, each record once."""
    records = (
        record_of(USUAL | base | dict(zip(names, values, strict=True)))
        for base in BASES
        for names in itertools.combinations(FIELD_VALUES, 2)
        for values in itertools.product(*(FIELD_VALUES[name] for name in names))
    )
    return list({json.dumps(record): record for record in records}.values())


def random_records(n_records: int) -> Iterator[Record]:
    """Draw the value of each field by itself: the usual one half the time, else any."""
    random = Random(7)
    for _ in range(n_records):
        values = {
            name: random.choice([USUAL[name], random.choice(values)])
            for name, values in FIELD_VALUES.items()
        }
        yield record_of(values | {"image_install": random_installs(random)})


def random_installs(random: Random) -> list[Record] | None:
    """Draw the installs of a device."""
    if random.randrange(4) == 0:
        return None
    return [
        install_without_link(
            random.choice(["Downloading", *INSTALL_STATUSES]),
            random.choice([None, 0, HIGHEST, *[random.randint(-3, 103)] * 9]),
            **random.choice(RELEASES_OF_INSTALLS),
        )
        for _ in range(random.randrange(5))
    ]


def record_of(values: Mapping[str, Any]) -> Record:
    """Build a record, in which a flag of cloudlink is always set."""
    record = {name: value for name, value in values.items() if not name.startswith("fleet.")}
    if record["is_connected_to_vpn"] is None and record["is_online"] is None:
        record["is_online"] = False
    fleet = {
        name.removeprefix("fleet."): value
        for name, value in values.items()
        if name.startswith("fleet.")
    }
    record["belongs_to__application"] = fleet if any(fleet.values()) else None
    return record
