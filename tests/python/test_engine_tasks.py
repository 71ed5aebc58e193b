"""What tasks of an engine do: options, the moment, runs of text, errors in words, and workers."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, device_record
from fleetstatus._engines.cells import cells_of
from fleetstatus._engines.frames import TextColumn, is_text_type, text_column
from fleetstatus._engines.job import Job, job_of
from fleetstatus._engines.joined import is_one_text, joined_lines
from fleetstatus._engines.lines import is_lines
from fleetstatus._engines.moment import local_files
from fleetstatus._engines.partition import Partition
from fleetstatus._engines.paths import paths_of
from fleetstatus._engines.runs import runs_of
from fleetstatus._engines.shipped import shipped

GOOD = json.dumps(device_record()).encode()
BAD = json.dumps(device_record(uuid="bad5" * 8, api_heartbeat_state="gone")).encode()


def job(**options: Any) -> Job:
    return job_of({"now": NOW, **options})  # type: ignore[typeddict-item]


def read(*cells: bytes | None, names: list[str | None] | None = None, **options: Any) -> pa.Table:
    own = job(**options)
    batches = Partition(own, 3).read_runs(runs_of(cells, names, 0))
    return pa.Table.from_batches(batches, own.schema())


# Options


def test_options_have_the_defaults_of_classify_but_parts() -> None:
    assert job_of({"now": NOW}) == job_of({
        "now": NOW, "scheme": "docs-2024-11", "allow_missing": (), "on_error": "raise", "carry": (),
        "threads": None, "default_poll_interval": "15min", "assume_utc": False, "missing": "parts",
    })  # fmt: skip
    assert job().options["parts"] is True
    assert job(threads=1) == job()


@pytest.mark.parametrize(
    ("option", "value", "error", "words"),
    [
        ("missing", "source", ValueError, r"each task of an engine has a part alone\nleave it out"),
        ("missing", "all", ValueError, "missing is 'all', expected 'parts'"),
        ("threads", 4, ValueError, "threads is 4, but each task of an engine has one thread"),
        ("threads", True, ValueError, "threads is True"),
        ("now", "newest", ValueError, "no task has all of it\npass a time, 'file' or 'clock'"),
        ("now", "file", ValueError, "not all regular files"),
        ("now", datetime(2026, 1, 1), ValueError, "without a zone"),  # noqa: DTZ001
        ("scheme", "docs", ValueError, "no scheme 'docs'"),
        ("on_error", "skip", ValueError, "on_error is 'skip'"),
        ("schem", "api-v7", TypeError, r"no option 'schem'; did you mean 'scheme'\?"),
    ],
)
def test_what_is_no_option_is_refused(
    option: str, value: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        job(**{option: value})


def test_a_task_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("fleetstatus._core.Reader", lambda **options: asked.append(options))
    job_of({"now": NOW}).reader()
    assert asked[0]["n_threads"] == 1


def test_a_job_can_be_pickled() -> None:
    own = job(carry={"rack": int}, scheme="api-v7")
    assert pickle.loads(pickle.dumps(own)) == own


def test_the_schema_is_that_of_the_rows() -> None:
    rows = read(GOOD)
    assert rows.schema == job().schema()
    expected = fs.classify([device_record()], now=NOW).to_arrow(flat=True)
    assert rows.drop_columns(["fields_seen"]).equals(expected.replace_schema_metadata())
    assert rows.schema.names[-1] == "fields_seen"


# The moment


def test_without_files_the_moment_is_the_clock_read_once() -> None:
    own = job_of({})
    tables = [own.classify(GOOD) for _ in range(2)]
    assert tables[0].now == tables[1].now
    assert tables[0].now_source == "clock"


def test_the_moment_of_files_is_when_the_newest_was_written(tmp_path: Path) -> None:
    paths = [tmp_path / "a b", tmp_path / "c"]
    for path, seconds in zip(paths, (1_700_000_000, 1_600_000_000), strict=True):
        path.write_bytes(GOOD)
        os.utime(path, (seconds, seconds))
    files = local_files([paths[0].as_uri(), str(paths[1])])
    assert files == paths
    for now in (None, "file"):
        table = job_of({"now": now}, files).classify(GOOD)
        assert (table.now.timestamp(), table.now_source) == (1_700_000_000, "file")
    assert local_files([str(paths[0]), "s3://fleet/devices"]) is None
    assert local_files([str(paths[0]), str(tmp_path)]) is None


def test_files_of_the_future_do_not_make_the_moment(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(GOOD)
    os.utime(path, (4e9, 4e9))
    assert job_of({}, [path]).classify(GOOD).now.timestamp() < 3.9e9


# Text


def test_lines_are_read_together_and_files_apart() -> None:
    packed = gzip.compress(GOOD)
    assert b"\n" not in packed[:2]
    cells = [GOOD, GOOD, b"{\n}", packed, None, GOOD]
    names = ["a", "a", "a", "a", "a", "b"]
    runs = list(runs_of(cells, names, 100))
    assert [(run.name, run.is_lines, run.where) for run in runs] == [
        ("a", True, "rows 100 to 101"),
        ("a", False, "row 102"),
        ("a", False, "row 103"),
        ("a", True, "row 104"),
        ("b", True, "row 105"),
    ]
    assert [run.text for run in runs] == [GOOD + b"\n" + GOOD, *cells[2:4], b"null", GOOD]


def test_a_broken_line_is_kept_also_where_a_partition_begins_with_it() -> None:
    rows = read(b'{"id": 1,', b"{", GOOD, on_error="keep")
    assert [error is None for error in rows["error"].to_pylist()] == [False, False, True]
    with pytest.raises(fs.JSONError):
        read(b'{"d": [', GOOD, b"{", on_error="keep")  # a page, so that devices are missing


def test_rows_are_counted_through_the_batches_of_a_partition() -> None:
    batches = [pa.record_batch({"payload": cells}) for cells in ([GOOD, GOOD], [GOOD, b"{"])]
    with pytest.raises(fs.JSONError, match=r"^partition 3, rows 2 to 3: "):
        list(Partition(job(), 3).read_text(batches, TextColumn("payload", None)))


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()])
def test_usual_lines_are_joined_at_once(kind: pa.DataType) -> None:
    joined = joined_lines(pa.array([b"{1", b"{2", b"{"]).cast(kind))
    assert joined == b"{1\n{2\n{"
    sliced = joined_lines(pa.array([b"x", b"{1", b"{2", b"x"]).cast(kind)[1:3])
    assert sliced == b"{1\n{2"
    for other in ([b"{1", b"{\n2"], [b"{1", b"[2"], [b"{1", None], []):
        assert joined_lines(pa.array(other, pa.binary()).cast(kind)) is None
    assert joined_lines(pa.array([b"{1"], pa.large_binary())) is None


def test_rows_of_one_file_are_known() -> None:
    assert is_one_text(pa.array(["a", "a"]))
    for other in (["a", "b"], ["a", None], [None], []):
        assert not is_one_text(pa.array(other, pa.string()))


def test_batches_come_to_the_same_however_they_are_joined() -> None:
    text = TextColumn("payload", "path")
    cells, paths = [GOOD, GOOD, BAD], ["a", "a", "b"]
    usual = pa.record_batch({"payload": cells, "path": paths})
    large = pa.record_batch({"payload": pa.array(cells, pa.large_binary()), "path": paths})
    for batches in ([usual], [usual[:2], usual[2:]], [large], [usual[:1], large[1:]]):
        with pytest.raises(fs.RecordError, match=r"^b, partition 3, uuid bad5.*: record 2: api"):
            list(Partition(job(), 3).read_text(batches, text))
        own = job(on_error="keep")
        rows = pa.Table.from_batches(Partition(own, 3).read_text(batches, text))
        assert [error and error[:8] for error in rows["error"].to_pylist()] == [
            None,
            None,
            "record 2",
        ]


def test_records_are_counted_through_a_partition() -> None:
    with pytest.raises(fs.RecordError) as raised:
        read(GOOD, json.dumps({"d": [json.loads(GOOD)] * 2}, indent=1).encode(), b"", BAD)
    assert raised.value.index == 3
    assert str(raised.value).startswith(f"partition 3, uuid {'bad5' * 8}: record 3: api_heartbeat")


def test_errors_say_where() -> None:
    with pytest.raises(
        fs.JSONError, match=r"^a\.json, partition 3, rows 0 to 1: a bracket too many"
    ):
        read(b'{"id": 1}}', GOOD, names=["a.json", "a.json"])
    with pytest.raises(fs.JSONError, match=r"^partition 3, row 1: ends inside record 1: truncated"):
        read(GOOD, b'{\n"id": 1,')
    with pytest.raises(fs.RecordError, match=r"^partition 3: record 0 is null"):
        read(None)
    with pytest.raises(
        fs.NotDevicesError, match=r"^partition 3, row 0: an error answer of the API"
    ):
        read(b"Bad Gateway")


def test_records_of_columns_are_counted_through_a_partition() -> None:
    records = [json.loads(GOOD), json.loads(BAD)]
    frames = [pa.RecordBatch.from_pylist(some) for some in (records[:1], records[:1], records)]
    with pytest.raises(fs.RecordError) as raised:
        list(Partition(job(), 3).read_columns(frames))
    assert raised.value.index == 3
    assert str(raised.value).startswith(f"partition 3, uuid {'bad5' * 8}: record 3: api_heartbeat")
    [batch] = Partition(job(on_error="keep"), 3).read_columns(frames)
    assert batch["error"][3].as_py().startswith("record 3: api_heartbeat")


def test_rows_are_handed_on_so_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetstatus._engines.job.ROWS_OF_TABLE", 3)
    frame = pa.RecordBatch.from_pylist([json.loads(GOOD)] * 7)
    partition = Partition(job())
    cells = runs_of([GOOD] * 7, None, 0)
    for batches in (partition.read_columns([frame]), partition.read_runs(cells)):
        assert [batch.num_rows for batch in batches] == [3, 3, 1]


def test_names_of_files_and_devices_are_shown_escaped() -> None:
    bad = json.dumps(device_record(uuid="\x1b[31m", api_heartbeat_state="gone")).encode()
    with pytest.raises(fs.RecordError) as raised:
        read(bad, names=["\x1b[2J"])
    assert "\x1b" not in str(raised.value)


def test_text_of_pandas_is_bytes_or_null() -> None:
    values = ["a", b"b", bytearray(b"c"), None, float("nan")]
    assert cells_of(values, "x") == [b"a", b"b", b"c", None, None]
    with pytest.raises(TypeError, match="row 1 of column x holds a dict, expected text or bytes"):
        cells_of(["a", {}], "x")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (GOOD + b"\n" + GOOD[:50], True),
        (b"\xef\xbb\xbf" + GOOD + b"\n", True),
        (gzip.compress((GOOD + b"\n") * 9), True),
        (gzip.compress((GOOD + b"\n") * 900)[:1000], True),
        (GOOD, False),
        (GOOD[:50], False),
        (b"{\n" + GOOD[1:], False),
        (b"[\n" + GOOD, False),
        (b"[" + GOOD + b"]\n", False),
        (b"uuid,status\n", False),
        (b"\x1f\x8b\xff\xff", False),
        (b"", False),
    ],
)
def test_the_beginning_of_a_file_says_whether_it_is_lines(head: bytes, expected: bool) -> None:
    assert is_lines(head) is expected


# Frames and paths


def test_a_frame_is_text_or_columns_named_like_fields() -> None:
    assert text_column([("payload", True)]) == TextColumn("payload", None)
    binary = [("path", True), ("modificationTime", False), ("length", False), ("content", True)]
    assert text_column(binary) == TextColumn("content", "path")
    assert text_column([("status", True), ("file_path", True)]) == TextColumn("status", "file_path")
    assert text_column([("device_name", True)]) is None
    assert text_column([("is connected to vpn", False), ("x", True)]) is None
    for columns in ([("a", True), ("b", True)], [("n", False)], [("path", True)], []):
        with pytest.raises(fs.NotDevicesError, match="pass a frame with columns named like"):
            text_column(columns)


def test_columns_of_text_are_known_by_their_type() -> None:
    texts = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()]
    assert all(map(is_text_type, texts))
    assert not any(map(is_text_type, [pa.int64(), pa.null(), pa.list_(pa.string())]))


def test_paths_are_texts() -> None:
    assert paths_of("s3://a/*") == ["s3://a/*"]
    assert paths_of([Path("a"), "b"]) == ["a", "b"]
    for source, error in (('{"d": []}', ValueError), (5, TypeError), ([b"a"], TypeError)):
        with pytest.raises(error):
            paths_of(source)


# Workers

WORKER = """
import marshal, sys, types
code, closure = marshal.loads(sys.stdin.buffer.read())
run = types.FunctionType(marshal.loads(code), {"__builtins__": __builtins__}, "run", None,
                         tuple(map(types.CellType, closure)))
