"""Values that no reader accepts, field by field; none of them is null."""

from __future__ import annotations

from typing import Any

BAD_FLAGS = ["true", "", 2, -1, 0.5, [], {}, [True]]
BAD_NUMBERS = ["5", "", 1.5, True, False, 1e30, [], {}, [5]]
BAD_IDS = [*BAD_NUMBERS, 2**63, -(2**63) - 1, 2.0**63, 10**30]
BAD_PERCENTS = [*BAD_NUMBERS, 2**31, -(2**31) - 1, 2.0**31]
BAD_TEXTS = [5, 1.5, True, [], {}, ["text"], "\ud800", "a\udfffb"]
BAD_TIMESTAMPS = [
    *(1761000000, True, [], {}, "", "infinity", "-infinity", "now", "2026-10-20"),
    *("2026-10-20T08:00:00", "2026-10-20 08:00:00.123456", "2026-10-20T08:00Z"),
    *("2026-10-20T08:00:00.Z", "2026-10-20T08:00:60Z"),
    *("2026-10-20T08:00:00.1234567890Z", "2026-10-20T08:00:00,5Z", "2026-10-20T24:00:00Z"),
    *(
        "2026-02-29T08:00:00Z",
        "2026-13-01T08:00:00Z",
        "2026-00-10T08:00:00Z",
        "2026-10-20T08:60:00Z",
    ),
    *("2026-10-20T08:00:00+24:00", "2026-10-20T08:00:00+05:60", "2026-10-20T08:00:00+5"),
    *(
        "2026-10-20T08:00:00+05:3",
        "2026-10-20T08:00:00 Z",
        "2026-10-20T08:00:00Z ",
        "20261020T080000Z",
    ),
    *(
        " 2026-10-20T08:00:00Z",
        "2026-10-20X08:00:00Z",
        "2026-10-20  08:00:00Z",
        "26-10-20T08:00:00Z",
    ),
    *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "0001-01-01T00:30:00+01:00"),
    *("9999-12-31T23:30:00-01:00", "\uff12026-10-20T08:00:00Z", "2026-10-20T08:00:00Z\0"),
]
BAD_LINKS = [
    *("5", "", True, 1.5, 2**63, 1e30, [{"__id": 1}, {"__id": 2}], {"__id": "5"}, {"id": True}),
    *({"__id": 5, "id": "x"}, [{"__id": 2**63}], {"id": 1, "__id": {}}),
]
BAD_RELEASES = [
    *BAD_LINKS,
    *({"commit": 5}, [{"id": 5, "commit": []}], {"__id": 5, "commit": "\ud800"}),
]
BAD_RUNNING_RELEASES = [
    *(bad for bad in BAD_RELEASES if not isinstance(bad, str)),
    *("a\udfffb", ["1.4.2"], {"id": 5, "raw_version": 5}, [{"raw version": {}}]),
]
BAD_INSTALLS = [
    *({}, "none", 5, True, [5], [[]], ["install"], [{}, {"status": 5}], [{"id": 1.5}]),
    *([{"download_progress": "5"}], [{"download progress": 2**31}], [{"id": 1, "status": {}}]),
    *([{"is_provided_by__release": "1"}], [{"is provided by-release": [{"id": []}]}]),
    *([{"release_id": "7"}], [{}, {"release id": 1.5}], [{"commit": 5}], [{"commit": "\ud800"}]),
    [{"is_provided_by__release": {"__id": 7, "commit": True}}],
]
BAD_SERVICES = [
    *([], "none", 5, {"main": {}}, {"main": [], "a/b": [{"status": 5}]}, {"c~d": [5]}),
    {"main": [{"id": 1}, {"id": 2, "download_progress": 0.5}]},
]
BAD_SERVICES_BY_FLEET = [
    *([], "none", 5, {"main": []}, {"app": []}, {"app": {"main": {}}}, {"app": {}, "other": 5}),
    {"a/b": None, "c~d": {"e/f": [{"id": 1}, {"id": 2, "download_progress": 0.5}]}},
]
BAD_VARIABLES = [
    *(
        {},
        "none",
        5,
        [5],
        [[]],
        [{"name": 5}],
        [{"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": False}],
    ),
    *(
        [
            {"name": "OTHER", "value": 5},
            {"name": "BALENA_SUPERVISOR_POLL_INTERVAL", "value": 600000},
        ],
    ),
]
BAD_FLEETS = [
    *BAD_LINKS,
    *({"__id": 5, "slug": 5}, [{"app_name": {}}], {"id": 5, "should_be_running__release": "7"}),
    {"slug": "acme/weather", "should_be_running__release": {"commit": 7}},
    *({"application_config_variable": bad} for bad in BAD_VARIABLES),
]
BAD_BY_FIELD: dict[str, list[Any]] = {
    "id": BAD_IDS,
    "is_active": BAD_FLAGS,
    "is_frozen": BAD_FLAGS,
    "is_connected_to_vpn": BAD_FLAGS,
    "is_online": BAD_FLAGS,
    "api_heartbeat_state": [*BAD_TEXTS, "", "Online", "on line", "online "],
    "last_connectivity_event": BAD_TIMESTAMPS,
    "last_vpn_event": BAD_TIMESTAMPS,
    "changed_api_heartbeat_state_on__date": BAD_TIMESTAMPS,
    "provisioning_progress": BAD_PERCENTS,
    "download_progress": BAD_PERCENTS,
    "image_install": BAD_INSTALLS,
    "current_services": BAD_SERVICES,
    "current_services_by_app": BAD_SERVICES_BY_FLEET,
    "device_config_variable": BAD_VARIABLES,
    "belongs_to__application": BAD_FLEETS,
    "is_running__release": BAD_RUNNING_RELEASES,
    "is_pinned_on__release": BAD_RELEASES,
    "should_be_running__release": BAD_RELEASES,
    "update_status": [*BAD_TEXTS, "", "Done", "applying-changes", "done "],
    "last_update_status_event": BAD_TIMESTAMPS,
    "created_at": BAD_TIMESTAMPS,
    "is_web_accessible": BAD_FLAGS,
} | dict.fromkeys(
    [
        *("uuid", "device_name", "provisioning_state", "status"),
        *("supervisor_version", "overall_status"),
    ],
    BAD_TEXTS,
)
