"""Two laws that hold for all snapshots, whoever compares them: section 5 of the rules of changes."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from change_sequences import SnapshotSequence, Traps, sequence
from oracle_snapshot import is_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from oracle_snapshot import Row, Snapshot

    Diff = Callable[[Any, Any], list[Row]]  # of two snapshots, or of two tables

# The laws are about looks at different moments that hold all devices, in rows without errors.
ALL_IN_ORDER = Traps(
    lacking=False, unreadable=False, without_uuid=False, partial=False, moments=False
)
SOME_UNREADABLE = Traps(without_uuid=False, partial=False, moments=False)
PLAIN_TRACKER: dict[str, Any] = {
    "hold": timedelta(0),
    "gap": timedelta(days=365),
    "max_removed": 1.0,
    "outage": None,
    "flapping": None,
    "forget": timedelta(days=365),
}
NOT_COMPARED = {"previous_duration_s", "not_before"}


def plain_sequence(seed: int) -> SnapshotSequence:
    """Make a sequence over which a plain tracker tells what diff tells."""
    return sequence(seed, ALL_IN_ORDER)


def readable_uuids(snapshot: Snapshot) -> set[str]:
    """Name the devices whose last row can be read."""
    last = {row["uuid"]: row for row in snapshot.rows}
    return {uuid for uuid, row in last.items() if uuid is not None and is_readable(row)}


def net_effects(*told: list[Row]) -> dict[str, tuple[str, str]]:
    """Give the labels of each device before and after, where they differ."""
    labels: dict[str, list[str]] = defaultdict(list)
    for rows in told:
        for row in rows:
            if row["kind"] == "status":
                labels[row["uuid"]] += [row["before"], row["after"]]
    return {uuid: (path[0], path[-1]) for uuid, path in labels.items() if path[0] != path[-1]}


def net_effect_differences(
    seed: int, diff: Diff, read: Callable[[SnapshotSequence], Sequence[tuple[Any, Snapshot]]]
) -> Iterator[str]:
    """Compare diff over three looks with the two steps between them.

    ``read`` gives for each look what ``diff`` takes, and the snapshot.
    """
    looks = read(sequence(seed, SOME_UNREADABLE))
    for number, three in enumerate(zip(looks, looks[1:], looks[2:], strict=False)):
        (a, first), (b, second), (c, third) = three
        in_all = readable_uuids(first) & readable_uuids(second) & readable_uuids(third)

        def of_all(effects: dict[str, Any], uuids: set[str] = in_all) -> dict[str, Any]:
            return {uuid: effect for uuid, effect in effects.items() if uuid in uuids}

        at_once, in_steps = net_effects(diff(a, c)), net_effects(diff(a, b), diff(b, c))
        if of_all(at_once) != of_all(in_steps):
            yield f"seed {seed}, look {number}: {of_all(at_once)} is not {of_all(in_steps)}"


def compared_columns(rows: list[Row]) -> list[Row]:
    """Leave out what a tracker knows better than diff; ``returned`` is ``added`` to diff."""
    kept = [
        {name: value for name, value in row.items() if name not in NOT_COMPARED}
        | {"kind": "added" if row["kind"] == "returned" else row["kind"]}
        for row in rows
    ]
    return sorted(kept, key=lambda row: str(row["uuid"]))


def tracker_differences(
    looks: Sequence[Any], diff: Diff, update: Callable[[Any], list[Row]]
) -> Iterator[str]:
    """Compare what a plain tracker tells with diff, look by look."""
    update(looks[0])
    for number, (old, new) in enumerate(pairwise(looks), start=1):
        told, expected = compared_columns(update(new)), compared_columns(diff(old, new))
        if told != expected:
            only_told = [row for row in told if row not in expected]
            only_diff = [row for row in expected if row not in told]
            yield f"look {number}: tracker {only_told}, diff {only_diff}"
