"""Charts of a fleet, made with Altair: ``pip install "fleetstatus[notebook]"``.

They suit light and dark pages, and print in black and white. ``alt.renderers.enable("svg")`` shows
them without network or script; ``chart.save("fleet.svg")`` or ``.png`` keeps them.

Examples
--------
>>> import fleetstatus as fs
>>> from fleetstatus import charts
>>> devices = fs.classify(fs.sample_fleet())
>>> chart = charts.status_overview(devices, by="fleet")
>>> chart.to_dict()["title"]["text"]
'300 devices by status'
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

try:
    import altair as alt
except ImportError as _error:
    _MESSAGE = 'fleetstatus.charts needs Altair: pip install "fleetstatus[notebook]"'
    raise ImportError(_MESSAGE) from _error

from fleetstatus.charts import _data
from fleetstatus.charts import _style as style
from fleetstatus.charts._history import time_in_status, timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetstatus._table.table import StatusTable

__all__ = ["durations", "status_overview", "time_in_status", "timeline", "update_pipeline"]

_MOST_GROUPS = 40
_COUNTS_SHARE, _TIMES_SHARE, _SPACING = 0.35, 0.6, 40


def status_overview(table: StatusTable, *, by: str | Sequence[Any] | None = None) -> alt.LayerChart:
    """Draw how many devices have each status, end to end in one bar, or in a bar for each group.

    Parameters
    ----------
    table
        The devices.
    by
        What makes the groups, as in `StatusTable.summary`. Of more than 40 groups the largest are
        drawn, and the subtitle says so.
    """
    summary = table.summary(by=by)
    overview = _data.overview(
        summary, most_groups=_MOST_GROUPS, digit_share=style.DIGIT_WIDTH / style.WIDTH
    )
    names = [row["group"] for row in overview.totals]
    y = alt.Y("group:N", sort=names, axis=None if by is None else style.label_axis(names))
    remark = f"the {len(names)} largest of {overview.n_groups:,} groups"
    parts = alt.Chart(style.data(overview.segments))
    bars = parts.mark_bar(x2Offset=-1.5).encode(
        style.devices_axis("start", most=overview.widest),
        y,
        x2="end:Q",
        color=style.with_legend(summary),
        tooltip=style.tooltip("group", "label", "devices", "share"),
    )
    counts = parts.mark_text().encode(
        alt.X("middle:Q"), y, text="text:N", color=alt.Color("ink:N", scale=None)
    )
    totals = style.number(alt.Chart(style.data(overview.totals)).encode(alt.X("devices:Q"), y))
    chart = style.layers(bars, counts, totals).properties(
        title=style.title("status", table, remark if len(names) < overview.n_groups else None),
        width=style.WIDTH,
        height=style.ROW_HEIGHT * max(len(names), 1),
    )
    return style.styled(chart)


def update_pipeline(table: StatusTable) -> alt.HConcatChart:
    """Draw how many devices are in each update status, and for how long.

    On the right, a point is the median time that devices have held the update status, and its line
    goes on to the 95th percentile.

    Parameters
    ----------
    table
        The devices.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> chart = fs.charts.update_pipeline(fs.classify(fs.sample_fleet()))
    """
    rows = _data.pipeline(table.summary(of="update_status"))
    chart = alt.hconcat(_counts_panel(rows), _times_panel(rows), spacing=_SPACING)
    title = style.title("update status", table, "point: median, line: to the 95th percentile")
    return style.styled(chart.properties(title=title))


def _counts_panel(rows: list[_data.Row]) -> alt.LayerChart:
    labels = [row["label"] for row in rows]
    lines = alt.Chart(style.data(rows)).encode(
        alt.Y("label:N", sort=labels, axis=style.label_axis(labels)),
        tooltip=style.tooltip("label", "devices", "share"),
    )
    x = style.devices_axis("devices", most=max(row["devices"] for row in rows))
    bars = lines.mark_bar().encode(x, color=style.without_legend(labels))
    return style.layers(bars, style.number(lines.encode(alt.X("devices:Q")))).properties(
        width=_COUNTS_SHARE * style.WIDTH, height=style.ROW_HEIGHT * len(rows)
    )


def _times_panel(rows: list[_data.Row]) -> alt.LayerChart:
    labels = [row["label"] for row in rows]
    lines = alt.Chart(style.data(rows)).encode(
        style.time_axis("median_s", [row[end] for row in rows for end in ("median_s", "p95_s")]),
        alt.Y("label:N", sort=labels, axis=None),
        color=style.without_legend(labels),
        tooltip=style.tooltip("label", "devices", "median", "p95"),
    )
    words = lines.mark_text(align="left", dy=-11, fontSize=10).encode(
        text="text:N", color=alt.value(style.TEXT)
    )
    return style.layers(
        lines.mark_rule(strokeWidth=3).encode(x2="p95_s:Q"),
        lines.mark_point(filled=True, size=90, opacity=1),
        words,
    ).properties(width=_TIMES_SHARE * style.WIDTH, height=style.ROW_HEIGHT * len(rows))


def durations(
    table: StatusTable, *, of: Literal["status", "update_status"] = "status"
) -> alt.LayerChart:
    """Draw how long devices have held their status or update status, one line for each label.

    Each line has its own scale: its highest bar is the duration that most of its devices have held
    the label for. A stroke marks the median. Devices of which the duration is not known are counted
    in the subtitle.

    Parameters
    ----------
    table
        The devices.
    of
        Whose durations.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> chart = fs.charts.durations(fs.classify(fs.sample_fleet()), of="update_status")
    """
    if of not in {"status", "update_status"}:
        message = f"of is {of!r}, expected 'status' or 'update_status'"
        raise ValueError(message)
    lines, bins, n_unknown = _data.histogram(table, of)
    y = _ridge_axis(lines)
    bars = alt.Chart(style.data(bins)).mark_bar(x2Offset=-1)
    medians = alt.Chart(style.data(lines)).mark_rule(strokeWidth=2, color=style.TEXT)
    bars = bars.encode(
        style.time_axis("from_s", [row[end] for row in bins for end in ("from_s", "to_s")]),
        y,
        x2="to_s:Q",
        y2="top:Q",
        color=style.without_legend([row["label"] for row in lines]),
        tooltip=style.tooltip("label", "durations", "devices", "share"),
    )
    medians = medians.encode(
        alt.X("median_s:Q"), y, y2="top:Q", tooltip=style.tooltip("label", "devices", "median")
    )
    what = of.replace("_", " ")
    remark = "stroke: median" + (f", not known for {n_unknown:,}" if n_unknown else "")
    chart = style.layers(bars, medians).properties(
        title=style.title(what, table, remark, text=f"How long devices have held their {what}"),
        width=style.WIDTH,
        height=style.RIDGE_HEIGHT * max(len(lines), 1),
    )
    return style.styled(chart)


def _ridge_axis(lines: list[_data.Row]) -> alt.Y:
    """Make an axis with a line for each label, the base of its bars."""
    texts = [f"{row['label']}{style.GAP}{row['devices']:,}" for row in lines]
    axis = style.label_axis(
        texts,
        values=[row["line"] for row in lines],
        labelExpr=f"{json.dumps(['', *texts])}[datum.value]",
        labelBaseline="bottom",
        grid=True,
    )
    scale = alt.Scale(domain=[len(lines) or 1, 0], nice=False)
    return alt.Y("line:Q", scale=scale, axis=axis)
