"""What an unreadable field could have held: enough values to show every answer it can change."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from oracle_fields import Device, Install, installs_of
from oracle_links import Fleet, Release
from oracle_values import HEARTBEAT_STATES, UPDATE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
ANY_FLAG = [True, False]
ANY_TIME = [None, FIRST_INSTANT, LAST_INSTANT]
ANY_NUMBER = [None, 0, 1]
ANY_TEXT = [None, "some", "other"]
ANY_VARIABLES: list[dict[str, str] | None] = [
    None,
    {"BALENA_SUPERVISOR_VPN_CONTROL": "false", "RESIN_SUPERVISOR_POLL_INTERVAL": ""},
    {"BALENA_SUPERVISOR_VPN_CONTROL": "true", "RESIN_SUPERVISOR_POLL_INTERVAL": "9" * 12},
]
ANY_INSTALLS = [
    [],
    [Install(status="Downloading", download_progress=0)],
    [Install(status="Downloading", download_progress=1)],
]
NO_OTHER_HAS_IT = Release(id=-1, commit="no other", raw_version="some")
# Fields that decide one answer each, whatever the others hold.
STANDING_ALONE: dict[str, Sequence[object]] = {
    "id": ANY_NUMBER,
    "uuid": ANY_TEXT,
    "device_name": ANY_TEXT,
    "overall_status": ANY_TEXT,
    "supervisor_version": [None, "16.6.9", "16.7.0"],
    "update_status": [None, *UPDATE_STATUSES],
    "last_update_status_event": ANY_TIME,
}
READ_TOGETHER: dict[str, Sequence[object]] = {
    "is_active": ANY_FLAG,
    "is_frozen": ANY_FLAG,
    "is_connected_to_vpn": ANY_FLAG,
    "is_online": ANY_FLAG,
    "api_heartbeat_state": HEARTBEAT_STATES,
    "last_connectivity_event": ANY_TIME,
    "last_vpn_event": ANY_TIME,
    "changed_api_heartbeat_state_on__date": ANY_TIME,
    "provisioning_state": [*ANY_TEXT, "Post-Provisioning"],
    "provisioning_progress": ANY_NUMBER,
    "download_progress": ANY_NUMBER,
    "status": [None, "Downloading", "Ordered", "Preparing", "Shipped"],
    "image_install": [None, *ANY_INSTALLS],
    "current_services": [None, *({"main": listed} for listed in ANY_INSTALLS)],
    "current_services_by_app": [None, *({"app": {"main": listed}} for listed in ANY_INSTALLS)],
    "device_config_variable": ANY_VARIABLES,
    "is_running__release": [None, NO_OTHER_HAS_IT],
    "created_at": ANY_TIME,
    "is_web_accessible": [None, *ANY_FLAG],
}


def completions(device: Device, unreadable: Sequence[str]) -> Iterator[Device]:
    """Try values for the unreadable fields: all combinations of those that are read together."""
    together = [name for name in unreadable if name not in STANDING_ALONE]
    for values in itertools.product(*(values_to_try(name, device) for name in together)):
        completed = with_values(device, dict(zip(together, values, strict=True)))
        yield completed
    for name in set(unreadable) & set(STANDING_ALONE):
        for value in STANDING_ALONE[name]:
            yield with_values(completed, {name: value})


def values_to_try(name: str, device: Device) -> Sequence[object]:
    """List enough values of a field to show everything that it can change."""
    if name in READ_TOGETHER:
        return READ_TOGETHER[name]
    targets = targets_to_try(device)
    if name != "belongs_to__application":
        return targets
    return [
        Fleet(slug=slug, should_be_running__release=target, variables=variables)
        for target in targets
        for slug, variables in zip(("some", "other", "some"), ANY_VARIABLES, strict=True)
    ]


def targets_to_try(device: Device) -> list[Release | None]:
    """List targets that what runs and each install is, is not, or cannot be compared with."""
    others = [device.is_running__release, *(install.release for install in installs_of(device))]
    releases = {replace(other, raw_version=None) for other in others if other} - {Release()}
    known = [NO_OTHER_HAS_IT, *sorted(releases, key=repr)]
    return [
        None,
        *known,
        *(replace(release, commit=None) for release in known if release.id is not None),
        *(replace(release, id=None) for release in known if release.commit is not None),
    ]


def with_values(device: Device, values: Mapping[str, Any]) -> Device:
    """Return the device with some fields replaced."""
    return replace(device, **values)
