"""Records of a table as values that SQLite holds, and tables made of such values again.

Both go by the state of a table that is pickled: its columns as Arrow buffers.
"""

from __future__ import annotations

import json
from array import array
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus import _core
from fleetstatus._classify import classify
from fleetstatus._coerce import scheme_of
from fleetstatus._table.kinds import Kind
from fleetstatus._tracker import buffers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TEXT = "large_utf8"
_TEXTS = ("utf8", _TEXT, "utf8_view")
_OPEN_LABELS = "dictionary<int32, large_utf8>"
_PYTHON_TYPES: dict[str, type] = {
    "int64": int,
    "float64": float,
    "bool": bool,
    "timestamp[ms, UTC]": datetime,
    _TEXT: str,
}


class TableNotes(NamedTuple):
    """What is known of a table as a whole, in its state's order."""

    scheme: int
    now_ms: int
    newest_event_ms: int | None
    gaps: list[tuple[str, str]]
    fields_seen: int
    app_names: list[tuple[str, str]]
    has_silent_link: bool
    has_heartbeat: bool


def notes_of(core: _core.StatusTable) -> TableNotes:
    """Give what is known of a table as a whole."""
    _, info, notes, *_ = core.take(array("q")).__getstate__()
    return TableNotes(info[0], info[1], info[2], info[3], info[5], *notes)


@cache
def stored_columns() -> dict[str, Kind]:
    """Name the columns that a table is made of, without carried ones; with their kinds."""
    core = _empty_table(0, ())
    columns = core.__getstate__()[0]
    shown = set(core.columns)
    types = {code: core.column(name).type for name, code, *_ in columns if name in shown}
    return {
        name: Kind(types[code], None if labels is None else tuple(labels))
        for name, code, _, _, labels in columns
    }


def carried_kinds(core: _core.StatusTable) -> dict[str, str]:
    """Name the carried columns of a table, with their types."""
    n_own = len(_core.columns())
    types = {name: core.column(name).type for name in core.columns[n_own:]}
    return {name: _TEXT if kind in _TEXTS else kind for name, kind in types.items()}


# Tables to values


def values_of(core: _core.StatusTable) -> dict[str, list[Any]]:
    """Give the stored columns of a table as lists: times in milliseconds, labels as texts."""
    columns = core.__getstate__()[0]
    return {
        name: _values(core, column, kind.type)
        for column, (name, kind) in zip(columns, stored_columns().items(), strict=False)
    }


def errors_of(core: _core.StatusTable) -> list[str | None]:
    """Give what is wrong with each record of a table."""
    errors: list[str | None] = [None] * len(core)
    for row, message in core.__getstate__()[3]:
        errors[row] = message
    return errors


def carried_of(core: _core.StatusTable) -> list[dict[str, Any]]:
    """Give the carried values of each row of a table, without nulls; times in milliseconds."""
    kinds = carried_kinds(core)
    columns = core.__getstate__()[0][len(stored_columns()) :]
    lists = [
        _values(core, column, kind) for column, kind in zip(columns, kinds.values(), strict=True)
    ]
    return [
        {name: value for name, value in zip(kinds, row, strict=True) if value is not None}
        for row in zip(*lists, strict=True)
    ]


def _values(core: _core.StatusTable, column: Any, kind: str) -> list[Any]:
    name, _, size, chunks, labels = column
    if not chunks:
        return [None] * size
    if kind in _TEXTS:
        return core.column(name).to_list()
    [(_, validity, values, _)] = chunks
    return buffers.unpack(kind, size, validity, values, labels)


# Values to tables


def table_of(
    columns: Mapping[str, Sequence[Any]],
    carried: Sequence[str | None],
    errors: Iterable[str | None],
    carry: Mapping[str, str],
    notes: TableNotes,
) -> _core.StatusTable:
    """Make a table of stored columns.

    Parameters
    ----------
    columns
        As `values_of` gives them.
    carried
        JSON of the carried values of each row.
    carry
        Names and types of the carried columns.
    """
    empty, info, _, _, given = _empty_table(notes.scheme, tuple(carry.items())).__getstate__()
    own = stored_columns()
    made = [
        _packed(column, kind.type, columns[column[0]])
        for column, kind in zip(empty, own.values(), strict=False)
    ]
    dicts = [json.loads(text) if text else {} for text in carried] if carry else []
    made += [
        _packed(column, kind, [values.get(name) for values in dicts])
        for column, (name, kind) in zip(empty[len(own) :], carry.items(), strict=True)
    ]
    facts = (notes.scheme, notes.now_ms, notes.newest_event_ms, notes.gaps, info[4])
    bad = [(row, message) for row, message in enumerate(errors) if message is not None]
    table = _core.StatusTable.__new__(_core.StatusTable)
    table.__setstate__(
        (made, (*facts, notes.fields_seen, True, *info[7:]), tuple(notes[5:]), bad, given)
    )
    return table


def _packed(empty: Any, kind: str, values: Sequence[Any]) -> Any:
    name, code, _, _, labels = empty
    if kind == _OPEN_LABELS:
        labels = list(dict.fromkeys(value for value in values if value is not None))
    chunk = buffers.pack(kind, values, labels)
    return name, code, len(values), [] if chunk is None else [(len(values), *chunk)], labels


@cache
def _empty_table(scheme: int, carry: tuple[tuple[str, str], ...]) -> _core.StatusTable:
    table = classify(
        [],
        scheme=scheme_of(scheme),
        now="1970-01-01T00:00:00Z",
        carry={name: _PYTHON_TYPES[kind] for name, kind in carry},
        missing="parts",
    )
    return table._core
