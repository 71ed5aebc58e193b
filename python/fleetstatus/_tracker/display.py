"""A tracker at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._coerce import from_ms
from fleetstatus._show import html
from fleetstatus._tracker.files import MEMORY
from fleetstatus._tracker.problems import shown
from fleetstatus._words.text import in_devices, moment

if TYPE_CHECKING:
    from fleetstatus._tracker.memory import Memory


def about(memory: Memory) -> list[str]:
    """Say in lines which file it is, how many devices it knows, and when it looked last."""
    path = memory.store.path
    name = "Tracker in memory" if path == MEMORY else f"Tracker of {shown(path)}"
    if not memory.store.is_open:
        return [f"{name}, closed"]
    with memory.store.lock, memory.store.reading() as connection:
        [there] = connection.execute(
            "SELECT count(*) FROM devices WHERE removed_at IS NULL"
        ).fetchone()
        counts = memory.store.counters()
        n_looks, last_ms = memory.store.last_look()
    told = sum(count for name, count in counts.items() if name.startswith("changes:"))
    title = f"{name}: {in_devices(there)}, {memory.scheme}"
    if not n_looks:
        return [title, "no look yet"]
    refused = f", {counts['refused']:,} refused" if counts.get("refused") else ""
    looks = "1 look" if n_looks == 1 else f"{n_looks:,} looks"
    changes = "1 change" if told == 1 else f"{told:,} changes"
    last = moment(from_ms(last_ms))
    return [title, f"last look as of {last}; {looks}{refused}, {changes} told"]


def about_html(memory: Memory) -> str:
    """Say the same as HTML."""
    title, *lines = about(memory)
    parts = [html.paragraph(title, kind="title"), *(html.paragraph(line) for line in lines)]
    return html.page(*parts)
