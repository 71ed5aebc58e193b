"""A column: its values as Python and NumPy see them, and comparisons with three answers."""

from __future__ import annotations

import itertools
import pickle
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, UUID, device_record, table_of

if TYPE_CHECKING:
    from collections.abc import Callable

EVENT = "2026-10-22T08:00:00.5Z"
MOMENT = datetime(2026, 10, 22, 8, 0, 0, 500_000, tzinfo=UTC)
RECORDS = [
    device_record(
        device_name="quiet-river",
        belongs_to__application={"slug": "acme/weather"},
        last_vpn_event=EVENT,
        provisioning_progress=70,
        update_status="done",
    ),
    device_record(id=None, uuid=None, device_name=None, last_connectivity_event=None),
    device_record(id="bad", device_name="", is_connected_to_vpn=5),
    device_record(id=2**62, is_connected_to_vpn=False, belongs_to__application={"__id": 7}),
]
TABLE = fs.classify(RECORDS, now=NOW, on_error="keep")


def test_values_are_python_objects() -> None:
    assert TABLE["id"].to_list() == [1, None, None, 2**62]
    assert TABLE["device_name"].to_list() == ["quiet-river", None, "", "quiet-river"]
    assert TABLE["fleet"].to_list() == ["acme/weather", None, None, "7"]
    assert TABLE["cloudlink"].to_list() == [True, True, None, False]
    assert TABLE["progress"].to_list() == [70, None, None, None]
    assert TABLE["cloudlink_since"][0] == MOMENT
    assert TABLE["cloudlink_since"][0].tzinfo is UTC
    assert TABLE["update_status"].to_list() == ["Done", None, None, None]


@pytest.mark.parametrize("name", TABLE.columns)
def test_a_column_is_a_sequence(name: str) -> None:
    column = TABLE[name]
    assert (column.name, len(column)) == (name, 4)
    assert list(column) == column.to_list() == [column[row] for row in range(4)]
    assert [column[row] for row in range(-4, 0)] == column.to_list()


@pytest.mark.parametrize("key", ["id", 1.5, None, [0, 1]], ids=repr)
def test_a_column_is_indexed_by_row_numbers(key: Any) -> None:
    with pytest.raises(TypeError):
        TABLE["id"][key]


def test_a_slice_is_that_of_the_table() -> None:
    assert TABLE["id"][:2].to_list() == TABLE[:2]["id"].to_list() == TABLE["id"].to_list()[:2]


# Labels

CLOSED = {
    "reason": tuple(fs.Reason),
    "attention": tuple(fs.Attention),
    "heartbeat_state": tuple(fs.HeartbeatState),
    "update_status": tuple(fs.UpdateStatus),
    "update_status_support": ("yes", "no", "unknown"),
    "status": fs.StatusScheme.DOCS_2024_11.labels,
}


@pytest.mark.parametrize("table", [TABLE, fs.classify([]), TABLE[3:]], ids=len)
def test_closed_lists_have_all_labels_in_their_order(table: fs.StatusTable) -> None:
    assert {name: table[name].labels for name in CLOSED} == CLOSED


def test_open_lists_have_the_labels_that_occur() -> None:
    assert TABLE["fleet"].labels == ("acme/weather", "7")
    assert TABLE["id"].labels is None
    assert TABLE["device_name"].labels is None


@pytest.mark.parametrize("name", [*CLOSED, "fleet", "api_overall_status"])
def test_codes_are_places_of_labels(name: str) -> None:
    column = TABLE[name]
    codes = column.codes()
    labels = column.labels
    assert labels is not None
    assert codes.format == ("b" if name in CLOSED else "i")
    assert codes.readonly
    assert [labels[code] if code >= 0 else None for code in codes] == column.to_list()
    dtype = np.int8 if name in CLOSED else np.int32
    assert np.asarray(codes).dtype == dtype


def test_codes_of_null_are_minus_one() -> None:
    assert list(TABLE["update_status"].codes()) == [0, -1, -1, -1]


def test_codes_outlive_their_table() -> None:
    codes = table_of({}, {"is_active": False})["status"].codes()
    assert list(codes) == [0, 6]


