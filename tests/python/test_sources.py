"""JSON as a source of `classify`: what it may hold, and where it may come from."""

from __future__ import annotations

import array
import gzip
import io
import json
import mmap
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record
from fleetstatus import _core
from fleetstatus._input.file_sources import files_of
from fleetstatus._input.memory import read_source

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ["quiet-river", "loud-brook", "bitter-wind"]
RECORDS = [device_record(device_name=name) for name in NAMES]
LINES = [json.dumps(record) for record in RECORDS]
ARRAY = as_json(RECORDS)


def names_in(source: Any) -> list[str]:
    names: list[str] = fs.classify(source, now=NOW)["device_name"].to_list()
    return names


TEXTS = {
    "array": ARRAY,
    "envelope": as_json({"d": RECORDS}),
    "envelope with more around": as_json({"total": [3], "d": RECORDS, "next": {"d": [1]}}),
    "lines": "\n".join(LINES).encode(),
    "lines of Windows": ("\r\n".join(LINES) + "\r\n").encode(),
    "blank lines between": ("\n\n" + "\n \t\n".join(LINES) + "\n\n").encode(),
    "records in a row": "".join(LINES).encode(),
    "records on one line": " ".join(LINES).encode(),
    "pretty-printed": "\n".join(json.dumps(record, indent=2) for record in RECORDS).encode(),
    "arrays in a row": as_json(RECORDS[:1]) + as_json([]) + as_json(RECORDS[1:]),
    "pages in a row": as_json({"d": RECORDS[:2]}) + b"\n" + as_json({"d": RECORDS[2:]}),
    "all in a row": as_json(RECORDS[0]) + as_json(RECORDS[1:2]) + as_json({"d": RECORDS[2:]}),
    "white space around": b" \r\n\t" + ARRAY + b"\n \t\r",
    "byte order mark": b"\xef\xbb\xbf" + ARRAY,
    "byte order mark before lines": b"\xef\xbb\xbf" + "\n".join(LINES).encode(),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_json_texts_in_a_row_are_records_lists_or_envelopes(text: bytes) -> None:
    assert names_in(text) == NAMES


@pytest.mark.parametrize("value", [{}, "text", 3, None], ids=repr)
def test_only_a_list_under_d_makes_an_envelope(value: Any) -> None:
    assert names_in(as_json({"d": value} | RECORDS[0])) == NAMES[:1]


def test_a_device_field_before_d_makes_a_record() -> None:
    assert names_in(as_json(RECORDS[0] | {"d": RECORDS})) == NAMES[:1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.data"
    path.write_bytes(ARRAY)
    return path


class AsPath:
    """A path by protocol alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


def entry_of(path: Path) -> os.DirEntry[str]:
    with os.scandir(path.parent) as entries:
        return next(entries)


FILES: dict[str, Callable[[Path], Any]] = {
    "text": str,
    "Path": Path,
    "PathLike": AsPath,
    "DirEntry": entry_of,
    "list": lambda path: [path],
    "tuple": lambda path: (str(path),),
    "generator": lambda path: (AsPath(one) for one in [path]),
}


@pytest.mark.parametrize("form", FILES.values(), ids=FILES)
@pytest.mark.parametrize("write", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_path_is_read_by_its_content(
    path: Path, form: Callable[[Path], Any], write: Callable[[bytes], bytes]
) -> None:
    path.write_bytes(write(ARRAY))
    assert names_in(form(path)) == NAMES


OPENERS: dict[str, Callable[[Path], Any]] = {
    "buffered": lambda path: path.open("rb"),
    "unbuffered": lambda path: path.open("rb", buffering=0),
    "in memory": lambda path: io.BytesIO(path.read_bytes()),
    "compressed": lambda path: io.BytesIO(gzip.compress(path.read_bytes())),
}


@pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS)
def test_a_binary_file_is_read_to_its_end(path: Path, opener: Callable[[Path], Any]) -> None:
    with opener(path) as file:
        assert names_in(file) == NAMES
        assert file.read() == b""


def test_a_file_is_read_from_where_it_stands() -> None:
    file = io.BytesIO(b"a header\n" + ARRAY)
    file.readline()
    assert names_in(file) == NAMES


LARGE = as_json([device_record(device_name=f"device {i} " + "x" * 1000) for i in range(5000)])


def test_a_large_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    assert len(LARGE) > 1 << 22
    large = tmp_path / "large.json"
    large.write_bytes(LARGE)
    table = fs.classify(large, now=NOW)
    assert table["device_name"].to_list() == fs.classify(LARGE, now=NOW)["device_name"].to_list()


def test_a_file_that_changes_while_it_is_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(ARRAY)
    read = _core.Reader.read_json_file

    def read_and_append(reader: Any, descriptor: int, size: int, name: str) -> None:
        read(reader, descriptor, size, name)
        with path.open("ab") as file:
            file.write(b" ")

    monkeypatch.setattr(_core.Reader, "read_json_file", read_and_append)
    with pytest.raises(OSError, match="it has changed while it was read") as raised:
        fs.classify(path, now=NOW)
    assert raised.value.filename == str(path)


def test_a_file_is_read_from_its_start_on_any_number_of_threads(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(LARGE)
    expected = fs.classify(LARGE, now=NOW)
    for threads in (1, 3):
        assert fs.classify(path, now=NOW, threads=threads) == expected


def test_a_broken_place_far_inside_of_a_file_is_named_by_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "lines.ndjson"
    line = json.dumps(json.loads(ARRAY)[0]).encode() + b"\n"
    n_before = 3 * (1 << 20) // len(line)
    path.write_bytes(line * n_before + b'{"uuid":\n' + line * 5)
    for threads in (1, 3):
        with pytest.raises(fs.JSONError) as raised:
            fs.classify(path, now=NOW, threads=threads)
        assert (raised.value.line, raised.value.column) == (n_before + 1, 9)
        kept = fs.classify(path, now=NOW, threads=threads, on_error="keep")
        assert f"no JSON at line {n_before + 1}, column 9" in (kept[n_before].error or "")
        assert len(kept) == n_before + 6


def test_a_pipe_is_a_path() -> None:
    readable, writable = os.pipe()
    with os.fdopen(writable, "wb") as file:
        file.write(ARRAY)
    try:
        assert names_in(f"/dev/fd/{readable}") == NAMES
    finally:
        os.close(readable)


def test_a_path_may_be_no_unicode(path: Path) -> None:
    odd = path.with_name(os.fsdecode(b"\xff.json"))
    path.rename(odd)
    assert names_in(odd) == NAMES
    odd.write_bytes(b"[")
    with pytest.raises(fs.JSONError, match=r"\\udcff\.json: ends inside record 0"):
        names_in(odd)


@pytest.mark.parametrize(
    "opener", [lambda path: path.open(encoding="utf-8"), lambda _: io.StringIO("[]")]
)
def test_a_text_file_is_refused(path: Path, opener: Callable[[Any], Any]) -> None:
    with opener(path) as file, pytest.raises(TypeError, match="open it with 'rb'"):
        names_in(file)


@pytest.mark.parametrize("text", ["{}", "[]", ' \n{"d": []}', "[" * 100_000])
def test_json_in_text_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="pass bytes"):
        names_in(text)
    with pytest.raises(ValueError, match="pass bytes"):
        names_in([text])


def test_a_path_that_cannot_be_read_fails_as_open_does(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        names_in(tmp_path / "none.json")
    with pytest.raises(IsADirectoryError):
        names_in(tmp_path)


BUFFERS: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "bytearray": bytearray,
    "read-only view": memoryview,
    "writable view": lambda data: memoryview(bytearray(data)),
    "part of a view": lambda data: memoryview(b"junk" + data + b"junk")[4:-4],
    "array": lambda data: array.array("B", data),
    "NumPy": lambda data: np.frombuffer(data, np.uint8),
    "compressed": gzip.compress,
    "compressed view": lambda data: memoryview(bytearray(gzip.compress(data))),
    "compressed in parts": lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]),
    "list": lambda data: [data],
}


@pytest.mark.parametrize("form", BUFFERS.values(), ids=BUFFERS)
def test_a_buffer_is_json_in_memory(form: Callable[[bytes], Any]) -> None:
    assert names_in(form(ARRAY)) == NAMES


def test_a_memory_map_is_a_buffer(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert names_in(mapped) == NAMES


def test_a_table_outlives_its_buffer() -> None:
    buffer = bytearray(ARRAY)
    table = fs.classify(memoryview(buffer), now=NOW)
    buffer[:] = b"x" * len(buffer)
    assert table["device_name"].to_list() == NAMES


UTF: dict[str, str] = {
    "UTF-16": "utf-16",
    "UTF-32": "utf-32",
    "UTF-8 with a mark": "utf-8-sig",
}
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-be": b"\0\0\xfe\xff"}
ODD = as_json([device_record(device_name="kühl \U0001f680\u20ac")]).decode("unicode_escape")


@pytest.mark.parametrize("encoding", UTF.values(), ids=UTF)
def test_unicode_with_a_byte_order_mark_is_decoded(encoding: str, path: Path) -> None:
    text = ODD.encode("utf-16", "surrogatepass").decode("utf-16")
    for content in (text.encode(encoding), gzip.compress(text.encode(encoding))):
        path.write_bytes(content)
        assert names_in(path) == names_in(bytearray(content)) == ["kühl \U0001f680\u20ac"]
        for size in (1, 3, 4096):
            tables = list(fs.scan(Slow(content, size), now=NOW))
            assert [name for table in tables for name in table["device_name"]] == names_in(path)


@pytest.mark.parametrize("encoding", MARKS)
def test_the_mark_says_which_byte_comes_first(encoding: str) -> None:
    assert names_in(MARKS[encoding] + ARRAY.decode().encode(encoding)) == NAMES


@pytest.mark.parametrize("encoding", MARKS)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_text_that_breaks_says_where(encoding: str, size: int) -> None:
    width = 4 if "32" in encoding else 2
    content = MARKS[encoding] + ARRAY.decode().encode(encoding)
    broken = content[: 100 * width] + b"\xdf\xff\xdf\xff" + content[100 * width :]
    for text, offset in ((broken, 100 * width), (content[:-1], len(content) - width)):
        if text is broken and encoding == "utf-16-le":
            continue  # these bytes are no half of a pair in it
        for read in (names_in, lambda text: list(fs.scan(Slow(text, size), now=NOW))):
            with pytest.raises(fs.JSONError, match=f"text that breaks at byte {offset}") as raised:
                read(text)
            assert raised.value.offset == offset


class Slow:
    """A file that gives a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._file = io.BytesIO(content)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._file.read(self._size if size > 0 else size)


def test_offsets_count_in_the_decoded_text() -> None:
    text = ODD.rstrip("]") + "\n x]"
    with pytest.raises(fs.JSONError) as raised:
        names_in(text.encode("utf-16", "surrogatepass"))
    offset = len(text.encode("utf-16", "surrogatepass").decode("utf-16").encode()) - 2
    assert (raised.value.offset, raised.value.line, raised.value.column) == (offset, 2, 2)


def test_a_view_with_gaps_is_refused() -> None:
    with pytest.raises(TypeError, match="contiguous"):
        names_in(memoryview(ARRAY)[::2])


@pytest.mark.parametrize("cut", [3, 30, -5])
def test_broken_gzip_is_said_to_be_so(path: Path, cut: int) -> None:
    path.write_bytes(gzip.compress(ARRAY)[:cut])
    with pytest.raises(ValueError, match=r"fleet\.data is a broken gzip file"):
        names_in(path)


PARTS = [as_json(RECORDS[0]), as_json(RECORDS[1:2]), as_json({"d": RECORDS[2:]})]


def test_paths_and_bytes_in_a_sequence_are_one_source(tmp_path: Path) -> None:
    path = tmp_path / "part.json.gz"
    path.write_bytes(gzip.compress(PARTS[1]))
    assert names_in([PARTS[0], path, PARTS[2]]) == NAMES
    assert names_in(iter([PARTS[0], str(path), bytearray(PARTS[2])])) == NAMES


def test_parts_are_read_when_their_turn_comes() -> None:
    alive: list[int] = []

    def parts() -> Any:
        for number, part in enumerate(PARTS):
            alive.append(number)
            yield part

    pulled = parts()
    with pytest.raises(fs.JSONError):
        names_in(part if number != 1 else b"[" for number, part in enumerate(pulled))
    assert alive == [0, 1]


def test_records_are_counted_over_all_parts() -> None:
    with pytest.raises(fs.RecordError) as raised:
        names_in([*PARTS, as_json(device_record(id="x"))])
    assert raised.value.index == 3


@pytest.mark.parametrize("other", [None, 5], ids=repr)
def test_a_value_among_paths_is_refused(other: Any) -> None:
    with pytest.raises(TypeError, match=r"item 1 is a .* among paths or bytes"):
        names_in([PARTS[0], other])


# Pages

PAGES: dict[str, list[Any]] = {
    "lists": [RECORDS[:2], [], RECORDS[2:]],
    "envelopes": [{"d": RECORDS[:1]}, {"d": RECORDS[1:]}],
    "pages of pages": [[RECORDS[:1], [RECORDS[1:2]]], [[{"d": RECORDS[2:]}]]],
    "mixed": [RECORDS[0], RECORDS[1:2], {"d": RECORDS[2:]}],
    "tuples of records": [tuple(RECORDS[:2]), tuple(RECORDS[2:])],
}


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_pages_are_one_source(pages: list[Any]) -> None:
    for source in (pages, tuple(pages), iter(pages), (page for page in pages)):
        assert names_in(source) == NAMES
    assert names_in(as_json(pages)) == NAMES


@pytest.mark.parametrize("member", ["error", "message"])
@pytest.mark.parametrize("form", [list, as_json])
def test_a_page_that_says_that_records_are_missing_is_refused(form: Any, member: str) -> None:
    pages: list[Any] = [{"d": RECORDS[:1]}, {"d": RECORDS[1:], member: "cut off"}]
    for source in (pages, pages[::-1], [pages], [{member: "cut off", "d": RECORDS}]):
        with pytest.raises(fs.NotDevicesError, match="an error answer of the API: 'cut off'"):
            fs.classify(form(source), now=NOW, allow_missing="all", on_error="keep")
    assert names_in(form([{"d": RECORDS, member: None}])) == NAMES


def test_files_and_pages_may_be_mixed(path: Path) -> None:
    path.write_bytes(PARTS[1])
    assert names_in([RECORDS[0], path, {"d": RECORDS[2:]}]) == NAMES
    assert names_in(iter([{"d": RECORDS[:1]}, path, RECORDS[2]])) == NAMES
    with path.open("rb") as file:
        assert names_in((RECORDS[:1], file, PARTS[2])) == NAMES


def test_records_behind_files_are_counted_on(path: Path) -> None:
    with pytest.raises(fs.RecordError) as raised:
        names_in([path, RECORDS, device_record(id="x")])
    assert raised.value.index == 6
    assert str(raised.value).startswith("record 6")


@pytest.mark.parametrize("page", [RECORDS[0], RECORDS[:1], {"d": RECORDS[:1]}, tuple(RECORDS[:1])])
@pytest.mark.parametrize("form", [list, tuple, iter])
def test_text_behind_a_page_is_no_path(page: Any, form: Any) -> None:
    """A client gives such text in place of a page."""
    with pytest.raises(fs.NotDevicesError, match="an error answer of the API: 'Unauthorized'"):
        fs.classify(form([page, "Unauthorized"]))
    with pytest.raises(fs.RecordError) as raised:
        fs.classify(form([page, "fleet.json"]))
    assert raised.value.index == 1
    assert len(fs.classify(form([page, "fleet.json"]), on_error="keep")) == 2


def test_bytes_and_paths_behind_a_page_are_files(path: Path) -> None:
    assert len(names_in([RECORDS[:1], path, as_json(RECORDS)])) == 1 + 2 * len(RECORDS)


def test_rows_that_are_tuples_get_a_hint() -> None:
    rows = [tuple(record.values()) for record in RECORDS]
    for source in (rows, iter(rows)):
        with pytest.raises(fs.NotDevicesError, match="rows that are tuples") as raised:
            fs.classify(source, now=NOW, allow_missing="all", on_error="keep")
        assert "row_factory=dict_row" in str(raised.value)


def test_a_status_table_is_no_source() -> None:
    table = fs.classify(RECORDS, now=NOW)
    with pytest.raises(fs.NotDevicesError, match="a StatusTable already") as raised:
        fs.classify(table, now=NOW)
    assert "classify the records again" in str(raised.value)


# Which files a source is made of


def test_files_are_told_where_all_of_a_source_is_files(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"[]")
    assert files_of(path) == [path]
    assert files_of(str(path)) == [path]
    assert files_of([path, str(other)]) == [path, other]
    assert files_of((AsPath(path),)) == [path]
    with path.open("rb") as file:
        assert files_of(file) == [path]
        assert files_of([file, other]) == [path, other]


@pytest.mark.parametrize("source", [b"[]", [], RECORDS, RECORDS[0], io.BytesIO(), None, 5])
def test_all_else_is_made_of_no_files(source: Any, path: Path, tmp_path: Path) -> None:
    assert files_of(source) is None
    assert files_of([path, source]) is None
    assert files_of(tmp_path) is None
    assert files_of(tmp_path / "none") is None
    assert files_of(iter([path])) is None


def test_a_file_is_found_under_another_name_or_none(path: Path) -> None:
    with path.open("rb") as file:
        path.unlink()
        path.write_bytes(b"[]")
        (found,) = files_of(file) or [Path()]
        assert found.read_bytes() == ARRAY
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as file:
        patch.setattr(sys, "stdin", io.TextIOWrapper(os.fdopen(os.dup(file.fileno()), "rb")))
        (found,) = files_of(sys.stdin.buffer) or [Path()]
        assert found.samefile(path)
        sys.stdin.close()


def read_time(source: Any) -> int | None:
    """Give the time that reading a source reports."""
    reader = _core.Reader(
        scheme=0,
        allow_missing=[],
        keep=False,
        carry=[],
        default_poll_interval_ms=900_000,
        assume_utc=False,
        parts=False,
        n_threads=None,
    )
    return read_source(reader, source)


def test_reading_tells_when_the_newest_file_was_written(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(b"[]")
    os.utime(path, ns=(5, 1_000_000_007))
    os.utime(other, ns=(5, 2_000_000_009))
    assert read_time(path) == 1_000_000_007
    files: list[Any] = [[path, other], iter([other, path]), tmp_path.glob("*"), (str(path), other)]
    for source in files:
        assert read_time(source) == 2_000_000_009
    with path.open("rb") as file:
        assert read_time(file) == 1_000_000_007
    others: list[Any] = [[path, b"[]"], [path, RECORDS], RECORDS, [], iter([b"[]", path]), b"[]"]
    for source in others:
        assert read_time(source) is None


def test_pipes_are_no_files() -> None:
    readable, writable = os.pipe()
    os.close(writable)
    with os.fdopen(readable, "rb") as file:
        assert files_of(file) is None
        assert files_of(f"/dev/fd/{readable}") is None


EMPTY: list[Any] = [b"", b" \n\t", b"\xef\xbb\xbf", b"[]", b'{"d": []}', b"[][]"]
EMPTY += [gzip.compress(b"", mtime=0), [], (), {"d": []}, [b""], [b"[]", b" "]]


@pytest.mark.parametrize("source", EMPTY)
@pytest.mark.parametrize("scheme", ["docs-2024-11", "library-2020"])
def test_an_empty_source_gives_an_empty_table(source: Any, scheme: str) -> None:
    table = fs.classify(source, scheme=fs.StatusScheme(scheme), now=NOW)
    assert (len(table), table.to_dicts()) == (0, [])
    assert table["status"].labels == fs.StatusScheme(scheme).labels


def test_an_empty_file_or_iterator_gives_an_empty_table(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    sources: list[Any] = [empty, iter([]), io.BytesIO()]
    assert [len(fs.classify(source)) for source in sources] == [0, 0, 0]


@pytest.mark.parametrize("source", [None, 5, 1.5, object(), len])
def test_anything_else_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match="a source is a path, bytes, a binary file, device records"):
        names_in(source)
