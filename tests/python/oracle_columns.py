"""The answers that no scheme changes (sections 4 to 7), and all answers of one device together."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, TypeVar

from oracle_rules import (
    NO_FLEET,
    cloudlink,
    cloudlink_since,
    detail_of,
    has_cloudlink,
    heartbeat_in,
    installs_of,
    is_cloudlink_expected,
    is_downloading_release,
    is_downloading_service,
    is_frozen,
    is_inactive,
    is_post_provisioning,
    reason_of,
    status_of,
    status_since,
    variable,
)
from oracle_values import HEARTBEAT_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle_fields import Device, Install

T = TypeVar("T")
Answers = dict[str, object]

MIN_POLL_INTERVAL_MS = 600_000
MAX_POLL_INTERVAL_MS = 3650 * 24 * 60 * 60 * 1000
LEADING_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
FIRST_SUPERVISOR_WITH_UPDATE_STATUS = (16, 7, 0)
SEMVER = re.compile(
    r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
STUCK_AFTER = {
    "downloading": timedelta(hours=2),
    "downloaded": timedelta(hours=24),
    "applying changes": timedelta(minutes=30),
}
NEED_CLOUDLINK = 0b0_0000_0000_1111  # SSH, WEB_TERMINAL, PUBLIC_URL, DIAGNOSTICS
NEED_BOTH_LINKS = 0b0_0011_1111_0000  # RESTART, REBOOT, SHUTDOWN, PURGE, BLINK, HOST_OS_UPDATE
NEED_HEARTBEAT = 0b1_1100_0000_0000  # NEW_RELEASE, CONFIGURATION_CHANGE, LOCAL_MODE


def the_only(values: Iterable[T]) -> T | None:
    """Return the value that all share; None if they differ."""
    first, *others = values
    return first if all(other == first for other in others) else None


def with_any_links(device: Device) -> list[Device]:
    """List the device with every value that its missing links could have."""
    flag, state = cloudlink(device), device.api_heartbeat_state
    flags = [True, False] if flag is None else [flag]
    states = list(HEARTBEAT_STATES) if state is None else [state]
    return [
        replace(device, is_connected_to_vpn=flag, api_heartbeat_state=state)
        for flag, state in itertools.product(flags, states)
    ]


def seconds_from(event: datetime | None, now: datetime) -> int | None:
    """Count whole seconds from an event to now, never negative."""
    return None if event is None else max((now - event) // timedelta(seconds=1), 0)


# Section 4


def target_release(device: Device) -> int | None:
    """Find the first target release that is set."""
    fleet = device.belongs_to__application or NO_FLEET
    candidates = (
        device.is_pinned_on__release,
        fleet.should_be_running__release,
        device.should_be_running__release,
    )
    return next((release for release in candidates if release is not None), None)


def counts_for_progress(install: Install, target: int | None) -> bool:
    """Tell whether the mean takes an install in."""
    belongs_to_target = target is not None and install.is_provided_by__release == target
    return install.status != "deleted" and (install.status == "Downloading" or belongs_to_target)


def mean_of_installs(device: Device) -> int:
    """Average the progress of the installs that count, half away from zero."""
    target = target_release(device)
    progresses = [
        100 if install.download_progress is None else install.download_progress
        for install in installs_of(device)
        if counts_for_progress(install, target)
    ]
    mean = Fraction(sum(progresses), len(progresses))
    return floor(mean + Fraction(1, 2)) if mean >= 0 else ceil(mean - Fraction(1, 2))


def progress_with_links(device: Device) -> int | None:
    """Tell the overall progress of a device whose links are known; frozen plays no part."""
    reason = reason_of(device, "api-v7")
    if reason in {"inactive", "no-link"}:
        return None
    if reason in {"post-provisioning", "never-connected"}:
        return device.provisioning_progress
    if is_downloading_release(device):
        return device.download_progress
    if device.provisioning_progress is not None:
        return device.provisioning_progress
    return mean_of_installs(device) if is_downloading_service(device) else None


def progress(device: Device) -> int | None:
    """Tell the overall progress if no missing link could change it."""
    return the_only(progress_with_links(completed) for completed in with_any_links(device))


# Section 5


def update_status_label(device: Device) -> str | None:
    """Spell the update status as people read it."""
    return None if device.update_status is None else device.update_status.title()


def update_status_support(device: Device) -> str:
    """Tell whether the supervisor is new enough to report an update status."""
    version = SEMVER.fullmatch(device.supervisor_version or "")
    if version is None:
        return "unknown"
    numbers = tuple(decimal(version[i]) for i in (1, 2, 3))
    return "yes" if numbers >= FIRST_SUPERVISOR_WITH_UPDATE_STATUS else "no"


# Section 6


def capabilities_with_links(device: Device) -> int:
    """Tell what surely works on a device whose links are known."""
    if is_frozen(device) or is_inactive(device) or is_post_provisioning(device):
        return 0
    has_heartbeat = heartbeat_in(device, "online")
    works = NEED_CLOUDLINK if has_cloudlink(device) else 0
    works |= NEED_HEARTBEAT if has_heartbeat else 0
    works |= NEED_BOTH_LINKS if has_cloudlink(device) and has_heartbeat else 0
    return works


def capabilities(device: Device) -> int | None:
    """Tell what surely works if no missing link could change it."""
    return the_only(capabilities_with_links(completed) for completed in with_any_links(device))


def heartbeat_window_s(device: Device) -> int:
    """Tell how long a silent device keeps its heartbeat, without the grace."""
    names = ("RESIN_SUPERVISOR_POLL_INTERVAL", "BALENA_SUPERVISOR_POLL_INTERVAL")
    value = variable(device, *names)
    poll_interval_ms = MIN_POLL_INTERVAL_MS
    if value is not None:
        number = LEADING_NUMBER.match(value)
        poll_interval_ms = decimal(number[1]) if number else 0
    poll_interval_ms = min(max(poll_interval_ms, MIN_POLL_INTERVAL_MS), MAX_POLL_INTERVAL_MS)
    return ceil(Fraction(3, 2) * poll_interval_ms / 1000)


def decimal(digits: str) -> int:
    """Read digits, of any length: beyond 20 the exact value makes no difference to any rule."""
    magnitude = int(digits.lstrip("+-").lstrip("0")[:20] or "0")
    return -magnitude if digits.startswith("-") else magnitude


# Section 7


def attention(device: Device, now: datetime) -> str | None:
    """Find the first class that matches, under the rules of the newest docs."""
    reason = reason_of(device, "docs-2024-11")
    if reason in {"frozen", "inactive", "post-provisioning"}:
        return "frozen" if reason == "frozen" else None
    if reason == "no-link":
        return "disconnected"
    if device.update_status in {"rejected", "aborted"}:
        return "update-failed"
    if reason in {"cloudlink-only", "heartbeat-only"}:
        return "reduced"
    return "update-stuck" if is_update_stuck(device, now) else None


def is_update_stuck(device: Device, now: datetime) -> bool:
    """Tell whether an update has stayed too long in a stage that should pass."""
    event, status = device.last_update_status_event, device.update_status
    if event is None or status not in STUCK_AFTER:
        return False
    return now - event >= STUCK_AFTER[status]


def fleet_name(device: Device) -> str | None:
    """Name the fleet by slug, else by app_name, else by id."""
    fleet = device.belongs_to__application or NO_FLEET
    named = fleet.slug if fleet.slug is not None else fleet.app_name
    if named is not None:
        return named
    return None if fleet.id is None else str(fleet.id)


def columns_of(device: Device, scheme: str, now: datetime) -> Answers:
    """Give every answer on one device whose fields could all be read."""
    state = device.api_heartbeat_state
    since = status_since(device, scheme)
    return {
        "id": device.id,
        "uuid": device.uuid,
        "device_name": device.device_name,
        "fleet": fleet_name(device),
        "status": status_of(device, scheme),
        "detail": detail_of(device, scheme),
        "reason": reason_of(device, scheme),
        "status_since": since,
        "status_duration_s": seconds_from(since, now),
        "attention": attention(device, now),
        "heartbeat": None if state is None else state == "online",
        "cloudlink": cloudlink(device),
        "cloudlink_expected": is_cloudlink_expected(device),
        "heartbeat_state": state,
        "heartbeat_since": device.changed_api_heartbeat_state_on__date,
        "cloudlink_since": cloudlink_since(device),
        "heartbeat_window_s": heartbeat_window_s(device),
        "capabilities": capabilities(device),
        "progress": progress(device),
        "update_status": update_status_label(device),
        "update_status_since": device.last_update_status_event,
        "update_status_duration_s": seconds_from(device.last_update_status_event, now),
        "update_status_support": update_status_support(device),
        "api_overall_status": device.overall_status,
        "error": None,
    }
