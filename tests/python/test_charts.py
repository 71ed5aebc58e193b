"""Charts show what tables and summaries say, in their order, whatever the table."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of
from fleetstatus import charts
from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import in_devices
from fleetstatus.charts._vocabularies import words_of

ROOT = Path(fs.__file__).parents[1]
Spec = dict[str, Any]

DEVICES = fs.classify(fs.sample_fleet())
CHARTS: dict[str, Any] = {
    "overview": charts.status_overview,
    "overview by fleet": lambda table: charts.status_overview(table, by="fleet"),
    "pipeline": charts.update_pipeline,
    "durations": charts.durations,
    "schemes": lambda table: charts.status_overview(table, schemes=["docs-2024-11", "api-v7"]),
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


def held(of: str) -> dict[str, list[tuple[int, str]]]:
    """Durations that are known of each label, shortest first, with the names of the devices."""
    found: dict[str, list[tuple[int, str]]] = {}
    for label, seconds, name in zip(
        DEVICES[of], DEVICES[f"{of}_duration_s"], DEVICES["device_name"], strict=True
    ):
        if seconds is not None:
            found.setdefault(label, []).append((seconds, name))
    return {label: sorted(devices) for label, devices in found.items()}


def test_the_pipeline_has_the_counts_of_the_summary() -> None:
    spec = charts.update_pipeline(DEVICES).to_dict()
    expected = DEVICES.summary(of="update_status").to_dicts()
    assert expected.pop()["label"] is None
    unknown = rows_of(spec, "bar")[-1]
    assert (unknown["label"], unknown["median"], unknown["text"]) == ("unknown", "not known", "")
    names = ("label", "devices", "share")
    assert measures(rows_of(spec, "bar")[:-1], *names) == measures(expected, *names)


def test_the_pipeline_draws_many_devices_as_a_line_and_few_as_dots() -> None:
    spec = charts.update_pipeline(DEVICES).to_dict()
    (done,) = rows_of(spec, "rule")
    expected = DEVICES.summary(of="update_status").to_dicts()[0]
    assert (done["label"], done["median_s"], done["p95_s"], done["text"]) == (
        "Done",
        expected["median_duration_s"],
        expected["p95_duration_s"],
        "2 days",
    )
    point, *dots = rows_of(spec, "point")
    assert point == done
    assert measures(dots, "label", "held_s", "device") == [
        (label, *device)
        for label, devices in sorted(held("update_status").items(), key=lambda one: order(one[0]))
        for device in devices
        if label != "Done"
    ]


def order(label: str) -> int:
    return list(fs.UpdateStatus).index(fs.UpdateStatus(label))


def test_the_pipeline_says_from_when_to_when() -> None:
    spec = charts.update_pipeline(DEVICES).to_dict()
    texts = [row for row in rows_of(spec, "text") if "text_s" in row]
    said = {row["label"]: (row["text"], row["text_s"]) for row in texts}
    assert said["Downloading"] == ("1 minute to 3 days", 74)
    assert said["Aborted"][0] == "2 days"
    assert said["unknown"] == ("", None)


def updated(*minutes: int) -> fs.StatusTable:
    """Devices that finished an update so many minutes ago."""
    return table_of(
        *(
            {
                "device_name": f"device-{number}",
                "update_status": "done",
                "last_update_status_event": (NOW - timedelta(minutes=since)).isoformat(),
            }
            for number, since in enumerate(minutes)
        )
    )


@pytest.mark.slow
@pytest.mark.parametrize(("n_devices", "n_dots"), [(1, 1), (30, 30), (31, 0)])
def test_more_than_thirty_devices_are_many(n_devices: int, n_dots: int) -> None:
    table = updated(*range(1, n_devices + 1))
    spec = charts.durations(table, of="update_status").to_dict()
    assert len(rows_of(spec, "point")) == n_dots
    assert bool(rows_of(spec, "bar")) is not bool(n_dots)
    assert len(rows_of(spec, "rule")) == (not n_dots)
    said = spec["title"]["subtitle"]
    assert ("dot: one device" in said, "stroke: median" in said) == (bool(n_dots), not n_dots)
    spec = charts.update_pipeline(table).to_dict()
    assert len([row for row in rows_of(spec, "point") if "device" in row]) == n_dots
    said = spec["title"]["subtitle"]
    assert ("dot: one device" in said, "median" in said) == (bool(n_dots), not n_dots)


def test_dots_that_would_overlap_lie_above_each_other() -> None:
    spec = charts.durations(updated(60, 1, 60, 61, 1440), of="update_status").to_dict()
    dots = rows_of(spec, "point")
    assert measures(dots, "device", "y") == [
        ("device-1", pytest.approx(0.9)),
        ("device-0", pytest.approx(0.9)),
        ("device-2", pytest.approx(0.7)),
        ("device-3", pytest.approx(0.5)),
        ("device-4", pytest.approx(0.9)),
    ]


def test_the_highest_dot_stays_on_its_line() -> None:
    dots = rows_of(charts.durations(updated(*[5] * 30), of="update_status").to_dict(), "point")
    assert len({row["y"] for row in dots}) == 30
    assert all(0.2 < row["y"] < 1 for row in dots)


def test_a_dot_without_a_name_has_the_uuid() -> None:
    table = table_of({"device_name": None, "uuid": "ab" * 16}, {"device_name": None, "uuid": None})
    dots = rows_of(charts.durations(table).to_dict(), "point")
    assert sorted(row["device"] for row in dots) == ["(no name)", "ab" * 16]


@pytest.mark.parametrize("of", ["status", "update_status"])
def test_durations_count_each_device_once(of: Any) -> None:
    spec = charts.durations(DEVICES, of=of).to_dict()
    bins, dots = rows_of(spec, "bar"), rows_of(spec, "point")
    n_known = 0
    for label, devices in held(of).items():
        n_known += len(devices)
        drawn = [(row["held_s"], row["device"]) for row in dots if row["label"] == label]
        if len(devices) <= 30:
            assert drawn == [(max(seconds, 1), name) for seconds, name in devices]
            continue
        assert not drawn
        for row in (row for row in bins if row["label"] == label):
            inside = [s for s, _ in devices if row["from_s"] <= max(s, 1) < row["to_s"]]
            assert row["devices"] == len(inside)
            assert row["share"] == len(inside) / len(devices)
    assert sum(row["devices"] for row in bins) + len(dots) == n_known
    assert f"not known for {len(DEVICES) - n_known}" in spec["title"]["subtitle"]


@pytest.mark.parametrize("of", ["status", "update_status"])
def test_medians_are_those_of_the_summary(of: Any) -> None:
    lines = rows_of(charts.durations(DEVICES, of=of).to_dict(), "rule")
    expected = [row for row in DEVICES.summary(of=of) if len(held(of).get(row["label"], [])) > 30]
    assert len(expected) == 1
    assert measures(lines, "label", "median_s") == measures(expected, "label", "median_duration_s")


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        (timedelta(0), "less than 2 seconds"),
        (timedelta(minutes=10), "10 minutes to 30 minutes"),
        (timedelta(hours=2), "2 hours to 6 hours"),
        (timedelta(days=36_525), "3,650 days or more"),
    ],
)
def test_bins_are_told_in_words(lasted: timedelta, words: str) -> None:
    since = (NOW - lasted).isoformat()
    devices = [{"update_status": "done", "last_update_status_event": since}] * 31
    (row,) = rows_of(charts.durations(table_of(*devices), of="update_status").to_dict(), "bar")
    assert row["durations"] == words
    assert row["devices"] == 31


# In the words of several schemes

SCHEMES = (
    fs.StatusScheme.DOCS_2024_11,
    fs.StatusScheme.DOCS_2022,
    fs.StatusScheme.API_V6,
)


def test_words_of_schemes_count_each_device_once() -> None:
    spec = charts.status_overview(DEVICES, schemes=SCHEMES).to_dict()
    tables = [DEVICES.as_scheme(scheme) for scheme in SCHEMES]
    expected = Counter(zip(*(table["status"] for table in tables), strict=True))
    cells = rows_of(spec, "rect")
    rows: dict[int, list[Spec]] = {}
    for cell in cells:
        rows.setdefault(cell["row"], []).append(cell)
    assert all([cell["scheme"] for cell in row] == list(SCHEMES) for row in rows.values())
    drawn = {tuple(cell["label"] for cell in row): row[0]["devices"] for row in rows.values()}
    assert drawn == expected
    counts = [row for row in rows_of(spec, "text") if "scheme" not in row]
    assert measures(counts, "devices") == [(row[0]["devices"],) for row in rows.values()]
    assert {cell["label"]: cell["colour"] for cell in cells} == {
        cell["label"]: colour_of(cell["label"]) for cell in cells
    }
    assert spec["title"]["text"] == "300 devices in the words of 3 schemes"


def test_rows_of_words_have_the_order_of_the_labels() -> None:
    cells = rows_of(charts.status_overview(DEVICES, schemes=SCHEMES).to_dict(), "rect")
    first = [cell["label"] for cell in cells if cell["scheme"] == "docs-2024-11"]
    labels = fs.StatusScheme.DOCS_2024_11.labels
    assert first == sorted(first, key=labels.index)
    assert len(set(first)) == 8


def test_long_words_have_two_lines() -> None:
    cells = rows_of(charts.status_overview(DEVICES, schemes=SCHEMES).to_dict(), "rect")
    texts = {cell["label"]: cell["text"] for cell in cells}
    assert texts["Operational"] == "Operational"
    assert texts["Online (Heartbeat Only)"] == "Online\n(Heartbeat Only)"
    assert texts["post-provisioning"] == "post-\nprovisioning"


def test_of_many_combinations_the_most_frequent_are_drawn() -> None:
    drawn = words_of([DEVICES.as_scheme(scheme) for scheme in SCHEMES[:2]], most_rows=2)
    assert drawn.n_rows == 10
    assert [row["devices"] for row in drawn.counts] == [199, 26]


def test_a_device_without_a_status_is_unknown_in_other_words_too() -> None:
    table = table_of({"api_heartbeat_state": "odd"}, {}, on_error="keep")
    cells = rows_of(charts.status_overview(table, schemes=SCHEMES[:2]).to_dict(), "rect")
    assert [cell["label"] for cell in cells] == ["Operational", "Online", "unknown", "unknown"]


def test_groups_and_schemes_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="give by= or schemes=, not both"):
        charts.status_overview(DEVICES, by="fleet", schemes=SCHEMES)


def test_a_scheme_that_needs_other_fields_says_so() -> None:
    with pytest.raises(fs.MissingFieldsError, match="current_services"):
        charts.status_overview(DEVICES, schemes=["library-2020"])


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
    assert "as of 2026-11-01 12:00:00Z" in spec["title"]["subtitle"]
    if chart is not CHARTS["schemes"]:
        assert spec["title"]["subtitle"].startswith("docs-2024-11, ")


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
