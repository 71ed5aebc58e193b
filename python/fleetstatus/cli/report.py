"""What an audit says, before it is given a form."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import fleetstatus as fs
from fleetstatus._text import in_words
from fleetstatus.cli.text import NOTHING

NO_STATUS = "no status"
_UPDATE_CLASSES = {fs.Attention.UPDATE_FAILED, fs.Attention.UPDATE_STUCK}


@dataclass(frozen=True)
class Group:
    """Devices by status: of all the data, or of one fleet."""

    name: str
    counts: Mapping[str, int]

    @property
    def devices(self) -> int:
        """Number of devices in the group."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Advice:
    """What is the matter with devices, and what to do first."""

    key: str
    message: str
    first_step: str | None


@dataclass(frozen=True)
class Finding:
    """One device that needs a person."""

    attention: fs.Attention
    device: str
    uuid: str | None
    fleet: str
    status: str
    update_status: str
    since: datetime | None
    duration: str
    advice: Advice


@dataclass(frozen=True)
class Report:
    """Everything that an audit prints."""

    source: str
    table: fs.StatusTable
    by: str
    total: Group
    groups: list[Group]
    classes: Mapping[str, int]
    findings: list[Finding]

    @property
    def n_findings(self) -> int:
        """How many devices need attention, listed or not."""
        return sum(self.classes.values())

    @property
    def n_more(self) -> int:
        """How many findings the limit leaves out."""
        return self.n_findings - len(self.findings)


def report_on(
    table: fs.StatusTable, *, source: str, by: tuple[str, ...], limit: int | None
) -> Report:
    """Draw up the report.

    Parameters
    ----------
    table
        The devices.
    source
        Where they come from, for people.
    by
        Columns to group by.
    limit
        Number of devices that need attention to list; None for all.
    """
    attention = table.attention()
    classes = Counter(attention["attention"].to_list())
    return Report(
        source=source,
        table=table,
        by=", ".join(by),
        total=Group("all devices", _counts(table.summary())),
        groups=_groups(table.summary(by=by), by),
        classes=classes,
        findings=[finding(attention[i]) for i in range(len(attention))[:limit]],
    )


def best_name(device_name: str | None, uuid: str | None, device_id: int | None) -> str:
    """Name a device by the best name that it has."""
    return str(device_name or uuid or device_id or "(unnamed)")


def finding(device: fs.DeviceStatus) -> Finding:
    """Tell what is the matter with a row of `StatusTable.attention`."""
    attention = cast("fs.Attention", device.attention)
    is_update = attention in _UPDATE_CLASSES
    since = device.update_status_since if is_update else device.status_since
    lasted = device.update_status_duration if is_update else device.status_duration
    return Finding(
        attention=attention,
        device=best_name(device.device_name, device.uuid, device.id),
        uuid=device.uuid,
        fleet=device.fleet or NOTHING,
        status=device.status or NOTHING,
        update_status=device.update_status or NOTHING,
        since=since,
        duration=NOTHING if lasted is None else in_words(lasted),
        advice=_advice(device, attention),
    )


def _advice(device: fs.DeviceStatus, attention: fs.Attention) -> Advice:
    """Explain the class, which is the same under all schemes, while the reason may differ."""
    if attention is fs.Attention.UNREADABLE:
        return Advice("error", device.error or "", None)
    if attention in _UPDATE_CLASSES and device.update_status is not None:
        return Advice(device.update_status, device.update_status.hint or "", None)
    if attention is fs.Attention.REDUCED:
        reason = fs.Reason.CLOUDLINK_ONLY if device.cloudlink else fs.Reason.HEARTBEAT_ONLY
    else:
        frozen = attention is fs.Attention.FROZEN
        reason = fs.Reason.FROZEN if frozen else fs.Reason.NO_LINK
    return Advice(reason, reason.message, reason.first_step)


def _groups(rows: Iterable[Mapping[str, Any]], by: tuple[str, ...]) -> list[Group]:
    rows_of: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        rows_of.setdefault(tuple(row[column] for column in by), []).append(row)
    return [
        Group(", ".join("(none)" if part is None else str(part) for part in key), _counts(listed))
        for key, listed in rows_of.items()
    ]


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {
        row["label"] or NO_STATUS: row["devices"]
        for row in rows
        if row["label"] is not None or row["devices"]
    }
