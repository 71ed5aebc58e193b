"""The moment that durations end at: what the caller says, else the source, else the clock."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.mark.parametrize("year", [10_000, 20_000, 290_000, -1, 0])
def test_pandas_has_years_that_now_has_not(year: int) -> None:
    seconds = np.datetime64(f"{year:05}-01-01T00:00:00", "s").astype(np.int64)
    moment = pd.Timestamp(int(seconds), unit="s", tz="UTC")
    with pytest.raises(ValueError, match=r"now is .* outside of the years 1 to 9999 in UTC"):
        fs.classify([device_record()], now=moment)
    edge = pd.Timestamp("9999-12-31 23:59:59", tz="UTC").as_unit("s")
    assert fs.classify([device_record()], now=edge).now == datetime(
        9999, 12, 31, 23, 59, 59, tzinfo=UTC
    )


BAD = [pd.NaT, NOW.replace(tzinfo=None), "2026-11-01T12:00:00", "2026-11-01", "now", "", "\ud800"]


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
    table = fs.classify([device_record()])
    assert before <= table.now <= datetime.now(UTC)
    assert table.now_source == "clock"


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
    table = fs.classify(source)
    assert (table.now, table.now_source) == (LATE_MOMENT, "fetched_at")
    given = fs.classify(source, now=NOW)
    assert (given.now, given.now_source) == (NOW, "given")


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


# What files say

WRITTEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NEWEST = datetime(2026, 10, 21, 8, tzinfo=UTC)  # the record's heartbeat


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "fleet.json", [device_record()], WRITTEN)


def written(path: Path, source: Any, moment: datetime) -> Path:
    content = source if isinstance(source, bytes) else as_json(source)
    path.write_bytes(content)
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def moment_of(source: Any, **options: Any) -> tuple[datetime, str]:
    """Read the moment of a table, which that of a scan is too."""
    table = fs.classify(source, **options)
    for part in fs.scan(source, **options):
        assert (part.now, part.now_source) == (table.now, table.now_source)
    return table.now, table.now_source


@pytest.mark.parametrize("form", [str, Path, lambda path: [path], lambda path: (str(path), path)])
def test_a_file_says_when_it_was_written(path: Path, form: Any) -> None:
    assert moment_of(form(path)) == (WRITTEN, "file")
    assert moment_of(form(path), now="file") == (WRITTEN, "file")


@pytest.mark.parametrize("now", [None, "file"])
def test_an_iterator_of_paths_is_of_files_too(path: Path, now: Any) -> None:
    for source in (iter([path]), path.parent.glob("*.json")):
        table = fs.classify(source, now=now)
        assert (table.now, table.now_source) == (WRITTEN, "file")
    mixed: list[Path | bytes] = [path, as_json([])]
    with pytest.raises(ValueError, match="not all regular files"):
        fs.classify(iter(mixed), now="file")
    assert fs.classify(iter(mixed)).now_source == "clock"


def test_a_file_that_grows_later_was_written_before(path: Path) -> None:
    """The time is taken before the file is read: an iterator that writes cannot change it."""

    def sources() -> Iterator[Path]:
        yield path
        os.utime(path)

    assert fs.classify(sources()).now == WRITTEN


def test_each_pass_of_a_scan_looks_at_its_files_anew(path: Path) -> None:
    scan = fs.scan(path)
    assert [table.now for table in scan] == [WRITTEN]
    later = WRITTEN + timedelta(days=1)
    written(path, [device_record()], later)
    assert [table.now for table in scan] == [later]


def test_the_newest_of_several_files_counts(path: Path) -> None:
    early = written(path.with_name("early.json"), b"[]", WRITTEN - timedelta(days=1))
    late = written(path.with_name("late.json"), [device_record()], WRITTEN + timedelta(days=1))
    assert moment_of([early, late, path]) == (WRITTEN + timedelta(days=1), "file")


def test_a_compressed_file_says_when_it_was_itself_written(path: Path) -> None:
    zipped = gzip.compress(as_json([device_record()]), mtime=1_000_000_000)
    written(path, zipped, WRITTEN)
    assert moment_of(path) == (WRITTEN, "file")


def test_an_envelope_comes_before_its_file_and_what_is_given_before_both(path: Path) -> None:
    written(path, page(LATE), WRITTEN)
    assert moment_of(path) == (LATE_MOMENT, "fetched_at")
    assert moment_of(path, now="file") == (WRITTEN, "file")
    assert moment_of(path, now=NOW) == (NOW, "given")


@pytest.mark.parametrize("moment", [datetime(1980, 1, 1, tzinfo=UTC), NEWEST - timedelta(1)])
def test_a_file_is_not_older_than_what_is_in_it(path: Path, moment: datetime) -> None:
    written(path, [device_record()], moment)
    assert moment_of(path) == moment_of(path, now="file") == (NEWEST, "file")


@pytest.mark.parametrize("batch_size", [1, 2, 3, 4])
def test_a_scan_knows_the_events_of_its_first_batch(path: Path, batch_size: int) -> None:
    hours = [NOW - timedelta(hours=n) for n in (3, 2, 1)]
    records = [device_record(last_vpn_event=moment) for moment in hours]
    text = json.dumps(records, default=str).encode()
    written(path, text, datetime(1980, 1, 1, tzinfo=UTC))
    first = hours[min(batch_size, 3) - 1]
    moments = {(table.now, table.now_source) for table in fs.scan(path, batch_size=batch_size)}
    assert moments == {(first, "file")}


def test_a_file_is_not_written_in_the_future(path: Path) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    ahead = device_record(last_vpn_event=tomorrow.isoformat())
    for record in (device_record(), ahead):
        written(path, [record], tomorrow)
        for now in (None, "file"):
            table = fs.classify(path, now=now)
            assert table.now_source == "file"
            assert timedelta(0) <= datetime.now(UTC) - table.now < timedelta(minutes=1)


def test_a_file_without_events_is_as_old_as_it_is(path: Path) -> None:
    quiet = dict.fromkeys(
        ["last_connectivity_event", "changed_api_heartbeat_state_on__date", "last_vpn_event"]
    )
    written(path, [device_record(**quiet)], datetime(1980, 1, 1, tzinfo=UTC))
    assert moment_of(path) == (datetime(1980, 1, 1, tzinfo=UTC), "file")


NO_FILES: list[Any] = [
    [device_record()],
    device_record(),
    as_json([device_record()]),
    [as_json([device_record()])],
    [],
    io.BytesIO(as_json([device_record()])),
]


@pytest.mark.parametrize("source", NO_FILES, ids=lambda source: type(source).__name__)
def test_what_is_no_file_has_the_clock(source: Any) -> None:
    assert fs.classify(copy(source)).now_source == "clock"
    with pytest.raises(ValueError, match=r"now='file' .* this source is not all regular files"):
        fs.classify(source, now="file")


def test_one_that_is_no_file_is_enough_for_the_clock(path: Path) -> None:
    mixed: list[Path | bytes] = [path, as_json([device_record()])]
    assert fs.classify(mixed).now_source == "clock"
    with pytest.raises(ValueError, match="not all regular files"):
        fs.scan(mixed, now="file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_regular_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="not all regular files"):
        fs.classify(pipe, now="file")
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(pipe.write_bytes, as_json([device_record()]))
        assert fs.classify(pipe).now_source == "clock"
        writing.result()


@pytest.mark.parametrize("now", [None, "file"])
def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path, now: Any) -> None:
    with pytest.raises((FileNotFoundError, ValueError)):
        fs.classify(tmp_path / "none.json", now=now)
    with pytest.raises(FileNotFoundError):
        fs.classify(tmp_path / "none.json")


# By name


def test_the_newest_event_may_be_the_moment() -> None:
    for source in (page(LATE), as_json(page(LATE)), [device_record()]):
        table = fs.classify(source, now="newest")
        assert (table.now, table.now_source) == (NEWEST, "newest")


@pytest.mark.parametrize("source", [[], b"[]", [{"api_heartbeat_state": "online"}]], ids=repr)
def test_without_an_event_there_is_no_newest(source: Any) -> None:
    with pytest.raises(ValueError, match=r"now='newest' .* which holds none; pass a time"):
        fs.classify(source, now="newest", allow_missing="all")


def test_a_scan_does_not_know_the_newest_event(path: Path) -> None:
    with pytest.raises(ValueError, match="now='newest' is known at the end of a scan alone"):
        fs.scan(path, now="newest")


def test_the_clock_may_be_asked_for(path: Path) -> None:
    written(path, page(LATE), WRITTEN)
    for source in (path, page("yesterday")):
        table = fs.classify(source, now="clock")
        assert table.now_source == "clock"
        assert timedelta(0) <= datetime.now(UTC) - table.now < timedelta(minutes=1)


@pytest.mark.parametrize("now", ["Newest", "latest", "mtime", "file "])
def test_other_names_are_no_moments(now: str) -> None:
    with pytest.raises(ValueError, match="expected an RFC 3339 time with a zone"):
        fs.classify([], now=now)


def test_a_table_keeps_its_moment_and_where_it_comes_from(path: Path) -> None:
    table = fs.classify(path)
    for again in (table[:0], table.attention(), pickle.loads(pickle.dumps(table))):
        assert (again.now, again.now_source) == (WRITTEN, "file")


def test_what_is_wrong_with_the_records_comes_before_a_moment_that_is_not_there() -> None:
    with pytest.raises(fs.NotDevicesError):
        fs.classify([{"name": "left-pad", "version": "1.0.0"}], now="newest", allow_missing="all")
    with pytest.raises(fs.MissingFieldsError):
        fs.classify([{"device_name": "a"}], now="newest", on_error="keep")
    with pytest.raises(ValueError, match="newest event in the data, which holds none"):
        fs.classify([{"device_name": "a"}], now="newest", allow_missing="all", on_error="keep")
