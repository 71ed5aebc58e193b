"""What an audit says, before it is given a form."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import fleetstatus as fs
from fleetstatus.cli.durations import describe
from fleetstatus.cli.text import NOTHING, time_text

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
    scheme: str
    now: datetime
    newest_event: datetime | None
    fields_missing: Mapping[str, str]
    n_duplicates: int
    n_unreadable: int
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

    @property
    def age_text(self) -> str:
        """How old the data is."""
        text = f"as of {time_text(self.now)}"
        if self.newest_event is None:
            return f"{text}, no event in the data"
        age = self.now - self.newest_event
        order = "before" if age >= timedelta() else "after"
        return f"{text}, newest event {describe(abs(age))} {order}"

    @property
    def remarks(self) -> list[str]:
        """What a reader must know before trusting the numbers."""
        remarks = [
            f"{field} not in the data: {hides}" for field, hides in self.fields_missing.items()
        ]
        if self.n_duplicates:
            remarks.append(
                f"{_records(self.n_duplicates)} with a uuid that stands more than once: "
                "these devices are counted more than once"
            )
        if self.n_unreadable:
            remarks.append(f"{_records(self.n_unreadable)} not readable in full")
        return remarks


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
        scheme=str(table.scheme),
        now=table.now,
        newest_event=table.newest_event,
        fields_missing=table.fields_missing,
        n_duplicates=len(table.duplicates()),
        n_unreadable=classes[fs.Attention.UNREADABLE],
        by=", ".join(by),
        total=_total(table),
        groups=_groups(table.summary(by=list(by)).to_dicts(), by),
        classes=classes,
        findings=[finding(attention[i], table.now) for i in range(len(attention))[:limit]],
    )


def device_name(device: fs.DeviceStatus) -> str:
    """Name a device by the best name that it has."""
    names = (device.device_name, device.uuid, device.id)
    return next((str(name) for name in names if name not in {None, ""}), "(unnamed)")


def finding(device: fs.DeviceStatus, now: datetime) -> Finding:
    """Tell what is the matter with a device that needs attention."""
    attention = fs.Attention(device.attention)
    is_update = attention in _UPDATE_CLASSES
    since = device.update_status_since if is_update else device.status_since
    return Finding(
        attention=attention,
        device=device_name(device),
        uuid=device.uuid,
        fleet=device.fleet or NOTHING,
        status=device.status or NOTHING,
        update_status=device.update_status or NOTHING,
        since=since,
        duration=NOTHING if since is None else describe(now - since),
        advice=_advice(device, attention),
    )


def _advice(device: fs.DeviceStatus, attention: fs.Attention) -> Advice:
    if attention == fs.Attention.UNREADABLE:
        return Advice("error", device.error or "", None)
    if attention in _UPDATE_CLASSES:
        update_status = fs.UpdateStatus(device.update_status)
        return Advice(str(update_status), update_status.hint or "", None)
    reason = fs.Reason(device.reason)
    return Advice(str(reason), reason.message, reason.first_step)


def _records(number: int) -> str:
    return f"{number:,} record" if number == 1 else f"{number:,} records"


def _total(table: fs.StatusTable) -> Group:
    counts = _counts(table.summary().to_dicts())
    without = len(table) - sum(counts.values())
    return Group("all devices", counts | ({NO_STATUS: without} if without else {}))


def _groups(rows: Iterable[Mapping[str, Any]], by: tuple[str, ...]) -> list[Group]:
    rows_of: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        rows_of.setdefault(tuple(row[column] for column in by), []).append(row)
    return [
        Group(", ".join("(none)" if part is None else str(part) for part in key), _counts(listed))
        for key, listed in rows_of.items()
    ]


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        label = row["label"] or NO_STATUS
        counts[label] = counts.get(label, 0) + row["devices"]
    return {label: devices for label, devices in counts.items() if devices or label != NO_STATUS}
