"""Changes as lines: one for each device and time, one for an outage of many devices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._changes.order import Group, first_of, group_of, group_of_all, place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fleetstatus._table.rows import Rows

OUTAGES = frozenset({"outage", "outage-over"})
# What the loss of links explains; other changes of devices of an outage have lines of their own.
_EXPLAINED = frozenset(
    {"status", "reason", "relinked", "restarted", "refreshed", "flapping", "settled"}
)
_LINKS = frozenset({"cloudlink", "heartbeat", "both-links", None})


class Change(NamedTuple):
    """What decides to which line a row of changes belongs."""

    row: int
    kind: str
    uuid: str | None
    fleet: str | None
    told_at: datetime | None
    is_explained: bool
    group: Group


@dataclass(slots=True)
class Line:
    """Rows of changes that are told together.

    Attributes
    ----------
    changes
        Those of one device at one time, what it is about first; or the outage itself, which is
        none where it was told earlier.
    of_outage
        Changes of the devices of the outage.
    group
        What it comes to.
    """

    changes: list[Change]
    of_outage: list[Change]
    is_of_outage: bool
    group: Group = Group.RECOVERED

    @property
    def fleet(self) -> str | None:
        """Fleet of the device or of the outage; None for an outage of all fleets."""
        return (self.changes or self.of_outage)[0].fleet

    @property
    def devices_of_outage(self) -> Counter[Group]:
        """Count the devices of the outage by what became of them, worst first."""
        of_each: dict[str | None, list[Change]] = {}
        for change in self.of_outage:
            of_each.setdefault(change.uuid, []).append(change)
        counts = Counter(map(_group_of_device, of_each.values()))
        return Counter({group: counts[group] for group in sorted(counts, key=place)})

    def close(self) -> Line:
        """Settle what it comes to, when all its changes are known."""
        if not self.is_of_outage:
            self.group = _group_of_device(self.changes)
            self.changes.sort(key=lambda change: change.group != self.group)
        elif self.changes:
            self.group = self.changes[0].group
        else:
            worst = first_of(change.group for change in self.of_outage)
            self.group = Group.OUTAGE if worst.is_worse else Group.RECOVERED
        return self


def _group_of_device(changes: list[Change]) -> Group:
    if len(changes) == 1:
        return changes[0].group
    return group_of_all((change.kind, change.group) for change in changes)


def lines_of(rows: Rows) -> list[Line]:
    """Put rows of changes into lines, worst first; lines of equal weight stay in their order."""
    collected = _Lines()
    for change in _changes(rows):
        collected.add(change)
    return sorted((line.close() for line in collected.lines), key=lambda line: place(line.group))


def worse_rows(rows: Rows) -> list[int]:
    """Rows of changes for the worse, in their order."""
    return [change.row for change in _changes(rows) if change.group.is_worse]


class _Lines:
    """Lines in the order of their first rows."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._of_devices: dict[object, Line] = {}
        self._outages: dict[str | None, Line] = {}

    def add(self, change: Change) -> None:
        if change.kind in OUTAGES:
            self._outages[change.fleet] = self._begin(_outage([change]))
        elif change.is_explained:
            self._outage_of(change.fleet).append(change)
        else:
            self._line_of(change).changes.append(change)

    def _begin(self, line: Line) -> Line:
        self.lines.append(line)
        return line

    def _outage_of(self, fleet: str | None) -> list[Change]:
        """Find the outage of a fleet: its own, that of all fleets, else one that was told before."""
        line = self._outages.get(fleet) or self._outages.get(None)
        if line is None:
            line = self._outages[fleet] = self._begin(_outage([]))
        return line.of_outage

    def _line_of(self, change: Change) -> Line:
        key = (change.uuid, change.told_at)
        if key not in self._of_devices:
            self._of_devices[key] = self._begin(Line([], [], is_of_outage=False))
        return self._of_devices[key]


def _outage(changes: list[Change]) -> Line:
    return Line(changes, [], is_of_outage=True)


def _changes(rows: Rows) -> Iterator[Change]:
    names = ("kind", "after", "reason_before", "reason")
    groups = map(group_of, *(rows[name].to_list() for name in names))
    named = ("kind", "uuid", "fleet", "not_after", "cause", "in_outage")
    values = zip(*(rows[name].to_list() for name in named), groups, strict=True)
    for row, (kind, uuid, fleet, told_at, cause, in_outage, group) in enumerate(values):
        is_explained = bool(in_outage) and kind in _EXPLAINED and cause in _LINKS
        yield Change(row, kind, uuid, fleet, told_at, is_explained, group)
