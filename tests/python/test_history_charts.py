"""Charts of a tracker's log show what it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import fleetstatus as fs
from change_rows import HOSTILE
from command_line import record
from fleetstatus import charts
from fleetstatus._show.palette import NO_COLOUR, colour_of
from fleetstatus.charts._history import draw_timelines, draw_times
from test_charts import channels, rows_of

BEGIN = datetime(2026, 1, 2, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)


def ms(minutes: int) -> int:
    return round((BEGIN + timedelta(minutes=minutes)).timestamp() * 1000)


def status(begin: int, end: int | None, label: str | None, reason: str | None = None) -> Any:
    times = {
        "from": BEGIN + timedelta(minutes=begin),
        "to": None if end is None else BEGIN + timedelta(minutes=end),
    }
    return {"entry": "status", **times, "status": label, "reason": reason}


def change(minutes: int, kind: str, before: str | None = None, after: str | None = None) -> Any:
    time = {"from": BEGIN + timedelta(minutes=minutes), "to": None}
    return {"entry": "change", **time, "kind": kind, "before": before, "after": after}


def tracked() -> fs.Tracker:
    tracker = fs.Tracker(hold=timedelta(0))
    for look in range(5):
        is_down = look == 2
        records = [
            record(
                uuid=f"{number}" * 8,
                device_name=f"device-{number}",
                is_connected_to_vpn=not (is_down and number == 1),
                api_heartbeat_state="offline" if is_down and number == 1 else "online",
                changed_api_heartbeat_state_on__date=None,
                is_running__release=[{"id": look // 3, "raw_version": f"1.{look // 3}"}],
            )
            for number in (1, 2)
        ]
        now = BEGIN + timedelta(minutes=10 * look)
        tracker.update(fs.classify(records, now=now, allow_missing="all"))
    return tracker


def test_a_lane_has_the_statuses_of_the_timeline() -> None:
    tracker = tracked()
    spec = charts.timeline(tracker, "device-1").to_dict()
    expected = [
        (row["status"], row["reason"])
        for row in tracker.timeline("device-1")
        if row["entry"] == "status"
    ]
    bars = rows_of(spec, "bar")
    assert [(bar["status"], bar["reason"]) for bar in bars] == expected
    assert bars[-1]["to"] == ms(40)  # the last look
    assert [bar["to"] for bar in bars[:-1]] == [bar["from"] for bar in bars[1:]]
    (mark,) = rows_of(spec, "point")
    assert (mark["kind"], mark["change"], mark["at"]) == ("release", "1.0 -> 1.1", ms(30))
    assert mark["time"] == "2026-01-02 00:30:00Z"


def test_several_devices_have_a_lane_each_in_the_order_they_are_named() -> None:
    spec = charts.timeline(tracked(), ["device-2", "device-1"]).to_dict()
    assert channels(spec, "y")[0]["sort"] == ["device-2", "device-1"]
    assert {bar["device"] for bar in rows_of(spec, "bar")} == {"device-1", "device-2"}
    assert spec["title"]["subtitle"] == "the first look to 2026-01-02 00:40:00Z"


def test_statuses_are_cut_to_the_time_that_is_drawn() -> None:
    rows = [
        status(0, 10, "Operational"),
        status(10, 40, "Disconnected"),
        status(40, None, "Frozen"),
    ]
    begin = BEGIN + timedelta(minutes=10)
    spec = draw_timelines([("kiosk", rows)], since=begin, until=BEGIN + timedelta(minutes=30))
    (bar,) = rows_of(spec.to_dict(), "bar")
    assert (bar["status"], bar["from"], bar["to"]) == ("Disconnected", ms(10), ms(30))
    assert (bar["since"], bar["lasted"]) == ("2026-01-02 00:10:00Z", "30 minutes")


def test_time_as_removed_is_empty_and_unknown_time_is_grey() -> None:
    rows = [status(0, 10, "Operational"), status(10, 20, "removed"), status(20, None, "unknown")]
    spec = draw_timelines([("kiosk", rows)], since=None, until=END).to_dict()
    assert [bar["status"] for bar in rows_of(spec, "bar")] == ["Operational", "unknown"]
    scale = channels(spec, "color")[0]["scale"]
    assert scale["domain"] == ["Operational", "unknown"]
    assert scale["range"] == [colour_of("Operational"), NO_COLOUR]


def test_unknown_is_the_last_of_the_statuses() -> None:
    rows = [status(0, 10, "unknown"), status(10, 20, "Operational")]
    lanes = draw_timelines([("kiosk", rows)], since=None, until=END).to_dict()
    time = {"seconds": 60.0, "share": 0.5}
    groups = [{"fleet": "a", "status": label, **time} for label in ("unknown", "Frozen")]
    shares = draw_times(groups).to_dict()
    domains = [channels(spec, "color")[0]["scale"]["domain"] for spec in (lanes, shares)]
    assert domains == [["Operational", "unknown"], ["Frozen", "unknown"]]


def test_marks_are_of_what_bars_do_not_show() -> None:
    rows = [
        status(0, None, "Operational"),
        change(1, "status", "Disconnected", "Operational"),
        change(2, "reason", "both-links", "cloudlink-only"),
        change(3, "restarted"),
        change(60, "update", None, "Done"),
        change(70, "renamed", "a", "b"),
    ]
    spec = draw_timelines([("kiosk", rows)], since=BEGIN + timedelta(minutes=3), until=END)
    marks = rows_of(spec.to_dict(), "point")
    assert [(mark["kind"], mark["change"]) for mark in marks] == [
        ("restarted", "-"),
        ("update", "Done"),
    ]


def test_shares_of_a_group_lie_end_to_end() -> None:
    tracker = tracked()
    spec = charts.time_in_status(tracker, by="device_name").to_dict()
    expected = [
        (row["device_name"], row["status"], row["share"])
        for row in tracker.time_in_status(by="device_name")
    ]
    bars = rows_of(spec, "bar")
    assert [(bar["group"], bar["status"], bar["share"]) for bar in bars] == expected
    for name in ("device-1", "device-2"):
        ends = [0.0, *(bar["end"] for bar in bars if bar["group"] == name)]
        assert [bar["start"] for bar in bars if bar["group"] == name] == pytest.approx(ends[:-1])
        assert ends[-1] == pytest.approx(1)
    assert [bar["middle"] for bar in bars] == pytest.approx(
        [(bar["start"] + bar["end"]) / 2 for bar in bars]
    )


def test_shares_are_of_the_time_that_is_asked_for() -> None:
    spec = charts.time_in_status(tracked(), by="device_name", since="20min").to_dict()
    assert {(bar["group"], bar["status"]) for bar in rows_of(spec, "bar")} == {
        ("device-1", "Operational"),
        ("device-1", "Disconnected"),
        ("device-2", "Operational"),
    }
    assert [bar["lasted"] for bar in rows_of(spec, "bar")] == ["10 minutes"] * 2 + ["20 minutes"]


def test_devices_are_named_by_their_names() -> None:
    bars = rows_of(charts.time_in_status(tracked()).to_dict(), "bar")
    assert {bar["group"] for bar in bars} == {"device-1", "device-2"}
    rows = [{"uuid": "abc", "device_name": None, "status": "Frozen", "seconds": 60.0, "share": 1.0}]
    (bar,) = rows_of(draw_times(rows).to_dict(), "bar")
    assert (bar["group"], bar["text"], bar["lasted"]) == ("abc", "100%", "1 minute")


def test_groups_of_several_columns_and_of_null_have_names() -> None:
    rows = [
        {"fleet": None, "release": "1.0", "status": None, "seconds": 30.0, "share": 0.05},
        {"fleet": None, "release": "1.0", "status": "Updating", "seconds": 570.0, "share": 0.95},
    ]
    bars = rows_of(draw_times(rows).to_dict(), "bar")
    assert {bar["group"] for bar in bars} == {"(none), 1.0"}
    assert [(bar["status"], bar["text"]) for bar in bars] == [("unknown", ""), ("Updating", "95%")]


def test_of_many_groups_those_that_were_disconnected_longest_are_drawn() -> None:
    rows = []
    for number in range(60):
        share = number / 100
        rows += [
            {"fleet": f"{number:02}", "status": "Operational", "seconds": 1.0, "share": 1 - share},
            {"fleet": f"{number:02}", "status": "Disconnected", "seconds": 1.0, "share": share},
        ]
    spec = draw_times(rows).to_dict()
    groups = list(dict.fromkeys(bar["group"] for bar in rows_of(spec, "bar")))
    assert groups == [f"{number:02}" for number in range(20, 60)]
    assert spec["title"]["subtitle"] == "the 40 of 60 that were disconnected longest"
    assert "subtitle" not in draw_times(rows[:4]).to_dict()["title"]


def test_a_tracker_that_has_not_looked_is_refused() -> None:
    with pytest.raises(ValueError, match="has not looked yet"):
        charts.timeline(fs.Tracker(), "kiosk")
    with pytest.raises(LookupError, match="nobody"):
        charts.timeline(tracked(), "nobody")


def test_nothing_to_draw_makes_an_empty_chart() -> None:
    assert rows_of(draw_times([]).to_dict(), "bar") == []
    assert rows_of(draw_timelines([], since=None, until=END).to_dict(), "bar") == []


def test_names_cannot_leave_the_script_of_a_page() -> None:
    name = f"</script><script>{HOSTILE}"
    lane = draw_timelines(
        [(name, [status(0, None, "Operational"), change(1, "renamed", name, name)])],
        since=None,
        until=END,
    )
    rows = [{"fleet": name, "status": "Operational", "seconds": 1.0, "share": 1.0}]
    for chart in (lane, draw_times(rows)):
        page = chart.to_json()
        assert "<script" not in page.replace("\\x3c", "")
        assert "\u202e" not in page
        assert "</" not in page


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
def test_charts_can_be_drawn(form: str, tmp_path: Any) -> None:
    for name, chart in (
        ("timeline", charts.timeline(tracked(), ["device-1", "device-2"])),
        ("times", charts.time_in_status(tracked(), by="fleet")),
    ):
        path = tmp_path / f"{name}.{form}"
        chart.save(path)
        assert path.stat().st_size > 1_000
