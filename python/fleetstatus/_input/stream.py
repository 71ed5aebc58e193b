"""Files that may be larger than memory, as chunks of bytes."""

import io
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any

from fleetstatus._catalog import FIELDS, to_api_name
from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of
from fleetstatus._input.csv_files import delimiter_of
from fleetstatus._input.decode import BOM_SIZE, to_utf8
from fleetstatus._input.file_bytes import Part, bytes_of
from fleetstatus._input.json_errors import cut_out, in_words
from fleetstatus._input.memory import check_binary, is_file, is_text_source, name_of, to_path
from fleetstatus._input.shapes import HEAD_SIZE
from fleetstatus.errors import FleetStatusError, JSONError

_N_CHUNKS_KEPT = 3


class Parts:
    """The files of a source, in their order.

    Raises
    ------
    TypeError, ValueError
        If the source is anything but files.
    """

    def __init__(self, source: Any) -> None:
        self._parts: list[Part] | None = None
        self._items: Iterator[Any] | None = None
        self.are_many = not is_file(source)
        if is_file(source):
            self._parts = [_to_part(source, name_of(source))]
        elif isinstance(source, Mapping) or _is_frame(source) or not isinstance(source, Iterable):
            raise _no_file(source)
        elif isinstance(source, Iterator):
            self._items = source
        else:
            self._parts = list(_to_parts(source))

    def __iter__(self) -> Iterator[Part]:
        if self._parts is not None:
            return iter(self._parts)
        if self._items is None:
            message = "an iterator of sources can be scanned once; pass a list to scan again"
            raise ValueError(message)
        items, self._items = self._items, None
        return _to_parts(items)

    def size(self) -> int | None:
        """Bytes of all files together; None where they are not known beforehand."""
        try:
            sizes = [part.size() for part in self._parts or ()]
        except OSError:  # told when its turn comes
            return None
        known = [size for size in sizes if size is not None]
        return sum(known) if self._parts is not None and len(known) == len(sizes) else None


def read_chunks(part: Part, note_bytes: Callable[[int], None]) -> "Chunks":
    """Read a file from its start, as UTF-8, decompressed, about a megabyte at a time.

    Parameters
    ----------
    note_bytes
        Is told each number of bytes that was read, before they are decompressed.
    """
    return Chunks(_text_of(part, note_bytes), part.name)


class Chunks:
    """Text of a file, piece by piece; keeps what the words of an error need."""

    def __init__(self, chunks: Generator[bytes], name: str) -> None:
        self._chunks = chunks
        self._name = name
        self._head = b""
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=_N_CHUNKS_KEPT)
        self._n_bytes = 0
        self._size = sys.maxsize  # until it is known

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._size = self._n_bytes
            raise
        if len(self._head) < HEAD_SIZE:
            self._head += chunk[: HEAD_SIZE - len(self._head)]
        self._kept.append((self._n_bytes, chunk))
        self._n_bytes += len(chunk)
        return chunk

    def close(self) -> None:
        """Close the file."""
        self._chunks.close()

    def in_words(self, error: JSONError, n_records: int) -> FleetStatusError:
        """Say of text that is no JSON what it looks like.

        Parameters
        ----------
        n_records
            Records of the whole source before the error.
        """
        excerpt = cut_out(self._head, self._at, self._size, error)
        return in_words(error, excerpt, self._name, n_records)

    def _at(self, offset: int) -> bytes:
        """Give what follows an offset, as far as it is still there."""
        found = self._head[offset:]
        for begin, chunk in self._kept:
            if begin <= offset + len(found) < begin + len(chunk):
                start = offset + len(found) - begin
                found += chunk[start : start + HEAD_SIZE - len(found)]
        return found


def _text_of(part: Part, note_bytes: Callable[[int], None]) -> Generator[bytes]:
    with closing(bytes_of(part, note_bytes)) as content:
        chunks = _head_first(content)
        head = next(chunks)
        _check_is_text(head, part.name)
        yield from filter(None, to_utf8(chunks, head[:BOM_SIZE], part.name))


def _head_first(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give the beginning of some text, then all of it from its beginning."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= MAGIC_SIZE:
            break
    yield head
    yield head
    yield from chunks


def _check_is_text(head: bytes, name: str) -> None:
    """Refuse what `classify` alone reads."""
    form = format_of(head)
    if form is None and delimiter_of(head, _is_field) is not None:
        form = "CSV"
    if form is not None:
        message = f"{name or 'the source'}: {form}, and scan reads JSON\nclassify reads {form} too"
        raise ValueError(message)


def _is_field(name: str) -> bool:
    return to_api_name(name) in FIELDS


class _PathPart:
    """A file that is opened anew each time."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._path = path

    def size(self) -> int | None:
        status = self._path.stat()
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def open(self) -> AbstractContextManager[Any]:
        return self._path.open("rb", buffering=0)


class _BufferPart:
    """Bytes in memory."""

    def __init__(self, buffer: Any, name: str) -> None:
        self.name = name
        self._view = memoryview(buffer).cast("B")

    def size(self) -> int:
        return self._view.nbytes

    def open(self) -> AbstractContextManager[Any]:
        return nullcontext(_ViewReader(self._view))


class _ViewReader:
    """Reads a buffer from its start, without a copy of all of it."""

    def __init__(self, view: memoryview) -> None:
        self._rest = view

    def read(self, size: int) -> bytes:
        chunk, self._rest = self._rest[:size], self._rest[size:]
        return bytes(chunk)


class _FilePart:
    """A file that the caller has opened, from where it stands; it stays open."""

    def __init__(self, file: Any, name: str) -> None:
        if isinstance(file, io.TextIOBase):
            check_binary("")
        self.name = name
        self._file = file
        seekable = getattr(file, "seekable", None)
        self._start: int | None = file.tell() if seekable is not None and seekable() else None
        self._is_read = False

    def size(self) -> int | None:
        """Bytes from where the file stood; known where its own bytes are those on the disk."""
        if self._start is None:
            return None
        if isinstance(self._file, io.BytesIO):
            return max(self._file.getbuffer().nbytes - self._start, 0)
        if isinstance(getattr(self._file, "raw", self._file), io.FileIO):
            status = os.fstat(self._file.fileno())
            is_regular = stat.S_ISREG(status.st_mode)
            return max(int(status.st_size) - self._start, 0) if is_regular else None
        return None

    def open(self) -> AbstractContextManager[Any]:
        if self._start is not None:
            self._file.seek(self._start)
        elif self._is_read:
            message = (
                f"{self.name or 'the file object'} cannot be rewound, so it can be scanned once; "
                "pass a path to scan again"
            )
            raise ValueError(message)
        self._is_read = True
        return nullcontext(self._file)


def _is_frame(source: Any) -> bool:
    return hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__")


def _to_parts(sources: Iterable[Any]) -> Iterator[Part]:
    for index, source in enumerate(sources):
        if not is_file(source):
            raise _no_file(source, f"item {index}: ")
        yield _to_part(source, name_of(source) or f"item {index}")


def _to_part(source: Any, name: str) -> Part:
    if isinstance(source, (str, os.PathLike)):
        return _PathPart(to_path(source), name)
    return _BufferPart(source, name) if is_text_source(source) else _FilePart(source, name)


def _no_file(source: Any, where: str = "") -> TypeError:
    message = (
        f"{where}scan reads paths, bytes and binary files, or a sequence of these, "
        f"not a {type(source).__name__}; for records in memory there is classify"
    )
    return TypeError(message)
