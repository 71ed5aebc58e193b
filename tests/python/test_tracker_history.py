"""What the log answers, on tiny logs: written by hand where looks would take long to lead there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest

import fleetstatus as fs
from tracker_looks import START, TELLS_ALL, at, change, look, ms, query, record, up_or_down

if TYPE_CHECKING:
    from pathlib import Path

UP, DOWN = "Reduced Functionality", "Disconnected"
Span = tuple[str, float, float | None, str, str | None]


def write_log(path: Path, *spans: Span, last: float = 100, **fleets: str) -> None:
    """Write a log of devices, given as device, first and last minute, reason and status.

    All are read at minute 0 and at the last one.
    """
    names = sorted({span[0] for span in spans})
    records = [record(name, fleet=fleets.get(name, "acme/kiosk")) for name in names]
    with fs.Tracker(path, gap="52w") as tracker:
        tracker.update(look(0, *records))
        tracker.update(look(last, *records))
        tracker.compact()
    for name, first, until, reason, status in spans:
        [[device]] = query(path, "SELECT device FROM devices WHERE uuid = ?", name)
        texts = ["NULL" if text is None else f"'{text}'" for text in (reason, status)]
        if until is not None:
            values = (str(device), str(ms(first)), str(ms(until)), *texts)
            change(path, f"INSERT INTO ended_spans VALUES({', '.join(values)})")
        else:
            new = f"span_first = {ms(first)}, reason = {texts[0]}, status = {texts[1]}"
            change(path, f"UPDATE kept_devices SET {new} WHERE device = {device}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a log of a device with a gap, one that was away, and one that was down all the time."""
    path = tmp_path / "fleet.db"
    write_log(
        path,
        ("aaaa", -60, 30, "online", UP),
        ("aaaa", 30, 40, "no-link", DOWN),
        ("aaaa", 60, None, "online", UP),  # unknown from 40 to 60
        ("bbbb", 0, 20, "online", UP),
        ("bbbb", 20, 80, "removed", None),
        ("bbbb", 80, None, "no-link", DOWN),
        ("cccc", -1000, None, "no-link", DOWN),
        cccc="acme/gate",
    )
    return path


def opened(path: Path, **options: Any) -> fs.Tracker:
    return fs.Tracker(path, **{"gap": "52w", **options})


