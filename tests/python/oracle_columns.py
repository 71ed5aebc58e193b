"""The answers that no scheme changes (sections 4 to 6), and all answers of one device together."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, TypeVar

from oracle_attention import attention
from oracle_fields import installs_of
from oracle_links import Release, is_same_release
from oracle_rules import (
    NO_FLEET,
    cloudlink,
    cloudlink_since,
    detail_of,
    has_cloudlink,
    heartbeat_in,
    heartbeat_since,
    is_cloudlink_expected,
    is_downloading_release,
    is_downloading_service,
    is_frozen,
    is_inactive,
    is_post_provisioning,
    known_time,
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

DEFAULT_POLL_INTERVAL_MS = 900_000
MAX_POLL_INTERVAL_MS = 3650 * 24 * 60 * 60 * 1000
LEADING_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
FIRST_SUPERVISOR_WITH_UPDATE_STATUS = (16, 7, 0)
FIRST_SUPERVISOR_THAT_QUEUES_OS_UPDATES = (19, 0, 0)
COMMIT_LETTERS = 7
SEMVER = re.compile(
    r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
NEED_CLOUDLINK = 0b0_0000_0000_1011  # SSH, WEB_TERMINAL, DIAGNOSTICS
PUBLIC_URL = 0b0_0000_0000_0100
NEED_BOTH_LINKS = 0b0_0011_1111_0000  # RESTART, REBOOT, SHUTDOWN, PURGE, BLINK, HOST_OS_UPDATE
HOST_OS_UPDATE = 0b0_0010_0000_0000
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


def target_release(device: Device) -> Release | None:
    """Find the first target release that is set."""
    fleet = device.belongs_to__application or NO_FLEET
    candidates = (
        device.is_pinned_on__release,
        device.should_be_running__release,
        fleet.should_be_running__release,
    )
    return next((release for release in candidates if release is not None), None)


def belongs_to(install: Install, target: Release) -> bool | None:
    """Tell whether an install is one of the target's; None if that cannot be known."""
    if not install.says_release:
        return None
    return False if install.release is None else is_same_release(install.release, target)


def mean_of_installs(device: Device) -> int | None:
    """Average the progress of the installs that count, half away from zero."""
    target = target_release(device)
    counted = []
    for install in installs_of(device):
        belongs: bool | None = install.status == "Downloading"
        if not belongs and target is not None and install.status != "deleted":
            belongs = belongs_to(install, target)
        if belongs is None:
            return None
        if belongs:
            counted.append(install)
    progresses = [100 if i.download_progress is None else i.download_progress for i in counted]
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


def release_name(device: Device) -> str | None:
    """Name the running release by version, else by commit, else by id."""
    running = device.is_running__release
    if running is None:
        return None
    if running.raw_version is not None:
        return running.raw_version
    return str(running.id) if running.commit is None else running.commit[:COMMIT_LETTERS]


def is_on_target(device: Device) -> bool | None:
    """Tell whether the running release is the target; None if they cannot be compared."""
    running, target = device.is_running__release, target_release(device)
    return None if running is None or target is None else is_same_release(running, target)


# Section 5


def update_status_label(device: Device) -> str | None:
    """Spell the update status as people read it."""
    return None if device.update_status is None else device.update_status.title()


def supervisor_numbers(device: Device) -> tuple[int, ...] | None:
    """Take the three numbers of the supervisor's version; a prerelease counts as its release."""
    version = SEMVER.fullmatch(device.supervisor_version or "")
    return None if version is None else tuple(decimal(version[i]) for i in (1, 2, 3))


def update_status_support(device: Device) -> str:
    """Tell whether the supervisor is new enough to report an update status."""
    numbers = supervisor_numbers(device)
    if numbers is None:
        return "unknown"
    return "yes" if numbers >= FIRST_SUPERVISOR_WITH_UPDATE_STATUS else "no"


# Section 6


def is_set_apart(device: Device) -> bool:
    """Tell whether a device is frozen, inactive or post-provisioning."""
    return is_frozen(device) or is_inactive(device) or is_post_provisioning(device)


def capabilities_with_links(device: Device) -> int:
    """Tell what surely works on a device whose links are known."""
    if is_set_apart(device):
        return 0
    has_heartbeat = heartbeat_in(device, "online")
    works = NEED_CLOUDLINK if has_cloudlink(device) else 0
    works |= PUBLIC_URL if has_cloudlink(device) and device.is_web_accessible else 0
    works |= NEED_HEARTBEAT if has_heartbeat else 0
    works |= NEED_BOTH_LINKS if has_cloudlink(device) and has_heartbeat else 0
    return works


def uncertain_capabilities(device: Device) -> int:
    """Tell what may work on a device whose links are known."""
    if is_set_apart(device):
        return 0
    if has_cloudlink(device):
        uncertain = PUBLIC_URL if device.is_web_accessible is None else 0
        return uncertain | (0 if heartbeat_in(device, "online") else NEED_BOTH_LINKS)
    queues = (supervisor_numbers(device) or ()) >= FIRST_SUPERVISOR_THAT_QUEUES_OS_UPDATES
    return HOST_OS_UPDATE if queues and heartbeat_in(device, "online") else 0


def capabilities(device: Device) -> int | None:
    """Tell what surely works if no missing link could change it."""
    return the_only(capabilities_with_links(completed) for completed in with_any_links(device))


def heartbeat_window_s(device: Device, default_poll_interval_ms: int) -> int:
    """Tell how long a silent device keeps its heartbeat, without the grace."""
    value = variable(device, "RESIN_SUPERVISOR_POLL_INTERVAL")
    number = LEADING_NUMBER.match(value or "")
    poll_interval_ms = decimal(number[1]) if number else 0
    poll_interval_ms = min(max(poll_interval_ms, default_poll_interval_ms), MAX_POLL_INTERVAL_MS)
    return ceil(Fraction(3, 2) * poll_interval_ms / 1000)


def decimal(digits: str) -> int:
    """Read digits, of any length: beyond 20 the exact value makes no difference to any rule."""
    magnitude = int(digits.lstrip("+-").lstrip("0")[:20] or "0")
    return -magnitude if digits.startswith("-") else magnitude


def fleet_name(device: Device) -> str | None:
    """Name the fleet by slug, else by app_name, else by id."""
    fleet = device.belongs_to__application or NO_FLEET
    named = fleet.slug if fleet.slug is not None else fleet.app_name
    if named is not None:
        return named
    return None if fleet.id is None else str(fleet.id)


def columns_of(
    device: Device, scheme: str, now: datetime, default_poll_interval_ms: int
) -> Answers:
    """Give every answer on one device whose fields could all be read."""
    state = device.api_heartbeat_state
    since = status_since(device, scheme)
    update_since = known_time(device.last_update_status_event)
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
        "release": release_name(device),
        "on_target": is_on_target(device),
        "attention": attention(device, now),
        "heartbeat": None if state is None else state == "online",
        "cloudlink": cloudlink(device),
        "cloudlink_expected": is_cloudlink_expected(device),
        "heartbeat_state": state,
        "heartbeat_since": heartbeat_since(device),
        "cloudlink_since": cloudlink_since(device),
        "heartbeat_window_s": heartbeat_window_s(device, default_poll_interval_ms),
        "capabilities": capabilities(device),
        "progress": progress(device),
        "update_status": update_status_label(device),
        "update_status_since": update_since,
        "update_status_duration_s": seconds_from(update_since, now),
        "update_status_support": update_status_support(device),
        "api_overall_status": device.overall_status,
        "error": None,
    }
