"""Tables that are made without records, or of other tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._classify import classify
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from datetime import datetime

    from fleetstatus._carry import Carry
    from fleetstatus._table.table import StatusTable


def empty(
    *,
    scheme: StatusScheme | str = StatusScheme.DOCS_2024_11,
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
