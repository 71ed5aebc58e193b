"""How long devices were in each status."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._table.kinds import Kind
from fleetstatus._table.rows import Rows
from fleetstatus._tracker.history import NUMBER

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from fleetstatus import _core

UNKNOWN = "unknown"

# What of each span lies in the range that is asked for. ?1, ?2: the range; statuses: from ?3 on.
_SPANS = """
WITH lengths AS (
  SELECT device, spans.reason, spans.status,
    min(coalesce(until, stale.last_read, ?2), ?2) - max(first, first_read, ?1) AS ms
  FROM spans JOIN devices USING(device) LEFT JOIN stale USING(device)
  WHERE max(first, first_read, ?1) < min(coalesce(until, stale.last_read, ?2), ?2)
)
SELECT device, sum(iif(reason = 'removed', ms, 0)), {sums} FROM lengths GROUP BY device
"""
_RANGES = "SELECT device, ?2 - max(first_read, ?1) FROM devices"


class Range(NamedTuple):
    """What is asked for, clipped to what the log holds."""

    since_ms: int
    until_ms: int


class Groups(NamedTuple):
    """Which group each device is in.

    Attributes
    ----------
    of_device
        Index of the group by the number of the device.
    columns
        What the devices of a group have in common: a row for each group.
    """

    of_device: Mapping[int, int]
    columns: Sequence[tuple[str, _core.Column]]


def time_in_status(
    connection: sqlite3.Connection, asked: Range, groups: Groups, statuses: Sequence[str]
) -> Rows:
    """Sum up how long the devices of each group were in each status.

    Time that no look knows counts as ``unknown``; time while a device was removed, not at all.
    """
    seconds = _milliseconds(connection, asked, groups, statuses)
    rows = [
        (group, status, seconds[group][status])
        for group in sorted(seconds)
        for status in (*statuses, UNKNOWN)
        if seconds[group][status] > 0
    ]
    totals = {group: sum(of_status.values()) for group, of_status in seconds.items()}
    taken = [group for group, _, _ in rows]
    columns = [(name, column.take(taken)) for name, column in groups.columns]
    kind = Kind("dictionary<int8, utf8>", (*statuses, UNKNOWN))
    return Rows(
        [
            *columns,
            ("status", kind.build([status for _, status, _ in rows])),
            ("seconds", NUMBER.build([ms / 1000 for _, _, ms in rows])),
            ("share", NUMBER.build([ms / totals[group] for group, _, ms in rows])),
        ]
    )


def _milliseconds(
    connection: sqlite3.Connection, asked: Range, groups: Groups, statuses: Sequence[str]
) -> dict[int, dict[str, int]]:
    """Sum up milliseconds by group and status."""
    unknown: dict[int, int] = {}
    totals: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for device, length in connection.execute(_RANGES, asked):
        unknown[device] = max(0, length)
    sums = ", ".join(f"sum(iif(status = ?{i}, ms, 0))" for i, _ in enumerate(statuses, start=3))
    query = _SPANS.format(sums=sums)
    for device, removed, *known in connection.execute(query, (*asked, *statuses)):
        unknown[device] -= removed + sum(known)
        of_group = totals[groups.of_device[device]]
        for status, ms in zip(statuses, known, strict=True):
            of_group[status] += ms
    for device, ms in unknown.items():
        totals[groups.of_device[device]][UNKNOWN] += ms
    return totals


def put_stale(connection: sqlite3.Connection, stale: Iterable[tuple[int, int]]) -> None:
    """Note the devices that nobody has read for long, with the moments of their last reads.

    The table is the connection's own and is not in the file.
    """
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS stale(device INTEGER PRIMARY KEY, last_read INTEGER)"
    )
    connection.execute("DELETE FROM stale")
    connection.executemany("INSERT INTO stale VALUES(?, ?)", stale)
    connection.execute(
        "DELETE FROM stale WHERE device IN "
        "(SELECT device FROM devices WHERE removed_at IS NOT NULL)"
    )
