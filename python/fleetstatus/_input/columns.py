"""Hand columns to the engine: Arrow as it is, pandas through NumPy where Arrow does not hold it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._catalog import DEVICE_FIELDS, to_api_name
from fleetstatus._coerce import is_unicode
from fleetstatus._input.shapes import not_devices_error
from fleetstatus.errors import NotDevicesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

# What any library has; cursors of ADBC; scanners of pyarrow's datasets; the datasets themselves.
_STREAMING = ("__arrow_c_stream__", "fetch_arrow", "to_reader", "scanner")
# A list or a mapping under such a field is a column: a record has one value there.
_ONE_EACH = ("id", "uuid", "device_name", "api_heartbeat_state", "is_connected_to_vpn")
_READ_AHEAD = {"batch_size": 16_384, "batch_readahead": 1, "fragment_readahead": 1}


def has_columns(source: Any) -> bool:
    """Whether a source is a pandas frame or series, or offers Arrow."""
    return has_stream(source) or hasattr(source, "__arrow_c_array__") or is_pandas(source)


def has_stream(source: Any) -> bool:
    """Whether a source gives a stream of Arrow batches."""
    return any(hasattr(type(source), name) for name in _STREAMING)


def arrow_in(source: Any, is_listed: Callable[[str], bool]) -> Any:
    """Give what has the Arrow stream of a source.

    Parameters
    ----------
    is_listed
        Whether a column is read; a dataset reads no others.
    """
    if hasattr(source, "__arrow_c_stream__"):
        return source
    if hasattr(source, "fetch_arrow"):
        return source.fetch_arrow()
    if hasattr(source, "to_reader"):
        return source.to_reader()
    names = source.schema.names
    check_fields(names, f"a {type(source).__name__}", "")
    columns = [name for name in names if is_listed(name)]
    return source.scanner(columns=columns, **_READ_AHEAD).to_reader()


def check_is_no_table(source: Any, where: str = "the source") -> None:
    """Refuse the answers themselves, whose columns are not the fields of their names."""
    if isinstance(getattr(source, "_core", None), _core.StatusTable):
        looks_like = "a StatusTable already"
        message = (
            f"{where}: {looks_like}, no devices\n"
            "use it as it is, or classify the records again that it was made of"
        )
        raise NotDevicesError(message, looks_like, None)
    if isinstance(source, Mapping) and any(
        isinstance(source.get(name), (list, Mapping)) for name in _ONE_EACH
    ):
        looks_like = "columns in a dict, as frame.to_dict() makes it"
        message = (
            f"{where}: {looks_like}, no devices\n"
            "pass the frame itself, or its rows: frame.to_dict('records') of pandas, "
            "frame.to_dicts() of polars"
        )
        raise NotDevicesError(message, looks_like, None)


def is_lazy(source: Any) -> bool:
    """Whether a source is a query of polars that has not run yet."""
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(source, polars.LazyFrame)


LAZY = "a LazyFrame holds no rows yet: pass frame.collect(), or the path that it reads"


def read_columns(reader: _core.Reader, source: Any) -> None:
    """Read the columns that are named like fields, or the records of a pandas series."""
    if is_pandas(source):
        _read_pandas(reader, source)
    elif has_stream(source):
        reader.read_arrow_stream(arrow_in(source, reader.is_listed).__arrow_c_stream__())
    else:
        reader.read_arrow_batch(*source.__arrow_c_array__())


def check_fields(names: Sequence[str], what: str, name: str) -> None:
    """Refuse columns if none of them is a field of devices.

    Parameters
    ----------
    names
        All names of columns that the source has.
    what
        What the source is, such as ``CSV``.
    name
        Name of the source; may be empty.
    """
    if DEVICE_FIELDS.isdisjoint(map(to_api_name, names)):
        where = f"{name} ({what})" if name else f"the source ({what})"
        raise not_devices_error(0, names, "", "table", where)


def is_pandas(source: Any) -> bool:
    pandas = sys.modules.get("pandas")  # a pandas object is there only if pandas is
    return pandas is not None and isinstance(source, (pandas.DataFrame, pandas.Series))


def _read_pandas(reader: _core.Reader, source: pd.DataFrame | pd.Series[Any]) -> None:
    _check_is_upright(source)
    if source.ndim == 1:
        reader.read_records(source.tolist())
        return
    named = [
        (name, series)
        for name, series in source.items()
        if isinstance(name, str) and is_unicode(name)
    ]
    columns = [(name, _values(series)) for name, series in named if reader.is_listed(name)]
    reader.read_columns(columns, len(source), [], [name for name, _ in named])


def _check_is_upright(source: pd.DataFrame | pd.Series[Any]) -> None:
    """Refuse a row or a column of a frame, and a frame on its side.

    Raises
    ------
    NotDevicesError
        The message says what to pass instead.
    """
    if source.ndim == 1:
        if not source.size or isinstance(source.iloc[0], Mapping):
            return
        looks_like, advice = "a column of a frame", "pass the frame"
        if _has_fields(source.index):
            looks_like, advice = "a row of a frame", "pass the frame, or frame.iloc[[0]] of it"
        elif not _has_fields([source.name]):
            return
        looks_like += " (a pandas Series)"
    elif not _has_fields(source.columns) and _has_fields(source.index):
        looks_like, advice = "a transposed frame, with a row for each field", "pass frame.T"
    else:
        return
    message = f"the source: {looks_like}, no devices\n{advice}"
    raise NotDevicesError(message, looks_like, None)


def _has_fields(labels: Iterable[Any]) -> bool:
    """Whether any label is the name of a field that makes a device record."""
    return any(isinstance(label, str) and to_api_name(label) in DEVICE_FIELDS for label in labels)


def _values(series: pd.Series[Any]) -> Any:
    """Values as a list, or as an Arrow array where they are one already."""
    if not _is_arrow(series.dtype):
        return series.tolist()
    array = series.array.__arrow_array__()
    chunks = array.combine_chunks() if hasattr(array, "combine_chunks") else array
    return chunks.__arrow_c_array__()


def _is_arrow(dtype: Any) -> bool:
    """Whether pyarrow holds the values."""
    return hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow"
