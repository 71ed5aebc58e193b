"""Draw the ratios, each with its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from report import environment, ratio_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from timing import Result

_TEXT = "#7a7a7a"  # reads on white and on black
_LINE = "#80808055"
_OUTCOMES = {"target met": "#009e73", "target missed": "#ad2a12", "no target": "#7d7d7d"}
_EVEN = 1  # as fast as the peer


def save_chart(results: Iterable[Result], path: Path) -> None:
    """Save bars of how many times as fast we are; a line across a bar is its target."""
    rows = [_row(result) for result in results]
    names = [str(row["name"]) for row in rows]
    lines = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=500, minExtent=440))
    )
    ratio = alt.X(
        "ratio:Q",
        title="times as fast as the peer",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=[10.0**power for power in range(-3, 4)], format="~g"),
    )
    colour = alt.Color(
        "outcome:N",
        title=None,
        scale=alt.Scale(domain=list(_OUTCOMES), range=list(_OUTCOMES.values())),
        legend=alt.Legend(orient="top"),
    )
    bars = lines.mark_bar(height=14).encode(ratio, x2="even:Q", color=colour)
    targets = lines.mark_tick(thickness=3, size=20, color=_TEXT).encode(alt.X("target:Q"))
    texts = lines.mark_text(align="left", dx=6, color=_TEXT, fontWeight="bold").encode(
        alt.X("end:Q"), text="text:N"
    )
    chart = alt.LayerChart(layer=[bars, targets, texts]).properties(
        width=520,
        height=alt.Step(22),
        title=alt.TitleParams(
            "fleetstatus next to its peers, and to limits",
            subtitle=f"{environment().partition(': ')[0]}; a line is a target",
        ),
    )
    _styled(chart).save(path)


def _row(result: Result) -> dict[str, str | float | None]:
    met = {True: "target met", False: "target missed", None: "no target"}[result.is_met]
    return {
        "name": f"{result.target.work} / {result.target.peer}",
        "ratio": result.ratio,
        "even": _EVEN,
        "end": max(result.ratio, result.target.at_least or 0, _EVEN),
        "target": result.target.at_least,
        "outcome": met,
        "text": f"{ratio_text(result.ratio)}x",
    }


def _styled(chart: alt.LayerChart) -> alt.LayerChart:
    styled: alt.LayerChart = (
        chart.configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_TEXT, titleColor=_TEXT, gridColor=_LINE, domainColor=_LINE, tickColor=_LINE
        )
        .configure_title(color=_TEXT, subtitleColor=_TEXT, anchor="start")
        .configure_legend(labelColor=_TEXT)
    )
    return styled
