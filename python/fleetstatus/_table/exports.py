"""A table for other libraries and programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fleetstatus._table.arrow import ArrowExport, arrow_view
from fleetstatus._table.facts import TableFacts
from fleetstatus._table.files import ROWS_AT_A_TIME, write_columns
from fleetstatus._table.frames import to_arrow, to_pandas
from fleetstatus._table.metadata import note_of
from fleetstatus._table.parquet import write_parquet
from fleetstatus._table.selected_columns import DURATIONS

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import pandas as pd

    from fleetstatus import _core
    from fleetstatus._table.metadata import Note


class Exports(TableFacts, ArrowExport):
    """The part of `StatusTable` that hands it on."""

    __slots__ = ()

    def _lists(self) -> Iterator[list[list[Any]]]:
        """Values of some rows at a time, a list for each column."""
        starts = range(0, len(self), ROWS_AT_A_TIME)
        return (self._core.lists(i, min(i + ROWS_AT_A_TIME, len(self))) for i in starts)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows as dicts by column; times as aware datetimes, durations in whole seconds."""
        names = self.columns
        return [
            dict(zip(names, row, strict=True))
            for lists in self._lists()
            for row in zip(*lists, strict=True)
        ]

    def to_pandas(self) -> pd.DataFrame:
        """Make a pandas data frame; pyarrow is not needed and makes no difference.

        Returns
        -------
        shape (n_rows, n_columns)
            Labels are categories, all of them, in their order; whole numbers Int64, Int32 and
            UInt16 and flags boolean, with NA for null; times datetime64[ms, UTC]; text what pandas
            takes it for. ``status_duration`` and ``update_status_duration`` are timedelta64[s] in
            place of the columns that end in ``_s``.

        Raises
        ------
        ImportError
            If pandas is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> frame = fs.classify(fs.sample_fleet()).to_pandas()
        >>> frame["status"].value_counts().index[0]
        'Operational'
        """
        return to_pandas({name: self._column(name) for name in self.columns}, durations=DURATIONS)

    def to_arrow(self, *, flat: bool = False, bits: bool = False) -> Any:
        """Make a pyarrow table, which `from_arrow` reads back.

        Parameters
        ----------
        flat
            For engines without dictionaries: texts, also in place of labels, are large strings,
            small numbers int32, times microseconds. Otherwise nothing is copied.
        bits
            Whether a column ``rule_bits`` (int64) follows, without which what is read back cannot
            be explained, nor put into another scheme.

        Returns
        -------
        shape (n_rows, n_columns)
            The metadata of the schema, and of its field ``status``, has scheme, moment, options
            and version: JSON, by the key ``fleetstatus``.

        Raises
        ------
        ImportError
            If pyarrow is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.to_arrow(flat=True).schema.field("status").type
        DataType(large_string)
        """
        return to_arrow(arrow_view(self, flat=flat, bits=bits))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        """Refuse to become an array, also for ``pd.DataFrame``, which would lose the columns."""
        message = (
            "a table of devices is no array: use table.to_pandas() in place of pd.DataFrame(table), "
            "table.to_polars() for polars, table['status'].to_numpy() for one column"
        )
        raise TypeError(message)

    def _note(self) -> Note:
        return note_of(self._core)

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [(name, self._core.column(name)) for name in self.columns]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write all columns to a file: ``.json``, ``.ndjson``, ``.csv`` or ``.parquet``.

        Times are RFC 3339 in UTC, durations whole seconds, capabilities their bits. In CSV (RFC
        4180) null is nothing and empty text is ``""``. Parquet is written by pyarrow, polars or
        DuckDB, with a column ``rule_bits``; `from_arrow` reads it back.

        Raises
        ------
        ValueError
            If the path ends otherwise.
        ImportError
            If none of the libraries that write Parquet is installed.
        """
        if Path(path).suffix.lower() == ".parquet":
            write_parquet(arrow_view(self, bits=True), self._note(), Path(path))
            return
        write_columns(self._named_columns(), path)
