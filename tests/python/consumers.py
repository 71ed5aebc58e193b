"""Libraries that take a table, each read back to the rows of `to_dicts`."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import duckdb
import nanoarrow
import pandas as pd
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

    import fleetstatus as fs

Rows = list[dict[str, Any]]


def from_pyarrow(table: fs.StatusTable) -> Rows:
    read = pa.table(table)
    read.validate(full=True)
    rows: Rows = read.to_pylist()
    return rows


def from_pyarrow_reader(table: fs.StatusTable) -> Rows:
    batches = pa.RecordBatchReader.from_stream(table)
    return [row for batch in batches for row in batch.to_pylist()]


def from_polars(table: fs.StatusTable) -> Rows:
    return pl.DataFrame(table).to_dicts()


def from_to_polars(table: fs.StatusTable) -> Rows:
    return table.to_polars().to_dicts()


def from_nanoarrow(table: fs.StatusTable) -> Rows:
    rows: Rows = nanoarrow.Array(table).to_pylist()
    return rows


def from_duckdb(devices: fs.StatusTable) -> Rows:
    """Let DuckDB find the table by the name of its variable; a query may pull it several times."""
    counted = _rows(duckdb.sql("select count(*) as n from devices a, devices b"))
    assert counted == [{"n": len(devices) ** 2}]
    return _rows(duckdb.sql("select * from devices"))


def _rows(relation: duckdb.DuckDBPyRelation | None) -> Rows:
    assert relation is not None
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def from_pandas(table: fs.StatusTable) -> Rows:
    frame = table.to_pandas()
    lists = [_python_values(frame[name]) for name in frame.columns]
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*lists, strict=True)]


def _python_values(series: Any) -> list[Any]:
    is_duration = str(series.dtype) == "timedelta64[s]"
    values = [None if pd.isna(value) else value for value in series]
    if is_duration:
        return [None if value is None else int(value.total_seconds()) for value in values]
    return [
        value.to_pydatetime().astimezone(UTC) if isinstance(value, pd.Timestamp) else value
        for value in values
    ]


CONSUMERS: list[Callable[[fs.StatusTable], Rows]] = [
    from_duckdb,
    from_nanoarrow,
    from_pandas,
    from_polars,
    from_pyarrow,
    from_pyarrow_reader,
    from_to_polars,
]