def minutes_in(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    """Pick some columns of each row, seconds as minutes."""
    return [(*(row[name] for name in names), row["status"], row["seconds"] / 60) for row in rows]


# Time in status


def test_time_in_status_of_each_device(path: Path) -> None:
    rows = opened(path).time_in_status()
    assert rows.columns == ("uuid", "device_name", "status", "seconds", "share")
    # aaaa: 30 up to minute 30, then 40 up from 60 on; the look at 0 is where it begins.
    assert minutes_in(rows, "uuid") == [
        ("aaaa", UP, 70),
        ("aaaa", DOWN, 10),
        ("aaaa", "unknown", 20),
        ("bbbb", UP, 20),
        ("bbbb", DOWN, 20),
        ("cccc", DOWN, 100),
    ]
    assert rows["share"].to_list() == [0.7, 0.1, 0.2, 0.5, 0.5, 1.0]
    assert rows["device_name"][0] == "name-aaaa"


def test_time_in_status_by_a_column(path: Path) -> None:
    rows = opened(path).time_in_status(by="fleet")
    assert rows.columns == ("fleet", "status", "seconds", "share")
    assert minutes_in(rows, "fleet") == [
        ("acme/kiosk", UP, 90),
        ("acme/kiosk", DOWN, 30),
        ("acme/kiosk", "unknown", 20),
        ("acme/gate", DOWN, 100),
    ]
    assert rows["share"].to_list() == [90 / 140, 30 / 140, 20 / 140, 1.0]


def test_time_in_status_by_several_columns(path: Path) -> None:
    rows = opened(path).time_in_status(by=["fleet", "heartbeat_state"])
    assert rows.columns[:3] == ("fleet", "heartbeat_state", "status")
    assert {row["heartbeat_state"] for row in rows} == {"online"}


@pytest.mark.parametrize(
    ("since", "until"),
    [(at(35), at(65)), ("2026-11-01T12:35:00Z", "2026-11-01T13:05:00Z"), ("65min", "35min")],
)
def test_time_in_status_in_a_time_span(path: Path, since: Any, until: Any) -> None:
    rows = opened(path).time_in_status(since=since, until=until)
    assert minutes_in(rows, "uuid") == [
        ("aaaa", UP, 5),
        ("aaaa", DOWN, 5),
        ("aaaa", "unknown", 20),
        ("cccc", DOWN, 30),  # bbbb was away
    ]


def test_time_is_clipped_to_looks(path: Path) -> None:
    tracker = opened(path)
    everything = tracker.time_in_status()
    assert tracker.time_in_status(since=at(-500), until=at(500)) == everything
    assert len(tracker.time_in_status(since=at(200))) == 0
    assert len(tracker.time_in_status(until=at(0))) == 0
    assert len(tracker.time_in_status(since=at(50), until=at(50))) == 0


def test_a_device_that_nobody_reads_any_more_is_unknown(tmp_path: Path) -> None:
    with fs.Tracker(tmp_path / "fleet.db", **TELLS_ALL) as tracker:
        tracker.update(up_or_down(0, aaaa=True, bbbb=False))
        tracker.update(up_or_down(10, aaaa=True, bbbb=False))
        for minutes in (20, 25.1):  # only after the longest gap is it unknown
            tracker.update(up_or_down(minutes, aaaa=True), complete=False)
            known = 10 if minutes > 25 else 20
            assert minutes_in(tracker.time_in_status(), "uuid")[1:] == [
                ("bbbb", DOWN, known),
                *([("bbbb", "unknown", pytest.approx(15.1))] if minutes > 25 else []),
            ]
        [outage] = tracker.outages()
        assert (outage["to"], outage["ended"]) == (None, False)
        assert minutes_in(tracker.time_in_status(until=at(15)), "uuid")[1:] == [
            ("bbbb", DOWN, 10),
            ("bbbb", "unknown", 5),
        ]
        timeline = tracker.timeline("bbbb")
        assert [(row["status"], row["from"], row["to"]) for row in timeline] == [
            (DOWN, at(0), at(10)),
            ("unknown", at(10), None),
        ]


def test_removed_time_does_not_count_and_is_not_stale() -> None:
    tracker = fs.Tracker(max_removed=1.0, **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True, bbbb=False))
    tracker.update(up_or_down(10, aaaa=True))
    for minutes in (20, 30, 40):
        tracker.update(up_or_down(minutes, aaaa=True))
    assert minutes_in(tracker.time_in_status(), "uuid") == [("aaaa", UP, 40), ("bbbb", DOWN, 10)]
    [outage] = tracker.outages()
    assert (outage["to"], outage["duration_s"], outage["ended"]) == (at(10), 600, True)
    assert [row["status"] for row in tracker.timeline("bbbb") if row["entry"] == "status"] == [
        *(DOWN, "removed"),
    ]


def test_removed_devices_count_by_what_they_were_in(tmp_path: Path) -> None:
    with fs.Tracker(tmp_path / "fleet.db", max_removed=1.0) as tracker:
        tracker.update(look(0, record("aaaa"), record("bbbb", fleet="acme/gate")))
        tracker.update(look(10, record("aaaa")))
        by_fleet = minutes_in(tracker.time_in_status(by="fleet"), "fleet")
    assert by_fleet == [("acme/kiosk", UP, 10), ("acme/gate", UP, 10)]


