"""The same 2,000 records in every form that columns come in give the same table."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import nanoarrow as na
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from typed_answers import Record, Rows, expected_rows, rows_of
from typed_records import (
    CARRY,
    LABEL_FIELDS,
    LINK_FIELDS,
    NESTED_FIELDS,
    TIME_FIELDS,
    Types,
    arrow_table,
    in_database_spelling,
    typed_records,
    with_some_keys_absent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

N_RECORDS = 2000
FORMS: dict[str, Callable[[list[Record]], Any]] = {}


def form(function: Callable[[list[Record]], Any]) -> Callable[[list[Record]], Any]:
    """Let the test try this form too."""
    FORMS[function.__name__] = function
    return function


@pytest.fixture(scope="module")
def expected() -> Rows:
    """Ask the oracle."""
    return expected_rows(typed_records(N_RECORDS))


def test_the_records_show_every_rule_and_every_null(expected: Rows) -> None:
    records = typed_records(N_RECORDS)
    assert {row["reason"] for row in expected} == set(fs.Reason) - {
        *("ordered", "preparing", "shipped", "online", "unknown")
    }
    assert {row["attention"] for row in expected} == {None, *fs.Attention} - {"unreadable"}
    assert {row["cloudlink_expected"] for row in expected} == {True, False}
    always = {name for name in records[0] if all(record[name] is not None for record in records)}
    assert always == {"id", "uuid", "api_heartbeat_state"}


# Records and JSON


@form
def dicts(records: list[Record]) -> Any:
    return with_some_keys_absent(records)


@form
def dicts_in_database_spelling(records: list[Record]) -> Any:
    return in_database_spelling(records)


@form
def json_array(records: list[Record]) -> Any:
    return json.dumps(with_some_keys_absent(records)).encode()


@form
def json_lines(records: list[Record]) -> Any:
    return "\n".join(json.dumps(record) for record in records).encode()


# pandas


@form
def pandas_frame(records: list[Record]) -> Any:
    return pd.DataFrame(records)


@form
def pandas_frame_of_objects(records: list[Record]) -> Any:
    return pd.DataFrame(records, dtype=object, index=[7] * len(records))


@form
def pandas_frame_of_exact_types(records: list[Record]) -> Any:
    frame = pd.DataFrame(records).convert_dtypes()
    for name in TIME_FIELDS:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    for name in LABEL_FIELDS:
        frame[name] = frame[name].astype("category")
    return frame


@form
def pandas_frame_of_arrow(records: list[Record]) -> Any:
    return arrow_table(records).to_pandas(types_mapper=pd.ArrowDtype)


@form
def pandas_frame_of_chunks_of_arrow(records: list[Record]) -> Any:
    halves = (records[:700], records[700:])
    table = pa.concat_tables(arrow_table(half, LARGE) for half in halves)
    return table.to_pandas(types_mapper=pd.ArrowDtype)


@form
def pandas_series_of_dicts(records: list[Record]) -> Any:
    return pd.Series(records, dtype=object)


# polars


@form
def polars_frame(records: list[Record]) -> Any:
    return pl.from_dicts(records, infer_schema_length=None)


@form
def polars_frame_in_database_spelling(records: list[Record]) -> Any:
    return pl.from_dicts(in_database_spelling(records), infer_schema_length=None)


@form
def polars_frame_of_categories(records: list[Record]) -> Any:
    return polars_frame(records).with_columns(pl.col(*LABEL_FIELDS).cast(pl.Categorical))


@form
def polars_frame_of_enums(records: list[Record]) -> Any:
    frame = polars_frame(records)
    labels = {name: frame[name].drop_nulls().unique().sort() for name in LABEL_FIELDS}
    return frame.with_columns(pl.col(name).cast(pl.Enum(labels[name])) for name in labels)


def polars_frame_of_times(unit: Any) -> Callable[[list[Record]], Any]:
    times = pl.col(*TIME_FIELDS).str.to_datetime(time_unit=unit, time_zone="UTC")
    zone = times.dt.convert_time_zone("Asia/Kathmandu")
    return lambda records: polars_frame(records).with_columns(zone)


for unit in ("ms", "us", "ns"):
    FORMS[f"polars_frame_of_times_in_{unit}"] = polars_frame_of_times(unit)


# pyarrow


def table_of(types: Types) -> Callable[[list[Record]], Any]:
    return lambda records: arrow_table(records, types)


LARGE = Types(text=pa.large_string(), list_of=pa.large_list, time=pa.timestamp("us", "+02:00"))
FORMS |= {
    "arrow_table": table_of(Types()),
    "arrow_table_of_large_types": table_of(LARGE),
    "arrow_table_of_views": table_of(Types(text=pa.string_view(), list_of=pa.list_view)),
    "arrow_table_of_large_views": table_of(
        Types(text=pa.string_view(), list_of=pa.large_list_view, time=pa.timestamp("ns", "UTC"))
    ),
    "arrow_table_of_small_numbers": table_of(
        Types(flag=pa.uint8(), number=pa.float64(), time=pa.string())
    ),
    "arrow_table_of_unsigned_numbers": table_of(Types(flag=pa.int16(), number=pa.uint64())),
    "arrow_table_of_codes": table_of(
        Types(
            text=pa.dictionary(pa.int32(), pa.string()),
            label=pa.dictionary(pa.int8(), pa.large_string()),
        )
    ),
    "arrow_table_of_unsigned_codes": table_of(
        Types(
            text=pa.dictionary(pa.uint16(), pa.string()),
            label=pa.dictionary(pa.uint8(), pa.string()),
        )
    ),
    "arrow_table_of_wide_codes": table_of(
        Types(
            text=pa.dictionary(pa.uint64(), pa.string()),
            label=pa.dictionary(pa.int64(), pa.string()),
        )
    ),
    "arrow_table_of_links_in_lists": table_of(Types(linked=pa.list_)),
    "arrow_table_of_links_in_fixed_lists": table_of(Types(linked=lambda type_: pa.list_(type_, 1))),
    "arrow_table_of_maps": table_of(
        Types(services=lambda installs: pa.map_(pa.string(), installs))
    ),
    "arrow_table_of_json_texts": table_of(Types(nested=pa.string())),
}


@form
def arrow_table_of_json_extensions(records: list[Record]) -> Any:
    table = arrow_table(records, Types(nested=pa.large_string()))
    for name in NESTED_FIELDS:
        place = table.schema.get_field_index(name)
        as_json = table.schema.field(name).with_metadata({"ARROW:extension:name": "arrow.json"})
        table = table.set_column(place, as_json, table[name])
    return table


@form
def arrow_table_of_bare_link_numbers(records: list[Record]) -> Any:
    table = arrow_table(records)
    with_more = {"belongs_to__application", "application", "is_running__release"}
    for name in set(LINK_FIELDS) - with_more:
        numbers = table[name].combine_chunks().field("__id")
        links = [record[name] and record[name]["__id"] for record in records]
        table = table.set_column(
            table.schema.get_field_index(name), name, pa.array(links, numbers.type)
        )
    return table


@form
def arrow_table_with_null_columns_first(records: list[Record]) -> Any:
    table = arrow_table(records)
    names = [name.replace("__", "-").replace("_", " ") for name in table.column_names]
    nulls = {name: pa.nulls(len(records)) for name in names if name not in table.column_names}
    return pa.table(nulls | dict(zip(table.column_names, table.columns, strict=True)))


@form
def arrow_table_in_shuffled_columns_with_others(records: list[Record]) -> Any:
    table = arrow_table(records)
    others = {"note": pa.array([b"\xff"] * len(records)), "": table["id"], "d": table["uuid"]}
    columns = dict(zip(table.column_names, table.columns, strict=True)) | others
    return pa.table(dict(sorted(columns.items(), reverse=True)))


@form
def arrow_batch(records: list[Record]) -> Any:
    return arrow_table(records).to_batches()[0]


@form
def arrow_stream_of_small_batches(records: list[Record]) -> Any:
    table = arrow_table(records)
    batches = table.to_batches(max_chunksize=97)
    return pa.RecordBatchReader.from_batches(table.schema, [batches[0].slice(0, 0), *batches])


@form
def arrow_stream_of_changing_dictionaries(records: list[Record]) -> Any:
    types = Types(label=pa.dictionary(pa.int8(), pa.string()))
    parts = [arrow_table(records[i : i + 333], types) for i in range(0, len(records), 333)]
    batches = [batch for part in parts for batch in part.to_batches()]
    return pa.RecordBatchReader.from_batches(types.schema(), batches)


def between_others(records: list[Record]) -> list[Record]:
    """Put records around that a slice must leave out."""
    return [*records[-5:], *records, *records[:3]]


@form
def arrow_slice(records: list[Record]) -> Any:
    return arrow_table(between_others(records)).slice(5, len(records))


@form
def arrow_slice_of_views(records: list[Record]) -> Any:
    types = Types(text=pa.string_view(), list_of=pa.list_view)
    return arrow_table(between_others(records), types).slice(5, len(records))


@form
def arrow_slice_of_codes(records: list[Record]) -> Any:
    types = Types(text=pa.dictionary(pa.int32(), pa.string()), linked=lambda t: pa.list_(t, 1))
    return arrow_table(between_others(records), types).slice(5, len(records))


@form
def arrow_slice_of_a_struct(records: list[Record]) -> Any:
    return arrow_table(between_others(records)).to_struct_array().chunk(0).slice(5, len(records))


# Others


@form
def duckdb_relation(records: list[Record]) -> Any:
    return duckdb.from_arrow(arrow_table(records))


@form
def duckdb_query(records: list[Record]) -> Any:
    table = arrow_table(records, Types(services=lambda installs: pa.map_(pa.string(), installs)))
    return duckdb.connect().register("devices", table).sql("FROM devices")


@form
def nanoarrow_stream(records: list[Record]) -> Any:
    return na.ArrayStream(arrow_table(records))


@form
def nanoarrow_array(records: list[Record]) -> Any:
    return na.c_array(arrow_batch(records))


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_table(
    make: Callable[[list[Record]], Any], expected: Rows
) -> None:
    assert rows_of(make(typed_records(N_RECORDS))) == expected


WITHOUT_PYARROW = """
import json, pickle, sys
sys.modules["pyarrow"] = None
import pandas as pd
import fleetstatus as fs
records = json.load(sys.stdin.buffer)
frames = [pd.DataFrame(records), pd.DataFrame(records).convert_dtypes()]
for name in json.loads(sys.argv[1]):
    frames[1][name] = frames[1][name].astype("category")
for name in json.loads(sys.argv[2]):
    frames[1][name] = pd.to_datetime(frames[1][name], format="ISO8601")
options = {"now": "2026-11-01T12:00:00Z", "carry": json.loads(sys.argv[3])}
rows = [fs.classify(frame, **options).to_dicts() for frame in frames]
sys.stdout.buffer.write(pickle.dumps(rows))
"""


def test_pandas_frames_need_no_pyarrow(expected: Rows) -> None:
    fields = [json.dumps(names) for names in (LABEL_FIELDS, TIME_FIELDS, CARRY)]
    source = json.dumps(typed_records(N_RECORDS)).encode()
    command = [sys.executable, "-c", WITHOUT_PYARROW, *fields]
    done = subprocess.run(command, input=source, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    for rows in pickle.loads(done.stdout):
        assert rows == expected
