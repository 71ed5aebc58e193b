"""The moment that durations end at: what the caller says, else the source, else the clock."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record

EARLY, LATE = "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"
LATE_MOMENT = datetime(2026, 10, 2, tzinfo=UTC)


class Stamp(datetime):
    """A datetime by inheritance, as pandas has one."""


def page(fetched_at: Any = EARLY, **more: Any) -> dict[str, Any]:
    return {"d": [device_record()], "fetched_at": fetched_at, **more}


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        NOW.replace(microsecond=999),
        Stamp(2026, 11, 1, 12, tzinfo=UTC),
        "2026-11-01T12:00:00Z",
        "2026-11-01 13:00:00.000999+01",
        "2026-11-01t02:30:00-0930",
    ],
    ids=repr,
)
def test_now_is_a_moment_to_the_millisecond(now: Any) -> None:
    table = fs.classify([device_record()], now=now)
    assert (table.now, table.now.tzinfo) == (NOW, UTC)


@pytest.mark.parametrize(
    "now", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
def test_now_may_be_any_moment(now: datetime) -> None:
    assert fs.classify([device_record()], now=now).now == now


BAD = [NOW.replace(tzinfo=None), "2026-11-01T12:00:00", "2026-11-01", "now", "", "\ud800"]


@pytest.mark.parametrize("now", BAD, ids=repr)
def test_now_has_a_zone(now: Any) -> None:
    with pytest.raises(ValueError, match="now is "):
        fs.classify([], now=now)
    with pytest.raises(ValueError, match="now is "):
        fs.explain({}, now=now)


@pytest.mark.parametrize("now", [1761000000, date(2026, 11, 1), b"2026-11-01T12:00:00Z", 0.5])
def test_now_is_nothing_else(now: Any) -> None:
    with pytest.raises(TypeError, match="now is a "):
        fs.classify([], now=now)


def test_durations_end_at_now() -> None:
    event = {"last_update_status_event": NOW - timedelta(seconds=90, milliseconds=1)}
    records = [device_record(**event)]
    for age, seconds in ((timedelta(0), 90), (timedelta(days=1), 86_490), (-timedelta(days=1), 0)):
        table = fs.classify(records, now=NOW + age)
        assert table["update_status_duration_s"].to_list() == [seconds]


def test_without_now_the_clock_is_read_once() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    now = fs.classify([device_record()]).now
    assert before <= now <= datetime.now(UTC)


# What the source says


@pytest.mark.parametrize(
    "source",
    [
        page(LATE),
        as_json(page(LATE)),
        as_json({"fetched_at": LATE, "d": []}),
        gzip.compress(as_json(page(LATE))),
        as_json(page(EARLY)) + as_json(page(LATE)) + as_json(page(EARLY)),
        [as_json(page(LATE)), as_json(page(EARLY)), as_json({"d": []})],
        as_json(page(None)) + as_json(page(LATE)),
        as_json(page("2026-10-02T02:00:00+02:00")),
        page(LATE_MOMENT),
    ],
    ids=lambda source: type(source).__name__,
)
def test_an_envelope_says_when_it_was_fetched(source: Any) -> None:
    assert fs.classify(source).now == LATE_MOMENT
    assert fs.classify(source, now=NOW).now == NOW


@pytest.mark.parametrize(
    "source",
    [
        page(None),
        as_json(page(None)),
        as_json([page(LATE)["d"][0]]),
        device_record(fetched_at=LATE),
        [device_record(fetched_at=LATE)],
        as_json(device_record(fetched_at=LATE)),
        as_json(page(None, meta={"fetched_at": LATE})),
    ],
    ids=lambda source: type(source).__name__,
)
def test_nothing_else_says_when_it_was_fetched(source: Any) -> None:
    assert fs.classify(source).now > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.parametrize(
    "fetched_at", ["yesterday", "2026-10-02T00:00:00", "", 5, True, [], {}], ids=repr
)
@pytest.mark.parametrize("form", [dict, as_json])
def test_a_fetch_time_that_cannot_be_read_needs_now(fetched_at: Any, form: Any) -> None:
    source = form(page(fetched_at))
    with pytest.raises(ValueError, match=r"fetched_at is .*; pass now="):
        fs.classify(source)
    assert fs.classify(source, now=NOW).now == NOW
