"""Scanning: the answers of `classify`, table by table, from files larger than memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record, without

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = [device_record(id=number, note='}]\\"{[' * (number % 3)) for number in range(10)]
LINES = b"\n".join(map(as_json, RECORDS)) + b"\n"
LATE = "2026-10-02T00:00:00Z"
LATE_MOMENT = datetime(2026, 10, 2, tzinfo=UTC)

FORMS = {
    "lines": LINES,
    "array": as_json(RECORDS),
    "envelope": as_json({"x": [{}], "d": RECORDS, "y": 1}),
    "pretty": b"\n".join(json.dumps(record, indent=1).encode() for record in RECORDS),
    "in a row": b"".join(map(as_json, RECORDS)),
    "pages": as_json({"d": RECORDS[:4]}) + b"\n" + as_json({"d": RECORDS[4:]}),
    "compressed": gzip.compress(LINES),
    "compressed in parts": gzip.compress(LINES[:300]) + gzip.compress(LINES[300:]) + bytes(7),
}


class Trickle:
    """A file that hands out few bytes at a time and cannot be rewound."""

    def __init__(self, content: bytes, size: int = 7) -> None:
        self._file = io.BytesIO(content)
        self._size = size

    def read(self, size: int) -> bytes:
        return self._file.read(min(size, self._size))


def scanned(source: Any, **options: Any) -> list[fs.StatusTable]:
    return list(fs.scan(source, **{"now": NOW, **options}))


def rows_of(tables: list[fs.StatusTable]) -> list[dict[str, Any]]:
    return [row for table in tables for row in table.to_dicts()]


def ids_of(tables: list[fs.StatusTable]) -> list[list[int | None]]:
    return [table["id"].to_list() for table in tables]


def broken(source: Any, **options: Any) -> tuple[list[list[int | None]], Exception]:
    """Scan what breaks: the ids of the rows before it, and the error."""
    tables: list[fs.StatusTable] = []
    with pytest.raises((ValueError, OSError)) as raised:
        tables.extend(fs.scan(source, **{"now": NOW, **options}))
    return ids_of(tables), raised.value


# Rows


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("batch_size", [1, 3, 5, 10, 11, sys.maxsize + 1])
def test_rows_are_those_of_classify(content: bytes, batch_size: int) -> None:
    tables = scanned(content, batch_size=batch_size, carry="note")
    n_full, rest = divmod(10, min(batch_size, 10))
    assert [len(table) for table in tables] == [min(batch_size, 10)] * n_full + [rest] * (rest > 0)
    assert rows_of(tables) == fs.classify(content, now=NOW, carry="note").to_dicts()


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_rows_do_not_depend_on_how_bytes_come(content: bytes) -> None:
    assert rows_of(scanned(Trickle(content), batch_size=4)) == rows_of(scanned(content))


def test_text_longer_than_a_chunk_is_one_record() -> None:
    long = device_record(device_name="x" * 3_000_000)
    assert scanned(as_json([long, long]))[0]["device_name"].to_list() == ["x" * 3_000_000] * 2


@pytest.mark.parametrize("source", [b"", b" \n", b"[]", b'{"d": []}', [], iter([]), [b"[]", b""]])
def test_an_empty_source_has_no_tables(source: Any) -> None:
    assert scanned(source) == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.ndjson"
    path.write_bytes(LINES)
    return path


SOURCES: dict[str, Callable[[Path], Any]] = {
    "text": str,
    "path": Path,
    "list": lambda path: [path],
    "iterator": lambda path: iter([str(path)]),
    "set": lambda path: {path},
    "view": lambda path: memoryview(bytearray(path.read_bytes())),
    "file in memory": lambda path: io.BytesIO(path.read_bytes()),
    "file": lambda path: path.open("rb"),
    "unbuffered file": lambda path: path.open("rb", buffering=0),
    "file of gzip": lambda path: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(LINES))),
    "files": lambda path: [path.open("rb")],
    "any reader": lambda path: Trickle(path.read_bytes(), 1000),
}


@pytest.mark.parametrize("form", SOURCES.values(), ids=SOURCES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_source_is_a_file_or_several(path: Path, form: Callable[[Path], Any]) -> None:
    assert ids_of(scanned(form(path), batch_size=6)) == [[*range(6)], [*range(6, 10)]]


def test_records_are_numbered_over_all_files(path: Path) -> None:
    compressed = path.with_suffix(".gz")
    compressed.write_bytes(FORMS["compressed in parts"])
    sources = [path, FORMS["array"], compressed, io.BytesIO(FORMS["envelope"])]
    assert ids_of(scanned(sources, batch_size=16)) == [
        [*range(10), *range(6)],
        [*range(6, 10), *range(10), *range(2)],
        [*range(2, 10)],
    ]


# What is no source


@pytest.mark.parametrize(
    "source",
    [None, 5, object(), device_record(), {"d": RECORDS}, RECORDS, [b"[]", None], fs.Column],
    ids=lambda source: type(source).__name__,
)
def test_anything_else_is_refused_at_once(source: Any) -> None:
    with pytest.raises(TypeError, match=r"scan reads .*; for records in memory there is classify"):
        fs.scan(source)


def test_an_iterator_is_checked_when_its_turn_comes() -> None:
    sources: list[Any] = [LINES, device_record()]
    scan = fs.scan(iter(sources), now=NOW, batch_size=8)
    tables = iter(scan)
    assert len(next(tables)) == 8
    assert len(next(tables)) == 2
    with pytest.raises(TypeError, match=r"item 1: scan reads paths, .* not a dict"):
        next(tables)


def test_text_is_a_path_and_files_are_binary(path: Path) -> None:
    with pytest.raises(ValueError, match="pass bytes"):
        fs.scan("[{}]")
    with path.open(encoding="utf-8") as file, pytest.raises(TypeError, match="open it with 'rb'"):
        fs.scan(file)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"batch_size": 0}, ValueError),
        ({"batch_size": 1.5}, TypeError),
        ({"batch_size": True}, TypeError),
        ({"progress": 5}, TypeError),
        ({"scheme": "docs"}, ValueError),
        ({"now": "noon"}, ValueError),
        ({"on_error": "ignore"}, ValueError),
        ({"carry": "id"}, ValueError),
        ({"allow_missing": "uuid"}, ValueError),
        ({"default_poll_interval": "0s"}, ValueError),
        ({"assume_utc": 1}, TypeError),
        ({"missing": "none"}, ValueError),
        ({"threads": 0}, ValueError),
        ({"threads": 1.5}, ValueError),
    ],
    ids=str,
)
def test_arguments_are_checked_at_once(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        fs.scan(b"[]", **options)


# Again


@pytest.mark.parametrize("form", [str, lambda path: path.read_bytes(), lambda path: [path, path]])
def test_each_iteration_starts_again(path: Path, form: Callable[[Path], Any]) -> None:
    scan = fs.scan(form(path), batch_size=3, now=NOW)
    first = iter(scan)
    next(first)
    assert ids_of(list(scan)) == ids_of(list(scan))
    assert next(first)["id"].to_list() == [3, 4, 5]


def test_a_file_object_is_read_again_from_where_it_stood() -> None:
    file = io.BytesIO(b"header\n" + LINES)
    file.readline()
    scan = fs.scan(file, now=NOW)
    assert ids_of(list(scan)) == ids_of(list(scan)) == [[*range(10)]]
    assert not file.closed


def test_what_cannot_be_rewound_is_scanned_once() -> None:
    scan = fs.scan(Trickle(LINES), now=NOW)
    assert len(list(scan)) == 1
    with pytest.raises(ValueError, match=r"cannot be rewound, .*; pass a path"):
        list(scan)
    scan = fs.scan(iter([LINES]), now=NOW)
    assert len(list(scan)) == 1
    with pytest.raises(ValueError, match="can be scanned once; pass a list"):
        list(scan)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="cannot count open files")
def test_files_are_closed_when_a_scan_is_given_up(path: Path) -> None:
    n_open = len(list(Path("/proc/self/fd").iterdir()))
    tables = iter(fs.scan([path, path], batch_size=3))
    next(tables)
    assert len(list(Path("/proc/self/fd").iterdir())) == n_open + 1
    del tables
    assert len(list(Path("/proc/self/fd").iterdir())) == n_open


# Moment


def test_all_tables_have_one_moment() -> None:
    before = datetime.now(UTC)
    seen = set()
    for table in fs.scan(LINES, batch_size=1):
        seen.add(table.now)
        time.sleep(0.002)
    assert len(seen) == 1
    assert (seen.pop() - before).total_seconds() < 60


def test_an_envelope_says_when_it_was_fetched() -> None:
    early = as_json({"fetched_at": LATE, "d": RECORDS})
    tables = list(fs.scan(early, batch_size=4))
    assert [table.now for table in tables] == [LATE_MOMENT] * 3
    assert {table.now_source for table in tables} == {"fetched_at"}
    assert next(iter(fs.scan(early, now=NOW))).now == NOW
    # Behind the list it is known only if the first batch ends there or later.
    late = as_json({"d": RECORDS, "fetched_at": LATE})
    assert next(iter(fs.scan(late, batch_size=11))).now == LATE_MOMENT
    assert next(iter(fs.scan(late, batch_size=4))).now > LATE_MOMENT


def test_a_fetch_time_that_cannot_be_read_needs_now() -> None:
    text = as_json({"fetched_at": "yesterday", "d": RECORDS})
    with pytest.raises(ValueError, match=r"fetched_at is .*; pass now="):
        scanned(text, now=None)
    assert len(scanned(text)) == 1


# Progress


def test_progress_counts_the_bytes_of_all_files(path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    scanned([path, LINES, io.BytesIO(LINES)], progress=lambda *call: calls.append(call))
    size = len(LINES)
    assert calls == [(size, 3 * size), (2 * size, 3 * size), (3 * size, 3 * size)]


def test_progress_counts_bytes_on_the_disk(path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    path.write_bytes(gzip.compress(LINES * 4000))
    size = path.stat().st_size
    scanned(path, progress=lambda *call: calls.append(call))
    assert calls == sorted(calls)
    assert len(calls) > 3
    assert calls[-1] == (size, size)


@pytest.mark.parametrize(
    "source", [Trickle(LINES, 1000), iter([LINES]), [LINES, Trickle(LINES, 1000)]]
)
def test_a_total_may_be_unknown(source: Any) -> None:
    calls: list[tuple[int, int | None]] = []
    scanned(source, progress=lambda *call: calls.append(call))
    assert calls[-1][0] % len(LINES) == 0
    assert {total for _, total in calls} == {None}


def test_errors_of_progress_pass_through() -> None:
    def progress(done: int, _: int | None) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        scanned(LINES, progress=progress)


def test_a_scan_can_be_interrupted_between_chunks() -> None:
    class Interrupted:
        n_reads = 0

        def read(self, _: int) -> bytes:
            self.n_reads += 1
            os.kill(os.getpid(), signal.SIGINT)
            return LINES if self.n_reads < 1000 else b""

    with pytest.raises(KeyboardInterrupt):
        scanned(Interrupted())


# What breaks


def test_rows_before_broken_text_come_first(path: Path) -> None:
    text = LINES + b"[\n" + as_json(device_record(id=99)) + b",\n x]"
    ids, error = broken([path, text], batch_size=8)
    assert ids == [[*range(8)], [8, 9, *range(6)], [6, 7, 8, 9, 99]]
    assert isinstance(error, fs.JSONError)
    assert (error.line, error.column, error.offset) == (13, 2, len(text) - 2)
    assert str(error).startswith("item 1: no JSON at line 13, column 2 ")
    assert str(error).endswith(f"(after 21 records and {len(LINES) + len(text):,} bytes)")


@pytest.mark.parametrize(
    "answer", [b'{"error": "Unauthorized"}', b'"Unauthorized"', b"Unauthorized", b"<html>"]
)
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_rows_before_an_error_answer_come_first(answer: bytes, on_error: str) -> None:
    text = LINES + answer + b"\n"
    ids, error = broken(text + LINES, batch_size=4, on_error=on_error)
    assert ids == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert isinstance(error, fs.NotDevicesError)
    first, *more = str(error).splitlines()
    assert "(after 10 records and " in first
    assert more


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"<html><title>502 Bad Gateway</title>", "a web page: 502 Bad Gateway, no JSON"),
        (as_json(RECORDS)[:-100], "ends inside record 9: truncated?"),
        (repr(RECORDS).encode(), "what Python prints of an object, no JSON"),
    ],
    ids=["HTML", "cut", "repr"],
)
def test_text_that_is_no_json_is_named_as_classify_names_it(text: bytes, told: str) -> None:
    error = broken(text)[1]
    first, second = str(error).splitlines()
    assert told in first
    assert "(after " in first
    with pytest.raises(fs.JSONError) as raised:
        fs.classify(text)
    assert str(raised.value).splitlines()[1] == second


def test_an_error_answer_alone_has_no_rows_before_it() -> None:
    ids, error = broken(b'{"error": "Unauthorized"}\n' + LINES, on_error="keep")
    assert ids == []
    assert isinstance(error, fs.NotDevicesError)
    assert error.index == 0


@pytest.mark.parametrize("size", [1, 50, 1 << 20])
def test_rows_before_a_bad_record_come_first(size: int) -> None:
    text = as_json([*RECORDS, device_record(id="x"), *RECORDS])
    ids, error = broken(Trickle(text, size), batch_size=4)
    assert ids == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert isinstance(error, fs.RecordError)
    assert (error.index, error.field, error.pointer) == (10, "id", "/id")
    assert str(error).startswith('record 10: id is "x", expected ')
    assert "(after 10 records and " in str(error)


def test_a_bad_record_is_named_by_its_file(path: Path) -> None:
    bad = path.with_name("bad.json")
    bad.write_bytes(as_json([device_record(), device_record(id="x")]))
    for act in (lambda: scanned([path, bad, path]), lambda: fs.classify([path, bad, path])):
        with pytest.raises(fs.RecordError, match=r'bad\.json: record 11: id is "x"') as raised:
            act()
        assert raised.value.index == 11


def test_a_record_that_lacks_a_link_is_named_by_its_own_file(path: Path) -> None:
    lacking = path.with_name("lacking.json")
    lacking.write_bytes(as_json(without("api_heartbeat_state")))
    ids, error = broken([lacking, path])
    assert ids == []
    assert str(error).split(str(path.parent))[1].startswith("/lacking.json: record 0: api_heart")
    with pytest.raises(fs.RecordError, match=r"lacking\.json: record 0: api_heartbeat_state"):
        fs.classify([lacking, path])


def test_bad_records_may_be_kept() -> None:
    text = LINES + b"x\n" + as_json(device_record(id="x")) + b"\n" + LINES
    tables = scanned(text, batch_size=11, on_error="keep")
    assert rows_of(tables) == fs.classify(text, now=NOW, on_error="keep").to_dicts()
    assert [table["error"].to_list().count(None) for table in tables] == [10, 10]


@pytest.mark.parametrize("cut", [-1, -9, -300])
def test_rows_before_the_end_of_cut_gzip_come_first(path: Path, cut: int) -> None:
    path.write_bytes(gzip.compress(LINES * 300)[:cut])
    ids, error = broken(path)
    assert len(ids) == 1
    assert len(ids[0]) > 0
    assert "fleet.ndjson is a broken gzip file: " in str(error)
    assert f"(after {len(ids[0]):,} records and {path.stat().st_size:,} bytes)" in str(error)


@pytest.mark.parametrize("junk", [b"junk", b"\x1f\x8b", b"\0\0junk"])
def test_junk_behind_gzip_is_an_error(junk: bytes) -> None:
    ids, error = broken(gzip.compress(LINES) + junk)
    assert ids == [[*range(10)]]
    assert "the source is a broken gzip file: " in str(error)


def test_gzip_with_a_wrong_checksum_is_an_error() -> None:
    compressed = bytearray(gzip.compress(LINES))
    compressed[-6] ^= 1
    assert "is a broken gzip file: " in str(broken(compressed)[1])


def test_a_file_that_shrinks_is_an_error(path: Path) -> None:
    path.write_bytes(LINES * 2000)
    size = path.stat().st_size
    tables = iter(fs.scan([path, path], batch_size=500, now=NOW))
    n_first = len(next(tables))
    os.truncate(path, 1_200_000)
    rest: list[fs.StatusTable] = []
    with pytest.raises(OSError, match="it has become shorter while it was read") as raised:
        rest.extend(tables)
    n_rows = n_first + sum(map(len, rest))
    assert n_rows == (LINES * 2000)[:1_200_000].count(b"\n")
    assert raised.value.filename == str(path)
    assert f"{size:,} to 1,200,000 bytes" in str(raised.value)
    assert raised.value.__notes__ == [f"after {n_rows:,} records and 1,200,000 bytes"]


def test_a_missing_file_is_found_when_its_turn_comes(path: Path) -> None:
    ids, error = broken([path, path.with_name("none"), path], progress=print)
    assert ids == [[*range(10)]]
    assert isinstance(error, FileNotFoundError)


def test_an_error_of_the_callers_file_passes_through() -> None:
    class Failing(Trickle):
        def read(self, size: int) -> bytes:
            return super().read(size) or self.fail()

        def fail(self) -> bytes:
            message = "the line is down"
            raise ConnectionError(message)

    ids, error = broken(Failing(LINES, 1000))
    assert ids == [[*range(10)]]
    assert (type(error), str(error)) == (ConnectionError, "the line is down")


class Words:
    def read(self, _: int) -> Any:
        return "[]"


class Waiting:
    def read(self, _: int) -> Any:
        return None


def test_a_reader_of_anything_but_bytes_is_refused() -> None:
    with pytest.raises(TypeError, match="open it with 'rb'"):
        scanned(Words())
    with pytest.raises(BlockingIOError):
        scanned(Waiting())


def test_text_without_end_is_an_error_before_it_is_all_read() -> None:
    class Endless:
        n_bytes = 0

        def read(self, size: int) -> bytes:
            self.n_bytes += size
            return (b'[{"uuid": "' if self.n_bytes == 1 else b"x") * size

    endless = Endless()
    with pytest.raises(fs.JSONError, match="does not end within 64 MiB"):
        scanned(endless)
    assert endless.n_bytes < 70 << 20


# Fields


def test_missing_fields_are_told_before_the_first_table() -> None:
    text = as_json([without("status")] * 5 + [device_record()])
    with pytest.raises(fs.MissingFieldsError) as raised:
        next(iter(fs.scan(text, batch_size=5)))
    assert (raised.value.fields, raised.value.index) == (("status",), 0)
    assert len(scanned(text, batch_size=6)) == 1
    assert len(scanned(text, batch_size=5, allow_missing="status")) == 2


def test_too_few_records_to_answer_are_not_delivered() -> None:
    ids, error = broken(b"[" + as_json(without("status")) + b", x]")
    assert ids == []
    assert isinstance(error, fs.JSONError)


def test_fields_missing_tells_of_the_records_so_far() -> None:
    records = [device_record(), device_record(is_frozen=False), device_record()]
    tables = scanned(as_json(records), batch_size=1)
    assert ["is_frozen" in table.fields_missing for table in tables] == [True, False, False]


# Memory

SCAN_MUCH = """
import sys
from pathlib import Path
import fleetstatus as fs

line = sys.stdin.buffer.read()

class Lines:
    n_left = 60_000_000

    def read(self, size):
        text = line * max(size // len(line), 1) if self.n_left > 0 else b""
        self.n_left -= len(text)
        return text

def peak_kibibytes():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

sum(map(len, fs.scan(line)))
before = peak_kibibytes()
n_records = sum(map(len, fs.scan(Lines(), batch_size=4096)))
print(n_records, peak_kibibytes() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak")
def test_memory_does_not_grow_with_the_source() -> None:
    line = as_json(device_record(note="x" * 1000)) + b"\n"
    command = [sys.executable, "-c", SCAN_MUCH]
    done = subprocess.run(command, input=line, capture_output=True, check=True)
    n_records, more_kibibytes = map(int, done.stdout.split())
    assert n_records * len(line) >= 60_000_000
    assert more_kibibytes < 25_000  # of 60 MB
