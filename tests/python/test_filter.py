"""Choosing rows: by masks, and by conditions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, UUID, device_record, table_of
from fleetstatus import Capability

SECOND = timedelta(seconds=1)
DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
TABLE = table_of(
    {"id": 0, "belongs_to__application": {"slug": "acme/weather"}},
    {"id": 1, "is_active": False, "belongs_to__application": {"slug": "acme/tide"}},
    {"id": 2, **DOWN, "belongs_to__application": {"slug": "acme/weather"}},
    {"id": 3, "uuid": UUID[::-1], "update_status": "downloaded"},
    {"id": 4, "uuid": None, "api_heartbeat_state": "offline"},
    {"id": 5, "api_heartbeat_state": "?"},
    on_error="keep",
)


def ids(table: fs.StatusTable) -> list[int]:
    rows: list[int] = table["id"].to_list()
    return rows


MASKS: list[tuple[Any, list[int]]] = [
    ([True, False, True, False, False, False], [0, 2]),
    ((True, None, True, None, False, None), [0, 2]),
    (iter([False] * 5 + [True]), [5]),
    (np.array([0, 1, 1, 0, 0, 0], dtype=bool), [1, 2]),
    ([np.True_, np.False_, True, None, False, np.True_], [0, 2, 5]),
    (TABLE["heartbeat"], [0, 1, 3]),
    (~TABLE["heartbeat"], [2, 4]),
    (TABLE["status"] == "Inactive", [1]),
    (TABLE["status"] != "Inactive", [0, 2, 3, 4]),
    ((TABLE["fleet"] == "acme/weather") & ~(TABLE["reason"] == "no-link"), [0]),
    ([False] * 6, []),
    (np.array([True, False, False, True] * 3)[::2], [0, 2, 4]),
    (pa.array([True, False, None, True, None, False]), [0, 3]),
    (pa.array([False, *[True, None] * 3])[1:], [0, 2, 4]),
    (pa.chunked_array([[True], [], [False, True, False], pa.array([True] * 3)[1:]]), [0, 2, 4, 5]),
    (pl.Series([True, None, False] * 2), [0, 3]),
    (pl.concat([pl.Series([True]), pl.Series([False] * 5)], rechunk=False), [0]),
    (pd.Series([False, True] * 3, index=range(6, 0, -1)), [1, 3, 5]),
    (pd.Series([False, True, None] * 2, dtype="boolean"), [1, 4]),
    (pd.array([False, True, None] * 2, dtype="boolean"), [1, 4]),
    (nanoarrow.Array([True, False, None] * 2, nanoarrow.bool_()), [0, 3]),
]


@pytest.mark.parametrize(("mask", "expected"), MASKS, ids=lambda value: type(value).__name__)
def test_a_mask_takes_the_rows_where_it_is_true(mask: Any, expected: list[int]) -> None:
    assert ids(TABLE.filter(mask)) == expected


def test_a_selection_holds_the_same_values() -> None:
    rows = TABLE.to_dicts()
    assert TABLE.filter([True, False] * 3).to_dicts() == rows[::2]


WRONG_LENGTHS: list[Any] = [
    [],
    [True],
    [True] * 7,
    np.ones(5, dtype=bool),
    pa.array([True] * 4),
    pl.Series([True] * 3),
]


@pytest.mark.parametrize("mask", WRONG_LENGTHS, ids=len)
def test_a_mask_has_a_flag_for_each_row(mask: Any) -> None:
    with pytest.raises(ValueError, match=rf"a mask of {len(mask)} rows for a table of 6"):
        TABLE.filter(mask)
    with pytest.raises(ValueError, match="a mask of 2 rows"):
        TABLE.filter(TABLE[:2]["cloudlink"])


@pytest.mark.parametrize("mask", [[0, 1, 2, 3, 4, 5], "yes no", ["x"] * 6, [1.0] * 6, [[]] * 6])
def test_a_mask_holds_flags_and_nothing_else(mask: Any) -> None:
    with pytest.raises(TypeError, match="a mask holds a"):
        TABLE.filter(mask)


def test_a_mask_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a column of bools"):
        TABLE.filter(TABLE["id"])
    with pytest.raises(TypeError, match="a mask holds a int64"):
        TABLE.filter(np.arange(6))


OTHER_TYPES = [
    pa.array(range(6)),
    pa.chunked_array([["x"] * 6]),
    pa.array([True] * 6).dictionary_encode(),
    pl.Series(range(6)),
    pl.DataFrame({"x": [True] * 6}),
    TABLE,
]


@pytest.mark.parametrize("mask", OTHER_TYPES, ids=lambda mask: type(mask).__name__)
def test_a_mask_of_another_arrow_type_is_refused(mask: Any) -> None:
    with pytest.raises(TypeError, match=r"a mask holds the Arrow type .*, expected bools"):
        TABLE.filter(mask)


def test_a_mask_has_one_dimension() -> None:
    with pytest.raises(ValueError, match="a mask has 2 dimensions, expected one"):
        TABLE.filter(np.ones((6, 1), dtype=bool))


class Consumed:
    """Arrow bools that someone took before."""

    def __init__(self) -> None:
        self.capsules = pa.array([True] * 6).__arrow_c_array__()
        TABLE.filter(self)  # type: ignore[arg-type]

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self.capsules


def test_a_mask_that_was_taken_before_is_refused() -> None:
    with pytest.raises(fs.FleetStatusError, match="released before"):
        TABLE.filter(Consumed())  # type: ignore[arg-type]


# Conditions

CONDITIONS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 1, 2, 3, 4, 5]),
    ({"status": "Disconnected"}, [2]),
    ({"status": "dISCONNECTED"}, [2]),
    ({"status": ["Disconnected", "inactive"]}, [1, 2]),
    ({"status": iter(["Inactive"])}, [1]),
    ({"status": []}, []),
    ({"reason": fs.Reason.CLOUDLINK_ONLY}, [4]),
    ({"reason": {"cloudlink-only", "both-links"}}, [0, 3, 4]),
    ({"update_status": "DOWNLOADED"}, [3]),
    ({"attention": ["reduced", fs.Attention.DISCONNECTED]}, [2, 4]),
    ({"fleet": "acme/weather"}, [0, 2]),
    ({"fleet": ["acme/weather", "acme/tide", "no/such"]}, [0, 1, 2]),
    ({"fleet": "ACME/weather"}, []),
    ({"uuid": UUID}, [0, 1, 2, 5]),
    ({"uuid": [UUID[::-1]]}, [3]),
    ({"uuid": UUID[:8]}, []),
    ({"can": Capability.SSH}, [0, 3, 4]),
    ({"can": Capability.SSH | Capability.REBOOT}, [0, 3]),
    ({"can": Capability(0)}, [0, 1, 2, 3, 4]),
    ({"fleet": "acme/weather", "status": "Operational"}, [0]),
    ({"status": "Operational", "update_status": ["Done", "Downloaded"]}, [3]),
]


@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS, ids=repr)
def test_rows_meet_all_conditions(conditions: Any, expected: list[int]) -> None:
    assert ids(TABLE.where(**conditions)) == expected


def test_null_meets_no_condition() -> None:
    assert 5 not in ids(TABLE.where(status=TABLE["status"].labels))
    assert 5 not in ids(TABLE.where(reason=fs.Reason))
    assert 5 not in ids(TABLE.where(can=Capability(0)))


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        # Both links up: since the later of the two.
        ("changed_api_heartbeat_state_on__date", "status_for"),
        ("last_update_status_event", "update_status_for"),
    ],
)
def test_a_duration_is_met_from_the_exact_moment_on(field: str, condition: str) -> None:
    three_days = timedelta(days=3)
    ages = [three_days - SECOND / 1000, three_days, three_days + SECOND, None, -SECOND]
    table = fs.classify(
        [
            device_record(id=number, **{field: None if age is None else NOW - age})
            for number, age in enumerate(ages)
        ],
        now=NOW,
    )
    assert ids(table.where(**{condition: three_days})) == [1, 2]  # type: ignore[arg-type]
    assert ids(table.where(**{condition: three_days + SECOND / 2})) == [2]  # type: ignore[arg-type]
    assert ids(table.where(**{condition: timedelta(0)})) == [0, 1, 2, 4]  # type: ignore[arg-type]


def test_part_of_a_millisecond_counts() -> None:
    table = table_of({"last_update_status_event": NOW - SECOND})
    least = SECOND + timedelta(microseconds=1)
    assert len(table.where(update_status_for=SECOND)) == 1
    assert len(table.where(update_status_for=least)) == 0


@pytest.mark.parametrize("name", ["status", "reason", "update_status", "attention"])
def test_an_unknown_label_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} has no label 'odd'; it has "):
        TABLE.where(**{name: ["odd"]})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "conditions",
    [{"status": 5}, {"fleet": [None, 7]}, {"status_for": 60}, {"update_status_for": "3d"}],
    ids=repr,
)
def test_a_condition_of_another_type_is_refused(conditions: Any) -> None:
    with pytest.raises(TypeError):
        TABLE.where(**conditions)


def test_conditions_are_named() -> None:
    with pytest.raises(TypeError):
        TABLE.where("Disconnected")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        TABLE.where(state="Disconnected")  # type: ignore[call-arg]
