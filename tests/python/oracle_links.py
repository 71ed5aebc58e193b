"""Slow, obvious reading of links: to releases, and to the fleet with its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oracle_members import members_of
from oracle_values import UnreadableError, int64, step, text

if TYPE_CHECKING:
    from oracle_members import Readers

VARIABLES_READ = frozenset(
    prefix + name
    for prefix in ("BALENA_", "RESIN_")
    for name in ("SUPERVISOR_VPN_CONTROL", "SUPERVISOR_POLL_INTERVAL")
)


@dataclass(frozen=True)
class Release:
    """What a link says of a release; empty texts are None."""

    id: int | None = None
    commit: str | None = None
    raw_version: str | None = None


@dataclass(frozen=True)
class Fleet:
    """What a device record says of its fleet."""

    id: int | None = None
    slug: str | None = None
    app_name: str | None = None
    should_be_running__release: Release | None = None
    variables: Mapping[str, str] | None = None

    def says_something(self) -> bool:
        """Tell whether any of its members has a value; an empty list of variables is one."""
        return self != Fleet()


def is_same_release(one: Release, other: Release) -> bool | None:
    """Compare ids, or commits where one has no id; None where neither can be compared."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    if one.commit is not None and other.commit is not None:
        return one.commit == other.commit
    return None


def linked_object(value: object, pointer: str) -> tuple[Mapping[str, object], str]:
    """Find the object that a link leads to, and its pointer; empty where there is none."""
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


def release(value: object, pointer: str) -> Release | None:
    """Read a link to a release, in any of its forms; None if it leads nowhere."""
    return linked_release(value, pointer, RELEASE_READERS)


def running_release(value: object, pointer: str) -> Release | None:
    """Read a link to the running release, or its version as text."""
    if isinstance(value, str):
        version = text(value, pointer)
        return Release(raw_version=version) if version else None
    return linked_release(value, pointer, RUNNING_READERS)


def linked_release(value: object, pointer: str, readers: Readers) -> Release | None:
    """Read those members of a linked release that ``readers`` lists."""
    linked, pointer = linked_object(value, pointer)
    members = members_of(linked, pointer, readers)
    found = Release(id_of(members), members["commit"] or None, members.get("raw_version") or None)
    return None if found == Release() else found


def fleet(value: object, pointer: str) -> Fleet:
    """Read the fleet that a link leads to; all is None where it leads nowhere."""
    linked, pointer = linked_object(value, pointer)
    members = members_of(linked, pointer, FLEET_READERS)
    return Fleet(
        id=id_of(members),
        slug=members["slug"],
        app_name=members["app_name"],
        should_be_running__release=members["should_be_running__release"],
        variables=members["application_config_variable"],
    )


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


RELEASE_READERS: Readers = {"__id": int64, "id": int64, "commit": text}
RUNNING_READERS: Readers = {**RELEASE_READERS, "raw_version": text}
FLEET_READERS: Readers = {
    "__id": int64,
    "id": int64,
    "slug": text,
    "app_name": text,
    "should_be_running__release": release,
    "application_config_variable": variables,
}