def test_only_labels_have_codes() -> None:
    with pytest.raises(ValueError, match="only a column of labels has codes"):
        TABLE["id"].codes()


# NumPy

ARRAYS: dict[str, tuple[Any, list[Any]]] = {
    "id": (np.float64, [1.0, np.nan, np.nan, 2.0**62]),
    "progress": (np.float64, [70.0, np.nan, np.nan, np.nan]),
    "heartbeat_window_s": (np.float64, [1350.0] * 4),
    "cloudlink": (np.bool_, [True, True, False, False]),
    "device_name": (np.object_, ["quiet-river", None, "", "quiet-river"]),
    "update_status": (np.object_, ["Done", None, None, None]),
    "fleet": (np.object_, ["acme/weather", None, None, "7"]),
    "cloudlink_since": (
        "datetime64[ms]",
        [np.datetime64(EVENT[:-1]), "NaT", *["2026-10-20T08"] * 2],
    ),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_numpy_sees_values_with_its_own_nulls(name: str) -> None:
    dtype, values = ARRAYS[name]
    for array in (TABLE[name].to_numpy(), np.asarray(TABLE[name]), np.array(TABLE[name])):
        assert array.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(array, np.array(values, dtype=dtype))


def test_numpy_may_ask_for_a_type() -> None:
    assert np.asarray(TABLE["cloudlink"], dtype=np.int8).tolist() == [1, 1, 0, 0]


def test_numpy_may_ask_for_whole_numbers_and_has_them_exactly() -> None:
    ids = table_of({"id": 2**60 + 1}, {"id": -(2**60) - 1})["id"]
    assert np.array(ids, dtype=np.int64).tolist() == [2**60 + 1, -(2**60) - 1]
    assert np.array(ids[:1], dtype="uint64").tolist() == [2**60 + 1]
    with pytest.raises(ValueError, match="progress has nulls, which whole numbers of NumPy cannot"):
        np.array(TABLE["progress"], dtype=int)
    assert np.array(TABLE["progress"][:0], dtype=int).dtype == int


def test_numpy_may_ask_for_objects_and_has_the_nulls() -> None:
    nulls = TABLE["progress"] == 1
    for column in (TABLE["cloudlink_since"], TABLE["progress"], nulls):
        objects = np.array(column, dtype=object)
        assert objects.dtype == object
        assert objects.tolist() == column.to_list()
    assert None in nulls.to_list()
    np.testing.assert_array_equal(
        np.array(nulls, dtype=float),
        [np.nan if one is None else float(one) for one in nulls],
    )


def test_numpy_cannot_have_a_column_without_a_copy() -> None:
    with pytest.raises(ValueError, match="takes a copy"):
        TABLE["id"].__array__(copy=False)


@pytest.mark.parametrize("name", TABLE.columns)
def test_an_empty_column_has_the_same_type(name: str) -> None:
    empty = TABLE[:0][name].to_numpy()
    assert (empty.shape, empty.dtype) == ((0,), TABLE[name].to_numpy().dtype)


# Comparisons

COMPARED: list[tuple[str, Any, list[bool | None]]] = [
    ("id", 1, [True, None, None, False]),
    ("id", np.int64(2**62), [False, None, None, True]),
    ("id", 10**30, [False, None, None, False]),
    ("id", 1.0, [True, None, None, False]),
    ("id", 1.5, [False, None, None, False]),
    ("heartbeat_window_s", timedelta(seconds=1350), [True] * 4),
    ("heartbeat_window_s", timedelta(seconds=1350, microseconds=1), [False] * 4),
    ("cloudlink_since", MOMENT + timedelta(microseconds=1), [False, None, False, False]),
    ("cloudlink", True, [True, True, None, False]),
    ("cloudlink", np.False_, [False, False, None, True]),
    ("progress", 70, [True, None, None, None]),
    ("device_name", "", [False, None, True, False]),
    ("device_name", "QUIET-RIVER", [False, None, False, False]),
    ("device_name", "\ud800", [False, None, False, False]),
    ("fleet", "acme/weather", [True, None, None, False]),
    ("fleet", "no/such", [False, None, None, False]),
    ("cloudlink_since", MOMENT, [True, None, False, False]),
    ("cloudlink_since", "2026-10-22T10:00:00.5+02:00", [True, None, False, False]),
    ("reason", fs.Reason.OS_CONFIGURATION, [True, False, None, False]),
    ("reason", "OS-Configuration", [True, False, None, False]),
    ("update_status", "DONE", [True, None, None, None]),
]


@pytest.mark.parametrize(("name", "value", "expected"), COMPARED)
def test_a_comparison_is_null_where_the_value_is(
    name: str, value: Any, expected: list[bool | None]
) -> None:
    column = TABLE[name]
    opposite = [None if answer is None else not answer for answer in expected]
    assert (column == value).to_list() == expected
    assert (column != value).to_list() == opposite
    assert column.is_in([value]).to_list() == expected
    assert (column == value).name == name


def test_is_in_takes_several_values_of_any_iterable() -> None:
    names = TABLE["device_name"]
    assert names.is_in(["", "quiet-river"]).to_list() == [True, None, True, True]
    assert names.is_in(iter([""])).to_list() == [False, None, True, False]
    assert names.is_in([]).to_list() == [False, None, False, False]
    assert names.is_in("quiet-river").to_list() == [True, None, False, True]
    assert names.is_in(names).to_list() == [True, None, True, True]


def test_is_in_takes_the_arrays_of_pyarrow() -> None:
    for name in ("status", "device_name", "id", "cloudlink"):
        wanted = TABLE[name][:1]
        assert TABLE[name].is_in(pa.array(wanted.to_list())).to_list() == (
            TABLE[name].is_in(wanted.to_list()).to_list()
        )


@pytest.mark.parametrize("values", [["Updating"], ("Updating",), np.array(["Updating"]), set()])
def test_one_value_is_compared(values: Any) -> None:
    with pytest.raises(TypeError, match=r"status is compared with one value, .* is_in\(\) takes"):
        _ = TABLE["status"] == values


def test_flags_are_compared_with_flags() -> None:
    pairs = list(itertools.product(ANSWERS, repeat=2))
    left, right = flags(*(a for a, _ in pairs)), flags(*(b for _, b in pairs))
    same = [None if None in pair else pair[0] == pair[1] for pair in pairs]
    assert (left == right).to_list() == same
    assert (left != right).to_list() == [None if one is None else not one for one in same]


def test_null_equals_nothing() -> None:
    for column in (TABLE["id"], TABLE["device_name"], TABLE["status"]):
        for compare in (column.__eq__, column.__ne__):
            with pytest.raises(TypeError, match="nothing equals null"):
                compare(None)
        assert not any(column.is_in([None]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("id", "1"), ("id", True), ("id", MOMENT), ("cloudlink", "true"), ("id", np.str_("1"))],
        *[("device_name", 5), ("fleet", 7), ("status", True), ("update_status", 1)],
        *[("cloudlink_since", 5), ("device_name", TABLE["uuid"]), ("id", TABLE["cloudlink"])],
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=r"compared with a|value is a"):
        _ = TABLE[name] == value


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        _ = TABLE["cloudlink_since"] == MOMENT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="expected an RFC 3339 time"):
        _ = TABLE["cloudlink_since"] == "2026-10-22"


