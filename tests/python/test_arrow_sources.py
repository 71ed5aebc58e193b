"""How an Arrow source is taken, what becomes of one that fails or lies, and what is not copied."""

from __future__ import annotations

import ctypes
import gc
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_tables import TEXTS, answers, arrow_devices
from examples import NOW
from typed_records import Types, arrow_table, typed_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Stream:
    """Hands out what a function makes, and counts how often it is asked."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.n_calls = 0

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        self.n_calls += 1
        return self.make()


class Array:
    """Hands out two capsules."""

    def __init__(self, schema: Any, array: Any) -> None:
        self.capsules = schema, array

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.capsules


# Streams


def test_a_stream_is_pulled_once() -> None:
    n_batches = 0

    def batches() -> Iterator[Any]:
        nonlocal n_batches
        for batch in arrow_devices(id=[1, 2, 3]).to_batches(max_chunksize=1):
            n_batches += 1
            yield batch

    schema = arrow_devices(id=[1]).schema
    source = Stream(
        lambda: pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()
    )
    assert answers("id", source) == [1, 2, 3]
    assert (source.n_calls, n_batches) == (1, 3)


def test_a_stream_that_was_read_is_refused() -> None:
    capsule = arrow_devices().__arrow_c_stream__()
    source = Stream(lambda: capsule)
    assert len(fs.classify(source, now=NOW)) == 1
    with pytest.raises(fs.FleetStatusError, match="the Arrow stream was read or released before"):
        fs.classify(source, now=NOW)


def test_an_array_that_was_taken_is_refused() -> None:
    source = Array(*arrow_devices().to_batches()[0].__arrow_c_array__())
    assert len(fs.classify(source, now=NOW)) == 1
    with pytest.raises(fs.FleetStatusError, match="was released before"):
        fs.classify(source, now=NOW)


def test_the_rest_of_a_stream_is_read() -> None:
    table = arrow_devices(id=[1, 2, 3])
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1))
    reader.read_next_batch()
    assert answers("id", reader) == [2, 3]


@pytest.mark.parametrize("n_batches", [0, 2])
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_the_words_of_a_producer_that_fails_are_passed_on(n_batches: int, on_error: Any) -> None:
    (batch,) = arrow_devices().to_batches()

    def batches() -> Iterator[Any]:
        for _ in range(n_batches):
            yield batch
        message = "the disk is full"
        raise OSError(message)

    reader = pa.RecordBatchReader.from_batches(batch.schema, batches())
    with pytest.raises(fs.FleetStatusError, match="the disk is full") as raised:
        fs.classify(reader, now=NOW, on_error=on_error)
    assert f"the Arrow stream failed after {n_batches} batches: " in str(raised.value)


def test_errors_of_the_source_itself_pass_through() -> None:
    def fail() -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fs.classify(Stream(fail), now=NOW)


@pytest.mark.parametrize("capsule", [None, 5, "stream"], ids=repr)
def test_what_is_no_capsule_is_a_type_error(capsule: Any) -> None:
    with pytest.raises(TypeError):
        fs.classify(Stream(lambda: capsule), now=NOW)


def test_capsules_of_something_else_are_refused() -> None:
    schema, array = pa.array([1]).__arrow_c_array__()
    with pytest.raises(ValueError, match="incorrect name"):
        fs.classify(Stream(lambda: array), now=NOW)
    with pytest.raises(ValueError, match="incorrect name"):
        fs.classify(Array(array, schema), now=NOW)


@pytest.mark.parametrize("source", [pa.array([1]), pa.array(["a"]), pa.chunked_array([[1]])])
def test_a_source_without_columns_is_refused(source: Any) -> None:
    with pytest.raises(ValueError, match="an Arrow source has columns, named like the fields"):
        fs.classify(source, now=NOW)


# Arrays that lie


class CArray(ctypes.Structure):
    """``ArrowArray`` of the C data interface."""


class CSchema(ctypes.Structure):
    """``ArrowSchema`` of the C data interface."""


COUNT, ADDRESS = ctypes.c_int64, ctypes.c_void_p
CHILDREN: dict[Any, Any] = {
    structure: ctypes.POINTER(ctypes.POINTER(structure)) for structure in (CArray, CSchema)
}
OWNER = {"release": ADDRESS, "private_data": ADDRESS}
ARRAY_MEMBERS = (
    dict.fromkeys(["length", "null_count", "offset", "n_buffers", "n_children"], COUNT)
    | {"buffers": ctypes.POINTER(ADDRESS), "children": CHILDREN[CArray], "dictionary": ADDRESS}
    | OWNER
)
SCHEMA_MEMBERS = (
    {"format": ctypes.c_char_p, "name": ctypes.c_char_p, "metadata": ADDRESS}
    | {"flags": COUNT, "n_children": COUNT, "children": CHILDREN[CSchema], "dictionary": ADDRESS}
    | OWNER
)
CArray._fields_ = list(ARRAY_MEMBERS.items())
CSchema._fields_ = list(SCHEMA_MEMBERS.items())
new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Changed:
    """A batch whose structures were changed on the way; it counts how often each is released."""

    def __init__(self, batch: Any, change: Callable[[Any, Any], None]) -> None:
        self.batch = batch
        self.exported = CSchema(), CArray()
        places = [ctypes.addressof(structure) for structure in self.exported]
        batch._export_to_c(places[1], places[0])
        self.given = tuple(copy_of(structure) for structure in self.exported)
        self.n_released = 0
        self.release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.note_release)
        for structure in self.given:
            structure.release = ctypes.cast(self.release, ctypes.c_void_p)
        change(*self.given)

    def note_release(self, _: int) -> None:
        self.n_released += 1

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        names = (b"arrow_schema", b"arrow_array")
        return tuple(
            new_capsule(ctypes.addressof(structure), name, None)
            for structure, name in zip(self.given, names, strict=True)
        )

    def give_back(self) -> None:
        """Let pyarrow release what it exported."""
        schema, array = (ctypes.addressof(structure) for structure in self.exported)
        pa.RecordBatch._import_from_c(array, schema)


def copy_of(structure: Any) -> Any:
    """Copy a structure, its children with it."""
    copy = type(structure).from_buffer_copy(structure)
    children = [
        type(structure).from_buffer_copy(structure.children[i].contents)
        for i in range(structure.n_children)
    ]
    pointers = [ctypes.pointer(child) for child in children]
    copy.children = (ctypes.POINTER(type(structure)) * len(children))(*pointers)
    return copy


ID, UUID, INSTALLS = 0, 1, 12
WHOLE: dict[str, Callable[[Any, Any], None]] = {
    "no columns": lambda _, array: setattr(array, "n_children", 0),
    "no children": lambda _, array: setattr(array, "children", None),
    "no buffers": lambda _, array: setattr(array, "n_buffers", 0),
    "null buffers": lambda _, array: setattr(array, "buffers", None),
    "negative length": lambda _, array: setattr(array, "length", -1),
    "negative offset": lambda _, array: setattr(array, "offset", -1),
    "too long": lambda _, array: setattr(array, "length", 5),
    "much too long": lambda _, array: setattr(array, "length", 2**63 - 1),
    "offset too far": lambda _, array: setattr(array, "offset", 2),
    "offset that overflows": lambda _, array: setattr(array, "offset", 2**63 - 2),
    "schema without columns": lambda schema, _: setattr(schema, "n_children", 0),
    "schema without children": lambda schema, _: setattr(schema, "children", None),
    "schema without a format": lambda schema, _: setattr(schema, "format", None),
    "schema of one number": lambda schema, _: setattr(schema, "format", b"l"),
}


def of_column(place: int, name: str, value: Any) -> Callable[[Any, Any], None]:
    return lambda _, array: setattr(array.children[place].contents, name, value)


COLUMN = {
    "negative length": of_column(ID, "length", -1),
    "short": of_column(ID, "length", 0),
    "negative offset": of_column(ID, "offset", -1),
    "offset that overflows": of_column(ID, "offset", 2**63 - 1),
    "no buffers": of_column(ID, "n_buffers", 0),
    "null buffers": of_column(UUID, "buffers", None),
    "two buffers": of_column(UUID, "n_buffers", 2),
    "no elements": of_column(INSTALLS, "n_children", 0),
    "null elements": of_column(INSTALLS, "children", None),
    "released": of_column(INSTALLS, "release", None),
}


@pytest.mark.parametrize("change", [*WHOLE.values(), *COLUMN.values()], ids=[*WHOLE, *COLUMN])
def test_a_batch_that_lies_is_refused_and_released(change: Callable[[Any, Any], None]) -> None:
    table = arrow_devices(image_install=[[{"id": 1}], []])
    assert table.column_names[INSTALLS] == "image_install"
    source = Changed(table.to_batches()[0], change)
    with pytest.raises(ValueError, match="Arrow"):
        fs.classify(source, now=NOW)
    assert source.n_released == 2
    source.give_back()


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


# Texts that are passed on


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
