"""Slow, obvious reading of one device record: spellings, links, installs and variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

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

Readers = Mapping[str, Callable[[Any, str], Any]]

VARIABLES_READ = frozenset(
    prefix + name
    for prefix in ("BALENA_", "RESIN_")
    for name in ("SUPERVISOR_VPN_CONTROL", "SUPERVISOR_POLL_INTERVAL")
)


@dataclass(frozen=True)
class Install:
    """One image install of a device."""

    id: int | None = None
    status: str | None = None
    download_progress: int | None = None
    is_provided_by__release: int | None = None


@dataclass(frozen=True)
class Fleet:
    """What a device record tells of its fleet."""

    id: int | None = None
    slug: str | None = None
    app_name: str | None = None
    should_be_running__release: int | None = None
    variables: Mapping[str, str] | None = None


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
    current_services: Mapping[str, list[Install]] | None
    device_config_variable: Mapping[str, str] | None
    belongs_to__application: Fleet | None
    is_pinned_on__release: int | None
    should_be_running__release: int | None
    update_status: str | None
    last_update_status_event: datetime | None
    supervisor_version: str | None
    overall_status: str | None


def database_spelling(api_name: str) -> str:
    """Spell an API name as the database does; ``__id`` has one spelling only."""
    if api_name.startswith("__"):
        return api_name
    return api_name.replace("__", "-").replace("_", " ")


@cache
def spellings(api_names: tuple[str, ...]) -> dict[str, str]:
    """Map each accepted spelling to its API name."""
    accepted = {}
    for name in api_names:
        accepted[name] = accepted[database_spelling(name)] = name
        if name == "belongs_to__application":
            accepted["application"] = name
    return accepted


def written_members(
    record: Mapping[str, object], api_names: Iterable[str]
) -> dict[str, tuple[str, object]]:
    """Find the members that count: API name to (key as written, value), in the order written.

    Of two spellings of one field the last wins.
    """
    accepted = spellings(tuple(api_names))
    members: dict[str, tuple[str, object]] = {}
    for key, value in record.items():
        if key in accepted:
            members.pop(accepted[key], None)
            members[accepted[key]] = (key, value)
    return members


def members_of(record: Any, pointer: str, readers: Readers) -> dict[str, Any]:
    """Read the members of an object that ``readers`` lists; None for those absent or null."""
    if not isinstance(record, Mapping):
        raise UnreadableError(pointer)
    values: dict[str, Any] = dict.fromkeys(readers)
    for name, (key, value) in written_members(record, readers).items():
        values[name] = None if is_null(value) else readers[name](value, step(pointer, key))
    return values


def linked_object(value: object, pointer: str) -> tuple[Mapping[str, object], str]:
    """Find the object at the end of a link, and where it stands; empty where there is none."""
    if isinstance(value, list):
        if len(value) > 1:
            raise UnreadableError(pointer)
        if not value:
            return {}, pointer
        value, pointer = value[0], step(pointer, 0)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return {"__id": int64(value, pointer)}, pointer
    if not isinstance(value, Mapping):
        raise UnreadableError(pointer)
    return value, pointer


def id_of(members: Mapping[str, Any]) -> int | None:
    """Take ``__id`` if set, else ``id``."""
    by_link: int | None = members["__id"]
    by_row: int | None = members["id"]
    return by_row if by_link is None else by_link


def link(value: object, pointer: str) -> int | None:
    """Read a link, in any of its forms, down to the id; None if it leads nowhere."""
    linked, pointer = linked_object(value, pointer)
    return id_of(members_of(linked, pointer, {"__id": int64, "id": int64}))


def fleet(value: object, pointer: str) -> Fleet:
    """Read the fleet at the end of a link; all is None where the link leads nowhere."""
    linked, pointer = linked_object(value, pointer)
    members = members_of(linked, pointer, FLEET_READERS)
    return Fleet(
        id=id_of(members),
        slug=members["slug"],
        app_name=members["app_name"],
        should_be_running__release=members["should_be_running__release"],
        variables=members["application_config_variable"],
    )


def installs(value: object, pointer: str) -> list[Install]:
    """Read a list of installs."""
    if not isinstance(value, list):
        raise UnreadableError(pointer)
    return [
        Install(**members_of(install, step(pointer, i), INSTALL_READERS))
        for i, install in enumerate(value)
    ]


def services(value: object, pointer: str) -> dict[str, list[Install]]:
    """Read lists of installs by service; a service that is null has none."""
    if not isinstance(value, Mapping):
        raise UnreadableError(pointer)
    return {
        service: [] if is_null(listed) else installs(listed, step(pointer, service))
        for service, listed in value.items()
    }


def variables(value: object, pointer: str) -> dict[str, str]:
    """Read the variables that matter; of one name the first value that is not null counts."""
    if not isinstance(value, list):
        raise UnreadableError(pointer)
    values: dict[str, str] = {}
    for i, entry in enumerate(value):
        name = members_of(entry, step(pointer, i), {"name": text})["name"]
        if name in VARIABLES_READ:
            found = members_of(entry, step(pointer, i), {"value": text})["value"]
            if found is not None:
                values.setdefault(name, found)
    return values


INSTALL_READERS: Readers = {
    "id": int64,
    "status": text,
    "download_progress": int32,
    "is_provided_by__release": link,
}
FLEET_READERS: Readers = {
    "__id": int64,
    "id": int64,
    "slug": text,
    "app_name": text,
    "should_be_running__release": link,
    "application_config_variable": variables,
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
    "device_config_variable": variables,
    "belongs_to__application": fleet,
    "is_pinned_on__release": link,
    "should_be_running__release": link,
    "update_status": update_status,
    "last_update_status_event": timestamp,
    "supervisor_version": text,
    "overall_status": text,
}


def read_record(record: object) -> tuple[Device, list[BadRecord]]:
    """Read every listed field; what cannot be read is None and named, in the order written."""
    if not isinstance(record, Mapping):
        raise BadRecord(field="", pointer="")
    values: dict[str, Any] = dict.fromkeys(DEVICE_READERS)
    bad = []
    for name, (key, value) in written_members(record, DEVICE_READERS).items():
        try:
            values[name] = members_of({key: value}, "", {name: DEVICE_READERS[name]})[name]
        except UnreadableError as error:
            bad.append(BadRecord(name, error.pointer))
    return Device(**values), bad
