"""A scan as a stream of Arrow batches, for libraries that pull it by themselves."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record
from test_scan import LINES, RECORDS, Trickle

if TYPE_CHECKING:
    from types import ModuleType

BAD = LINES + as_json(device_record(id="x"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.ndjson"
    path.write_bytes(LINES)
    return path


@pytest.fixture
def pa() -> ModuleType:
    module: ModuleType = pytest.importorskip("pyarrow")
    return module


def scan(source: Any, **options: Any) -> Any:
    return fs.scan(source, **{"now": NOW, "batch_size": 4, **options})


def test_batches_are_the_tables(path: Path, pa: ModuleType) -> None:
    scanned = scan([path, path], carry="note")
    reader = pa.RecordBatchReader.from_stream(scanned)
    batches = list(reader)
    assert [batch.num_rows for batch in batches] == [4, 4, 4, 4, 4]
    expected = pa.table(fs.classify([path, path], now=NOW, carry="note"))
    assert pa.Table.from_batches(batches).to_pylist() == expected.to_pylist()
    assert reader.schema == expected.schema == pa.schema(scanned)


@pytest.mark.parametrize("scheme", ["docs-2024-11", "api-v7"])
def test_the_schema_says_what_is_known_before_reading(
    path: Path, pa: ModuleType, scheme: str
) -> None:
    table = fs.classify([path, path], now=NOW, scheme=fs.StatusScheme(scheme))
    scanned = scan([path, path], scheme=scheme)
    assert pa.schema(scanned).equals(pa.table(scanned).schema, check_metadata=True)
    assert fs.StatusTable.from_arrow(pa.table(scanned)) == table


@pytest.mark.parametrize("now", [None, "clock", "file"])
def test_a_moment_that_is_not_known_yet_is_not_said(
    path: Path, pa: ModuleType, now: str | None
) -> None:
    scanned = scan(path, now=now)
    for schema in (pa.schema(scanned), pa.table(scanned).schema):
        assert b'"scheme":"docs-2024-11"' in schema.metadata[b"fleetstatus"]
        assert b'"now"' not in schema.metadata[b"fleetstatus"]
    with pytest.raises(ValueError, match="does not say the now of the table; pass now="):
        fs.StatusTable.from_arrow(pa.table(scanned))


def test_a_stream_is_pulled_batch_by_batch(path: Path, pa: ModuleType) -> None:
    calls: list[int] = []
    source = Trickle(path.read_bytes(), 1000)
    reader = pa.RecordBatchReader.from_stream(
        scan(source, progress=lambda done, _: calls.append(done))
    )
    assert calls == []
    reader.read_next_batch()
    assert 0 < len(calls) < 4
    del reader


def test_each_stream_starts_anew(path: Path, pa: ModuleType) -> None:
    scanned = scan(path)
    first = pa.RecordBatchReader.from_stream(scanned)
    first.read_next_batch()
    assert pa.table(scanned).num_rows == 10
    assert pa.table(scanned).num_rows == 10
    assert first.read_next_batch()["id"].to_pylist() == [4, 5, 6, 7]


def test_an_empty_scan_has_a_schema_and_no_rows(pa: ModuleType) -> None:
    assert pa.table(scan(b"")).num_rows == 0
    assert pa.table(scan(b"")).schema == pa.table(scan(LINES)).schema


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_the_schema_holds_whatever_the_rows(scheme: Any, pa: ModuleType) -> None:
    texts = [
        LINES,
        b'[{"device_name": null}]',
        as_json([device_record(belongs_to__application={"slug": "a/b"})]),
    ]
    for text in texts:
        scanned = scan(text, scheme=scheme, allow_missing="all")
        assert pa.table(scanned).schema == pa.schema(scanned)


def test_rows_before_an_error_come_first(pa: ModuleType) -> None:
    reader = pa.RecordBatchReader.from_stream(scan(BAD))
    assert [reader.read_next_batch().num_rows for _ in range(3)] == [4, 4, 2]
    with pytest.raises(pa.ArrowInvalid, match=r'RecordError: record 10: id is "x", .*after 10 rec'):
        reader.read_next_batch()


def test_errors_of_files_are_errors_of_input(path: Path, pa: ModuleType) -> None:
    reader = pa.RecordBatchReader.from_stream(scan([path, path.with_name("none")]))
    with pytest.raises(OSError, match=r"FileNotFoundError: (?s:.*)after 10 records and [\d,]+ byt"):
        list(reader)


def test_what_cannot_be_rewound_gives_one_stream(pa: ModuleType) -> None:
    scanned = scan(Trickle(LINES))
    assert pa.table(scanned).num_rows == 10
    with pytest.raises(pa.ArrowInvalid, match="can be scanned once"):
        pa.table(scanned)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="cannot count open files")
def test_a_stream_that_is_given_up_closes_its_file(path: Path, pa: ModuleType) -> None:
    n_open = len(list(Path("/proc/self/fd").iterdir()))
    reader = pa.RecordBatchReader.from_stream(scan(path))
    reader.read_next_batch()
    assert len(list(Path("/proc/self/fd").iterdir())) == n_open + 1
    del reader
    assert len(list(Path("/proc/self/fd").iterdir())) == n_open


@pytest.mark.slow
def test_a_stream_that_nobody_takes_is_released(path: Path) -> None:
    scanned = scan(path)
    for _ in range(3):
        scanned.__arrow_c_stream__()
        scanned.__arrow_c_schema__()
    gc.collect()


def test_a_stream_may_be_pulled_by_another_thread(pa: ModuleType) -> None:
    reader = pa.RecordBatchReader.from_stream(scan(LINES))
    rows: list[int] = []
    thread = threading.Thread(target=lambda: rows.extend(batch.num_rows for batch in reader))
    thread.start()
    thread.join()
    assert rows == [4, 4, 2]


def test_polars_takes_a_scan() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(scan(LINES))
    assert frame["id"].to_list() == [record["id"] for record in RECORDS]
    assert frame["status"].dtype == pl.Enum(fs.StatusScheme.DOCS_2024_11.labels)
    with pytest.raises(pl.exceptions.ComputeError, match="record 10: id is"):
        pl.DataFrame(scan(BAD))


def test_duckdb_takes_a_scan(path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    fleet = scan([path, path])  # noqa: F841 - found by its name
    query = "select status, count(*), sum(id) from fleet where id < 9 group by 1"
    for _ in range(2):
        assert duckdb.sql(query).fetchall() == [("Operational", 18, 72)]
    both = "select count(*) from fleet a join fleet b on a.id = b.id"
    assert duckdb.sql(both).fetchall() == [(40,)]
    bad = scan(BAD)  # noqa: F841
    with pytest.raises(duckdb.Error, match="record 10: id is"):
        duckdb.sql("select count(id) from bad").fetchall()
