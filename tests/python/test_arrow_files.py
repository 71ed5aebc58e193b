"""Parquet and Arrow files as a source, through whichever library is installed."""

from __future__ import annotations

import gzip
import io
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

import fleetstatus as fs
from examples import NOW, device_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

INSTALLS = [{"id": 1, "status": "Downloading", "download_progress": 40}]
RECORDS = [
    device_record(id=number, device_name=f"device {number}", image_install=INSTALLS)
    for number in range(3)
]
TABLE = pa.Table.from_pylist([{**record, "note": {"x": [1]}} for record in RECORDS])


def parquet() -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(TABLE, file, row_group_size=2)
    return file.getvalue()


def arrow() -> bytes:
    file = io.BytesIO()
    with pa.ipc.new_file(file, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=2)
    return file.getvalue()


def feather() -> bytes:
    file = io.BytesIO()
    pyarrow.feather.write_feather(TABLE, file, compression="zstd")
    return file.getvalue()


def parquet_of_polars() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(TABLE).write_parquet(file)
    return file.getvalue()


FILES = {
    "Parquet": parquet(),
    "Parquet of polars": parquet_of_polars(),
    "Arrow": arrow(),
    "Feather": feather(),
}


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """Make libraries look as if they were not installed."""

    def hide(names: Sequence[str]) -> None:
        for module in list(sys.modules):
            if module.partition(".")[0] in names:
                monkeypatch.delitem(sys.modules, module)
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return hide


def classify(source: Any, **options: Any) -> fs.StatusTable:
    return fs.classify(source, now=NOW, **options)


@pytest.mark.parametrize("name", FILES)
def test_a_file_answers_what_its_records_answer(name: str, tmp_path: Path) -> None:
    expected = classify(RECORDS).to_dicts()
    content = FILES[name]
    path = tmp_path / "devices.data"
    path.write_bytes(content)
    for source in (path, content, memoryview(content), io.BytesIO(content), gzip.compress(content)):
        assert classify(source).to_dicts() == expected
    assert len(classify([path, path])) == 2 * len(RECORDS)


HIDDEN = [
    ("Parquet", ["pyarrow"]),
    ("Parquet", ["pyarrow", "polars"]),
    ("Parquet of polars", ["pyarrow", "polars"]),
    ("Arrow", ["pyarrow"]),
    ("Feather", ["pyarrow"]),
]


@pytest.mark.parametrize(("name", "hidden"), HIDDEN)
def test_any_library_that_is_installed_reads_it(
    name: str, hidden: list[str], without: Callable[[Sequence[str]], None]
) -> None:
    expected = classify(RECORDS).to_dicts()
    without(hidden)
    assert classify(FILES[name]).to_dicts() == expected


ALL = ["pyarrow", "polars", "duckdb"]


@pytest.mark.parametrize("name", FILES)
def test_without_a_library_the_error_names_them(
    name: str, without: Callable[[Sequence[str]], None]
) -> None:
    without(ALL)
    with pytest.raises(ValueError, match="nothing that reads it is installed") as raised:
        classify(FILES[name])
    first, advice = str(raised.value).split("\n")
    assert all(library in advice for library in ALL)
    assert first.startswith(f"the source: {name.partition(' ')[0]}".replace("Feather", "Arrow"))


def test_columns_that_are_not_fields_are_not_read(without: Any) -> None:
    # DuckDB would not need them either; a carried one is read.
    table = TABLE.append_column("os_version", pa.array(["a", "b", "c"]))
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file)
    for hidden in ([], ["pyarrow"], ["pyarrow", "polars"]):
        without(hidden)
        carried = classify(file.getvalue(), carry="os_version")
        assert carried["os_version"].to_list() == ["a", "b", "c"]


@pytest.mark.parametrize("hidden", [[], ["pyarrow"], ["pyarrow", "polars"]], ids=repr)
def test_a_table_of_something_else_is_no_device_data(hidden: list[str], without: Any) -> None:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"id": [1], "city": ["oslo"]}), file)
    without(hidden)
    with pytest.raises(fs.NotDevicesError, match=r"Parquet.*'id', 'city'") as raised:
        classify(file.getvalue(), allow_missing="all", on_error="keep")
    assert str(raised.value).count("\n") == 1


@pytest.mark.parametrize("hidden", [[], ["pyarrow"], ["pyarrow", "polars"]], ids=repr)
@pytest.mark.parametrize("name", ["Parquet", "Arrow"])
@pytest.mark.parametrize("cut", [10, -30])
def test_a_broken_file_is_said_to_be_so(
    hidden: list[str], name: str, cut: int, without: Any, tmp_path: Path
) -> None:
    path = tmp_path / "x.data"
    path.write_bytes(FILES[name][:cut])
    if name == "Arrow" and "polars" in hidden:
        pytest.skip("DuckDB does not read it")
    without(hidden)
    with pytest.raises(ValueError, match=rf"x\.data: a broken file of {name}: ") as raised:
        classify(path)
    assert len(str(raised.value).split("\n")[0]) < 200


@pytest.mark.parametrize("name", FILES)
def test_scan_reads_it_from_no_open_file(name: str) -> None:
    form = name.partition(" ")[0].replace("Feather", "Arrow")
    told = rf"{form} in an open file, which scan does not read.*\nname the file by its path"
    with pytest.raises(ValueError, match=told):
        list(fs.scan(io.BytesIO(FILES[name]), now=NOW))
    assert sum(map(len, fs.scan(FILES[name], now=NOW))) == len(fs.classify(FILES[name], now=NOW))
