"""How charts look: axes, legends, titles, on light and on dark pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import altair as alt

from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import in_devices, label_text, moment
from fleetstatus.charts._data import DAY, HOUR, LEAST_RATIO, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetstatus._table.summary import Summary
    from fleetstatus._table.table import StatusTable

WIDTH = 620
ROW_HEIGHT = 30
RIDGE_HEIGHT = 44
DIGIT_WIDTH = 9
DOT_WIDTH = 8
GAP = "\u2002"
TEXT = "#7a7a7a"  # reads on white and on black
_LINE = "#80808055"
_LETTER_WIDTH = 7.5
_MOST_LABEL_WIDTH = 260
_TICKS = {
    1: "1 second",
    10: "10 seconds",
    MINUTE: "1 minute",
    10 * MINUTE: "10 minutes",
    HOUR: "1 hour",
    DAY: "1 day",
    7 * DAY: "1 week",
    30 * DAY: "30 days",
    365 * DAY: "1 year",
    3650 * DAY: "10 years",
}
_CLOCK = {
    "year": "%Y",
    **dict.fromkeys(("quarter", "month", "week", "date", "day"), "%b %d"),
    **dict.fromkeys(("hours", "minutes"), "%H:%M"),
    **dict.fromkeys(("seconds", "milliseconds"), "%H:%M:%S"),
}
_FORMATS = {"devices": ",d", "share": ".1%"}

_Chart = TypeVar("_Chart", alt.LayerChart, alt.HConcatChart)


def layers(*charts: alt.Chart) -> alt.LayerChart:
    """Lay charts over each other."""
    return alt.LayerChart(layer=list(charts))


def number(chart: alt.Chart) -> alt.Chart:
    """Write the number of devices at the end of a bar."""
    written: alt.Chart = chart.mark_text(align="left", dx=6, fontWeight="bold", color=TEXT)
    return written.encode(text=alt.Text("devices:Q", format=","))


def data(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Take rows as the data of a chart."""
    return alt.InlineData(values=list(rows))


def title(
    what: str, table: StatusTable, remark: str | None = None, *, text: str | None = None
) -> alt.TitleParams:
    """Say what is counted, in whose words, at which moment."""
    subtitle = [f"{table.scheme}, as of {moment(table.now)}", *([remark] if remark else [])]
    return alt.TitleParams(
        text=text or f"{in_devices(len(table))} by {what}", subtitle=", ".join(subtitle)
    )


def label_axis(labels: Iterable[str], **more: Any) -> alt.Axis:
    """Make an axis of labels, with room for them whatever font they are shown in."""
    width = max((_LETTER_WIDTH * len(label) for label in labels), default=0)
    return alt.Axis(
        title=None,
        labelFontSize=12,
        labelLimit=0.85 * _MOST_LABEL_WIDTH,  # fonts of other pages may be wider
        minExtent=min(width, _MOST_LABEL_WIDTH),
        **more,
    )


def devices_axis(field: str, *, most: int) -> alt.X:
    """Make an axis of counts."""
    axis = alt.Axis(
        title="devices", tickCount=4, labelExpr="datum.value % 1 ? '' : format(datum.value, ',')"
    )
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, most or 1], nice=False), axis=axis)


def time_axis(field: str, seconds: Iterable[float | None]) -> alt.X:
    """Make a log axis of durations, in words."""
    known = [one for one in seconds if one is not None]
    least, most = min(known, default=MINUTE), max(known, default=DAY)
    most = max(most, least * LEAST_RATIO)
    scale = alt.Scale(type="log", domain=[least, most], nice=False)
    axis = alt.Axis(
        title="held for",
        values=[second for second in _TICKS if least <= second <= most],
        labelExpr=f"{json.dumps(_TICKS)}[toString(datum.value)]",
        labelOverlap="greedy",
        labelFlush=False,
        labelSeparation=12,
        grid=True,
    )
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def with_legend(summary: Summary) -> alt.Color:
    """Colour by label, with all labels in their order and their counts beside the chart."""
    counts = {label: 0 for label in dict.fromkeys(row["label"] for row in summary)}
    for row in summary:
        counts[row["label"]] += row["devices"]
    texts = {label_text(label): f"{label_text(label)}{GAP}{n:,}" for label, n in counts.items()}
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=4,
        labelExpr=f"{json.dumps(texts)}[datum.value]",
        symbolType="square",
    )
    colours = [colour_of(label) for label in counts]
    scale = alt.Scale(domain=list(texts), range=colours)
    return alt.Color("label:N", scale=scale, legend=legend)


def dots(chart: alt.Chart) -> alt.Chart:
    """Draw a dot for each device; dots that overlap can be told apart."""
    drawn: alt.Chart = chart.mark_point(
        filled=True, size=DOT_WIDTH**2 - 10, opacity=1, stroke="white", strokeWidth=0.7
    )
    return drawn


def without_legend(labels: Sequence[str]) -> alt.Color:
    """Colour by label."""
    scale = alt.Scale(domain=list(labels), range=[colour_of(label) for label in labels])
    return alt.Color("label:N", scale=scale, legend=None)


def labels_legend(field: str, labels: Sequence[str]) -> alt.Color:
    """Colour by label, with the labels that are drawn beside the chart."""
    legend = alt.Legend(title=None, orient="top", columns=4, symbolType="square")
    scale = alt.Scale(domain=list(labels), range=[colour_of(label) for label in labels])
    return alt.Color(f"{field}:N", scale=scale, legend=legend)


def clock_axis() -> alt.Axis:
    """Make an axis of moments in UTC."""
    return alt.Axis(
        title="UTC", format=_CLOCK, grid=True, labelOverlap="greedy", labelSeparation=12
    )


def plain_title(text: str, subtitle: str | None) -> alt.TitleParams:
    """Say what is drawn, and of what."""
    if subtitle is None:
        return alt.TitleParams(text=text)
    return alt.TitleParams(text=text, subtitle=subtitle)


def tooltip(*fields: str) -> list[alt.Tooltip]:
    """Show fields of what the pointer is on."""
    return [
        alt.Tooltip(f"{name}:Q", title=name, format=_FORMATS[name])
        if name in _FORMATS
        else alt.Tooltip(f"{name}:N", title=name)
        for name in fields
    ]


def styled(chart: _Chart) -> _Chart:
    """Give a chart its colours and sizes."""
    styled: _Chart = (
        chart.configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            domain=False,
            ticks=False,
            grid=False,
            gridColor=_LINE,
            labelColor=TEXT,
            labelFontSize=11,
            labelPadding=6,
            titleColor=TEXT,
            titleFontSize=11,
            titleFontWeight="normal",
        )
        .configure_legend(
            labelColor=TEXT, labelFontSize=12, labelLimit=240, symbolSize=110, columnPadding=30
        )
        .configure_title(
            anchor="start",
            frame="group",
            color=TEXT,
            fontSize=15,
            subtitleColor=TEXT,
            subtitleFontSize=12,
            offset=12,
        )
    )
    return styled
