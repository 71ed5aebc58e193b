"""Arrow tables of devices on which all is well, but for what a test gives."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, device_record

TEXTS = [pa.string(), pa.large_string(), pa.string_view()]


def columns_of(n_records: int, *without: str) -> dict[str, Any]:
    """Make the columns of devices that are all alike."""
    record = device_record(image_install=None)
    return {
        name: pa.array([value] * n_records) for name, value in record.items() if name not in without
    }


def arrow_devices(**columns: Any) -> pa.Table:
    """Make a table of devices, with some columns given."""
    given = {name: pa.array(column) for name, column in columns.items()}
    n_records = len(next(iter(given.values()))) if given else 1
    return pa.table(columns_of(n_records) | given)


def with_columns(table: pa.Table, *columns: tuple[str, Any]) -> pa.Table:
    """Add columns at the end, also of names that are there already."""
    for name, column in columns:
        table = table.append_column(name, pa.array(column))
    return table


def answers(column: str, source: Any, **options: Any) -> list[Any]:
    """Classify, and give the values of one column."""
    values: list[Any] = fs.classify(source, now=NOW, **options)[column].to_list()
    return values


def error_of(source: Any, **options: Any) -> fs.RecordError:
    """Give the error that a source must be refused with."""
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(source, now=NOW, **options)
    return raised.value


def told(error: fs.RecordError) -> tuple[int, str, str, str]:
    """Give what an error says of the place and the value."""
    return error.index, error.field, error.pointer, error.value
