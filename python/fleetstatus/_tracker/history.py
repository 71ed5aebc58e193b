"""What a tracker's log answers: what was told, and what a device was in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._changes.changes import Changes
from fleetstatus._coerce import from_ms
from fleetstatus._table.kinds import Kind, kind_of_column
from fleetstatus._table.rows import Rows
from fleetstatus._tracker import schema
from fleetstatus._tracker.writes import first_look_since

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from fleetstatus._changes.comparison import Comparison

TIME = Kind("timestamp[ms, UTC]")
WHOLE = Kind("int64")
NUMBER = Kind("float64")
TEXT = Kind("large_utf8")
FLAG = Kind("bool")
_NO_LOOK = 2**62

_ENTRIES = Kind("dictionary<int8, utf8>", ("status", "change"))


def times(values: Iterable[int | None]) -> _core.Column:
    """Make a column of moments that are milliseconds."""
    known = cache(from_ms)  # many are of one look
    return TIME.build([known(value) for value in values])


def changes_between(
    connection: sqlite3.Connection, since: int | None, until: int | None, about: Comparison
) -> Changes:
    """Read what was told by looks from one moment on, before another."""
    first = 0 if since is None else first_look_since(connection, since)
    end = _NO_LOOK if until is None else first_look_since(connection, until)
    rows = _changes(connection, "look >= ? AND look < ?", first, end)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema.change_columns())
    empty = _core.empty_changes()
    return Changes(
        [
            (name, column_of(kind_of_column(column), values))
            for (name, column), values in zip(empty, columns, strict=True)
        ],
        about,
    )


def _changes(connection: sqlite3.Connection, condition: str, *values: int) -> list[Any]:
    columns = ", ".join(schema.change_columns())
    return connection.execute(
        f"SELECT {columns} FROM changes WHERE {condition} ORDER BY change", values
    ).fetchall()


def column_of(kind: Kind, values: Sequence[Any]) -> _core.Column:
    """Make a column of values as SQLite has them."""
    if kind == TIME:
        return times(values)
    if kind.type == "bool":
        return kind.build([None if value is None else bool(value) for value in values])
    if kind.labels is None:
        return _core.column_of(kind.type, list(values), None)
    if kind.type != "dictionary<int8, utf8>":
        labels = dict.fromkeys(value for value in values if value is not None)
        kind = Kind(kind.type, tuple(labels))
    return kind.build(values)


# One device


def timeline(
    connection: sqlite3.Connection, device: int, statuses: Sequence[str], last_read: int | None
) -> Rows:
    """List what a device was in and what was told of it, in order.

    Parameters
    ----------
    statuses
        Labels that a status can have, with ``unknown`` and ``removed``.
    last_read
        Moment of the last look that read it, if nobody has known its status since; else None.
    """
    rows = [*_span_rows(connection, device, last_read), *_change_rows(connection, device)]
    rows.sort(key=lambda row: row["from"])
    kinds = {
        "entry": _ENTRIES,
        "from": TIME,
        "to": TIME,
        "duration_s": WHOLE,
        "status": Kind("dictionary<int8, utf8>", tuple(statuses)),
        "reason": Kind("dictionary<int8, utf8>", (*_core.reasons(), "removed")),
        "kind": Kind("dictionary<int8, utf8>", tuple(kind for kind, _ in _core.change_kinds())),
        "before": TEXT,
        "after": TEXT,
        "cause": Kind("dictionary<int8, utf8>", tuple(_core.causes())),
    }
    return Rows(
        [(name, column_of(kind, [row.get(name) for row in rows])) for name, kind in kinds.items()]
    )


def _span_rows(
    connection: sqlite3.Connection, device: int, last_read: int | None
) -> Iterable[dict[str, Any]]:
    spans = connection.execute(
        "SELECT first, until, reason, status FROM spans WHERE device = ? ORDER BY first", [device]
    ).fetchall()
    end: int | None = None
    for first, until, reason, status in spans:
        if end is not None and end < first:
            yield _status_row(end, first, None, "unknown")
        end = last_read if until is None else until
        yield _status_row(first, end, reason, "removed" if reason == "removed" else status)
    if end is not None and last_read is not None:
        yield _status_row(end, None, None, "unknown")


def _status_row(
    first: int, until: int | None, reason: str | None, status: str | None
) -> dict[str, Any]:
    duration = None if until is None else (until - first) // 1000
    row = {"entry": "status", "from": first, "to": until, "duration_s": duration}
    return row | {"reason": reason, "status": status or "unknown"}


def _change_rows(connection: sqlite3.Connection, device: int) -> Iterable[dict[str, Any]]:
    for values in _changes(connection, "device = ?", device):
        row = dict(zip(schema.change_columns(), values, strict=True))
        yield {
            "entry": "change",
            "from": row["not_after"] if row["at"] is None else row["at"],
            **{name: row[name] for name in ("kind", "before", "after", "reason", "cause")},
        }
