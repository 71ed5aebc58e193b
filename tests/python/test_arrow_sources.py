"""How an Arrow source is taken, what becomes of one that fails or lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from arrow_sources import Array, Changed, Stream
from arrow_tables import answers, arrow_devices
from examples import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


@pytest.mark.parametrize(
    "source",
    [
        pa.array([1]),
        pa.array(["a"]),
        pa.chunked_array([[1]]),
        pa.chunked_array([], pa.int64()),  # a stream without batches
    ],
)
def test_a_source_without_columns_is_refused(source: Any) -> None:
    with pytest.raises(ValueError, match="an Arrow source has columns, named like the fields"):
        fs.classify(source, now=NOW)


# Arrays that lie

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


def test_a_name_that_is_not_utf8_is_told_in_escapes() -> None:
    def rename(schema: Any, array: Any) -> None:
        schema.children[UUID].contents.name = b"\xff" * 100
        array.children[UUID].contents.length = 0

    source = Changed(arrow_devices().to_batches()[0], rename)
    with pytest.raises(ValueError, match="is broken") as raised:
        fs.classify(source, now=NOW)
    assert "of column '" + r"\xff" * 40 + "...'" in str(raised.value)
    source.give_back()


def test_the_words_of_a_producer_are_cut_and_rewrite_no_line() -> None:
    def batches() -> Iterator[Any]:
        message = "\x1b[2J" + "x" * 1_000_000
        raise OSError(message)
        yield

    reader = pa.RecordBatchReader.from_batches(arrow_devices().schema, batches())
    with pytest.raises(fs.FleetStatusError, match=r"\\u001b\[2Jxxx") as raised:
        fs.classify(reader, now=NOW)
    assert "\x1b" not in str(raised.value)
    assert len(str(raised.value)) < 2100
