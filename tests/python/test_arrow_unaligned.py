"""Arrow buffers that begin at any byte are read as well as aligned ones."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_tables import TEXTS, arrow_devices
from examples import NOW
from typed_records import CARRY, Types, arrow_table, typed_records

TYPES = {
    "plain": Types(),
    "large": Types(text=pa.large_string(), list_of=pa.large_list, linked=pa.large_list),
    "views": Types(number=pa.float64(), text=pa.string_view(), time=pa.timestamp("us", "UTC")),
    "codes": Types(number=pa.int32(), label=pa.dictionary(pa.int16(), pa.string())),
    "list views": Types(list_of=pa.list_view, linked=pa.list_),
    "large list views": Types(number=pa.float32(), list_of=pa.large_list_view),
}


def shifted(array: Any, n_bytes: int = 1) -> Any:
    """Copy an array, its buffers to places that are so many bytes behind where they may begin."""
    if isinstance(array, pa.DictionaryArray):
        parts = shifted(array.indices, n_bytes), shifted(array.dictionary, n_bytes)
        return pa.DictionaryArray.from_arrays(*parts, safe=False)
    buffers = array.buffers()[: array.type.num_buffers if array.type.num_fields else None]
    own = [
        None if buffer is None else pa.py_buffer(bytes(n_bytes) + buffer.to_pybytes())[n_bytes:]
        for buffer in buffers
    ]
    children = []
    if pa.types.is_struct(array.type):
        children = [array.field(i) for i in range(array.type.num_fields)]
    elif array.type.num_fields:
        children = [array.values]
    return pa.Array.from_buffers(
        *(array.type, len(array), own),
        offset=array.offset,
        children=[shifted(child, n_bytes) for child in children],
    )


def all_shifted(table: pa.Table, n_bytes: int = 1) -> pa.Table:
    (batch,) = table.combine_chunks().to_batches()
    columns = [shifted(column, n_bytes) for column in batch.columns]
    assert any(buffer is not None and buffer.address % 8 for buffer in columns[0].buffers())
    return pa.table(columns, schema=table.schema)


@pytest.mark.slow
@pytest.mark.parametrize("types", TYPES.values(), ids=TYPES)
@pytest.mark.parametrize("n_bytes", [1, 4])
def test_buffers_that_are_not_aligned_are_read_like_others(types: Types, n_bytes: int) -> None:
    table = arrow_table(typed_records()[:1500], types)
    expected = fs.classify(table, now=NOW, carry=CARRY)
    assert fs.classify(all_shifted(table, n_bytes), now=NOW, carry=CARRY) == expected


def test_slices_of_them_are_read_from_their_first_row_on() -> None:
    table = arrow_table(typed_records()[:300], TYPES["large"])
    unaligned = all_shifted(table)
    for first, end in pairwise([0, 1, 7, 8, 9, 64, 300]):
        expected = fs.classify(table.slice(first, end - first), now=NOW)
        assert fs.classify(unaligned.slice(first, end - first), now=NOW) == expected


@pytest.mark.parametrize("type_", TEXTS, ids=str)
def test_texts_that_are_passed_on_are_aligned_then(type_: Any) -> None:
    texts = pa.array([None, "a text of more than 12 bytes", "short", ""], type_)
    table = arrow_devices(uuid=shifted(texts))
    passed = pa.table(fs.classify(table, now=NOW))["uuid"].combine_chunks()
    assert passed.type == type_
    assert passed.to_pylist() == texts.to_pylist()
    assert passed.buffers()[1].address % 8 == 0
