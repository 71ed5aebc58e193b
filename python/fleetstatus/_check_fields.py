"""Fields that the parts of a source held, and the judgement over all parts together."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._catalog import fields_of
from fleetstatus._coerce import scheme_code, to_scheme
from fleetstatus._input.missing import missing_fields_error
from fleetstatus._input.shape_list import QUERY
from fleetstatus._options import to_allowed_fields
from fleetstatus._table.table import StatusTable
from fleetstatus.enums import StatusScheme
from fleetstatus.errors import NotDevicesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetstatus._types import Parts, SchemeName

_COLUMN = "fields_seen"
_HELD_RECORD = 1 << _core.held_record_bit
_HELD_DEVICE = 1 << _core.held_device_bit


def check_fields(
    tables: Parts,
    *,
    scheme: StatusScheme | SchemeName = StatusScheme.DOCS_2024_11,
    allow_missing: str | Iterable[str] = (),
) -> None:
    """Check that parts which were read with ``missing="parts"`` have all needed fields.

    Parameters
    ----------
    tables
        Parts of one source, in any order: StatusTables, Arrow tables or data frames with the column
        ``fields_seen``, or the numbers of that column. Empty parts are ignored.
    scheme, allow_missing
        As in `classify`, the same as when the parts were read.

    Raises
    ------
    MissingFieldsError
        If no part has a field that the rules need, as `classify` would raise it for the whole
        source.
    NotDevicesError
        If the parts have records, but no device record.
    TypeError
        If a part has another type.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> pages = [fs.classify(fs.sample_fleet(), missing="parts") for _ in range(3)]
    >>> fs.check_fields(pages)
    """
    code = scheme_code(to_scheme(scheme))
    allowed = to_allowed_fields(allow_missing)
    seen = 0
    for bits in _bits_of(tables):
        seen |= bits
    if not seen & _HELD_RECORD:
        return
    if not seen & _HELD_DEVICE:
        raise _no_devices()
    missing = _core.missing_fields(seen, code, allowed)
    if missing:
        raise missing_fields_error(tuple(missing), 0, code, sorted(fields_of(seen)))


def _no_devices() -> NotDevicesError:
    looks_like = "records of something else"
    message = f"the parts hold {looks_like}, no devices; each part says what its records hold"
    return NotDevicesError(f"{message}\n{QUERY}", looks_like, None)


def _bits_of(tables: Any) -> Iterator[int]:
    """Bits of all parts."""
    parts = [tables] if isinstance(tables, StatusTable) or _has_columns(tables) else tables
    if isinstance(parts, (str, bytes)) or not isinstance(parts, Iterable):
        message = f"check_fields takes tables or numbers, several of them, not a {_name(parts)}"
        raise TypeError(message)
    for index, part in enumerate(parts):
        if isinstance(part, StatusTable):
            yield part._core.fields_seen
        elif _has_columns(part):
            for number in _column_values(part, index):
                yield _to_bits(number, index)
        else:
            yield _to_bits(part, index)


def _has_columns(part: Any) -> bool:
    """Whether a part is a table of another library, and not a column of numbers."""
    if hasattr(part, "columns") or hasattr(part, "column_names"):
        return True
    return hasattr(part, "__arrow_c_stream__") and not hasattr(part, "__len__")


def _column_values(part: Any, index: int) -> list[Any]:
    """Values of the column in a table of another library."""
    values = _values_in(part)
    if values is None:  # a stream or a relation, which takes a library to read
        values = _values_in(_read(part))
    if values is None:
        message = f"part {index}, a {_name(part)}, has no column {_COLUMN}"
        raise TypeError(message)
    return values


def _values_in(table: Any) -> list[Any] | None:
    names: Any = getattr(table, "column_names", None) or getattr(table, "columns", ())
    column = table[_COLUMN] if _COLUMN in list(names) else None
    for method in ("to_pylist", "to_list"):
        if hasattr(column, method):
            values: list[Any] = getattr(column, method)()
            return values
    return None


def _read(part: Any) -> Any:
    for name, read in (("pyarrow", "table"), ("polars", "DataFrame")):
        try:
            return getattr(import_module(name), read)(part)
        except ImportError:
            continue
    message = f"to read a {_name(part)}, check_fields needs pyarrow or polars"
    raise ImportError(message)


def _to_bits(number: Any, index: int) -> int:
    for method in ("as_py", "item"):  # of Arrow and NumPy
        if hasattr(number, method):
            number = getattr(number, method)()
    if not isinstance(number, int) or isinstance(number, bool):
        message = (
            f"part {index} is a {_name(number)}, expected a StatusTable, a table with the column "
            f"{_COLUMN}, or a number of that column"
        )
        raise TypeError(message)
    return number


def _name(part: object) -> str:
    return type(part).__name__
