"""The engine and the oracle over one sequence of snapshots, and where they differ."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from change_sequences import Look, SnapshotSequence, Traps, sequence, snapshot_of, table_of
from change_world import FLEETS
from fleetstatus._tracker import writes
from fleetstatus.errors import SnapshotError
from log_answers import answers_that_differ, differing
from oracle_diff import diff_rows
from oracle_tracker import NaiveTracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oracle_snapshot import Row

Answer = list[dict[str, Any]] | str
PLAIN_LOOKS = Traps(without_uuid=False, partial=False, moments=False, lacking=False)


class CrashError(Exception):
    """What a message that cannot be sent raises between a look and its commit."""


def answer_of(ask: Callable[[], list[Row]]) -> Answer:
    """Give the rows, or which error there was."""
    try:
        return ask()
    except SnapshotError:
        return "SnapshotError"
    except ValueError:
        return "ValueError"


def differences(seed: int) -> Iterator[str]:
    """Tell where the engine differs from the oracle over the sequence of a seed."""
    made = sequence(seed)
    yield from diff_differences(made)
    yield from tracker_differences(made)


def n_sequences() -> int:
    """Say over how many sequences tests compare."""
    return int(os.environ.get("FLEETSTATUS_SEQUENCES", "300"))


# diff


def diff_dicts(old: fs.StatusTable, new: fs.StatusTable, **options: Any) -> list[Row]:
    """Give what the engine tells of two tables."""
    return fs.diff(old, new, **options).to_dicts()


def diff_differences(made: SnapshotSequence) -> Iterator[str]:
    """Compare the answers of diff for each look and the one after it."""
    tables = [table_of(look, made.scheme) for look in made.looks]
    snapshots = [snapshot_of(table, look) for table, look in zip(tables, made.looks, strict=True)]
    for number in range(1, len(made.looks)):
        look, pair = made.looks[number], slice(number - 1, number + 1)
        options: dict[str, Any] = {"complete": look.complete, "fleets": look.fleets}
        engine = answer_of(partial(diff_dicts, *tables[pair], **options))
        oracle = answer_of(partial(diff_rows, *snapshots[pair], **options))
        yield from differing(f"diff of looks {number - 1} and {number}", engine, oracle)


# Tracker


def in_order(rows: Answer) -> Answer:
    """Put rows into an order of their own, since a tracker numbers devices as it likes."""
    if isinstance(rows, str):
        return rows
    # Stable: the rows of one device stay in their order.
    return sorted(
        rows, key=lambda row: (row["uuid"] or "", "" if row["uuid"] else row["fleet"] or "")
    )


def tracker_differences(made: SnapshotSequence) -> Iterator[str]:
    """Compare tracker and oracle look by look, and in the end what the log answers."""
    directory = Path(tempfile.mkdtemp(prefix="fleetstatus-"))
    try:
        yield from FileRun(made, directory / "fleet.db").differences()
    finally:
        shutil.rmtree(directory)


class FileRun:
    """A tracker on a file, which is opened anew and crashed as the sequence says."""

    def __init__(self, made: SnapshotSequence, path: Path) -> None:
        self.made, self.path = made, path
        self.oracle = NaiveTracker(**made.options)
        self.told: list[Row] = []

    def differences(self) -> Iterator[str]:
        """Tell all differences up to the first look that has one."""
        engine = self.open()
        try:
            for number, look in enumerate(self.made.looks):
                if look.before == "reopen":
                    engine.close()
                    engine = self.open()
                found = list(self.look(engine, number, look))
                if found:
                    yield from found
                    return
            yield from answers_that_differ(engine, self.oracle, self.told)
        finally:
            engine.close()

    def open(self) -> fs.Tracker:
        """Open the file with the options of the sequence, whose devices it merges soon or late."""
        writes.LEAST_TO_MERGE = self.made.seed % 4 * 5
        return fs.Tracker(self.path, scheme=fs.StatusScheme(self.made.scheme), **self.made.options)

    def look(self, engine: fs.Tracker, number: int, look: Look) -> Iterator[str]:
        """Look once; a crash before the commit leaves nothing behind."""
        table = table_of(look, self.made.scheme)
        options: dict[str, Any] = {
            "complete": look.complete,
            "fleets": look.fleets,
            "max_removed": look.max_removed,
        }
        told_before: list[Answer] = []
        if look.before == "crash":
            told_before.append(answer_of(lambda: crashed(engine, table, options)))
        told = in_order(answer_of(lambda: engine.update(table, **options).to_dicts()))
        snapshot = snapshot_of(table, look)
        expected = in_order(answer_of(lambda: self.oracle.update(snapshot, **options)))
        if told_before and expected == "SnapshotError":
            self.oracle.counts["refused"] += 1  # the look that crashed was refused as well
        for again in told_before:
            yield from differing(f"look {number} that crashed", in_order(again), expected)
        yield from differing(f"look {number}", told, expected)
        self.told += expected if isinstance(expected, list) else []


def crashed(engine: fs.Tracker, table: fs.StatusTable, options: dict[str, Any]) -> list[Row]:
    """Give what a look tells whose commit does not come."""
    rows: list[Row] = []
    try:
        with engine.transaction(table, **options) as changes:
            rows = changes.to_dicts()
            raise CrashError  # noqa: TRY301 - the block that ends so is what is tested
    except CrashError:
        return rows


def by_fleets_differences(seed: int) -> Iterator[str]:
    """Compare looks at all devices with looks at one fleet after another, by the state after each.

    It may differ by devices that change their fleet or have none, so here none does.
    """
    made = sequence(seed, PLAIN_LOOKS)
    home: dict[str, Any] = {}
    for record in (record for look in made.looks for record in look.records):
        fleet = {"slug": FLEETS[len(home) % len(FLEETS)]}
        record["belongs_to__application"] = home.setdefault(record["uuid"], fleet)
    known: set[str] = set()  # a fleet that no look has held yet is refused
    options = made.options | {"max_removed": 1.0, "outage": None}
    with (
        fs.Tracker(scheme=fs.StatusScheme(made.scheme), **options) as at_once,
        fs.Tracker(scheme=fs.StatusScheme(made.scheme), **options) as one_by_one,
    ):
        for number, look in enumerate(made.looks):
            table = table_of(look, made.scheme)
            at_once.update(table)
            known |= {record["belongs_to__application"]["slug"] for record in look.records}
            for slug in sorted(known):
                one_by_one.update(table, fleets=[slug])
            one, other = (
                sorted(tracker.devices.to_dicts(), key=lambda row: str(row["uuid"]))
                for tracker in (at_once, one_by_one)
            )
            yield from differing(f"state after look {number}", one, other)
