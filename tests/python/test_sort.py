"""Tables sorted by columns, held against Python's own sort of lists."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fleetstatus as fs
from examples import NOW, device_record, table_of
from fleetstatus import _core

Rows = list[list[Any]]
LABELS = ["worst", "bad", "good"]
# Of each kind of columns, its values.
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "int64": st.integers(-(2**63), 2**63 - 1) | st.sampled_from([2**63 - 1, -(2**63), 0, 1]),
    "int32": st.integers(-2, 2),
    "uint16": st.integers(0, 2),
    "float64": st.floats() | st.sampled_from([math.nan, -math.inf, 0.0, -0.0]),
    "bool": st.booleans(),
    "timestamp[ms, UTC]": st.sampled_from(
        [datetime(1, 1, 1, tzinfo=UTC), NOW, datetime(9999, 12, 31, tzinfo=UTC)]
    ),
    "utf8": st.text(max_size=3) | st.sampled_from(["", "a", "B", "é", "\U0001f600", "\uffff"]),
    "large_utf8": st.text("ab", max_size=2),
    "utf8_view": st.text("ab", max_size=20),
    "dictionary<int8, utf8>": st.sampled_from(range(3)),
    "dictionary<int32, large_utf8>": st.sampled_from(range(3)),
}


def key_of(kind: str, value: Any) -> Any:
    """Give what a value is sorted by: a place of labels, a fleet's text, NaN above all numbers."""
    if kind == "float64":
        return (True, 0.0) if math.isnan(value) else (False, value)
    return LABELS[value] if kind == "dictionary<int32, large_utf8>" else value


def sorted_slowly(columns: list[tuple[str, list[Any], bool]], n: int) -> list[int]:
    """Sort row numbers by the last column first, as a stable sort must."""
    rows = list(range(n))
    for kind, values, is_descending in reversed(columns):
        known = [row for row in rows if values[row] is not None]
        keys = {row: key_of(kind, values[row]) for row in known}
        known.sort(key=keys.__getitem__, reverse=is_descending)
        rows = known + [row for row in rows if values[row] is None]
    return rows


@pytest.mark.slow
@given(st.data())
def test_rows_are_sorted_as_python_sorts_lists(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 12))
    kinds = data.draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3))
    columns = [
        (
            kind,
            data.draw(st.lists(st.none() | KINDS[kind], min_size=n, max_size=n)),
            data.draw(st.booleans()),
        )
        for kind in kinds
    ]
    built = [
        (_core.column_of(kind, values, LABELS if "dict" in kind else None), is_descending)
        for kind, values, is_descending in columns
    ]
    rows = memoryview(_core.sorted_rows(built)).cast("q").tolist()
    assert rows == sorted_slowly(columns, n)


def fleet_of(slug: str | None, **changes: Any) -> dict[str, Any]:
    return {"belongs_to__application": slug and {"slug": slug}, **changes}


TABLE = table_of(
    fleet_of("acme/b", id=1, is_active=False),
    fleet_of("acme/a", id=2),
    fleet_of(None, id=3, is_connected_to_vpn=5),
    fleet_of("acme/b", id=4, api_heartbeat_state="offline", is_connected_to_vpn=False),
    fleet_of("acme/a", id=5, is_active=False),
    on_error="keep",
)


def ids(table: fs.StatusTable) -> list[Any]:
    return table["id"].to_list()


def test_fleets_are_sorted_as_text_and_labels_in_their_order() -> None:
    assert TABLE["status"].labels is not None
    assert TABLE["fleet"].labels == ("acme/b", "acme/a")
    assert ids(TABLE.sort("fleet")) == [2, 5, 1, 4, 3]
    assert ids(TABLE.sort("fleet", descending=True)) == [1, 4, 2, 5, 3]
    order = TABLE["status"].labels.index
    places = [order(status) for status in TABLE.sort("status")["status"].to_list() if status]
    assert places == sorted(places)
    assert len(places) == 4
    assert TABLE.sort("status", descending=True)["status"][-1] is None


def test_several_columns_have_a_direction_each() -> None:
    assert ids(TABLE.sort(["fleet", "id"], descending=[False, True])) == [5, 2, 4, 1, 3]
    assert ids(TABLE.sort(("fleet", "id"), True)) == [4, 1, 5, 2, 3]
    assert ids(TABLE.sort(iter(["id"]), descending=(True,))) == [5, 4, 3, 2, 1]


def test_what_is_sorted_is_a_table_of_the_same_scheme_and_moment() -> None:
    part = TABLE.sort("fleet")
    assert (part.scheme, part.now, part.columns) == (TABLE.scheme, TABLE.now, TABLE.columns)
    assert part.sort("id") == TABLE
    assert part != TABLE
    assert str(part.explain(0)) == str(TABLE.explain(1))
    assert TABLE[:0].sort("fleet") == TABLE[:0]


def test_times_durations_and_carried_fields_are_sorted() -> None:
    hours = [3, None, 1, 2]
    devices = [
        device_record(
            is_connected_to_vpn=False,
            api_heartbeat_state="offline",
            last_connectivity_event=hour and (NOW - timedelta(hours=hour)).isoformat(),
            changed_api_heartbeat_state_on__date=hour and (NOW - timedelta(hours=hour)).isoformat(),
            load=hour,
        )
        for hour in hours
    ]
    table = fs.classify(json.dumps(devices).encode(), now=NOW, carry={"load": float})
    for name, is_descending in (
        ("status_duration_s", False),
        ("status_since", True),
        ("load", False),
    ):
        assert table.sort(name, descending=is_descending)["load"].to_list() == [1, 2, 3, None]


@pytest.mark.parametrize(
    ("by", "descending", "error", "message"),
    [
        ("stats", False, KeyError, "no column 'stats'; did you mean 'status'"),
        ("status_duration", False, KeyError, "in seconds it is 'status_duration_s'; there are id,"),
        (["id", "flet"], False, KeyError, "did you mean 'fleet'"),
        ([], False, ValueError, "by names no column"),
        (["id"], [True, False], ValueError, "descending has 2 directions for 1 columns"),
        ("id", [], ValueError, "descending has 0 directions for 1 columns"),
        ("id", 1, TypeError, "descending is a int, expected True or False"),
        ("id", ["no"], TypeError, "descending is a str, expected True or False"),
        ("id", "no", TypeError, "descending is a str, expected True or False; several columns"),
        (5, False, TypeError, "by is a int, expected text"),
        ([5], False, TypeError, "by holds a int, expected text"),
        (["id", None], False, TypeError, "by holds a NoneType"),
        (
            TABLE[:2]["status"],
            False,
            TypeError,
            r"by is a column, expected its name: sort\('status'\)",
        ),
    ],
)
def test_what_is_no_order_is_an_error(
    by: Any, descending: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        TABLE.sort(by, descending)
