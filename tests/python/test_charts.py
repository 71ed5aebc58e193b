"""Charts show what tables and summaries say, in their order, whatever the table."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of
from fleetstatus import charts
from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import in_devices

ROOT = Path(fs.__file__).parents[1]
Spec = dict[str, Any]

DEVICES = fs.classify(fs.sample_fleet())
CHARTS: dict[str, Any] = {
    "overview": charts.status_overview,
    "overview by fleet": lambda table: charts.status_overview(table, by="fleet"),
    "pipeline": charts.update_pipeline,
    "durations": charts.durations,
    "update durations": lambda table: charts.durations(table, of="update_status"),
}
HOSTILE = "<script>alert(1)</script>\u202e\x1b[2J" + "x" * 400


def panels(spec: Spec) -> list[Spec]:
    listed: list[Spec] = spec.get("hconcat", [spec])
    return listed


def rows_of(spec: Spec, mark: str) -> list[Spec]:
    """Rows that the marks of a kind draw."""
    rows = []
    for panel in panels(spec):
        for layer in panel["layer"]:
            if layer["mark"]["type"] == mark:
                data = layer.get("data") or panel.get("data") or spec["data"]
                rows += spec["datasets"][data["name"]] if "name" in data else data["values"]
    return rows


def channels(spec: Spec, name: str) -> list[Spec]:
    layers = (layer for panel in panels(spec) for layer in panel["layer"])
    return [layer["encoding"][name] for layer in layers if name in layer["encoding"]]


def measures(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# The numbers


def test_the_overview_has_the_counts_of_the_summary() -> None:
    spec = charts.status_overview(DEVICES).to_dict()
    expected = [row for row in DEVICES.summary() if row["devices"]]
    drawn = rows_of(spec, "bar")
    assert len(expected) > 5
    assert measures(drawn, "label", "devices", "share") == measures(
        expected, "label", "devices", "share"
    )
    assert {row["group"] for row in drawn} == {"all devices"}


def test_groups_have_the_counts_of_the_summary() -> None:
    spec = charts.status_overview(DEVICES, by="fleet").to_dict()
    expected = [row for row in DEVICES.summary(by="fleet") if row["devices"]]
    assert measures(rows_of(spec, "bar"), "group", "label", "devices", "share") == measures(
        expected, "fleet", "label", "devices", "share"
    )


@pytest.mark.parametrize("by", [None, "fleet", ["fleet", "update_status"]])
def test_segments_lie_end_to_end(by: Any) -> None:
    spec = charts.status_overview(DEVICES, by=by).to_dict()
    ends: dict[str, int] = {}
    for row in rows_of(spec, "bar"):
        assert row["start"] == ends.get(row["group"], 0)
        assert row["end"] - row["start"] == row["devices"]
        assert row["middle"] == (row["start"] + row["end"]) / 2
        ends[row["group"]] = row["end"]
    totals = [row for row in rows_of(spec, "text") if "start" not in row]
    assert {row["group"]: row["devices"] for row in totals} == ends
    assert sum(ends.values()) == len(DEVICES)


def test_counts_are_written_where_there_is_room() -> None:
    rows = rows_of(charts.status_overview(DEVICES).to_dict(), "bar")
    texts = {row["label"]: row["text"] for row in rows}
    assert texts["Operational"] == "225"
    assert texts["Post Provisioning"] == ""  # 3 of 300: 6 of 620 pixels


def test_the_legend_tells_all_counts() -> None:
    legend = channels(charts.status_overview(DEVICES, by="fleet").to_dict(), "color")[0]["legend"]
    for row in DEVICES.summary():
        assert f'"{row["label"]}\\u2002{row["devices"]:,}"' in legend["labelExpr"]


def test_the_pipeline_has_counts_and_durations_of_the_summary() -> None:
    spec = charts.update_pipeline(DEVICES).to_dict()
    expected = DEVICES.summary(of="update_status").to_dicts()
    assert expected.pop()["label"] is None
    unknown = rows_of(spec, "bar")[-1]
    assert (unknown["label"], unknown["median"], unknown["text"]) == ("unknown", "not known", "")
    for mark in ("bar", "point"):
        names = ("label", "devices", "share")
        assert measures(rows_of(spec, mark)[:-1], *names) == measures(expected, *names)
        assert measures(rows_of(spec, mark)[:-1], "median_s", "p95_s") == measures(
            expected, "median_duration_s", "p95_duration_s"
        )


@pytest.mark.parametrize("of", ["status", "update_status"])
def test_durations_count_each_device_once(of: Any) -> None:
    spec = charts.durations(DEVICES, of=of).to_dict()
    pairs = zip(DEVICES[of], DEVICES[f"{of}_duration_s"], strict=True)
    known = [(label, seconds) for label, seconds in pairs if seconds is not None]
    bins = rows_of(spec, "bar")
    for label in {label for label, _ in known}:
        durations = [seconds for other, seconds in known if other == label]
        for row in (row for row in bins if row["label"] == label):
            inside = [s for s in durations if row["from_s"] <= max(s, 1) < row["to_s"]]
            assert row["devices"] == len(inside)
            assert row["share"] == len(inside) / len(durations)
    assert sum(row["devices"] for row in bins) == len(known)
    assert f"not known for {len(DEVICES) - len(known)}" in spec["title"]["subtitle"]


@pytest.mark.parametrize("of", ["status", "update_status"])
def test_medians_are_those_of_the_summary(of: Any) -> None:
    lines = rows_of(charts.durations(DEVICES, of=of).to_dict(), "rule")
    expected = [row for row in DEVICES.summary(of=of) if row["median_duration_s"] is not None]
    assert measures(lines, "label", "median_s") == measures(expected, "label", "median_duration_s")


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        (timedelta(0), "less than 2 seconds"),
        (timedelta(minutes=10), "10 minutes to 30 minutes"),
        (timedelta(hours=2), "2 hours to 6 hours"),
        (timedelta(days=36_525), "3650 days or more"),
    ],
)
def test_bins_are_told_in_words(lasted: timedelta, words: str) -> None:
    since = (NOW - lasted).isoformat()
    table = table_of({"update_status": "done", "last_update_status_event": since})
    (row,) = rows_of(charts.durations(table, of="update_status").to_dict(), "bar")
    assert row["durations"] == words
    assert row["devices"] == 1


# Labels, order and colours


@pytest.mark.slow
@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_labels_keep_the_order_and_colours_of_the_scheme(scheme: fs.StatusScheme) -> None:
    table = fs.classify(fs.sample_fleet(), scheme=scheme, allow_missing="all")
    scale = channels(charts.status_overview(table, by="fleet").to_dict(), "color")[0]["scale"]
    assert tuple(scale["domain"]) == scheme.labels
    assert scale["range"] == [colour_of(label) for label in scheme.labels]
    assert {row["label"] for row in rows_of(charts.status_overview(table).to_dict(), "bar")} <= set(
        scheme.labels
    )


def test_update_statuses_keep_their_order() -> None:
    spec = charts.update_pipeline(DEVICES).to_dict()
    for place in channels(spec, "y"):
        assert place["sort"] == [*fs.UpdateStatus, "unknown"]
    for colour in channels(spec, "color"):
        if "scale" in colour:
            assert colour["scale"]["range"][:-1] == [colour_of(one) for one in fs.UpdateStatus]


def test_null_is_shown_as_unknown() -> None:
    table = table_of({"api_heartbeat_state": "odd"}, {}, on_error="keep")
    spec = charts.status_overview(table).to_dict()
    assert measures(rows_of(spec, "bar"), "label", "devices") == [
        ("Operational", 1),
        ("unknown", 1),
    ]
    assert channels(spec, "color")[0]["scale"]["domain"][-1] == "unknown"


def test_groups_without_a_name_and_own_groups() -> None:
    spec = charts.status_overview(table_of({}, {}), by=["north", None]).to_dict()
    assert [row["group"] for row in rows_of(spec, "bar")] == ["north", "(none)"]


def test_of_many_groups_the_largest_are_drawn() -> None:
    records = [device_record(device_name=f"{number:02}") for number in range(60)]
    table = fs.classify([*records, *records[50:]], now=NOW)
    spec = charts.status_overview(table, by="device_name").to_dict()
    drawn = [row["group"] for row in rows_of(spec, "bar")]
    assert drawn == [f"{number:02}" for number in (*range(30), *range(50, 60))]
    assert "the 40 largest of 60 groups" in spec["title"]["subtitle"]


# As pictures


def table_of_one(**changes: Any) -> fs.StatusTable:
    return table_of(changes)


TABLES = {
    "sample": DEVICES,
    "empty": DEVICES[:0],
    "one": table_of_one(),
    "no durations": table_of_one(changed_api_heartbeat_state_on__date=None),
    "hostile": table_of_one(belongs_to__application={"slug": HOSTILE}, update_status="done"),
    "bad": fs.classify([{"device_name": 5}], now=NOW, allow_missing="all", on_error="keep"),
}


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_table_gives_a_picture(chart: Any, table: fs.StatusTable, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    chart(table).save(str(path))
    picture = path.read_text(encoding="utf-8")
    assert "<svg" in picture
    assert "<script" not in picture
    assert "NaN" not in picture
    assert "\u202e" not in picture
    assert "\x1b" not in picture
    assert picture.count("http") == picture.count("http://www.w3.org/")
    assert in_devices(len(table)) in picture or "How long devices" in picture


def test_no_name_ends_the_script_that_holds_a_chart() -> None:
    table = table_of_one(belongs_to__application={"slug": "</script><script>alert(1)</script>"})
    chart = charts.status_overview(table, by="fleet")
    page = chart.to_html()
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "</script><script>" not in page.replace("\n", "")


def test_an_empty_table_gives_zeros() -> None:
    spec = charts.update_pipeline(DEVICES[:0]).to_dict()
    assert [row["devices"] for row in rows_of(spec, "bar")] == [0] * len(fs.UpdateStatus)
    assert rows_of(charts.status_overview(DEVICES[:0]).to_dict(), "bar") == []
    assert rows_of(charts.durations(DEVICES[:0]).to_dict(), "bar") == []


@pytest.mark.slow
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_charts_suit_any_page(chart: Any) -> None:
    spec = chart(DEVICES).to_dict()
    assert spec["config"]["background"] == "transparent"
    assert spec["title"]["subtitle"].startswith("docs-2024-11, as of 2026-11-01 12:00:00Z")


def test_only_statuses_and_update_statuses_have_durations() -> None:
    with pytest.raises(ValueError, match="of is 'reason', expected 'status' or 'update_status'"):
        charts.durations(DEVICES, of="reason")  # type: ignore[arg-type]


# Without Altair

WITHOUT_ALTAIR = """
import sys
sys.path.insert(0, {root!r})
sys.modules["altair"] = None
import fleetstatus
try:
    import fleetstatus.charts
except ImportError as error:
    print(error)
"""


def test_without_altair_one_line_says_how_to_install_it() -> None:
    command = [sys.executable, "-I", "-W", "error", "-c", WITHOUT_ALTAIR.format(root=str(ROOT))]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    expected = 'fleetstatus.charts needs Altair: pip install "fleetstatus[notebook]"\n'
    assert run.stdout == expected


@pytest.mark.slow
def test_charts_need_neither_pandas_nor_numpy() -> None:
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
sys.modules["pandas"] = None
import fleetstatus as fs
from fleetstatus import charts
charts.status_overview(fs.classify(fs.sample_fleet()), by="fleet").to_json()
assert "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-I", "-c", script], check=True)