@pytest.mark.parametrize("name", CLOSED)
def test_an_unknown_label_is_refused_with_a_list(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} has no label 'zzz'; it has ") as raised:
        TABLE[name].is_in(["zzz"])
    assert str(raised.value).endswith(f"it has {', '.join(CLOSED[name])}")


def test_labels_that_are_nearly_what_was_written_come_first() -> None:
    with pytest.raises(
        ValueError, match="no label 'Onlne'; did you mean 'online' or 'offline'\\?; it has "
    ):
        TABLE["heartbeat_state"].is_in(["Onlne"])


def test_a_label_of_another_scheme_is_said_to_be_so() -> None:
    with pytest.raises(ValueError, match=r"'idle' is a status under api-v6, library-2020$"):
        _ = TABLE["status"] == "idle"
    with pytest.raises(ValueError, match=r"'ONLINE' is a status under docs-2022, docs-2021$"):
        TABLE.where(status="ONLINE")


# Three answers

ANSWERS: list[bool | None] = [True, False, None]


def flags(*values: bool | None) -> fs.Column:
    """Make a column of bools; what cannot be read is null."""
    changes = [{"is_connected_to_vpn": 5 if value is None else value} for value in values]
    return table_of(*changes, on_error="keep")["cloudlink"]


def three_valued(combine: Callable[[list[bool]], bool], *given: bool | None) -> bool | None:
    """Combine all that null may stand for; null if that makes a difference."""
    choices = [[True, False] if one is None else [one] for one in given]
    answers = {combine(list(one)) for one in itertools.product(*choices)}
    return answers.pop() if len(answers) == 1 else None


