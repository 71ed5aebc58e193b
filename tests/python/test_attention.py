"""What needs a person: the classes, their thresholds, and the order of the list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, device_record, table_of

MILLISECOND = timedelta(milliseconds=1)
DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
REDUCED = {"api_heartbeat_state": "offline"}
FAILED = "update-failed"
FROZEN = {"is_frozen": True}
NEVER = {
    "is_connected_to_vpn": False,
    "api_heartbeat_state": "unknown",
    "last_connectivity_event": None,
}
HEARTBEAT_SINCE = "changed_api_heartbeat_state_on__date"


def since(age: timedelta | None) -> Record:
    """Make both links take their state so long ago."""
    moment = None if age is None else NOW - age
    return {HEARTBEAT_SINCE: moment, "last_vpn_event": moment, "last_connectivity_event": NOW}


def update(status: str, age: timedelta | None) -> Record:
    event = None if age is None else NOW - age
    return {"update_status": status, "last_update_status_event": event}


def names(table: fs.StatusTable) -> list[Any]:
    listed: list[Any] = table["device_name"].to_list()
    return listed


THRESHOLDS = [
    ("downloading", timedelta(hours=2), "downloading"),
    ("downloaded", timedelta(hours=24), "downloaded"),
    ("applying changes", timedelta(minutes=30), "applying"),
]


@pytest.mark.parametrize(("status", "threshold", "option"), THRESHOLDS)
def test_an_update_is_stuck_from_its_threshold_on(
    status: str, threshold: timedelta, option: str
) -> None:
    table = table_of(
        update(status, threshold - MILLISECOND),
        update(status, threshold),
        update(status, threshold + MILLISECOND),
        update(status, None),
    )
    assert table["attention"].to_list() == [None, "update-stuck", "update-stuck", None]
    assert len(table.attention()) == 2
    later = {option: threshold + MILLISECOND}
    assert len(table.attention(**later)) == 1
    assert len(table.attention(**{option: threshold - MILLISECOND})) == 3
    assert len(table.attention(**{option: timedelta(0)})) == 3
    assert len(table.attention(**{option: timedelta.max})) == 0
    for _, _, other in THRESHOLDS:
        if other != option:
            assert len(table.attention(**{other: timedelta.max})) == 2


def test_thresholds_of_a_list_show_in_its_column() -> None:
    table = table_of(update("downloading", timedelta(hours=1)))
    found = table.attention(downloading=timedelta(minutes=1))
    assert found["attention"].to_list() == ["update-stuck"]
    assert table["attention"].to_list() == [None]
    assert len(found.where(attention="update-stuck")) == 1


@pytest.mark.parametrize("threshold", [2, None, b"2h"])
def test_a_threshold_is_a_timedelta(threshold: Any) -> None:
    with pytest.raises(TypeError, match=r"downloading is a .*, expected a timedelta or text"):
        table_of({}).attention(downloading=threshold)


@pytest.mark.parametrize("text", ["1min", "60 s", "0.5h"])
def test_a_threshold_may_be_text(text: str) -> None:
    table = table_of(update("downloading", timedelta(hours=1)))
    assert len(table.attention(downloading=text)) == 1
    assert len(table.attention(downloading="61min")) == 0
    with pytest.raises(ValueError, match="downloading: '2 hours' is not a duration; write 3d"):
        table.attention(downloading="2 hours")


def test_one_link_is_down_for_moments_by_design() -> None:
    ages = [timedelta(minutes=5) - MILLISECOND, timedelta(minutes=5), None]
    table = table_of(*(REDUCED | since(age) for age in ages))
    assert table["attention"].to_list() == [None, "reduced", "reduced"]
    assert len(table.attention(reduced="5min")) == 2
    assert len(table.attention(reduced=timedelta(0))) == 3
    assert len(table.attention(reduced=timedelta.max, disconnected=timedelta.max)) == 1  # unknown
    heartbeat_alone = table_of(*({"is_connected_to_vpn": False} | since(age) for age in ages))
    assert heartbeat_alone["attention"].to_list() == [None, "reduced", "reduced"]


def test_both_links_down_count_at_once_unless_a_threshold_is_given() -> None:
    table = table_of(DOWN | since(timedelta(0)), DOWN | since(timedelta(hours=1)))
    assert table["attention"].to_list() == ["disconnected"] * 2
    assert len(table.attention(disconnected=timedelta(milliseconds=1))) == 1
    assert len(table.attention(disconnected="1h", reduced=timedelta.max)) == 1
    assert len(table.attention(disconnected="61min")) == 0


def test_a_device_that_never_connected_has_a_day() -> None:
    day = timedelta(days=1)
    ages = [day - MILLISECOND, day, None]
    table = table_of(
        *(NEVER | {"created_at": None if age is None else NOW - age} for age in ages),
        NEVER | {"created_at": "1970-01-01T00:00:00Z"},  # never, as old dumps have it
    )
    assert table["status"].to_list() == ["Configuring"] * 4
    assert table["attention"].to_list() == [None, "never-connected", None, None]
    assert len(table.attention(never_connected="1h")) == 2
    assert len(table.attention(never_connected=timedelta.max)) == 0


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Failed to update", "update-failed"),
        ("OS update FAILED", "update-failed"),
        ("Update successful, rebooting", None),
        (None, None),
    ],
)
def test_an_os_update_that_failed_needs_a_person(state: str | None, expected: str | None) -> None:
    table = table_of({"provisioning_progress": 100, "provisioning_state": state})
    assert table["reason"].to_list() == ["os-configuration"]
    assert table["attention"].to_list() == [expected]


WORST_FIRST: list[Record] = [
    {"device_name": "unreadable", "uuid": 5},
    {"device_name": "disconnected", **DOWN},
    {"device_name": "failed", "update_status": "rejected"},
    {"device_name": "reduced", **REDUCED},
    {"device_name": "stuck", **update("downloaded", timedelta(days=2))},
    {"device_name": "never", **NEVER, "created_at": NOW - timedelta(days=2)},
    {"device_name": "frozen", **FROZEN},
]


@pytest.mark.parametrize("turn", range(len(WORST_FIRST)))
def test_classes_come_worst_first(turn: int) -> None:
    fine = {"device_name": "fine"}
    turned = [*WORST_FIRST[turn:], fine, *reversed(WORST_FIRST[:turn])]
    found = table_of(*turned, on_error="keep").attention()
    assert names(found) == [one["device_name"] for one in WORST_FIRST]
    assert found["attention"].to_list() == list(fs.Attention)


AGES = [timedelta(days=3), timedelta(days=2), timedelta(days=2) - MILLISECOND, None]


@pytest.mark.parametrize(
    ("changes", "newest_first"),
    [
        ([DOWN | since(age) for age in AGES], True),
        ([REDUCED | since(age) for age in AGES], True),
        ([update("rejected", age) for age in AGES], False),
        ([update("aborted", age) for age in AGES], False),
        ([update("downloaded", age) for age in AGES[:3]], False),
        ([NEVER | {"created_at": NOW - age} for age in AGES[:3] if age], False),
    ],
    ids=["disconnected", "reduced", "rejected", "aborted", "downloaded", "never connected"],
)
@pytest.mark.parametrize("turn", range(3))
def test_links_come_newest_first_and_updates_longest_first(
    changes: list[Record], newest_first: bool, turn: int
) -> None:
    known = [2, 1, 0] if newest_first else [0, 1, 2]
    ids = [*known, *range(3, len(changes))]  # null last
    numbered = [device_record(id=number, **one) for number, one in enumerate(changes)]
    turned = numbered[turn:] + numbered[:turn]
    assert fs.classify(turned, now=NOW).attention()["id"].to_list() == ids


def test_equals_come_by_name_then_as_in_the_source() -> None:
    given = ["b", None, "a", "", "B", "b", None, "ä"]
    table = table_of(*({"device_name": name, "id": n, **DOWN} for n, name in enumerate(given)))
    found = table.attention()
    assert names(found) == ["", "B", "a", "b", "b", "ä", None, None]
    assert found["id"].to_list() == [3, 4, 2, 0, 5, 7, 1, 6]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (DOWN | {"update_status": "rejected"}, "disconnected"),
        (REDUCED | {"update_status": "rejected"}, "update-failed"),
        (REDUCED | update("downloaded", timedelta(days=2)), "reduced"),
        (FROZEN | DOWN, "frozen"),
        (NEVER | {"created_at": "2026-01-01T00:00:00Z", "update_status": "rejected"}, FAILED),
        (FROZEN | {"update_status": "rejected"}, "frozen"),
        ({"is_active": False, "update_status": "rejected", **DOWN}, None),
        ({"provisioning_state": "Post-Provisioning", "update_status": "rejected"}, None),
        ({"api_heartbeat_state": "timeout"}, None),
        ({"is_connected_to_vpn": False}, "reduced"),
        (update("done", timedelta(days=99)), None),
        ({"update_status": "rejected", "uuid": 5}, "unreadable"),
    ],
    ids=repr,
)
def test_the_first_class_that_matches_counts(changes: Record, expected: str | None) -> None:
    table = table_of(changes, on_error="keep")
    assert table["attention"].to_list() == [expected]


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_the_list_is_the_same_under_every_scheme(scheme: fs.StatusScheme) -> None:
    options: dict[str, Any] = {"on_error": "keep", "allow_missing": "all", "scheme": scheme}
    found = table_of(*WORST_FIRST, **options).attention()
    assert names(found) == [one["device_name"] for one in WORST_FIRST]


def test_nothing_may_need_a_person() -> None:
    assert len(table_of({}, {}).attention()) == 0
    assert fs.classify([]).attention().to_dicts() == []
