"""What changed, in words, before it is given a form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleetstatus._changes.happenings import ALL_FLEETS, Happening, happening
from fleetstatus._changes.lines import lines_of
from fleetstatus._changes.order import Group, place
from fleetstatus._changes.times import Period
from fleetstatus._words.text import best_name, in_devices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetstatus._changes.comparison import Comparison
    from fleetstatus._changes.lines import Line
    from fleetstatus._table.rows import Rows

LIMIT = 20
_WHY_NOT_COMPARED = (
    ("its status cannot be read", "their status cannot be read"),
    ("a later row has its uuid", "later rows have their uuids"),
    ("it has no uuid", "they have no uuid"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line: a device or an outage, and what happened.

    Attributes
    ----------
    fleet
        None where all changes are of one fleet, or where it is the name.
    """

    group: Group
    name: str
    fleet: str | None
    happenings: tuple[Happening, ...]

    def __str__(self) -> str:
        fleet = f" ({self.fleet})" if self.fleet else ""
        return f"{self.name}{fleet}: {'; '.join(map(str, self.happenings))}"


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that is said of changes.

    Attributes
    ----------
    headline
        What was compared, and how many devices changed in which way.
    counts
        How many lines there are of each group, worst first, whatever the limit.
    warnings
        What the changes cannot tell, and the rows that were not compared.
    lines
        The first lines, worst first.
    more
        What the limit leaves out; None if nothing, or if that is all, which the headline counts.
    """

    headline: str
    counts: dict[Group, int]
    warnings: tuple[str, ...]
    lines: tuple[Told, ...]
    more: str | None

    @property
    def by_group(self) -> dict[Group, list[Told]]:
        """Lines by their groups, worst first."""
        groups: dict[Group, list[Told]] = {}
        for line in self.lines:
            groups.setdefault(line.group, []).append(line)
        return groups


def digest(rows: Rows, about: Comparison, limit: int | None) -> Digest:
    """Put changes into words.

    Parameters
    ----------
    rows
        With the columns of changes.
    about
        What was compared.
    limit
        How many lines to tell; None for all.
    """
    lines = lines_of(rows)
    period = _period(rows, about)
    fleets = set(rows["fleet"].to_list()) | (about.fleets or set())
    has_fleets = len(fleets - {None}) > 1
    shown, rest = lines[:limit], [] if limit is None else lines[limit:]
    return Digest(
        headline=_headline(
            rows, lines, period, None if has_fleets else next(iter(fleets), None), about.notes
        ),
        counts=dict(Counter(line.group for line in lines)),
        warnings=(*about.notes, *_not_compared(about)),
        lines=tuple(_told(rows, line, period, has_fleets=has_fleets) for line in shown),
        more=f"and {len(rest):,} more: {_counts(rest)}" if shown and rest else None,
    )


def _period(rows: Rows, about: Comparison) -> Period:
    """Time that all changes lie in: the moments, unless the changes themselves say otherwise."""
    begins = [time for time in rows["not_before"].to_list() if time is not None]
    ends = [time for time in rows["not_after"].to_list() if time is not None]
    begin = about.old_now if about.old_now is not None else min(begins, default=None)
    end = about.now if about.now is not None else max(ends, default=None)
    if begin is not None and end is not None and begin > end:  # by wrong times of files
        begin = min(begins, default=None)
    return Period(begin, end)


def _headline(
    rows: Rows, lines: list[Line], period: Period, fleet: str | None, notes: Iterable[str]
) -> str:
    """Say what was compared and what it came to; it names what may have made changes by itself."""
    place_and_time = ", ".join(filter(None, (fleet, str(period))))
    start = f"{place_and_time}: " if place_and_time else ""
    n_devices = len(set(rows["uuid"].to_list()) - {None})
    changed = f"{in_devices(n_devices)} changed: " if n_devices else ""
    result = f"{changed}{_counts(lines)}" if lines else "nothing changed"
    return "; ".join([f"{start}{result}", *(note.partition(", so ")[0] for note in notes)])


def _counts(lines: Iterable[Line]) -> str:
    """Count lines by what they come to, worst first: devices and outages."""
    counts: Counter[tuple[Group, bool]] = Counter()
    n_in_outages: Counter[Group] = Counter()
    for line in lines:
        counts[line.group, line.is_of_outage] += 1
        if not line.is_of_outage:
            continue
        n_devices = line.devices_of_outage.total()
        n_in_outages[line.group] += n_devices
        if not line.changes and line.group is Group.RECOVERED:  # the outage itself goes on
            counts[line.group, True] -= 1
            counts[line.group, False] += n_devices
            n_in_outages[line.group] -= n_devices
    ordered = sorted(+counts, key=lambda one: (place(one[0]), one[1]))
    return ", ".join(_count(*one, counts[one], n_in_outages[one[0]]) for one in ordered)


def _count(group: Group, is_of_outage: bool, count: int, n_in_outages: int) -> str:
    if not is_of_outage:
        return f"{count:,} {group.words}"
    noun = "outage" if count == 1 else "outages"
    over = "" if group is Group.OUTAGE else " over"
    devices = f" ({in_devices(n_in_outages)})" if n_in_outages else ""
    return f"{count:,} {noun}{over}{devices}"


def _told(rows: Rows, line: Line, period: Period, *, has_fleets: bool) -> Told:
    fleet = line.fleet
    if line.is_of_outage:
        return Told(line.group, fleet or ALL_FLEETS, None, (_of_outage(rows, line, period),))
    told = [rows[change.row] for change in line.changes]
    name = best_name(told[0]["device_name"], told[0]["uuid"], None)
    happenings = tuple(happening(row, period) for row in told)
    return Told(line.group, name, fleet if has_fleets else None, happenings)


def _of_outage(rows: Rows, line: Line, period: Period) -> Happening:
    of_devices = ", ".join(f"{n:,} {group.words}" for group, n in line.devices_of_outage.items())
    if not line.changes:
        return Happening(f"the outage goes on, {of_devices}", None, None, None)
    return happening(rows[line.changes[0].row], period, why=of_devices or None)


def _not_compared(about: Comparison) -> list[str]:
    """Say which rows were not compared, and why."""
    counts = (about.unreadable, about.duplicates, about.without_uuid)
    return [
        f"1 row was not compared: {of_one}"
        if count == 1
        else f"{count:,} rows were not compared: {of_many}"
        for count, (of_one, of_many) in zip(counts, _WHY_NOT_COMPARED, strict=True)
        if count
    ]
