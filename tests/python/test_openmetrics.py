"""Metrics of devices: what two parsers read is what plain loops count, whatever the names are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric
from prometheus_client.openmetrics import parser as openmetrics_parser
from prometheus_client.parser import text_string_to_metric_families

import fleetstatus as fs
from a_week import answer
from command_line import disconnected, of_fleet, record
from fleetstatus import _core
from oracle_metrics import Metrics, counts_of, key, listed_in, told_in
from promtool import check_metrics

NOW = "2026-01-02T00:00:00Z"
NASTY = '\\"\n\r\t\0{}=,# é\u2028\u202e\x1b'
DAYS_AGO = "2025-12-30T00:00:00Z"
FORMS: list[dict[str, Any]] = [
    record(),
    disconnected(),
    disconnected(changed_api_heartbeat_state_on__date=None),
    record(is_frozen=True),
    record(is_active=False),
    record(update_status="rejected", last_update_status_event=DAYS_AGO),
    record(update_status="downloading", last_update_status_event=DAYS_AGO),
    record(update_status="done", last_update_status_event=None),
    record(
        is_connected_to_vpn=False,
        last_connectivity_event=None,
        api_heartbeat_state="unknown",
        created_at="2025-11-01T00:00:00.250Z",
    ),
    record(is_connected_to_vpn=False, api_heartbeat_state="online"),
    record(overall_status="disconnected"),
    record(overall_status="idle"),
    record(api_heartbeat_state="asleep"),
    record(provisioning_progress=3, provisioning_state="Update failed"),
    record(
        is_running__release=[{"id": 1, "commit": "a" * 40}],
        should_be_running__release=[{"id": 2, "commit": "b" * 40}],
    ),
]
names = st.none() | st.text(max_size=5) | st.text(alphabet=NASTY, max_size=6)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    one = dict(draw(st.sampled_from(FORMS)))
    one["uuid"] = draw(st.sampled_from(["a", "b", "c", None]) | names)
    one["device_name"] = draw(st.sampled_from(["x", "y"]) | names)
    slug = draw(st.sampled_from(["acme/a", "acme/b"]) | names)
    if slug is None:
        return {**one, "belongs_to__application": []}
    return of_fleet(slug, **one)


tables = st.builds(
    lambda some, scheme: fs.classify(
        some, now=NOW, on_error="keep", allow_missing="all", scheme=scheme
    ),
    st.lists(records(), max_size=12),
    st.sampled_from(["docs-2024-11", "docs-2021", "api-v7"]),
)


def samples(families: Any) -> Metrics:
    found: Metrics = {}
    for family in families:
        assert isinstance(family, Metric)
        for sample in family.samples:
            one = key(sample.name, **sample.labels)
            assert one not in found, "a sample twice"
            found[one] = sample.value
    return found


def read(text: str) -> Metrics:
    return samples(text_string_to_metric_families(text))


def read_openmetrics(text: str) -> Metrics:
    return samples(openmetrics_parser.text_string_to_metric_families(text))


@pytest.mark.slow
@given(tables, st.sampled_from(["none", "attention", "all"]), st.integers(0, 14))
def test_both_parsers_read_what_plain_loops_count(
    table: fs.StatusTable, detail: Any, limit: int
) -> None:
    wanted = counts_of(table) | listed_in(table, detail, limit)
    assert read(fs.openmetrics(table, detail=detail, limit=limit)) == wanted
    text = fs.openmetrics(table, detail=detail, limit=limit, format="openmetrics")
    assert read_openmetrics(text) == wanted
    assert text.endswith("\n# EOF\n")


def test_the_sample_fleet_is_counted() -> None:
    table = fs.classify(fs.sample_fleet())
    found = read(fs.openmetrics(table, detail="all", limit=None))
    assert found == counts_of(table) | listed_in(table, "all", 1000)
    assert sum(value for (name, _), value in found.items() if name == "fleetstatus_devices") == 300
    assert found[key("fleetstatus_disagreeing_devices")] == len(table.disagreements()) == 3


def test_devices_are_listed_worst_first_up_to_the_limit() -> None:
    table = fs.classify(fs.sample_fleet())
    lines = fs.openmetrics(table, limit=20).splitlines()
    listed = [line for line in lines if line.startswith("fleetstatus_device_attention{")]
    worst = table.attention()[:20]["uuid"].to_list()
    assert [line.split('"')[3] for line in listed] == worst
    assert f"fleetstatus_devices_omitted {len(table.attention()) - 20}" in lines


def test_those_that_need_none_come_last_with_an_empty_class_and_0() -> None:
    table = fs.classify([record(), disconnected(uuid="b")], now=NOW, allow_missing="all")
    lines = fs.openmetrics(table, detail="all").splitlines()
    listed = [line for line in lines if line.startswith("fleetstatus_device_attention{")]
    assert listed[0].endswith('attention="disconnected"} 1')
    assert listed[1].endswith('attention=""} 0')


def test_of_one_uuid_the_last_row_counts() -> None:
    both = [disconnected(), record()]
    found = read(fs.openmetrics(fs.classify(both, now=NOW, allow_missing="all")))
    assert found[key("fleetstatus_devices", fleet="acme/test", status="Disconnected")] == 0
    assert found[key("fleetstatus_devices", fleet="acme/test", status="Operational")] == 1


def test_devices_that_nothing_tells_apart_are_one_series() -> None:
    same = [disconnected(uuid=None, device_name=None), disconnected(uuid=None, device_name="")]
    found = read(fs.openmetrics(fs.classify(same, now=NOW, allow_missing="all")))
    assert found[key("fleetstatus_devices_omitted")] == 1
    assert found[key("fleetstatus_devices", fleet="acme/test", status="Disconnected")] == 2


def test_what_the_data_cannot_tell_is_left_out() -> None:
    text = fs.openmetrics([record(overall_status=None)])
    assert "off_target" not in text
    assert "disagreeing" not in text
    assert "fleetstatus_unreadable_devices 0\n" in text


def test_an_empty_table_has_no_fleets() -> None:
    found = read(fs.openmetrics(fs.classify([], now=NOW)))
    assert not [name for name, labels in found if labels]
    assert found[key("fleetstatus_unreadable_devices")] == 0


def test_names_stay_what_they_are() -> None:
    table = fs.classify([disconnected(device_name=NASTY)], now=NOW, allow_missing="all")
    for text, parse in (
        (fs.openmetrics(table), read),
        (fs.openmetrics(table, format="openmetrics"), read_openmetrics),
    ):
        labels = [dict(labels) for name, labels in parse(text) if name.endswith("_attention")]
        assert [one["device_name"] for one in labels] == [NASTY]


@pytest.mark.parametrize("year", [1969, 1971, 2286])
def test_moments_are_exact_to_the_millisecond(year: int) -> None:
    moment = datetime(year, 12, 31, 23, 59, 59, 70_000, tzinfo=UTC)
    text = fs.openmetrics(fs.classify([record()], now=moment, allow_missing="all"))
    lines = dict(line.split() for line in text.splitlines() if "{" not in line and line[0] != "#")
    told = lines["fleetstatus_snapshot_timestamp_seconds"]
    assert told == f"{moment.timestamp():.2f}"


def test_a_source_is_read_with_its_bad_records() -> None:
    text = fs.openmetrics([record(api_heartbeat_state="asleep")])
    assert "fleetstatus_unreadable_devices 1\n" in text


def test_of_the_metrics_of_the_week_promtool_has_no_complaint() -> None:
    devices = fs.classify(answer("2026-11-04T03:40Z"))
    check_metrics(fs.openmetrics(devices, detail="all", changes=fs.diff(devices, devices)))
    hostile = fs.classify([disconnected(device_name=NASTY)], now=NOW, allow_missing="all")
    check_metrics(fs.openmetrics(hostile))


# Changes


def look_at_the_week() -> fs.Tracker:
    tracker = fs.Tracker()
    for day in ("03T03:00", "04T03:00", "04T03:40", "04T03:50", "04T05:20", "05T05:20"):
        tracker.update(answer(f"2026-11-{day}Z"), max_removed=1.0)
    return tracker


@pytest.mark.slow
def test_changes_are_counted() -> None:
    old, new = (fs.classify(answer(f"2026-11-0{day}T03:40Z")) for day in (3, 4))
    changes = fs.diff(old, new)
    assert len(changes) > 40
    found = read(fs.openmetrics(new, changes=changes, detail="none"))
    assert found == counts_of(new) | told_in(new, changes.to_dicts())
    text = fs.openmetrics(new, changes=changes, detail="none", format="openmetrics")
    assert read_openmetrics(text) == found


@pytest.mark.slow
def test_a_tracker_counts_all_that_it_has_told() -> None:
    tracker = look_at_the_week()
    devices = tracker.devices
    told = tracker.changes().to_dicts()
    found = read(fs.openmetrics(devices, changes=tracker, detail="none"))
    assert found == counts_of(devices) | told_in(devices, told)
    outage = key("fleetstatus_changes_total", fleet="northwind/greenhouse", kind="outage", after="")
    assert found[outage] == 1


def test_counters_of_a_tracker_outlive_its_log(tmp_path: Any) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, keep="1d", hold="0s") as tracker:
        for hour in (0, 1, 200):
            moment = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=hour)
            is_down = hour == 1
            one = disconnected() if is_down else record()
            tracker.update(fs.classify([one], now=moment, allow_missing="all"))
        tracker.compact()
        before = fs.openmetrics(tracker.devices, changes=tracker)
    down = 'fleetstatus_changes_total{fleet="acme/test",kind="status",after="Disconnected"} 1'
    with fs.Tracker(path) as tracker:
        assert not len(tracker.changes(until="1h").where(after="Disconnected"))
        assert down in before
        assert fs.openmetrics(tracker.devices, changes=tracker) == before


def test_names_and_releases_are_no_labels_of_changes() -> None:
    old, new = (
        fs.classify([record(device_name=name)], now=now, allow_missing="all")
        for name, now in (("secret-lab", NOW), ("other", "2026-01-02T00:01:00Z"))
    )
    text = fs.openmetrics(new, changes=fs.diff(old, new))
    assert 'kind="renamed",after=""} 1' in text
    assert 'after="other"' not in text


# Arguments


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"detail": "some"}, "detail is 'some', expected 'none' or 'attention' or 'all'"),
        ({"format": "json"}, "format is 'json'"),
        ({"limit": -1}, "limit is -1"),
    ],
)
def test_another_word_is_an_error(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fs.openmetrics([], **options)


def test_changes_are_changes_or_a_tracker() -> None:
    with pytest.raises(TypeError, match="changes is a list, expected Changes, a Tracker or None"):
        fs.openmetrics([], changes=[])  # type: ignore[arg-type]


def test_what_holds_no_devices_is_an_error() -> None:
    with pytest.raises(fs.NotDevicesError):
        fs.openmetrics(b'{"error": "Unauthorized"}')


@pytest.mark.slow
def test_each_family_has_help_type_and_unit() -> None:
    week = answer("2026-11-04T03:40Z")
    text = fs.openmetrics(week, changes=look_at_the_week(), format="openmetrics")
    lines = text.splitlines()
    for name, kind, unit, _, words in _core.metric_families():
        if name in {"fleetstatus_up", "fleetstatus_fetch_seconds"}:
            assert f"# HELP {name} " not in text
            continue
        assert f"# HELP {name} {words}" in lines
        assert f"# TYPE {name} {kind}" in lines
        assert (f"# UNIT {name} {unit}" in lines) == bool(unit)
        assert name.endswith(unit)
        assert not set(words) & set('\\"\n')
    plain = fs.openmetrics(week, changes=look_at_the_week())
    assert "# TYPE fleetstatus_changes_total counter" in plain.splitlines()
    assert "# UNIT" not in plain
    assert "# EOF" not in plain
