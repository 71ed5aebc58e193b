"""The columns that rows are sorted by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fleetstatus._coerce import check_flag, to_names
from fleetstatus._table.column import Column
from fleetstatus._words.text import quoted


def sort_orders(by: str | Iterable[str], descending: Any) -> list[tuple[str, bool]]:
    """Pair each column that rows are sorted by with whether it is descending.

    Parameters
    ----------
    by
        Name of a column, or several.
    descending
        A bool for all of them, or one for each.

    Raises
    ------
    ValueError
        If there is no column, or not as many directions as columns.
    TypeError
        If a name is no text, or a direction no bool.
    """
    if isinstance(descending, str):
        message = (
            'descending is a str, expected True or False; several columns are one list: sort(["fleet", '
            '"status"])'
        )
        raise TypeError(message)
    if isinstance(by, Column):
        message = f"by is a column, expected its name: sort({quoted(by.name)})"
        raise TypeError(message)
    names = to_names(by, name="by")
    is_several = isinstance(descending, Iterable)
    directions = list(descending) if is_several else [descending] * len(names)
    for direction in directions:
        check_flag(direction, name="descending")
    if not names:
        message = "by names no column, expected one or several"
        raise ValueError(message)
    if len(directions) != len(names):
        message = f"descending has {len(directions)} directions for {len(names)} columns"
        raise ValueError(message)
    return list(zip(names, directions, strict=True))
