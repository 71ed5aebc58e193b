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
from fleetstatus._tracker import files, schema
from tracker_looks import TELLS_ALL, query, up_or_down
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
    for (text,) in query(path, "SELECT sql FROM sqlite_schema WHERE type = 'table'"):
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