def test_groups_by_a_carried_column(tmp_path: Path) -> None:
    tags = [{"tag_key": "site", "value": "north"}]
    with fs.Tracker(tmp_path / "fleet.db") as tracker:
        for minutes in (0, 10):
            records = record("aaaa", device_tag=tags), record("bbbb", device_tag=[])
            tracker.update(look(minutes, *records, carry=["tag:site"]))
        rows = tracker.time_in_status(by="tag:site")
    assert minutes_in(rows, "tag:site") == [("north", UP, 10), (None, UP, 10)]


# Outages


def test_outages_of_each_device(path: Path) -> None:
    rows = opened(path).outages()
    assert rows.columns == (*("uuid", "device_name", "fleet", "from", "to", "duration_s", "ended"),)
    assert [tuple(row.values()) for row in rows] == [
        ("cccc", "name-cccc", "acme/gate", at(-1000), None, 1100 * 60, False),
        ("aaaa", "name-aaaa", "acme/kiosk", at(30), at(40), 600, True),
        ("bbbb", "name-bbbb", "acme/kiosk", at(80), None, 1200, False),
    ]


def test_outages_in_a_time_span(path: Path) -> None:
    tracker = opened(path)
    rows = tracker.outages(since=at(35), until=at(75))
    assert [(row["uuid"], row["from"], row["duration_s"]) for row in rows] == [
        ("cccc", at(-1000), 40 * 60),
        ("aaaa", at(30), 5 * 60),
    ]
    assert [row["uuid"] for row in tracker.outages(since=at(40))] == ["cccc", "bbbb"]
    assert [row["uuid"] for row in tracker.outages(until=at(29))] == ["cccc"]


def test_of_time_after_the_last_look_no_outage_is_known(path: Path) -> None:
    tracker = opened(path)
    assert [row for row in tracker.outages() if not row["ended"]]
    assert tracker.last_look is not None
    after = tracker.last_look + timedelta(seconds=1)
    assert len(tracker.outages(since=after)) == 0
    assert len(tracker.outages(by="fleet", since=after)) == 0


def test_outages_by_a_column(path: Path) -> None:
    rows = opened(path).outages(by="fleet")
    assert rows.to_dicts() == [
        {"fleet": "acme/kiosk", "count": 2, "total_s": 1800, "median_s": 900.0},
        {"fleet": "acme/gate", "count": 1, "total_s": 66000, "median_s": 66000.0},
    ]


def test_an_outage_goes_on_over_a_gap_but_not_over_a_removal_or_another_status(
    tmp_path: Path,
) -> None:
    path = tmp_path / "fleet.db"
    write_log(
        path,
        ("aaaa", 0, 10, "no-link", DOWN),
        ("aaaa", 30, 40, "no-link", DOWN),
        ("aaaa", 40, 50, "online", UP),
        ("aaaa", 50, 60, "no-link", DOWN),
        ("aaaa", 60, 70, "removed", None),
        ("aaaa", 70, 80, "no-link", DOWN),
        ("bbbb", 0, 90, "no-link", DOWN),
        ("bbbb", 90, None, "never-connected", DOWN),
    )
    found = [(row["uuid"], row["from"], row["to"]) for row in opened(path).outages()]
    assert sorted(found) == [
        ("aaaa", at(0), at(40)),
        ("aaaa", at(50), at(60)),
        ("aaaa", at(70), at(80)),
        ("bbbb", at(0), at(90)),
    ]


def test_an_outage_begins_where_it_began_though_only_its_end_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    write_log(
        path,
        ("aaaa", 2, 15, "online", UP),
        ("aaaa", 15, 45, "no-link", DOWN),
        ("bbbb", 0, 5, "online", UP),
        ("bbbb", 5, 10, "no-link", DOWN),
        ("bbbb", 12, 20, "no-link", DOWN),
        ("bbbb", 30, 40, "no-link", DOWN),
    )
    rows = opened(path).outages(since=at(25))
    assert [(row["uuid"], row["from"], row["to"], row["duration_s"]) for row in rows] == [
        ("bbbb", at(5), at(40), 15 * 60),
        ("aaaa", at(15), at(45), 20 * 60),
    ]


# Timeline


