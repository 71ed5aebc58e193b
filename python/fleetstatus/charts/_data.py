"""The rows that charts draw, from tables and summaries."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from itertools import accumulate, groupby
from math import log
from statistics import median
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleetstatus._show.palette import colour_of, ink_on
from fleetstatus._words.text import in_words, label_text
from fleetstatus.charts._spans import in_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetstatus._table.summary import Summary
    from fleetstatus._table.table import StatusTable

Row = dict[str, Any]

MINUTE, HOUR, DAY = 60, 3600, 86_400
LEAST_RATIO = 100  # of the ends of a log axis
_BIN_EDGES = (
    *(1, 2, 5, 10, 30),
    *(count * MINUTE for count in (1, 2, 5, 10, 30)),
    *(count * HOUR for count in (1, 2, 6, 12)),
    *(count * DAY for count in (1, 2, 4, 7, 14, 30, 60, 120, 365, 730, 1825, 3650, 36_500)),
)
_LAST_BIN = len(_BIN_EDGES) - 1
_RIDGE = 0.8
_DOT_STEP = 0.2  # of a line, from one dot to the dot above it
_MOST_DOTS = 30


class Overview(NamedTuple):
    """Labels of groups, end to end in a bar for each group."""

    segments: list[Row]
    totals: list[Row]
    widest: int
    n_groups: int


def overview(summary: Summary, *, most_groups: int, digit_share: float) -> Overview:
    """Lay the labels of each group end to end.

    Parameters
    ----------
    most_groups
        How many groups to take; the largest, in the order of the summary.
    digit_share
        Width of a digit as a share of the widest bar; counts are written where there is room.
    """
    groups = _groups(summary)
    totals: list[Row] = [{"group": name, "devices": _total(rows)} for name, rows in groups]
    by_size = sorted(range(len(groups)), key=lambda place: -totals[place]["devices"])
    taken = sorted(by_size[:most_groups])
    widest = max((row["devices"] for row in totals), default=0)
    return Overview(
        [row for place in taken for row in _segments(*groups[place], digit_share * widest)],
        [totals[place] for place in taken],
        widest,
        len(groups),
    )


def _groups(summary: Summary) -> list[tuple[str, list[Row]]]:
    def key(row: Row) -> list[Any]:
        return [row[column] for column in summary.by]

    return [(_group_name(values), list(rows)) for values, rows in groupby(summary, key)]


def _group_name(values: Sequence[Any]) -> str:
    texts = ("(none)" if value is None else in_script(value) for value in values)
    return ", ".join(texts) or "all devices"


def _total(rows: Iterable[Row]) -> int:
    return sum(row["devices"] for row in rows)


def _segments(group: str, rows: list[Row], devices_a_digit: float) -> list[Row]:
    shown = [row for row in rows if row["devices"]]
    ends = accumulate(row["devices"] for row in shown)
    return [
        {
            "group": group,
            "label": label_text(row["label"]),
            "devices": row["devices"],
            "share": row["share"],
            "start": end - row["devices"],
            "middle": end - row["devices"] / 2,
            "end": end,
            "text": _if_room(row["devices"], devices_a_digit),
            "ink": ink_on(colour_of(row["label"])),
        }
        for row, end in zip(shown, ends, strict=True)
    ]


def _if_room(devices: int, devices_a_digit: float) -> str:
    text = f"{devices:,}"
    return text if devices >= devices_a_digit * len(text) else ""


class Pipeline(NamedTuple):
    """Labels with their counts, and how long their devices have held them."""

    labels: list[Row]
    lines: list[Row]
    dots: list[Row]


def pipeline(table: StatusTable) -> Pipeline:
    """Name the update statuses, with durations in words; one by one where they are few."""
    drawn = Pipeline([], [], [])
    held = _held(table, "update_status")
    for row in table.summary(of="update_status"):
        label = _counted(row)
        devices = held[row["label"]]
        drawn.labels.append(label)
        if len(devices) > _MOST_DOTS:
            drawn.lines.append(label)
        else:
            drawn.dots.extend(_dot(label["label"], *device) for device in devices)
            label["text"] = _from_to([seconds for seconds, _ in devices])
            label["text_s"] = min((seconds for seconds, _ in devices), default=None)
        label["text_s"] = _on_log_axis(label["text_s"])
    return drawn


def _counted(row: Row) -> Row:
    median_s, p95_s = row["median_duration_s"], row["p95_duration_s"]
    return {
        "label": label_text(row["label"], of="update_status"),
        "devices": row["devices"],
        "share": row["share"],
        "median_s": _on_log_axis(median_s),
        "p95_s": _on_log_axis(p95_s),
        "median": _words(median_s),
        "p95": _words(p95_s),
        "text": _words(median_s),
        "text_s": median_s,
    }


def _from_to(seconds: list[int]) -> str:
    if not seconds:
        return ""
    least, most = _words(min(seconds)), _words(max(seconds))
    return least if least == most else f"{least} to {most}"


def _held(table: StatusTable, of: str) -> dict[str | None, list[tuple[int, str]]]:
    """List how long devices have held each label, shortest first, with their names."""
    devices: dict[str | None, list[tuple[int, str]]] = {
        label: [] for label in table[of].labels or ()
    }
    devices[None] = []
    columns = (table[name] for name in (of, f"{of}_duration_s", "device_name", "uuid"))
    for label, seconds, name, uuid in zip(*columns, strict=True):
        if seconds is not None:
            devices[label].append((seconds, in_script(name or uuid or "(no name)")))
    return {label: sorted(held) for label, held in devices.items()}


def _dot(label: str, seconds: int, device: str) -> Row:
    return {
        "label": label,
        "device": device,
        "held_s": _on_log_axis(seconds),
        "held": _words(seconds),
    }


def _on_log_axis(seconds: float | None) -> float | None:
    return None if seconds is None else max(seconds, 1.0)


def _words(seconds: float | None) -> str:
    return "not known" if seconds is None else in_words(timedelta(seconds=seconds))


class Histogram(NamedTuple):
    """How long devices have held a label, as bars or dots on the label's line."""

    labels: list[Row]
    bins: list[Row]
    dots: list[Row]
    n_unknown: int


