"""Options of reading that `classify`, `scan` and `explain` share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record

RESIN = "RESIN_SUPERVISOR_POLL_INTERVAL"


def by_classify(record: dict[str, Any], **options: Any) -> fs.StatusTable:
    return fs.classify([record], now=NOW, **options)


def by_scan(record: dict[str, Any], **options: Any) -> fs.StatusTable:
    (table,) = fs.scan(as_json(record), now=NOW, **options)
    return table


both = pytest.mark.parametrize("read", [by_classify, by_scan])


@both
@pytest.mark.parametrize(
    ("default", "interval", "seconds"),
    [
        (None, None, 1350),
        (timedelta(minutes=15), None, 1350),
        (timedelta(minutes=10), None, 900),
        ("10min", "600001", 901),  # 900.0015 s, rounded up
        ("10min", "1000", 900),
        ("1d", "900000", 129_600),
        ("3650d", None, 473_040_000),
    ],
)
def test_the_servers_default_makes_the_window(
    read: Any, default: Any, interval: str | None, seconds: int
) -> None:
    variables = [] if interval is None else [{"name": RESIN, "value": interval}]
    options = {} if default is None else {"default_poll_interval": default}
    table = read(device_record(device_config_variable=variables), **options)
    assert table["heartbeat_window_s"].to_list() == [seconds]


@both
def test_a_call_with_another_default_is_another_reader(read: Any) -> None:
    for default, seconds in (("10min", 900), ("20min", 1800), ("10min", 900), ("15min", 1350)):
        table = read(device_record(), default_poll_interval=default)
        assert table["heartbeat_window_s"].to_list() == [seconds]


@both
def test_times_without_a_zone_are_utc_only_where_the_caller_says_so(read: Any) -> None:
    record = device_record(last_vpn_event="2026-10-22 08:00:00.5")
    with pytest.raises(fs.RecordError, match="if they are UTC, pass assume_utc=True"):
        read(record)
    since = read(record, assume_utc=True)["cloudlink_since"][0]
    assert since == datetime.fromisoformat("2026-10-22T08:00:00.500Z")
    with pytest.raises(fs.RecordError):
        read(record)


def test_a_naive_datetime_is_utc_only_where_the_caller_says_so() -> None:
    naive = datetime(2026, 10, 22, 8)  # noqa: DTZ001
    with pytest.raises(fs.RecordError, match="assume_utc=True"):
        by_classify(device_record(last_vpn_event=naive))
    table = by_classify(device_record(last_vpn_event=naive), assume_utc=True)
    assert table["cloudlink_since"][0].replace(tzinfo=None) == naive


@pytest.mark.parametrize("now", [datetime(2026, 10, 22, 8), "2026-10-22T08:00:00"])  # noqa: DTZ001
def test_now_has_a_zone_whatever_is_assumed_of_records(now: Any) -> None:
    with pytest.raises(ValueError, match="now is "):
        fs.classify([], now=now, assume_utc=True)


def test_explain_takes_the_options_of_the_record() -> None:
    record = device_record(last_vpn_event="2026-10-22 08:00:00")
    explanation = fs.explain(record, now=NOW, assume_utc=True, default_poll_interval="10min")
    assert explanation.error is None
    # 900 s and the grace of 15 s
    assert explanation.disconnected_by == NOW + timedelta(seconds=915)
    assert fs.explain(device_record(), now=NOW).disconnected_by == NOW + timedelta(seconds=1365)


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"assume_utc": 1}, TypeError, "assume_utc is a int, expected True or False"),
        ({"assume_utc": None}, TypeError, "assume_utc is a NoneType"),
        ({"missing": "all"}, ValueError, "missing is 'all', expected 'source' or 'parts'"),
        ({"on_error": "skip"}, ValueError, "on_error is 'skip', expected 'raise' or 'keep'"),
        ({"allow_missing": 5}, TypeError, "allow_missing is a int, expected text or several"),
        ({"allow_missing": "statsu"}, ValueError, r"'statsu'; did you mean 'status'\?; fields"),
        ({"carry": None}, TypeError, "carry is a NoneType"),
        ({"scheme": "docs-2024"}, ValueError, "no scheme 'docs-2024'; did you mean 'docs-20"),
    ],
    ids=str,
)
def test_options_are_checked_at_once(options: Any, error: type[Exception], told: str) -> None:
    for act in (fs.classify, fs.scan):
        with pytest.raises(error, match=told):
            act([], **options)
