"""Classify device records in polars: ``pip install polars``.

Examples
--------
>>> import fleetstatus as fs
>>> devices = fs.polars.scan(fs.sample_fleet())
>>> devices.group_by("status").len().sort("len").collect()["status"][-1]
'Operational'
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any

try:
    import polars as pl
    from polars.io.plugins import register_io_source
except ImportError as _error:
    _MESSAGE = "fleetstatus.polars needs polars, 1.32 or later: pip install -U polars"
    raise ImportError(_MESSAGE) from _error

from fleetstatus._engines.files import files_matching, table_in_memory, tables_of
from fleetstatus._engines.job import ROWS_OF_TABLE, EngineOptions, all_of, job_of
from fleetstatus._input.file_sources import files_of, is_file, is_text_source
from fleetstatus._table.arrow import arrow_view
from fleetstatus._table.table import StatusTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Unpack

    from fleetstatus._types import Source

__all__ = ["scan"]


def scan(source: Source, **options: Unpack[EngineOptions]) -> pl.LazyFrame:
    """Make a lazy frame of the statuses of all devices of a source.

    Nothing is read before a query needs it. Only the columns that the query asks for are computed,
    reading ends after the rows that it asks for, and files are read batch by batch, so they may be
    larger than memory (``collect(engine="streaming")``, ``sink_parquet``).

    Parameters
    ----------
    source
        A path, a pattern such as ``"exports/*.json"``, bytes, or a list of these, as
        `fleetstatus.scan` reads them. Or records, a data frame, anything Arrow or an open file, as
        `classify` reads them: once, as a whole.
    **options
        Those of `classify`, with its defaults but ``missing="parts"``: judge the result by
        ``fleetstatus.check_fields(devices.select("fields_seen").unique().collect())``. ``now`` is
        as in `fleetstatus.scan`; it is decided at the first use of the frame.

    Returns
    -------
    LazyFrame
        The columns of ``to_arrow(flat=True)`` and ``fields_seen``: labels are String, times
        Datetime in UTC.

    Raises
    ------
    FileNotFoundError
        If no file matches a pattern.
    ValueError, TypeError
        If an argument has a wrong value or type.
    RecordError, JSONError, NotDevicesError, OSError
        When the frame is collected, as with `fleetstatus.scan`. The message names the file, the
        device, and the index in the file.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> import polars as pl
    >>> devices = fs.polars.scan(fs.sample_fleet())
    >>> lost = devices.filter(pl.col("attention") == "disconnected")
    >>> lost.select("device_name", "status_duration_s").collect().shape
    (21, 2)
    """
    read = _Source(source, options)
    return register_io_source(read.frames, schema=_flat(read.no_rows(), None).schema)


class _Source:
    """What a frame reads, as often as polars asks for it."""

    def __init__(self, source: Any, options: EngineOptions) -> None:
        if isinstance(source, Iterator) and not _is_read_at_once(source):
            source = list(source)
        parts = [source] if is_text_source(source) else source
        self._is_files = isinstance(parts, (list, tuple)) and all(map(is_text_source, parts))
        self._source = _with_matching_files(parts) if self._is_files else source
        self._job = job_of(options, files_of(self._source) if self._is_files else None)
        self._options = all_of(options)
        self._now: datetime | str | None = self._options.pop("now")
        self._table: StatusTable | None = None
        self._is_first = Lock()
        del self._options["threads"]

    def no_rows(self) -> StatusTable:
        """Give the table of no records, which has all columns."""
        return StatusTable(self._job.scanner().cut(*self._job.moment))

    def frames(
        self,
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        """Read the source from its start: what polars asks for, and no more."""
        tables = self._tables_of_files() if self._is_files else self._table_in_memory()
        for table in _first_rows(tables, n_rows):
            frame = _flat(table, with_columns)
            if predicate is not None:
                frame = frame.filter(predicate)
            yield from frame.iter_slices(batch_size or ROWS_OF_TABLE)

    def _table_in_memory(self) -> Iterator[StatusTable]:
        with self._is_first:
            if self._table is None:
                self._table = table_in_memory(self._source, **self._options, now=self._now)
        yield self._table

    def _tables_of_files(self) -> Iterator[StatusTable]:
        with self._is_first:  # what it decides holds for all others, which may read meanwhile
            tables = tables_of(self._source, self._options, now=self._now)
            first = next(tables, None)
            if first is None:
                return
            self._now = first.now
        yield first
        yield from tables


def _first_rows(tables: Iterator[StatusTable], n_rows: int | None) -> Iterator[StatusTable]:
    """Read on until there are so many rows."""
    for table in tables:
        if n_rows is None:
            yield table
            continue
        yield table[:n_rows]
        n_rows -= len(table)
        if n_rows <= 0:
            break


def _is_read_at_once(source: Any) -> bool:
    """Whether what can be iterated is a file or a stream of columns."""
    return is_file(source) or hasattr(source, "__arrow_c_stream__")


def _with_matching_files(parts: Iterable[Any]) -> list[Any]:
    """List the parts of a source, with files in place of patterns."""
    is_path = (str, os.PathLike)
    found = (files_matching([part]) if isinstance(part, is_path) else [part] for part in parts)
    return list(chain.from_iterable(found))


def _flat(table: StatusTable, names: list[str] | None) -> pl.DataFrame:
    """Make a frame of some columns, in types without labels; the others are not made."""
    return pl.DataFrame(arrow_view(table, flat=True, fields_seen=True, names=names or None))
