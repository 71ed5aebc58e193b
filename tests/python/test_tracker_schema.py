"""The tables of a tracker's file: written down, documented in the file itself, and migrated."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

import fleetstatus as fs
from fleetstatus import _core
from fleetstatus._tracker import files, schema, writes
from tracker_looks import TELLS_ALL, ms, query, up_or_down
from wording import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(0, aaaa=True, bbbb=False))
        tracker.update(up_or_down(5, aaaa=False, bbbb=False))
    return path


def test_tables_are_those_of_this_version() -> None:
    # A change of this file means a new version and a migration.
    assert schema.VERSION == 1
    check("tracker_schema.txt", schema.statements())


def test_a_file_says_what_it_is_and_documents_itself(path: Path) -> None:
    assert query(path, "PRAGMA application_id") == [(0x464C5354,)]
    assert query(path, "PRAGMA user_version") == [(1,)]
    assert query(path, "PRAGMA journal_mode") == [("wal",)]
    for (text,) in query(path, "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'view')"):
        assert "\n  -- " in text


def test_each_column_of_a_table_of_statuses_and_of_changes_is_kept() -> None:
    columns = {*schema.record_columns(), *schema.state_columns(), "uuid"}
    assert {*_core.columns()} - columns == {
        # what is computed from the others
        *("status_since", "status_duration_s", "detail", "attention", "heartbeat", "cloudlink"),
        *("cloudlink_expected", "capabilities", "update_status_duration_s"),
        *("update_status_support", "error"),
    }
    assert list(schema.change_columns()) == _core.change_columns()
    assert all(re.fullmatch(r"[a-z_]+", name) for name in schema.state_columns())


def test_indexes_serve_the_questions(path: Path) -> None:
    plans = {
        "SELECT look FROM looks WHERE moment >= 1 ORDER BY moment, look": "looks_by_moment",
        "DELETE FROM changes WHERE look < 1": "changes_by_look",
        "SELECT * FROM changes WHERE device = 1 ORDER BY change": "changes_by_device",
        "SELECT device FROM kept_devices WHERE removed_at < 1": "devices_removed",
        "SELECT * FROM newer_devices WHERE device = 1 ORDER BY written": "newer_devices_by_device",
        "SELECT * FROM ended_spans WHERE device = 1 AND first < 1": "PRIMARY KEY",
    }
    for sql, index in plans.items():
        plan = " ".join(str(row[-1]) for row in query(path, f"EXPLAIN QUERY PLAN {sql}"))
        assert index in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan


# Devices


def test_newer_rows_of_devices_hold_until_they_are_merged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged = [("aaaa", "Reduced Functionality"), ("bbbb", "Disconnected")]
    newest = [("aaaa", "Disconnected"), ("bbbb", "Disconnected")]
    assert query(path, "SELECT uuid, status FROM kept_devices") == merged
    assert query(path, "SELECT uuid, status FROM devices ORDER BY device") == newest
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        assert tracker.devices["status"].to_list() == ["Disconnected", "Disconnected"]
        for minutes, is_up in ((6, True), (7, False)):
            tracker.update(up_or_down(minutes, aaaa=is_up, bbbb=False))
        assert query(path, "SELECT written, device FROM newer_devices") == [(1, 0), (2, 0), (3, 0)]
        assert query(path, "SELECT uuid, status FROM devices ORDER BY device") == newest
        monkeypatch.setattr(writes, "LEAST_TO_MERGE", 3)
        tracker.update(up_or_down(8, aaaa=True, bbbb=False))
        assert query(path, "SELECT * FROM newer_devices") == []
        for table in ("kept_devices", "devices"):
            assert query(path, f"SELECT uuid, status FROM {table} ORDER BY device") == merged


def test_half_as_many_newer_rows_as_devices_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "LEAST_TO_MERGE", 0)
    path = tmp_path / "fleet.db"
    names = ["aaaa", "bbbb", "cccc", "dddd"]
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        n_newer = []
        for minutes, name in enumerate(["none", *names]):
            tracker.update(up_or_down(minutes, **{each: each != name for each in names}))
            n_newer += query(path, "SELECT count(*) FROM newer_devices")
    # The device of the look before is up again, so that looks but the second write two.
    assert n_newer == [(0,), (1,), (0,), (2,), (0,)]


def test_a_device_that_is_gone_keeps_its_last_good_record(path: Path) -> None:
    record = "SELECT uuid, device_name, heartbeat_state, facts FROM devices WHERE device = 1"
    before = query(path, record)
    with fs.Tracker(path, max_removed=1.0, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(6, aaaa=False))
    [[removed_at]] = query(path, "SELECT removed_at FROM devices WHERE device = 1")
    assert removed_at == ms(6)
    assert query(path, record) == before


def test_devices_of_any_order_are_numbered_and_written(path: Path) -> None:
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(6, cccc=True, aaaa=True, dddd=False, bbbb=True))
        assert tracker.devices["uuid"].to_list() == ["aaaa", "bbbb", "cccc", "dddd"]
    assert query(path, "SELECT device, uuid, first_read FROM devices ORDER BY device") == [
        *((0, "aaaa", ms(0)), (1, "bbbb", ms(0)), (2, "cccc", ms(6)), (3, "dddd", ms(6))),
    ]


# Spans


def test_a_span_is_written_when_it_has_ended(path: Path) -> None:
    assert query(path, "SELECT * FROM ended_spans") == [
        (0, ms(0), ms(5), "heartbeat-only", "Reduced Functionality")
    ]
    assert query(path, "SELECT * FROM spans ORDER BY device, first") == [
        (0, ms(0), ms(5), "heartbeat-only", "Reduced Functionality"),
        (0, ms(5), None, "no-link", "Disconnected"),
        (1, ms(0), None, "no-link", "Disconnected"),
    ]
    with fs.Tracker(path, max_removed=1.0, **TELLS_ALL) as tracker:
        tracker.update(up_or_down(6, bbbb=False))
    assert query(path, "SELECT * FROM open_spans ORDER BY device") == [
        (0, ms(6), None, "removed", None),
        (1, ms(0), None, "no-link", "Disconnected"),
    ]


def test_the_log_is_read_by_plain_sql(path: Path) -> None:
    [[uuid, before, after, seconds]] = query(
        path,
        "SELECT uuid, before, after, (looks.moment - not_before) / 1000 "
        "FROM changes JOIN looks USING(look)",
    )
    assert (uuid, before, after, seconds) == (
        *("aaaa", "Reduced Functionality", "Disconnected", 300),
    )
    assert query(path, "SELECT name, value FROM counters ORDER BY name") == [
        ("changes:status", 1),
        ("looks", 2),
        ('told:["acme/kiosk", "status", "Disconnected"]', 1),
    ]


def test_answers_go_to_duckdb(path: Path) -> None:
    tracker = fs.Tracker(path)
    outages, told = tracker.outages(), tracker.changes()
    with closing(duckdb.connect()) as connection:
        connection.register("outages", outages)
        connection.register("told", told)
        found = connection.sql(
            "SELECT uuid, after, duration_s FROM outages JOIN told USING(uuid) WHERE ended = false"
        ).fetchall()
    assert found == [("aaaa", "Disconnected", 0)]


# Migration


@pytest.fixture
def next_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a version 2, whose ended spans have a note, after the file was written."""
    assert query(path, "PRAGMA user_version") == [(1,)]
    statements = schema.statements()
    later = [
        s.replace("status TEXT,\n  PRIMARY KEY", "status TEXT, note TEXT,\n  PRIMARY KEY")
        for s in statements
    ]
    assert later != statements
    move = (
        "DROP VIEW spans",
        "ALTER TABLE ended_spans RENAME TO old_spans",
        next(s for s in later if "CREATE TABLE ended_spans" in s),
        "INSERT INTO ended_spans SELECT *, null FROM old_spans",
        "DROP TABLE old_spans",
        next(s for s in later if "CREATE VIEW spans" in s),
    )
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "statements", lambda: later)
    monkeypatch.setattr(schema, "MIGRATIONS", {1: move})


@pytest.mark.usefixtures("next_version")
def test_a_file_of_an_older_version_is_migrated_when_it_is_opened(path: Path) -> None:
    spans = query(path, "SELECT * FROM ended_spans")
    with fs.Tracker(path, **TELLS_ALL) as tracker:
        assert len(tracker.update(up_or_down(6, aaaa=True, bbbb=False))) == 1
    assert query(path, "PRAGMA user_version") == [(2,)]
    migrated = query(path, "SELECT device, first, note FROM ended_spans")
    assert {(*span[:2], None) for span in spans} < {*migrated}
    assert len(migrated) == len(spans) + 1


@pytest.mark.usefixtures("next_version")
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", {1: (schema.MIGRATIONS[1][0], "DROP TABLE absent")})
    tables = query(path, "SELECT name, sql FROM sqlite_schema")
    with pytest.raises(sqlite3.OperationalError, match="no such table: absent"):
        files.connect(str(path))
    assert query(path, "PRAGMA user_version") == [(1,)]
    assert query(path, "SELECT name, sql FROM sqlite_schema") == tables


def test_there_is_a_migration_from_each_version() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.VERSION))
