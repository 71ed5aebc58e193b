"""Columns that are scanned: Parquet and Arrow files, readers, cursors, datasets, relations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

import fleetstatus as fs
from examples import NOW, device_record
from fleet_data import full_records, selected_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORDS = [device_record(id=number, device_name=f"sensor {number}") for number in range(10)]
TABLE = pa.Table.from_pylist(RECORDS)
BAD = pa.Table.from_pylist(
    [
        device_record(id=number, api_heartbeat_state="on" if number == 6 else "online")
        for number in range(10)
    ]
)


class Cursor:
    """A cursor of ADBC: an iterator of tuples that gives its rows as Arrow once."""

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return iter([tuple(record.values()) for record in RECORDS])

    def fetch_arrow(self) -> Any:
        return TABLE.to_reader(max_chunksize=3)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    pq.write_table(TABLE, tmp_path / "fleet.parquet", row_group_size=3)
    return tmp_path / "fleet.parquet"


@pytest.fixture
def arrow(tmp_path: Path) -> Path:
    return written_arrow(TABLE, tmp_path / "fleet.arrow")


def written_arrow(table: pa.Table, path: Path) -> Path:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=4):
            writer.write_batch(batch)
    return path


def scanned(source: Any, **options: Any) -> list[fs.StatusTable]:
    return list(fs.scan(source, **{"now": NOW, "batch_size": 4, **options}))


def rows_of(tables: list[fs.StatusTable]) -> list[dict[str, Any]]:
    return [row for table in tables for row in table.to_dicts()]


def broken(source: Any, **options: Any) -> tuple[list[int | None], Exception]:
    """Scan what breaks: the ids of the rows before it, and the error."""
    tables: list[fs.StatusTable] = []
    with pytest.raises((ValueError, OSError, fs.FleetStatusError)) as raised:
        tables.extend(fs.scan(source, **{"now": NOW, "batch_size": 4, **options}))
    return [number for table in tables for number in table["id"]], raised.value


# Sources

SOURCES: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: path,
    "text": str,
    "bytes": lambda path: path.read_bytes(),
    "paths": lambda path: [path],
    "iterator": lambda path: iter([path]),
    "table": lambda _: TABLE,
    "batch": lambda _: TABLE.to_batches()[0],
    "reader": lambda _: TABLE.to_reader(max_chunksize=3),
    "cursor": lambda _: Cursor(),
    "dataset": pyarrow.dataset.dataset,
    "scanner": lambda path: pyarrow.dataset.dataset(path).scanner(),
    "filtered": lambda path: pyarrow.dataset.dataset(path).filter(pyarrow.dataset.field("id") >= 0),
    "relation": lambda path: duckdb.read_parquet(str(path)),
    "polars": pl.read_parquet,
    "readers": lambda _: [TABLE.slice(0, 5).to_reader(), TABLE.slice(5).to_reader()],
}


@pytest.mark.parametrize("form", SOURCES.values(), ids=SOURCES)
def test_rows_are_those_of_classify(form: Any, parquet: Path) -> None:
    tables = scanned(form(parquet))
    assert [len(table) for table in tables] == [4, 4, 2]
    assert rows_of(tables) == fs.classify(RECORDS, now=NOW).to_dicts()


@pytest.mark.parametrize("form", ["reader", "cursor", "dataset", "scanner", "filtered"])
def test_classify_takes_what_scan_takes(form: str, parquet: Path) -> None:
    table = fs.classify(SOURCES[form](parquet), now=NOW)
    assert table.to_dicts() == fs.classify(RECORDS, now=NOW).to_dicts()


@pytest.mark.parametrize("batch_size", [1, 3, 10, 11, sys.maxsize + 1])
@pytest.mark.parametrize("threads", [1, 2, None])
def test_tables_have_their_size_whatever_the_batches(
    batch_size: int, threads: int | None, parquet: Path, arrow: Path
) -> None:
    for path in (parquet, arrow):
        tables = scanned([path, path], batch_size=batch_size, threads=threads)
        assert [len(table) for table in tables[:-1]] == [batch_size] * (len(tables) - 1)
        assert rows_of(tables) == fs.classify(RECORDS * 2, now=NOW).to_dicts()


def test_files_of_columns_and_of_text_stand_side_by_side(parquet: Path, arrow: Path) -> None:
    text = fs.sample_fleet()
    tables = scanned([parquet, text, arrow, TABLE], carry="os_version", allow_missing="all")
    ids = [number for table in tables for number in table["id"]]
    expected = fs.classify(text, now=NOW)["id"].to_list()
    assert ids == [*range(10), *expected, *range(10), *range(10)]


@pytest.mark.slow
@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_many_rows_on_threads(n_threads: int, tmp_path: Path) -> None:
    records = list(selected_records(30_000))
    pl.DataFrame(records, infer_schema_length=None).write_parquet(
        tmp_path / "fleet.parquet", row_group_size=7_000
    )
    tables = scanned(tmp_path / "fleet.parquet", batch_size=11_000, threads=n_threads)
    assert [len(table) for table in tables] == [11_000, 11_000, 8_000]
    assert rows_of(tables) == fs.classify(records, now=NOW).to_dicts()


def test_columns_that_no_rule_reads_are_not_read(parquet: Path) -> None:
    """Values that cannot be read matter only where they are asked for."""
    pq.write_table(TABLE.append_column("other", pa.array(["x"] * 10)), parquet)
    break_last_column(parquet)
    assert len(rows_of(scanned(parquet))) == 10
    assert "a broken file of Parquet" in str(broken(parquet, carry="other")[1])


def break_last_column(path: Path) -> None:
    content = bytearray(path.read_bytes())
    groups = pq.ParquetFile(path).metadata
    last = groups.row_group(groups.num_row_groups - 1).column(groups.num_columns - 1)
    start = last.dictionary_page_offset or last.data_page_offset
    content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)


# Formats of columns


def test_dictionaries_may_change_between_batches() -> None:
    batches = []
    for names in (["north", "south"], ["south", "north", "east"]):
        rows = pa.Table.from_pylist(
            [device_record(site=name, api_heartbeat_state="online") for name in names]
        )
        for column in ("site", "api_heartbeat_state"):
            at = rows.schema.get_field_index(column)
            rows = rows.set_column(at, column, rows[column].dictionary_encode())
        batches += rows.to_batches()
    reader = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    [table] = scanned(reader, carry="site", batch_size=100)
    assert table["site"].to_list() == ["north", "south", "south", "north", "east"]


def test_lists_and_objects_may_be_columns_or_text(tmp_path: Path) -> None:
    records = list(full_records(500))
    frame = pl.DataFrame(records, infer_schema_length=None)
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    assert nested
    frame.write_parquet(tmp_path / "nested.parquet", row_group_size=100)
    as_text = frame.with_columns(
        pl.Series(
            name,
            [
                None if value is None else json.dumps(value)
                for value in (record.get(name) for record in records)
            ],
        )
        for name in nested
    )
    as_text.write_parquet(tmp_path / "text.parquet", row_group_size=100)
    expected = fs.classify(records, now=NOW).to_dicts()
    for name in ("nested", "text"):
        assert rows_of(scanned(tmp_path / f"{name}.parquet", batch_size=64)) == expected


def test_columns_may_differ_between_files(parquet: Path, tmp_path: Path) -> None:
    """Other types, another order, and a field more."""
    other = TABLE.select(TABLE.column_names[::-1]).append_column("os_version", pa.array(["6"] * 10))
    at = other.schema.get_field_index("id")
    other = other.set_column(at, "id", other["id"].cast(pa.int16()))
    pq.write_table(other, tmp_path / "other.parquet")
    tables = scanned(
        [parquet, tmp_path / "other.parquet"],
        carry="os_version",
        batch_size=20,
        allow_missing="os_version",
    )
    assert tables[0]["os_version"].to_list() == [None] * 10 + ["6"] * 10
    assert tables[0]["id"].to_list() == [*range(10)] * 2


def test_a_file_that_lacks_a_link_has_bad_records(parquet: Path, tmp_path: Path) -> None:
    less = tmp_path / "less.parquet"
    pq.write_table(TABLE.drop_columns(["api_heartbeat_state"]), less)
    ids, error = broken([parquet, less])
    assert ids == [*range(10)]
    assert isinstance(error, fs.RecordError)
    assert (error.index, error.field) == (10, "api_heartbeat_state")
    assert str(error).startswith(f"{less}: record 10: ")
    kept = rows_of(scanned([parquet, less], on_error="keep"))
    assert [row["error"] is None for row in kept] == [True] * 10 + [False] * 10


def test_a_field_that_no_batch_has_is_missing(tmp_path: Path) -> None:
    pq.write_table(TABLE.drop_columns(["image_install"]), tmp_path / "less.parquet")
    with pytest.raises(fs.MissingFieldsError, match="image_install"):
        scanned(tmp_path / "less.parquet")


def test_an_empty_file_has_no_tables(tmp_path: Path) -> None:
    pq.write_table(TABLE.slice(0, 0), tmp_path / "none.parquet")
    written_arrow(TABLE.slice(0, 0), tmp_path / "none.arrow")
    assert scanned([tmp_path / "none.parquet", tmp_path / "none.arrow"]) == []


# Without pyarrow


@pytest.mark.parametrize("missing", [["pyarrow"], ["pyarrow", "polars"]], ids=str)
def test_files_are_read_without_pyarrow(
    missing: list[str], parquet: Path, arrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parquet.read_bytes()
    expected = fs.classify(RECORDS, now=NOW).to_dicts()
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    assert rows_of(scanned(parquet)) == rows_of(scanned(content)) == expected
    if "polars" not in missing:
        assert rows_of(scanned(arrow)) == expected
        assert rows_of(scanned(arrow.read_bytes())) == expected
    else:
        with pytest.raises(ValueError, match="install pyarrow, polars or duckdb"):
            scanned(arrow)


def test_files_need_something_that_reads_them(
    parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "polars", "duckdb"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ValueError, match="install pyarrow, polars or duckdb"):
        scanned(parquet)


# Errors


@pytest.mark.parametrize("form", ["parquet", "arrow", "table", "reader", "many"])
@pytest.mark.parametrize("threads", [1, 2])
def test_rows_before_a_bad_record_come_first(form: str, threads: int, tmp_path: Path) -> None:
    pq.write_table(BAD, tmp_path / "bad.parquet", row_group_size=3)
    source: Any = {
        "parquet": tmp_path / "bad.parquet",
        "arrow": written_arrow(BAD, tmp_path / "bad.arrow"),
        "table": BAD,
        "reader": BAD.to_reader(),
        "many": [BAD.slice(0, 5), tmp_path / "bad.parquet"],
    }[form]
    ids, error = broken(source, threads=threads)
    first = 5 if form == "many" else 0
    assert ids == [*range(first), *range(6)]
    assert isinstance(error, fs.RecordError)
    assert error.index == first + 6
    file = f"{tmp_path / 'bad.parquet'}: " if form == "many" else ""
    assert str(error).startswith(f'{file}record {first + 6}: api_heartbeat_state is "on"')
    assert f"(after {first + 6} records" in str(error)


def test_a_reader_that_raises_ends_the_scan() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield TABLE.to_batches()[0]
        message = "the connection was cut"
        raise OSError(message)

    ids, error = broken(pa.RecordBatchReader.from_batches(TABLE.schema, batches()))
    assert ids == [*range(10)]
    assert "the connection was cut" in str(error)
    assert "(after 10 records)" in str(error)


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_a_file_that_was_cut_is_named(suffix: str, parquet: Path, arrow: Path) -> None:
    path = parquet if suffix == "parquet" else arrow
    path.write_bytes(path.read_bytes()[:-100])
    ids, error = broken([TABLE, path])
    assert ids == [*range(10)]
    assert str(error).startswith(f"{path}: a broken file of ")


def test_a_page_that_is_broken_is_named(parquet: Path) -> None:
    repeated = pa.concat_tables([TABLE.select(sorted(TABLE.column_names))] * 2_000)
    pq.write_table(repeated, parquet, row_group_size=10_000)
    break_last_column(parquet)  # of the second row group
    ids, error = broken([parquet], batch_size=1_000)
    assert len(ids) in {0, 10_000}
    assert str(error).startswith(f"{parquet}: a broken file of Parquet: ")


def test_a_file_that_ends_before_the_rows_that_it_says_is_broken(
    parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = pq.ParquetFile.iter_batches
    cut = lambda *args, **options: (batch[:-1] for batch in read(*args, **options))
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", cut)
    ids, error = broken([TABLE, parquet])
    assert ids == [*range(10), *range(9)]
    assert f"{parquet}: a broken file of Parquet: it ends after 9 of 10 rows" in str(error)


def test_tables_of_answers_are_no_devices() -> None:
    table = fs.classify(RECORDS, now=NOW)
    with pytest.raises(fs.NotDevicesError, match="the source: a StatusTable already"):
        fs.scan(table)
    with pytest.raises(fs.NotDevicesError, match="item 1: a StatusTable already"):
        fs.scan([TABLE, table])


def test_other_tables_are_no_devices(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(fs.NotDevicesError, match=r"other\.parquet"):
        scanned(tmp_path / "other.parquet")
    with pytest.raises(fs.NotDevicesError):
        scanned(pa.table({"a": [1]}))
    with pytest.raises(ValueError, match="columns"):
        scanned(pa.chunked_array([[1]]))


@pytest.mark.parametrize("form", ["reader", "cursor"])
def test_a_stream_gives_its_rows_once(form: str, parquet: Path) -> None:
    scan = fs.scan(SOURCES[form](parquet), now=NOW)
    assert [len(table) for table in scan] == [10]
    with pytest.raises(ValueError, match="which can be scanned once"):
        list(scan)


@pytest.mark.parametrize("form", ["path", "table", "dataset", "scanner", "relation", "polars"])
def test_all_others_give_them_again(form: str, parquet: Path) -> None:
    scan = fs.scan(SOURCES[form](parquet), now=NOW)
    assert [[len(table) for table in scan] for _ in range(2)] == [[10], [10]]


@pytest.mark.parametrize("read", [fs.scan, fs.classify])
def test_a_query_that_has_not_run_has_no_rows(read: Any, parquet: Path) -> None:
    with pytest.raises(TypeError, match=r"LazyFrame holds no rows yet: pass frame.collect\(\)"):
        read(pl.scan_parquet(parquet))


def test_a_frame_of_pandas_is_for_classify(parquet: Path) -> None:
    with pytest.raises(TypeError, match="for records in memory there is classify"):
        fs.scan(TABLE.to_pandas())
    with parquet.open("rb") as file, pytest.raises(ValueError, match="name the file by its path"):
        scanned(file)


# Progress, threads, memory


def test_progress_counts_the_bytes_of_files(parquet: Path, arrow: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    scanned([parquet, arrow], progress=lambda *call: calls.append(call))
    total = parquet.stat().st_size + arrow.stat().st_size
    assert {call[1] for call in calls} == {total}
    assert calls[-1][0] == total
    assert calls == sorted(calls)
    calls.clear()
    scanned([parquet, TABLE], progress=lambda *call: calls.append(call))
    assert {call[1] for call in calls} == {None}


def test_a_reader_in_python_is_pulled_while_others_run() -> None:
    """The producer needs the GIL, which the engine does not hold meanwhile."""
    done = threading.Event()

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(3):
            threading.Thread(target=done.set).start()
            assert done.wait(60)
            done.clear()
            yield TABLE.to_batches()[0]

    reader = pa.RecordBatchReader.from_batches(TABLE.schema, batches())
    assert sum(map(len, scanned(reader))) == 30


PROGRAM = """
import sys
from pathlib import Path
import fleetstatus as fs

n_rows = sum(map(len, fs.scan(sys.argv[1], batch_size=10_000, threads=1)))
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(n_rows, peak)
"""


def peak_of(path: Path) -> tuple[int, int]:
    """Scan in a process of its own: the rows, and kibibytes at the peak."""
    few = {"OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, path],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | few,
    )
    n_rows, peak = map(int, done.stdout.split())
    return n_rows, peak


def write_repeated(path: Path, frame: pl.DataFrame, times: int) -> None:
    """Write a frame again and again, each time as row groups of their own."""
    table = frame.to_arrow()
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(times):
            writer.write_table(table)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    frame = pl.DataFrame(list(full_records(20_000)), infer_schema_length=None)
    write_repeated(tmp_path / "one.parquet", frame, 4)
    write_repeated(tmp_path / "ten.parquet", frame, 40)
    n_one, one = peak_of(tmp_path / "one.parquet")
    n_ten, ten = peak_of(tmp_path / "ten.parquet")
    assert (n_one, n_ten) == (80_000, 800_000)
    assert ten <= 1.2 * one
