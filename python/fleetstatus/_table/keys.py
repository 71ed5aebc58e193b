"""What stands between the brackets of a table, where that is more than one thing."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from numbers import Integral
from typing import Any, SupportsIndex

from fleetstatus._table.column import Column
from fleetstatus._words.text import quoted, shortened

_NOT_LISTS = (str, bytes, tuple, Mapping, AbstractSet, Iterator)


def first_rows(n: int) -> slice:
    """Give the first rows; below 0, all but the last so many."""
    return slice(_whole(n))


def last_rows(n: int) -> slice:
    """Give the last rows; below 0, all but the first so many."""
    count = _whole(n)
    return slice(-count, None) if count else slice(0)


def row_number(key: Any) -> SupportsIndex:
    """Check that a key is the number of a row.

    Raises
    ------
    TypeError
        If it is not; the message says what a table takes.
    """
    if not hasattr(key, "__index__") or isinstance(key, bool):
        message = (
            "a table takes a column's name, a row's number, a slice, a mask, or a list of names or "
            f"numbers, not {shortened(repr(key))}{_instead_of(key)}"
        )
        raise TypeError(message)
    number: SupportsIndex = key
    return number


def _instead_of(key: Any) -> str:
    """Say what to type in place of several keys in a row, of a condition or of an iterator."""
    if callable(key):
        return "; where() and comparisons of columns are conditions"
    if isinstance(key, Iterator):
        return ": table[list(...)]"
    if not isinstance(key, tuple) or not key:
        return ""
    if all(isinstance(each, str) for each in key):
        return f": table[[{', '.join(map(quoted, key))}]]"
    names = [each for each in key if isinstance(each, str)]
    rows = [each for each in key if not isinstance(each, str)]
    return f": table[{quoted(names[0])}][{rows[0]!r}]" if len(names) == len(rows) == 1 else ""


def is_list(key: object) -> bool:
    """Whether a key is a list, a column, or an array of some library."""
    return isinstance(key, Iterable) and not isinstance(key, _NOT_LISTS) and not callable(key)


def plain(key: Any) -> Any:
    """Numbers and texts of pyarrow as Python values; bools are read as they are."""
    if hasattr(key, "to_pylist") and str(getattr(key, "type", "")) != "bool":
        return key.to_pylist()
    return key


def names_in(key: Iterable[Any]) -> list[str] | None:
    """Names of columns, where the first item is one.

    Raises
    ------
    TypeError
        If another item is none.
    ValueError
        If a name stands there twice.
    """
    if isinstance(key, Column) or not isinstance(next(iter(key), None), str):
        return None
    names: list[str] = []
    for name in key:
        if not isinstance(name, str):
            message = f"a list of names of columns holds a {type(name).__name__}"
            raise TypeError(message)
        if name in names:
            message = f"a list of names of columns has {name!r} twice"
            raise ValueError(message)
        names.append(name)
    return names


def rows_in(key: Iterable[Any], n_rows: int) -> array[int] | None:
    """Rows, where the first item is a number or there is none; None where it is a mask.

    Raises
    ------
    TypeError
        If another item is no number.
    IndexError
        If there is no such row.
    """
    if _holds_bools(key) or not _is_number(next(iter(key), 0)):
        return None
    rows = range(n_rows)
    found = array("q")
    for number in key:
        if not _is_number(number):
            message = f"a list of numbers of rows holds a {type(number).__name__}"
            raise TypeError(message)
        try:
            found.append(rows[number])
        except IndexError:
            message = f"row {number} of a table of {n_rows} rows"
            raise IndexError(message) from None
    return found


def _whole(n: int) -> int:
    if not _is_number(n):
        message = f"n is a {type(n).__name__}, expected a whole number"
        raise TypeError(message)
    return int(n)


def _holds_bools(key: Any) -> bool:
    """Whether an array is of bools by its type, also where it is empty."""
    return isinstance(key, Column) or "bool" in str(getattr(key, "dtype", "")).lower()


def _is_number(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
