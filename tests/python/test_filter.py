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
from examples import NOW, UUID, as_json, device_record, table_of
from fleetstatus import Capability

SECOND = timedelta(seconds=1)
DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
WEATHER = {"slug": "acme/weather", "app_name": "Weather"}
TABLE = table_of(
    {"id": 0, "belongs_to__application": WEATHER},
    {"id": 1, "is_active": False, "belongs_to__application": {"slug": "acme/tide"}},
    {"id": 2, **DOWN, "belongs_to__application": WEATHER},
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
    (pd.Series([False, True] * 3, index=[0, 1, 2, 3, 4, 5]), [1, 3, 5]),
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


@pytest.mark.parametrize("mask", [lambda device: True, len, 5, None, object(), "yes no", b"yes no"])
def test_what_is_no_sequence_is_no_mask(mask: Any) -> None:
    with pytest.raises(TypeError, match=r"a mask is a \w+, expected bools, one for each row"):
        TABLE.filter(mask)


@pytest.mark.parametrize("mask", [[0, 1, 2, 3, 4, 5], ["x"] * 6, [1.0] * 6, [[]] * 6])
def test_a_mask_holds_flags_and_nothing_else(mask: Any) -> None:
    with pytest.raises(TypeError, match="a mask holds a"):
        TABLE.filter(mask)


def test_a_mask_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a column of bools"):
        TABLE.filter(TABLE["id"])  # type: ignore[arg-type]
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
    with pytest.raises(fs.FleetStatusError, match="was released before"):
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
    ({"fleet": ["acme/weather", "acme/tide", None]}, [0, 1, 2]),
    ({"fleet": "Weather"}, [0, 2]),
    ({"fleet": ["Weather", "acme/tide"]}, [0, 1, 2]),
    ({"fleet": []}, []),
    ({"uuid": UUID}, [0, 1, 2, 5]),
    ({"uuid": [UUID[::-1]]}, [3]),
    ({"uuid": UUID[:8]}, []),
    ({"can": Capability.SSH}, [0, 3, 4]),
    ({"can": Capability.SSH | Capability.REBOOT}, [0, 3]),
    ({"can": Capability(0)}, [0, 1, 2, 3, 4]),
    ({"fleet": "acme/weather", "status": "Operational"}, [0]),
    ({"status": "Operational", "update_status": ["Done", "Downloaded"]}, [3]),
]


@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS)
def test_rows_meet_all_conditions(conditions: Any, expected: list[int]) -> None:
    assert ids(TABLE.where(**conditions)) == expected


@pytest.mark.parametrize(
    ("can", "type_of_error"),
    [
        ("ssh", TypeError),
        (True, ValueError),
        (1.0, TypeError),
        ([fs.Capability.SSH], TypeError),
        (10**9, ValueError),
        (10**30, ValueError),
        (-1, ValueError),
    ],
    ids=repr,
)
def test_what_is_no_capability_is_refused_with_all_that_there_are(
    can: Any, type_of_error: type[Exception]
) -> None:
    with pytest.raises(type_of_error, match=r"^can is .* SSH, WEB_TERMINAL, .* LOCAL_MODE$"):
        TABLE.where(can=can)


def test_capabilities_may_be_a_number() -> None:
    both = fs.Capability.SSH | fs.Capability.REBOOT
    number: Any = int(both)
    assert ids(TABLE.where(can=number)) == ids(TABLE.where(can=both))


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


@pytest.mark.parametrize(
    ("text", "rows"), [("72h", 3), ("3d", 3), ("3 D 1s", 2), ("0s", 4), ("2.5d", 4), ("1w", 1)]
)
def test_a_duration_may_be_text(text: str, rows: int) -> None:
    ages = [timedelta(days=2.5), timedelta(days=3), timedelta(days=3, seconds=1), timedelta(9)]
    since = "changed_api_heartbeat_state_on__date"
    table = table_of(*({since: NOW - age, "last_vpn_event": NOW - age} for age in ages))
    assert len(table.where(status_for=text)) == rows
    for option in ("status_for", "update_status_for"):
        with pytest.raises(ValueError, match=rf"{option}: '3 days' is not a duration; write 3d"):
            table.where(**{option: "3 days"})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["status", "reason", "update_status", "attention"])