try:
    print(run())
except ImportError as error:
    print(error)
"""


def answer() -> int:
    return 42


def told_by_worker(version: str | None, tmp_path: Path) -> str:
    """Run a shipped function where nothing but the standard library is known.

    Parameters
    ----------
    version
        Of a package of our name that the worker has; None: it has none.
    """
    import marshal

    run: Any = shipped(answer)
    closure = [cell.cell_contents for cell in run.__closure__]
    work = marshal.dumps((marshal.dumps(run.__code__), closure))
    if version is not None:
        (tmp_path / "fleetstatus.py").write_text(f"__version__ = {version!r}")
    command = [sys.executable, "-S", "-c", WORKER]
    done = subprocess.run(
        command, input=work, capture_output=True, cwd=tmp_path, env={}, check=True, timeout=100
    )
    return done.stdout.decode()


def test_a_worker_without_the_package_says_so(tmp_path: Path) -> None:
    text = told_by_worker(None, tmp_path)
    assert text.startswith("fleetstatus is not on the worker ")
    assert f"install it on every worker: pip install fleetstatus=={fs.__version__}" in text


def test_a_worker_with_another_version_says_so(tmp_path: Path) -> None:
    text = told_by_worker("0.0.1", tmp_path)
    assert f"has fleetstatus 0.0.1, and the job was made by {fs.__version__}" in text


def test_a_shipped_function_is_called_with_all_arguments() -> None:
    assert shipped(divmod, 17)(5) == (3, 2)
