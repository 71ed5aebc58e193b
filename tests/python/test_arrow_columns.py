"""Which columns of an Arrow source are read, what may stand inside, and which record is bad."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_tables import TEXTS, answers, arrow_devices, columns_of, error_of, told, with_columns
from examples import NOW


def test_columns_of_either_spelling_are_read() -> None:
    names = columns_of(2)
    table = pa.table({name.replace("__", "-").replace("_", " "): names[name] for name in names})
    assert answers("status", table) == ["Operational"] * 2


@pytest.mark.parametrize("field", ["uuid", "device_name"])
@pytest.mark.parametrize("type_", [*TEXTS, pa.dictionary(pa.int8(), pa.string())], ids=str)
def test_of_two_columns_of_a_field_the_last_counts(field: str, type_: Any) -> None:
    texts = pa.array(["a", None], type_)
    table = arrow_devices(**{field: pa.array(["x", "y"], type_)})
    assert answers(field, with_columns(table, (field, texts))) == ["a", None]
    bad_first = with_columns(arrow_devices(**{field: [1, 2]}), (field, texts))
    assert answers(field, bad_first) == ["a", None]
    bad_last = with_columns(table, (field, [1, 2]))
    assert told(error_of(bad_last)) == (0, field, f"/{field}", "1")
    assert answers(field, bad_last, on_error="keep") == [None, None]


def test_of_two_spellings_the_last_counts() -> None:
    table = arrow_devices(is_frozen=[True, True])
    assert answers("status", with_columns(table, ("is frozen", [None, True]))) == [
        *("Operational", "Frozen")
    ]
    late = with_columns(table, ("is frozen", ["x", "y"]))
    assert told(error_of(late)) == (0, "is_frozen", "/is frozen", '"x"')
    healed = with_columns(arrow_devices(is_frozen=["x", "y"]), ("is frozen", [False, True]))
    assert answers("status", healed) == ["Operational", "Frozen"]


def test_of_two_members_of_a_struct_the_last_counts() -> None:
    fleets = pa.StructArray.from_arrays(
        [pa.array(["a"]), pa.array([5]), pa.array(["b"])], ["slug", "__id", "slug"]
    )
    assert answers("fleet", arrow_devices(belongs_to__application=fleets)) == ["b"]


OTHERS = {
    "binary": pa.array([b"\xff"]),
    "decimal": pa.array([1]).cast(pa.decimal128(20)),
    "duration": pa.array([1]).cast(pa.duration("ns")),
    "half float": pa.array([1.0]).cast(pa.float16()),
    "run-end encoded": pa.RunEndEncodedArray.from_arrays(pa.array([1]), pa.array(["x"])),
    "sparse union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
    "dense union": pa.UnionArray.from_dense(
        pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array([1])]
    ),
    "fixed-size binary": pa.array([b"12"], pa.binary(2)),
    "interval": pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    "time": pa.array([1]).cast(pa.time64("us")),
    "broken text": pa.array([b"\xff"], pa.binary()).view(pa.string()),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_other_columns_are_not_looked_at(other: Any) -> None:
    fleets = pa.StructArray.from_arrays([pa.array(["a"]), other], ["slug", "note"])
    table = with_columns(
        arrow_devices(belongs_to__application=fleets), ("note", other), ("", other), ("d", other)
    )
    assert answers("fleet", table) == ["a"]


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_field_of_another_type_is_named(other: Any) -> None:
    for field in ("id", "device_name", "last_vpn_event", "belongs_to__application"):
        assert told(error_of(arrow_devices(**{field: other})))[:2] == (0, field)
    kept = fs.classify(arrow_devices(id=other), now=NOW, on_error="keep")
    assert (kept["id"][0], kept["status"][0]) == (None, "Operational")


def test_missing_columns_are_missing_fields() -> None:
    columns = columns_of(2, "status", "is_connected_to_vpn")
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.classify(pa.table(columns), now=NOW)
    assert raised.value.fields == ("is_connected_to_vpn", "status")
    assert raised.value.index == 0
    allowed = ["is_connected_to_vpn", "status"]
    assert answers("reason", pa.table(columns), allow_missing=allowed) == ["unknown"] * 2


def test_a_column_of_nulls_is_not_missing() -> None:
    nulls = {name: pa.nulls(2) for name in columns_of(0)}
    given = {"is_connected_to_vpn": [True] * 2, "api_heartbeat_state": ["online"] * 2}
    table = fs.classify(pa.table(nulls | given), now=NOW)
    assert table["status"].to_list() == ["Operational"] * 2
    assert "is_frozen" in str(table.fields_missing)


def test_no_records_lack_nothing() -> None:
    for empty in (pa.table({}), pa.table(columns_of(0)), pa.schema([]).empty_table()):
        assert len(fs.classify(empty, now=NOW)) == 0


# Nested values


def installs(*values: Any) -> Any:
    fields = [("id", pa.int64()), ("status", pa.string()), ("download_progress", pa.int32())]
    return pa.array(values, pa.list_(pa.struct(fields)))


DOWNLOAD = {"id": 1, "status": "Downloading", "download_progress": 40}


def test_nulls_inside_are_nulls() -> None:
    listed = installs(None, [], [DOWNLOAD | {"id": None}], [DOWNLOAD, dict.fromkeys(DOWNLOAD)])
    assert answers("progress", arrow_devices(image_install=listed)) == [None, None, 40, 40]


def test_a_null_in_place_of_an_install_is_bad() -> None:
    error = error_of(arrow_devices(image_install=installs([], [DOWNLOAD, None])))
    assert told(error) == (1, "image_install", "/image_install/1", "null")


def test_a_fault_inside_is_named_by_its_place() -> None:
    table = arrow_devices(
        **{"image install": [[{"id": 1, "download progress": 5.0}, {"download progress": 5.5}]]}
    )
    place = "/image install/1/download progress"
    assert told(error_of(table)) == (0, "image_install", place, "5.5")
    services = pa.array(
        [[("a/b", [{"id": "x"}])]], pa.map_(pa.string(), pa.list_(pa.struct([("id", pa.string())])))
    )
    error = error_of(arrow_devices(current_services=services))
    assert told(error)[2:] == ("/current_services/a~1b/0/id", '"x"')


def test_lists_may_be_sliced() -> None:
    values = [[DOWNLOAD], [], [DOWNLOAD | {"download_progress": 60}], None]
    element = installs().type.value_type
    for type_ in (pa.list_(element), pa.large_list(element), pa.list_view(element)):
        part = pa.array(values, type_)[2:]
        assert answers("progress", arrow_devices(image_install=part)) == [60, None]


def test_json_texts_stand_for_lists_and_objects() -> None:
    texts = ['[{"status": "Downloading", "download_progress": 40}]', " [ ] ", "null", None]
    table = arrow_devices(
        image_install=texts, belongs_to__application=['{"slug":"a"}', "5", "[]", ""]
    )
    assert answers("progress", table, on_error="keep") == [40, None, None, None]
    assert answers("fleet", table, on_error="keep") == ["a", "5", None, None]
    assert told(error_of(table))[:2] == (3, "belongs_to__application")


@pytest.mark.parametrize(
    "text", ["", "[", "[{]", "[] []", "none", '{"a": }', "[1,]", "\0", '"', "nul"]
)
def test_text_that_is_no_json_is_named(text: str) -> None:
    error = error_of(arrow_devices(image_install=["[]", text]))
    assert told(error)[:3] == (1, "image_install", "/image_install")


def test_broken_json_leaves_nothing_of_what_came_before() -> None:
    text = '[{"status": "Downloading", "download_progress": 40}, {"status": }]'
    (row,) = fs.classify(arrow_devices(image_install=[text]), now=NOW, on_error="keep").to_dicts()
    assert (row["progress"], row["status"]) == (None, None)


# Records


def test_a_struct_that_is_null_is_no_record() -> None:
    table = arrow_devices(id=[1, 2, 3], device_name=["a", "b", "c"])
    records = table.to_struct_array().chunk(0)
    mask = pa.array([False, True, False])
    nulls = pa.StructArray.from_arrays(records.flatten(), names=table.column_names, mask=mask)
    error = error_of(nulls)
    assert (str(error), told(error)) == (
        "record 1 is null, expected an object",
        (1, "", "", "null"),
    )
    rows = fs.classify(nulls, now=NOW, on_error="keep").to_dicts()
    assert [row["device_name"] for row in rows] == ["a", None, "c"]
    assert {name for name, value in rows[1].items() if value is not None} == {"attention", "error"}
    assert [
        row["device_name"] for row in fs.classify(nulls[1:], now=NOW, on_error="keep").to_dicts()
    ] == [None, "c"]


def test_the_first_bad_record_is_raised_whatever_the_order_of_columns() -> None:
    columns = {"id": ["1", None], "uuid": [None, 5]}
    good = columns_of(2, *columns)
    for names in (["id", "uuid"], ["uuid", "id"]):
        first = pa.table(good | {name: columns[name] for name in names})
        assert told(error_of(first))[:2] == (0, "id")


def test_of_several_faults_of_a_record_the_first_column_is_named() -> None:
    columns = {"id": ["1"], "uuid": [5], "is_frozen": [7]}
    for first in columns:
        names = [first, *columns]
        table = pa.table({name: columns[name] for name in names} | columns_of(1, *columns))
        assert told(error_of(table))[1] == first


@pytest.mark.parametrize("index", [0, 4095, 4096, 9_999])
def test_records_are_counted_over_blocks_and_batches(index: int) -> None:
    ids = [5.0] * 10_000
    ids[index] = 0.5
    table = arrow_devices(id=ids)
    assert error_of(table).index == index
    batches = table.to_batches(max_chunksize=3000)
    assert error_of(pa.Table.from_batches(batches)).index == index
    kept = answers("error", table, on_error="keep")
    assert [i for i, error in enumerate(kept) if error] == [index]


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (pa.string(), "balenaOS 6", "balenaOS 6"),
        (pa.dictionary(pa.int8(), pa.string()), "", ""),
        (pa.bool_(), True, "true"),
        (pa.uint64(), 2**64 - 1, str(2**64 - 1)),
        (pa.int8(), -5, "-5"),
        (pa.float64(), 1.5, "1.5"),
        (pa.timestamp("us", "UTC"), NOW, "2026-11-01T12:00:00Z"),
        (pa.null(), None, None),
    ],
    ids=str,
)
def test_columns_are_carried_as_text(type_: Any, value: Any, text: str | None) -> None:
    column = pa.array([None, value, value], type_)
    assert answers("note", arrow_devices(note=column), carry="note") == [None, text, text]
    link = pa.array([None, {"note": value}], pa.struct([("note", type_)]))
    table = arrow_devices(is_running__release=link)
    name = "is_running__release.note"
    assert answers(name, table, carry=name) == [None, text]


def test_a_carried_list_is_bad() -> None:
    assert told(error_of(arrow_devices(note=[None, [1]]), carry="note"))[:2] == (1, "note")
    assert told(error_of(arrow_devices(note=[None, b"x"]), carry="note"))[:2] == (1, "note")
