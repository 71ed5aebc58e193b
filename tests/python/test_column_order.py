"""Numbers, times and durations of a column compared, held against Python's own comparisons."""

from __future__ import annotations

import math
import operator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fleetstatus as fs
from examples import NOW, device_record, table_of
from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Values = list[Any]
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
TIMES = "timestamp[ms, UTC]"


def column_of(values: Sequence[Any], kind: str = "int64", name: str = "n") -> fs.Column:
    labels = ["a", "b"] if kind.startswith("dictionary") else None
    return fs.Column(_core.column_of(kind, list(values), labels), name)


def expected(values: Values, sign: str, others: Values) -> list[bool | None]:
    return [
        None if value is None or other is None else SIGNS[sign](value, other)
        for value, other in zip(values, others, strict=True)
    ]


def assert_compares(column: fs.Column, values: Values, other: Any) -> None:
    """Hold all comparisons with one value, on either side, against Python's."""
    for sign, compare in SIGNS.items():
        assert compare(column, other).to_list() == expected(values, sign, [other] * len(values))
        assert compare(column, other).name == column.name
    assert (other < column).to_list() == expected(values, ">", [other] * len(values))


EDGES = [0, -1, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.sampled_from(EDGES)
FLOATS = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 2.0**53, 2.0**63])
NUMBERS = st.integers() | INTEGERS | FLOATS | st.sampled_from([-(2.0**63), 2**63, 0.5])
# Years that stay within 1 to 9999 in any zone.
FIRST, LAST = (datetime(y, 6, 1, tzinfo=UTC).replace(tzinfo=None) for y in (1, 9999))
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
MILLISECONDS = MOMENTS.map(lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000))


def lists_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    return st.lists(st.none() | values, max_size=20)


@given(lists_of(INTEGERS), NUMBERS)
@example([2**53 + 1], 2.0**53)
@example([2**63 - 1], 2.0**63)
@example([-(2**63)], -(2.0**63))
@example([2**63 - 1, -(2**63), None], 10**400)
@example([2**63 - 1, -(2**63), None], -(10**400))
def test_whole_numbers_compare_exactly(values: Values, other: float) -> None:
    assert_compares(column_of(values), values, other)


@given(lists_of(FLOATS), NUMBERS.filter(lambda number: abs(number) < 2**63))
@example([2.0**53], 2**53 + 1)
def test_fractions_compare_exactly(values: Values, other: float) -> None:
    assert_compares(column_of(values, "float64"), values, other)


@pytest.mark.slow
@given(lists_of(MILLISECONDS), MOMENTS)
@example([NOW], NOW + timedelta(microseconds=1))
@example([NOW, NOW - timedelta(milliseconds=1)], NOW - timedelta(microseconds=1))
def test_times_compare_to_the_microsecond(values: Values, other: datetime) -> None:
    assert_compares(column_of(values, TIMES), values, other)


@given(
    lists_of(st.integers(-(10**10), 10**10)),
    st.timedeltas(timedelta(days=-(10**5)), timedelta(days=10**5)),
)
@example([0, 1], timedelta(microseconds=1))
@example([-1, 0], timedelta(microseconds=-1))
def test_durations_compare_with_timedeltas(values: Values, other: timedelta) -> None:
    durations = [None if one is None else timedelta(seconds=one) for one in values]
    assert_compares(column_of(values, name="status_duration_s"), durations, other)


@pytest.mark.slow
@given(st.data())
def test_columns_compare_row_by_row(data: st.DataObject) -> None:
    of_kind = {"int64": INTEGERS, "float64": FLOATS}
    kinds = [data.draw(st.sampled_from(list(of_kind))) for _ in range(2)]
    n = data.draw(st.integers(0, 9))
    left, right = (
        data.draw(st.lists(st.none() | of_kind[kind], min_size=n, max_size=n)) for kind in kinds
    )
    for sign, compare in SIGNS.items():
        answers = compare(column_of(left, kinds[0]), column_of(right, kinds[1]))
        assert answers.to_list() == expected(left, sign, right)


