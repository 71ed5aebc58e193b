"""A slow, obvious restatement of what the statuses mean, written from the rules alone.

``answers`` is what a table must hold for one device record, ``kept_answers`` the same for a
record that may be bad, ``missing_fields`` what must be asked for again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from oracle_columns import (
    DEFAULT_POLL_INTERVAL_MS,
    Answers,
    columns_of,
    the_only,
    uncertain_capabilities,
)
from oracle_completions import completions
from oracle_fields import ALIASES, DEVICE_READERS, is_device_record, read_record
from oracle_members import members_of, written_members
from oracle_rules import NEVER, RULES, cloudlink
from oracle_values import BadRecord, UnreadableError, to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from oracle_fields import Device

__all__ = [
    "COLUMNS",
    "RULES",
    "SCHEMES",
    "Answers",
    "BadRecord",
    "answers",
    "is_device_record",
    "kept_answers",
    "missing_fields",
    "newest_event",
    "uncertain",
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
    "release",
    "on_target",
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
    ("last_connectivity_event", "last_seen_time"),
    ("provisioning_state",),
    ("provisioning_progress",),
    ("status",),
    ("download_progress",),
    ("image_install", "current_services", "current_services_by_app"),
)
NEEDED_2020: tuple[tuple[str, ...], ...] = (
    ("is_online",),
    ("is_active",),
    ("last_connectivity_event", "last_seen_time"),
    ("provisioning_state",),
    ("provisioning_progress",),
    ("status",),
    ("download_progress",),
    ("current_services", "current_services_by_app"),
)


def answers(
    record: Mapping[str, object],
    *,
    scheme: str,
    now: datetime,
    allow_missing: Iterable[str] = (),
    default_poll_interval_ms: int = DEFAULT_POLL_INTERVAL_MS,
    assume_utc: bool = False,
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
    default_poll_interval_ms
        The server's default poll interval.
    assume_utc
        Whether times without a zone are in UTC; else they cannot be read.

    Returns
    -------
    One value for each of ``COLUMNS``: times as aware datetimes in UTC, ``capabilities`` as an int.

    Raises
    ------
    BadRecord
        If the record cannot be read; it names the first such field in the order written.
    """
    device, bad = read_record(record, assume_utc=assume_utc)
    bad += missing_links(device, bad, scheme, allow_missing)
    if bad:
        raise bad[0]
    return columns_of(device, scheme, now_in_utc(now), default_poll_interval_ms)


def kept_answers(
    record: object,
    *,
    scheme: str,
    now: datetime,
    allow_missing: Iterable[str] = (),
    default_poll_interval_ms: int = DEFAULT_POLL_INTERVAL_MS,
    assume_utc: bool = False,
) -> Answers:
    """Answer what no value of the unreadable fields could change; null for the rest.

    ``error`` is None or (field, pointer). The other parameters are those of ``answers``.
    """
    try:
        device, bad = read_record(record, assume_utc=assume_utc)
    except BadRecord as error:
        return unreadable_row(error)
    bad += missing_links(device, bad, scheme, allow_missing)
    if not bad:
        return columns_of(device, scheme, now_in_utc(now), default_poll_interval_ms)
    completed = [
        columns_of(completion, scheme, now_in_utc(now), default_poll_interval_ms)
        for completion in completions(device, [error.field for error in bad])
    ]
    kept: Answers = {name: the_only(row[name] for row in completed) for name in COLUMNS}
    if kept["status_since"] is None:  # that several times would all give 0 seconds is no answer
        kept["status_duration_s"] = None
    return kept | error_columns(bad[0])


def uncertain(record: Mapping[str, object]) -> int:
    """Tell what may work on a device whose record can be read and has its links."""
    return uncertain_capabilities(read_record(record)[0])


def newest_event(records: Iterable[Mapping[str, object]]) -> datetime | None:
    """Find the latest of all times in records that can be read; 1970 is none."""
    values = (value for record in records for value in vars(read_record(record)[0]).values())
    return max(
        (time for time in values if isinstance(time, datetime) and time != NEVER), default=None
    )


def missing_fields(records: Iterable[object], scheme: str) -> list[str]:
    """List the needed fields that stand in no record; a field that is there may be null."""
    devices = [record for record in records if is_device_record(record)]
    if not devices:
        return []
    return [
        either_of[0]
        for either_of in (NEEDED_2020 if scheme == "library-2020" else NEEDED)
        if not any(has_field(record, name) for record in devices for name in either_of)
    ]


def has_field(record: Any, name: str) -> bool:
    """Tell whether a record has a field; an old name of it counts if its value can be read."""
    if name in DEVICE_READERS:
        return bool(written_members(record, [name]))
    try:
        members_of(record, "", {name: ALIASES[name][1]})
    except UnreadableError:
        return False
    return bool(written_members(record, [name]))


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


def error_columns(error: BadRecord) -> Answers:
    """Give the two columns that tell of a bad record."""
    return {"attention": "unreadable", "error": (error.field, error.pointer)}


def unreadable_row(error: BadRecord) -> Answers:
    """Give the row of something that is no record at all."""
    return dict.fromkeys(COLUMNS) | error_columns(error)


def now_in_utc(now: datetime) -> datetime:
    """Bring the moment to measure at to UTC milliseconds."""
    return to_milliseconds(now.astimezone(UTC))
