"""Tables and columns as other libraries get them through the Arrow PyCapsule interface."""

from __future__ import annotations

from typing import Any

import nanoarrow
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, device_record

SAMPLE = fs.classify(fs.sample_fleet(), now=NOW)

LABELS = pa.dictionary(pa.int8(), pa.utf8())
NAMES = pa.dictionary(pa.int32(), pa.large_utf8())
TIME = pa.timestamp("ms", "UTC")
TYPES = {
    "id": pa.int64(),
    "uuid": pa.large_utf8(),
    "device_name": pa.large_utf8(),
    "fleet": NAMES,
    "status": LABELS,
    "detail": pa.utf8(),
    "reason": LABELS,
    "status_since": TIME,
    "status_duration_s": pa.int64(),
    "release": NAMES,
    "on_target": pa.bool_(),
    "attention": LABELS,
    "heartbeat": pa.bool_(),
    "cloudlink": pa.bool_(),
    "cloudlink_expected": pa.bool_(),
    "heartbeat_state": LABELS,
    "heartbeat_since": TIME,
    "cloudlink_since": TIME,
    "heartbeat_window_s": pa.int32(),
    "capabilities": pa.uint16(),
    "progress": pa.int32(),
    "update_status": LABELS,
    "update_status_since": TIME,
    "update_status_duration_s": pa.int64(),
    "update_status_support": LABELS,
    "api_overall_status": NAMES,
    "error": pa.utf8(),
}


@pytest.mark.parametrize("table", [SAMPLE, SAMPLE[:0], SAMPLE[5:6]], ids=len)
def test_every_table_has_one_schema(table: fs.StatusTable) -> None:
    schema = pa.schema(table)
    assert dict(zip(schema.names, schema.types, strict=True)) == TYPES
    assert all(field.nullable for field in schema)
    read = pa.table(table)
    assert read.schema.equals(schema, check_metadata=True)
    assert len(read) == len(table)


def test_a_table_can_be_read_any_number_of_times() -> None:
    tables = [pa.table(SAMPLE) for _ in range(3)]
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def test_what_was_read_outlives_the_table() -> None:
    table = fs.classify([device_record(), device_record(uuid=None)], now=NOW)
    expected = table.to_dicts()
    read = pa.table(table)
    status = pa.array(table["status"])
    del table
    assert read.to_pylist() == expected
    assert status.to_pylist() == ["Operational"] * 2


@pytest.mark.parametrize("name", SAMPLE.columns)
def test_each_column_is_an_array_of_its_own(name: str) -> None:
    column = SAMPLE[name]
    array = pa.array(column)
    array.validate(full=True)
    assert array.type == TYPES[name]
    assert array.to_pylist() == column.to_list()
    assert nanoarrow.Array(column).to_pylist() == column.to_list()
    assert pl.Series(column).to_list() == column.to_list()
    assert pl.Series(column).name == name
    assert pa.field(column) == pa.schema(SAMPLE).field(name)


def test_a_comparison_is_an_array_too() -> None:
    is_updating = SAMPLE["status"] == "Updating"
    assert pa.array(is_updating).type == pa.bool_()
    assert pa.array(is_updating).to_pylist() == is_updating.to_list()


def test_dictionaries_hold_all_labels_in_their_order() -> None:
    for table in (SAMPLE, SAMPLE[:0]):
        status = pa.array(table["status"])
        assert tuple(status.dictionary.to_pylist()) == fs.StatusScheme.DOCS_2024_11.labels
        assert not status.type.ordered


TEXT_TYPES = [pa.utf8(), pa.large_utf8(), pa.string_view()]


def texts_in_chunks(text_type: Any) -> tuple[pa.Table, fs.StatusTable]:
    records = pa.Table.from_pylist(
        [device_record(uuid=None if row == 3 else f"{row:032}") for row in range(9)]
    )
    place = records.schema.get_field_index("uuid")
    records = records.set_column(place, "uuid", records["uuid"].cast(text_type))
    chunks = [records.slice(0, 2), records.slice(4, 5), records.slice(2, 2)]
    source = pa.concat_tables(chunks)
    return source, fs.classify(source, now=NOW)


@pytest.mark.parametrize("text_type", TEXT_TYPES, ids=str)
def test_texts_of_an_arrow_source_are_passed_on_without_a_copy(text_type: Any) -> None:
    source, table = texts_in_chunks(text_type)
    uuids = pa.table(table)["uuid"]
    assert uuids.type == text_type
    assert [len(chunk) for chunk in uuids.chunks] == [2, 5, 2]
    for ours, theirs in zip(uuids.chunks, source["uuid"].chunks, strict=True):
        assert ours.offset == theirs.offset
        assert ours.buffers()[1].address == theirs.buffers()[1].address
    assert pa.array(table["uuid"]).to_pylist() == source["uuid"].to_pylist()
    assert pa.table(table[1:8:2])["uuid"].to_pylist() == source["uuid"].to_pylist()[1:8:2]
    assert pa.schema(table[1:8:2]) == pa.schema(table)


def test_texts_outlive_their_source() -> None:
    source, table = texts_in_chunks(pa.string_view())
    expected = source["uuid"].to_pylist()
    del source
    read = pa.table(table)
    del table
    assert read["uuid"].to_pylist() == expected


def test_capsules_that_no_one_takes_are_released() -> None:
    for _ in range(100):
        SAMPLE.__arrow_c_stream__()
        SAMPLE.__arrow_c_schema__()
        SAMPLE["uuid"].__arrow_c_array__(requested_schema=SAMPLE["uuid"].__arrow_c_schema__())
