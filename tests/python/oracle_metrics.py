"""What the metrics of devices are, counted in plain loops over the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Key = tuple[str, tuple[tuple[str, str], ...]]
Metrics = dict[Key, float]

_STATUS_SINCE = {"disconnected", "reduced", "never-connected"}
_LABELLED = {"added", "returned", "status", "reason", "update", "flapping", "settled"}
_OTHERS = ["removed", "relinked", "release", "restarted", "refreshed", "moved", "renamed"]
_OUTAGES = ["outage", "outage-over"]


def key(name: str, **labels: str | None) -> Key:
    """Name a sample."""
    return name, tuple(sorted((label, value or "") for label, value in labels.items()))


def last_rows(table: fs.StatusTable) -> list[int]:
    """Find the rows that are devices."""
    uuids = table["uuid"].to_list()
    last = {uuid: row for row, uuid in enumerate(uuids)}
    return [row for row, uuid in enumerate(uuids) if not uuid or last[uuid] == row]


def only(table: fs.StatusTable, rows: Iterable[int]) -> fs.StatusTable:
    """Take rows."""
    chosen = set(rows)
    return table.filter([row in chosen for row in range(len(table))])


def counts_of(table: fs.StatusTable) -> Metrics:
    """Count the devices of each fleet."""
    devices = only(table, last_rows(table))
    rows = devices.to_dicts()
    found: Metrics = {}
    counted: list[tuple[str, str, list[str]]] = [
        ("devices", "status", list(table.scheme.labels)),
        ("attention_devices", "attention", list(fs.Attention)),
        ("update_devices", "update_status", list(fs.UpdateStatus)),
    ]
    for fleet in {row["fleet"] or "" for row in rows}:
        own = [row for row in rows if (row["fleet"] or "") == fleet]
        for name, column, labels in counted:
            for label in labels:
                count = sum(row[column] == label for row in own)
                found[key(f"fleetstatus_{name}", fleet=fleet, **{column: label})] = count
        if unknown := sum(row["status"] is None for row in own):
            found[key("fleetstatus_devices", fleet=fleet, status="")] = unknown
        if any(value is not None for value in table["on_target"].to_list()) or not len(table):
            off = sum(row["on_target"] is False for row in own)
            found[key("fleetstatus_off_target_devices", fleet=fleet)] = off
    unreadable = sum(row["attention"] == "unreadable" for row in rows)
    found[key("fleetstatus_unreadable_devices")] = unreadable
    if any(table["api_overall_status"].to_list()) or not len(table):
        found[key("fleetstatus_disagreeing_devices")] = disagreeing(table, devices)
    found[key("fleetstatus_snapshot_timestamp_seconds")] = seconds(table.now)
    if table.newest_event is not None:
        found[key("fleetstatus_newest_event_timestamp_seconds")] = seconds(table.newest_event)
    return found


def disagreeing(table: fs.StatusTable, devices: fs.StatusTable) -> int:
    """Count the devices of which the API says something else than its rules."""
    answers = table["api_overall_status"].to_list()
    is_old = {"idle", "offline"} & set(answers)
    scheme = list(fs.StatusScheme).index(fs.StatusScheme("api-v6" if is_old else "api-v7"))
    ours = fs.StatusTable(devices._core.in_scheme(scheme))
    pairs = zip(ours["status"].to_list(), devices["api_overall_status"].to_list(), strict=True)
    return sum(None not in pair and pair[0] != pair[1] for pair in pairs)


def listed_in(table: fs.StatusTable, detail: str, limit: int) -> Metrics:
    """List devices one by one."""
    if detail == "none":
        return {}
    devices = only(table, last_rows(table))
    rows = devices.attention().to_dicts()
    if detail == "all":
        rows += [row for row in devices.to_dicts() if row["attention"] is None]
    found: Metrics = {}
    n_listed = 0
    for row in rows:
        labels = {name: row[name] for name in ("fleet", "uuid", "device_name", "attention")}
        one = key("fleetstatus_device_attention", **labels)
        if n_listed == limit or one in found:
            continue
        n_listed += 1
        found[one] = 0 if row["attention"] is None else 1
        since = began(row)
        if since is not None:
            name = "fleetstatus_device_attention_since_timestamp_seconds"
            found[key(name, **labels)] = seconds(since)
    found[key("fleetstatus_devices_omitted")] = len(rows) - n_listed
    return found


def began(row: dict[str, Any]) -> datetime | None:
    """Find out since when a device needs attention."""
    since: datetime | None = None
    if row["attention"] in _STATUS_SINCE:
        since = row["status_since"]
    elif row["attention"] == "update-stuck" or (
        row["attention"] == "update-failed" and row["update_status"] in {"Rejected", "Aborted"}
    ):
        since = row["update_status_since"]
    return since


def told_in(table: fs.StatusTable, changes: Iterable[dict[str, Any]]) -> Metrics:
    """Count changes."""
    fleets = {fleet or "" for fleet in only(table, last_rows(table))["fleet"].to_list()}
    pairs = [(kind, "") for kind in (*_OTHERS, *_OUTAGES)]
    pairs += [("status", label) for label in table.scheme.labels]
    pairs += [("update", str(label)) for label in fs.UpdateStatus]
    name = "fleetstatus_changes_total"
    found = {key(name, fleet=fleet, kind=kind, after=after): 0.0
             for fleet in fleets for kind, after in pairs}  # fmt: skip
    found |= {key(name, fleet="", kind=kind, after=""): 0.0 for kind in _OUTAGES}
    for change in changes:
        after = change["after"] if change["kind"] in _LABELLED else ""
        one = key(name, fleet=change["fleet"], kind=change["kind"], after=after)
        found[one] = found.get(one, 0) + 1
    return found


def seconds(moment: datetime) -> float:
    """Seconds since 1970."""
    return moment.timestamp()
