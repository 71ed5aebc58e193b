"""Counts of labels by groups: every label has its row, and shares and percentiles are exact."""

from __future__ import annotations

import copy
import pickle
import statistics
from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

import fleetstatus as fs
from examples import NOW, Record, device_record, table_of

LABELS = fs.StatusScheme.DOCS_2024_11.labels
MEASURES = ("label", "devices", "share", "median_duration_s", "p95_duration_s")
HOUR = 3600
HEARTBEAT_SINCE = "changed_api_heartbeat_state_on__date"


def fleet(slug: str) -> Record:
    return {"belongs_to__application": {"slug": slug}}


def since(hours: float, **changes: Any) -> Record:
    moment = NOW - timedelta(hours=hours)
    return {HEARTBEAT_SINCE: moment, "last_vpn_event": moment, **changes}


ASLEEP = {"is_active": False}
TABLE = table_of(
    fleet("acme/weather") | since(10),
    fleet("acme/weather") | since(20),
    fleet("acme/weather") | since(40),
    fleet("acme/weather") | ASLEEP,
    fleet("acme/tide") | since(5),
    {},
)


@pytest.fixture(scope="module")
def sample() -> fs.StatusTable:
    return fs.classify(fs.sample_fleet())


def test_every_label_has_a_row_in_its_order() -> None:
    summary = TABLE.summary()
    assert summary.columns == MEASURES
    assert [row["label"] for row in summary] == list(LABELS)
    assert [row["devices"] for row in summary] == [5, 0, 0, 0, 0, 0, 1, 0]
    assert [tuple(row) for row in summary] == [MEASURES] * len(LABELS)


def test_shares_are_of_the_group() -> None:
    by_fleet = TABLE.summary(by="fleet").to_dicts()
    shares = {(row["fleet"], row["label"]): row["share"] for row in by_fleet if row["devices"]}
    assert shares == {
        ("acme/tide", "Operational"): 1.0,
        ("acme/weather", "Operational"): 0.75,
        ("acme/weather", "Inactive"): 0.25,
        (None, "Operational"): 1.0,
    }
    assert sum(row["share"] for row in TABLE.summary()) == pytest.approx(1)


def test_groups_come_in_ascending_order_null_last() -> None:
    rows = TABLE.summary(by="fleet").to_dicts()
    groups = list(dict.fromkeys(row["fleet"] for row in rows))
    assert groups == ["acme/tide", "acme/weather", None]
    assert len(rows) == len(groups) * len(LABELS)


def test_numbers_come_in_the_order_of_numbers() -> None:
    table = table_of(*({"provisioning_progress": n} for n in (100, None, 20, 3, -1)))
    groups = [row["progress"] for row in table.summary(by="progress")]
    assert list(dict.fromkeys(groups)) == [-1, 3, 20, 100, None]


def test_durations_are_interpolated_between_devices() -> None:
    row = TABLE.summary(by="fleet").to_dicts()[len(LABELS)]
    assert (row["fleet"], row["label"], row["devices"]) == ("acme/weather", "Operational", 3)
    assert row["median_duration_s"] == 20 * HOUR
    # At 0.95 x (3 - 1) = 1.9 steps: 0.1 x 20 h + 0.9 x 40 h = 38 h.
    assert row["p95_duration_s"] == pytest.approx(38 * HOUR)


def test_the_median_of_an_even_count_lies_between() -> None:
    table = table_of(since(1), since(2), since(4), since(10))
    row = table.summary().to_dicts()[0]
    assert row["median_duration_s"] == 3 * HOUR


def test_no_duration_is_null() -> None:
    inactive = TABLE.summary().to_dicts()[LABELS.index("Inactive")]
    assert (inactive["median_duration_s"], inactive["p95_duration_s"]) == (None, None)


def test_durations_of_the_sample_are_those_of_its_rows(sample: fs.StatusTable) -> None:
    for row in sample.summary(by="fleet"):
        durations = [
            device.status_duration.total_seconds()
            for device in sample
            if (device.fleet, device.status) == (row["fleet"], row["label"])
            and device.status_duration is not None
        ]
        expected = statistics.median(durations) if durations else None
        assert row["median_duration_s"] == expected


