"""Tables that are made without records, or of other tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._classify import classify
from fleetstatus._coerce import to_ms
from fleetstatus._table.table import StatusTable
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fleetstatus._carry import Carry
    from fleetstatus._types import SchemeName


def empty(
    *,
    scheme: StatusScheme | SchemeName = StatusScheme.DOCS_2024_11,
    carry: Carry = (),
    now: datetime | str | None = None,
) -> StatusTable:
    """Make a table without rows, whose columns have the types that `classify` gives them.

    Parameters
    ----------
    scheme, carry
        As in `classify`.
    now
        Moment of the table; None: the clock. `concat` does not regard it.

    Raises
    ------
    ValueError, TypeError
        If an argument is none that `classify` takes.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.empty(carry=["os_version"])
    >>> len(devices), devices.columns[-1]
    (0, 'os_version')
    """
    return classify([], scheme=scheme, carry=carry, now=now)


def concat(tables: Iterable[StatusTable], *, now: datetime | str | None = None) -> StatusTable:
    """Put the rows of several tables into one, in order.

    Parameters
    ----------
    tables
        Of one scheme. Empty ones take no part; of only empty ones the first is the answer.
    now
        Moment that durations end at, and by which attention is measured anew. None: the latest of
        the tables.

    Returns
    -------
    shape (sum of all rows, n_columns)
        Carried columns are those of all tables, null in the rows of a table without them. Fields
        count as missing where all tables miss them.

    Raises
    ------
    ValueError
        If there is no table; if they are of several schemes (`StatusTable.as_scheme`), have other
        thresholds of attention or other types of a carried column; if a table was read back
        without ``rule_bits`` and the moment is another than its own.
    TypeError
        If an item is no table.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> fs.concat([devices[:100], devices[100:]]) == devices
    True
    """
    items = list(tables)
    for index, item in enumerate(items):
        _check_table(item, index)
    now_ms = None if now is None else to_ms(now, name="now")
    if not any(map(len, items)) and items:
        return items[0]
    return StatusTable(_core.concat([item._core for item in items], now_ms))


def _check_table(item: object, index: int) -> None:
    if not isinstance(item, StatusTable):
        message = f"concat takes StatusTables, item {index} is a {type(item).__name__}"
        raise TypeError(message)
