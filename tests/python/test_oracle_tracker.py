"""The oracle of changes on tiny histories, so that what tests the engine is itself tested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from change_sequences import sequence, snapshot_of, table_of
from fleetstatus.errors import SnapshotError
from hand_made import DOWN, LATE, UP, at, kinds, picked, reasons, row, snapshot
from hand_made import plain_tracker as tracker
from oracle_tracker import NaiveTracker


def test_first_look_tells_nothing() -> None:
    assert tracker().update(reasons(0, a=UP, b=DOWN)) == []


def test_change_is_told_once() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP))
    told = looks.update(reasons(1, a=DOWN))
    assert kinds(told) == [("a", "status", "Operational", "Disconnected")]
    assert picked(told, "cause", "not_before", "not_after") == [("both-links", at(0), at(1))]
    assert looks.update(reasons(2, a=DOWN)) == []


# Hold


def test_change_is_told_when_it_has_lasted_two_minutes() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0, a=UP))
    assert looks.update(reasons(1, a=DOWN)) == []
    assert looks.update(reasons(2.9, a=DOWN)) == []
    told = looks.update(reasons(3, a=DOWN))
    assert kinds(told) == [("a", "status", "Operational", "Disconnected")]
    assert picked(told, "not_before", "not_after") == [(at(0), at(1))]


def test_hold_counts_from_the_time_that_a_link_tells() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(snapshot(0, row("a", UP, since=-60)))
    told = looks.update(snapshot(5, row("a", DOWN, since=3)))
    assert picked(told, "kind", "at") == [("status", at(3))]
    assert told[0]["previous_duration_s"] == 63 * 60  # from -60 to 3


def test_change_that_goes_back_is_a_flap_and_never_told() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0, a=UP))
    assert looks.update(reasons(1, a=DOWN)) == []
    assert looks.update(reasons(2, a=UP)) == []
    assert looks.update(reasons(9, a=UP)) == []
    assert looks.counters()["flaps"] == 1


def test_late_heartbeat_on_the_way_down_is_one_change() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0, a=UP))
    assert looks.update(reasons(5, a=LATE)) == []
    assert looks.update(reasons(6, a=DOWN)) == []
    told = looks.update(reasons(8, a=DOWN))
    assert kinds(told) == [("a", "status", "Operational", "Disconnected")]
    assert picked(told, "not_before", "not_after") == [(at(0), at(6))]


def test_late_heartbeat_does_not_make_a_state_new() -> None:
    looks = tracker(hold=timedelta(minutes=5))
    looks.update(reasons(0, a=UP))
    looks.update(reasons(1, a="cloudlink-only"))
    looks.update(reasons(2, a=LATE))
    told = looks.update(reasons(6, a="cloudlink-only"))
    assert picked(told, "kind", "not_before", "not_after") == [("status", at(0), at(1))]


def test_late_status_that_was_told_ends_at_the_last_look_before_the_next_one() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0))
    assert kinds(looks.update(reasons(1, a=LATE))) == [
        ("a", "added", None, "Reduced Functionality")
    ]
    for minutes, reason in [(2, LATE), (3, DOWN), (4, LATE)]:
        assert looks.update(reasons(minutes, a=reason)) == []
    told = looks.update(reasons(5, a=DOWN))
    assert picked(told, "kind", "not_before", "not_after") == [("status", at(2), at(3))]


def test_first_look_that_is_late_takes_the_next_reason_without_telling() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0, a=LATE))
    assert looks.update(reasons(5, a=DOWN)) == []
    assert looks.update(reasons(9, a=DOWN)) == []
    looks.update(reasons(10, a=UP))
    assert kinds(looks.update(reasons(12, a=UP))) == [
        ("a", "status", "Disconnected", "Operational")
    ]


def test_without_hold_late_is_told_too() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP))
    assert kinds(looks.update(reasons(1, a=LATE))) == [
        ("a", "status", "Operational", "Reduced Functionality")
    ]


def test_move_between_reasons_goes_on_with_the_same_hold() -> None:
    looks = tracker(hold=timedelta(minutes=2))
    looks.update(reasons(0, a=UP))
    assert looks.update(reasons(1, a="cloudlink-only")) == []
    assert looks.update(reasons(2, a=DOWN)) == []
    told = looks.update(reasons(3, a=DOWN))
    assert kinds(told) == [("a", "status", "Operational", "Disconnected")]
    assert picked(told, "not_before", "not_after") == [(at(0), at(2))]


# Removed and returned


def test_removed_device_returns_and_one_forgotten_is_added() -> None:
    looks = tracker(forget=timedelta(hours=1))
    looks.update(reasons(0, a=UP, b=UP))
    assert kinds(looks.update(reasons(1, a=UP))) == [("b", "removed", "Operational", None)]
    told = looks.update(reasons(2, a=UP, b=DOWN))
    assert kinds(told) == [("b", "returned", None, "Disconnected")]
    assert picked(told, "not_before", "not_after") == [(at(1), at(2))]
    looks.update(reasons(3, a=UP))
    assert kinds(looks.update(reasons(63.1, a=UP, b=UP))) == [("b", "added", None, "Operational")]


def test_looks_at_some_and_rows_of_no_known_device_remove_nobody() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP, b=UP))
    assert looks.update(reasons(1, a=UP), complete=False) == []
    lost = row(None, None, error="record 1 cannot be read")
    assert looks.update(snapshot(2, row("a"), lost)) == []
    assert looks.counters()["without_uuid"] == 1
    assert kinds(looks.update(snapshot(3, row("a"), row(None)))) == [
        ("b", "removed", "Operational", None)
    ]


def test_look_at_one_fleet_says_nothing_of_the_others() -> None:
    looks = tracker()
    snow: dict[str, Any] = {"fleet": "acme/snow"}
    looks.update(snapshot(0, row("a"), row("b", **snow), row("c", **snow)))
    told = looks.update(snapshot(1, row("a", DOWN), row("b", DOWN, **snow)), fleets=["acme/snow"])
    assert sorted(kinds(told)) == [
        ("b", "status", "Operational", "Disconnected"),
        ("c", "removed", "Operational", None),
    ]


def test_first_look_at_a_fleet_tells_of_no_new_devices() -> None:
    looks = tracker()
    snow = row("b", fleet="acme/snow")
    looks.update(snapshot(0, row("a")), fleets=["acme/weather"])
    assert looks.update(snapshot(1, row("a"), snow), fleets=["acme/snow"]) == []
    more = [snow, row("c", fleet="acme/snow")]
    told = looks.update(snapshot(2, *more), fleets=["acme/snow"])
    assert kinds(told) == [("c", "added", None, "Operational")]


def test_fleet_that_nobody_knows_is_refused() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP))
    with pytest.raises(ValueError, match="acme/wether"):
        looks.update(reasons(1, a=UP), fleets=["acme/wether"])


# What is refused


def test_page_that_was_lost_is_refused_and_changes_nothing() -> None:
    looks = tracker(max_removed=0.2)
    there = {f"d{i}": UP for i in range(12)}
    looks.update(reasons(0, **there))
    fewer = dict(list(there.items())[:9])  # 3 of 12 are missing: 25 %
    with pytest.raises(SnapshotError, match="max_removed"):
        looks.update(reasons(1, **fewer))
    assert looks.counters()["refused"] == 1
    assert len(looks.update(reasons(1, **fewer), max_removed=1.0)) == 3


def test_two_devices_may_go_at_once() -> None:
    looks = tracker(max_removed=0.2)
    looks.update(reasons(0, a=UP, b=UP))
    assert len(looks.update(reasons(1))) == 2


def test_fleet_that_is_gone_is_refused_however_small_its_part() -> None:
    looks = tracker(max_removed=0.5)
    others = [row(f"d{i}") for i in range(20)]
    snow = [row(f"s{i}", fleet="acme/snow") for i in range(3)]
    looks.update(snapshot(0, *others, *snow))
    with pytest.raises(SnapshotError):
        looks.update(snapshot(1, *others))


def test_older_look_is_refused() -> None:
    looks = tracker()
    looks.update(reasons(1, a=UP))
    with pytest.raises(SnapshotError):
        looks.update(reasons(0, a=UP))


def test_same_moment_tells_of_devices_not_read_then_and_refuses_other_answers() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP, b=UP))
    looks.update(reasons(1, a=UP), complete=False)
    assert kinds(looks.update(reasons(1, a=UP, b=DOWN))) == [
        ("b", "status", "Operational", "Disconnected")
    ]
    with pytest.raises(SnapshotError):
        looks.update(reasons(1, a=DOWN, b=DOWN))
    with pytest.raises(SnapshotError):
        looks.update(reasons(1, a=UP))


# Flapping


def test_six_changes_in_three_hours_are_flapping_until_there_are_two() -> None:
    looks = tracker(flapping=(6, 2))
    looks.update(reasons(0, a=UP))
    told = []
    for i in range(1, 10):  # at 10, 20, ..., 90 minutes; the sixth change at 60
        told += looks.update(reasons(10 * i, a=DOWN if i % 2 else UP))
    assert picked(told, "kind") == [("status",)] * 5 + [("flapping",)]
    assert told[-1]["not_after"] == at(60)
    assert kinds(told[-1:]) == [("a", "flapping", "Disconnected", "Operational")]
    later = []
    for i in range(10, 30):
        later += looks.update(reasons(10 * i, a=DOWN))
    # Changes at 80 and 90 are left when that of 70 is 180 minutes old: at 250.
    assert kinds(later) == [("a", "settled", "Operational", "Disconnected")]
    assert later[0]["not_after"] == at(250)


def test_time_in_gaps_does_not_count_for_flapping() -> None:
    looks = tracker(flapping=(3, 0))
    looks.update(reasons(0, a=UP))
    told = []
    for minutes, reason in [(10, DOWN), (400, UP), (410, DOWN)]:
        told += looks.update(reasons(minutes, a=reason))
    assert picked(told, "kind") == [("status",), ("status",), ("flapping",)]


# The whole


@pytest.mark.slow
def test_each_status_told_begins_where_the_one_before_ended() -> None:
    for seed in range(60):
        made = sequence(seed)
        looks = NaiveTracker(**made.options)
        last: dict[str, Any] = {}
        for look in made.looks:
            snapshot_read = snapshot_of(table_of(look, made.scheme), look)
            try:
                told = looks.update(
                    snapshot_read,
                    complete=look.complete,
                    fleets=look.fleets,
                    max_removed=look.max_removed,
                )
            except ValueError:
                continue
            for change in told:
                if change["kind"] in {
                    "status",
                    "added",
                    "removed",
                    "returned",
                    "flapping",
                    "settled",
                }:
                    before = last.get(change["uuid"], change["before"])
                    assert change["before"] in {before, None}
                    last[change["uuid"]] = change["after"]