def test_a_timeline_has_statuses_and_changes_in_order() -> None:
    tracker = fs.Tracker(**TELLS_ALL)
    tracker.update(look(0, record("aaaa")))
    tracker.update(look(5, record("aaaa", "offline", device_name="other")))
    tracker.update(look(65, record("aaaa", is_frozen=True)))
    rows = tracker.timeline("aaaa")
    assert [
        (row["entry"], row["from"], row["to"], row["status"] or row["kind"]) for row in rows
    ] == [
        ("status", at(0), at(5), UP),
        ("status", at(5), at(5), DOWN),
        ("status", at(5), at(65), "unknown"),
        ("change", at(5), None, "status"),
        ("change", at(5), None, "renamed"),
        ("status", at(65), None, "Frozen"),
        ("change", at(65), None, "status"),
        ("change", at(65), None, "renamed"),
    ]
    assert rows["duration_s"].to_list()[:2] == [300, 0]
    assert (rows[3]["before"], rows[3]["after"], rows[3]["cause"]) == (UP, DOWN, "heartbeat")
    assert rows == tracker.timeline("name-aaaa")


def test_a_device_that_is_not_known_is_a_lookup_error(path: Path) -> None:
    with pytest.raises(
        LookupError, match="no device has the uuid or the name 'name-aaab'; did you"
    ):
        opened(path).timeline("name-aaab")


# Changes


@pytest.fixture
def told() -> fs.Tracker:
    """Make a tracker that told one change at each of the minutes 10, 20, 30 and 40."""
    tracker = fs.Tracker(**TELLS_ALL)
    for minutes in range(0, 50, 10):
        tracker.update(up_or_down(minutes, aaaa=minutes % 20 == 0))
    return tracker


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [10, 20, 30, 40]),
        (at(20), None, [20, 30, 40]),
        (at(20.01), None, [30, 40]),
        (None, at(20), [10]),
        (at(20), at(40), [20, 30]),
        ("15min", None, [30, 40]),
        (timedelta(minutes=10), None, [30, 40]),
        (at(41), None, []),
        (None, at(500), [10, 20, 30, 40]),
    ],
)
def test_changes_by_the_look_that_told_them(
    told: fs.Tracker, since: Any, until: Any, expected: list[int]
) -> None:
    changes = told.changes(since=since, until=until)
    assert changes["not_after"].to_list() == [at(minutes) for minutes in expected]


