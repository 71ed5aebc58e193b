"""What to say of a device that takes more than one fact: first steps, hints and causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus.enums import Attention, Reason, UpdateStatus

if TYPE_CHECKING:
    from fleetstatus._table.device import DeviceStatus
    from fleetstatus._table.table import StatusTable

NOT_MANAGED = frozenset({Reason.FROZEN, Reason.INACTIVE, Reason.POST_PROVISIONING})
_DOWNLOADS = {Reason.DOWNLOADING_RELEASE, Reason.DOWNLOADING_SERVICE}
_FAILED = {UpdateStatus.REJECTED, UpdateStatus.ABORTED}
_THRESHOLDS = {
    UpdateStatus.DOWNLOADING: "downloading",
    UpdateStatus.DOWNLOADED: "downloaded",
    UpdateStatus.APPLYING_CHANGES: "applying",
}
_STALE_AFTER = timedelta(hours=24)

_NOTHING_READ = "A field could not be read."
_WAIT_FOR_HEARTBEAT = "Wait: within seconds the device is back or disconnected."
_OS_UPDATE_LOG = "Read the OS update's log on the device (mnt/data/balenahup), then try again."
_WAIT_WITHOUT_STATUS = {
    "no": (
        "Wait; supervisors before 16.7.0 report no update status, so see in the dashboard when "
        "the download began."
    ),
    "unknown": (
        "Wait; the data holds no update status of this device, so see in the dashboard when the "
        "download began."
    ),
}
_POLLS_TOO_SELDOM = (
    "BALENA_SUPERVISOR_POLL_INTERVAL is longer than the heartbeat window, so the device flaps "
    "between online and offline: set RESIN_SUPERVISOR_POLL_INTERVAL, from which the window is "
    "computed, to the same value."
)
_STALE_CLOUDLINK = (
    "Cloudlink was up before the heartbeat was lost, at least 24 hours ago, and has not changed "
    "since: that it is up may be stale."
)
_FLICKERS = (
    "Supervisors 16.7.0 to 17.6 flicker between done and downloading in their reports, which "
    "restarts the clock: the update may have lasted longer."
)
_NO_HEARTBEATS = (
    "No device of this data has a known heartbeat though cloudlinks are up: this server seems to "
    "keep no heartbeats."
)


@dataclass(frozen=True)
class Advice:
    """What is the matter with a device, what to do first, and what else its record shows."""

    message: str
    first_step: str | None
    update_hint: str | None
    causes: tuple[str, ...]


def advice_on(table: StatusTable, row: int, device: DeviceStatus) -> Advice:
    """Advise on a row of a table; `device` is that row."""
    signs = table._core.signs(row)
    hint = _update_hint(device, flickers=signs["supervisor_flickers"])
    return Advice(
        message=_message(device),
        first_step=_first_step(device, os_update_failed=signs["os_update_failed"]),
        update_hint=hint,
        causes=_causes(table, device, signs, lasts=_lasts(device)),
    )


def _message(device: DeviceStatus) -> str:
    """Message of the class if the device needs attention, else of the reason."""
    if device.attention is not None:
        return device.attention.message
    return device.reason.message if device.reason else _NOTHING_READ


def _first_step(device: DeviceStatus, *, os_update_failed: bool) -> str | None:
    """Step of the class if the device needs attention, else of the reason.

    Classes of links follow the reason of docs-2024-11, whatever the scheme; its step says more.
    """
    if device.attention is Attention.UPDATE_FAILED:
        only_os = os_update_failed and device.update_status not in _FAILED
        return _OS_UPDATE_LOG if only_os else device.attention.first_step
    if device.attention is Attention.DISCONNECTED:
        return Reason.NO_LINK.first_step
    if device.attention is Attention.REDUCED:
        return (Reason.CLOUDLINK_ONLY if device.cloudlink else Reason.HEARTBEAT_ONLY).first_step
    if device.attention is not None:
        return device.attention.first_step
    return _step_of_reason(device, os_update_failed=os_update_failed)


def _step_of_reason(device: DeviceStatus, *, os_update_failed: bool) -> str | None:
    if device.reason is None:
        return None
    if device.reason is Reason.HEARTBEAT_LATE:
        return Reason.CLOUDLINK_ONLY.first_step if device.cloudlink else _WAIT_FOR_HEARTBEAT
    if device.reason is Reason.OS_CONFIGURATION and os_update_failed:
        return _OS_UPDATE_LOG
    if device.reason in _DOWNLOADS and device.update_status is None:
        without = _WAIT_WITHOUT_STATUS.get(device.update_status_support or "unknown")
        return without or device.reason.first_step
    return device.reason.first_step


def _lasts(device: DeviceStatus) -> bool:
    """Whether an update has lasted at least as long as what counts as stuck."""
    if device.attention is Attention.UPDATE_STUCK:
        return True
    name = _THRESHOLDS.get(device.update_status) if device.update_status else None
    if name is None or device.update_status_duration is None:
        return False
    least = timedelta(milliseconds=_core.attention_thresholds_ms()[name])
    return device.update_status_duration >= least


def _update_hint(device: DeviceStatus, *, flickers: bool) -> str | None:
    """Say what the update status means: at once if it failed, else once it has lasted."""
    if device.update_status in _FAILED:
        return device.update_status.hint
    if device.update_status is None or not _lasts(device):
        return None
    return " ".join(filter(None, (device.update_status.hint, _FLICKERS if flickers else None)))


def _causes(
    table: StatusTable, device: DeviceStatus, signs: dict[str, bool], *, lasts: bool
) -> tuple[str, ...]:
    causes = {
        _POLLS_TOO_SELDOM: signs["polls_too_seldom"],
        _NO_HEARTBEATS: table._core.no_heartbeats and device.heartbeat_state == "unknown",
        _STALE_CLOUDLINK: _may_be_stale(device, table.now),
        _FLICKERS: signs["supervisor_flickers"] and lasts,
    }
    return tuple(cause for cause, applies in causes.items() if applies)


def _may_be_stale(device: DeviceStatus, now: datetime) -> bool:
    """Whether cloudlink is up since before the heartbeat was lost, at least a day ago."""
    if device.reason in NOT_MANAGED or not device.cloudlink or device.heartbeat is not False:
        return False
    lost, up = device.heartbeat_since, device.cloudlink_since
    if lost is None or up is None or device.heartbeat_state == "unknown":
        return False
    return up < lost and now - lost >= _STALE_AFTER
