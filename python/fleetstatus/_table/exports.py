"""A table for other libraries and programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._table.facts import TableFacts
from fleetstatus._table.frames import to_pandas, to_polars

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl

_DURATIONS = {
    "status_duration_s": "status_duration",
    "update_status_duration_s": "update_status_duration",
}
_FORMATS = {".json": "json", ".ndjson": "ndjson", ".csv": "csv"}
_ROWS_AT_A_TIME = 4096


class Exports(TableFacts):
    """The part of `StatusTable` that hands it on."""

    __slots__ = ()

    def _lists(self) -> Iterator[list[list[Any]]]:
        """Values of some rows at a time, a list for each column."""
        starts = range(0, len(self), _ROWS_AT_A_TIME)
        return (self._core.lists(i, min(i + _ROWS_AT_A_TIME, len(self))) for i in starts)

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
        return to_pandas({name: self._column(name) for name in self.columns}, durations=_DURATIONS)

    def to_polars(self) -> pl.DataFrame:
        """Make a polars data frame, without a copy; ``pl.DataFrame(devices)`` does the same.

        Returns
        -------
        shape (n_rows, n_columns)
            Labels are Enums of all of them, in their order (fleets, whose list is open,
            Categorical); times Datetime in UTC; durations whole seconds.

        Raises
        ------
        ImportError
            If polars is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> frame = fs.classify(fs.sample_fleet()).to_polars()
        >>> frame["attention"].dtype
        Enum(categories=['unreadable', 'disconnected', ...])
        """
        return to_polars(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the table to readers of Arrow streams: polars, pyarrow, DuckDB, nanoarrow.

        As often as it is asked for, without a copy. Columns of labels are dictionaries of all
        their labels, in their order, which polars takes for Enums.

        Parameters
        ----------
        requested_schema
            Ignored, as the interface allows: the table has one schema.

        Returns
        -------
        Capsule ``arrow_array_stream``.
        """
        return _core.arrow_stream(self._named_columns())

    def __arrow_c_schema__(self) -> object:
        """Give the schema of `__arrow_c_stream__`, as a capsule ``arrow_schema``."""
        return _core.arrow_schema(self._named_columns())

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [(name, self._core.column(name)) for name in self.columns]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write all columns to a file: ``.json``, ``.ndjson`` or ``.csv``.

        Times are RFC 3339 in UTC, durations whole seconds, capabilities their bits. In CSV (RFC
        4180) null is nothing and empty text is ``""``.

        Raises
        ------
        ValueError
            If the path ends otherwise.
        """
        target = Path(path)
        form = _FORMATS.get(target.suffix.lower())
        if form is None:
            message = f"{target.name!r} ends in none of {', '.join(_FORMATS)}"
            raise ValueError(message)
        with target.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self._written(form))

    def _written(self, form: str) -> Iterator[str]:
        starts = range(0, max(len(self), 1), _ROWS_AT_A_TIME)
        ends = (min(start + _ROWS_AT_A_TIME, len(self)) for start in starts)
        return (self._core.write(form, start, end) for start, end in zip(starts, ends, strict=True))
