"""A slow, obvious restatement of what the statuses mean, written from the rules alone.

``answers`` is what a table must hold for one device record, ``kept_answers`` the same for a
record that may be bad, ``missing_fields`` what must be asked for again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from oracle_columns import Answers, columns_of, the_only
from oracle_fields import Device, Fleet, Install, read_record, written_members
from oracle_rules import RULES, cloudlink, installs_of
from oracle_values import HEARTBEAT_STATES, UPDATE_STATUSES, BadRecord, to_milliseconds

__all__ = [
    "COLUMNS",
    "RULES",
    "SCHEMES",
    "Answers",
    "BadRecord",
    "answers",
    "kept_answers",
    "missing_fields",
]

SCHEMES = (
    "docs-2024-11",
    "docs-2024-10",
    "docs-2022",
    "docs-2021",
    "api-v7",
    "api-v6",
    "library-2020",
)
COLUMNS = (
    "id",
    "uuid",
    "device_name",
    "fleet",
    "status",
    "detail",
    "reason",
    "status_since",
    "status_duration_s",
    "attention",
    "heartbeat",
    "cloudlink",
    "cloudlink_expected",
    "heartbeat_state",
    "heartbeat_since",
    "cloudlink_since",
    "heartbeat_window_s",
    "capabilities",
    "progress",
    "update_status",
    "update_status_since",
    "update_status_duration_s",
    "update_status_support",
    "api_overall_status",
    "error",
)
NEEDED: tuple[tuple[str, ...], ...] = (
    ("is_connected_to_vpn", "is_online"),
    ("api_heartbeat_state",),
    ("last_connectivity_event",),
    ("provisioning_state",),
    ("provisioning_progress",),
    ("status",),
    ("download_progress",),
    ("image_install", "current_services"),
)
NEEDED_2020: tuple[tuple[str, ...], ...] = (
    ("is_online",),
    ("is_active",),
    ("last_connectivity_event",),
    ("provisioning_state",),
    ("provisioning_progress",),
    ("status",),
    ("download_progress",),
    ("current_services",),
)

FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
ANY_FLAG = [True, False]
ANY_TIME = [None, FIRST_INSTANT, LAST_INSTANT]
ANY_NUMBER = [None, 0, 1]
ANY_TEXT = [None, "some", "other"]
ANY_VARIABLES: list[dict[str, str] | None] = [
    None,
    {"BALENA_SUPERVISOR_VPN_CONTROL": "false", "RESIN_SUPERVISOR_POLL_INTERVAL": "900000"},
    {"BALENA_SUPERVISOR_VPN_CONTROL": "true", "RESIN_SUPERVISOR_POLL_INTERVAL": "1200000"},
]
ANY_INSTALLS = [
    [],
    [Install(status="Downloading", download_progress=0)],
    [Install(status="Downloading", download_progress=1)],
]
NO_INSTALL_HAS_IT = -1
# Fields that decide one answer each, whatever stands in the others.
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
    "device_config_variable": ANY_VARIABLES,
}


def answers(
    record: Mapping[str, object],
    *,
    scheme: str,
    now: datetime,
    allow_missing: Iterable[str] = (),
) -> Answers:
    """Answer every column of the table for one record.

    Parameters
    ----------
    record
        A device record as decoded from JSON.
    scheme
        One of ``SCHEMES``.
    now
        The moment to measure at (aware).
    allow_missing
        Fields that may be absent, or ``"all"``.

    Returns
    -------
    One value for each of ``COLUMNS``: times as aware datetimes in UTC, ``capabilities`` as an int.

    Raises
    ------
    BadRecord
        If the record cannot be read; it names the first such field in the order written.
    """
    device, bad = read_record(record)
    bad += missing_links(device, bad, scheme, allow_missing)
    if bad:
        raise bad[0]
    return columns_of(device, scheme, now_in_utc(now))


def kept_answers(
    record: object, *, scheme: str, now: datetime, allow_missing: Iterable[str] = ()
) -> Answers:
    """Answer what no value of the unreadable fields could change; null for the rest.

    ``error`` is None or (field, pointer). The other parameters are those of ``answers``.
    """
    try:
        device, bad = read_record(record)
    except BadRecord as error:
        return unreadable_row(error)
    bad += missing_links(device, bad, scheme, allow_missing)
    if not bad:
        return columns_of(device, scheme, now_in_utc(now))
    completed = [
        columns_of(completion, scheme, now_in_utc(now))
        for completion in completions(device, [error.field for error in bad])
    ]
    kept: Answers = {name: the_only(row[name] for row in completed) for name in COLUMNS}
    if kept["status_since"] is None:  # that several times would all give 0 seconds is no answer
        kept["status_duration_s"] = None
    return kept | error_columns(bad[0])


def missing_fields(records: Iterable[object], scheme: str) -> list[str]:
    """List the needed fields that stand in no record; a field that is there may be null."""
    objects = [record for record in records if isinstance(record, Mapping)]
    if not objects:
        return []
    return [
        either_of[0]
        for either_of in (NEEDED_2020 if scheme == "library-2020" else NEEDED)
        if not any(written_members(record, either_of) for record in objects)
    ]


def missing_links(
    device: Device, bad: Iterable[BadRecord], scheme: str, allow_missing: Iterable[str]
) -> list[BadRecord]:
    """Name the link fields that a record lacks and that nobody allowed to be missing."""
    if scheme == "library-2020" or allow_missing == "all":
        return []
    excused = {error.field for error in bad} | set(allow_missing)
    missing = []
    if cloudlink(device) is None and not excused & {"is_connected_to_vpn", "is_online"}:
        missing.append(BadRecord("is_connected_to_vpn", "/is_connected_to_vpn"))
    if device.api_heartbeat_state is None and "api_heartbeat_state" not in excused:
        missing.append(BadRecord("api_heartbeat_state", "/api_heartbeat_state"))
    return missing


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
    releases = {install.is_provided_by__release for install in installs_of(device)}
    targets = [None, NO_INSTALL_HAS_IT, *(releases - {None})]
    if name != "belongs_to__application":
        return targets
    return [
        Fleet(slug=slug, should_be_running__release=target, variables=variables)
        for slug in ("some", "other")
        for target in targets
        for variables in ANY_VARIABLES
    ]


def with_values(device: Device, values: Mapping[str, Any]) -> Device:
    """Return the device with some fields replaced."""
    return replace(device, **values)


def error_columns(error: BadRecord) -> Answers:
    """Give the two columns that tell of a bad record."""
    return {"attention": "unreadable", "error": (error.field, error.pointer)}


def unreadable_row(error: BadRecord) -> Answers:
    """Give the row of something that is no record at all."""
    return dict.fromkeys(COLUMNS) | error_columns(error)


def now_in_utc(now: datetime) -> datetime:
    """Bring the moment to measure at to UTC milliseconds."""
    return to_milliseconds(now.astimezone(UTC))
