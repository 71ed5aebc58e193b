"""What is the matter with devices that need a person, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleetstatus._explanation.advice import FAILED, TEXTS, UPDATE_CLASSES, advice_on
from fleetstatus._words.text import best_name
from fleetstatus.enums import Attention, Reason

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from fleetstatus._device import DeviceStatus
    from fleetstatus._report.devices import Devices

OS_UPDATE = "OS update"

# Classes that follow one reason, so that all their devices have the same advice.
FOLLOWED_REASONS = {
    Attention.DISCONNECTED: Reason.NO_LINK,
    Attention.NEVER_CONNECTED: Reason.NEVER_CONNECTED,
    Attention.FROZEN: Reason.FROZEN,
}


@dataclass(frozen=True)
class Advice:
    """What is the matter with devices, and what to do first."""

    key: str
    message: str
    first_step: str | None


@dataclass(frozen=True)
class Finding:
    """One device, with why it needs a person.

    Attributes
    ----------
    why
        The update status, the text of the failed OS update, the error, else the reason.
    since, duration
        Since when, and for how long; of the update where that is the matter, else of the status.
    """

    attention: Attention
    name: str
    uuid: str | None
    fleet: str | None
    status: str | None
    update_status: str | None
    why: str
    since: datetime | None
    duration: timedelta | None
    advice: Advice


def finding(table: Devices, row: int) -> Finding:
    """Say what is the matter with one row of `StatusTable.attention`."""
    device = table[row]
    attention = Attention(device.attention or "")
    advice = _advice(table, row, device, attention)
    since, duration = _since(device, attention, advice)
    return Finding(
        attention=attention,
        name=best_name(device.device_name, device.uuid, device.id),
        uuid=device.uuid,
        fleet=device.fleet,
        status=device.status,
        update_status=device.update_status,
        why=_why(table, row, device, advice),
        since=since,
        duration=duration,
        advice=advice,
    )


def advice_for(rows: Devices) -> tuple[str, str | None, list[Advice]]:
    """Say what is the matter with rows of one attention class.

    Returns
    -------
    What is the matter with all of them, what to do first, and what else is to be said of some.
    """
    attention = Attention(rows["attention"][0])
    if attention is Attention.UNREADABLE:
        return attention.message, attention.first_step, []
    advices = _advices_of(rows)
    if attention not in FOLLOWED_REASONS:
        return attention.message, attention.first_step, advices
    # The class follows one reason, which says the same, with more or fewer words.
    steps = (attention.first_step, advices[0].first_step)
    return attention.message, max(steps, key=lambda step: len(step or "")), []


def _advices_of(rows: Devices) -> list[Advice]:
    columns = (rows["update_status"].to_list(), rows["cloudlink"].to_list())
    first_rows: dict[tuple[str | None, bool | None], int] = {}
    for row, kind in enumerate(zip(*columns, strict=True)):
        first_rows.setdefault(kind, row)
    return list(dict.fromkeys(finding(rows, row).advice for row in first_rows.values()))


def _advice(table: Devices, row: int, device: DeviceStatus, attention: Attention) -> Advice:
    """Explain the class, which is the same under all schemes, while the reason may differ."""
    if attention is Attention.UNREADABLE:
        return Advice("error", attention.message, attention.first_step)
    advice = advice_on(table._core, row, device)
    if attention is Attention.UPDATE_FAILED and device.update_status not in FAILED:
        return Advice(OS_UPDATE, TEXTS["os-update-failed"], advice.first_step)
    if attention in UPDATE_CLASSES and device.update_status is not None:
        return Advice(device.update_status, advice.update_hint or "", None)
    if attention is Attention.REDUCED:
        reason = Reason.CLOUDLINK_ONLY if device.cloudlink else Reason.HEARTBEAT_ONLY
    else:
        reason = FOLLOWED_REASONS[attention]
    return Advice(reason, reason.message, reason.first_step)


def _since(
    device: DeviceStatus, attention: Attention, advice: Advice
) -> tuple[datetime | None, timedelta | None]:
    """When the matter began; no event says when an OS update failed or a field became bad."""
    if advice.key == OS_UPDATE or attention is Attention.UNREADABLE:
        return None, None
    if attention in UPDATE_CLASSES:
        return device.update_status_since, device.update_status_duration
    return device.status_since, device.status_duration


def _why(table: Devices, row: int, device: DeviceStatus, advice: Advice) -> str:
    if device.attention is Attention.UNREADABLE:
        return device.error or ""
    if advice.key == OS_UPDATE:
        return str(table._core.provisioning_state(row))
    return advice.key
