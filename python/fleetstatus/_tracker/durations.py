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

# Lengths of ended spans in a range, from ?1 until ?2; the statuses follow as parameters. A log of a
# year has millions, so one pass in the order of the table sums them up by device, as if all of
# them were known from end to end.
_SUMS = """
SELECT device, {sums} FROM ended_spans WHERE first < ?2 AND until > ?1 GROUP BY device
"""
_SUM = "sum(iif({condition}, min(until, ?2) - max(first, ?1), 0))"
# The spans that last, from the first look at a device on.
_OPEN = """
SELECT device, iif(removed_at IS NULL, status, NULL), ?2 - max(span_first, first_read, ?1) AS ms
FROM devices WHERE ms > 0
"""
# Then what did not count: before the first look at a device,
_BEFORE_FIRST = """
SELECT device, ended_spans.reason, ended_spans.status, min(until, first_read, ?2) - max(first, ?1) AS ms
FROM kept_devices CROSS JOIN ended_spans USING(device)
WHERE first < first_read AND first_read > ?1 AND ms > 0
"""
# and after the last look that read one that was not read for long.
_AFTER_LAST = """
SELECT device, reason, status, ?2 - max(stale.last_read, first, ?1) AS ms
FROM stale CROSS JOIN open_spans USING(device)
WHERE ms > 0
"""
_RANGES = "SELECT device, max(0, ?2 - max(first_read, ?1)) FROM kept_devices"


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
    unknown: dict[int, int] = dict(connection.execute(_RANGES, asked))
    totals: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    conditions = [f"status = ?{i}" for i, _ in enumerate(statuses, start=3)]
    sums = [_SUM.format(condition=one) for one in ("reason = 'removed'", *conditions)]
    query = _SUMS.format(sums=", ".join(sums))
    for device, removed, *known in connection.execute(query, (*asked, *statuses)):
        unknown[device] -= removed + sum(known)
        of_group = totals[groups.of_device[device]]
        for status, ms in zip(statuses, known, strict=True):
            of_group[status] += ms
    for device, status, ms in connection.execute(_OPEN, asked):
        unknown[device] -= ms
        if status is not None:
            totals[groups.of_device[device]][status] += ms
    for edge in (_BEFORE_FIRST, _AFTER_LAST):
        for device, reason, status, ms in connection.execute(edge, asked):
            if reason == "removed" or status is not None:
                unknown[device] += ms
            if status is not None:
                totals[groups.of_device[device]][status] -= ms
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
