"""`fleetstatus.polars.scan` answers as `classify` does, and makes only what polars asks for."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from device_files import (
    BAD,
    NOW,
    RECORDS,
    answers,
    classified,
    rows_of,
    without,
    write_files,
    write_many,
)
from fleetstatus import _core

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(fs.__file__).parents[1]
SCHEMA = {
    "id": pl.Int64(),
    "status": pl.String(),
    "reason": pl.String(),
    "status_since": pl.Datetime("us", "UTC"),
    "status_duration_s": pl.Int64(),
    "on_target": pl.Boolean(),
    "heartbeat_window_s": pl.Int32(),
    "capabilities": pl.Int32(),
    "fleet": pl.String(),
    "fields_seen": pl.Int64(),
}
ENGINES = pytest.mark.parametrize("engine", ["in-memory", "streaming"])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the columns that polars has been given."""
    names: set[str] = set()
    stream = _core.arrow_stream

    def noted(columns: Any, *rest: Any) -> object:
        names.update(name for name, _ in columns)
        return stream(columns, *rest)

    monkeypatch.setattr(_core, "arrow_stream", noted)
    return names


# The same answers


@ENGINES
@pytest.mark.parametrize("n_files", [1, 3, 50])
def test_files_answer_as_classify_does(tmp_path: Path, n_files: int, engine: Any) -> None:
    files = write_files(tmp_path, RECORDS, n_files)
    expected = classified(RECORDS)
    for source in (files, str(tmp_path / "part-*.json"), [tmp_path / "part-*.json"]):
        frame = fs.polars.scan(source, now=NOW).collect(engine=engine)
        assert rows_of(frame) == answers(expected)
        fs.check_fields([frame])


@pytest.mark.parametrize(
    "source",
    [
        fs.sample_fleet().read_bytes(),
        gzip.compress(fs.sample_fleet().read_bytes()),
        RECORDS,
        {"d": RECORDS},
        pl.DataFrame(RECORDS, infer_schema_length=None),
        [json.dumps(RECORDS[:7]).encode(), json.dumps(RECORDS[7:]).encode()],
        [],
        b"",
    ],
    ids=["bytes", "gzip", "records", "envelope", "frame", "several bytes", "nothing", "no bytes"],
)
def test_all_sources_answer_as_classify_does(source: Any) -> None:
    lazy = fs.polars.scan(source, now=NOW)
    assert rows_of(lazy.collect()) == answers(classified(source))
    assert lazy.collect().equals(lazy.collect())


def test_what_can_be_read_once_is_read_once() -> None:
    lazy = fs.polars.scan(iter(RECORDS), now=NOW)
    assert lazy.collect().height == lazy.collect().height == len(RECORDS)
    file = io.BytesIO(fs.sample_fleet().read_bytes())
    lazy = fs.polars.scan(file, now=NOW)
    assert lazy.collect().height == lazy.collect().height == len(RECORDS)


def test_a_stream_of_columns_is_read_once() -> None:
    frame = pl.DataFrame(RECORDS, infer_schema_length=None)
    lazy = fs.polars.scan(pa.RecordBatchReader.from_stream(frame), now=NOW)
    assert lazy.select("uuid").collect().height == len(RECORDS)
    assert rows_of(lazy.collect()) == answers(classified(frame))
    bad = frame.with_columns(api_heartbeat_state=pl.lit("maybe"))
    with pytest.raises(fs.RecordError, match="record 0: api_heartbeat_state is"):
        fs.polars.scan(pa.RecordBatchReader.from_stream(bad)).collect()


def test_a_file_that_is_named_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].json").write_text(json.dumps(RECORDS[:2]))
    (tmp_path / "a1.json").write_text(json.dumps(RECORDS[:5]))
    assert fs.polars.scan(tmp_path / "a[1].json").collect().height == 2
    assert fs.polars.scan(tmp_path / "a[0-9].json").collect().height == 5