@given(lists_of(FLOATS), st.lists(NUMBERS, max_size=5))
def test_fractions_are_found_among_several(values: Values, others: Values) -> None:
    found = column_of(values, "float64").is_in(others).to_list()
    assert found == [None if one is None else any(one == x for x in others) for one in values]


@given(lists_of(INTEGERS), st.lists(NUMBERS, max_size=5))
def test_whole_numbers_are_found_among_several(values: Values, others: Values) -> None:
    found = column_of(values).is_in(others).to_list()
    assert found == [None if one is None else any(one == x for x in others) for one in values]


@given(lists_of(INTEGERS | st.text(max_size=2)))
def test_nulls_are_told_from_values(values: Values) -> None:
    texts = [None if one is None else str(one).encode(errors="replace").decode() for one in values]
    column = column_of(texts, "large_utf8")
    assert column.is_null().to_list() == [one is None for one in values]
    assert column.is_not_null().to_list() == [one is not None for one in values]


# Of a table

TABLE = table_of(
    {"last_connectivity_event": "2026-10-20T08:00:00.5Z", "is_connected_to_vpn": False},
    {"last_connectivity_event": None, "provisioning_progress": 70},
    {"is_connected_to_vpn": 5},
    on_error="keep",
)


def test_columns_of_a_table_are_compared() -> None:
    assert (TABLE["progress"] >= 70).to_list() == [None, True, None]
    assert (TABLE["heartbeat_window_s"] < timedelta(days=1)).to_list() == [True, True, True]
    assert (TABLE["heartbeat_window_s"] < "1d12h").to_list() == [True, True, True]
    since = TABLE["cloudlink_since"]
    moment = datetime(2026, 10, 20, 10, 0, 0, 500_000, tzinfo=timezone(timedelta(hours=2)))
    assert (since <= moment).to_list() == [True, None, True]
    assert (since < pd.Timestamp(moment)).to_list() == [False, None, True]
    assert (since >= "2026-10-20T08:00:00.5Z").to_list() == [True, None, False]
    assert (since == TABLE["cloudlink_since"]).to_list() == [True, None, True]
    assert (since == pd.Timestamp("2026-10-20T08:00:00.500000001Z")).to_list() == [
        False,
        None,
        False,
    ]
    assert TABLE["error"].is_null().to_list() == [True, True, False]


def test_numbers_of_numpy_compare_on_either_side() -> None:
    column = column_of([1, None, 3])
    left: Any = np.int64(2)
    assert (left < column).to_list() == [False, None, True]
    assert (column <= np.float32(1.5)).to_list() == [True, None, False]
    assert (column == np.uint8(3)).to_list() == [False, None, True]


