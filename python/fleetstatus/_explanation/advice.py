"""Advice on a device that depends on several facts: first steps, hints and causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._catalog import BEFORE_LINKS
from fleetstatus._coerce import from_ms
from fleetstatus.enums import Attention, Reason, UpdateStatus

if TYPE_CHECKING:
    from fleetstatus._device import DeviceStatus

NOT_MANAGED = frozenset(reason for reason in Reason if reason in BEFORE_LINKS)
UPDATE_CLASSES = frozenset({Attention.UPDATE_FAILED, Attention.UPDATE_STUCK})
FAILED = frozenset({UpdateStatus.REJECTED, UpdateStatus.ABORTED})
_DOWNLOADS = {Reason.DOWNLOADING_RELEASE, Reason.DOWNLOADING_SERVICE}
_LONGEST_MS = dict(zip(UpdateStatus, _core.update_thresholds_ms(), strict=True))
_STALE_AFTER = timedelta(hours=24)
TEXTS = _core.further_texts()
"""What to say where other facts than the reason or the class decide, by the engine's names."""

# By whether the device can report an update status.
_WAIT = {"no": TEXTS["wait-unsupported"], "unknown": TEXTS["wait-unknown"]}


@dataclass(frozen=True)
class Advice:
    """What is the matter with a device, what to do first, and what else its record shows."""

    message: str
    first_step: str | None
    update_hint: str | None
    causes: tuple[str, ...]


def advice_on(core: _core.StatusTable, row: int, device: DeviceStatus) -> Advice:
    """Advise on a row of a table; `device` is that row."""
    signs = core.signs(row)
    hint = _update_hint(device, flickers=signs["supervisor_flickers"])
    return Advice(
        message=_message(device),
        first_step=_first_step(device, os_update_failed=signs["os_update_failed"]),
        update_hint=hint,
        causes=_causes(core, device, signs, lasts=_lasts(device)),
    )


def _message(device: DeviceStatus) -> str:
    """Message of the class if the device needs attention, else of the reason."""
    if device.attention is not None:
        return device.attention.message
    return device.reason.message if device.reason else TEXTS["nothing-read"]


def _first_step(device: DeviceStatus, *, os_update_failed: bool) -> str | None:
    """Step of the class if the device needs attention, else of the reason.

    Classes of links follow the reason of docs-2024-11, whatever the scheme; its step says more.
    """
    if device.attention is Attention.UPDATE_FAILED:
        only_os = os_update_failed and device.update_status not in FAILED
        return TEXTS["os-update-log"] if only_os else device.attention.first_step
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
        return Reason.CLOUDLINK_ONLY.first_step if device.cloudlink else TEXTS["wait-for-heartbeat"]
    if device.reason is Reason.OS_CONFIGURATION and os_update_failed:
        return TEXTS["os-update-log"]
    if device.reason in _DOWNLOADS and device.update_status is None:
        return _WAIT.get(device.update_status_support or "unknown", device.reason.first_step)
    return device.reason.first_step


def _lasts(device: DeviceStatus) -> bool:
    """Whether an update has lasted at least as long as what counts as stuck."""
    if device.attention is Attention.UPDATE_STUCK:
        return True
    longest_ms = _LONGEST_MS[device.update_status] if device.update_status else None
    if longest_ms is None or device.update_status_duration is None:
        return False
    return device.update_status_duration >= timedelta(milliseconds=longest_ms)


def _update_hint(device: DeviceStatus, *, flickers: bool) -> str | None:
    """Say what the update status means: at once if it failed, else once it has lasted."""
    if device.update_status in FAILED:
        return device.update_status.hint
    if device.update_status is None or not _lasts(device):
        return None
    return " ".join(
        filter(None, (device.update_status.hint, TEXTS["flickers"] if flickers else None))
    )


def _causes(
    core: _core.StatusTable, device: DeviceStatus, signs: dict[str, bool], *, lasts: bool
) -> tuple[str, ...]:
    causes = {
        TEXTS["polls-too-seldom"]: signs["polls_too_seldom"],
        TEXTS["no-heartbeats"]: core.no_heartbeats and device.heartbeat_state == "unknown",
        TEXTS["stale-cloudlink"]: _may_be_stale(device, from_ms(core.now_ms)),
        TEXTS["flickers"]: signs["supervisor_flickers"] and lasts,
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
