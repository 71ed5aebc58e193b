"""Texts that an Arrow source holds are passed on as they are, without a copy."""

from __future__ import annotations

import gc
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_sources import Changed, Stream
from arrow_tables import TEXTS, arrow_devices
from examples import NOW
from typed_records import Types, arrow_table, typed_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.slow
def test_a_batch_is_released_with_the_last_that_holds_its_texts() -> None:
    (batch,) = arrow_devices(uuid=["a text of more than 12 bytes"]).to_batches()
    source = Changed(batch, lambda *_: None)
    table = fs.classify(source, now=NOW)
    assert source.n_released == 1
    column = pa.table(table)["uuid"]
    del table
    gc.collect()
    assert (source.n_released, column.to_pylist()) == (1, ["a text of more than 12 bytes"])
    del column
    gc.collect()
    assert source.n_released == 2
    source.give_back()


def addresses(column: Any) -> list[int]:
    """Where the buffers of a column begin, but for the bits that tell nulls."""
    return [buffer.address for chunk in column.chunks for buffer in chunk.buffers()[1:]]


@pytest.mark.parametrize("field", ["uuid", "device_name"])
@pytest.mark.parametrize("type_", TEXTS, ids=str)
def test_texts_are_passed_on_without_a_copy(field: str, type_: Any) -> None:
    texts = pa.array([f"a text of more than 12 bytes, {i}" for i in range(10_000)], type_)
    table = arrow_devices(**{field: texts})
    passed = pa.table(fs.classify(table, now=NOW))[field]
    assert passed.type == type_
    assert set(addresses(passed)) == set(addresses(table[field]))
    assert passed.to_pylist() == texts.to_pylist()


def test_texts_of_polars_are_passed_on_without_a_copy() -> None:
    frame = pl.from_arrow(arrow_devices(uuid=["a text of more than 12 bytes", "short", None]))
    assert isinstance(frame, pl.DataFrame)
    passed = pa.table(fs.classify(frame, now=NOW))["uuid"]
    held = pa.table(Stream(frame.__arrow_c_stream__))["uuid"]
    assert passed.type == held.type == pa.string_view()
    assert addresses(passed)[-1] == addresses(held)[-1]


@pytest.mark.slow
@pytest.mark.parametrize("type_", TEXTS, ids=str)
def test_texts_outlive_their_source(type_: Any) -> None:
    texts = [None if i % 7 == 0 else f"a text of more than 12 bytes, {i}" for i in range(9000)]
    gc.collect()
    n_bytes = pa.total_allocated_bytes()
    table = fs.classify(
        pa.Table.from_batches(
            arrow_devices(uuid=pa.array(texts, type_)).to_batches(max_chunksize=1000)
        ),
        now=NOW,
    )
    gc.collect()
    assert table["uuid"].to_list() == texts
    column = pa.table(table)["uuid"]
    del table
    gc.collect()
    assert column.to_pylist() == texts
    del column
    gc.collect()
    assert pa.total_allocated_bytes() == n_bytes


def test_texts_of_one_layout_may_follow_those_of_another(tmp_path: Path) -> None:
    broken = pa.array([b"b\xff"], pa.binary()).view(pa.string())
    tables = [arrow_devices(uuid=pa.array(["a"])), arrow_devices(uuid=broken)]
    table = fs.classify(
        pa.concat_tables([tables[0], tables[1], tables[0]]), now=NOW, on_error="keep"
    )
    assert pa.table(table)["uuid"].to_pylist() == ["a", None, "a"]
    assert pa.table(table).schema.field("uuid").type == pa.large_string()
    table.write(tmp_path / "devices.csv")


def chunks_of(records: Any, type_: Any) -> Any:
    table = arrow_table(records, Types(text=type_))
    batches = [batch.slice(1) for batch in table.to_batches(max_chunksize=7)]
    return pa.Table.from_batches(batches)


USES: dict[str, Callable[[fs.StatusTable], Any]] = {
    "rows": lambda table: table.to_dicts(),
    "one row": lambda table: [table[0], table[-1]],
    "filter": lambda table: table.filter([i % 3 == 0 for i in range(len(table))]).to_dicts(),
    "filter twice": lambda table: (
        table.attention().filter(table.attention()["device_name"] != "").to_dicts()
    ),
    "where": lambda table: table.where(uuid=table["uuid"][5]).to_dicts(),
    "by time": lambda table: table.where(status_for=timedelta(days=3)).to_dicts(),
    "attention": lambda table: table.attention().to_dicts(),
    "find": lambda table: [table.find(uuid) for uuid in table["uuid"].to_list()[:20]],
    "prefix": lambda table: table.find(table["uuid"][7][:12]),
    "names": lambda table: table["device_name"].is_in(["quiet-river", ""]).to_list(),
    "summary": lambda table: table.summary(by="device_name").to_dicts(),
    "duplicates": lambda table: table.duplicates().to_dicts(),
    "pickle": lambda table: pickle.loads(pickle.dumps(table)).to_dicts(),
    "pickle of a part": lambda table: pickle.loads(pickle.dumps(table.attention())).to_dicts(),
    "objects": lambda table: table["device_name"].to_numpy().tolist(),
    "text": repr,
    "page": lambda table: table._repr_mimebundle_(),
    "arrow": lambda table: pa.table(table).to_pylist(),
    "arrow of a part": lambda table: pa.table(table.attention()).to_pylist(),
}


@pytest.mark.slow
@pytest.mark.parametrize("type_", TEXTS, ids=str)
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_passed_texts_serve_for_everything(
    use: Callable[[fs.StatusTable], Any], type_: Any
) -> None:
    source = chunks_of(typed_records()[:140], type_)
    table = fs.classify(source, now=NOW)
    assert use(table) == use(fs.classify(source.to_pylist(), now=NOW))


@pytest.mark.parametrize("suffix", [".json", ".ndjson", ".csv"])
def test_passed_texts_are_written(suffix: str, tmp_path: Path) -> None:
    source = chunks_of(typed_records()[:70], pa.string_view())
    files = [tmp_path / f"{name}{suffix}" for name in ("columns", "records")]
    for form, file in zip((source, source.to_pylist()), files, strict=True):
        fs.classify(form, now=NOW).write(file)
    assert files[0].read_bytes() == files[1].read_bytes()
