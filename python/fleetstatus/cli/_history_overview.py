"""What a tracker has seen, in short: time in status, outages, what has no link now."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fleetstatus._words.text import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import fleetstatus as fs
    from fleetstatus._table.rows import Rows

_MEASURES = {"status", "seconds", "share"}
_BY_LABEL = {"status", "update"}
_UNKNOWN = "unknown: between looks that were further apart than --gap, and nothing says what was"
_NOW_COLUMNS = {
    "device_name": "device",
    "fleet": "fleet",
    "from": "since",
    "duration_s": "duration_s",
}


@dataclass(frozen=True)
class Section:
    """A table with its title.

    Attributes
    ----------
    empty
        What to say where there are no rows.
    more
        How many rows the limit leaves out.
    note
        What to know of it; None if nothing.
    """

    title: str
    names: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    empty: str
    more: int = 0
    note: str | None = None


@dataclass(frozen=True)
class Asked:
    """The time that is asked for, and what makes groups."""

    by: list[str] | None
    since: Any
    until: Any
    limit: int


def sections_of(tracker: fs.Tracker, asked: Asked) -> list[Section]:
    """Answer the questions of an overview."""
    by = "device" if asked.by is None else ", ".join(asked.by)
    time = {"since": asked.since, "until": asked.until}
    columns = ["uuid", "device_name"] if asked.by is None else asked.by
    outages = tracker.outages(by=columns, **time).to_dicts()
    return [
        _times(tracker.time_in_status(by=asked.by, **time), by, asked.limit),
        _limited(f"Outages by {by}", outages, "nobody lost its link", asked.limit),
        _down_now(tracker.outages(), asked.limit),
        _told(tracker.changes(**time), asked.limit),
    ]


def _times(rows: Rows, by: str, limit: int) -> Section:
    """Give each group one row, with a column for each status that some group had."""
    keys = [name for name in rows.columns if name not in _MEASURES]
    listed = rows.to_dicts()
    had = {row["status"] for row in listed}
    statuses = [label for label in rows["status"].labels or () if label in had]
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in listed:
        key = tuple(row[name] for name in keys)
        group = groups.setdefault(key, {**dict(zip(keys, key, strict=True)), **_none_of(statuses)})
        group[row["status"]] = f"{row['share']:.1%}"
    note = _UNKNOWN if "unknown" in had else None
    section = _limited(f"Time in status by {by}", list(groups.values()), "no time yet", limit)
    return replace(section, names=[*keys, *statuses], note=note)


def _none_of(statuses: Sequence[str]) -> dict[str, None]:
    return dict.fromkeys(statuses)


def _down_now(outages: Rows, limit: int) -> Section:
    rows = [
        {said: row[name] for name, said in _NOW_COLUMNS.items()}
        | {"device": row["device_name"] or row["uuid"]}
        for row in outages
        if not row["ended"]
    ]
    return _limited("Without a link at the last look", rows, "none", limit)


def _told(changes: fs.Changes, limit: int) -> Section:
    """Count what was told, statuses and update statuses by what they became."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for row in changes.counts(by=("kind", "after")):
        counts[row["kind"], row["after"] if row["kind"] in _BY_LABEL else None] += row["changes"]
    rows = [
        {"kind": kind, "after": after, "changes": number}
        for (kind, after), number in counts.most_common()
    ]
    return _limited("Changes told", rows, "none", limit)


def _limited(title: str, rows: list[dict[str, Any]], empty: str, limit: int) -> Section:
    names = list(rows[0]) if rows else []
    return Section(title, names, rows[:limit], empty, max(len(rows) - limit, 0))


def as_json(tracker: fs.Tracker, asked: Asked) -> dict[str, Any]:
    """Give the answers of an overview as `json.dumps` takes them; all rows are in it."""
    time = {"since": asked.since, "until": asked.until}
    by = ["uuid", "device_name"] if asked.by is None else asked.by
    last = tracker.last_look
    return {
        "scheme": tracker.scheme,
        "last_look": None if last is None else moment(last).replace(" ", "T"),
        "devices": len(tracker.devices),
        "counters": tracker.counters(),
        "by": by,
        "time_in_status": json.loads(tracker.time_in_status(by=by, **time).to_json()),
        "outages": json.loads(tracker.outages(by=by, **time).to_json()),
        "changes": json.loads(tracker.changes(**time).counts().to_json()),
    }
