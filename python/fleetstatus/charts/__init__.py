"""Charts of a fleet, made with Altair: ``pip install "fleetstatus[notebook]"``.

They are readable on light and dark pages, and in black and white. In a notebook,
``alt.renderers.enable("svg")`` shows them without a network or scripts. ``chart.save("fleet.svg")``
or ``.png`` writes a file.

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
from fleetstatus.charts._vocabularies import draw_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetstatus._table.table import StatusTable
    from fleetstatus._types import SchemeName
    from fleetstatus.enums import StatusScheme

__all__ = ["durations", "status_overview", "time_in_status", "timeline", "update_pipeline"]

_MOST_GROUPS = 40
_COUNTS_SHARE, _TIMES_SHARE, _SPACING = 0.35, 0.6, 40


def status_overview(
    table: StatusTable,
    *,
    by: str | Sequence[Any] | None = None,
    schemes: Iterable[StatusScheme | SchemeName] | None = None,
) -> alt.LayerChart:
    """Draw how many devices have each status, end to end in one bar, or in a bar for each group.

    With `schemes`: draw the labels of several schemes for the same devices, with one row and a
    number of devices for each combination of labels.

    Parameters
    ----------
    table
        The devices.
    by
        The groups, as in `StatusTable.summary`. If there are more than 40, the largest are drawn,
        and the subtitle says so.
    schemes
        Names of schemes, a column for each, as in `StatusTable.as_scheme`.

    Raises
    ------
    ValueError
        If both `by` and `schemes` are given, or a scheme is unknown.
    MissingFieldsError
        If a scheme needs a field that no record has.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> chart = fs.charts.status_overview(devices, schemes=["docs-2024-11", "docs-2022"])
    """
    if schemes is not None:
        if by is not None:
            message = "status_overview draws groups or schemes; give by= or schemes=, not both"
            raise ValueError(message)
        return draw_words(table, schemes)
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

    On the right, each dot is a device. For more than 30 devices, a large point is the median
    duration of the update status, and a line goes from it to the 95th percentile.

    Parameters
    ----------
    table
        The devices.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> chart = fs.charts.update_pipeline(fs.classify(fs.sample_fleet()))
    """
    drawn = _data.pipeline(table)
    chart = alt.hconcat(_counts_panel(drawn.labels), _times_panel(drawn), spacing=_SPACING)
    remark = _remark(
        "dot: one device" if drawn.dots else None,
        "large point: median, line: to the 95th percentile" if drawn.lines else None,
    )
    return style.styled(chart.properties(title=style.title("update status", table, remark)))


def _remark(*texts: str | None) -> str | None:
    return ", ".join(text for text in texts if text) or None


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


def _times_panel(drawn: _data.Pipeline) -> alt.LayerChart:
    labels = [row["label"] for row in drawn.labels]
    ends = [row[end] for row in drawn.lines for end in ("median_s", "p95_s")]
    times = [*ends, *_data.room_for(drawn.dots)]
    y = alt.Y("label:N", sort=labels, axis=None, scale=alt.Scale(domain=labels))
    color = style.without_legend(labels)
    lines = alt.Chart(style.data(drawn.lines)).encode(
        style.time_axis("median_s", times),
        y,
        color=color,
        tooltip=style.tooltip("label", "devices", "median", "p95"),
    )
    dots = alt.Chart(style.data(drawn.dots)).encode(
        alt.X("held_s:Q"), y, color=color, tooltip=style.tooltip("label", "device", "held")
    )
    words = alt.Chart(style.data(drawn.labels)).encode(alt.X("text_s:Q"), y, text="text:N")
    return style.layers(
        lines.mark_rule(strokeWidth=3).encode(x2="p95_s:Q"),
        lines.mark_point(filled=True, size=90, opacity=1),
        style.dots(dots),
        words.mark_text(align="left", dy=-11, fontSize=10, color=style.TEXT),
    ).properties(width=_TIMES_SHARE * style.WIDTH, height=style.ROW_HEIGHT * len(labels))


def durations(
    table: StatusTable, *, of: Literal["status", "update_status"] = "status"
) -> alt.LayerChart:
    """Draw how long devices have held their status or update status, one line for each label.

    Each dot is a device. For a label with more than 30 devices, bars show how the durations are
    distributed, on a scale of its own, and a vertical line marks the median. The subtitle counts
    devices whose duration is not known.

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
    drawn = _data.histogram(table, of, dot_share=style.DOT_WIDTH / style.WIDTH)
    what = of.replace("_", " ")
    remark = _remark(
        "dot: one device" if drawn.dots else None,
        "stroke: median" if drawn.bins else None,
        f"not known for {drawn.n_unknown:,}" if drawn.n_unknown else None,
    )
    chart = style.layers(*_ridges(drawn)).properties(
        title=style.title(what, table, remark, text=f"How long devices have held their {what}"),
        width=style.WIDTH,
        height=style.RIDGE_HEIGHT * max(len(drawn.labels), 1),
    )
    return style.styled(chart)


def _ridges(drawn: _data.Histogram) -> list[alt.Chart]:
    """Draw the bars, medians and dots of each line."""
    y = _ridge_axis(drawn.labels)
    color = style.without_legend([row["label"] for row in drawn.labels])
    ends = [row[end] for row in drawn.bins for end in ("from_s", "to_s")]
    bars = alt.Chart(style.data(drawn.bins)).mark_bar(x2Offset=-1)
    bars = bars.encode(
        style.time_axis("from_s", [*ends, *_data.room_for(drawn.dots)]),
        y,
        x2="to_s:Q",
        y2="top:Q",
        color=color,
        tooltip=style.tooltip("label", "durations", "devices", "share"),
    )
    with_bars = {row["label"] for row in drawn.bins}
    rows = [row for row in drawn.labels if row["label"] in with_bars]
    medians = alt.Chart(style.data(rows)).mark_rule(strokeWidth=2, color=style.TEXT)
    medians = medians.encode(
        alt.X("median_s:Q"), y, y2="top:Q", tooltip=style.tooltip("label", "devices", "median")
    )
    dots = alt.Chart(style.data(drawn.dots)).encode(
        alt.X("held_s:Q"),
        alt.Y("y:Q"),
        color=color,
        tooltip=style.tooltip("label", "device", "held"),
    )
    return [bars, medians, style.dots(dots)]


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
