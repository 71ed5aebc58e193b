"""Columns as data frames of other libraries, which are imported only when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import polars as pl

    from fleetstatus._table.column import Column

_INTEGERS = frozenset({"int64", "int32", "uint16"})


def to_polars(table: Any) -> pl.DataFrame:
    """Make a data frame of anything that gives an Arrow stream."""
    frame: pl.DataFrame = import_library("polars", needed_by="to_polars").DataFrame(table)
    return frame


def to_arrow(table: Any) -> Any:
    """Make a pyarrow table of anything that gives an Arrow stream."""
    pyarrow = import_library("pyarrow", needed_by="to_arrow")
    return pyarrow.table(table)


def to_pandas(columns: Mapping[str, Column], *, durations: Mapping[str, str]) -> pd.DataFrame:
    """Make a data frame of columns, through NumPy, so that pyarrow makes no difference.

    Parameters
    ----------
    columns
        By name.
    durations
        Columns of whole seconds that become timedeltas, and their names then.
    """
    pandas = import_library("pandas", needed_by="to_pandas")
    return pandas.DataFrame(
        {
            durations.get(name, name): (
                _timedeltas(column) if name in durations else _values(column, pandas)
            )
            for name, column in columns.items()
        }
    )


def import_library(name: str, *, needed_by: str) -> Any:
    """Import a library that is not needed otherwise.

    Raises
    ------
    ImportError
        If it is not installed; the message says what needs it.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        message = f"{needed_by}() needs {name}: pip install {name}"
        raise ImportError(message, name=name) from None


def _values(column: Column, pandas: Any) -> Any:
    """Values of a column as what pandas has for their kind, with its own null."""
    import numpy as np

    if column.labels is not None:
        codes = np.asarray(column.codes())
        return pandas.Categorical.from_codes(codes, categories=list(column.labels))
    if column.type in _INTEGERS:
        values, is_valid = column._integers()
        return pandas.arrays.IntegerArray(values.astype(column.type), ~is_valid)
    if column.type == "bool":
        values, is_valid = column._integers()
        return pandas.arrays.BooleanArray(values.astype(np.bool_), ~is_valid)
    values = column.to_numpy()
    if values.dtype.kind == "M":
        return pandas.Series(values).dt.tz_localize("UTC")
    if values.dtype.kind == "O":
        return pandas.Series(values, dtype=pandas.Series(["text"]).dtype)
    return values


def _timedeltas(column: Column) -> Any:
    import numpy as np

    seconds, is_valid = column._integers()
    return np.where(is_valid, seconds.astype("timedelta64[s]"), np.timedelta64("NaT", "s"))
