"""Tables as flat batches of pyarrow, which all engines but polars and DuckDB take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._table.arrow import arrow_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from fleetstatus._table.table import StatusTable


def flat_batches(table: StatusTable, n_rows: int) -> Iterator[pa.RecordBatch]:
    """Give the rows of a table, so many at a time, with ``fields_seen`` behind its columns."""
    for batch in _reader(table):
        for first in range(0, batch.num_rows, n_rows):
            yield batch.slice(first, n_rows)


def flat_schema(table: StatusTable) -> pa.Schema:
    """Give the schema of `flat_batches`; all tables of the same carried fields have the same."""
    return _reader(table).schema.remove_metadata()


def _reader(table: StatusTable) -> pa.RecordBatchReader:
    import pyarrow as pa

    view = arrow_view(table, flat=True, fields_seen=True)
    return pa.RecordBatchReader.from_stream(view)