def test_what_is_not_known_has_a_row_where_it_occurs() -> None:
    table = table_of({}, {"api_heartbeat_state": "odd"}, on_error="keep")
    rows = table.summary().to_dicts()
    assert [row["label"] for row in rows] == [*LABELS, None]
    assert (rows[-1]["devices"], rows[-1]["share"]) == (1, 0.5)
    assert None not in {row["label"] for row in TABLE.summary()}


# What is counted

COUNTED = {
    "status": LABELS,
    "reason": tuple(fs.Reason),
    "update_status": (*fs.UpdateStatus, None),
    "attention": (*fs.Attention, None),
}


@pytest.mark.parametrize(("of", "labels"), COUNTED.items(), ids=COUNTED)
def test_any_closed_list_can_be_counted(sample: fs.StatusTable, of: Any, labels: Any) -> None:
    summary = sample.summary(of=of)
    counts = Counter(sample[of].to_list())
    assert {row["label"]: row["devices"] for row in summary} == {
        label: counts[label] for label in labels
    }
    assert (summary.of, summary.by) == (of, ())


@pytest.mark.parametrize("of", ["fleet", "id", "", None])
def test_nothing_else_can_be_counted(of: Any) -> None:
    with pytest.raises(ValueError, match="status, reason, update_status, attention"):
        TABLE.summary(of=of)


def test_update_statuses_are_counted_with_their_own_durations() -> None:
    event = {"last_update_status_event": NOW - timedelta(hours=3), "update_status": "done"}
    rows = table_of(since(10, **event), since(20)).summary(of="update_status").to_dicts()
    assert (rows[0]["label"], rows[0]["median_duration_s"]) == ("Done", 3 * HOUR)
    assert rows[-1]["median_duration_s"] is None


def test_what_needs_attention_is_counted_with_the_duration_it_needs_it_for() -> None:
    event = {"last_update_status_event": NOW - timedelta(hours=3)}
    down = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
    table = table_of(
        since(10, update_status="rejected", **event),
        since(10, update_status="downloading", **event),
        since(10, **down, **event),
    )
    medians = {row["label"]: row["median_duration_s"] for row in table.summary(of="attention")}
    assert medians["update-failed"] == medians["update-stuck"] == 3 * HOUR
    assert medians["disconnected"] == 10 * HOUR


# Groups


def test_groups_may_be_made_of_several_columns() -> None:
    summary = TABLE.summary(by=["fleet", "cloudlink"], of="reason")
    assert summary.by == ("fleet", "cloudlink")
    assert summary.columns == ("fleet", "cloudlink", *MEASURES)
    assert sum(row["devices"] for row in summary) == len(TABLE)
    assert [row["devices"] for row in TABLE.summary(by=("fleet",))] == [
        row["devices"] for row in TABLE.summary(by="fleet")
    ]


def test_groups_may_be_made_of_what_was_carried() -> None:
    versions = ["6.0", None, "6.0"]
    table = table_of(*({"os_version": version} for version in versions), carry="os_version")
    rows = table.summary(by="os_version").to_dicts()
    assert [(row["os_version"], row["devices"]) for row in rows if row["devices"]] == [
        ("6.0", 2),
        (None, 1),
    ]


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        (["b", "a", "b", "a", "a", "b"], [("a", 3), ("b", 3)]),
        ((2, 10, 1, 10, 2, 10), [(1, 1), (2, 2), (10, 3)]),
        ([None, "x", None, "x", "x", "x"], [("x", 4), (None, 2)]),
        ([1, "x", (2,), 1, "x", (2,)], [((2,), 2), (1, 2), ("x", 2)]),
        (iter("aabbcc"), [("a", 2), ("b", 2), ("c", 2)]),
        (np.array(list("aabbcc")), [("a", 2), ("b", 2), ("c", 2)]),
        (TABLE["fleet"], [("acme/tide", 1), ("acme/weather", 4), (None, 1)]),
    ],
)
def test_groups_may_be_ones_own_keys(keys: Any, groups: list[tuple[Any, int]]) -> None:
    summary = TABLE.summary(by=keys)
    assert summary.by == ("group",)
    counts: Counter[Any] = Counter()
    for row in summary:
        counts[row["group"]] += row["devices"]
    assert list(counts.items()) == groups


