"""Slow, obvious reading of one device record: its fields, their old names, and its installs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from oracle_links import (
    Fleet,
    Release,
    fleet,
    release,
    running_release,
    variables,
)
from oracle_members import members_of, written_members
from oracle_values import (
    BadRecord,
    UnreadableError,
    boolean,
    heartbeat_state,
    int32,
    int64,
    is_null,
    step,
    text,
    timestamp,
    update_status,
)

if TYPE_CHECKING:
    from datetime import datetime

    from oracle_members import Readers

Services = Mapping[str, "list[Install]"]


@dataclass(frozen=True)
class Install:
    """One image install of a device."""

    id: int | None = None
    status: str | None = None
    download_progress: int | None = None
    release: Release | None = None
    says_release: bool = True  # a link that is there and leads nowhere says that there is none


@dataclass(frozen=True)
class Device:
    """The fields of section 1 under their API names, decoded; None where absent or null."""

    id: int | None
    uuid: str | None
    device_name: str | None
    is_active: bool | None
    is_frozen: bool | None
    is_connected_to_vpn: bool | None
    is_online: bool | None
    api_heartbeat_state: str | None
    last_connectivity_event: datetime | None
    last_vpn_event: datetime | None
    changed_api_heartbeat_state_on__date: datetime | None
    provisioning_state: str | None
    provisioning_progress: int | None
    download_progress: int | None
    status: str | None
    image_install: list[Install] | None
    current_services: Services | None
    current_services_by_app: Mapping[str, Services] | None
    device_config_variable: Mapping[str, str] | None
    belongs_to__application: Fleet | None
    is_running__release: Release | None
    is_pinned_on__release: Release | None
    should_be_running__release: Release | None
    update_status: str | None
    last_update_status_event: datetime | None
    created_at: datetime | None
    is_web_accessible: bool | None
    supervisor_version: str | None
    overall_status: str | None


def services_of(device: Device) -> list[list[Install]]:
    """List the installs of each service; a service is one of its fleet."""
    if device.current_services is not None:
        return list(device.current_services.values())
    by_fleet = (device.current_services_by_app or {}).values()
    return [installs for services in by_fleet for installs in services.values()]


def installs_of(device: Device) -> list[Install]:
    """List all installs; without image_install those of the current services."""
    if device.image_install is not None:
        return device.image_install
    return [install for listed in services_of(device) for install in listed]


def install(value: object, pointer: str) -> Install:
    """Read an install; without a link its release is given by id, by commit, or by both."""
    members = members_of(value, pointer, INSTALL_READERS)
    told = Release(members["release_id"], members["commit"] or None)
    has_link = "is_provided_by__release" in written_members(value, INSTALL_READERS)  # type: ignore[arg-type]
    return Install(
        id=members["id"],
        status=members["status"],
        download_progress=members["download_progress"],
        release=members["is_provided_by__release"] if has_link else told,
        says_release=has_link or told != Release(),
    )


def installs(value: object, pointer: str) -> list[Install]:
    """Read a list of installs."""
    if not isinstance(value, list):
        raise UnreadableError(pointer)
    return [install(listed, step(pointer, i)) for i, listed in enumerate(value)]


def services(value: object, pointer: str) -> dict[str, list[Install]]:
    """Read lists of installs by service; a service that is null has none."""
    if not isinstance(value, Mapping):
        raise UnreadableError(pointer)
    return {
        service: [] if is_null(listed) else installs(listed, step(pointer, service))
        for service, listed in value.items()
    }


def services_by_fleet(value: object, pointer: str) -> dict[str, dict[str, list[Install]]]:
    """Read services by fleet; a fleet that is null has none."""
    if not isinstance(value, Mapping):
        raise UnreadableError(pointer)
    return {
        fleet: {} if is_null(listed) else services(listed, step(pointer, fleet))
        for fleet, listed in value.items()
    }


INSTALL_READERS: Readers = {
    "id": int64,
    "status": text,
    "download_progress": int32,
    "is_provided_by__release": release,
    "release_id": int64,
    "commit": text,
}
DEVICE_READERS: Readers = {
    "id": int64,
    "uuid": text,
    "device_name": text,
    "is_active": boolean,
    "is_frozen": boolean,
    "is_connected_to_vpn": boolean,
    "is_online": boolean,
    "api_heartbeat_state": heartbeat_state,
    "last_connectivity_event": timestamp,
    "last_vpn_event": timestamp,
    "changed_api_heartbeat_state_on__date": timestamp,
    "provisioning_state": text,
    "provisioning_progress": int32,
    "download_progress": int32,
    "status": text,
    "image_install": installs,
    "current_services": services,
    "current_services_by_app": services_by_fleet,
    "device_config_variable": variables,
    "belongs_to__application": fleet,
    "is_running__release": running_release,
    "is_pinned_on__release": release,
    "should_be_running__release": release,
    "update_status": update_status,
    "last_update_status_event": timestamp,
    "created_at": timestamp,
    "is_web_accessible": boolean,
    "supervisor_version": text,
    "overall_status": text,
}
# Old names: the field that each is a name of, and how it is read.
ALIASES: Mapping[str, tuple[str, Any]] = {
    "name": ("device_name", text),
    "last_seen_time": ("last_connectivity_event", timestamp),
    "application": ("belongs_to__application", fleet),
}
SLUG_ALIAS = "fleet"  # text, where the fleet link gives no slug
OF_DEVICES_ALONE = (
    *("is_active", "is_frozen", "is_connected_to_vpn", "is_online", "api_heartbeat_state"),
    *("last_connectivity_event", "last_seen_time", "last_vpn_event"),
    *("changed_api_heartbeat_state_on__date", "provisioning_state", "provisioning_progress"),
    *("device_name", "device_config_variable", "is_running__release", "is_pinned_on__release"),
    *("update_status", "last_update_status_event", "is_web_accessible", "overall_status"),
)
OVERWRITTEN_STATUSES = ("updating", "reduced-functionality")


def is_device_record(record: object) -> bool:
    """Tell whether something is an object with a field that only devices have."""
    return isinstance(record, Mapping) and bool(written_members(record, OF_DEVICES_ALONE))


def with_zones(reader: Any, *, assume_utc: bool) -> Any:
    """Let a reader of times take those without a zone."""
    return partial(timestamp, assume_utc=assume_utc) if reader is timestamp else reader


def read_record(record: object, *, assume_utc: bool = False) -> tuple[Device, list[BadRecord]]:
    """Read every listed field; what cannot be read is None and named, in the order written.

    A status that was written over comes last: the record is read to its end to know it.
    """
    if not isinstance(record, Mapping) or not is_device_record(record):
        raise BadRecord(field="", pointer="")
    values: dict[str, Any] = dict.fromkeys(DEVICE_READERS)
    bad = []
    for name, (key, value) in written_members(record, DEVICE_READERS).items():
        try:
            reader = with_zones(DEVICE_READERS[name], assume_utc=assume_utc)
            values[name] = members_of({key: value}, "", {name: reader})[name]
        except UnreadableError as error:
            bad.append(BadRecord(name, error.pointer))
    unreadable = {error.field for error in bad}
    for name, (field, reader) in ALIASES.items():
        if field not in unreadable and not gives_value(values[field]):
            found = value_of_alias(record, name, with_zones(reader, assume_utc=assume_utc))
            values[field] = values[field] if found is None else found
    slug = value_of_alias(record, SLUG_ALIAS, text)
    if slug is not None and "belongs_to__application" not in unreadable:
        values["belongs_to__application"] = with_slug(values["belongs_to__application"], slug)
    if is_overwritten(values["status"], values["overall_status"]):
        values["status"] = None
        bad.append(BadRecord("status", step("", written_members(record, ["status"])["status"][0])))
    return Device(**values), bad


def gives_value(value: object) -> bool:
    """Tell whether a field says something, so that its old names do not count."""
    return value.says_something() if isinstance(value, Fleet) else value is not None


def with_slug(fleet: Fleet | None, slug: str) -> Fleet:
    """Give a fleet a slug where it has none."""
    fleet = Fleet() if fleet is None else fleet
    return replace(fleet, slug=slug) if fleet.slug is None else fleet


def value_of_alias(record: Mapping[str, object], name: str, reader: Any) -> Any:
    """Read a field under an old name; people name their own columns so, which are skipped."""
    try:
        return members_of(record, "", {name: reader})[name]
    except UnreadableError:
        return None


def is_overwritten(status: str | None, overall_status: str | None) -> bool:
    """Tell whether balena-cli wrote the overall status in place of the status."""
    return status in OVERWRITTEN_STATUSES and status == overall_status