@pytest.mark.parametrize(
    "options",
    [
        {"scheme": "docs-2021"},
        {"on_error": "keep"},
        {"carry": ["os_version", "tag:site", "cpu_temp"]},
        {"default_poll_interval": "10min"},
        {"assume_utc": True},
    ],
    ids=lambda options: next(iter(options)),
)
def test_options_are_those_of_classify(tmp_path: Path, options: dict[str, Any]) -> None:
    records = [*RECORDS, BAD] if "on_error" in options else RECORDS
    files = write_files(tmp_path, records, 3)
    frame = fs.polars.scan(files, now=NOW, **options).collect()
    assert rows_of(frame) == answers(classified(records, **options))


# What is known without reading, and what is not made


def test_the_schema_is_known_without_reading(tmp_path: Path) -> None:
    lazy = fs.polars.scan(tmp_path / "not there yet.json", carry=["os_version", "cpu_temp"])
    schema = lazy.collect_schema()
    columns = [*fs.classify([]).columns, "os_version", "cpu_temp", "fields_seen"]
    assert schema.names() == columns
    assert schema | SCHEMA == schema
    assert schema["cpu_temp"] == pl.Int64()


@ENGINES
def test_only_the_columns_that_are_asked_for_are_made(made: set[str], engine: Any) -> None:
    lazy = fs.polars.scan(fs.sample_fleet(), now=NOW)
    made.clear()
    frame = lazy.filter(pl.col("attention") == "disconnected").select("uuid", "status_duration_s")
    result = frame.collect(engine=engine)
    assert made == {"attention", "uuid", "status_duration_s"}
    rows = classified(fs.sample_fleet()).where(attention="disconnected").to_dicts()
    assert result.rows() == [(row["uuid"], row["status_duration_s"]) for row in rows]
    made.clear()
    assert lazy.select("fields_seen").unique().collect(engine=engine).height == 1
    assert made == {"fields_seen"}


@ENGINES
def test_predicates_and_rows_are_those_of_all_rows(engine: Any) -> None:
    lazy = fs.polars.scan(RECORDS, now=NOW)
    every = lazy.collect()
    questions: list[Callable[[pl.LazyFrame], pl.LazyFrame]] = [
        lambda it: it.filter(pl.col("status").is_in(["Disconnected", "Updating"])),
        lambda it: it.filter(pl.col("status_since") < pl.datetime(2026, 10, 1, time_zone="UTC")),
        lambda it: it.filter(pl.col("status") == "no such label"),
        lambda it: it.filter(pl.col("detail").is_null() & (pl.col("capabilities") > 0)),
        lambda it: it.filter(pl.col("status") == "Disconnected").head(3),
        lambda it: it.head(20).filter(pl.col("status") == "Disconnected"),
        lambda it: it.filter(pl.col("uuid").str.contains("^a").not_()).select("fleet", "uuid"),
        lambda it: it.head(0),
        lambda it: it.tail(3),
        lambda it: it.slice(5, 7),
        lambda it: it.select(pl.len()),
        lambda it: it.group_by("fleet", maintain_order=True).agg(pl.col("status_duration_s").sum()),
        lambda it: it.select("uuid").join(it.select("uuid", "fleet"), on="uuid").sort("uuid"),
    ]
    for ask in questions:
        assert ask(lazy).collect(engine=engine).equals(ask(every.lazy()).collect())


def test_reading_ends_after_the_rows_that_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleetstatus._engines.files.scan", partial(fs.scan, batch_size=10))
    (tmp_path / "a.json").write_text(json.dumps(RECORDS[:20]))
    (tmp_path / "b.json").write_text("no JSON")
    lazy = fs.polars.scan([tmp_path / "a.json", tmp_path / "b.json"], now=NOW)
    assert lazy.head(3).collect().height == 3
    with pytest.raises(fs.JSONError):
        lazy.collect()