def test_an_unknown_label_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} has no label 'zzz'; it has "):
        TABLE.where(**{name: ["zzz"]})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "conditions",
    [
        {"status": 5},
        {"fleet": [None, 7]},
        {"status_for": 60},
        {"on_target": "yes"},
        {"on_target": 1},
    ],
    ids=repr,
)
def test_a_condition_of_another_type_is_refused(conditions: Any) -> None:
    with pytest.raises(TypeError):
        TABLE.where(**conditions)


def test_conditions_are_named() -> None:
    with pytest.raises(TypeError):
        TABLE.where("Disconnected")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        TABLE.where(state="Disconnected")  # type: ignore[arg-type]


def test_any_column_is_a_condition_by_its_name() -> None:
    records = [device_record(id=n, rack=rack) for n, rack in enumerate(["a", "b", None])]
    table: Any = fs.classify(records, now=NOW, carry="rack")
    assert table.where(rack="b")["id"].to_list() == [1]
    assert table.where(rack=["a", "b"], id=[0, 2])["id"].to_list() == [0]
    assert len(table.where(heartbeat=True)) == len(table.where({"heartbeat": True})) == 3
    with pytest.raises(TypeError, match="where: no column 'rak'; did you mean 'rack'"):
        table.where(rak="b")
    with pytest.raises(TypeError, match=r"no column 'shelf'; classify\(source, carry='shelf'\)"):
        table.where(shelf="b")
    with pytest.raises(ValueError, match="rack is given in the mapping and as an argument"):
        table.where({"rack": "a"}, rack="b")


# What can never match


def refused(match: str, **conditions: Any) -> None:
    with pytest.raises(ValueError, match=match):
        TABLE.where(**conditions)


def test_a_fleet_that_the_source_never_had_is_refused() -> None:
    refused(r"no fleet 'acme/wether' in the data; did you mean 'acme/weather'", fleet="acme/wether")
    refused(
        r"no fleet 'x' in the data; there are acme/tide, acme/weather$", fleet=["acme/tide", "x"]
    )
    with pytest.raises(ValueError, match="no fleet 'x' in the data, which names none"):
        table_of({}).where(fleet="x")


def test_a_fleet_without_a_row_in_this_selection_is_an_empty_answer() -> None:
    assert ids(TABLE[:1].where(fleet="acme/tide")) == []
    assert ids(TABLE[:0].where(fleet=["Weather", "acme/tide"])) == []
    assert ids(TABLE.where(status="Inactive").where(fleet="acme/weather")) == []


def fleet_table(*fleets: dict[str, Any]) -> fs.StatusTable:
    return table_of(*({"id": n, "belongs_to__application": one} for n, one in enumerate(fleets)))


def test_an_app_that_several_fleets_have_is_named_by_its_slug() -> None:
    table = fleet_table(WEATHER, {"slug": "beta/weather", "app_name": "Weather"}, WEATHER)
    told = r"'Weather' is the app of 2 fleets; name one of acme/weather, beta/weather$"
    with pytest.raises(ValueError, match=told):
        table.where(fleet="Weather")
    assert ids(table.where(fleet="beta/weather")) == [1]
    with pytest.raises(ValueError, match=told):
        table[:1].where(fleet="Weather")  # of the source, not of the selection


def test_a_fleet_named_like_the_app_of_another_is_itself() -> None:
    table = fleet_table({"app_name": "tide"}, {"slug": "acme/tide", "app_name": "tide"})
    assert ids(table.where(fleet="tide")) == [0]


def test_tables_of_a_scan_know_slugs_only() -> None:
    (table,) = fs.scan(as_json([device_record(belongs_to__application=WEATHER)]), now=NOW)
    assert len(table.where(fleet="acme/weather")) == 1
    assert len(table.where(fleet="Weather")) == len(table.where(fleet="no/such")) == 0


