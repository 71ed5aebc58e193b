"""A tracker: what it takes, what it remembers, and when it writes."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from tracker_looks import TELLS_ALL, at, look, query, record, up_or_down

if TYPE_CHECKING:
    from pathlib import Path


class NoMessageError(Exception):
    """What sends messages did not work."""


def look_and_fail(tracker: fs.Tracker, told: list[fs.Changes]) -> None:
    with tracker.transaction(up_or_down(1, aaaa=False)) as changes:
        told.append(changes)
        raise NoMessageError


# What it takes


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hold": timedelta(-1)}, "hold is"),
        ({"hold": "soon"}, "hold: 'soon' is not a duration"),
        ({"gap": timedelta(0)}, "gap is"),
        ({"forget": "0s"}, "forget is 0s, expected more than 0"),
        ({"keep": timedelta(days=100_000)}, "keep is .* at most 100 years"),
        ({"max_removed": 20}, "max_removed is 20, expected a share from 0 to 1"),
        ({"max_removed": float("nan")}, "max_removed is nan"),
        ({"outage": (0, 0.5)}, "outage is"),
        ({"outage": (3, 55)}, "outage is"),
        ({"outage": (3, 0)}, "outage is"),
        ({"flapping": (2, 2)}, "flapping is"),
        ({"flapping": (2, -1)}, "flapping is"),
        ({"flapping": 6}, "flapping is 6"),
        ({"scheme": "docs-2025"}, "no scheme 'docs-2025'"),
        ({"path": ""}, "path is ''"),
        ({"path": "a\0b"}, "path is"),
        ({"path": b"fleet.db"}, "path is"),
    ],
)
def test_wrong_arguments_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fs.Tracker(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hold": 120}, "hold is a int"),
        ({"max_removed": "20 %"}, "max_removed is a str"),
        ({"max_removed": True}, "max_removed is a bool"),
        ({"path": 7}, "path is a int"),
    ],
)
def test_arguments_of_wrong_types_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        fs.Tracker(**options)


def test_the_edges_of_arguments_are_taken() -> None:
    fs.Tracker(hold="0s", gap="1s", max_removed=0, outage=(1, 1), flapping=(1, 0), keep="5200w")
    fs.Tracker(max_removed=1.0, outage=None, flapping=None, forget=timedelta(milliseconds=1))


def test_a_look_takes_what_classify_takes_and_keeps_bad_records() -> None:
    tracker = fs.Tracker()
    records = [record("aaaa"), record("bbbb", api_heartbeat_state=7)]
    tracker.update(look(0, *records))
    assert len(tracker.devices) == 1
    assert tracker.counters()["unreadable"] == 1


def test_a_source_that_is_no_table_is_read_by_the_tracker() -> None:
    with fs.Tracker() as tracker:
        assert len(tracker.update(fs.sample_fleet())) == 0
        assert len(tracker.devices) == 300


@pytest.mark.parametrize(
    ("options", "message"),
    [({"complete": 1}, "complete is a int"), ({"max_removed": "all"}, "max_removed is a str")],
)
def test_wrong_arguments_of_a_look_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        fs.Tracker().update(up_or_down(0, aaaa=True), **options)


def test_a_fleet_that_nobody_knows_is_a_value_error_with_near_names() -> None:
    tracker = fs.Tracker()
    tracker.update(up_or_down(0, aaaa=True))
    with pytest.raises(ValueError, match=r"no fleet 'acme/kisok' .* did you mean 'acme/kiosk'"):
        tracker.update(up_or_down(1, aaaa=True), fleets="acme/kisok")
    assert tracker.counters()["refused"] == 0


def test_a_fleet_may_be_named_by_its_app() -> None:
    tracker = fs.Tracker()
    link = {"slug": "acme/kiosk", "app_name": "kiosk"}
    tracker.update(look(0, record("aaaa", belongs_to__application=link)))
    assert len(tracker.update(up_or_down(1, aaaa=True), fleets=["kiosk"])) == 0


def test_a_table_of_another_scheme_is_put_into_the_trackers() -> None:
    tracker = fs.Tracker(scheme="api-v7", **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))
    changes = tracker.update(up_or_down(1, aaaa=False))
    assert [(row["before"], row["after"]) for row in changes] == [
        ("reduced-functionality", "disconnected")
    ]
    assert tracker.devices.scheme == changes.scheme == tracker.scheme == "api-v7"


def test_a_file_keeps_its_scheme(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    fs.Tracker(path, scheme="api-v7").close()
    assert fs.Tracker(path).scheme == "api-v7"
    assert fs.Tracker(path, scheme="api-v7").scheme == "api-v7"
    with pytest.raises(ValueError, match=r"fleet.db was made with the scheme api-v7"):
        fs.Tracker(path, scheme="docs-2024-11")


# What it tells and remembers


def test_changes_come_with_what_was_compared() -> None:
    tracker = fs.Tracker(**TELLS_ALL)
    first = tracker.update(up_or_down(0, aaaa=True))
    assert (first.old_now, first.now, len(first)) == (None, at(0), 0)
    rows = [record("aaaa"), record("aaaa", "offline"), record(None)]
    second = tracker.update(look(5, *rows))
    assert (second.old_now, second.now) == (at(0), at(5))
    assert (second.unreadable, second.duplicates, second.without_uuid) == (0, 1, 1)
    assert [row["after"] for row in second] == ["Disconnected"]
    with pytest.raises(ValueError, match="no fleet 'acme/kisok'"):
        second.where(fleet="acme/kisok")


def test_devices_are_the_last_good_records_without_removed_ones() -> None:
    tracker = fs.Tracker(max_removed=1.0)
    tracker.update(look(0, record("aaaa"), record("bbbb"), carry=["os_version"]))
    tracker.update(look(5, record("bbbb", os_version="6.1"), carry=["os_version"]))
    assert tracker.devices["uuid"].to_list() == ["bbbb"]
    assert tracker.devices["os_version"].to_list() == ["6.1"]
    assert tracker.devices.now == tracker.last_look == at(5)
    tracker.update(look(6, record("bbbb", "offline")))  # carries nothing
    assert tracker.devices["os_version"].to_list() == ["6.1"]
    assert tracker.devices["status"].to_list() == ["Disconnected"]


def test_devices_are_records_as_they_were_read() -> None:
    carry = ["os_version", "cpu_temp", "created_at", "is_online", "tag:site"]
    table = fs.classify(fs.sample_fleet(), carry=carry)
    tracker = fs.Tracker()
    tracker.update(table)
    kept = tracker.devices
    assert kept.columns == table.columns
    assert kept.schema == table.schema
    of_tracker = {"status_since", "status_duration_s"}
    for name in set(table.columns) - of_tracker:
        assert kept[name].to_list() == table[name].to_list(), name
    assert (kept.now, kept.newest_event, kept.scheme) == (
        *(table.now, table.newest_event, table.scheme),
    )
    assert (kept.fields_seen, kept.fields_missing) == (table.fields_seen, table.fields_missing)
    assert len(kept.where(fleet="kiosk-display")) == len(table.where(fleet="kiosk-display")) > 0
    assert str(kept.explain("bitter-wind")) != ""
    for name in of_tracker:  # known where no field tells it
        pairs = zip(kept[name], table[name], strict=True)
        assert all(value is not None and told in {value, None} for value, told in pairs), name


def test_devices_know_when_a_status_began_that_no_field_tells() -> None:
    tracker = fs.Tracker()
    tracker.update(look(0, record("aaaa", is_frozen=False)))
    for minutes in (5, 9):
        tracker.update(look(minutes, record("aaaa", is_frozen=True)))
    [device] = tracker.devices
    assert (device.status, device.status_since) == ("Frozen", at(5))
    assert len(tracker.devices.where(status="Frozen", status_for="4min")) == 1
    assert len(tracker.devices.where(status="Frozen", status_for="5min")) == 0


def test_devices_of_an_open_file_are_those_of_the_tracker_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    records = [record("aaaa", os_version="6.1"), record("bbbb", is_frozen=True, id="x")]
    with fs.Tracker(path) as tracker:
        tracker.update(look(0, *records, carry=["os_version", "cpu_temp"]))
        written = tracker.devices
    assert fs.Tracker(path).devices == written
    assert written["error"].to_list()[1] is not None


def test_carried_columns_keep_their_type_from_look_to_look() -> None:
    tracker = fs.Tracker()
    tracker.update(look(0, record("aaaa", rack="7"), carry=["rack"]))
    with pytest.raises(ValueError, match="carried column 'rack' is int64, but was large_utf8"):
        tracker.update(look(1, record("aaaa", rack=7), carry={"rack": int}))
    assert tracker.last_look == at(0)


def test_a_tracker_without_looks_answers_too() -> None:
    tracker = fs.Tracker()
    assert tracker.last_look is None
    assert len(tracker.devices) == len(tracker.changes()) == len(tracker.outages()) == 0
    assert len(tracker.time_in_status(by="fleet")) == len(tracker.outages(by="fleet")) == 0
    assert tracker.counters()["changes"] == {}
    with pytest.raises(LookupError):
        tracker.timeline("aaaa")


def test_counters_count_looks_changes_and_rows_that_took_no_part() -> None:
    tracker = fs.Tracker(**TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True, bbbb=True))
    tracker.update(look(1, record("aaaa", "offline"), record("bbbb"), record("bbbb"), record(None)))
    with pytest.raises(fs.SnapshotError):
        tracker.update(up_or_down(0, aaaa=True, bbbb=True))
    assert tracker.counters() == {
        "looks": 2,
        "refused": 1,
        "flaps": 0,
        "unreadable": 0,
        "duplicates": 1,
        "without_uuid": 1,
        "changes": {"status": 1},
    }


def test_a_refused_look_changes_its_count_alone(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    tracker = fs.Tracker(path, **TELLS_ALL)
    names = [f"device{i}" for i in range(10)]
    tracker.update(up_or_down(0, **dict.fromkeys(names, True)))
    tables = ("looks", "devices", "spans", "changes", "outages", "settings")
    before = [query(path, f"SELECT * FROM {table}") for table in tables]
    with pytest.raises(fs.SnapshotError, match="max_removed"):
        tracker.update(up_or_down(1, **dict.fromkeys(names[:6], False)))
    with (
        pytest.raises(fs.SnapshotError),
        tracker.transaction(up_or_down(1, **dict.fromkeys(names[:6], False))),
    ):
        pytest.fail("the block does not begin")
    assert before == [query(path, f"SELECT * FROM {table}") for table in tables]
    assert tracker.counters()["refused"] == 2
    told = tracker.update(up_or_down(1, **dict.fromkeys(names[:6], False)), max_removed=1.0)
    assert sorted(told["kind"].to_list()) == ["removed"] * 4 + ["status"] * 6


# When it writes


def test_a_transaction_writes_when_its_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    tracker = fs.Tracker(path, **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))
    with tracker.transaction(up_or_down(1, aaaa=False)) as changes:
        assert len(changes) == 1
        assert tracker.last_look == at(0)
        assert tracker.devices["status"].to_list() == ["Reduced Functionality"]
        assert query(path, "SELECT count(*) FROM looks") == [(1,)]
        # No lock is held: others can write.
        query(path, "BEGIN IMMEDIATE")
    assert tracker.last_look == at(1)
    assert query(path, "SELECT count(*) FROM changes") == [(1,)]
    assert tracker.devices["status"].to_list() == ["Disconnected"]


def test_a_block_that_raises_leaves_all_as_it_was_and_is_told_again(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    tracker = fs.Tracker(path, **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))
    before = query(path, "SELECT * FROM devices"), query(path, "SELECT * FROM counters")
    told: list[fs.Changes] = []
    for _ in range(2):
        with pytest.raises(NoMessageError):
            look_and_fail(tracker, told)
    assert before == (query(path, "SELECT * FROM devices"), query(path, "SELECT * FROM counters"))
    told.append(tracker.update(up_or_down(1, aaaa=False)))
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 1
    assert len(tracker.changes()) == 1


def test_a_look_within_a_block_makes_its_end_an_error() -> None:
    tracker = fs.Tracker(**TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))
    message = "another look was remembered in the meantime"
    with (
        pytest.raises(fs.SnapshotError, match=message),
        tracker.transaction(up_or_down(1, aaaa=False)),
    ):
        tracker.update(up_or_down(1, aaaa=False))
    assert tracker.counters()["looks"] == 2
    assert len(tracker.changes()) == 1


def test_threads_look_one_after_another(tmp_path: Path) -> None:
    tracker = fs.Tracker(tmp_path / "fleet.db", **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))

    def one(number: int) -> str:
        try:
            tracker.update(up_or_down(number, aaaa=bool(number % 2)))
            len(tracker.devices), len(tracker.time_in_status())
        except fs.SnapshotError:  # another thread was later
            return "refused"
        return "looked"

    with ThreadPoolExecutor(8) as pool:
        outcomes = [future.result() for future in [pool.submit(one, i) for i in range(1, 65)]]
    counters = tracker.counters()
    assert counters["looks"] == 1 + outcomes.count("looked")
    assert counters["refused"] == outcomes.count("refused")
    again = fs.Tracker(tmp_path / "fleet.db", **TELLS_ALL)
    assert again.devices == tracker.devices


# Closing


def test_a_closed_tracker_says_so(tmp_path: Path) -> None:
    with fs.Tracker(tmp_path / "fleet.db") as tracker:
        assert "no look yet" in repr(tracker)
    tracker.close()
    with pytest.raises(ValueError, match=r"fleet.db was closed; open it again"):
        tracker.update(up_or_down(0, aaaa=True))
    with pytest.raises(ValueError, match="was closed"):
        _ = tracker.devices
    assert repr(tracker).endswith("fleet.db, closed")


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_tracker_is_not_copied(copied: Any) -> None:
    with pytest.raises(TypeError, match="open its file again"):
        copied(fs.Tracker())


def test_a_tracker_at_a_glance(tmp_path: Path) -> None:
    tracker = fs.Tracker(tmp_path / "<b>fleet.db", **TELLS_ALL)
    tracker.update(up_or_down(0, aaaa=True))
    tracker.update(up_or_down(5, aaaa=False))
    with pytest.raises(fs.SnapshotError):
        tracker.update(up_or_down(0, aaaa=False))
    title, line, count = repr(tracker).splitlines()
    assert title.startswith("Tracker of ")
    assert title.endswith("<b>fleet.db: 1 device, docs-2024-11")
    assert line == "last look as of 2026-11-01 12:05:00Z; 2 looks, 1 refused, 1 change told"
    assert count == "         1  Disconnected"
    page = tracker._repr_mimebundle_()["text/html"]
    assert "&lt;b&gt;fleet.db" in page
    assert "<b>fleet" not in page
    assert 'title="Disconnected: 1 (100.0%)"' in page
    assert repr(fs.Tracker()).startswith("Tracker in memory: 0 devices, ")
