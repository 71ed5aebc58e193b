"""The engine against the oracle: every decision, and whole records in every form and order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import fleetstatus as fs
import oracle
from fleetstatus import StatusScheme
from oracle_attention import order_in_list
from strategies import NOW, bad_records, decision_space, device_records, junk_fields, shuffled
from typed_records import typed_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

pytestmark = pytest.mark.slow

Record = dict[str, Any]
SCHEMES = st.sampled_from(list(StatusScheme))
SEEDS = st.integers(0, 2**32)
SHARED_WITH_OTHERS = (
    *("id", "uuid", "status", "image_install", "current_services", "should_be_running__release"),
    *("belongs_to__application", "created_at", "supervisor_version", "name", "application"),
)


def as_json(records: Sequence[Record]) -> bytes:
    """Write JSON as the standard library does; lone surrogates stay escapes."""
    return json.dumps(records).encode()


def rows_of(source: Any, **options: Any) -> list[dict[str, Any]]:
    """Answer with the engine."""
    return fs.classify(source, now=NOW, allow_missing="all", **options).to_dicts()


def expected_row(record: Record, scheme: str, **options: Any) -> dict[str, Any]:
    """Answer with the oracle."""
    return oracle.answers(record, scheme=scheme, now=NOW, allow_missing="all", **options)


def assert_same_row(row: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Compare all columns but the error's wording."""
    assert {**row, "error": row["error"] is not None} == {
        **expected,
        "error": expected["error"] is not None,
    }


def test_every_combination_of_facts_is_decided_as_the_oracle_decides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    n_compared = 0
    for scheme in StatusScheme:
        records = list(decision_space(scheme))
        for form in (records, as_json(records)):
            for record, row in zip(records, rows_of(form, scheme=scheme), strict=True):
                assert row == expected_row(record, scheme), record
                n_compared += 1
    with capsys.disabled():
        print(f"\n{n_compared:,} decisions compared with the oracle")
    assert n_compared > 2 * 6 * 2**11


@pytest.mark.parametrize("scheme", list(StatusScheme))
def test_columns_beside_the_status_are_the_same_under_every_scheme(scheme: StatusScheme) -> None:
    records = [
        record for other in ("docs-2024-11", "library-2020") for record in decision_space(other)
    ]
    decided = {"status", "detail", "reason", "status_since", "status_duration_s"}
    reference = rows_of(records)
    rows = rows_of(records, scheme=scheme)
    others = [name for name in reference[0] if name not in decided]
    assert [[row[name] for name in others] for row in rows] == [
        [row[name] for name in others] for row in reference
    ]


@given(st.lists(device_records(), max_size=4), SCHEMES)
def test_json_and_mappings_answer_what_the_oracle_answers(
    records: list[Record], scheme: StatusScheme
) -> None:
    expected = [expected_row(record, scheme) for record in records]
    assert rows_of(records, scheme=scheme) == expected
    assert rows_of(as_json(records), scheme=scheme) == expected
    lines = b"\n".join(json.dumps(record).encode() for record in records)
    assert rows_of(lines, scheme=scheme) == expected


@given(device_records(python_values=True), SCHEMES)
def test_values_of_python_mean_what_their_json_means(record: Record, scheme: StatusScheme) -> None:
    assert rows_of([record], scheme=scheme) == [expected_row(record, scheme)]


@given(device_records(without_zones=True), SCHEMES)
def test_times_without_a_zone_are_utc_if_the_caller_says_so(
    record: Record, scheme: StatusScheme
) -> None:
    expected = [expected_row(record, scheme, assume_utc=True)]
    assert rows_of([record], scheme=scheme, assume_utc=True) == expected
    assert rows_of(as_json([record]), scheme=scheme, assume_utc=True) == expected


def test_naive_datetimes_are_utc_if_the_caller_says_so() -> None:
    event = datetime(2026, 10, 20, 8, microsecond=1999, tzinfo=UTC)
    record = {
        "is_online": True,
        "api_heartbeat_state": "online",
        "last_vpn_event": event.replace(tzinfo=None),
    }
    (row,) = rows_of([record], assume_utc=True)
    assert row == expected_row(record, "docs-2024-11", assume_utc=True)
    assert row["cloudlink_since"] == event.replace(microsecond=1000)


