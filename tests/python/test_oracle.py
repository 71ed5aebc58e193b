"""The oracle against the shared cases, so that what tests the engine is itself tested."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from shared_cases import CASES, cases_with, options_of, pick, read_case
from strategies import (
    NOW,
    bad_records,
    decision_space,
    device_records,
    junk_fields,
    shuffled,
)


@pytest.mark.parametrize("case", cases_with("expect"))
def test_schemes_answer_what_the_case_expects(case: dict[str, Any]) -> None:
    for scheme, expected in case["expect"].items():
        row = oracle.answers(case["record"], scheme=scheme, **options_of(case))
        assert {"scheme": scheme, **pick(row, expected)} == {"scheme": scheme, **expected}


@pytest.mark.slow
@pytest.mark.parametrize("case", cases_with("columns"))
def test_columns_hold_what_the_case_expects(case: dict[str, Any]) -> None:
    row = oracle.answers(case["record"], scheme="docs-2024-11", **options_of(case))
    assert pick(row, case["columns"]) == case["columns"]


@pytest.mark.parametrize("case", cases_with("error"))
def test_bad_record_is_named(case: dict[str, Any]) -> None:
    with pytest.raises(oracle.BadRecord) as raised:
        oracle.answers(case["record"], scheme="docs-2024-11", **options_of(case))
    assert {"field": raised.value.field, "pointer": raised.value.pointer} == case["error"]


@pytest.mark.parametrize("case", cases_with("kept"))
def test_kept_record_answers_what_it_can(case: dict[str, Any]) -> None:
    row = oracle.kept_answers(case["record"], scheme="docs-2024-11", **options_of(case))
    assert pick(row, case["kept"]) == case["kept"]
    assert row["attention"] == "unreadable"
    assert row["error"] == (case["error"]["field"], case["error"]["pointer"])


def test_every_case_says_something() -> None:
    assert CASES
    for path in CASES:
        assert read_case(path).keys() & {"expect", "columns", "error"}, path


@cache
def modern_decisions() -> list[dict[str, Any]]:
    return list(decision_space("docs-2024-11"))


def decisions(scheme: str) -> list[dict[str, Any]]:
    """Build the decision space; the modern schemes share theirs."""
    is_library = scheme == "library-2020"
    return list(decision_space(scheme)) if is_library else modern_decisions()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", oracle.SCHEMES)
def test_one_rule_matches_in_the_whole_decision_space(scheme: str) -> None:
    reasons = set()
    for record in decisions(scheme):
        row = oracle.answers(record, scheme=scheme, now=NOW, allow_missing="all")
        reasons.add(row["reason"])
        assert (row["status"] is None) == (row["reason"] == "unknown")
    assert reasons == {reason for reason, _ in oracle.RULES[scheme]}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["docs-2024-11", "library-2020"])
def test_decision_space_is_read_without_an_error_where_links_are_known(scheme: str) -> None:
    bad = sum(
        oracle.kept_answers(record, scheme=scheme, now=NOW)["error"] is not None
        for record in decisions(scheme)
    )
    # 2^8 records for each of heartbeat (4 + missing) x cloudlink (2 + missing) with one missing.
    assert bad == (0 if scheme == "library-2020" else 2**8 * (5 * 3 - 4 * 2))


@pytest.mark.slow
@given(device_records(), st.sampled_from(oracle.SCHEMES))
def test_well_formed_records_have_every_column(record: dict[str, object], scheme: str) -> None:
    row = oracle.answers(record, scheme=scheme, now=NOW)
    assert tuple(row) == oracle.COLUMNS
    assert row["error"] is None
    assert row["status"] is not None


@pytest.mark.slow
@given(device_records(), junk_fields(), st.randoms(use_true_random=False))
def test_junk_and_key_order_change_nothing(
    record: dict[str, object], junk: dict[str, object], random: Any
) -> None:
    row = oracle.answers(record, scheme="docs-2024-11", now=NOW)
    mixed = shuffled(junk | record, random)
    assert oracle.answers(mixed, scheme="docs-2024-11", now=NOW) == row


@pytest.mark.slow
@given(device_records())
def test_scheme_decides_the_status_alone(record: dict[str, object]) -> None:
    own = {"status", "detail", "reason", "status_since", "status_duration_s"}
    rows = [oracle.answers(record, scheme=scheme, now=NOW) for scheme in oracle.SCHEMES]
    shared = [{k: v for k, v in row.items() if k not in own} for row in rows]
    assert all(row == shared[0] for row in shared)


@pytest.mark.slow
@given(bad_records(), st.sampled_from(oracle.SCHEMES))
@settings(deadline=None)
def test_bad_records_are_raised_and_kept_alike(record: dict[str, object], scheme: str) -> None:
    with pytest.raises(oracle.BadRecord) as raised:
        oracle.answers(record, scheme=scheme, now=NOW)
    row = oracle.kept_answers(record, scheme=scheme, now=NOW)
    assert row["error"] == (raised.value.field, raised.value.pointer)
    assert row["attention"] == "unreadable"


@pytest.mark.slow
@given(device_records())
def test_keeping_a_good_record_changes_nothing(record: dict[str, object]) -> None:
    options: dict[str, Any] = {"scheme": "docs-2022", "now": NOW}
    assert oracle.kept_answers(record, **options) == oracle.answers(record, **options)


def test_missing_fields_are_those_that_stand_in_no_record() -> None:
    records = [{"is online": True, "status": None}, {"image_install": [], "is_frozen": True}, 17]
    assert oracle.missing_fields(records, "docs-2024-11") == [
        "api_heartbeat_state",
        "last_connectivity_event",
        "provisioning_state",
        "provisioning_progress",
        "download_progress",
    ]
    assert oracle.missing_fields(records, "library-2020") == [
        "is_active",
        "last_connectivity_event",
        "provisioning_state",
        "provisioning_progress",
        "download_progress",
        "current_services",
    ]


def test_old_names_and_services_by_fleet_are_not_missed() -> None:
    record = {"is_online": True, "last seen time": None, "current_services_by_app": None}
    missing = {"last_connectivity_event", "image_install", "current_services"}
    for scheme in oracle.SCHEMES:
        assert not missing & set(oracle.missing_fields([record], scheme))
    skipped = {**record, "last seen time": "a while ago"}  # somebody's own column
    assert "last_connectivity_event" in oracle.missing_fields([skipped], "api-v7")


def test_objects_without_a_field_of_devices_are_no_records() -> None:
    assert oracle.is_device_record({"overall status": None})
    no_device = {"id": 1, "status": "Idle", "image_install": [], "name": "n"}
    others: list[object] = [no_device, {}, [], None]
    for other in others:
        assert not oracle.is_device_record(other)
        row = oracle.kept_answers(other, scheme="docs-2024-11", now=NOW)
        assert row == dict.fromkeys(oracle.COLUMNS) | {
            "attention": "unreadable",
            "error": ("", ""),
        }


def test_nothing_is_missing_where_no_record_is_an_object() -> None:
    assert oracle.missing_fields([], "docs-2024-11") == []
    assert oracle.missing_fields([17, None, {"status": None}], "docs-2024-11") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 0b100),  # PUBLIC_URL
        ({"is_web_accessible": False}, 0),
        ({"is_web_accessible": True, "api_heartbeat_state": "timeout"}, 0b11_1111_0000),
        ({"api_heartbeat_state": "timeout"}, 0b11_1111_0100),
        ({"is_online": False}, 0),
        ({"is_online": False, "supervisor_version": "18.9.9"}, 0),
        ({"is_online": False, "supervisor_version": "v19.0.0-rc.1"}, 0b10_0000_0000),
        ({"is_online": False, "supervisor_version": "100.0.0"}, 0b10_0000_0000),
        (
            {
                "is_online": False,
                "supervisor_version": "19.0.0",
                "api_heartbeat_state": "timeout",
            },
            0,
        ),
        ({"is_frozen": True, "api_heartbeat_state": "timeout"}, 0),
    ],
)
def test_what_may_work_is_uncertain(changes: dict[str, Any], expected: int) -> None:
    assert (
        oracle.uncertain({"is_online": True, "api_heartbeat_state": "online"} | changes) == expected
    )


def test_nan_is_null() -> None:
    record = {
        "is_online": True,
        "api_heartbeat_state": "online",
        "provisioning_state": float("nan"),
    }
    row = oracle.answers(record, scheme="docs-2024-11", now=NOW)
    assert row["status"] == "Operational"


def test_aware_datetimes_are_timestamps() -> None:
    event = datetime(2026, 10, 20, 8, microsecond=1999, tzinfo=UTC)
    record = {"is_online": True, "api_heartbeat_state": "online", "last_vpn_event": event}
    row = oracle.answers(record, scheme="docs-2024-11", now=NOW)
    assert row["cloudlink_since"] == event.replace(microsecond=1000)
    naive = {**record, "last_vpn_event": event.replace(tzinfo=None)}
    with pytest.raises(oracle.BadRecord):
        oracle.answers(naive, scheme="docs-2024-11", now=NOW)
    assert oracle.answers(naive, scheme="docs-2024-11", now=NOW, assume_utc=True) == row