@pytest.mark.parametrize("status", ["Updating", "frozen", ["Inactive", "Post Provisioning"]])
def test_a_status_whose_start_no_snapshot_knows_cannot_have_lasted(status: Any) -> None:
    listed = status if isinstance(status, str) else ", ".join(status)
    told = (
        rf"status_for: no snapshot says since when a device has the status {listed}; it does for "
    )
    with pytest.raises(ValueError, match=told):
        TABLE.where(status=status, status_for=SECOND)
    assert len(TABLE.where(status=status, update_status_for=SECOND)) == 0


def test_a_reason_whose_start_no_snapshot_knows_cannot_have_lasted() -> None:
    refused("has the reason frozen; it does for .*no-link", reason="frozen", status_for="1s")
    refused("the reason os-configuration;", reason="os-configuration", status_for="1s")
    for reason in ("never-connected", ["frozen", "no-link"]):
        TABLE.where(reason=reason, status_for="1s")


def test_one_status_with_a_start_will_do() -> None:
    assert ids(TABLE.where(status=["Updating", "Disconnected"], status_for="1s")) == [2]
    assert ids(TABLE.where(status="Configuring", status_for="1s")) == []
    assert ids(TABLE.where(status=[], status_for="1s")) == []


def test_in_2020_idle_has_no_start() -> None:
    table = table_of({}, scheme="library-2020", allow_missing="all")
    with pytest.raises(ValueError, match="has the status idle; it does for offline"):
        table.where(status="idle", status_for="1h")


# Further conditions

NAMED = table_of(
    {"id": 0, "device_name": "kiosk-01", "is_running__release": {"raw_version": "1.2.3"}},
    {"id": 1, "device_name": "kiosk-11", "is_running__release": {"raw_version": "1.2.30"}},
    {"id": 2, "device_name": "Kiosk-21", "provisioning_state": "Flashing", **DOWN},
    {"id": 3, "device_name": "a.b[c]\nd", "note": "x"},
    {"id": 4, "device_name": None, "provisioning_state": "Flashing", "provisioning_progress": 5},
    carry={"note": str, "rack": int},
    allow_missing="rack",
)
PATTERNS: list[tuple[dict[str, Any], list[int]]] = [
    ({"device_name": "kiosk-01"}, [0]),
    ({"device_name": "kiosk-*"}, [0, 1]),
    ({"device_name": "?iosk-?1"}, [0, 1, 2]),
    ({"device_name": "*"}, [0, 1, 2, 3]),
    ({"device_name": ["kiosk-?", "a.b[c]*"]}, [3]),
    ({"device_name": "a?b[c]?d"}, [3]),
    ({"device_name": "k.*"}, []),
    ({"device_name": []}, []),
    ({"detail": "Flash*"}, [4]),
    ({"detail": "Flashing"}, [4]),
    ({"release": "1.2.3"}, [0]),
    ({"release": "1.2.*"}, [0, 1]),
    ({"release": None}, [0, 1, 2, 3, 4]),
]


@pytest.mark.parametrize(("conditions", "expected"), PATTERNS, ids=repr)
def test_text_may_have_wildcards(conditions: Any, expected: list[int]) -> None:
    assert ids(NAMED.where(**conditions)) == expected


def test_devices_on_target_and_off_it() -> None:
    table = table_of(
        *(
            {"id": n, "is_running__release": {"__id": n}, "is_pinned_on__release": 1}
            for n in (1, 2)
        ),
        {"id": 3},
    )
    assert ids(table.where(on_target=True)) == [1]
    assert ids(table.where(on_target=False)) == [2]


def test_carried_columns_are_conditions_too() -> None:
    assert ids(NAMED.where({"note": "x"})) == [3]
    assert ids(NAMED.where({"note": ["x", "y"], "rack": 5})) == []
    assert ids(NAMED.where({}, device_name="kiosk-01")) == [0]
    with pytest.raises(ValueError, match=r"where: no column 'nota'; did you mean 'note'\?"):
        NAMED.where({"nota": "x"})