def test_frames_have_the_rows_that_polars_hints_at() -> None:
    from fleetstatus.polars import _Source

    source = _Source(RECORDS, {"now": NOW})
    heights = [frame.height for frame in source.frames(["id"], None, 250, 100)]
    assert heights == [100, 100, 50]


# One moment


def test_all_uses_of_a_frame_end_at_one_moment(tmp_path: Path) -> None:
    files = write_files(tmp_path, RECORDS, 3)
    for path, day in zip(files, (1, 3, 2), strict=True):
        os.utime(path, (0, 1_793_923_200 + 86_400 * day))
    lazy = fs.polars.scan(files)
    expected = classified(files, now=None)
    assert rows_of(lazy.collect()) == answers(expected)
    os.utime(files[0], (0, 1_793_923_200 + 86_400 * 9))
    assert rows_of(lazy.collect()) == answers(expected)
    assert rows_of(fs.polars.scan(files).collect()) != answers(expected)


def test_a_few_rows_first_do_not_change_the_moment() -> None:
    lazy = fs.polars.scan(fs.sample_fleet())
    first = lazy.head(1).collect()
    assert first.equals(lazy.collect().head(1))
    assert rows_of(lazy.collect()) == answers(classified(fs.sample_fleet(), now=None))


def test_threads_that_use_a_frame_at_once_see_one_moment() -> None:
    lazy = fs.polars.scan(json.dumps(RECORDS).encode())
    together = threading.Barrier(4)

    def use(_: int) -> pl.DataFrame:
        together.wait(60)
        return lazy.collect()

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(use, range(4))
    assert all(first.equals(other) for other in others)


# What is wrong


@ENGINES
def test_a_bad_record_is_named(tmp_path: Path, engine: Any) -> None:
    files = write_files(tmp_path, [*RECORDS[:8], BAD], 3)
    with pytest.raises(fs.RecordError) as caught:
        fs.polars.scan(files).collect(engine=engine)
    words = f'{files[2]}, uuid {BAD["uuid"]}, record 2: is_active is "maybe"'
    assert str(caught.value).startswith(words)
    assert (caught.value.index, caught.value.field) == (2, "is_active")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ([RECORDS[0], BAD], f"uuid {BAD['uuid']}, record 1: is_active"),
        (json.dumps([RECORDS[0], BAD]).encode(), f"uuid {BAD['uuid']}, record 1: is_active"),
        (
            [b"[]", json.dumps([RECORDS[0], BAD]).encode()],
            f"item 1, uuid {BAD['uuid']}, record 1: is_active",
        ),
        ([RECORDS[0], without(BAD, "uuid")], "record 1: is_active"),
        (iter([json.dumps(BAD).encode()]), f"uuid {BAD['uuid']}, record 0: is_active"),
    ],
    ids=["records", "bytes", "several bytes", "no uuid", "iterator"],
)
def test_a_bad_record_in_memory_is_named(source: Any, words: str) -> None:
    with pytest.raises(fs.RecordError, match="^" + re.escape(words)):
        fs.polars.scan(source).collect()


def test_a_bad_record_in_a_pipe_is_named_as_far_as_it_is_known() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as file:  # noqa: PTH123 - a number
        file.write(json.dumps([RECORDS[0], BAD]).encode())
    with open(reading, "rb") as file, pytest.raises(fs.RecordError, match="record 1: is_active"):  # noqa: PTH123
        fs.polars.scan(file).collect()