def histogram(
    table: StatusTable, of: Literal["status", "update_status"], *, dot_share: float
) -> Histogram:
    """Count the durations of each label, in bins whose edges have short names.

    Parameters
    ----------
    dot_share
        Width of a dot as a share of the axis: a label of few devices has a dot for each.
    """
    drawn = Histogram([], [], [], 0)
    for label, held in _held(table, of).items():
        if held:
            seconds = [one for one, _ in held]
            line = len(drawn.labels) + 1
            drawn.labels.append(_label(label, seconds, line=line))
            if len(held) > _MOST_DOTS:
                drawn.bins.extend(_bins(label, seconds, line=line))
            else:
                name = label_text(label)
                drawn.dots.extend(_dot(name, *device) | {"line": line} for device in held)
    _stack(drawn, dot_share)
    return drawn._replace(n_unknown=len(table) - _total(drawn.labels))


def _stack(drawn: Histogram, dot_share: float) -> None:
    """Lay dots that would overlap above each other."""
    times = [row[end] for row in drawn.bins for end in ("from_s", "to_s")]
    times += room_for(drawn.dots)
    width = dot_share * log(max(max(times, default=1) / min(times, default=1), LEAST_RATIO))
    for line, dots in groupby(drawn.dots, lambda row: row["line"]):
        stacked = list(dots)
        levels = _levels([log(row["held_s"]) for row in stacked], width)
        step = min(_DOT_STEP, _RIDGE / (max(levels) + 1))
        for row, level in zip(stacked, levels, strict=True):
            row["y"] = line - step * (level + 0.5)


def room_for(dots: Iterable[Row]) -> list[float]:
    """Give times that an axis must reach for whole dots at its ends."""
    return [row["held_s"] * beside for row in dots for beside in (0.8, 1.25)]


def _levels(places: list[float], width: float) -> list[int]:
    """Give each dot the lowest level that has room; places are in their order."""
    ends: list[float] = []
    levels = []
    for place in places:
        free = (level for level, end in enumerate(ends) if place >= end)
        level = next(free, len(ends))
        ends[level : level + 1] = [place + width]
        levels.append(level)
    return levels


def _label(label: str | None, seconds: list[int], *, line: int) -> Row:
    middle = median(seconds)
    return {
        "label": label_text(label),
        "devices": len(seconds),
        "median_s": _on_log_axis(middle),
        "median": _words(middle),
        "line": line,
        "top": line - _RIDGE,
    }


def _bins(label: str | None, seconds: list[int], *, line: int) -> list[Row]:
    counts = Counter(min(max(bisect_right(_BIN_EDGES, one), 1), _LAST_BIN) for one in seconds)
    highest = max(counts.values())
    return [
        {
            "label": label_text(label),
            "devices": counts[place],
            "share": counts[place] / len(seconds),
            "from_s": _BIN_EDGES[place - 1],
            "to_s": _BIN_EDGES[place],
            "durations": _range(place),
            "line": line,
            "top": line - _RIDGE * counts[place] / highest,
        }
        for place in sorted(counts)
    ]


def _range(place: int) -> str:
    least, most = _words(_BIN_EDGES[place - 1]), _words(_BIN_EDGES[place])
    if place == 1:
        return f"less than {most}"
    return f"{least} or more" if place == _LAST_BIN else f"{least} to {most}"
