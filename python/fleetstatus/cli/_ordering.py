"""Sort the rows of a table."""

from array import array
from typing import Any

import fleetstatus as fs

_CLOSED_LABELS = "dictionary<int8, utf8>"


def sorted_by(table: fs.StatusTable, orders: list[tuple[str, bool]]) -> fs.StatusTable:
    """Sort by several columns, each ascending or reversed; nulls come last.

    Labels are in their order, all else by value; rows that are equal stay in theirs.

    Parameters
    ----------
    table
        The rows.
    orders
        Columns, the first of them above all, and whether each is reversed.
    """
    if not orders:
        return table
    rows = list(range(len(table)))
    for name, is_reversed in reversed(orders):
        values = _comparable(table, name)
        present = [row for row in rows if values[row] is not None]
        absent = [row for row in rows if values[row] is None]
        present.sort(key=values.__getitem__, reverse=is_reversed)
        rows = present + absent
    return fs.StatusTable(table._core.take(array("q", rows)))


def _comparable(table: fs.StatusTable, name: str) -> list[Any]:
    column = table[name]
    if column.type == _CLOSED_LABELS:
        return [None if code < 0 else code for code in column.codes()]
    return column.to_list()