def test_changes_of_the_log_are_those_that_looks_told(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(look(0, record("aaaa"), record("bbbb")))
        first = tracker.update(look(5, record("aaaa", "offline"), record("bbbb", "offline")))
        second = tracker.update(look(9, record("aaaa"), record("bbbb", device_name=None)))
    changes = fs.Tracker(path).changes()
    assert changes.to_dicts() == [*first, *second]
    assert changes.schema == first.schema
    assert (changes.now, changes.old_now) == (at(9), None)
    assert changes.where(after=DOWN)["uuid"].to_list() == ["aaaa", "bbbb"]


def test_changes_before_a_moment_end_there(path: Path) -> None:
    with fs.Tracker(path) as tracker:
        last = tracker.last_look
        assert tracker.changes(until=at(15)).now == at(15)
        assert tracker.changes(until=at(100_000)).now == tracker.changes().now == last


@pytest.mark.slow
@pytest.mark.parametrize("ask", ["changes", "time_in_status", "outages"])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"since": "yesterday"}, ValueError, "since is 'yesterday', expected an RFC 3339"),
        ({"since": START.replace(tzinfo=None)}, ValueError, "since is a datetime without a zone"),
        ({"until": 7}, TypeError, "until is a int"),
        ({"since": timedelta(-1)}, ValueError, "since is .* expected a moment, or how long"),
        ({"since": at(5), "until": at(4)}, ValueError, r"until \(.*\) is before since"),
    ],
)
def test_wrong_moments_are_named(
    path: Path, ask: str, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        getattr(opened(path), ask)(**options)


@pytest.mark.parametrize("ask", ["time_in_status", "outages"])
def test_a_column_that_is_not_there_is_named(path: Path, ask: str) -> None:
    with pytest.raises(
        ValueError, match=r"by: no column 'flet'; did you mean 'fleet'\?; there are"
    ):
        getattr(opened(path), ask)(by="flet")


# Where they go


def test_answers_go_to_data_frames(path: Path) -> None:
    tracker = opened(path)
    for rows in (tracker.time_in_status(), tracker.outages(), tracker.timeline("aaaa")):
        assert pl.DataFrame(rows).shape == (len(rows), len(rows.columns))
        assert isinstance(rows.to_pandas(), pd.DataFrame)
        assert rows.to_arrow().num_rows == len(rows)
    assert tracker.outages().schema == {
        "uuid": "large_utf8",
        "device_name": "large_utf8",
        "fleet": "dictionary<int32, large_utf8>",
        "from": "timestamp[ms, UTC]",
        "to": "timestamp[ms, UTC]",
        "duration_s": "int64",
        "ended": "bool",
    }


# What is kept


def test_old_rows_are_deleted_once_a_day_and_counts_stay(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    day = 24 * 60
    options: dict[str, Any] = {"keep": "3d", "forget": "1d", "max_removed": 1.0, **TELLS_ALL}
    with fs.Tracker(path, **options) as tracker:
        tracker.update(up_or_down(0, aaaa=True, bbbb=True))
        for number in range(1, 8):
            tracker.update(up_or_down(number * day, aaaa=number % 2 == 0))
        assert [row["not_after"] for row in tracker.changes()] == [
            at(number * day) for number in (4, 5, 6, 7)
        ]
        assert tracker.counters()["changes"] == {"status": 7, "removed": 1}
        assert query(path, "SELECT uuid FROM devices") == [("aaaa",)]
        assert query(path, "SELECT min(until) FROM spans") == [(ms(4 * day),)]
        [group] = {row["uuid"] for row in tracker.time_in_status()}
        assert sum(row["seconds"] for row in tracker.time_in_status()) == 3 * 86_400
        assert group == "aaaa"
    assert query(path, "SELECT count(*) FROM looks") == [(8,)]
    with fs.Tracker(path, **options) as tracker:  # numbers of forgotten devices are free
        tracker.update(up_or_down(8 * day, aaaa=True, cccc=True, dddd=False))
        tracker.update(up_or_down(9 * day, aaaa=True, cccc=False, dddd=False))
        assert sorted(tracker.devices["uuid"].to_list()) == ["aaaa", "cccc", "dddd"]


@pytest.mark.slow
def test_compact_deletes_what_is_old_and_gives_room_back(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    names = [f"device{i:03}" for i in range(300)]
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        for minutes in range(40):
            tracker.update(up_or_down(minutes, **dict.fromkeys(names, minutes % 2 == 0)))
        assert len(tracker.changes()) == 300 * 39
    size = path.stat().st_size
    with fs.Tracker(path, keep="2min", **TELLS_ALL) as tracker:
        before = tracker.devices
        tracker.compact()
        assert path.stat().st_size < size / 5
        assert tracker.devices == before
        assert len(tracker.changes()) == 300 * 3  # of the minutes 37, 38 and 39
        assert len(tracker.update(up_or_down(40, **dict.fromkeys(names, False)))) == 0
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_moved_links_are_kept_for_30_days(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    day = 24 * 60
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        for number in range(3):
            since = at(number * 10 - 1).isoformat()
            moved = record("aaaa", changed_api_heartbeat_state_on__date=since)
            tracker.update(look(number * 10, moved))
        assert tracker.changes()["kind"].to_list() == ["relinked", "relinked"]
        tracker.update(look(10 + 30 * day, moved))
        assert tracker.changes()["kind"].to_list() == ["relinked", "relinked"]
        tracker.update(look(15 + 31 * day, moved))
        assert tracker.changes()["kind"].to_list() == []
