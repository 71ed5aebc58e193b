"""The oracle's outages of many, and what its log answers, on tiny histories."""

from __future__ import annotations

from hand_made import DOWN, UP, at, kinds, picked, reasons, row, snapshot
from hand_made import plain_tracker as tracker

# Outages


def fleet_of(n_up: int, n: int = 6) -> dict[str, str]:
    return {f"d{i}": UP if i < n_up else DOWN for i in range(n)}


def test_outage_of_a_fleet_begins_and_is_over() -> None:
    looks = tracker(outage=(3, 0.55))
    looks.update(reasons(0, **fleet_of(6)))
    assert len(looks.update(reasons(1, **fleet_of(3)))) == 3  # 3 of 6: 50 %
    told = looks.update(reasons(2, **fleet_of(2)))  # 4 of 6
    assert kinds(told)[0] == (None, "outage", None, "4 of 6")
    assert picked(told, "fleet", "in_outage") == [("acme/weather", True), ("acme/weather", True)]
    assert picked(looks.update(reasons(3, **fleet_of(1))), "in_outage") == [(True,)]
    assert len(looks.update(reasons(30, **fleet_of(3)))) == 2  # 3 of 5 still without
    told = looks.update(reasons(31, **fleet_of(4)))  # 2 of 5
    assert kinds(told)[0] == (None, "outage-over", "4 of 6", "2 of 5")
    assert picked(told, "in_outage") == [(True,), (True,)]


def test_link_lost_more_than_ten_minutes_ago_is_no_part_of_an_outage() -> None:
    looks = tracker(outage=(3, 0.55))
    looks.update(reasons(0, **fleet_of(10, 10)))
    looks.update(reasons(1, **fleet_of(7, 10)))
    told = looks.update(reasons(12, **fleet_of(4, 10)))  # 3 of the 7 that had their link at 2
    assert {kind for _, kind, *_ in kinds(told)} == {"status"}


def test_device_that_returns_without_its_link_has_lost_it_if_it_had_it_just_before() -> None:
    for minutes, is_lost in [(9, True), (11, False)]:
        looks = tracker(outage=(3, 0.55))
        looks.update(reasons(0, **fleet_of(4, 4)))
        looks.update(reasons(minutes - 1, d1=UP, d2=UP, d3=UP))
        told = looks.update(reasons(minutes, d0=DOWN, d1=DOWN, d2=DOWN, d3=UP))
        first = ["outage"] if is_lost else []  # 3 of 4, or 2 of 3
        assert [kind for (kind,) in picked(told, "kind")] == [
            *first,
            "returned",
            "status",
            "status",
        ]


def test_unreadable_cloudlink_is_no_lost_link() -> None:
    looks = tracker(outage=(3, 0.55))
    looks.update(reasons(0, **fleet_of(4, 4)))
    bad = row("d0", "frozen", cloudlink=None, error="is_connected_to_vpn cannot be read")
    told = looks.update(snapshot(1, bad, row("d1", DOWN), row("d2", DOWN), row("d3")))
    assert "outage" not in {kind for (kind,) in picked(told, "kind")}


# History


def test_time_in_status_counts_gaps_as_unknown_but_for_what_links_tell() -> None:
    looks = tracker()
    looks.update(snapshot(0, row("a", UP, since=-60), row("b", "frozen")))
    looks.update(snapshot(10, row("a", DOWN, since=4), row("b", "frozen")))
    looks.update(snapshot(40, row("a", DOWN, since=4), row("b", "frozen")))
    assert looks.time_in_status() == {
        "a": {"Operational": 4 * 60, "Disconnected": 36 * 60},
        "b": {"Frozen": 10 * 60, "unknown": 30 * 60},
    }
    assert [(s.reason, s.first, s.until) for s in looks.timeline("a")] == [
        (UP, at(-60), at(4)),
        (DOWN, at(4), None),
    ]
    [outage] = looks.outages()
    assert outage == {"uuid": "a", "from": at(4), "to": None, "duration_s": 2160, "ended": False}
    assert looks.outages_by("fleet") == {
        "acme/weather": {"count": 1, "total_s": 2160, "median_s": 2160}
    }


def test_link_that_moved_in_a_gap_leaves_the_time_before_unknown() -> None:
    looks = tracker()
    looks.update(snapshot(0, row("a", UP, since=-60)))
    looks.update(snapshot(60, row("a", UP, since=20)))
    assert looks.time_in_status() == {"a": {"Operational": 40 * 60, "unknown": 20 * 60}}


def test_removed_time_is_not_counted() -> None:
    looks = tracker()
    looks.update(reasons(0, a=UP, b=UP))
    looks.update(reasons(5, b=UP))
    looks.update(reasons(10, a=DOWN, b=UP))
    looks.update(reasons(12, a=DOWN, b=UP))
    assert looks.time_in_status()["a"] == {"Operational": 300, "Disconnected": 120}
