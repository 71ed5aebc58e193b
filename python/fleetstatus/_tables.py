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
        Moment of the table; None: the time of the clock. `concat` ignores it.

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
        Tables of the same scheme. Empty tables are ignored; if all are empty, the result is the
        first.
    now
        Moment at which durations end; attention is computed again for it. None: the latest moment
        of the tables.

    Returns
    -------
    shape (sum of all rows, n_columns)
        It has the carried columns of all tables; they are null in the rows of a table without them.
        A field counts as missing if it is missing in all tables.

    Raises
    ------
    ValueError
        If there is no table; if the tables differ in their scheme (use `StatusTable.as_scheme`), in
        the thresholds of attention or in the type of a carried column; if a table that was read
        back without ``rule_bits`` would get another moment.
    TypeError
        If an item is not a table.

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
