"""When devices had no link."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._table.rows import Rows
from fleetstatus._tracker.history import FLAG, NUMBER, WHOLE, times

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from fleetstatus import _core
    from fleetstatus._tracker.durations import Groups, Range

_LONG_AGO = -(2**62)

# The spans without link that last after a moment, each with the reason of the span before it.
_SPANS = """
SELECT device, first, until, (
  SELECT reason FROM ended_spans AS before
  WHERE before.device = spans.device AND before.first < spans.first
  ORDER BY before.first DESC LIMIT 1)
FROM spans WHERE reason = 'no-link' AND (until IS NULL OR until > ?) ORDER BY device, first
"""
_BEFORE = """
SELECT first, reason FROM ended_spans WHERE device = ? AND first < ? ORDER BY first DESC
"""


class Outage(NamedTuple):
    """A time in which every look that could read a device found it without link."""

    device: int
    first: int
    until: int | None

    def seconds(self, asked: Range) -> int:
        """Whole seconds of it that lie in a range."""
        until = asked.until_ms if self.until is None else min(self.until, asked.until_ms)
        return (until - max(self.first, asked.since_ms)) // 1000


def outages_in(connection: sqlite3.Connection, since_ms: int | None, until_ms: int) -> list[Outage]:
    """Find the outages that have a part in a range."""
    after = _LONG_AGO if since_ms is None else since_ms
    if after > until_ms:  # nobody has looked since then
        return []
    outages: list[Outage] = []
    for device, first, until, before in connection.execute(_SPANS, [after]):
        if before != "no-link":
            outages.append(Outage(device, first, until))
        elif outages and outages[-1].device == device:  # with unknown time between them
            outages[-1] = outages[-1]._replace(until=until)
        else:
            outages.append(Outage(device, _begin_of(connection, device, first), until))
    return [outage for outage in outages if outage.first <= until_ms]


def _begin_of(connection: sqlite3.Connection, device: int, first: int) -> int:
    """Find where an outage began that went on with the span of a moment."""
    for before, reason in connection.execute(_BEFORE, [device, first]):
        if reason != "no-link":
            break
        first = before
    return first


def outage_rows(
    outages: list[Outage],
    asked: Range,
    rows: Mapping[int, int],
    devices: Iterable[tuple[str, _core.Column]],
) -> Rows:
    """List outages, by when they began.

    Parameters
    ----------
    rows
        Row of each device in the columns of devices.
    """
    ordered = sorted(outages, key=lambda outage: (outage.first, outage.device))
    taken = [rows[outage.device] for outage in ordered]
    return Rows(
        [
            *((name, column.take(taken)) for name, column in devices),
            ("from", times(outage.first for outage in ordered)),
            ("to", times(outage.until for outage in ordered)),
            ("duration_s", WHOLE.build([outage.seconds(asked) for outage in ordered])),
            ("ended", FLAG.build([outage.until is not None for outage in ordered])),
        ]
    )


def outages_by_group(outages: list[Outage], asked: Range, groups: Groups) -> Rows:
    """Count the outages of each group, and give their total and median length."""
    lengths: dict[int, list[int]] = defaultdict(list)
    for outage in outages:
        lengths[groups.of_device[outage.device]].append(outage.seconds(asked))
    found = sorted(lengths)
    return Rows(
        [
            *((name, column.take(found)) for name, column in groups.columns),
            ("count", WHOLE.build([len(lengths[group]) for group in found])),
            ("total_s", WHOLE.build([sum(lengths[group]) for group in found])),
            ("median_s", NUMBER.build([median(lengths[group]) for group in found])),
        ]
    )