@pytest.mark.parametrize("by", [["a"], ["fleet", "no"], range(7), np.arange(5)], ids=repr)
def test_keys_are_as_many_as_rows(by: Any) -> None:
    with pytest.raises(ValueError, match=f"by has {len(by)} keys for a table of 6 rows"):
        TABLE.summary(by=by)


def test_no_column_makes_one_group() -> None:
    assert TABLE.summary(by=[]).to_dicts() == TABLE.summary().to_dicts()


def test_an_unknown_column_is_refused_with_a_list() -> None:
    told = r"no column 'flet'; did you mean 'fleet'\?; there are id, .*fleet.*, error"
    for table in (TABLE, TABLE[:1]):  # one text is never one key for one row
        with pytest.raises(ValueError, match=f"by: {told}"):
            table.summary(by="flet")
    with pytest.raises(ValueError, match=f"by has 2 keys for a table of 6 rows, and {told}"):
        TABLE.summary(by=["status", "flet"])


# As a whole


def test_an_empty_table_counts_zeros() -> None:
    summary = fs.classify([]).summary()
    assert [(row["devices"], row["share"]) for row in summary] == [(0, 0.0)] * len(LABELS)
    assert "Operational" in str(summary)
    assert fs.classify([]).summary(by="fleet").to_dicts() == []
    assert str(fs.classify([]).summary(by="fleet"))


def test_a_summary_is_laid_out_as_text() -> None:
    lines = str(TABLE.where(fleet="acme/weather").summary()).splitlines()
    assert lines[0].split() == ["status", "devices", "share", "median", "p95"]
    cells = ["Operational", "3", "75.0%", "█" * 15, "20 hours", "1 day"]
    assert lines[1].split() == " ".join(cells).split()
    assert repr(TABLE.summary()) == str(TABLE.summary())


def test_a_summary_does_not_change_and_can_be_kept() -> None:
    summary = TABLE.summary(by="fleet")
    summary.to_dicts()[0]["devices"] = 99
    next(iter(summary))["devices"] = 99
    assert summary == TABLE.summary(by="fleet")
    assert pickle.loads(pickle.dumps(summary)) == copy.deepcopy(summary) == summary
    assert len(summary) == 3 * len(LABELS)


@pytest.mark.parametrize(
    "values",
    [[1.5, 2.5, 1.25, 1.5], [0.1, 0.2, 0.3], [float("inf"), float("-inf")], [0.0, -0.0, None]],
    ids=str,
)
def test_each_carried_number_is_a_group(values: list[float | None]) -> None:
    records = [device_record(load=value) for value in values]
    devices = fs.classify(records, now=NOW, allow_missing="all", carry={"load": float})
    counts = Counter(values)
    found = {row["load"]: row["devices"] for row in devices.summary(by="load") if row["devices"]}
    assert found == counts


def test_all_nans_are_one_group() -> None:
    nan = float("nan")
    records = [device_record(load=value) for value in (nan, 1.0, -nan)]
    devices = fs.classify(records, now=NOW, allow_missing="all", carry={"load": float})
    keys: Any = np.array([nan, 1.0, np.float64("nan")])
    for by in ("load", keys):
        counts = [row["devices"] for row in devices.summary(by=by) if row["devices"]]
        assert sorted(counts) == [1, 2]


@pytest.mark.parametrize("by", [5, [["a"]] * 6, np.zeros((6, 2))], ids=["number", "lists", "2-D"])
def test_what_is_no_key_is_refused_in_words(by: Any) -> None:
    with pytest.raises(TypeError, match="by takes names of columns or a key for each row"):
        TABLE.summary(by=by)


def test_a_column_groups_once() -> None:
    with pytest.raises(ValueError, match="by has 'fleet' twice"):
        TABLE.summary(by=["fleet", "fleet"])
