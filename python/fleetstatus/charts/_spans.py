"""The rows that charts of a tracker's log draw."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._show.palette import colour_of, ink_on
from fleetstatus._words.text import in_words, label_text, moment, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

Row = dict[str, Any]

_LEAST_WRITTEN = 0.06  # a share that has room for its digits
_BAD = frozenset({"disconnected", "offline"})
_NOT_GROUPS = frozenset({"status", "seconds", "share"})
_TOLD_BY_BARS = frozenset({"status", "reason"})


class Lanes(NamedTuple):
    """Statuses of devices from time to time, and what else happened to them."""

    bars: list[Row]
    marks: list[Row]
    labels: list[str]


class Shares(NamedTuple):
    """Time of groups in each status, end to end."""

    segments: list[Row]
    groups: list[str]
    labels: list[str]
    n_groups: int


def in_script(value: object) -> str:
    """Show a value so that it cannot end the script that an HTML page holds a chart in."""
    return visible(value).replace("<", "\\x3c")


def lanes(
    timelines: Iterable[tuple[str, Iterable[Mapping[str, Any]]]],
    *,
    since: datetime | None,
    until: datetime,
) -> Lanes:
    """Lay the statuses of each device along its lane.

    Parameters
    ----------
    timelines
        Names of devices, and rows as `Tracker.timeline` gives them; time in which a device was
        removed is left empty.
    since, until
        Time to draw; what lasts ends at `until`.
    """
    drawn = Lanes([], [], [])
    for device, rows in timelines:
        name = in_script(device)
        for row in rows:
            if row["entry"] == "status":
                if (bar := _bar(name, row, since, until)) is not None:
                    drawn.bars.append(bar)
            elif row["kind"] not in _TOLD_BY_BARS and _is_within(row["from"], since, until):
                drawn.marks.append(_mark(name, row))
    drawn.labels.extend(_in_order(drawn.bars))
    return drawn


def _bar(
    device: str, row: Mapping[str, Any], since: datetime | None, until: datetime
) -> Row | None:
    begin = row["from"] if since is None else max(row["from"], since)
    end = until if row["to"] is None else min(row["to"], until)
    if row["status"] == "removed" or begin >= end:
        return None
    whole = (until if row["to"] is None else row["to"]) - row["from"]
    return {
        "device": device,
        "status": label_text(row["status"]),
        "reason": row["reason"] or "-",
        "from": _ms(begin),
        "to": _ms(end),
        "since": moment(row["from"]),
        "lasted": in_words(whole),
    }


def _is_within(time: datetime, since: datetime | None, until: datetime) -> bool:
    return time <= until and (since is None or time >= since)


def _mark(device: str, row: Mapping[str, Any]) -> Row:
    states = [in_script(row[name]) for name in ("before", "after") if row[name] is not None]
    return {
        "device": device,
        "kind": row["kind"],
        "change": " -> ".join(states) or "-",
        "at": _ms(row["from"]),
        "time": moment(row["from"]),
    }


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def shares(rows: Iterable[Mapping[str, Any]], *, most_groups: int) -> Shares:
    """Lay the shares of each group end to end.

    Parameters
    ----------
    rows
        As `Tracker.time_in_status` gives them.
    most_groups
        How many groups to take: of more, those that were disconnected for the largest share.
    """
    by_group: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_group.setdefault(_group_name(row), []).append(row)
    worst = sorted(by_group, key=lambda name: -_share_disconnected(by_group[name]))
    taken = set(worst[:most_groups])
    groups = [name for name in by_group if name in taken]
    segments = [segment for name in groups for segment in _segments(name, by_group[name])]
    return Shares(segments, groups, _in_order(segments), len(by_group))


def _in_order(rows: Iterable[Row]) -> list[str]:
    """List the statuses that are drawn, the unknown last."""
    labels = dict.fromkeys(row["status"] for row in rows)
    return sorted(labels, key=lambda label: label == label_text("unknown"))


def _group_name(row: Mapping[str, Any]) -> str:
    """Name a group by its columns; a device by its name, else its uuid."""
    columns = {name: value for name, value in row.items() if name not in _NOT_GROUPS}
    if columns.keys() == {"uuid", "device_name"}:
        return in_script(columns["device_name"] or columns["uuid"])
    texts = ("(none)" if value is None else in_script(value) for value in columns.values())
    return ", ".join(texts) or "all devices"


def _share_disconnected(rows: Iterable[Mapping[str, Any]]) -> float:
    bad = (row["share"] for row in rows if (row["status"] or "").casefold() in _BAD)
    return float(sum(bad))


def _segments(group: str, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    ends = accumulate(row["share"] for row in rows)
    return [
        {
            "group": group,
            "status": label_text(row["status"]),
            "share": row["share"],
            "lasted": in_words(timedelta(seconds=row["seconds"])),
            "start": end - row["share"],
            "middle": end - row["share"] / 2,
            "end": end,
            "text": f"{row['share']:.0%}" if row["share"] >= _LEAST_WRITTEN else "",
            "ink": ink_on(colour_of(row["status"])),
        }
        for row, end in zip(rows, ends, strict=True)
    ]
