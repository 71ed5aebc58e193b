"""Changes of some fleets: by their slugs, and by the names of their apps."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import fleetstatus as fs
from examples import as_json, device_record, table_of

NOW, LATER = "2026-11-01T12:00:00Z", "2026-11-01T13:00:00Z"
WEATHER = {"slug": "acme/weather", "app_name": "Weather"}
TIDE = {"slug": "acme/tide", "app_name": "Tide"}
OTHER_TIDE = {"slug": "beta/tide", "app_name": "Tide"}


def record(uuid: str, fleet: dict[str, str]) -> dict[str, Any]:
    return {"uuid": uuid * 8, "belongs_to__application": fleet}


OLD = table_of(record("aaaa", WEATHER), record("bbbb", TIDE), now=NOW)
NEW = table_of(record("aaaa", WEATHER), record("cccc", WEATHER), record("dddd", TIDE), now=LATER)


def uuids(changes: fs.Changes) -> set[str]:
    return {uuid[:4] for uuid in changes["uuid"]}


def test_the_name_of_an_app_is_enough_where_one_fleet_has_it() -> None:
    changes = fs.diff(OLD, NEW)
    assert uuids(changes.where(fleet="Weather")) == uuids(changes.where(fleet="acme/weather"))
    assert uuids(changes.where(fleet="Weather")) == {"cccc"}
    assert uuids(changes.where(fleet=["Weather", "acme/tide"])) == {"bbbb", "cccc", "dddd"}
    assert uuids(changes[:0].where(fleet="Tide")) == set()
    again = pickle.loads(pickle.dumps(changes))
    assert uuids(again.where(kind="added").where(fleet="Tide")) == {"dddd"}


def test_an_app_of_the_older_snapshot_alone_counts_too() -> None:
    changes = fs.diff(OLD, NEW[:2])
    assert uuids(changes.where(fleet="Tide")) == {"bbbb"}


def test_an_app_that_several_fleets_have_is_named_by_its_slug() -> None:
    newer = table_of(record("aaaa", WEATHER), record("eeee", OTHER_TIDE), now=LATER)
    changes = fs.diff(OLD, newer)
    with pytest.raises(ValueError, match="'Tide' is the app of 2 fleets; name one of acme/tide, "):
        changes.where(fleet="Tide")
    assert uuids(changes.where(fleet="beta/tide")) == {"eeee"}


def test_a_fleet_that_neither_snapshot_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no fleet 'Wether' in the data; did you mean 'Weather'"):
        fs.diff(OLD, NEW).where(fleet="Wether")
    assert uuids(fs.diff(OLD, NEW).where(fleet="Weather", kind="removed")) == set()


def test_changes_of_tables_of_a_scan_never_refuse() -> None:
    source = as_json([device_record(**record("aaaa", WEATHER))])
    (old,) = fs.scan(source, now=NOW)
    changes = fs.diff(old, NEW)
    assert uuids(changes.where(fleet="Weather")) == uuids(changes.where(fleet="none")) == set()
    assert uuids(changes.where(fleet="acme/weather")) == {"cccc"}


def test_a_tracker_knows_the_apps_of_all_its_looks() -> None:
    tracker = fs.Tracker(hold="0s")
    tracker.update(OLD, max_removed=1)
    changes = tracker.update(NEW, max_removed=1)
    assert uuids(changes.where(fleet="Weather")) == {"cccc"}
    assert "cccc" in uuids(tracker.changes().where(fleet="Weather"))
    assert "acme/tide" in set(tracker.changes().where(fleet="Tide")["fleet"])
    with pytest.raises(ValueError, match="no fleet 'x' in the data; there are acme/tide, acme/w"):
        tracker.changes().where(fleet="x")