@ENGINES
def test_a_bad_record_may_be_kept(tmp_path: Path, engine: Any) -> None:
    files = write_files(tmp_path, [*RECORDS[:8], BAD], 3)
    frame = fs.polars.scan(files, on_error="keep").collect(engine=engine)
    assert frame.height == 9
    assert frame.filter(pl.col("error").is_not_null())["uuid"].to_list() == [BAD["uuid"]]


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (b'{"error": "Unauthorized"}', fs.NotDevicesError, "an error answer of the API"),
        (b"<html>502</html>", fs.JSONError, "no JSON"),
        (json.dumps(RECORDS).encode()[:5000], fs.JSONError, "truncated?"),
        (gzip.compress(b"[]")[:9], ValueError, "a broken gzip file"),
    ],
    ids=["an error answer", "a web page", "half a file", "half a gzip file"],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: bytes, error: Any, words: str) -> None:
    files = write_files(tmp_path, RECORDS, 3)
    Path(files[1]).write_bytes(text)
    with pytest.raises(error, match=words) as caught:
        fs.polars.scan(files).collect()
    assert files[1] in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"late\.json"):
        fs.polars.scan(tmp_path / "late.json").collect()
    with pytest.raises(FileNotFoundError, match=r"no file matches .*late-\*\.json"):
        fs.polars.scan(tmp_path / "late-*.json")


def test_a_field_that_some_files_lack_is_judged_together(tmp_path: Path) -> None:
    half = [without(one, "image_install") for one in RECORDS[:150]]
    files = write_files(tmp_path, [*half, *RECORDS[150:]], 2)
    fs.check_fields([fs.polars.scan(files).select("fields_seen").unique().collect()])
    seen = fs.polars.scan(files[:1]).select("fields_seen").unique().collect()
    with pytest.raises(fs.MissingFieldsError, match="image_install"):
        fs.check_fields([seen])
    fs.check_fields([seen], allow_missing="image_install")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"missing": "source"}, "missing='source' judges all of a source"),
        ({"missing": "x"}, "missing"),
        ({"now": "newest"}, "now='newest' is the newest event"),
        ({"now": "2026-11-01"}, "now"),
        ({"now": "file"}, "now='file'"),
        ({"scheme": "docs"}, "docs"),
        ({"threads": 2}, "threads is 2"),
        ({"allow_missing": "x"}, "allow_missing names 'x'"),
        ({"on_error": "ignore"}, "on_error"),
    ],
    ids=str,
)
def test_options_are_judged_at_once(options: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fs.polars.scan(b"[]", **options)


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(TypeError, match="no option 'schema'; did you mean 'scheme'"):
        fs.polars.scan(b"[]", schema="docs-2021")  # type: ignore[call-arg]


@pytest.mark.parametrize("source", [3, None, fs.classify([])], ids=["number", "none", "table"])
def test_what_is_no_source_is_refused(source: Any) -> None:
    with pytest.raises((TypeError, fs.NotDevicesError), match=r"a source is|a StatusTable already"):
        fs.polars.scan(source).collect()


# What it costs


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(PACKAGE)}
    )
    return done.stdout.strip()


def test_it_needs_nothing_but_polars() -> None:
    script = """
import sys
sys.modules["pyarrow"] = sys.modules["pandas"] = sys.modules["numpy"] = None
import fleetstatus as fs
assert "polars" not in sys.modules
print(fs.polars.scan(fs.sample_fleet()).filter(status="Disconnected").collect().shape)
"""
    assert run(script) == "(21, 28)"


def test_without_polars_it_says_what_to_install() -> None:
    script = """
import sys
sys.modules["polars"] = None
import fleetstatus as fs
try: fs.polars
except ImportError as error: print(error)
"""
    assert "needs polars, 1.32 or later: pip install -U polars" in run(script)


COUNT = """
import sys
from functools import partial
from pathlib import Path
import polars as pl
import fleetstatus as fs
import fleetstatus._engines.files as files
files.scan = partial(fs.scan, batch_size=4096)
lazy = fs.polars.scan(sys.argv[1])
counts = lazy.select(pl.all().count()).collect(engine="streaming")
print(counts["id"].item())
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak")
def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    peaks = []
    for times in (1, 10):
        n_records = write_many(tmp_path / "many.json.gz", times)
        n_rows, kibibytes = run(COUNT, str(tmp_path / "many.json.gz")).split()
        assert int(n_rows) == n_records
        peaks.append(int(kibibytes))
    assert peaks[1] < 1.2 * peaks[0]
