"""The oracle of diff on pairs made by hand, and the laws of changes on the oracle itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from change_laws import PLAIN_TRACKER, net_effect_differences, plain_sequence, tracker_differences
from change_sequences import SnapshotSequence, snapshot_of, table_of
from fleetstatus.errors import SnapshotError
from hand_made import DOWN, LATE, UP, at, picked, reasons, row, snapshot
from oracle_diff import diff_rows
from oracle_tracker import NaiveTracker

if TYPE_CHECKING:
    from oracle_snapshot import Row, Snapshot

DONE: Row = {"update_status": "Done", "update_status_since": at(0)}


def kinds(old: Row, new: Row, *, missing: tuple[str, ...] = ()) -> list[str]:
    """Name what has changed of one device."""
    told = diff_rows(snapshot(0, old), snapshot(10, new, missing=missing))
    return [change["kind"] for change in told]


def snapshots_of(made: SnapshotSequence) -> list[tuple[Snapshot, Snapshot]]:
    read = [snapshot_of(table_of(look, made.scheme), look) for look in made.looks]
    return list(zip(read, read, strict=True))


def test_every_column_of_a_change() -> None:
    old = snapshot(0, row("a", UP, since=-30, device_name="kite"))
    new = snapshot(10, row("a", DOWN, since=4))
    assert diff_rows(old, new) == [
        {
            "uuid": "a",
            "device_name": "kite",
            "fleet": "acme/weather",
            "kind": "status",
            "before": "Operational",
            "after": "Disconnected",
            "reason_before": UP,
            "reason": DOWN,
            "cause": "both-links",
            "at": at(4),
            "not_before": at(0),
            "not_after": at(10),
            "previous_duration_s": 34 * 60,
            "in_outage": False,
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (UP, "frozen", "freeze"),
        ("frozen", DOWN, "freeze"),
        (UP, "heartbeat-only", "cloudlink"),
        (UP, "cloudlink-only", "heartbeat"),
        (UP, "heartbeat-late", "heartbeat"),
        (DOWN, UP, "both-links"),
        ("never-connected", UP, "first-contact"),
        (UP, "downloading-release", "download"),
        (DOWN, "downloading-release", "both-links"),
        ("heartbeat-only", "cloudlink-disabled", "configuration"),
    ],
)
def test_cause_is_the_fact_of_the_first_rule(old: str, new: str, cause: str) -> None:
    told = diff_rows(reasons(0, a=old), reasons(1, a=new))
    assert picked(told, "cause") == [(cause,)]


@pytest.mark.parametrize(
    ("since", "expected"),
    [(-1, at(-1)), (-1.1, None), (11, at(11)), (11.1, None), (5, at(5)), (None, None)],
)
def test_time_of_a_change_lies_between_the_looks_but_for_a_minute(
    since: float | None, expected: object
) -> None:
    told = diff_rows(snapshot(0, row("a", UP)), snapshot(10, row("a", DOWN, since=since)))
    assert picked(told, "at") == [(expected,)]


def test_reason_alone_differs() -> None:
    told = diff_rows(reasons(0, a="heartbeat-only"), reasons(1, a="cloudlink-only"))
    assert picked(told, "kind", "before", "after") == [
        ("reason", "heartbeat-only", "cloudlink-only")
    ]


def test_label_alone_differs() -> None:
    """Docs-2022 names a late heartbeat by its cloudlink."""
    up = row("a", LATE, status="Online (VPN Only)", since=-5)
    down = row("a", LATE, status="Online (Heartbeat Only)", cloudlink=False, since=5)
    told = diff_rows(snapshot(0, up), snapshot(10, down))
    assert picked(told, "kind", "cause", "at") == [("status", "cloudlink", at(5))]


def test_moved_link_is_a_trace() -> None:
    assert kinds(row("a", since=-5), row("a", since=5)) == ["relinked"]
    assert kinds(row("a"), row("a", since=5)) == ["relinked"]  # null to a time is a move
    assert kinds(row("a", error="bad"), row("a", since=5)) == []  # here null is no value
    assert kinds(row("a", since=5), row("a")) == []


def test_restart_installation_and_what_nobody_can_tell() -> None:
    one: Row = {"release": "1.0", "release_id": 1}
    other: Row = {"release": "1.1", "release_id": 2}
    later = DONE | {"update_status_since": at(5)}
    assert kinds(row("a", **(DONE | one)), row("a", **later, **one)) == ["restarted"]
    assert kinds(row("a", **(DONE | one)), row("a", **later, **other)) == ["release"]
    assert kinds(row("a", **(DONE | one)), row("a", **later)) == ["refreshed"]
    busy = later | {"update_status": "Downloading"}
    assert kinds(row("a", **(DONE | one)), row("a", **busy, **other)) == ["update", "release"]


def test_release_is_compared_by_id_where_both_have_one() -> None:
    one = row("a", release="1.0", release_id=1)
    assert kinds(one, row("a", release="1.0", release_id=2)) == ["release"]
    assert kinds(one, row("a", release="1.0+fixed", release_id=1)) == []
    assert kinds(one, row("a", release="1.0")) == []
    assert kinds(one, row("a", release="1.1")) == ["release"]


def test_null_and_lacking_are_no_values() -> None:
    named, busy = row("a", device_name="kite"), row("a", **DONE)
    assert kinds(named, row("a")) == kinds(row("a"), named) == []
    assert kinds(named, row("a", device_name="crow")) == ["renamed"]
    assert kinds(named, row("a", device_name="crow"), missing=("device_name",)) == []
    assert kinds(busy, row("a")) == ["update"]  # null counts as an update status
    assert kinds(busy, row("a", error="bad")) == []
    assert kinds(busy, row("a"), missing=("update_status",)) == []


def test_unreadable_rows_say_nothing() -> None:
    whole, broken = reasons(0, a=UP, b=UP), reasons(1, a=None, b="unknown")
    assert diff_rows(whole, broken) == []
    assert diff_rows(reasons(0, a=None), reasons(1, a=DOWN)) == []
    assert diff_rows(reasons(0, a=None), reasons(1)) == []
    assert diff_rows(reasons(0), reasons(1, a="unknown")) == []


def test_last_of_two_rows_counts() -> None:
    twice = snapshot(1, row("a", DOWN), row("b"), row("a", UP))
    assert diff_rows(reasons(0, a=UP, b=UP), twice) == []


def test_added_and_removed_in_the_order_of_rows() -> None:
    told = diff_rows(reasons(0, c=UP, b=UP, a=UP), reasons(1, z=DOWN, b=UP))
    assert picked(told, "uuid", "kind", "before", "after") == [
        ("z", "added", None, "Disconnected"),
        ("c", "removed", "Operational", None),
        ("a", "removed", "Operational", None),
    ]
    assert diff_rows(reasons(0, c=UP), reasons(1), complete=False) == []


def test_moments_must_go_on() -> None:
    with pytest.raises(SnapshotError):
        diff_rows(reasons(1, a=UP), reasons(0, a=UP))
    with pytest.raises(SnapshotError):
        diff_rows(reasons(1, a=UP), reasons(1, a=DOWN))
    assert diff_rows(reasons(1, a=UP, b=DOWN), reasons(1, b=DOWN, a=UP)) == []


@pytest.mark.slow
def test_two_steps_tell_what_one_tells() -> None:
    for seed in range(100):
        assert [*net_effect_differences(seed, diff_rows, snapshots_of)] == []


@pytest.mark.slow
def test_plain_tracker_tells_what_diff_tells() -> None:
    n_told = 0
    for seed in range(100):
        looks = [read for read, _ in snapshots_of(plain_sequence(seed))]
        plain = NaiveTracker(**PLAIN_TRACKER)
        assert [*tracker_differences(looks, diff_rows, plain.update)] == []
        n_told += sum(plain.told.values())
    assert n_told > 1000
