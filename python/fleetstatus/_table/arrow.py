"""Anything that has columns, as an Arrow stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus import _core
from fleetstatus._catalog import FIELDS_SEEN, RULE_BITS
from fleetstatus._table.frames import to_polars
from fleetstatus._table.metadata import note_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            Labels are Enums with all labels, in order. Fleets, releases and other open lists are
            Categorical. Times are Datetime in UTC, durations whole seconds.

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

        It can be read any number of times. Columns of labels are dictionaries with all their
        labels, in order; polars reads them as Enums.

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
    """Columns of a table as an Arrow stream, in other types or with further ones."""

    __slots__ = ("_core", "_flat", "_names")

    def __init__(self, core: _core.StatusTable, names: Sequence[str], *, flat: bool) -> None:
        self._core = core
        self._names = names
        self._flat = flat

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [(name, self._column(name)) for name in self._names]

    def _column(self, name: str) -> _core.Column:
        if name == RULE_BITS:
            return self._core.rule_bits()
        if name == FIELDS_SEEN:
            return _core.repeated(self._core.fields_seen, len(self._core))
        column = self._core.column(name)
        return column.flat() if self._flat else column

    def _note(self) -> Note:
        return note_of(self._core, is_part=FIELDS_SEEN in self._names)


def arrow_view(
    table: TableFacts,
    *,
    flat: bool = False,
    bits: bool = False,
    fields_seen: bool = False,
    names: Sequence[str] | None = None,
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
    names
        Only these columns, of all that there would be; no others are made.
    """
    if names is None:
        further = {RULE_BITS: bits, FIELDS_SEEN: fields_seen}
        names = [*table._core.columns, *(name for name, is_there in further.items() if is_there)]
    return _ArrowView(table._core, names, flat=flat)