@pytest.mark.parametrize("unit", ["W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_durations_of_numpy_compare_on_either_side(unit: str) -> None:
    weeks: Any = np.timedelta64(2, "W").astype(f"timedelta64[{unit}]")
    column = column_of([1_209_599, None, 1_209_600], name="wait_s")
    assert (column < weeks).to_list() == [True, None, False]
    assert (weeks <= column).to_list() == [False, None, True]
    assert (column == weeks).to_list() == [False, None, True]


def test_no_duration_of_numpy_is_an_error() -> None:
    with pytest.raises(ValueError, match="wait_s is NaT, expected a duration"):
        _ = column_of([1], name="wait_s") < np.timedelta64("NaT", "s")


@pytest.mark.parametrize(
    ("column", "other", "message"),
    [
        (column_of([1]), True, "n is compared with a bool, expected a number$"),
        (column_of([1]), np.True_, "n is compared with a bool"),
        (column_of([1]), "1", "n is compared with a str, expected a number$"),
        (column_of([1]), Decimal(1), "n is compared with a Decimal"),
        (column_of([1]), timedelta(1), "n is compared with a timedelta"),
        (column_of([1]), NOW, "n is compared with a datetime"),
        (column_of([1]), [1], "n is compared with a list"),
        (column_of([1]), np.array([1]), "n is compared with a ndarray"),
        (column_of([1]), pd.NA, "n is compared with a NAType"),
        (column_of([1]), None, "nothing compares with null; for nulls use is_null"),
        (
            column_of([1], name="wait_s"),
            False,
            "wait_s is compared with a bool, expected a number,",
        ),
        (column_of([1], name="wait_s"), np.timedelta64(1), "a timedelta64, expected a timedelta"),
        (column_of([1], name="wait_s"), np.timedelta64(1, "M"), "a timedelta64, expected"),
        (column_of([1], name="wait_s"), np.timedelta64(1, "Y"), "a timedelta64, expected"),
        (column_of([1], name="wait"), np.timedelta64(1, "s"), "compared with a timedelta64"),
        (column_of([NOW], TIMES), 5, "value is a int, expected an aware datetime"),
        (column_of([NOW], TIMES), date(2026, 1, 1), "value is a date, expected an aware datetime"),
        (column_of([NOW], TIMES), np.datetime64("2026-01-01"), "value is a datetime64"),
        (column_of([True], "bool"), True, "n holds bool, which has no order; compare it with =="),
        (column_of(["a"], "utf8"), "b", "n holds utf8, which has no order"),
        (column_of([0], "dictionary<int8, utf8>"), "b", r'no order; .* or sort\(by="n"\)'),
        (
            column_of([1]),
            column_of([NOW], TIMES),
            "n holds int64, which is not compared with a col",
        ),
        (column_of([NOW], TIMES), column_of([1]), "not compared with a column of int64"),
        (column_of(["a"], "utf8"), column_of(["a"], "utf8"), "not compared with a column of utf8"),
    ],
)
def test_what_does_not_compare_is_a_type_error(column: fs.Column, other: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        _ = column < other


@pytest.mark.parametrize(
    ("column", "other", "message"),
    [
        (column_of([NOW], TIMES), NOW.replace(tzinfo=None), "value is a datetime without a zone"),
        (column_of([NOW], TIMES), pd.NaT, "value is NaT"),
        (column_of([NOW], TIMES), "yesterday", "expected an RFC 3339 time"),
        (
            column_of([NOW], TIMES),
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
            "outside of the years 1 to 9999",
        ),
        (column_of([1], name="wait_s"), "3 fortnights", "^wait_s: "),
        (column_of([1]), column_of([1, 2]), "columns of different length: 1 and 2"),
    ],
)
def test_what_means_nothing_is_a_value_error(column: fs.Column, other: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _ = column >= other


def test_null_equals_nothing_and_says_what_does() -> None:
    with pytest.raises(TypeError, match="for nulls use is_null"):
        _ = column_of([1]) == None


# What occurs


@given(lists_of(st.integers(0, 3) | st.just(math.nan)))
def test_values_that_occur_are_counted(drawn: Values) -> None:
    values = [None if one is None else float(one) for one in drawn]
    column = column_of(values, "float64")
    said = [str(one) for one in values]
    assert [str(one) for one in column.unique()] == list(dict.fromkeys(said))
    counts = column.value_counts()
    assert {str(one): n for one, n in counts.items()} == {one: said.count(one) for one in said}
    assert len(counts) == len(set(said))
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_labels_that_occur_are_counted_without_zeros() -> None:
    column = TABLE["update_status"]
    assert column.unique() == [None]
    assert column.value_counts() == {None: 3}
    assert TABLE[:0]["status"].value_counts() == {}


# Slices


@given(lists_of(INTEGERS), st.slices(20))
def test_a_slice_is_a_column(values: Values, chosen: slice) -> None:
    part = column_of(values)[chosen]
    assert isinstance(part, fs.Column)
    assert (part.name, part.type, part.to_list()) == ("n", "int64", values[chosen])


def test_a_slice_keeps_its_labels() -> None:
    table = table_of({}, {"is_active": False})
    part = table["status"][1:]
    assert part.labels == table["status"].labels
    assert part.to_list() == ["Inactive"]
    assert list(part.codes()) == [6]
    assert fs.classify([device_record()], now=NOW)["status"][5:].to_list() == []
