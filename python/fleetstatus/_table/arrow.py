"""Anything that has columns, as an Arrow stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._table.frames import to_polars
from fleetstatus._table.metadata import FIELDS_SEEN, RULE_BITS, note_of

if TYPE_CHECKING:
    import polars as pl

    from fleetstatus._table.facts import TableFacts
    from fleetstatus._table.metadata import Note


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
        return _core.arrow_stream(self._named_columns(), self._note())

    def __arrow_c_schema__(self) -> object:
        """Give the schema of `__arrow_c_stream__`, as a capsule ``arrow_schema``."""
        return _core.arrow_schema(self._named_columns(), self._note())

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        """Columns of the engine by name, in their order."""
        raise NotImplementedError

    def _note(self) -> Note | None:
        """Say what is known of all rows, for the metadata of the schema."""
        return None


class _ArrowView(ArrowExport):
    """A table as an Arrow stream with other types or further columns."""

    __slots__ = ("_bits", "_core", "_fields_seen", "_flat")

    def __init__(
        self, core: _core.StatusTable, *, flat: bool, bits: bool, fields_seen: bool
    ) -> None:
        self._core = core
        self._flat = flat
        self._bits = bits
        self._fields_seen = fields_seen

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        columns = [(name, self._core.column(name)) for name in self._core.columns]
        if self._flat:
            columns = [(name, column.flat()) for name, column in columns]
        if self._bits:
            columns.append((RULE_BITS, self._core.rule_bits()))
        if self._fields_seen:
            column = _core.repeated(self._core.fields_seen, len(self._core))
            columns.append((FIELDS_SEEN, column))
        return columns

    def _note(self) -> Note:
        return note_of(self._core, is_part=self._fields_seen)


def arrow_view(
    table: TableFacts, *, flat: bool = False, bits: bool = False, fields_seen: bool = False
) -> ArrowExport:
    """View a table as an Arrow stream for other engines; no other package is needed.

    Parameters
    ----------
    flat
        Types that every engine has: texts are large_utf8, also in place of labels, small numbers
        int32, times microseconds. They do not depend on the rows.
    bits
        Whether a column ``rule_bits`` (int64) follows, by which a table can be explained again.
    fields_seen
        Whether a last column ``fields_seen`` (int64) follows, which `check_fields` reads. The
        metadata then says nothing that holds only for these rows.
    """
    return _ArrowView(table._core, flat=flat, bits=bits, fields_seen=fields_seen)
