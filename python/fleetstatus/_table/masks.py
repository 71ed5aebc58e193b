"""Masks that users pass, as columns of flags."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from fleetstatus import _core
from fleetstatus._coerce import to_flag
from fleetstatus._table.column import Column


def to_flags(mask: object) -> _core.Column:
    """Turn a mask into flags, in the fastest way that it offers.

    Raises
    ------
    TypeError
        If the mask has values other than bools.
    """
    if isinstance(mask, Column):
        return mask._core
    check_order(mask, what="a mask")
    for of_mask in (_of_arrow, _of_buffer):
        flags = of_mask(mask)
        if flags is not None:
            return flags
    if callable(mask) or not isinstance(mask, Iterable) or isinstance(mask, str | bytes):
        message = (
            f"a mask is a {type(mask).__name__}, expected bools, one for each row, such as "
            'table["status"] == "Updating" or [device.heartbeat for device in table]; '
            'where(status="Updating") takes conditions, to_polars().filter() expressions'
        )
        raise TypeError(message)
    return _core.Column(map(to_flag, mask))


def check_order(rows: Any, *, what: str) -> None:
    """Refuse a pandas Series whose index says that its values belong to other rows.

    Raises
    ------
    ValueError
        If its index is not 0, 1, 2 and so on.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(rows, pandas.Series) or rows.empty:
        return
    if not rows.index.equals(pandas.RangeIndex(len(rows))):
        message = (
            f"{what} is a pandas Series whose index is not 0, 1, 2, ..., as the rows of a table "
            "are; sort_index() or reset_index(drop=True) of the frame, or to_numpy() to take its "
            "values in their order"
        )
        raise ValueError(message)


def _of_arrow(mask: Any) -> _core.Column | None:
    """Take anything that gives an Arrow array or stream of bools."""
    try:
        if hasattr(mask, "__arrow_c_array__"):
            return _core.flags_of_arrow_array(*mask.__arrow_c_array__())
        if hasattr(mask, "__arrow_c_stream__"):
            return _core.flags_of_arrow_stream(mask.__arrow_c_stream__())
    except ImportError:  # pandas has the method also where it lacks pyarrow
        pass
    return None


def _of_buffer(mask: Any) -> _core.Column | None:
    """Take a NumPy array of bools, or another buffer of them."""
    try:
        view = memoryview(mask)
    except (TypeError, ValueError):
        return None
    if view.format != "?":
        return None
    if view.ndim != 1:
        message = f"a mask has {view.ndim} dimensions, expected one"
        raise ValueError(message)
    return _core.flags_of_bytes(view if view.c_contiguous else view.tobytes())
