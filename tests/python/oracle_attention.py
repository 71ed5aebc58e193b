"""Section 7: which class of attention a device is in, and since when it must have been so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from oracle_rules import known_time, links_since, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oracle_fields import Device

CLASSES = (
    *("unreadable", "disconnected", "update-failed", "reduced"),
    *("update-stuck", "never-connected", "frozen"),
)
STUCK_AFTER = {
    "downloading": timedelta(hours=2),
    "downloaded": timedelta(hours=24),
    "applying changes": timedelta(minutes=30),
}
REDUCED_AFTER = timedelta(minutes=5)
NEVER_CONNECTED_AFTER = timedelta(hours=24)


def attention(device: Device, now: datetime) -> str | None:
    """Find the first class that matches, under the rules of the newest docs."""
    reason = reason_of(device, "docs-2024-11")
    if reason in {"frozen", "inactive", "post-provisioning"}:
        return "frozen" if reason == "frozen" else None
    if reason == "no-link":
        return "disconnected"
    if device.update_status in {"rejected", "aborted"} or has_os_update_failed(device):
        return "update-failed"
    if reason in {"cloudlink-only", "heartbeat-only"} and not is_younger(
        links_since(device), REDUCED_AFTER, now
    ):
        return "reduced"
    if is_update_stuck(device, now):
        return "update-stuck"
    created = known_time(device.created_at)
    is_old = created is not None and not is_younger(created, NEVER_CONNECTED_AFTER, now)
    return "never-connected" if reason == "never-connected" and is_old else None


def has_os_update_failed(device: Device) -> bool:
    """Tell whether the text beside an OS update says so; only ASCII letters have two cases."""
    text = (device.provisioning_state or "").encode().lower()
    return reason_of(device, "docs-2024-11") == "os-configuration" and b"fail" in text


def is_younger(event: datetime | None, threshold: timedelta, now: datetime) -> bool:
    """Tell whether something is known to have happened less than a threshold ago."""
    return event is not None and now - event < threshold


def is_update_stuck(device: Device, now: datetime) -> bool:
    """Tell whether an update has stayed too long in a stage that should pass."""
    event, status = known_time(device.last_update_status_event), device.update_status
    if event is None or status not in STUCK_AFTER:
        return False
    return not is_younger(event, STUCK_AFTER[status], now)


def order_in_list(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give a key to sort rows by: class, then since when, then name; unknown ones last."""
    name, since = row["device_name"], None
    if row["attention"] == "update-stuck" or row["update_status"] in {"Rejected", "Aborted"}:
        since = row["update_status_since"]
    if row["attention"] in {"disconnected", "reduced", "never-connected"}:
        since = row["status_since"]
    if row["attention"] in {"unreadable", "frozen"}:
        since = None
    newest_first = row["attention"] in {"disconnected", "reduced"}
    seconds = 0 if since is None else since.timestamp() * (-1 if newest_first else 1)
    place = CLASSES.index(row["attention"])
    return (place, since is None, seconds, name is None, (name or "").encode())
