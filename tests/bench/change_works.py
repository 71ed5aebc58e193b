"""Compare two snapshots of a fleet, and let a tracker look at them."""

from __future__ import annotations

import dataclasses
import gc
from typing import TYPE_CHECKING

import dict_diff
import duckdb_diff
import fleetstatus as fs
import targets
from change_answers import check_changes, rows_of
from changed_fleet import LATER, make_snapshots
from looks import Looks
from timing import Work
from tracked import print_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from changed_fleet import Snapshots
    from timing import Result, Stopwatch


def compare_changes(n_devices: int, watch: Stopwatch, directory: Path) -> Iterator[Result]:
    """Compare line by line of the table; at the end, print the memory that a tracker holds.

    Raises
    ------
    DifferentAnswersError
        If a contender finds other changes than the others.
    """
    snapshots = make_snapshots(n_devices, directory)
    _check_looks(snapshots)
    looks = Looks(snapshots, directory)
    gc.collect()
    gc.freeze()  # what is there already is no work of any contender
    try:
        yield from watch.time(_with_looks(_diff_work(snapshots, targets.SAME_ORDER), looks))
        yield from watch.time(_diff_work(snapshots, targets.OTHER_ORDER))
        print_memory(looks.first, n_devices)
    finally:
        gc.unfreeze()


def _diff_work(snapshots: Snapshots, order: str) -> Work:
    """Give the ways to compare two snapshots, which all find the same."""
    is_same = order == targets.SAME_ORDER
    old, new = snapshots.old, snapshots.new if is_same else snapshots.shuffled
    file = snapshots.new_file if is_same else snapshots.shuffled_file
    old_rows, new_rows = rows_of(old), rows_of(new)
    old_dicts, new_dicts = old_rows.to_pylist(), new_rows.to_pylist()
    connection = duckdb_diff.connect()
    duckdb_diff.load_table(connection, "older", old_rows)
    duckdb_diff.load_table(connection, "newer", new_rows)
    work = Work(
        n_devices=len(old),
        ours={targets.DIFF.format(order): lambda: fs.diff(old, new)},
        peers={
            targets.DICT_DIFF: lambda: dict_diff.diff_rows(old_dicts, new_dicts),
            targets.DUCKDB_DIFF: lambda: duckdb_diff.diff_tables(connection, "older", "newer"),
        },
        clock="wall",
        expected=None,
        silent={targets.NEW_FILE: lambda: fs.classify(file, now=LATER)},
    )
    expected = dict_diff.diff_rows(old_dicts, new_dicts)
    for name, way in {**work.ours, **work.peers}.items():
        check_changes(name, way(), expected)
    return work


def _with_looks(work: Work, looks: Looks) -> Work:
    ways = {
        targets.LOOK: looks.look,
        targets.QUIET_LOOK: looks.look_quietly,
        targets.FIRST_LOOK: looks.look_first,
    }
    before = {
        targets.LOOK: looks.make_looked_at,
        targets.QUIET_LOOK: looks.make_looked_at,
        targets.FIRST_LOOK: looks.make_empty,
    }
    return dataclasses.replace(work, ours={**work.ours, **ways}, before=before)


def _check_looks(snapshots: Snapshots) -> None:
    """Stop if a tracker that tells all at once tells other changes than `diff`."""
    expected = fs.diff(snapshots.old, snapshots.new)
    for snapshot, changes in ((snapshots.still, []), (snapshots.new, expected)):
        with fs.Tracker(hold="0s", outage=None, flapping=None) as tracker:
            tracker.update(snapshots.old)
            check_changes("a tracker", tracker.update(snapshot), changes)
