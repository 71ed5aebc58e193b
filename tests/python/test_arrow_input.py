"""What a column of an Arrow source may hold, and how a value that its field cannot is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_tables import TEXTS, answers, arrow_devices, error_of, told
from examples import NOW

INTEGERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64()]
NUMBERS = [*INTEGERS, pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.float32(), pa.float64()]
CODES = [*INTEGERS, pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
LONG_NAME = "a name of more than a dozen bytes, kühl \U0001f680"


# Values


@pytest.mark.parametrize("type_", [pa.bool_(), *NUMBERS], ids=str)
def test_flags_are_booleans_or_zeros_and_ones(type_: Any) -> None:
    flags = pa.array([True, False, None, True]).cast(type_)
    table = arrow_devices(is_connected_to_vpn=[None] * 4, is_online=flags)
    assert answers("cloudlink", table, allow_missing="all") == [True, False, None, True]
    assert answers("cloudlink", table.slice(1), allow_missing="all") == [False, None, True]


@pytest.mark.parametrize("type_", NUMBERS, ids=str)
def test_numbers_have_any_width(type_: Any) -> None:
    progress = pa.array([0, 99, None, 100], type_)
    assert answers("progress", arrow_devices(provisioning_progress=progress)) == [0, 99, None, 100]


@pytest.mark.parametrize("type_", [*INTEGERS, pa.float32(), pa.float64()], ids=str)
def test_numbers_may_be_negative(type_: Any) -> None:
    assert answers("progress", arrow_devices(provisioning_progress=pa.array([-7], type_))) == [-7]


def test_not_a_number_is_null() -> None:
    for type_ in (pa.float32(), pa.float64()):
        progress = pa.array([float("nan"), 7.0, None], type_)
        table = arrow_devices(provisioning_progress=progress)
        assert answers("progress", table) == [None, 7, None]


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_ids_have_64_bits(number: int) -> None:
    assert answers("id", arrow_devices(id=pa.array([number], pa.int64()))) == [number]


@pytest.mark.parametrize(
    ("field", "column", "value"),
    [
        ("id", pa.array([2**63], pa.uint64()), "a number of more than 63 bits"),
        ("id", [1.5], "1.5"),
        ("id", [1e30], "1e+30"),
        ("id", [float("inf")], "inf"),
        ("id", [True], "true"),
        ("id", ["5"], '"5"'),
        ("id", [[5]], "a list"),
        ("id", [{"id": 5}], "an object"),
        ("id", [b"5"], "a value of the Arrow type 'z'"),
        ("download_progress", [2**31], "2147483648"),
        ("download_progress", [-(2**31) - 1], "-2147483649"),
        ("is_frozen", pa.array([2], pa.uint8()), "2"),
        ("is_frozen", [-1], "-1"),
        ("is_frozen", [0.5], "0.5"),
        ("is_frozen", ["true"], '"true"'),
        ("uuid", [5], "5"),
        ("device_name", [2.0], "2.0"),
        ("status", [False], "false"),
        ("api_heartbeat_state", ["Online"], '"Online"'),
        ("update_status", pa.array(["done?"]).dictionary_encode(), '"done?"'),
        ("last_vpn_event", ["2026-10-20"], '"2026-10-20"'),
        ("last_vpn_event", [1761000000], "1761000000"),
        ("last_vpn_event", pa.array([5], pa.timestamp("us")), "a timestamp without a zone"),
        ("last_vpn_event", pa.array([5], pa.date32()), "a value of the Arrow type 'tdD'"),
        ("image_install", [5], "5"),
        ("image_install", [{"id": 5}], "an object"),
        ("current_services", [[]], "a list"),
        ("device_config_variable", [True], "true"),
        ("belongs_to__application", [1.5], "1.5"),
        ("is_pinned_on__release", pa.array([b"7"]), "a value of the Arrow type 'z'"),
    ],
    ids=str,
)
def test_a_value_that_a_field_cannot_hold_is_named(field: str, column: Any, value: str) -> None:
    column = pa.array(column)
    table = arrow_devices(**{field: pa.concat_arrays([pa.nulls(1, column.type), column])})
    links = {"api_heartbeat_state"} & {field}
    error = error_of(table if not links else table.slice(1))
    assert told(error) == (0 if links else 1, field, f"/{field}", value)
    assert str(error).startswith(f"record {error.index}: {field} is {value}, expected ")
    kept = fs.classify(table, now=NOW, on_error="keep")
    assert kept["error"][1] == str(error).replace("record 0", "record 1")


@pytest.mark.parametrize("type_", TEXTS, ids=str)
def test_texts_have_any_layout(type_: Any) -> None:
    names = [LONG_NAME, "", None, "short", "twelve bytes", "a text outside"]
    table = arrow_devices(device_name=pa.array(names, type_), overall_status=pa.array(names, type_))
    assert answers("device_name", table) == names
    assert answers("api_overall_status", table) == names
    assert answers("device_name", table.slice(3, 2)) == names[3:5]


def broken_texts(layout: str) -> Any:
    """Texts that are UTF-8 but for the second."""
    raw = [b"fine", b"a\xff, a text outside of its view", b"fine too"]
    types = {"utf8": pa.string(), "large": pa.large_string(), "view": pa.string_view()}
    return (
        pa.array(raw, pa.binary())
        .cast(
            pa.binary_view()
            if layout == "view"
            else pa.large_binary()
            if layout == "large"
            else pa.binary()
        )
        .view(types[layout])
    )


@pytest.mark.parametrize("layout", ["utf8", "large", "view"])
@pytest.mark.parametrize("field", ["uuid", "device_name", "overall_status", "provisioning_state"])
def test_text_that_is_no_utf8_is_bad_where_it_stands(field: str, layout: str) -> None:
    texts = broken_texts(layout)
    error = error_of(arrow_devices(**{field: texts}))
    assert told(error) == (1, field, f"/{field}", "text that is not UTF-8")
    table = arrow_devices(**{field: texts, "id": [1, 2, 3]})
    assert answers("id", table, on_error="keep") == [1, 2, 3]
    if field in {"uuid", "device_name"}:
        assert answers(field, table, on_error="keep") == ["fine", None, "fine too"]
    others = pa.concat_tables([table.slice(0, 1), table.slice(2)])
    assert answers("error", others) == [None, None]


def test_texts_that_are_utf8_only_together_are_bad() -> None:
    halves = pa.array([b"k\xc3", b"\xbchl"], pa.binary()).view(pa.string())  # ü, cut in two
    assert told(error_of(arrow_devices(device_name=halves)))[0] == 0
    kept = answers("error", arrow_devices(device_name=halves), on_error="keep")
    assert all(error is not None for error in kept)


# Times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIER = datetime(2001, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unit", "ticks", "expected"),
    [
        ("s", 1, "1970-01-01T00:00:01+00:00"),
        ("s", -1, "1969-12-31T23:59:59+00:00"),
        ("ms", -1, "1969-12-31T23:59:59.999+00:00"),
        ("us", 1999, "1970-01-01T00:00:00.001+00:00"),
        ("us", -1, "1969-12-31T23:59:59.999+00:00"),
        ("us", -1001, "1969-12-31T23:59:59.998+00:00"),
        ("ns", 1_999_999, "1970-01-01T00:00:00.001+00:00"),
        ("ns", -1, "1969-12-31T23:59:59.999+00:00"),
        ("ns", -(2**63), "1677-09-21T00:12:43.145+00:00"),
        ("ns", 2**63 - 1, "2262-04-11T23:47:16.854+00:00"),
        ("s", -62_135_596_800, "0001-01-01T00:00:00+00:00"),
        ("s", 253_402_300_799, "9999-12-31T23:59:59+00:00"),
        ("us", 253_402_300_799_999_999, "9999-12-31T23:59:59.999+00:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "-09:30"])
def test_times_are_cut_to_milliseconds_towards_the_past(
    unit: str, ticks: int, expected: str, zone: str
) -> None:
    times = pa.array([ticks], pa.int64()).cast(pa.timestamp(unit, zone))
    since = answers("cloudlink_since", arrow_devices(last_vpn_event=times))
    assert since == [datetime.fromisoformat(expected)]


@pytest.mark.parametrize(
    ("unit", "ticks"),
    [
        *[("s", -62_135_596_801), ("s", 253_402_300_800), ("s", 2**63 - 1), ("s", -(2**63))],
        *[("ms", -62_135_596_800_001), ("ms", 253_402_300_800_000), ("ms", 2**63 - 1)],
        *[("us", 253_402_300_800_000_000), ("us", -(2**63))],
    ],
)
def test_times_end_with_the_years_of_the_calendar(unit: str, ticks: int) -> None:
    times = pa.array([None, ticks], pa.int64()).cast(pa.timestamp(unit, "UTC"))
    error = error_of(arrow_devices(last_vpn_event=times))
    value = "a timestamp outside of the years 1 to 9999"
    assert told(error) == (1, "last_vpn_event", "/last_vpn_event", value)


@pytest.mark.parametrize("type_", [*TEXTS, pa.dictionary(pa.int8(), pa.string())], ids=str)
def test_times_may_be_text(type_: Any) -> None:
    times = pa.array(["2026-10-31 23:30:00.0019+05:45", None], type_)
    assert answers("cloudlink_since", arrow_devices(last_vpn_event=times))[0] == datetime(
        2026, 10, 31, 17, 45, 0, 1000, tzinfo=UTC
    )


def test_a_naive_column_of_nulls_is_no_error() -> None:
    assert answers("error", arrow_devices(last_vpn_event=pa.nulls(1, pa.timestamp("us")))) == [None]


# Dictionaries


@pytest.mark.parametrize("code", CODES, ids=str)
def test_codes_have_any_width(code: Any) -> None:
    codes = pa.array([1, 0, None, 1], code)
    states = pa.DictionaryArray.from_arrays(codes, pa.array(["done", "aborted"]))
    expected = ["Aborted", "Done", None, "Aborted"]
    assert answers("update_status", arrow_devices(update_status=states)) == expected
    assert answers("update_status", arrow_devices(update_status=states[1:])) == expected[1:]


def test_dictionaries_hold_any_values() -> None:
    def coded(values: Any) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), pa.array(values))

    numbers = arrow_devices(provisioning_progress=coded([7, 9.0]))
    assert answers("progress", numbers) == [9, 7, 9]
    flags = arrow_devices(is_frozen=coded([True, False]))
    assert answers("status", flags) == ["Operational", "Frozen", "Operational"]
    times = arrow_devices(last_vpn_event=coded([EARLIER, NOW]))
    assert answers("cloudlink_since", times) == [NOW, EARLIER, NOW]
    links = arrow_devices(belongs_to__application=coded([{"slug": "a"}, {"slug": "b"}]))
    assert answers("fleet", links) == ["b", "a", "b"]


def test_a_null_of_the_dictionary_is_null() -> None:
    states = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array([None, "done"]))
    assert answers("update_status", arrow_devices(update_status=states)) == [None, "Done", None]
    assert told(error_of(arrow_devices(api_heartbeat_state=states)))[3] == "null"


@pytest.mark.parametrize("code", [-1, -128, 2, 127])
def test_a_code_that_the_dictionary_lacks_is_named(code: int) -> None:
    codes = pa.array([1, code], pa.int8())
    states = pa.DictionaryArray.from_arrays(codes, pa.array(["done", "aborted"]), safe=False)
    error = error_of(arrow_devices(update_status=states))
    assert told(error)[:2] == (1, "update_status")
    assert error.value == "a code that its dictionary does not have"


def test_an_unknown_value_of_a_dictionary_is_named_at_the_first_record_that_has_it() -> None:
    states = pa.array(["done", "on", None, "off", "on"]).dictionary_encode()
    table = arrow_devices(update_status=states)
    assert told(error_of(table)) == (1, "update_status", "/update_status", '"on"')
    kept = answers("error", table, on_error="keep")
    assert [error and error.split(",")[0] for error in kept] == [
        *[None, 'record 1: update_status is "on"', None],
        *['record 3: update_status is "off"', 'record 4: update_status is "on"'],
    ]


def test_values_that_no_record_has_are_not_read() -> None:
    states = pa.DictionaryArray.from_arrays(pa.array([1]), pa.array(["bad", "done"]))
    assert answers("error", arrow_devices(update_status=states)) == [None]


def test_large_dictionaries_and_many_blocks() -> None:
    names = [f"fleet-{i % 6000}" for i in range(13_000)]
    for texts in (pa.array(names).dictionary_encode(), pa.array(names)):
        assert answers("api_overall_status", arrow_devices(overall_status=texts)) == names