def test_flags_are_combined_as_in_sql() -> None:
    pairs = list(itertools.product(ANSWERS, repeat=2))
    left, right = flags(*(a for a, _ in pairs)), flags(*(b for _, b in pairs))
    assert (left & right).to_list() == [three_valued(all, *pair) for pair in pairs]
    assert (left | right).to_list() == [three_valued(any, *pair) for pair in pairs]
    assert (~flags(*ANSWERS)).to_list() == [False, True, None]


def test_columns_of_different_length_cannot_be_combined() -> None:
    for combine in (fs.Column.__and__, fs.Column.__or__):
        with pytest.raises(ValueError, match="columns of different length: 1 and 2"):
            combine(flags(True), flags(True, False))


def test_only_flags_can_be_combined() -> None:
    with pytest.raises(ValueError, match="expected a column of bools"):
        _ = TABLE["cloudlink"] & TABLE["id"]  # type: ignore[operator]
    with pytest.raises(ValueError, match="expected a column of bools"):
        _ = ~TABLE["status"]  # type: ignore[misc]
    for other in (True, [True] * 4, np.ones(4, dtype=bool)):
        with pytest.raises(TypeError, match="combined with a column"):
            _ = TABLE["cloudlink"] & other  # type: ignore[operator]
    others: list[Any] = ["Updating", 5, np.ones(4, dtype=bool)]
    for other in others:
        with pytest.raises(TypeError, match=r"combined with a column, .* into parentheses"):
            _ = other & TABLE["cloudlink"]
        with pytest.raises(TypeError, match=r"combined with a column, .* into parentheses"):
            _ = other | TABLE["cloudlink"]


@pytest.mark.parametrize(
    "typed",
    ["n / 60", "60 / n", "n + 1", "1 - n", "n * 2", "n // 2", "n % 2", "n**2", "-n", "abs(n)"],
)
def test_a_column_is_not_calculated_with(typed: str) -> None:
    with pytest.raises(TypeError, match=r"a column is compared, not calculated with; pl.Series"):
        eval(typed, {"n": TABLE["progress"]})


def test_an_array_is_calculated_with_the_array_of_a_column() -> None:
    windows = TABLE["heartbeat_window_s"]
    doubled: Any = windows * np.full(4, 2)
    assert doubled.tolist() == [window * 2 for window in windows if window]


def test_a_column_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match=r"use & \| ~"):
        bool(TABLE["cloudlink"])
    with pytest.raises(TypeError):
        hash(TABLE["cloudlink"])


# For people


def test_repr_shows_the_first_values() -> None:
    assert repr(TABLE["id"]) == f"Column('id', int64, 4 rows: [1, None, None, {2**62}])"
    assert repr(TABLE["id"][:1]) == "Column('id', int64, 1 row: [1])"
    names = [{"device_name": str(number)} for number in range(9)]
    assert repr(table_of(*names)["device_name"]) == (
        "Column('device_name', large_utf8, 9 rows: ['0', '1', '2', '3', '4', ...])"
    )


def test_repr_escapes_what_would_write_to_the_terminal() -> None:
    shown = repr(table_of({"device_name": "a\x1b[2J\u202e"})["device_name"])
    assert r"a\x1b[2J\u202e" in shown


def test_a_column_is_not_pickled_alone() -> None:
    with pytest.raises(TypeError, match="pickle its table"):
        pickle.dumps(TABLE["id"])


def test_uuid_is_compared_exactly() -> None:
    assert (TABLE["uuid"] == UUID).to_list() == [True, None, True, True]
    assert (TABLE["uuid"] == UUID[:8]).to_list() == [False, None, False, False]
