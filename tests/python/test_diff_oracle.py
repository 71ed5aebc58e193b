"""diff against its oracle, over random sequences of snapshots and by hand.

``FLEETSTATUS_SEQUENCES`` says over how many sequences; 100000 take an hour.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from change_laws import net_effect_differences
from change_sequences import SnapshotSequence, sequence, snapshot_of, table_of
from change_world import MINUTE, START, Record
from fleetstatus.errors import SnapshotError
from large_snapshots import large_pair
from oracle_diff import diff_rows
from oracle_snapshot import Row, Snapshot
from sequence_runs import diff_differences, n_sequences

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKING: Record = {
    "uuid": "c0ffee",
    "device_name": "bitter-wind",
    "belongs_to__application": {"__id": 1, "slug": "acme/weather"},
    "is_active": True,
    "is_frozen": False,
    "is_connected_to_vpn": True,
    "api_heartbeat_state": "online",
    "last_connectivity_event": "2026-03-01T08:00:00.000Z",
    "last_vpn_event": "2026-03-01T08:00:00.000Z",
    "changed_api_heartbeat_state_on__date": "2026-03-01T08:01:00.000Z",
    "provisioning_state": None,
    "provisioning_progress": None,
    "status": "Idle",
    "download_progress": None,
    "image_install": [],
    "device_config_variable": [],
    "is_running__release": {"__id": 20, "raw_version": "2.0.0"},
    "is_pinned_on__release": None,
    "update_status": "done",
    "last_update_status_event": "2026-03-01T09:00:00.000Z",
}
EVENT = {"last_update_status_event": "2026-03-01T12:03:00.000Z"}
RELINKED = {"last_vpn_event": "2026-03-01T12:02:00.000Z"}
OLDER = {"is_running__release": {"__id": 10, "raw_version": "1.0.0"}}


def told_of(before: Record, after: Record) -> list[Row]:
    """Give what diff tells of one device, which must be what the oracle tells."""
    tables = [
        fs.classify([record], now=START + i * 5 * MINUTE, allow_missing="all")
        for i, record in enumerate((before, after))
    ]
    rows = fs.diff(*tables).to_dicts()
    old, new = (Snapshot.of(t, [r]) for t, r in zip(tables, (before, after), strict=True))
    assert rows == diff_rows(old, new)
    return rows


def kinds(before: Record, after: Record) -> list[str]:
    return [row["kind"] for row in told_of(before, after)]


def test_reboot_is_restarted() -> None:
    rows = told_of(WORKING, WORKING | EVENT | RELINKED)
    assert [row["kind"] for row in rows] == ["relinked", "restarted"]
    assert rows[1]["at"] == START + 3 * MINUTE


def test_installation_is_an_update_and_then_another_release() -> None:
    target = {"is_running__release": {"__id": 30, "raw_version": "3.0.0"}}
    installing = WORKING | EVENT | {"update_status": "applying changes"}
    assert kinds(WORKING, installing) == ["update"]
    assert kinds(installing, WORKING | target) == ["update", "release"]


def test_pinned_downgrade_is_another_release() -> None:
    pinned = WORKING | OLDER | EVENT | {"is_pinned_on__release": {"__id": 10}}
    rows = told_of(WORKING, pinned)
    assert [(row["kind"], row["before"], row["after"]) for row in rows] == [
        ("release", "2.0.0", "1.0.0")
    ]


def test_what_no_data_tells_apart_is_refreshed() -> None:
    release_unknown = {"is_running__release": None}
    assert kinds(WORKING, WORKING | EVENT | release_unknown) == ["refreshed"]
    assert kinds(WORKING | release_unknown, WORKING | EVENT) == ["refreshed"]
    without_field = {name: v for name, v in WORKING.items() if name != "is_running__release"}
    assert kinds(WORKING, without_field | EVENT) == ["refreshed"]


def test_moment_of_a_copied_file_is_no_order() -> None:
    """Where `now` is only the time of a file, the newest events decide."""
    down = {"is_connected_to_vpn": False, "last_vpn_event": "2026-03-01T12:04:00.000Z"}
    old, new = (
        fs.classify([record], now="newest", allow_missing="all")
        for record in (WORKING, WORKING | down)
    )
    assert [row["kind"] for row in fs.diff(old, new).to_dicts()] == ["status"]
    with pytest.raises(SnapshotError):
        fs.diff(new, old)
    records = (WORKING, WORKING | down)
    tables = (old, new)
    snapshots = [Snapshot.of(t, [r]) for t, r in zip(tables, records, strict=True)]
    assert fs.diff(old, new).to_dicts() == diff_rows(*snapshots)


def test_lists_have_no_moment() -> None:
    with pytest.raises(ValueError, match="now= first"):
        fs.diff([WORKING], [WORKING | EVENT])


@pytest.mark.slow
def test_diff_tells_what_the_oracle_tells() -> None:
    found = [
        f"seed {seed}: {difference}"
        for seed in range(n_sequences())
        for difference in diff_differences(sequence(seed))
    ]
    assert found[:3] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_diff_of_large_snapshots_tells_what_the_oracle_tells(seed: int) -> None:
    old, new = large_pair(seed, 500)
    tables = [table_of(look, "docs-2024-11") for look in (old, new)]
    assert len(tables[0]) > 3000
    snapshots = [snapshot_of(table, look) for table, look in zip(tables, (old, new), strict=True)]
    for options in ({}, {"complete": False}, {"fleets": ["acme/tide", "acme/snow"]}):
        told = fs.diff(*tables, **options).to_dicts()
        assert told == diff_rows(*snapshots, **options)
        assert len(told) > 250


@pytest.mark.slow
def test_random_sequences_have_every_kind_and_cause() -> None:
    rows: list[Row] = []
    for seed in range(300):
        snapshots = [read for _, read in looks_of(sequence(seed))]
        for old, new in itertools.pairwise(snapshots):
            if new.now > old.now:
                rows += diff_rows(old, new)
    n_kinds, n_causes = (Counter(row[name] for row in rows) for name in ("kind", "cause"))
    assert len(n_kinds) == 11
    assert min(n_kinds.values()) > 30
    assert len(n_causes) >= 9 + 1  # and null


@pytest.mark.slow
def test_two_steps_tell_what_one_tells() -> None:
    def diff(old: fs.StatusTable, new: fs.StatusTable) -> list[Row]:
        return fs.diff(old, new).to_dicts()

    for seed in range(n_sequences()):
        assert [*net_effect_differences(seed, diff, looks_of)] == []


def looks_of(made: SnapshotSequence) -> Sequence[tuple[fs.StatusTable, Snapshot]]:
    tables = [table_of(look, made.scheme) for look in made.looks]
    return [
        (table, snapshot_of(table, look)) for table, look in zip(tables, made.looks, strict=True)
    ]


def test_snapshot_does_not_differ_from_itself_in_any_order() -> None:
    for seed in range(20):
        for look in sequence(seed).looks:
            last = {record.get("uuid"): record for record in look.records}
            backwards = replace(look, records=list(reversed(last.values())))
            assert len(fs.diff(table_of(look, "api-v7"), table_of(backwards, "api-v7"))) == 0