@given(device_records(), st.integers(1, 10 * 365 * 24 * 3_600_000))
def test_the_window_follows_the_servers_default(record: Record, default_ms: int) -> None:
    expected = [expected_row(record, "docs-2024-11", default_poll_interval_ms=default_ms)]
    interval = timedelta(milliseconds=default_ms)
    assert rows_of([record], default_poll_interval=interval) == expected
    assert rows_of(as_json([record]), default_poll_interval=interval) == expected


@given(device_records())
def test_what_may_work_is_what_the_oracle_says(record: Record) -> None:
    explanation = fs.explain(record, now=NOW)
    assert explanation.available == expected_row(record, "docs-2024-11")["capabilities"]
    assert explanation.uncertain == oracle.uncertain(record)
    everything = (1 << len(fs.Capability)) - 1
    assert explanation.unavailable == everything & ~(explanation.available | explanation.uncertain)


@settings(max_examples=30)
@given(st.integers(0, 1900), st.integers(0, 60))
def test_what_needs_attention_comes_in_the_order_of_the_oracle(first: int, n_records: int) -> None:
    records = typed_records()[first : first + n_records]
    expected = (expected_row(record, "docs-2024-11") for record in records)
    listed = sorted((row for row in expected if row["attention"]), key=order_in_list)
    rows = fs.classify(records, now=NOW).attention().to_dicts() if records else []
    assert [row["uuid"] for row in rows] == [row["uuid"] for row in listed]


@given(st.lists(device_records(), min_size=1, max_size=3))
def test_the_newest_event_is_the_latest_time_read(records: list[Record]) -> None:
    for source in (records, as_json(records)):
        table = fs.classify(source, now=NOW, allow_missing="all")
        assert table.newest_event == oracle.newest_event(records)


@given(device_records(with_links=False), SCHEMES)
def test_a_missing_link_is_never_guessed(record: Record, scheme: StatusScheme) -> None:
    assume(oracle.is_device_record(record))  # a source without any is refused
    expected = [expected_row(record, scheme)]
    assert rows_of([record], scheme=scheme) == expected
    assert rows_of(as_json([record]), scheme=scheme) == expected


@given(device_records(), junk_fields(), SEEDS)
def test_order_and_unlisted_fields_change_nothing(record: Record, junk: Record, seed: int) -> None:
    expected = rows_of([record])
    # Both spellings of one field are duplicate keys, so that their order counts.
    crowded = {**junk, **record} if seed % 2 else {**record, **junk}
    assert rows_of([crowded]) == expected
    assert rows_of(as_json([crowded])) == expected


@given(device_records(), SEEDS)
def test_key_order_changes_no_answer_of_the_oracle_either(record: Record, seed: int) -> None:
    mixed = shuffled(record, Random(seed))
    expected = [expected_row(mixed, "docs-2024-11")]
    assert rows_of([mixed]) == expected
    assert rows_of(as_json([mixed])) == expected


@settings(max_examples=200)
@given(bad_records(), SCHEMES)
def test_a_kept_record_answers_what_the_unreadable_fields_cannot_change(
    record: Record, scheme: StatusScheme
) -> None:
    expected = oracle.kept_answers(record, scheme=scheme, now=NOW, allow_missing="all")
    for source in ([record], as_json([record])):
        (row,) = rows_of(source, scheme=scheme, on_error="keep")
        assert_same_row(row, expected)


@given(device_records(), st.lists(st.sampled_from(SHARED_WITH_OTHERS), unique=True))
def test_an_object_without_a_field_of_devices_is_a_bad_record(
    record: Record, names: list[str]
) -> None:
    other = {name: record[name] for name in names if name in record}
    expected = oracle.kept_answers(other, scheme="docs-2024-11", now=NOW)
    assert expected["error"] == ("", "")
    for source in ([record, other], as_json([record, other])):
        _, row = rows_of(source, on_error="keep")
        assert_same_row(row, expected)


@given(bad_records())
def test_both_readers_name_the_same_fault(record: Record) -> None:
    with pytest.raises(oracle.BadRecord) as expected:
        oracle.answers(record, scheme="docs-2024-11", now=NOW, allow_missing="all")
    for source in ([record], as_json([record])):
        with pytest.raises(fs.RecordError) as raised:
            fs.classify(source, now=NOW, allow_missing="all")
        fault = raised.value
        assert (fault.index, fault.field, fault.pointer) == (
            0,
            expected.value.field,
            expected.value.pointer,
        )
