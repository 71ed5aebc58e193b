"""Advice: the attention class first, its step, hints only of what lasts, and causes."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, table_of
from fleetstatus import Attention, Reason, UpdateStatus

DOWN = {"is_connected_to_vpn": False}
OFFLINE = {"api_heartbeat_state": "offline"}
LATE = {"api_heartbeat_state": "timeout"}
NEVER = {"api_heartbeat_state": "unknown", "last_connectivity_event": None}
DOWNLOAD = {"status": "Downloading", "download_progress": 40}
OS_FAILED = {"provisioning_state": "OS update FAILED", "provisioning_progress": 100}
OLD_SUPERVISOR = {"supervisor_version": "16.6.9"}
LOG, HEALTH, FIREWALL = "mnt/data/balenahup", "health check", "firewall"


def ago(**lasted: float) -> str:
    return (NOW - timedelta(**lasted)).isoformat()


def updating(status: str | None, **lasted: float) -> Record:
    return {"update_status": status, "last_update_status_event": ago(**lasted)}


def explained(*changes: Record, **options: Any) -> fs.Explanation:
    record = device_record()
    for each in changes:
        record |= each
    return fs.explain(record, **{"now": NOW, **options})


# What needs attention comes first

CLASSES: dict[Attention, tuple[Record, Reason | None]] = {
    Attention.UNREADABLE: ({"is_active": "?"}, None),
    Attention.DISCONNECTED: (DOWN | OFFLINE, Reason.NO_LINK),
    Attention.UPDATE_FAILED: (updating("rejected", days=27), Reason.BOTH_LINKS),
    Attention.REDUCED: (OFFLINE, Reason.CLOUDLINK_ONLY),
    Attention.UPDATE_STUCK: (updating("downloaded", days=27), Reason.BOTH_LINKS),
    Attention.NEVER_CONNECTED: (
        DOWN | NEVER | {"created_at": ago(days=2)},
        Reason.NEVER_CONNECTED,
    ),
    Attention.FROZEN: ({"is_frozen": True}, Reason.FROZEN),
}
each_class = pytest.mark.parametrize("attention", Attention)


def test_every_class_has_a_case() -> None:
    assert set(CLASSES) == set(Attention)


@each_class
def test_the_class_comes_before_the_status(attention: Attention) -> None:
    changes, reason = CLASSES[attention]
    explanation = explained(changes)
    assert (explanation.attention, explanation.reason) == (attention, reason)
    assert explanation.message == attention.message
    assert explanation.first_step
    first, second, third, *_ = str(explanation).splitlines()
    assert f"needs attention ({attention}), status" in first
    assert attention.message in second
    assert explanation.first_step in third


def test_one_message_is_said_once() -> None:
    frozen = explained({"is_frozen": True})
    assert Attention.FROZEN.message == Reason.FROZEN.message
    assert str(frozen).count(frozen.message) == 1


@pytest.mark.parametrize(("status", "changes"), [("downloaded", {}), ("done", OS_FAILED)])
def test_an_update_that_needs_attention_comes_before_the_status(
    status: str, changes: Record
) -> None:
    lines = str(explained(updating(status, days=27), changes)).splitlines()
    line = next(line for line in lines if line.startswith("  update  "))
    assert f"{status.title()} for 27 days" in line
    assert lines.index(line) < next(i for i, line in enumerate(lines) if "why this" in line)
    links = str(explained(updating(status, days=27), OFFLINE, DOWN)).splitlines()
    assert links.index(line) > next(i for i, line in enumerate(links) if "status since" in line)


@each_class
def test_a_table_says_the_same_of_its_row(attention: Attention) -> None:
    changes, _ = CLASSES[attention]
    by_row = fs.classify(
        as_json([device_record(**changes)]), now=NOW, allow_missing="all", on_error="keep"
    ).explain(0)
    by_record = explained(changes)
    for name in ("attention", "message", "first_step", "causes", "update_hint"):
        assert getattr(by_row, name) == getattr(by_record, name), name


def test_a_device_that_needs_nobody_has_the_message_of_its_reason() -> None:
    explanation = explained()
    assert explanation.attention is None
    assert explanation.message == Reason.BOTH_LINKS.message
    assert explanation.first_step is None
    assert str(explanation).splitlines()[0] == "quiet-river: Operational"


@pytest.mark.parametrize("scheme", fs.StatusScheme)
@each_class
def test_the_advice_is_the_same_under_every_scheme(
    attention: Attention, scheme: fs.StatusScheme
) -> None:
    changes, _ = CLASSES[attention]
    mine, docs = explained(changes, scheme=scheme), explained(changes)
    assert (mine.attention, mine.message, mine.first_step) == (
        attention,
        docs.message,
        docs.first_step,
    )


def test_all_combinations_of_status_and_update_are_explained() -> None:
    links: list[Record] = [{}, DOWN, OFFLINE, DOWN | OFFLINE, LATE, DOWN | LATE, DOWN | NEVER]
    states: list[Record] = [
        {},
        {"is_frozen": True},
        {"is_active": False},
        {"provisioning_state": "Post-Provisioning"},
        DOWNLOAD,
        OS_FAILED,
        {"image_install": [DOWNLOAD]},
    ]
    updates = [updating(status, days=27) for status in (None, *map(str, UpdateStatus))]
    updates = [update | {"update_status": _lower(update)} for update in updates]
    supervisors: list[Record] = [{}, OLD_SUPERVISOR, {"supervisor_version": "17.0.1"}]
    for record in product(links, states, updates, supervisors):
        explanation = explained(*record)
        assert explanation.attention is None or explanation.first_step
        assert explanation.message.endswith(".")
        assert (explanation.first_step or ".").endswith(".")
        assert explanation.to_dict()["attention"] == explanation.attention


def _lower(update: Record) -> str | None:
    status = update["update_status"]
    return None if status is None else status.lower()


# First steps that take more than one fact


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        (OFFLINE, HEALTH),
        (DOWN, FIREWALL),
        (LATE, HEALTH),
        (DOWN | LATE, "Wait: within seconds"),
        (DOWN | OFFLINE, Reason.NO_LINK.first_step),
        (OS_FAILED, LOG),
        (OS_FAILED | updating("done", days=27), LOG),
        (OS_FAILED | DOWN | OFFLINE, "Check power and network"),
        (OS_FAILED | {"is_active": False}, "Power it on"),
        (DOWNLOAD | OLD_SUPERVISOR, "see in the dashboard when the download began"),
        ({"image_install": [DOWNLOAD]} | OLD_SUPERVISOR, "see in the dashboard"),
        (DOWNLOAD, "see in the dashboard when the download began"),
        (DOWNLOAD | {"supervisor_version": "17.7.0"}, Reason.DOWNLOADING_RELEASE.first_step),
        (DOWNLOAD | updating("downloading", minutes=5), Reason.DOWNLOADING_RELEASE.first_step),
    ],
    ids=repr,
)
def test_a_first_step_can_be_followed(changes: Record, step: str) -> None:
    assert step in str(explained(changes).first_step)


def test_a_rejected_update_has_the_step_of_its_class_beside_a_failed_os_update() -> None:
    both = explained(OS_FAILED, updating("rejected", days=1))
    assert both.first_step == Attention.UPDATE_FAILED.first_step
    assert both.update_hint == UpdateStatus.REJECTED.hint


def test_a_hung_os_update_is_not_watched_by_the_update_status() -> None:
    hung = explained(OS_FAILED, {"provisioning_state": "Running OS update"})
    assert hung.attention is None
    assert hung.first_step == Reason.OS_CONFIGURATION.first_step
    assert LOG not in str(hung)


def test_an_old_supervisor_is_told_from_an_unknown_one() -> None:
    old, unknown = explained(DOWNLOAD, OLD_SUPERVISOR), explained(DOWNLOAD)
    assert "before 16.7.0" in str(old.first_step)
    assert "before 16.7.0" not in str(unknown.first_step)


# Hints


@pytest.mark.parametrize(
    ("status", "threshold"),
    [
        ("downloading", timedelta(hours=2)),
        ("downloaded", timedelta(hours=24)),
        ("applying changes", timedelta(minutes=30)),
    ],
)
def test_a_hint_is_given_once_the_update_has_lasted(status: str, threshold: timedelta) -> None:
    second = timedelta(seconds=1)
    hint = UpdateStatus(status.title()).hint
    for links in ({}, OFFLINE, DOWN | OFFLINE):
        for lasted, told in ((threshold - second, None), (threshold, hint)):
            update = {
                "update_status": status,
                "last_update_status_event": (NOW - lasted).isoformat(),
            }
            assert explained(links, update).update_hint == told


@pytest.mark.parametrize("status", ["rejected", "aborted"])
def test_a_failed_update_has_its_hint_at_once(status: str) -> None:
    assert explained(updating(status, seconds=1)).update_hint == UpdateStatus(status.title()).hint


def test_an_update_without_a_time_has_no_hint() -> None:
    assert explained({"update_status": "downloaded"}).update_hint is None
    assert explained(updating("done", days=27)).update_hint is None


def test_thresholds_of_a_selection_hold_for_its_hints() -> None:
    table = table_of(updating("downloaded", minutes=17))
    assert table.explain(0).update_hint is None
    stuck = table.attention(downloaded=timedelta(minutes=15))
    assert stuck.explain(0).update_hint == UpdateStatus.DOWNLOADED.hint


# Causes

FLICKER = "16.7.0 to 17.6"
POLL = "BALENA_SUPERVISOR_POLL_INTERVAL"
STALE = "may be stale"


def polling(minutes: int, prefix: str = "BALENA") -> Record:
    name = f"{prefix}_SUPERVISOR_POLL_INTERVAL"
    return {"device_config_variable": [{"name": name, "value": str(minutes * 60_000)}]}


def test_a_device_on_which_all_is_well_has_no_causes() -> None:
    assert explained().causes == ()


@pytest.mark.parametrize(
    ("version", "flickers"),
    [
        ("16.6.9", False),
        ("16.7.0", True),
        ("17.0.1", True),
        ("17.6.5", True),
        ("17.7.0", False),
        (None, False),
    ],
)
def test_supervisors_that_flicker_are_named_where_an_update_lasts(
    version: str | None, flickers: bool
) -> None:
    supervisor = {"supervisor_version": version}
    lasting = explained(supervisor, updating("downloading", hours=2))
    assert (FLICKER in str(lasting.update_hint)) is flickers
    assert any(FLICKER in cause for cause in lasting.causes) is flickers
    assert str(lasting).count(FLICKER) == flickers
    short = explained(supervisor, updating("downloading", hours=1))
    assert FLICKER not in str(short)


@pytest.mark.parametrize(
    ("changes", "seldom"),
    [(polling(22), False), (polling(23), True), (polling(23, prefix="RESIN"), False), ({}, False)],
    ids=repr,
)
def test_polls_that_come_after_the_window_are_named(changes: Record, seldom: bool) -> None:
    # 1.5 x 15 minutes are 22.5.
    for links in ({}, DOWN | OFFLINE):
        causes = explained(links, changes).causes
        assert any(POLL in cause and "RESIN_" in cause for cause in causes) is seldom


def test_the_window_of_the_server_counts() -> None:
    ten = timedelta(minutes=10)
    assert any(POLL in one for one in explained(polling(16), default_poll_interval=ten).causes)
    assert explained(polling(16)).causes == ()


LOST = "changed_api_heartbeat_state_on__date"


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        (OFFLINE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=24)}, True),
        (LATE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=24)}, True),
        (OFFLINE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=23.9)}, False),
        (OFFLINE | {"last_vpn_event": ago(hours=24), LOST: ago(hours=25)}, False),
        (OFFLINE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=25)}, False),
        (NEVER | {"last_vpn_event": ago(hours=25), LOST: ago(hours=24)}, False),
        ({"last_vpn_event": ago(hours=25), LOST: ago(hours=24)}, False),
        (DOWN | OFFLINE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=24)}, False),
        (OFFLINE | {"last_vpn_event": ago(hours=25), LOST: None}, False),
        (
            OFFLINE | {"last_vpn_event": ago(hours=25), LOST: ago(hours=24), "is_active": False},
            False,
        ),
    ],
    ids=repr,
)
def test_a_cloudlink_older_than_the_silence_may_be_stale(changes: Record, stale: bool) -> None:
    assert any(STALE in cause for cause in explained(changes).causes) is stale


def test_a_server_without_heartbeats_is_a_cause_of_each_device() -> None:
    silent = {"api_heartbeat_state": "unknown"}
    table = table_of(silent, silent | {"uuid": "b" * 32})
    assert all("keep no heartbeats" in str(table.explain(row)) for row in range(2))
    assert "keep no heartbeats" not in str(explained({"api_heartbeat_state": None}))
    mixed = table_of(silent, {})
    assert "keep no heartbeats" not in str(mixed.explain(0))
