"""Read pandas frames, through NumPy; columns that Arrow holds, through Arrow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    import pandas as pd

    from fleetstatus import _core


def is_pandas(source: Any) -> TypeGuard[pd.DataFrame]:
    """Whether a source is a pandas frame; asks without importing pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(source, pandas.DataFrame)


def read_pandas(reader: _core.Reader, frame: pd.DataFrame) -> None:
    """Read the columns that are named like fields; the index plays no part."""
    columns = [
        (name, _column(series))
        for name, series in frame.items()
        if isinstance(name, str) and reader.is_listed(name)
    ]
    reader.read_columns(columns, len(frame))


def _column(series: pd.Series[Any]) -> Any:
    """Values as a list, or as an Arrow array where they are one already."""
    if not hasattr(series.array, "__arrow_array__") or not _is_arrow(series.dtype):
        return series.tolist()
    array = series.array.__arrow_array__()
    chunks = array.combine_chunks() if hasattr(array, "combine_chunks") else array
    return chunks.__arrow_c_array__()


def _is_arrow(dtype: Any) -> bool:
    """Whether pyarrow holds the values."""
    return hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow"
