"""Charts of what a tracker has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import altair as alt

from fleetstatus._words.text import moment
from fleetstatus.charts import _spans
from fleetstatus.charts import _style as style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from fleetstatus._table.rows import Rows

_MOST_GROUPS = 40
_BAR, _MARK = 0.62, 7


class Timelines(Protocol):
    """What `timeline` draws: a `Tracker`."""

    @property
    def last_look(self) -> datetime | None:
        """Moment of the last look."""

    def timeline(self, device: str) -> Rows:
        """Statuses and changes of a device."""


class Times(Protocol):
    """What `time_in_status` draws: a `Tracker`."""

    def time_in_status(
        self,
        *,
        by: str | Sequence[str] | None = None,
        since: datetime | timedelta | str | None = None,
        until: datetime | timedelta | str | None = None,
    ) -> Rows:
        """Time of groups in each status."""


def timeline(
    tracker: Timelines,
    devices: str | Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> alt.LayerChart:
    """Draw the statuses of devices over time, one row for each device, with other changes.

    A diamond marks a change other than a status: an update, another release, a restart, flapping.
    Time in which the status is not known is grey; time in which a device was removed is empty.

    Parameters
    ----------
    tracker
        A `Tracker`.
    devices
        A device or several: uuids, the beginnings of uuids, or names.
    since, until
        Time to draw; None: from the first look on, to the last look.

    Raises
    ------
    ValueError
        If the tracker has not looked yet.
    LookupError
        If there is no such device.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> tracker = fs.Tracker()
    >>> first = tracker.update(fs.sample_fleet())
    >>> chart = fs.charts.timeline(tracker, ["bitter-wind", "proud-hare"])
    """
    end = until or tracker.last_look
    if end is None:
        message = "the tracker has not looked yet, so there is nothing to draw"
        raise ValueError(message)
    names = [devices] if isinstance(devices, str) else list(devices)
    timelines = [(name, tracker.timeline(name)) for name in names]
    return draw_timelines(timelines, since=since, until=end)


def draw_timelines(
    timelines: Iterable[tuple[str, Iterable[Mapping[str, Any]]]],
    *,
    since: datetime | None,
    until: datetime,
) -> alt.LayerChart:
    """Draw rows as `Tracker.timeline` gives them, each with the name of its device."""
    listed = list(timelines)
    drawn = _spans.lanes(listed, since=since, until=until)
    names = [_spans.in_script(name) for name, _ in listed]
    y = alt.Y("device:N", sort=names, axis=style.label_axis(names), scale=alt.Scale(domain=names))
    bars = alt.Chart(style.data(drawn.bars)).mark_bar(height=alt.RelativeBandSize(_BAR))
    bars = bars.encode(
        alt.X("from:T", scale=alt.Scale(type="utc"), axis=style.clock_axis()),
        y,
        x2="to:T",
        color=style.labels_legend("status", drawn.labels),
        tooltip=style.tooltip("device", "status", "reason", "since", "lasted"),
    )
    marks = alt.Chart(style.data(drawn.marks)).mark_point(
        shape="diamond", filled=True, size=_MARK**2, color="black", stroke="white", opacity=1
    )
    marks = marks.encode(
        alt.X("at:T"), y, tooltip=style.tooltip("device", "kind", "change", "time")
    )
    begin = "the first look" if since is None else moment(since)
    text = style.plain_title("Statuses over time", f"{begin} to {moment(until)}")
    chart = style.layers(bars, marks).properties(
        title=text, width=style.WIDTH, height=style.ROW_HEIGHT * max(len(names), 1)
    )
    return style.styled(chart)


def time_in_status(
    tracker: Times,
    *,
    by: str | Sequence[str] | None = None,
    since: datetime | timedelta | str | None = None,
    until: datetime | timedelta | str | None = None,
) -> alt.LayerChart:
    """Draw the share of time that the devices of each group had each status.

    Parameters
    ----------
    tracker
        A `Tracker`.
    by
        The groups, as in `Tracker.time_in_status`; None: each device is a group. If there are more
        than 40, those with the largest share of disconnected time are drawn.
    since, until
        The time to draw, as in `Tracker.time_in_status`.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> tracker = fs.Tracker()
    >>> first = tracker.update(fs.sample_fleet())
    >>> chart = fs.charts.time_in_status(tracker, by="fleet")
    """
    return draw_times(tracker.time_in_status(by=by, since=since, until=until))


def draw_times(rows: Iterable[Mapping[str, Any]]) -> alt.LayerChart:
    """Draw rows as `Tracker.time_in_status` gives them."""
    drawn = _spans.shares(rows, most_groups=_MOST_GROUPS)
    y = alt.Y("group:N", sort=drawn.groups, axis=style.label_axis(drawn.groups))
    axis = alt.Axis(title="share of the time", format="%", tickCount=5)
    scale = alt.Scale(domain=[0, 1], nice=False)
    segments = alt.Chart(style.data(drawn.segments))
    bars = segments.mark_bar(x2Offset=-1.5).encode(
        alt.X("start:Q", scale=scale, axis=axis),
        y,
        x2="end:Q",
        color=style.labels_legend("status", drawn.labels),
        tooltip=style.tooltip("group", "status", "share", "lasted"),
    )
    texts = segments.mark_text().encode(
        alt.X("middle:Q"), y, text="text:N", color=alt.Color("ink:N", scale=None)
    )
    remark = None
    if len(drawn.groups) < drawn.n_groups:
        remark = f"the {len(drawn.groups)} of {drawn.n_groups:,} that were disconnected longest"
    chart = style.layers(bars, texts).properties(
        title=style.plain_title("Time in status", remark),
        width=style.WIDTH,
        height=style.ROW_HEIGHT * max(len(drawn.groups), 1),
    )
    return style.styled(chart)
