"""pandas frames as a source: what their columns may hold, and which columns are read."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_tables import answers, error_of, told
from examples import NOW, device_record


def frame_of(**columns: Any) -> pd.DataFrame:
    """Make a frame of devices on which all is well, with some columns given."""
    n_records = len(next(iter(columns.values())))
    constant = {name: [value] * n_records for name, value in device_record().items()}
    return pd.DataFrame(constant | columns)


def objects(*values: Any) -> pd.Series[Any]:
    return pd.Series(values, dtype=object)


NULLS = [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT]


@pytest.mark.parametrize("null", NULLS, ids=repr)
def test_every_null_of_pandas_is_null(null: Any) -> None:
    fields = {
        "id": "id",
        "uuid": "uuid",
        "last_vpn_event": "update_status",
        "update_status": "update_status",
        "provisioning_progress": "progress",
        "image_install": "progress",
        "belongs_to__application": "fleet",
        "is_frozen": "detail",
    }
    for field, column in fields.items():
        frame = frame_of(**{field: objects(null, null)})
        assert answers(column, frame) == [None, None], field
        assert answers("error", frame) == [None, None], field


COLUMNS = [
    ("progress", "provisioning_progress", pd.Series([7, None], dtype="Int64"), [7, None]),
    ("progress", "provisioning_progress", pd.Series([7, None]), [7, None]),
    ("progress", "provisioning_progress", pd.Series([7, 8], dtype="uint8"), [7, 8]),
    ("progress", "provisioning_progress", pd.Series([7, None], dtype="int8[pyarrow]"), [7, None]),
    ("id", "id", pd.Series([2**63 - 1, None], dtype="Int64"), [2**63 - 1, None]),
    ("cloudlink", "is_connected_to_vpn", pd.Series([True, False]), [True, False]),
    ("cloudlink", "is_connected_to_vpn", pd.Series([True, False], dtype="boolean"), [True, False]),
    ("cloudlink", "is_connected_to_vpn", pd.Series([1.0, 0.0]), [True, False]),
    ("cloudlink", "is_connected_to_vpn", objects(np.True_, 0), [True, False]),
    ("cloudlink", "is_connected_to_vpn", pd.Series([1, 0], dtype="category"), [True, False]),
    ("device_name", "device_name", pd.Series(["a", None]), ["a", None]),
    ("device_name", "device_name", pd.Series(["a", None], dtype="string[python]"), ["a", None]),
    ("device_name", "device_name", pd.Series(["a", None], dtype="string[pyarrow]"), ["a", None]),
    ("device_name", "device_name", pd.Series(["a", None], dtype="category"), ["a", None]),
    ("device_name", "device_name", objects(np.str_("a"), None), ["a", None]),
    ("update_status", "update_status", pd.Categorical(["done", None]), ["Done", None]),
]


@pytest.mark.parametrize(("column", "field", "series", "expected"), COLUMNS, ids=str)
def test_a_column_of_any_dtype_is_read(
    column: str, field: str, series: Any, expected: list[Any]
) -> None:
    read = answers(column, frame_of(**{field: series}))
    assert [(value, type(value)) for value in read] == [(want, type(want)) for want in expected]


MOMENT = datetime(2026, 10, 31, 23, 30, 0, 1999, tzinfo=UTC)
CUT = MOMENT.replace(microsecond=1000)
TIMES: dict[str, Any] = {
    "nanoseconds": pd.Series([MOMENT, None], dtype="datetime64[ns, UTC]"),
    "another zone": pd.Series([MOMENT, None], dtype="datetime64[us, Asia/Kathmandu]"),
    "milliseconds": pd.Series([CUT, None], dtype="datetime64[ms, UTC]"),
    "objects": objects(pd.Timestamp(MOMENT), pd.NaT),
    "text": pd.Series([MOMENT.isoformat(), None]),
    "category": pd.Series([pd.Timestamp(MOMENT), pd.NaT], dtype="category"),
    "pyarrow": pd.Series([MOMENT, None], dtype=pd.ArrowDtype(pa.timestamp("us", "UTC"))),
}


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
def test_aware_times_are_read(times: Any) -> None:
    assert answers("cloudlink_since", frame_of(last_vpn_event=times))[0] == CUT


def test_nanoseconds_before_1970_are_cut_towards_the_past() -> None:
    times = pd.Series(pd.to_datetime([-1, -1_000_001], unit="ns", utc=True))
    assert answers("cloudlink_since", frame_of(last_vpn_event=times)) == [
        datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 998_000, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("times", "value"),
    [
        (pd.Series([None, NOW.replace(tzinfo=None)], dtype="datetime64[ns]"), "datetime"),
        (objects(None, NOW.replace(tzinfo=None)), "datetime"),
        (
            pd.Series([None, NOW.replace(tzinfo=None)], dtype=pd.ArrowDtype(pa.timestamp("us"))),
            "timestamp",
        ),
    ],
)
def test_naive_times_are_an_error_that_says_so(times: Any, value: str) -> None:
    error = error_of(frame_of(last_vpn_event=times))
    assert told(error) == (1, "last_vpn_event", "/last_vpn_event", f"a {value} without a zone")


DOWNLOAD = {"status": "Downloading", "download_progress": 40}


@pytest.mark.parametrize(
    "cell",
    [
        [DOWNLOAD],
        (DOWNLOAD,),
        np.array([DOWNLOAD]),
        np.array([DOWNLOAD, {}], dtype=object),
        [{"status": "Downloading", "download_progress": 40.0}],
        [{"status": "Downloading", "download_progress": np.int64(40), "id": float("nan")}],
        '[{"status": "Downloading", "download_progress": 40}]',
    ],
    ids=repr,
)
def test_a_cell_holds_a_list_of_installs(cell: Any) -> None:
    assert answers("progress", frame_of(image_install=objects(cell, None))) == [40, None]


def test_cells_hold_objects() -> None:
    fleets = objects({"slug": "a"}, [{"slug": "b"}], [], 7, None, float("nan"), '{"slug": "c"}')
    expected = ["a", "b", None, "7", None, None, "c"]
    assert answers("fleet", frame_of(belongs_to__application=fleets)) == expected


@pytest.mark.parametrize("cell", [np.array([1, 2]), np.array([[DOWNLOAD]]), {}, b"[]", "[", 7])
def test_a_cell_of_something_else_is_named(cell: Any) -> None:
    error = error_of(frame_of(image_install=objects(None, cell)))
    assert (error.index, error.field) == (1, "image_install")


def test_the_index_plays_no_part() -> None:
    frame = frame_of(id=[1, 2, 3])
    for index in ([7, 7, 7], ["a", None, "c"], pd.MultiIndex.from_product([[1], [3, 2, 1]])):
        assert answers("id", frame.set_axis(index)) == [1, 2, 3]
    assert answers("id", frame[::-2]) == [3, 1]
    assert answers("id", frame[frame["id"] > 1]) == [2, 3]
    assert answers("id", frame[:0]) == []


def test_other_columns_are_not_looked_at() -> None:
    frame = frame_of(id=[1])
    frame["note"] = [object()]
    frame[5] = 1
    frame[("id", "x")] = "x"
    frame[None] = 1
    frame["\ud800"] = 1
    frame[pd.Timestamp(NOW)] = 1
    assert answers("id", frame) == [1]


def test_of_two_columns_of_one_name_the_last_counts() -> None:
    frame = pd.concat([frame_of(id=[1, 2]), pd.DataFrame({"id": [3.0, None]})], axis=1)
    assert answers("id", frame) == [3, None]
    late = pd.concat([frame, pd.DataFrame({"id": ["x", None]})], axis=1)
    assert told(error_of(late)) == (0, "id", "/id", '"x"')


def test_either_spelling_is_read() -> None:
    names = {name: name.replace("__", "-").replace("_", " ") for name in device_record()}
    frame = frame_of(id=[1, 2], api_heartbeat_state=["timeout", "online"]).rename(columns=names)
    assert answers("status", frame) == ["Reduced Functionality", "Operational"]


def test_missing_columns_are_missing_fields() -> None:
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.classify(frame_of(id=[1]).drop(columns=["status", "image_install"]), now=NOW)
    assert raised.value.fields == ("status", "image_install")


def test_a_link_that_is_null_is_a_bad_record() -> None:
    frame = frame_of(api_heartbeat_state=["online", None])
    assert told(error_of(frame))[:2] == (1, "api_heartbeat_state")
    assert answers("status", frame, on_error="keep") == ["Operational", None]


@pytest.mark.parametrize("index", [0, 4095, 4096, 8999])
def test_the_first_bad_record_is_raised(index: int) -> None:
    frame = frame_of(id=range(9000), uuid=pd.Series(["a"] * 9000))
    frame["device_name"] = objects(*["a"] * index, 5, *[6] * (8999 - index))
    frame.insert(0, "is_frozen", objects(*[False] * 8999, "x"))
    assert told(error_of(frame))[:2] == (index, "device_name" if index < 8999 else "is_frozen")


def test_texts_of_arrow_are_passed_on() -> None:
    names = [f"a name of more than 12 bytes, {i}" for i in range(5000)]
    table = fs.classify(
        frame_of(device_name=pd.Series(names, dtype=pd.ArrowDtype(pa.string_view()))), now=NOW
    )
    assert pa.table(table).schema.field("device_name").type == pa.string_view()
    assert table["device_name"].to_list() == names


def test_columns_are_carried() -> None:
    frame = frame_of(os_version=pd.Categorical(["6.1", None]), note=[1.5, None])
    frame["is_running__release"] = objects({"raw_version": "1.2"}, None)
    table = fs.classify(
        frame, now=NOW, carry=["os_version", "note", "is_running__release.raw_version"]
    )
    assert [table[name].to_list() for name in table.columns[-3:]] == [
        *(["6.1", None], ["1.5", None], ["1.2", None])
    ]


def test_a_series_holds_records() -> None:
    records = pd.Series([device_record(id=1), None, device_record(id=3)], index=["x", "y", "z"])
    assert str(error_of(records)) == "record 1 is None, expected an object"
    assert answers("id", records, on_error="keep") == [1, None, 3]
    assert answers("id", records[::-2]) == [3, 1]
    with pytest.raises(fs.NotDevicesError, match='the value "a"'):
        fs.classify(pd.Series(["a"]), now=NOW)


def test_errors_of_objects_in_cells_pass_through() -> None:
    class Failing(dict[str, Any]):
        def items(self) -> Any:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fs.classify(frame_of(image_install=objects([Failing()])), now=NOW, on_error="keep")


def test_a_frame_is_known_without_an_import() -> None:
    code = "import sys, fleetstatus as fs; fs.classify([]); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_frame_of_something_else_is_named_by_its_columns() -> None:
    frame = pd.DataFrame({"id": [1], "city": ["oslo"], 7: [8]})
    for source in (frame, pa.table({"id": [1], "city": ["oslo"]})):
        with pytest.raises(fs.NotDevicesError, match="a table with the columns 'id', 'city'"):
            fs.classify(source, now=NOW, allow_missing="all", on_error="keep")


FRAME = frame_of(id=[1, 2])
SIDEWAYS = {
    "row": (FRAME.iloc[0], "a row of a frame (a pandas Series)", "frame.iloc[[0]]"),
    "column": (FRAME["device_name"], "a column of a frame (a pandas Series)", "pass the frame"),
    "transposed": (FRAME.T, "a transposed frame", "pass frame.T"),
}


@pytest.mark.parametrize("name", SIDEWAYS)
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_parts_of_a_frame_and_one_on_its_side_are_told(name: str, on_error: Any) -> None:
    source, words, advice = SIDEWAYS[name]
    with pytest.raises(fs.NotDevicesError) as raised:
        fs.classify(source, now=NOW, on_error=on_error)
    first, second = str(raised.value).split("\n")
    assert words in first
    assert advice in second


def test_what_the_advice_gives_is_read() -> None:
    assert answers("id", FRAME.iloc[[0]]) == [1]
    assert answers("id", FRAME.T.T) == [1, 2]
    records = pd.Series([device_record(id=3)], index=["device_name"], name="device_name")
    assert answers("id", records) == [3]
