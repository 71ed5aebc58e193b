"""Anything that has columns, as an Arrow stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._table.frames import to_polars

if TYPE_CHECKING:
    import polars as pl


class ArrowExport:
    """The part of a table that hands its columns on, without a copy."""

    __slots__ = ()

    def to_polars(self) -> pl.DataFrame:
        """Make a polars data frame, without a copy; ``pl.DataFrame`` of the table does the same.

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

        As often as it is asked for. Columns of labels are dictionaries of all their labels, in
        their order, which polars takes for Enums.

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
        """Columns of the engine by name, in their order."""
        raise NotImplementedError
