"""What a table says of itself: as of when, what it lacks, and what must not be missed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, table_of, without
from fleetstatus._show import display

if TYPE_CHECKING:
    from pathlib import Path

JUST_NOW = {"last_vpn_event": (NOW - timedelta(seconds=30)).isoformat()}
OTHER = {"uuid": "b" * 32}
DOWN = {"is_connected_to_vpn": False}


def about(table: fs.StatusTable) -> list[str]:
    return display.about(table._core)


def old_snapshot(table: fs.StatusTable) -> str | None:
    return display.old_snapshot(table._core)


def warnings(table: fs.StatusTable) -> list[str]:
    return display.warnings(table._core)


def fresh(*changes: Record) -> fs.StatusTable:
    """Make a table whose newest event is just before its moment."""
    rows = [{"uuid": f"{row:032x}", **JUST_NOW, **one} for row, one in enumerate(changes)]
    return table_of(*rows, on_error="keep")


def assert_shown(table: fs.StatusTable, warning: str) -> None:
    """Assert that text and HTML begin with a warning, before any count."""
    assert f"! {warning}" in repr(table).splitlines()[2 : 2 + len(warnings(table))]
    page = table._repr_mimebundle_()["text/html"]
    assert warning in page
    assert page.index(warning) < page.index('class="bar"')


def test_a_table_on_which_all_is_well_warns_of_nothing() -> None:
    table = fresh({}, {})
    assert warnings(table) == []
    assert "!" not in repr(table)


# As of when


def test_a_given_moment_is_said_without_more() -> None:
    assert about(fresh({}))[0] == "as of 2026-11-01 12:00:00Z, newest event 30 seconds before"


def test_a_fetched_moment_is_said_without_more() -> None:
    envelope = {"d": [device_record()], "fetched_at": "2026-10-21T09:00:00Z"}
    table = fs.classify(as_json(envelope))
    assert about(table)[0] == "as of 2026-10-21 09:00:00Z, newest event 1 hour before"


def test_the_time_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(as_json([device_record()]))
    written = datetime(2026, 10, 25, 8, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    assert about(fs.classify(path))[0] == (
        "as of 2026-10-25 08:00:00Z (when the file was written), newest event 4 days before"
    )


def test_the_clock_is_named() -> None:
    assert "Z (now, by the clock), newest event" in about(fs.classify([device_record()]))[0]


def test_the_newest_event_as_the_moment_is_named_once() -> None:
    table = fs.classify([device_record()], now="newest")
    assert about(table)[0] == "as of 2026-10-21 08:00:00Z, which is the newest event"


def test_gaps_follow_and_are_no_warnings() -> None:
    table = fresh({})
    assert about(table)[1:] == [
        f"{field} not in the data: {hides}" for field, hides in table.fields_missing.items()
    ]
    assert repr(table).splitlines()[-1] == about(table)[-1]


# Old snapshots


@pytest.mark.parametrize(
    ("age", "is_old"),
    [
        (timedelta(hours=1), False),
        (timedelta(hours=1, milliseconds=1), True),
        (timedelta(days=3, hours=5), True),
        (timedelta(seconds=-5), False),
        (timedelta(hours=-1), False),
        (timedelta(hours=-1, milliseconds=-1), True),
    ],
)
def test_a_snapshot_without_a_recent_event_may_be_old(age: timedelta, is_old: bool) -> None:
    table = fresh({"last_vpn_event": (NOW - age).isoformat(timespec="milliseconds")})
    assert (old_snapshot(table) is not None) is is_old
    if is_old:
        assert_shown(table, str(old_snapshot(table)))
        assert str(old_snapshot(table)) in warnings(table)


def test_the_age_of_an_old_snapshot_is_told() -> None:
    table = fresh({"last_vpn_event": "2026-10-29T07:00:00Z"})
    assert old_snapshot(table) == (
        "The newest event is 3 days before this moment: the snapshot may be that old."
    )


def test_a_clock_in_the_future_does_not_make_a_snapshot_look_new() -> None:
    table = fresh({"last_vpn_event": "2099-01-01T00:00:00Z"})
    warning = str(old_snapshot(table))
    assert "days after this moment, so a clock or the moment is wrong" in warning
    assert warnings(table) == [warning]


def test_a_table_without_events_is_not_called_old() -> None:
    assert old_snapshot(fs.classify([], now=NOW)) is None


# Heartbeats


def test_a_server_that_keeps_no_heartbeats_is_named_once() -> None:
    silent = {"api_heartbeat_state": "unknown"}
    table = fresh(silent, silent)
    [warning] = warnings(table)
    assert "this server seems to keep none" in warning
    assert_shown(table, warning)
    assert warnings(fresh(silent, {})) == []
    assert warnings(fresh(silent | DOWN)) == []


def test_data_without_heartbeats_says_nothing_of_the_server() -> None:
    absent = without("api_heartbeat_state") | JUST_NOW
    for record in (absent, absent | {"api_heartbeat_state": None}):
        assert warnings(fs.classify([record], allow_missing="all", now=NOW)) == []


# The API's own answer


def test_disagreements_are_counted_with_both_answers() -> None:
    table = fresh(
        *({"overall_status": "configuring"} for _ in range(2)),
        {"overall_status": "disconnected", "is_active": False},
        {"overall_status": "operational"},
        {},
    )
    assert warnings(table) == [
        "2 devices: the API says configuring, the rules operational",
        "1 device: the API says disconnected, the rules inactive",
    ]
    for warning in warnings(table):
        assert_shown(table, warning)


def test_an_answer_by_is_online_is_explained() -> None:
    table = fresh(
        {"overall_status": "reduced-functionality", "is_online": False},
        {"overall_status": "reduced-functionality", "is_online": True},
    )
    told = "1 device: the API says reduced-functionality, the rules operational"
    why = " (an API before v45 (May 2026) went by is_online, which would explain it)"
    assert sorted(warnings(table)) == [told, told + why]


def test_most_kinds_of_disagreement_are_told_together() -> None:
    answers = ["configuring", "disconnected", "inactive", "post-provisioning", "odd"]
    table = fresh(*({"overall_status": one} for one in answers for _ in range(2)))
    told = warnings(table)
    assert len(told) == 4
    assert told[-1] == "4 devices: other disagreements with the API's own answer"


def test_an_answer_of_the_api_is_text_of_strangers() -> None:
    table = fresh({"overall_status": "\x1b[2J" + "x" * 1000})
    assert len(warnings(table)[0]) < 120
    assert "\x1b" not in repr(table)


# Rows


def test_rows_of_one_uuid_are_counted() -> None:
    table = fresh(OTHER, OTHER, {})
    [warning] = warnings(table)
    assert warning == "2 rows share a uuid with another row; find takes the last of each uuid"
    assert_shown(table, warning)


@pytest.mark.parametrize(("bad", "records"), [(1, "1 record"), (2, "2 records")])
def test_unreadable_rows_are_counted(bad: int, records: str) -> None:
    table = fresh({}, *({"is_active": "?"} for _ in range(bad)))
    assert warnings(table) == [f"{records} could not be read in full; see the column error"]
    assert_shown(table, warnings(table)[0])


def test_many_unreadable_records_are_counted_in_groups_of_three() -> None:
    records = [{"uuid": f"{i:032x}", "is_online": "perhaps"} for i in range(1200)]
    devices = fs.classify(records, now=NOW, allow_missing="all", on_error="keep")
    assert "1,200 records could not be read in full; see the column error" in repr(devices)
