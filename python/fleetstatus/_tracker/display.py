"""A tracker at a glance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._coerce import from_ms
from fleetstatus._show import html
from fleetstatus._tracker.files import MEMORY
from fleetstatus._tracker.problems import shown
from fleetstatus._words.text import in_devices, label_text, listed, moment, quoted

if TYPE_CHECKING:
    import sqlite3

    from fleetstatus._tracker.memory import Memory

_ALL_FLEETS = "all fleets"


class _Glance(NamedTuple):
    """What there is to show of a tracker: warnings before all, then lines and counts."""

    title: str
    warnings: list[str]
    lines: list[str]
    statuses: list[tuple[str | None, int]]


def about(memory: Memory) -> str:
    """Say which file it is, what goes on, what the devices were seen in, and when it looked."""
    seen = _glance(memory)
    counts = [f"  {n:>8,}  {label_text(status)}" for status, n in seen.statuses]
    warnings = [f"! {warning}" for warning in seen.warnings]
    return "\n".join([seen.title, *warnings, *seen.lines, *counts])


def about_html(memory: Memory) -> str:
    """Say the same as HTML."""
    seen = _glance(memory)
    parts = [
        html.paragraph(seen.title, kind="title"),
        *(html.paragraph(html.Markup(f"<b>! {html.markup(one)}</b>")) for one in seen.warnings),
        *(html.paragraph(line, kind="note") for line in seen.lines),
    ]
    if seen.statuses:
        parts.append(html.status_bar(seen.statuses))
    return html.page(*parts)


def _glance(memory: Memory) -> _Glance:
    path = memory.store.path
    name = "Tracker in memory" if path == MEMORY else f"Tracker of {shown(path)}"
    if not memory.store.is_open:
        return _Glance(f"{name}, closed", [], [], [])
    with memory.store.lock, memory.store.reading() as connection:
        statuses = _statuses(connection, memory.scheme.labels)
        outages = _outages(connection)
        counts = memory.store.counters()
        n_looks, last_ms = memory.store.last_look()
    there = sum(n for _, n in statuses)
    title = f"{name}: {in_devices(there)}, {memory.scheme}"
    if not n_looks:
        return _Glance(title, [], ["no look yet"], [])
    line = f"last look as of {moment(from_ms(last_ms))}; {_counted(n_looks, counts)}"
    return _Glance(title, outages, [line], statuses)


def _counted(n_looks: int, counts: dict[str, int]) -> str:
    told = sum(count for name, count in counts.items() if name.startswith("changes:"))
    refused = f", {counts['refused']:,} refused" if counts.get("refused") else ""
    looks = "1 look" if n_looks == 1 else f"{n_looks:,} looks"
    changes = "1 change" if told == 1 else f"{told:,} changes"
    return f"{looks}{refused}, {changes} told"


def _statuses(
    connection: sqlite3.Connection, labels: tuple[str, ...]
) -> list[tuple[str | None, int]]:
    """Count devices by the status that they were seen in last, in the order of the scheme."""
    query = "SELECT status, count(*) FROM devices WHERE removed_at IS NULL GROUP BY status"
    devices: Counter[str | None] = Counter(dict(connection.execute(query)))
    return [(label, devices[label]) for label in (*labels, None) if devices[label]]


def _outages(connection: sqlite3.Connection) -> list[str]:
    """Say where an outage of many devices goes on."""
    query = "SELECT fleet FROM outages WHERE over IS NULL ORDER BY outage"
    fleets = [fleet for (fleet,) in connection.execute(query)]
    if not fleets:
        return []
    count = "1 outage goes on" if len(fleets) == 1 else f"{len(fleets):,} outages go on"
    return [f"{count}: {listed(fleets, lambda one: _ALL_FLEETS if one is None else quoted(one))}"]
