"""Explanations: the rule that matched, those that did not, what works, and what to do first."""

from __future__ import annotations

import copy
import pickle
from collections import UserDict
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, table_of, without
from fleetstatus import Capability, Reason

DOWN = {"is_connected_to_vpn": False}
OFF = [{"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "false"}]
DOWNLOAD = {"status": "Downloading", "download_progress": 40}
EVERYTHING = Capability(2**13 - 1)
THROUGH_TUNNEL = (
    Capability.SSH | Capability.WEB_TERMINAL | Capability.PUBLIC_URL | Capability.DIAGNOSTICS
)
BY_SUPERVISOR = Capability.NEW_RELEASE | Capability.CONFIGURATION_CHANGE | Capability.LOCAL_MODE
BY_BOTH = EVERYTHING & ~THROUGH_TUNNEL & ~BY_SUPERVISOR
LATE = {"api_heartbeat_state": "timeout"}
NEVER = {"api_heartbeat_state": "unknown", "last_connectivity_event": None}


class Case(NamedTuple):
    """A record, and what is said of it."""

    reason: Reason
    changes: Record
    because: Record
    first_step: str | None
    available: Capability = Capability(0)
    uncertain: Capability = Capability(0)
    scheme: str = "docs-2024-11"


VPN, HEARTBEAT = "is_connected_to_vpn", "api_heartbeat_state"
NOT_WATCHED = "see in the dashboard when the download began"
CASES = [
    Case(Reason.FROZEN, {"is_frozen": True}, {"is_frozen": True}, "allowance"),
    Case(Reason.INACTIVE, {"is_active": False}, {"is_active": False}, "Power it on"),
    Case(
        Reason.POST_PROVISIONING,
        {"provisioning_state": "Post-Provisioning"},
        {"provisioning_state": "Post-Provisioning"},
        "internal storage",
    ),
    Case(
        Reason.NEVER_CONNECTED,
        DOWN | NEVER,
        {VPN: False, "last_connectivity_event": None, HEARTBEAT: "unknown"},
        "flashed",
    ),
    Case(
        Reason.NO_LINK,
        DOWN | {HEARTBEAT: "offline"},
        {VPN: False, HEARTBEAT: "offline"},
        "Check power and network",
    ),
    Case(
        Reason.DOWNLOADING_RELEASE,
        DOWNLOAD,
        {**DOWNLOAD, HEARTBEAT: "online"},
        NOT_WATCHED,
        EVERYTHING,
    ),
    Case(
        Reason.OS_CONFIGURATION,
        {"provisioning_progress": 5},
        {"provisioning_progress": 5},
        "OS updates are no part of the update status",
        EVERYTHING,
    ),
    Case(
        Reason.DOWNLOADING_SERVICE,
        {"image_install": [DOWNLOAD]},
        {"image_install": "a service is downloading", HEARTBEAT: "online"},
        NOT_WATCHED,
        EVERYTHING,
    ),
    Case(
        Reason.HEARTBEAT_LATE, LATE, {HEARTBEAT: "timeout"}, "health check", THROUGH_TUNNEL, BY_BOTH
    ),
    Case(Reason.HEARTBEAT_LATE, LATE | DOWN, {HEARTBEAT: "timeout"}, "Wait: within seconds"),
    Case(
        Reason.CLOUDLINK_ONLY,
        {HEARTBEAT: "offline"},
        {VPN: True, HEARTBEAT: "offline"},
        "health check",
        THROUGH_TUNNEL,
        BY_BOTH,
    ),
    Case(
        Reason.HEARTBEAT_ONLY,
        DOWN | {"belongs_to__application": 5},
        {
            VPN: False,
            "belongs_to__application": 5,
            HEARTBEAT: "online",
        },
        "firewall",
        BY_SUPERVISOR,
    ),
    Case(
        Reason.CLOUDLINK_DISABLED,
        DOWN | {"device_config_variable": OFF},
        {
            VPN: False,
            "device_config_variable": "configuration turns cloudlink off",
            HEARTBEAT: "online",
        },
        None,
        BY_SUPERVISOR,
    ),
    Case(Reason.BOTH_LINKS, {}, {VPN: True, HEARTBEAT: "online"}, None, EVERYTHING),
    *(
        Case(
            Reason(name),
            {"status": name.title(), "is_online": False},
            {"status": name.title()} | ({"is_online": False} if name == "shipped" else {}),
            None,
            EVERYTHING,
            scheme="library-2020",
        )
        for name in ("ordered", "preparing", "shipped")
    ),
    Case(
        Reason.ONLINE,
        {"is_online": True},
        {"is_online": True},
        None,
        EVERYTHING,
        scheme="library-2020",
    ),
    Case(Reason.UNKNOWN, {HEARTBEAT: None}, {VPN: True, HEARTBEAT: None}, None),
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.reason.value)


def record_of(case: Case) -> Record:
    return device_record(is_web_accessible=True) | case.changes


def explained(case: Case) -> fs.Explanation:
    return fs.explain(record_of(case), scheme=fs.StatusScheme(case.scheme), now=NOW)


def test_every_reason_has_a_case() -> None:
    assert {case.reason for case in CASES} == set(Reason)


@each_case
def test_the_rule_and_the_fields_that_decided_are_told(case: Case) -> None:
    explanation = explained(case)
    assert explanation.reason is case.reason
    assert explanation.scheme == case.scheme
    assert dict(explanation.because) == case.because
    assert explanation.source


@each_case
def test_the_first_step_is_told(case: Case) -> None:
    first_step = explained(case).first_step
    assert case.first_step in first_step if case.first_step and first_step else not first_step


@each_case
def test_every_capability_works_or_is_uncertain_or_does_not_work(case: Case) -> None:
    explanation = explained(case)
    if case.reason is Reason.UNKNOWN:
        assert not explanation.available | explanation.uncertain | explanation.unavailable
        return
    assert (explanation.available, explanation.uncertain) == (case.available, case.uncertain)
    assert explanation.unavailable == EVERYTHING & ~case.available & ~case.uncertain


@each_case
def test_every_earlier_rule_is_ruled_out(case: Case) -> None:
    ruled_out = explained(case).ruled_out
    earlier = [reason for reason, _ in ruled_out]
    if case.scheme == "library-2020":
        order = [Reason.ORDERED, Reason.PREPARING, Reason.SHIPPED, *list(Reason)[1:8]]
        order.append(Reason.ONLINE)
    else:
        order = list(Reason)
    upto = order.index(case.reason) if case.reason is not Reason.UNKNOWN else 3
    assert earlier == order[:upto]
    assert all(why and why != "not known" for _, why in ruled_out)


@each_case
def test_a_row_is_explained_like_its_record(case: Case) -> None:
    record = record_of(case)
    options: Any = {"scheme": case.scheme, "now": NOW, "allow_missing": "all"}
    by_record = explained(case)
    for source in ([record], as_json([record])):
        by_row = fs.classify(source, **options).explain(0)
        for name in by_row.__dataclass_fields__:
            if name not in {"because", "old_snapshot"}:
                assert getattr(by_row, name) == getattr(by_record, name), name
        # A row no longer knows which of the fields that can decide its record had.
        assert dict(by_record.because).keys() <= dict(by_row.because).keys()


@each_case
def test_the_text_is_short_and_plain(case: Case) -> None:
    explanation = explained(case)
    lines = str(explanation).splitlines()
    status = explanation.status or "unknown"
    assert lines[0].startswith("quiet-river: ")
    assert f" {status}" in lines[0]
    assert any(case.reason.message in line for line in lines[1:4])
    assert all(line.isprintable() for line in lines)
    shown = [line for line in lines if not line.startswith("  not in the data")]
    for field in case.because:
        assert any(field in line for line in shown)
    if explanation.first_step:
        assert explanation.first_step in str(explanation)


# Why the others did not match


@pytest.mark.parametrize(
    ("changes", "reason", "why"),
    [
        ({HEARTBEAT: "offline", **DOWNLOAD}, Reason.DOWNLOADING_RELEASE, "heartbeat is offline"),
        ({}, Reason.DOWNLOADING_RELEASE, "no release is downloading"),
        ({}, Reason.NO_LINK, "cloudlink is up; the heartbeat is online"),
        ({"is_frozen": 0}, Reason.FROZEN, "the device is not frozen"),
        (DOWN | NEVER | {"last_connectivity_event": NOW}, Reason.NEVER_CONNECTED, "was up before"),
    ],
)
def test_what_stood_against_a_rule_is_told(changes: Record, reason: Reason, why: str) -> None:
    assert why in dict(fs.explain(device_record(**changes), now=NOW).ruled_out)[reason]


def test_a_matching_condition_stands_against_nothing() -> None:
    ruled_out = dict(fs.explain(device_record(**DOWN), now=NOW).ruled_out)
    assert "cloudlink is down" not in ruled_out[Reason.NO_LINK]


# Records with gaps and faults


@pytest.mark.parametrize("scheme", fs.StatusScheme)
@pytest.mark.parametrize(
    "record", [{"device_name": "bare"}, {"is_online": True}, {"is_frozen": True}], ids=repr
)
def test_missing_fields_are_no_error(scheme: fs.StatusScheme, record: Record) -> None:
    explanation = fs.explain(record, scheme=scheme, now=NOW)
    assert {"api_heartbeat_state", "status"} <= set(explanation.fields_missing)
    assert "api_heartbeat_state: " in str(explanation)


def test_an_unreadable_field_is_told() -> None:
    explanation = fs.explain(device_record(**{HEARTBEAT: "\x1b[2J"}), now=NOW)
    assert (explanation.status, explanation.reason, explanation.because) == (None, None, ())
    assert explanation.attention is fs.Attention.UNREADABLE
    assert "api_heartbeat_state is" in str(explanation)
    assert "status unknown" in str(explanation)


def test_what_a_fault_leaves_open_ends_the_list_of_rules() -> None:
    explanation = fs.explain(device_record(**DOWN, is_frozen="?"), now=NOW)
    assert explanation.reason is None
    assert explanation.ruled_out == ()


@pytest.mark.parametrize("record", [[], [device_record()], "{}", b"{}", None, 5], ids=repr)
def test_one_record_is_explained(record: Any) -> None:
    with pytest.raises(TypeError, match="a device record is a mapping"):
        fs.explain(record)


@pytest.mark.parametrize("form", [dict, UserDict, MappingProxyType])
def test_any_mapping_is_a_record(form: Any) -> None:
    assert fs.explain(form(device_record()), now=NOW).status == "Operational"


def test_the_field_that_stood_in_for_another_is_named() -> None:
    record = without(VPN) | {"is_online": False}
    assert dict(fs.explain(record, now=NOW).because)["is_online"] is False
    record = without("image_install") | {"current_services": {"main": [DOWNLOAD]}}
    assert "current_services" in dict(fs.explain(record, now=NOW).because)


def test_the_first_field_that_gives_a_value_is_named() -> None:
    record = device_record(**DOWN | NEVER)
    old = record | {"last_seen_time": "2026-10-20T08:00:00Z", "api_heartbeat_state": "offline"}
    assert dict(fs.explain(old, now=NOW).because)[VPN] is False
    both = record | {VPN: None, "is_online": False}
    assert dict(fs.explain(both, now=NOW).because)["is_online"] is False
    neither = record | {
        "current_services": None,
        "current_services_by_app": {"1": {"a": [DOWNLOAD]}},
    }
    neither |= {"image_install": None, HEARTBEAT: "online", VPN: True}
    assert "current_services_by_app" in dict(fs.explain(neither, now=NOW).because)
    neither["current_services"] = {"main": [DOWNLOAD]}
    assert "current_services" in dict(fs.explain(neither, now=NOW).because)


def test_of_two_spellings_the_last_is_named() -> None:
    record = device_record() | {"is connected to vpn": False}
    assert dict(fs.explain(record, now=NOW).because)[VPN] is False


def test_the_name_of_a_fleet_decides_nothing() -> None:
    record = device_record(**DOWN, fleet="acme/pumps")
    assert "fleet" not in dict(fs.explain(record, now=NOW).because)


def test_an_older_name_is_named_where_the_newer_one_gives_no_value() -> None:
    record = device_record(**DOWN | NEVER) | {"last_seen_time": None}
    assert "last_connectivity_event" in dict(fs.explain(record, now=NOW).because)
    del record["last_connectivity_event"]
    assert "last_seen_time" in dict(fs.explain(record, now=NOW).because)


def test_values_are_found_under_either_spelling() -> None:
    record = {name.replace("_", " "): value for name, value in device_record(**DOWN).items()}
    because = dict(fs.explain(record, now=NOW).because)
    assert (because[VPN], because[HEARTBEAT]) == (False, "online")


# Times


def test_the_time_by_which_silence_shows_is_told() -> None:
    # 1.5 x 20 minutes, and 15 seconds of grace.
    interval = [{"name": "RESIN_SUPERVISOR_POLL_INTERVAL", "value": "1200000"}]
    explanation = fs.explain(device_record(device_config_variable=interval), now=NOW)
    assert explanation.disconnected_by == NOW + timedelta(minutes=30, seconds=15)
    assert "2026-11-01 12:30:15Z" in str(explanation)


@pytest.mark.parametrize(
    "changes",
    [
        *({HEARTBEAT: state} for state in ("timeout", "offline", "unknown", None, 5)),
        *({"is_frozen": True}, {"is_active": False}, {"provisioning_state": "Post-Provisioning"}),
    ],
    ids=repr,
)
def test_only_a_device_that_could_fall_silent_has_such_a_time(changes: Record) -> None:
    assert fs.explain(device_record(**changes), now=NOW).disconnected_by is None


def test_such_a_time_may_lie_beyond_all_calendars() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert fs.explain(device_record(), now=last).disconnected_by is None


def test_since_when_and_the_update_are_told() -> None:
    changes = {
        "last_vpn_event": "2026-10-29T12:00:00Z",
        "update_status": "downloaded",
        "last_update_status_event": "2026-11-01T11:42:01Z",
    }
    explanation = fs.explain(device_record(**changes), now=NOW)
    assert explanation.status_since == datetime(2026, 10, 29, 12, tzinfo=UTC)
    assert explanation.status_duration == timedelta(days=3)
    assert explanation.update_status is fs.UpdateStatus.DOWNLOADED
    assert explanation.update_status_duration == timedelta(minutes=17, seconds=59)
    text = str(explanation)
    assert "2026-10-29 12:00:00Z (3 days)" in text
    assert "Downloaded for 17 minutes" in text


def test_now_is_the_clock_unless_given() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    record = device_record()
    assert before < fs.explain(record).now < datetime.now(UTC) + timedelta(seconds=1)
    assert fs.explain(record, now="2026-11-01T12:00:00Z").now == NOW


# In a table


def test_a_row_of_a_selection_is_explained_by_its_own_facts() -> None:
    table = table_of({}, DOWN, {"is_active": False}, {"device_name": "river", **DOWN})
    for part in (table[::-1], table.attention(), table.where(reason="heartbeat-only")):
        for row, device in enumerate(part):
            assert part.explain(row).reason is device.reason
            assert part.explain(row - len(part)) == part.explain(row)
    assert table.attention().explain("river").reason is Reason.HEARTBEAT_ONLY


def test_a_disagreement_is_explained_in_the_words_of_the_api() -> None:
    found = table_of({"overall_status": "disconnected"}).disagreements()
    assert found.explain(0).status == "operational"
    assert found.explain(0).scheme is fs.StatusScheme.API_V7


def test_an_explanation_does_not_change_and_can_be_kept() -> None:
    explanation = fs.explain(device_record(), now=NOW)
    assert pickle.loads(pickle.dumps(explanation)) == copy.deepcopy(explanation) == explanation
    with pytest.raises(AttributeError):
        explanation.status = "Frozen"  # type: ignore[misc]
