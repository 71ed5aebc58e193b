"""The rows that charts draw, from tables and summaries."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from itertools import accumulate, groupby
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
_BIN_EDGES = (
    *(1, 2, 5, 10, 30),
    *(count * MINUTE for count in (1, 2, 5, 10, 30)),
    *(count * HOUR for count in (1, 2, 6, 12)),
    *(count * DAY for count in (1, 2, 4, 7, 14, 30, 60, 120, 365, 730, 1825, 3650, 36_500)),
)
_LAST_BIN = len(_BIN_EDGES) - 1
_RIDGE = 0.8


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


def pipeline(summary: Summary) -> list[Row]:
    """Name the labels of a summary, with durations in words."""
    return [
        {
            "label": label_text(row["label"], of=summary.of),
            "devices": row["devices"],
            "share": row["share"],
            "median_s": _on_log_axis(row["median_duration_s"]),
            "p95_s": _on_log_axis(row["p95_duration_s"]),
            "median": _words(row["median_duration_s"]),
            "p95": _words(row["p95_duration_s"]),
            "text": "" if row["median_duration_s"] is None else _words(row["median_duration_s"]),
        }
        for row in summary
    ]


def _on_log_axis(seconds: float | None) -> float | None:
    return None if seconds is None else max(seconds, 1.0)


def _words(seconds: float | None) -> str:
    return "not known" if seconds is None else in_words(timedelta(seconds=seconds))


class Histogram(NamedTuple):
    """How long devices have held a label, as bars on the label's line."""

    labels: list[Row]
    bins: list[Row]
    n_unknown: int


def histogram(table: StatusTable, of: Literal["status", "update_status"]) -> Histogram:
    """Count the durations of each label, in bins whose edges have short names."""
    seconds_of: dict[str | None, list[int]] = {label: [] for label in table[of].labels or ()}
    seconds_of[None] = []
    known = zip(table[of], table[f"{of}_duration_s"], strict=True)
    for label, seconds in known:
        if seconds is not None:
            seconds_of[label].append(seconds)
    labels: list[Row] = []
    bins: list[Row] = []
    for label, seconds in seconds_of.items():
        if seconds:
            bins += _bins(label, seconds, line=len(labels) + 1)
            labels.append(_label(label, seconds, line=len(labels) + 1))
    return Histogram(labels, bins, len(table) - _total(labels))


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
